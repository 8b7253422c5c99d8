"""The background process of a unit: sync passes, slips, word for the screen. It can be killed at any moment."""
