"""A stick's trips, for units that have no connection."""
