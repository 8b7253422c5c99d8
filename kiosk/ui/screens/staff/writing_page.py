"""What every screen can do that writes something into the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from kiosk.ui.context import Context
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.staff import telling
from kiosk.ui.staff.shift import Told
from kiosk.ui.visit import Place
from kiosk.ui.widgets.sheet import Question, Sheet
from sync.words import _

T = TypeVar("T")


class WritingPage(StaffPage):
    """It writes, and says so when that went wrong; a sheet may lie over it.

    What is written is answered even when the screen was left or locked meanwhile, so that nobody writes it twice.
    """

    def __init__(self, context: Context, **options: Any) -> None:
        self._sheet: Sheet | None = None
        self._under_way: set[str] = set()
        self._turn = 0
        super().__init__(context, **options)

    # -- for the navigator

    def bar_keys(self) -> list[StaffKey]:
        """None while a sheet asks for an answer."""
        return [] if self._sheet else self.own_keys()

    def own_keys(self) -> list[StaffKey]:
        """What stands in the bar beside Lock."""
        return []

    def wipe(self) -> None:
        self._turn += 1
        self._under_way.clear()
        self.take_up()

    # -- for the screens

    @property
    def writing(self) -> bool:
        """Whether something is on its way into the log."""
        return bool(self._under_way)

    def write(self, work: Callable[[], T], then: Callable[[T], None], about: str = "") -> None:
        """Do `work` in the background, then `then`.

        A second one about the same while the first is under way is the same tap twice, and left out.
        """
        if about in self._under_way:
            return
        self._under_way.add(about)
        turn = self._turn

        def done(result: T) -> None:
            if turn == self._turn:
                self._under_way.discard(about)
                then(result)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self._under_way.discard(about)
                self._not_written(error, lambda: self.write(work, then, about))

        self.context.background.run(work, done, failed)

    def lay(self, sheet: Sheet) -> None:
        """A sheet lies over the screen."""
        self.take_up()
        self._sheet = sheet
        self.add_widget(sheet)
        self._keys_changed()

    def take_up(self) -> None:
        """No sheet lies over it any more."""
        if self._sheet:
            self.remove_widget(self._sheet)
            self._sheet = None
            self._keys_changed()

    def end(self, what: Any, told: Told) -> None:
        """It is done: back to where it was begun, which says so; behind the lock, that is where it goes on."""
        shift = self.context.shift
        if shift.here != Place(self.name, what):
            return
        shift.tell(told)
        if shift.open and self.shown:
            self.context.staffroom.back()
        else:
            shift.step_back()

    # -- inner

    def _keys_changed(self) -> None:
        if self.shown:
            self.context.go.frame_changed()

    def _not_written(self, error: Exception, again: Callable[[], None]) -> None:
        def once_more() -> None:
            self.take_up()
            again()

        self.lay(
            Question(
                wrong=True,
                heading=_("That was NOT written down."),
                more=_("Please note it on paper. {why}").format(why=telling.trouble(error)),
                yes=_("Try again"),
                no=_("Go back to it"),
                accept=once_more,
                decline=self.take_up,
            )
        )
