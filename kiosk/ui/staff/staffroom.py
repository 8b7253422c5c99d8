"""From the staff's door to their screens, back, and out."""

from __future__ import annotations

from typing import Any, Final

from kivy.clock import Clock

from kiosk.ui.context import Context
from kiosk.ui.navigator import Navigator
from kiosk.ui.screens.staff.page import StaffPage
from kiosk.ui.visit import Place

SESSIONS: Final = Place("staff_sessions")
"""Where a shift begins: today's sessions."""


class Staffroom:
    """Moves staff through their screens. It locks when told to, with what was begun kept for whoever began it."""

    def __init__(self, context: Context, navigator: Navigator) -> None:
        self._context, self._shift = context, context.shift
        self._navigator = navigator
        draft_s = context.services.settings.staff_draft_s
        self._forgetting = Clock.create_trigger(lambda _dt: self.forget(), draft_s)

    def enter(self, staff: str) -> None:
        """That person's PIN was right: on where he left off, or to today's sessions."""
        self._forgetting.cancel()
        visit, access = self._context.visit, self._context.visit.access
        self._navigator.page.left()
        visit.wipe()
        visit.access = access  # who came in by ear, or needs large text, stays so until the lock
        self._context.stage.dress()
        if staff != self._shift.staff:
            self.forget()
        self._shift.staff, self._shift.open = staff, True
        if self._shift.here is None:
            self._shift.went_to(SESSIONS)
        self._navigator.show(self._shift.here or SESSIONS)

    def to(self, screen: str, what: Any = None) -> None:
        """To another of the staff's screens."""
        self._navigator.page.left()
        self._shift.went_to(place := Place(screen, what))
        self._navigator.show(place)

    def back(self, *_: Any) -> None:
        """To the screen before."""
        self._navigator.page.left()
        self._navigator.show(self._shift.step_back() or SESSIONS)

    def lock(self, *_: Any) -> None:
        """Nobody sees anything of it now; the same person goes on where he was, unless that takes too long."""
        self._shift.open = False
        for page in self._navigator.built(StaffPage):
            page.locked()
        self._forgetting()
        self._navigator.finish()

    def forget(self) -> None:
        """Nothing of what was begun is left."""
        self._shift.forget()
        for page in self._navigator.built(StaffPage):
            page.wipe()

    def end(self) -> None:
        """The screen ends: nothing is waited for any more."""
        self._forgetting.cancel()
