"""What every screen can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from kivy.properties import ObjectProperty
from kivy.uix.screenmanager import Screen

from kiosk.ui.background import Desk
from kiosk.ui.context import Context

T = TypeVar("T")


class Page(Screen):
    """A screen, built once and shown many times."""

    context: Context = ObjectProperty(None)
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
        super().__init__(context=context, **options)

    # -- for the navigator

    def show(self, what: Any) -> None:
        """Now it is looked at, and it is about `what`."""

    def changed(self, same: bool) -> None:
        """The catalogue changed while it is shown; with `same` only what is on today did."""

    def left(self) -> None:
        """The visitor goes elsewhere: late answers are dropped."""
        self.desk.leave()

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
        self.desk.ask(about, work, then, failed or self.sorry)

    def sorry(self, error: Exception) -> None:
        """An answer did not come; a screen that can say so in its own words does."""
