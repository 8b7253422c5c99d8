"""Prints a slip and says how it is getting on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.widget import Widget

from kiosk.store.queue import STALE_S, Job
from kiosk.ui import kv
from kiosk.ui.background import Desk
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.pictures import Wish
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import basics  # noqa: F401 (its classes are used in the .kv file)
from sync.records import Item
from sync.words import _

kv.load(__file__)

_LOOK_EVERY_S: Final = 0.5


def slip_choice(visit: Visit, item: Item) -> tuple[str, str]:
    """The drawing and the words of the button that puts an item on the slip; no drawing when the slip is full."""
    if visit.on_slip(item):
        return "check", _("On my slip")
    return ("", _("My slip is full")) if visit.slip_full else ("playlist-plus", _("Add to my slip"))


class SlipPicture(Widget):
    """The picture of a slip, whole."""

    texture = ObjectProperty(None, allownone=True)

    def _drawn(self) -> tuple[float, float]:
        if not self.texture:
            return 0, 0
        wide, high = self.texture.size
        share = min(self.width / wide, self.height / high)
        return wide * share, high * share

    drawn = AliasProperty(_drawn, bind=("texture", "size"))


class Round(AnchorLayout):
    """A drawing on a round ground."""

    name = StringProperty()
    fill = ColorProperty()
    ink = ColorProperty()


class SlipState(Box):
    """A line of words, and where the printer makes pictures, the slip itself. Set `context` before use."""

    context: Context = ObjectProperty(None)
    words = StringProperty()
    sign = StringProperty()
    good = BooleanProperty(True)
    busy = BooleanProperty(False)
    asked = BooleanProperty(False)
    keeps_room = BooleanProperty(False)
    """Whether it has its place before anything was asked for, so that nothing moves when something is."""
    picture = ObjectProperty(None, allownone=True)
    least = NumericProperty(0)
    for_staff = False

    def __init__(self, **options: Any) -> None:
        self._desk: Desk | None = None
        self._job_id = ""
        self._of: tuple[str, ...] = ()
        """The ids of the items on the slip."""
        self._again = ""
        """The job that may not have come out, or did not."""
        self._since = 0.0
        self._look = Clock.create_trigger(self._ask, _LOOK_EVERY_S)
        super().__init__(**options)

    def print_slip(self, items: list[Item]) -> None:
        """One slip for all of these."""
        if not items:
            return
        take_away, language = self.context.services.take_away, self.context.language
        again = self._again if self.is_of(items) else ""
        large = self.context.visit.access.reads_large

        def ask() -> str:
            if again and take_away.print_again(again):
                return again
            return take_away.print_slip(list(items), language, large=large)

        self._print(ask, items)

    def is_of(self, items: Sequence[Item]) -> bool:
        """Whether what it says is of a slip with these items."""
        return self.asked and self._of == _ids(items)

    def print_test(self) -> None:
        """One that shows whether the printer works; staff are told how it went."""
        self.for_staff = True
        take_away = self.context.services.take_away
        self._print(lambda: take_away.print_test_slip("staff"))

    def forget(self) -> None:
        """Nothing was asked for; a slip under way is printed all the same."""
        if self._desk:
            self._desk.leave()
        self._look.cancel()
        self._job_id, self._of, self._again, self.words, self.sign, self.picture = "", (), "", "", "", None
        self.busy = self.asked = False

    # -- in another look

    def begun(self) -> dict[str, Any]:
        """The slip that was asked for; empty when none was."""
        return {"job": self._job_id, "of": self._of, "since": self._since} if self._job_id else {}

    def resume(self, begun: dict[str, Any]) -> None:
        """Go on telling of that slip."""
        self._begin(begun["of"], begun["since"])
        self._made(begun["job"])

    # -- how it gets on

    def _print(self, work: Callable[[], str], items: Sequence[Item] = ()) -> None:
        if not self.busy:
            self._begin(_ids(items), time.monotonic()).ask("print", work, self._made, self._not_made)

    def _begin(self, of: tuple[str, ...], since: float) -> Desk:
        self.busy = self.asked = True
        self.picture, self._job_id, self._of, self._again, self._since = None, "", of, "", since
        self._say(_("Your slip is being made ready."), "printer")
        self._desk = self._desk or Desk(self.context.background)
        return self._desk

    def _made(self, job_id: str) -> None:
        self._job_id = job_id
        self._ask()

    def _not_made(self, _error: Exception) -> None:
        self.busy = False
        square = _("The slip cannot be made just now. Please use the square.")
        self._say(_("The slip cannot be made just now.") if self.for_staff else square, "printer", good=False)

    def _ask(self, *_args: Any) -> None:
        if self._desk and self._job_id:
            job_id, take_away = self._job_id, self.context.services.take_away
            self._desk.ask("job", lambda: take_away.job(job_id), self._told, self._not_made)

    def _told(self, job: Job | None) -> None:
        waited_s = time.monotonic() - self._since
        if job is None or (not job.ended and waited_s > STALE_S + 5):
            silent = _("The printer does not answer. Use the square, or print again.")
            self._ended(self._look_at_it() if self.for_staff else silent, good=False)
        elif not job.ended:
            words = _WAITS.get(job.reason, _WAITS["offline"] if job.reason else _WAITS[""])()
            self._say(words, "printer", good=not job.reason)
            self._look()
        elif job.state == "printed" and job.outcome:
            self._ended(_("No printer here, so this is what the slip looks like."), sign="receipt")
            self._bring(Path(job.outcome))
        elif job.state == "printed":
            self._ended(_("Your slip is ready. Please take it."), sign="check-circle")
        elif job.state == "unknown" and job.reason in _MUTE:
            self._again = job.id
            self._ended(_("Your slip should be out by now. If it is not, print again."), sign="receipt")
        else:
            self._again = job.id
            half_way = _("The printer stopped half way. If no slip came out, print again.")
            nothing = _("The slip did not come out. Use the square, or print again.")
            for_visitor = half_way if job.state == "unknown" else nothing
            self._ended(self._look_at_it() if self.for_staff else for_visitor, good=False)

    def _look_at_it(self) -> str:
        return _("Nothing came out. Is the printer on, with paper in it?")

    def _ended(self, words: str, *, sign: str = "printer", good: bool = True) -> None:
        self.busy = False
        self._say(words, sign, good=good)

    def _say(self, words: str, sign: str, *, good: bool = True) -> None:
        self.words, self.sign, self.good = words, sign if good else "alert-circle-outline", good

    def _bring(self, path: Path) -> None:
        theme = self.context.theme
        room = (theme.u(theme.width - 160), theme.u(theme.height * 2))
        wish = Wish(path, room, whole=True)
        if self._desk:
            self.context.pictures.bring(self._desk, "picture", wish, self._show)

    def _show(self, texture: Any) -> None:
        self.picture = texture


def _ids(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items)


_MUTE: Final = ("", "unknown")
"""What a printer says that took the slip and cannot say more."""
_WAITS: Final = {
    "": lambda: _("Your slip is printing. Please wait for it at the printer."),
    "paper_out": lambda: _("The printer has no paper. Please tell somebody at the desk."),
    "cover_open": lambda: _("The printer's lid is open. Please tell somebody at the desk."),
    "offline": lambda: _("The printer does not answer just now. Please wait a little."),
}
