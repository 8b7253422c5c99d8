"""What was logged in a session, to look at or to put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import SessionView, Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import letters
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.staff import telling
from kiosk.ui.widgets import empty, fitted  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync.attendance import Entry
from sync.words import _, count_of, joined

kv.load(__file__)

_TOLD_S: Final = 10.0
_LOOK_EVERY_S: Final = 2.0


@dataclass(frozen=True)
class Found:
    """What counts in a session, newest first."""

    view: SessionView
    words: Words
    waiting: int

    @property
    def entries(self) -> list[Entry]:
        """The newest first."""
        return self.view.entries[::-1]


class EntryRow(Press):
    """One record; drawn by `fill_in`."""

    time = StringProperty()
    title = StringProperty()
    facts = StringProperty()
    marks = StringProperty()
    sent = BooleanProperty(False)
    helper = BooleanProperty(False)
    title_lines = NumericProperty(1)
    fact_lines = NumericProperty(1)

    def fill_in(self, entry: Entry | None, session: LogSession, words: Words) -> None:
        """Show this entry; None empties the place."""
        self.shown(entry is not None)
        if entry is None:
            self.time = self.title = self.facts = self.marks = ""
            return
        body = entry.body
        self.time = telling.time(body, session.starts.tzinfo)
        self.helper, self.sent = body.role == "helper", entry.sent
        if self.helper:
            self.title = words.helper if body.people == 1 else f"{words.helpers}, {telling.people(body.people)}"
            self.facts = _("Still here") if body.minutes is None else telling.hours(body.minutes)
        else:
            self.title = telling.topics(body, words)
            self.facts = joined(telling.known(body, words))
        marks = [_("paper") if body.paper else "", _("changed") if entry.corrected else ""]
        self.marks = ", ".join(filter(None, marks))


class Entries(StaffPage):
    """A page of rows. What was taken away is not there."""

    title = StringProperty()
    count = StringProperty()
    note = StringProperty()
    empty = StringProperty()
    page = NumericProperty(0)
    pages = NumericProperty(1)
    said = StringProperty()
    """What was done to one of them a moment ago."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: LogSession | None = None
        self._found: Found | None = None
        self._waiting = -1
        self._rows: list[EntryRow] = []
        super().__init__(context, **options)
        self._fit = Clock.create_trigger(self._fitted, -1)
        self.ids.rows.bind(size=self._fit)
        self._over = Clock.create_trigger(lambda _dt: self._quiet(), _TOLD_S)
        Clock.schedule_interval(self._sent_meanwhile, _LOOK_EVERY_S)

    def bar_keys(self) -> list[StaffKey]:
        room, session = self.context.staffroom, self._session
        return [
            StaffKey("arrow-left", self.words.session, room.back),
            StaffKey("pencil", _("Log one more"), lambda: room.to("visit_form", (session, None))),
        ]

    def show(self, what: Any) -> None:
        if what != self._session:
            self._session, self.page = what, 0
            self._empty()
        if told := self.context.shift.take_told():
            self.said = told.said
            self._over.cancel()
            self._over()
        self._look()

    def changed(self, same: bool) -> None:
        self._look()

    def wipe(self) -> None:
        self._session = None
        self._empty()
        self._quiet()

    def sorry(self, error: Exception) -> None:
        self.note = _("This cannot be read just now. Please try again in a minute.")

    def turn(self, way: int) -> None:
        """To older ones (1) or newer ones (-1)."""
        self.page = min(max(0, int(self.page) + way), int(self.pages) - 1)
        self._draw()

    # -- inner

    def _quiet(self) -> None:
        self.said = ""

    def _empty(self) -> None:
        self._found = None
        self.count = self.note = self.empty = ""
        self.pages = 1
        for row in self._rows:
            row.shown(False)

    def _look(self) -> None:
        session, log = self._session, self.context.services.log
        if session:
            self.ask("entries", lambda: Found(log.view(session), self.find_words(), log.waiting()), self._show_found)

    def _sent_meanwhile(self, _dt: float) -> None:
        """Look again once something was sent, or logged elsewhere."""
        if self.shown and self.context.pulse.waiting != self._waiting:
            self._look()

    def _show_found(self, found: Found) -> None:
        self._waiting = found.waiting
        self.context.go.now_waiting(found.waiting)
        self._found, self.context.shift.words = found, found.words
        sums, words = found.view.totals, found.words
        self.count = _("{visits} and {helpers}").format(
            visits=count_of(sums.visits, "{} visit", "{} visits"),
            helpers=telling.counted(sums.helpers, words.helper, words.helpers),
        )
        self.empty = "" if found.view.entries else _("Nothing is logged here yet. One tap on a topic logs a visit.")
        self.note = _("So long ago that some of it may be at the hub alone.") if found.view.partial else ""
        self._draw()

    def _fitted(self, _dt: float = 0) -> None:
        """As many rows as there is room for."""
        theme, box = self.context.theme, self.ids.rows
        if box.height < theme.chip:
            return
        room = box.height - box.padding[1] - box.padding[3]
        count = max(1, int((room + box.spacing) // (self._row_height() + box.spacing)))
        if count == len(self._rows):
            return
        first = int(self.page) * len(self._rows)
        box.clear_widgets()
        title_lines, fact_lines = self._lines()
        self._rows = [EntryRow(title_lines=title_lines, fact_lines=fact_lines) for _ in range(count)]
        for row in self._rows:
            row.shown(False)
            box.add_widget(row)
        self.page = first // count
        self._draw()

    def _lines(self) -> tuple[int, int]:
        """How many lines title and facts may take in a row."""
        theme = self.context.theme
        if not theme.wide:
            return 2, 2
        if theme.low and letters.tall():
            return 1, 0
        return 1, 2 if theme.low and theme.tiny == (theme.text_scale <= 1) else 1

    def _row_height(self) -> int:
        theme = self.context.theme
        title_lines, fact_lines = self._lines()
        words = title_lines * letters.own_line("bold", theme.small if theme.tiny else theme.body)
        words += fact_lines * letters.own_line("regular", theme.small)
        return max(theme.target, words + theme.u(8 if theme.tiny else 16 if theme.low else 36))

    def _draw(self) -> None:
        found, session, size = self._found, self._session, len(self._rows)
        if not (found and session and size):
            return
        entries = found.entries
        self.pages = max(1, -(-len(entries) // size))
        self.page = page = min(int(self.page), int(self.pages) - 1)
        here = entries[page * size : (page + 1) * size]
        for row, entry in zip(self._rows, [*here, *[None] * (size - len(here))], strict=True):
            row.fill_in(entry, session, found.words)
            row.act = (lambda entry=entry: self._open(entry)) if entry else None

    def _open(self, entry: Entry) -> None:
        room, session = self.context.staffroom, self._session
        if entry.body.role == "helper":
            room.to("helpers", session)
        else:
            room.to("visit_form", (session, entry))
