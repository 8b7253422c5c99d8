"""The sessions of a day, to log in one of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import WHOLE_DAYS, SessionView, Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.staff import days
from kiosk.ui.widgets import fitted, paging  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync.words import _, count_of

kv.load(__file__)


class LogSessionPress(Press):
    """One session: when, what, and how many came."""

    time = StringProperty()
    title = StringProperty()
    visits = StringProperty()
    on = BooleanProperty(False)


class StaffSessions(StaffPage):
    """Today's, or those of an earlier day for a paper sheet."""

    heading = StringProperty()
    day_name = StringProperty()
    note = StringProperty()
    days_back = NumericProperty(0)

    def __init__(self, context: Context, **options: Any) -> None:
        self._drawn: tuple[object, ...] | None = None
        super().__init__(context, **options)

    def bar_keys(self) -> list[StaffKey]:
        room = self.context.staffroom
        return [StaffKey("information-outline", _("This screen"), lambda: room.to("unit_status"))]

    def show(self, what: Any) -> None:
        self.ids.reel.to_top()
        self._look()

    def changed(self, same: bool) -> None:
        self._look()

    def wipe(self) -> None:
        self.days_back = 0

    def to_day(self, back: float) -> None:
        """Another day: so many days before today."""
        self.days_back = min(max(0, int(back)), WHOLE_DAYS)
        self.ids.reel.to_top()
        self._look()

    def begin(self) -> None:
        """A session that stands in no diary."""
        back, log = self.days_back, self.context.services.log
        unit = self.context.services.unit

        def made() -> LogSession:
            return log.new_session(unit.now().date() - dt.timedelta(days=back))

        self.ask("begin", made, lambda session: self.context.staffroom.to("staff_log", session))

    def sorry(self, error: Exception) -> None:
        self.note = _("The sessions cannot be read just now. Please write on paper, and tell the hub.")

    # -- inner

    def _look(self) -> None:
        back, log, unit = self.days_back, self.context.services.log, self.context.services.unit

        def look() -> tuple[dt.datetime, Words, list[SessionView]]:
            now = unit.now()
            found = log.sessions(now.date() - dt.timedelta(days=back))
            return now, self.find_words(), [log.view(session) for session in found]

        self.ask("sessions", look, self._draw)

    def _draw(self, found: tuple[dt.datetime, Words, list[SessionView]]) -> None:
        now, words, views = found
        if (drawn := (now.date(), [view.session.is_on(now) for view in views], words, views)) == self._drawn:
            return
        self._drawn = drawn
        self.context.shift.words = words
        self.heading = words.sessions
        self.day_name = days.day(now.date() - dt.timedelta(days=self.days_back), now.date())
        self.note = "" if views else _("Nothing is in the diary for this day.")
        if any(view.partial for view in views):
            self.note = _("So long ago that some of it may be at the hub alone.")
        column = self.ids.reel.column
        column.clear_widgets()
        for view in views:
            column.add_widget(self._row(view, words, now))
        self.ids.reel.measure()

    def _row(self, view: SessionView, words: Words, now: dt.datetime) -> LogSessionPress:
        session = view.session
        row = LogSessionPress(
            title=session.title,
            time=f"{session.starts:%H:%M}–{session.ends:%H:%M}",
            visits=count_of(view.totals.visits, "{} visit", "{} visits"),
            on=session.is_on(now),
        )
        row.act = lambda: self.context.staffroom.to("staff_log", session)
        return row
