"""What every screen can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.screenmanager import Screen

from kiosk.ui.background import Desk
from kiosk.ui.context import Context
from kiosk.ui.widgets.waiting import Waiting

T = TypeVar("T")
_SLOW_S: Final = 1.0
"""After so long it says that it is at work still."""


class Page(Screen):
    """A screen, built once and shown many times."""

    context: Context = ObjectProperty(None)
    slow = BooleanProperty(False)
    """Whether what was asked for has been waited for long enough to say so."""
    says_slow: Any = False
    """Whether it says that in its own place."""
    staff_only = False
    """Whether it lies behind the staff's door."""
    begin_with: Any = None
    """What has the focus first; the first thing there is where this is not said."""
    takes_text: Any = False
    """Whether letters from a real keyboard go into a field of it, the space too."""
    private: Any = False
    """Whether what is typed or shown on it is nobody else's business: it is never spoken."""
    typed_keys: Any = 0
    """On a private screen, how many keys were typed."""
    writing: Any = False
    """Whether something is on its way onto the disk, and is to be answered here."""

    def __init__(self, context: Context, **options: Any) -> None:
        self.desk = Desk(context.background)
        self._pending: set[str] = set()
        self._sign: Waiting | None = None
        self._slowly = Clock.create_trigger(lambda _dt: setattr(self, "slow", True), _SLOW_S)
        super().__init__(context=context, **options)

    # -- for the navigator

    def show(self, what: Any) -> None:
        """Now it is looked at, and it is about `what`."""

    def changed(self, same: bool) -> None:
        """The catalogue changed while it is shown; with `same` only what is on today did."""

    def left(self) -> None:
        """The visitor goes elsewhere: late answers are dropped."""
        self.desk.leave()
        self._pending.clear()
        self._look_if_slow()

    def wipe(self) -> None:
        """Nothing of the visit is left in it."""

    # -- for the stage

    def begun(self) -> dict[str, Any]:
        """What was begun here and is not written down; empty when nothing was."""
        return {}

    def resume(self, begun: dict[str, Any]) -> None:
        """Go on with what was begun on the same screen in another look."""

    # -- for the narrator

    def tells(self) -> str:
        """What has come about and is not written on the screen."""
        return ""

    # -- for the screens

    @property
    def shown(self) -> bool:
        """Whether it is this screen that is looked at."""
        return self.context.go.page is self

    def ask(self, about: str, work: Callable[[], T], then: Callable[[T], None], failed: Any = None) -> None:
        """Do `work` in the background and give its result to `then`, unless the screen was left meanwhile."""
        self._pending.add(about)
        self._slowly()
        self.desk.ask(about, work, self._when_answered(about, then), self._when_answered(about, failed or self.sorry))

    def sorry(self, error: Exception) -> None:
        """An answer did not come; a screen that can say so in its own words does."""

    def on_slow(self, *_: Any) -> None:
        """What is waited for is said in the middle, or no more."""
        if self._sign is not None:
            self.remove_widget(self._sign)
            self._sign = None
        if self.slow and not self.says_slow:
            self._sign = Waiting()
            self.add_widget(self._sign)

    # -- inner

    def _when_answered(self, about: str, answer: Callable[[Any], None]) -> Callable[[Any], None]:
        def answered(result: Any) -> None:
            self._pending.discard(about)
            self._look_if_slow()
            answer(result)

        return answered

    def _look_if_slow(self) -> None:
        if not self._pending:
            self._slowly.cancel()
            self.slow = False
