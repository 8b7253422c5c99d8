"""A display of our own, for tests that open a real window."""

from kiosk.ui.contact_sheet.display import virtual_display

__all__ = ["virtual_display"]
