"""What is on in this shop, today or in the next seven days, day by day, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import letters, text
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.theme import Theme
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import list_head, paging, way_on  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import OneOf
from kiosk.ui.widgets.cards import SessionPress
from sync import days
from sync.sessions import Session
from sync.words import _, count_of

kv.load(__file__)

DAYS: Final = 7
_LIST: Final = "whats_on"


class Spread:
    """A page: so many columns, of which the last may be empty."""

    def __init__(self, columns: list[list[Session]], beside: int) -> None:
        self.columns = [*columns, *([] for _none in range(beside - len(columns)))]

    def __len__(self) -> int:
        """How many sessions it shows."""
        return sum(map(len, self.columns))


class DayName(text.Words):
    """The heading of a day; for the ear it is said with each session."""

    spoken = ""

    @staticmethod
    def needs(theme: Theme) -> int:
        """Its height in pixels."""
        return letters.own_line("bold", theme.body)


class WhatsOn(Page):
    """Sessions by day."""

    count = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._sessions: list[Session] | None = None
        super().__init__(context, **options)
        self._chips = Box(spacing=context.theme.u(16), size_hint_y=None, pos_hint={"center_y": 0.5})
        self._chips.height = context.theme.chip
        self.ids.head.add_widget(self._chips)
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
        self.ids.columns.clear_widgets()
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
        self._chips.clear_widgets()
        for words, today_only in ((_("Today"), True), (_("Next 7 days"), False)):
            chip = OneOf(text=words, chosen=today_only == self._only_today)
            chip.act = lambda today_only=today_only: self.choose(today_only)
            self._chips.add_widget(chip)

    # -- pages

    @staticmethod
    def between(theme: Theme) -> int:
        """Room between lines, in pixels."""
        return max(theme.mm(2.1), theme.u(8 if theme.tiny else 12 if theme.low else 20))

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
        self.context.visit.pages[_LIST] = sum(map(len, pages[:page]))
        self._lay_out()

    def _lay_out(self) -> None:
        """The page that somebody was at, in the window there is."""
        if self._sessions is None or self.ids.room.height < 50:
            return
        pages = self._pages()
        first, page = self.context.visit.pages.get(_LIST, 0), 0
        while page + 1 < len(pages) and sum(map(len, pages[: page + 1])) <= first:
            page += 1
        self.ids.pager.pages, self.ids.pager.page = max(1, len(pages)), page
        self.ids.pager.on_page()
        self.ids.columns.clear_widgets()
        for column in pages[page].columns if pages else []:
            self.ids.columns.add_widget(self._column(column))

    def _column(self, sessions: Sequence[Session]) -> Box:
        theme, headed = self.context.theme, self._headed
        column = Box(orientation="vertical", spacing=self.between(theme))
        for day, there in groupby(sessions, key=_day_of):
            if headed:
                column.add_widget(DayName(text=self._day(day)))
            for session in there:
                row = SessionPress(context=self.context)
                if headed:
                    row.fill_in(session, under=self._day(day))
                else:
                    row.fill_in(session, self._short_day(day))
                column.add_widget(row)
        column.add_widget(Widget())
        return column

    def _pages(self) -> list[Spread]:
        theme = self.context.theme
        columns = paged(
            self._sessions or [],
            room=self.ids.room.height + self.between(theme),
            heading=DayName.needs(theme) + self.between(theme) if self._headed else 0,
            row=SessionPress.needs(theme) + self.between(theme),
        )
        beside = 2 if theme.wide and not theme.tiny else 1
        return [Spread(columns[at : at + beside], beside) for at in range(0, len(columns), beside)]

    @property
    def _headed(self) -> bool:
        """Whether there is room for the days as headings; else each session says its own."""
        theme = self.context.theme
        needed = DayName.needs(theme) + self.between(theme) + SessionPress.needs(theme)
        return not theme.tiny and self.ids.room.height >= needed

    def _short_day(self, day: dt.date) -> str:
        return _("Today") if self._away(day) == 0 else days.short_weekday(day)

    def _away(self, day: dt.date) -> int:
        """How many days it is from today."""
        now = self.context.pulse.now
        return (day - now.date()).days if now else 2

    def _day(self, day: dt.date) -> str:
        away = self._away(day)
        name = days.short(day) if self.context.theme.low else days.day(day)
        if away == 0:
            return _("Today, {day}").format(day=name)
        return _("Tomorrow, {day}").format(day=name) if away == 1 else name


def paged(sessions: Sequence[Session], *, room: float, heading: float, row: float) -> list[list[Session]]:
    """The sessions in order, in columns of a height of `room`: each needs a row, each day in a column a heading.

    In every column there is at least one.
    """
    columns: list[list[Session]] = []
    left = 0.0
    for session in sessions:
        new_day = not columns or _day_of(columns[-1][-1]) != _day_of(session)
        needs = row + (heading if new_day else 0)
        if not columns or needs > left:
            columns.append([])
            left, needs = room, row + heading
        columns[-1].append(session)
        left -= needs
    return columns


def _day_of(session: Session) -> dt.date:
    return session.starts.date()
