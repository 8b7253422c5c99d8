"""What is on in this shop in the next seven days, day by day."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from kivy.properties import StringProperty

from kiosk.ui import kv, text
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import paging  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.cards import SessionPress
from sync import days
from sync.sessions import Session
from sync.words import _, count_of

kv.load(__file__)

DAYS = 7


class DayName(text.Words):
    """The heading of a day."""


class WhatsOn(Page):
    """Sessions by day."""

    count = StringProperty()
    note = StringProperty()

    def show(self, what: Any) -> None:
        self.ids.reel.to_top()
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        self.ask("sessions", lambda: self.context.services.shelves.whats_on(DAYS), self._fill)

    def wipe(self) -> None:
        self.ids.reel.column.clear_widgets()
        self.count = self.note = ""

    def sorry(self, error: Exception) -> None:
        self.note = _("The list of what's on cannot be opened just now. Please try again in a minute.")

    def _fill(self, sessions: list[Session]) -> None:
        self.count = count_of(len(sessions), "{} thing in the next seven days", "{} things in the next seven days")
        self.note = "" if sessions else _("Nothing is planned for the next seven days.")
        column = self.ids.reel.column
        column.clear_widgets()
        for day, there in groupby(sessions, key=lambda session: session.starts.date()):
            column.add_widget(DayName(text=self._day(day)))
            for session in there:
                row = SessionPress(context=self.context)
                row.fill_in(session)
                column.add_widget(row)

    def _day(self, day: dt.date) -> str:
        now = self.context.pulse.now
        away = (day - now.date()).days if now else 2
        name = days.day(day)
        return (
            _("Today, {day}").format(day=name)
            if away == 0
            else (_("Tomorrow, {day}").format(day=name) if away == 1 else name)
        )
