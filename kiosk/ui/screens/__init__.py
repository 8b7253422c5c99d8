"""One screen a module, its look in the `.kv` file of the same name. Each is built when it is first wanted."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page

_WHERE: Final = {
    "attract": ("attract", "Attract"),
    "set_up": ("set_up", "SetUp"),
    "home": ("home", "Home"),
    "shelf": ("shelf", "Shelf"),
    "search": ("search", "Search"),
    "item": ("item", "ItemScreen"),
    "take_away": ("take_away", "TakeAway"),
    "calendar": ("calendar", "Calendar"),
    "whats_on": ("whats_on", "WhatsOn"),
    "slip": ("slip", "Slip"),
    "privacy": ("privacy", "Privacy"),
    "door": ("staff.door", "Door"),
    "staff_sessions": ("staff.sessions", "StaffSessions"),
    "staff_log": ("staff.log", "StaffLog"),
    "visit_form": ("staff.visit_form", "VisitForm"),
    "entries": ("staff.entries", "Entries"),
    "head_count": ("staff.head_count", "HeadCount"),
    "helpers": ("staff.helping", "Helpers"),
    "follow_up": ("staff.follow_up", "FollowUp"),
    "unit_status": ("staff.unit_status", "UnitStatus"),
    "printers": ("staff.printers", "Printers"),
}
FOR_VISITORS: Final = tuple(name for name, (module, _class) in _WHERE.items() if not module.startswith("staff."))


def make(context: Context, name: str) -> Page:
    """The screen of that name, new."""
    module, kind = _WHERE[name]
    page: Page = getattr(import_module(f"{__name__}.{module}"), kind)(context, name=name)
    return page
