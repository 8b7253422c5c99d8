"""One member of staff at work, until the screen locks, and what is kept behind the lock."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ui.visit import Trail


@dataclass
class Shift(Trail):
    """Who is at work, and where; once locked, where to go on. Nothing of it is ever written to disk.

    `staff` is the id of who signed in last; `open` whether the staff's screens are.
    """

    staff: str = ""
    open: bool = False

    def forget(self) -> None:
        """Nothing that was begun is left."""
        self.staff = ""
        self.open = False
        self.here = None
        self.history = []
