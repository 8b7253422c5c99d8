"""What is on in this shop, today or in the next seven days, day by day, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import kv, text
from kiosk.ui.context import Context
from kiosk.ui.mirror import Box, Grid
from kiosk.ui.screens.page import Page
from kiosk.ui.theme import Theme
from kiosk.ui.widgets import paging, way_on  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Chip
from kiosk.ui.widgets.cards import SessionPress
from sync import days
from sync.sessions import Session
from sync.words import _, count_of

kv.load(__file__)

DAYS: Final = 7
_LIST: Final = "whats_on"
_LINE: Final = 1.3


class DayName(text.Words):
    """The heading of a day."""

    @staticmethod
    def needs(theme: Theme) -> int:
        """Its height in pixels."""
        return round(theme.body * _LINE)


class WhatsOn(Page):
    """Sessions by day."""

    count = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._sessions: list[Session] | None = None
        super().__init__(context, **options)
        self._chips = Box(spacing=context.theme.u(16), size_hint_y=None, pos_hint={"center_y": 0.5})
        self._chips.height = context.theme.chip
        (self.ids.beside if context.theme.wide else self.ids.below).add_widget(self._chips)
        self._fit = Clock.create_trigger(lambda _dt: self._lay_out(), -1)
        self.ids.room.bind(size=self._fit)
        self.ids.pager.turn = self._turn

    # -- for the navigator

    def show(self, what: Any) -> None:
        self._show_choices()
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        shelves, ahead = self.context.services.shelves, 1 if self._only_today else DAYS
        self.ask("sessions", lambda: shelves.whats_on(ahead), self._fill)

    def wipe(self) -> None:
        self._sessions = None
        self.ids.column.clear_widgets()
        self.ids.empty.nothing()
        self.count = ""

    def sorry(self, error: Exception) -> None:
        self.wipe()
        words = _("The list of what's on cannot be opened just now. Please try again in a minute.")
        self.ids.empty.say("alert-circle-outline", words)

    # -- today, or the days to come

    @property
    def _only_today(self) -> bool:
        return self.context.visit.today_only

    def choose(self, today_only: bool) -> None:
        """Show only today, or all seven days."""
        self.context.visit.today_only = today_only
        self.context.visit.pages.pop(_LIST, None)
        self._show_choices()
        self.changed(same=False)

    def _show_choices(self) -> None:
        colours = self.context.theme.c
        self._chips.clear_widgets()
        for words, today_only in ((_("Today"), True), (_("Next 7 days"), False)):
            chip = Chip(text=words, act=lambda today_only=today_only: self.choose(today_only))
            if today_only == self._only_today:
                chip.fill, chip.ink, chip.line = colours.solid, colours.on_solid, colours.solid
            self._chips.add_widget(chip)

    # -- pages

    @staticmethod
    def between(theme: Theme) -> int:
        """Room between lines, in pixels."""
        return theme.u(8 if theme.tiny else 12 if theme.low else 20)

    def _fill(self, sessions: list[Session]) -> None:
        self._sessions = sessions
        if self._only_today:
            self.count = count_of(len(sessions), "{} thing today", "{} things today")
        else:
            self.count = count_of(len(sessions), "{} thing in the next seven days", "{} things in the next seven days")
        if sessions:
            self.ids.empty.nothing()
        elif self._only_today:
            self.ids.empty.say("calendar", _("Nothing more is on today."), _("Show the next 7 days"), "calendar-clock")
        else:
            self.ids.empty.say("calendar", _("Nothing is planned for the next seven days."))
        self._lay_out()

    def _turn(self, page: int) -> None:
        pages = self._pages()
        self.context.visit.pages[_LIST] = sum(len(there) for there in pages[:page])
        self._lay_out()

    def _lay_out(self) -> None:
        """The page that somebody was at, in the window there is."""
        if self._sessions is None or self.ids.room.height < 50:
            return
        pages = self._pages()
        first, page = self.context.visit.pages.get(_LIST, 0), 0
        while page + 1 < len(pages) and sum(len(there) for there in pages[: page + 1]) <= first:
            page += 1
        self.ids.pager.pages, self.ids.pager.page = max(1, len(pages)), page
        self.ids.pager.on_page()
        column = self.ids.column
        column.clear_widgets()
        for day, there in groupby(pages[page] if pages else [], key=_day_of):
            if not self.context.theme.tiny:
                column.add_widget(DayName(text=self._day(day)))
            column.add_widget(self._rows(day, list(there)))

    def _rows(self, day: dt.date, sessions: list[Session]) -> Grid:
        theme = self.context.theme
        grid = Grid(cols=_columns(theme), spacing=self.between(theme), size_hint_y=None)
        grid.row_default_height, grid.row_force_default = SessionPress.needs(theme), True
        grid.height = (grid.row_default_height + self.between(theme)) * -(-len(sessions) // grid.cols)
        grid.height -= self.between(theme)
        for session in sessions:
            row = SessionPress(context=self.context)
            row.fill_in(session, self._short_day(day) if theme.tiny else "")
            grid.add_widget(row)
        if theme.wide and len(sessions) % grid.cols:
            grid.add_widget(Widget())  # so that one alone is as wide as the others
        return grid

    def _pages(self) -> list[list[Session]]:
        theme = self.context.theme
        return paged(
            self._sessions or [],
            room=self.ids.room.height + self.between(theme),
            heading=0 if theme.tiny else DayName.needs(theme) + self.between(theme),
            row=SessionPress.needs(theme) + self.between(theme),
            columns=_columns(theme),
        )

    def _short_day(self, day: dt.date) -> str:
        return _("Today") if self._away(day) == 0 else days.short_weekday(day)

    def _away(self, day: dt.date) -> int:
        """How many days it is from today."""
        now = self.context.pulse.now
        return (day - now.date()).days if now else 2

    def _day(self, day: dt.date) -> str:
        away = self._away(day)
        name = days.day(day)
        if away == 0:
            return _("Today, {day}").format(day=name)
        return _("Tomorrow, {day}").format(day=name) if away == 1 else name


def _columns(theme: Theme) -> int:
    return 2 if theme.wide and not theme.tiny else 1


def paged(
    sessions: Sequence[Session], *, room: float, heading: float, row: float, columns: int = 1
) -> list[list[Session]]:
    """The sessions in order, on pages of a height of `room`: each row of a day needs its own, each day on a page a
    heading's.

    On every page there is at least one.
    """
    pages: list[list[Session]] = []
    left, beside = 0.0, 0
    for session in sessions:
        new_day = not pages or _day_of(pages[-1][-1]) != _day_of(session)
        beside = 0 if new_day else beside
        needs = 0.0 if beside else row + (heading if new_day else 0)
        if not pages or needs > left:
            pages.append([])
            left, needs, beside = room, row + heading, 0
        pages[-1].append(session)
        left, beside = left - needs, (beside + 1) % columns
    return pages


def _day_of(session: Session) -> dt.date:
    return session.starts.date()
