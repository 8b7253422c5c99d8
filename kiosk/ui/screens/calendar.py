"""One date to put into a phone's calendar: its QR symbol, and the date to read or write down."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, StringProperty

from kiosk.devices.qr import Matrix, matrix
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import basics, facts, symbol  # noqa: F401 (their classes are used in the .kv file)
from sync import days
from sync.sessions import Session
from sync.words import _

kv.load(__file__)


class EventLine(Box):
    """A drawing, and beside it what is so."""

    icon = StringProperty()
    text = StringProperty()
    more = StringProperty()
    strong = ColorProperty()


class Calendar(Page):
    """`what` is the session."""

    title = StringProperty()
    day = StringProperty()
    hours = StringProperty()
    where = StringProperty()
    note = StringProperty()
    strong = ColorProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: Session | None = None
        super().__init__(context, **options)
        self.strong = context.theme.c.brand_ink

    def show(self, what: Session) -> None:
        self.wipe()
        self._session = what
        services, language = self.context.services, self.context.language
        self.title = what.event.in_language(language).title
        self.strong = self.context.look(what.event.themes).chip
        self.day = days.day(what.starts)
        self.hours = _("{starts} to {ends}").format(starts=f"{what.starts:%H:%M}", ends=f"{what.ends:%H:%M}")
        self.where = facts.where(what.event) or self.context.pulse.shop

        def square() -> Matrix:
            return matrix(services.take_away.calendar(what, language))

        def found(modules: Matrix) -> None:
            self.ids.symbol.draw(modules)
            self.context.background.forget(lambda: services.take_away.shown(what.event))

        self.ask("calendar", square, found)

    def changed(self, same: bool) -> None:
        session = self._session
        if same or session is None:
            return
        self.ask("session", lambda: self.context.services.shelves.session_now(session), self._follow)

    def _follow(self, now: Session | None) -> None:
        if now is None:
            self.wipe()
            self.note = _("This date has changed. Please look at it again.")
        elif now != self._session:
            self.show(now)

    def wipe(self) -> None:
        self._session = None
        self.title = self.day = self.hours = self.where = self.note = ""
        self.ids.symbol.draw(None)

    def sorry(self, error: Exception) -> None:
        self.note = _("The square cannot be made just now. Please write the date down.")
