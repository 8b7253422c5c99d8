"""One member of staff at work, until the screen locks, and what is kept behind the lock."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.services.attendance import Words
from kiosk.ui.visit import Trail
from sync.attendance import Entry


@dataclass(frozen=True)
class Told:
    """What one screen did, or failed to do, for the next to say; a visit that it made, `entry`, can be taken back."""

    said: str
    entry: Entry | None = None
    failed: bool = False


@dataclass
class Shift(Trail):
    """Who is at work, and where; once locked, where to go on. Nothing of it is ever written to disk.

    `staff` is the id of who signed in last; `open` whether the staff's screens are.
    """

    staff: str = ""
    open: bool = False
    told: Told | None = None
    words: Words | None = None
    """What things are called here, as it was found last."""

    def tell(self, told: Told) -> None:
        """To be said by the next screen that can; what was not written down is never silenced by what was."""
        if self.told is None or not self.told.failed:
            self.told = told

    def take_told(self) -> Told | None:
        """What is to be said, once."""
        told, self.told = self.told, None
        return told

    def forget(self) -> None:
        """Nothing that was begun is left."""
        self.staff = ""
        self.open = False
        self.told = None
        self.words = None
        self.here = None
        self.history = []
