"""The staff's door: six digits, and then their screens."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.services.staff import SignIn
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import key_pad
from sync import pins
from sync.words import _, count_of

kv.load(__file__)


class Door(Page):
    """Type the PIN. What was typed is nowhere once it was tried."""

    private = says_slow = True
    heading = StringProperty()
    note = StringProperty()
    wrong = BooleanProperty(False)
    typed = NumericProperty(0)
    busy = BooleanProperty(False)
    locked_s = NumericProperty(0)

    def __init__(self, context: Context, **options: Any) -> None:
        self._pin = ""
        self._setup = ""
        self._chosen = self._lock_note = ""
        super().__init__(context, **options)
        self._tick = Clock.schedule_interval(self._count_down, 1)

    def show(self, what: Any) -> None:
        self.wipe()
        self._begin()
        self.ask("locked", self.context.services.door.locked_s, self._lock_for)

    def left(self) -> None:
        super().left()
        self.wipe()

    def wipe(self) -> None:
        self._pin = self._setup = self._chosen = ""
        self.typed, self.locked_s, self.busy = 0, 0, False
        self.note, self.wrong = "", False

    def sorry(self, error: Exception) -> None:
        self._again(_("That did not work. Please try again."), wrong=True)

    @property
    def typed_keys(self) -> int:
        """How many digits stand there."""
        return int(self.typed)

    def tells(self) -> str:
        """Whether it was right, and how long it is locked: as it was said first, not every second."""
        note = self._lock_note if self.locked_s else self.note
        return f"{self.heading}. {note}".strip()

    # -- typing

    def type(self, key: str) -> None:
        """A key of the pad."""
        if self.busy or self.locked_s:
            return
        if key == key_pad.DELETE:
            self._pin = self._pin[:-1]
        else:
            self._pin = (self._pin + key)[: pins.DIGITS]
            self.note, self.wrong = "", False
        self.typed = len(self._pin)
        if self.typed == pins.DIGITS:
            self._try()

    def _try(self) -> None:
        pin, self._pin = self._pin, ""
        door = self.context.services.door
        if not self._setup:
            self.busy = True
            self.ask("pin", lambda: (pin, door.sign_in(pin)), self._tried)
        elif not self._chosen:
            self._choose(pin)
        elif pin != self._chosen:
            self._chosen = ""
            self._begin()
            self._again(_("The two were not the same. Choose again."), wrong=True)
        else:
            self.busy = True
            setup = self._setup
            self.ask("pin", lambda: (pin, door.choose(setup, pin)), self._tried)

    def _choose(self, pin: str) -> None:
        if pins.is_easy(pin):
            self._again(_("That is too easy to guess. Choose another."), wrong=True)
            return
        self._chosen = pin
        self._begin()
        self._again("")

    def _tried(self, answer: tuple[str, SignIn]) -> None:
        pin, found = answer
        if found.outcome == "welcome":
            self.context.staffroom.enter(found.staff)
        elif found.outcome == "choose":
            self._setup = pin
            self._begin()
            self._again("")
        elif found.outcome == "locked":
            self._again("")
            self._lock_for(found.wait_s)
        elif found.outcome == "nobody":
            self._again(_("Nobody can come in here yet. The people at the hub add staff."), wrong=True)
        else:
            left = count_of(found.left, "{} more try", "{} more tries")
            self._again(_("That is not right. {tries}.").format(tries=left), wrong=True)

    # -- what it says

    def _begin(self) -> None:
        if not self._setup:
            self.heading = _("Staff: type your PIN")
        elif not self._chosen:
            self.heading = _("Choose a PIN of your own")
        else:
            self.heading = _("Type it once more")

    def _again(self, note: str, *, wrong: bool = False) -> None:
        self._pin, self.typed, self.busy = "", 0, False
        self.note, self.wrong = note, wrong

    def _lock_for(self, seconds: float) -> None:
        self.locked_s = seconds
        self._count_down(0)
        self._lock_note = self.note

    def _count_down(self, dt: float) -> None:
        if not self.locked_s:
            return
        self.locked_s = max(0.0, self.locked_s - dt)
        if self.locked_s:
            left = f"{int(self.locked_s // 60)}:{int(self.locked_s % 60):02}"
            self.note, self.wrong = _("Too many wrong tries. Locked for {time}.").format(time=left), True
        else:
            self.note, self.wrong = _("You can try again."), False
