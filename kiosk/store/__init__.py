"""`records.db`: what was made in this unit and is precious. Private to the unit's own user."""
