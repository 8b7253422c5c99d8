"""What every screen of the staff can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.services.attendance import Words, words_in
from kiosk.ui.screens.page import Page


@dataclass(frozen=True)
class StaffKey:
    """A key in the bar at the bottom: a drawing, a verb, and what it does; `strong` for the one that is meant most."""

    icon: str
    text: str
    act: Callable[[], None]
    strong: bool = False


class StaffPage(Page):
    """A screen behind the staff's door."""

    staff_only = True

    def bar_keys(self) -> list[StaffKey]:
        """What stands in the bar beside Lock."""
        return []

    @property
    def words(self) -> Words:
        """What things are called here, as far as that is known; asks nobody."""
        context = self.context
        return context.shift.words or words_in(context.services.settings, context.language)

    def find_words(self) -> Words:
        """What things are called here; reads a file, so off the screen's thread. Goes into the shift's `words`."""
        return self.context.services.log.words(self.context.language)

    def locked(self) -> None:
        """The screen locks: what a stranger must never see goes now; what was begun may stay."""
