"""What every screen of the staff can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.ui.screens.page import Page


@dataclass(frozen=True)
class BarKey:
    """A key in the bar at the bottom: a drawing, a verb, and what it does; `strong` for the one that is meant most."""

    icon: str
    text: str
    act: Callable[[], None]
    strong: bool = False


class StaffPage(Page):
    """A screen behind the staff's door."""

    staff_only = True

    def bar_keys(self) -> list[BarKey]:
        """What stands in the bar beside Lock."""
        return []

    def locked(self) -> None:
        """The screen locks: what a stranger must never see goes now; what was begun may stay."""
