"""The contact sheet: every screen in every look, looked over for faults, as pictures on one page."""
