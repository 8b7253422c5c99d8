"""Who helps in a session: who is in, who has gone, and for how long."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import SessionView, Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import text
from kiosk.ui.screens.staff.page import StaffKey
from kiosk.ui.screens.staff.writing_page import WritingPage
from kiosk.ui.staff import telling
from kiosk.ui.staff.drafts import step
from kiosk.ui.widgets import empty, paging  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.choices import Choice
from kiosk.ui.widgets.sheet import Question, Sheet
from sync.attendance import MOST_MINUTES, Entry
from sync.words import _

kv.load(__file__)

QUICK_MIN: Final = (60, 90, 120, 150)
STEP_MIN: Final = 15
_LOOK_EVERY_S: Final = 2.0


@dataclass(frozen=True)
class Helping:
    """One record of helping, as it stands. `first` is the number of the first helper it counts, from 1."""

    entry: Entry
    first: int
    since: dt.datetime

    @property
    def gone(self) -> bool:
        """Whether it is known how long."""
        return self.entry.body.minutes is not None

    def minutes(self, now: dt.datetime) -> int:
        """How long each helped, or does so far."""
        if self.entry.body.minutes is not None:
            return self.entry.body.minutes
        return min(MOST_MINUTES, max(0, int((now - self.since).total_seconds() // 60)))

    def name(self, words: Words) -> str:
        """`Helper 1`; `Helpers 2 to 4` when several were written down as one."""
        people = self.entry.body.people
        if people == 1:
            return f"{words.helper} {self.first}"
        return _("{helpers} {first} to {last}").format(
            helpers=words.helpers, first=self.first, last=self.first + people - 1
        )


def helping(view: SessionView) -> list[Helping]:
    """All of a session, in the order they came in."""
    found, first, zone = [], 1, view.session.starts.tzinfo
    for entry in view.entries:
        if entry.body.role == "helper":
            found.append(Helping(entry, first, dt.datetime.fromisoformat(entry.body.at).astimezone(zone)))
            first += entry.body.people
    return found


class HelperRow(Press):
    """One helper; one who is in has a key to go."""

    name = StringProperty()
    how_long = StringProperty()
    here = BooleanProperty(False)
    go_text = StringProperty()
    go: Any = ObjectProperty(None, allownone=True)


class RowsHeading(text.Words):
    """What the rows below it have in common."""


class HelperSheet(Sheet):
    """How long somebody helped."""

    heading = StringProperty()
    since = StringProperty()
    value = StringProperty()
    known = BooleanProperty(False)
    change: Any = ObjectProperty(None, allownone=True)
    save: Any = ObjectProperty(None, allownone=True)
    leave: Any = ObjectProperty(None, allownone=True)
    take_away: Any = ObjectProperty(None, allownone=True)

    def __init__(self, minutes: int | None, so_far: int, **options: Any) -> None:
        """`minutes` is None while he is in; then less and more begin at `so_far`."""
        self.minutes, self._so_far = minutes, so_far
        super().__init__(change=self._step, **options)
        self._quick = {quick: Choice(text=f"{quick}") for quick in QUICK_MIN}
        for quick, choice in self._quick.items():
            choice.act = lambda quick=quick: self._set(quick)
            self.ids.quick.add_widget(choice)
        self._set(minutes)

    def _step(self, way: int) -> None:
        self._set(step(self._so_far if self.minutes is None else self.minutes, way, STEP_MIN) or 0)

    def _set(self, minutes: int | None) -> None:
        self.minutes, self.known = minutes, minutes is not None
        self.value = _("Still here") if minutes is None else telling.minutes(minutes)
        for quick, choice in self._quick.items():
            choice.chosen = quick == minutes


class Helpers(WritingPage):
    """Minutes so far go on by themselves, by the clock alone."""

    title = StringProperty()
    total = StringProperty()
    note = StringProperty()
    in_text = StringProperty()
    paper = BooleanProperty(False)
    """Whether it is a session of an earlier day: then minutes are asked for, and nobody comes in."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: LogSession | None = None
        self._all: list[Helping] = []
        self._rows: dict[str, HelperRow] = {}
        self._said_at = ""
        self._added = 0
        super().__init__(context, **options)
        for quick in QUICK_MIN:
            choice = Choice(text=telling.minutes(quick))
            choice.act = lambda quick=quick: self.add(quick)
            self.ids.quick.add_widget(choice)
        Clock.schedule_interval(self._tick, _LOOK_EVERY_S)

    # -- for the navigator

    def own_keys(self) -> list[StaffKey]:
        keys = [StaffKey("arrow-left", self.words.session, self.context.staffroom.back)]
        if len(self._in()) > 1 and not self.paper:
            keys.append(StaffKey("exit-to-app", _("All go now"), self.ask_all))
        return keys

    def show(self, what: Any) -> None:
        if what != self._session:
            self._clear()
            self._session = what
        self.title = self.words.helpers
        self.in_text = _("{helper} comes in").format(helper=self.words.helper)
        self.ids.reel.to_top()
        self._look()

    def changed(self, same: bool) -> None:
        self._look()

    def locked(self) -> None:
        self.take_up()

    def wipe(self) -> None:
        super().wipe()
        self._clear()

    def sorry(self, error: Exception) -> None:
        self.note = _("This cannot be read just now. Please try again in a minute.")

    # -- what can be touched

    def add(self, minutes: int | None = None) -> None:
        """Somebody comes in, or helped for so long on an earlier day."""
        session, log, staff = self._session, self.context.services.log, self.context.shift.staff
        if session:
            self._added += 1  # two who come in at once are two taps
            self.write(
                lambda: log.add(session, role="helper", minutes=minutes, staff=staff),
                self._written,
                f"add {self._added}",
            )

    def goes(self, one: Helping) -> None:
        """Somebody goes now."""
        log, staff = self.context.services.log, self.context.shift.staff
        self.write(lambda: log.helper_out(one.entry.id, staff), self._written, one.entry.id)

    def ask_all(self) -> None:
        """Does everybody go?"""
        self.lay(
            Question(
                heading=_("Do all {count} {helpers} go now?").format(
                    count=self._people_in(), helpers=self.words.helpers.lower()
                ),
                yes=_("All go now"),
                no=_("Leave it"),
                sign="exit-to-app",
                accept=self._all_go,
                decline=self.take_up,
            )
        )

    def open(self, one: Helping) -> None:
        """How long one helped, to put right or to take away."""
        now = self._now()
        sheet = HelperSheet(
            one.entry.body.minutes,
            one.minutes(now),
            heading=one.name(self.words),
            since=self._since(one),
            leave=self.take_up,
            take_away=lambda: self._take_away(one),
        )
        sheet.save = lambda: self._put_right(one, sheet.minutes)
        self.lay(sheet)

    # -- inner: writing

    def _all_go(self) -> None:
        self.take_up()
        log, staff = self.context.services.log, self.context.shift.staff
        ids = [one.entry.id for one in self._in()]
        self.write(lambda: [log.helper_out(record, staff) for record in ids], self._written)

    def _put_right(self, one: Helping, minutes: int | None) -> None:
        self.take_up()
        if minutes != one.entry.body.minutes:
            log, staff = self.context.services.log, self.context.shift.staff
            self.write(lambda: log.change(one.entry.id, staff, minutes=minutes), self._written, one.entry.id)

    def _take_away(self, one: Helping) -> None:
        self.take_up()
        log, staff = self.context.services.log, self.context.shift.staff
        self.write(lambda: log.void(one.entry.id, staff), self._written, one.entry.id)

    def _written(self, _result: Any) -> None:
        self._look()

    # -- inner: what is shown

    def _clear(self) -> None:
        self.take_up()
        self._session, self._all, self._rows, self._said_at = None, [], {}, ""
        self.total = self.note = ""
        self.ids.reel.column.clear_widgets()

    def _in(self) -> list[Helping]:
        return [one for one in self._all if not one.gone]

    def _people_in(self) -> int:
        return sum(one.entry.body.people for one in self._in())

    def _now(self) -> dt.datetime:
        """The shop's time as the pulse has it: asks nobody."""
        return self.context.pulse.now or dt.datetime.now(dt.UTC)

    def _look(self) -> None:
        session, log, unit = self._session, self.context.services.log, self.context.services.unit
        if session is None:
            return

        def look() -> tuple[dt.datetime, SessionView, Words, int]:
            return unit.now(), log.view(session), self.find_words(), log.waiting()

        self.ask("view", look, self._draw)

    def _draw(self, found: tuple[dt.datetime, SessionView, Words, int]) -> None:
        now, view, words, waiting = found
        self.context.shift.words, self._all = words, helping(view)
        self.paper = view.session.is_past(now)
        self.context.go.now_waiting(waiting)
        self._build()
        self._tell(now)
        self._keys_changed()

    def _build(self) -> None:
        """The rows: who is in, and then who has gone; the last who came first."""
        column = self.ids.reel.column
        column.clear_widgets()
        self._rows = {}
        for gone, heading in ((False, _("Here now")), (True, _("Gone"))):
            ones = [one for one in reversed(self._all) if one.gone == gone]
            if ones and not (self.paper and gone):
                column.add_widget(RowsHeading(text=_("Nobody said for how long") if self.paper else heading))
            for one in ones:
                row = self._rows[one.entry.id] = HelperRow(name=one.name(self.words), here=not gone)
                row.act = lambda one=one: self.open(one)
                row.go = row.act if self.paper else lambda one=one: self.goes(one)
                row.go_text = _("Say how long") if self.paper else _("Goes now")
                column.add_widget(row)
        self.ids.reel.measure()
        none = _("Nobody is written down yet.") if self.paper else _("Nobody has come in yet.")
        self.note = "" if self._all else none

    def _tick(self, _dt: float) -> None:
        """A new minute is told; nothing is asked for."""
        if self.shown and self._all and f"{self._now():%H:%M}" != self._said_at:
            self._tell(self._now())

    def _tell(self, now: dt.datetime) -> None:
        self._said_at = f"{now:%H:%M}"
        sum_min = 0
        for one in self._all:
            counted = one.gone or not self.paper
            sum_min += one.minutes(now) * one.entry.body.people if counted else 0
            if row := self._rows.get(one.entry.id):
                row.how_long = self._line(one, now)
        so_far = self._in() and not self.paper
        said = _("{hours} in all so far") if so_far else _("{hours} in all")
        self.total = said.format(hours=telling.hours(sum_min)) if self._all else ""

    def _since(self, one: Helping) -> str:
        return _("Came in at {time}").format(time=f"{one.since:%H:%M}") if not one.entry.body.paper else _("From paper")

    def _line(self, one: Helping, now: dt.datetime) -> str:
        minutes = telling.minutes(one.minutes(now))
        if one.gone and one.entry.body.paper:
            return _("{minutes}, from paper").format(minutes=minutes)
        if one.gone:
            return _("{minutes}, came in at {time}").format(minutes=minutes, time=f"{one.since:%H:%M}")
        if self.paper:
            return self._since(one)
        return _("since {time}, {minutes} so far").format(time=f"{one.since:%H:%M}", minutes=minutes)
