"""The screens behind the staff's door, and the door."""
