"""One session: a tap on a topic logs a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import SessionView, Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import icons
from kiosk.ui.screens.staff.page import StaffKey
from kiosk.ui.screens.staff.writing_page import WritingPage
from kiosk.ui.staff import days, telling
from kiosk.ui.staff.shift import Told
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.fitted import keep_alike
from sync.attendance import Entry
from sync.words import _, joined

kv.load(__file__)

T = TypeVar("T")
UNDO_S: Final = 10.0
_TOLD_S: Final = 20.0
"""How long it is said that something was not written down."""


@dataclass(frozen=True)
class Logged:
    """A visit that was logged a moment ago."""

    entry: Entry
    said: str


class TopicPress(Press):
    """What they came about, and how many did."""

    icon = StringProperty()
    text = StringProperty()
    count = StringProperty()
    flat = BooleanProperty(False)
    """Whether the words stand beside the number, not below it."""
    small = BooleanProperty(False)
    """Whether there is no room for the drawing."""
    beside = NumericProperty(0)
    """Room at the left for the drawing."""


class StaffLog(WritingPage):
    """The session's figures, as the database has them, and the topics."""

    title = StringProperty()
    when = StringProperty()
    visits = StringProperty("0")
    first_time = StringProperty("0")
    helpers_in = StringProperty("0")
    helpers_word = StringProperty()
    said = StringProperty()
    """What was logged a moment ago, or what could not be."""
    failed = BooleanProperty(False)
    pressed_for_room = BooleanProperty(False)
    """Whether what failed needs the room that the session's name has otherwise."""
    undoable = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: LogSession | None = None
        self._words: Words | None = None
        self._lately: list[Logged] = []
        self._taps = 0
        super().__init__(context, **options)
        self._over = Clock.create_trigger(lambda _dt: self._quiet(), UNDO_S)
        self._told = Clock.create_trigger(lambda _dt: self._quiet(), _TOLD_S)

    def own_keys(self) -> list[StaffKey]:
        room, session = self.context.staffroom, self._session
        return [
            StaffKey("arrow-left", self.words.sessions, room.back),
            StaffKey("account-multiple-plus", _("Head count"), lambda: room.to("head_count", session)),
            StaffKey("account-check", self.words.helpers, lambda: room.to("helpers", session)),
        ]

    def show(self, what: Any) -> None:
        if what != self._session:
            self._session = what
            self._lately = []
            self._quiet()
        self.title = what.title
        self._hear()
        self._look()

    def changed(self, same: bool) -> None:
        self._look()

    def wipe(self) -> None:
        super().wipe()
        self._session, self._words = None, None
        self._lately = []
        self._quiet()

    # -- one tap, one visit

    def log(self, topic: str) -> None:
        """Somebody came about this."""
        session, staff, log = self._session, self.context.shift.staff, self.context.services.log
        word = self.words.topic(topic)
        assert session  # noqa: S101 (topics are shown with a session alone)

        def add() -> Logged:
            entry = log.add(session, topics=[topic], staff=staff)
            now = self.context.services.unit.now()
            return Logged(entry, _("Logged: {topic}, {time}").format(topic=word, time=f"{now:%H:%M}"))

        self._do(add, self._logged)

    def undo(self) -> None:
        """The last one does not count."""
        if not self._lately:
            return
        last, staff = self._lately.pop(), self.context.shift.staff
        self._do(lambda: self.context.services.log.void(last.entry.id, staff), self._undone)

    def add_detail(self) -> None:
        """More about the last one."""
        if self._lately:
            self._quiet_later()
            self.context.staffroom.to("visit_form", (self._session, self._lately[-1].entry))

    def whole_form(self) -> None:
        """A visit with all that is known of it at once."""
        self.context.staffroom.to("visit_form", (self._session, None))

    def entries(self) -> None:
        """What was logged, to look at or to put right."""
        self.context.staffroom.to("entries", self._session)

    def ring_back(self) -> None:
        """Somebody asks to be rung back."""
        self.context.staffroom.to("follow_up", self._session)

    # -- inner

    @property
    def _brief(self) -> bool:
        """Whether there is room for what matters most alone."""
        theme = self.context.theme
        return bool(theme.low and theme.text_scale > 1)

    def _hear(self) -> None:
        """Say what another screen did, or what could not be done here; a visit that was made can be taken back."""
        told = self.context.shift.take_told()
        if told is None:
            return
        if told.entry:
            self._lately.append(Logged(told.entry, told.said))
        self._say(told.said, undoable=told.entry is not None, failed=told.failed)

    def _do(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Each tap is written by itself, so that none is taken for the one before."""
        self._taps += 1
        self.write(work, then, f"tap {self._taps}")

    def _logged(self, visit: Logged) -> None:
        self._lately.append(visit)
        self._say(visit.said, undoable=True)
        self._look()

    def _undone(self, _entry: Entry) -> None:
        self._say(_("Taken back."), undoable=bool(self._lately))
        self._look()

    def _not_written(self, error: Exception, _again: Callable[[], None]) -> None:
        """It is said in a line, here or on the way back: there is no time for a question."""
        why = "" if self._brief else telling.trouble(error)
        said = _("That was NOT written down. Please note it on paper. {why}").format(why=why)
        self.context.shift.tell(Told(said.strip(), failed=True))
        if self.shown:
            self._hear()
            self._look()

    def _say(self, said: str, *, undoable: bool = False, failed: bool = False) -> None:
        self.said, self.undoable, self.failed = said, undoable, failed
        self.pressed_for_room = failed and self._brief and self.context.theme.tiny
        self._over.cancel()
        self._told.cancel()
        (self._told if failed else self._over)()

    def _quiet(self) -> None:
        self.said, self.undoable, self.failed = "", False, False
        self.pressed_for_room = False
        self._lately = []

    def _quiet_later(self) -> None:
        self._over.cancel()
        self._over()

    def _look(self) -> None:
        session, services = self._session, self.context.services
        if session is None:
            return

        def look() -> tuple[dt.datetime, SessionView, Words, int]:
            log = services.log
            return services.unit.now(), log.view(session), self.find_words(), log.waiting()

        self.ask("view", look, self._draw)

    def _draw(self, found: tuple[dt.datetime, SessionView, Words, int]) -> None:
        now, view, words, waiting = found
        self.context.go.now_waiting(waiting)
        self.context.shift.words = words
        sums = view.totals
        short = sums.head_count is None or (self._brief and self.context.theme.tiny)
        counted = "" if short else _("{} counted").format(sums.head_count)
        self.when = joined((days.span(view.session, now.date()), counted))
        self.visits, self.first_time = str(sums.visits), str(sums.first_time)
        self.helpers_in = str(sums.helpers_in)
        self.helpers_word = _("{helpers} in").format(helpers=words.helpers.lower())
        if words != self._words or not self.ids.topics.children:
            self._words = words
            self._build(words)
        for press, topic in zip(reversed(self.ids.topics.children), words.topics, strict=True):
            press.count = str(sums.topics.get(topic, 0))

    def _build(self, words: Words) -> None:
        grid = self.ids.topics
        grid.clear_widgets()
        for topic, word in words.topics.items():
            press = TopicPress(icon=icons.TOPIC.get(topic, icons.DEFAULT), text=word)
            press.act = lambda topic=topic: self.log(topic)
            grid.add_widget(press)
        keep_alike([press.ids.words for press in grid.children])
