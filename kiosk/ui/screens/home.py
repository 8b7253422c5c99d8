"""Where a visit begins: search, themes, what is on next, and the other ways in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kivy.properties import BooleanProperty

from kiosk.services.shelves import Home as Found
from kiosk.ui import icons, kv, languages
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets.basics import Chip
from kiosk.ui.widgets.cards import ThemePress, WayPress
from kiosk.ui.widgets.privacy_link import PrivacyLink
from sync import days, wording
from sync.sessions import Session
from sync.words import _

kv.load(__file__)

_WAYS = ("event", "news", "app", "offer", "service", "want", "skill", "guide", "toolkit", "project", "space")


def day_word(starts: dt.datetime, now: dt.datetime) -> str:
    """`today`, `tomorrow`, or the day of the week."""
    away = (starts.date() - now.date()).days
    return _("today") if away == 0 else _("tomorrow") if away == 1 else days.short_weekday(starts)


class Home(Page):
    """What are you looking for?"""

    has_session = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._drawn: tuple[Any, str] | None = None
        super().__init__(context, **options)

    def show(self, what: Any) -> None:
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        home = self.context.pulse.home
        if home is None:
            return
        drawn = (self.context.pulse.stamp, self.context.visit.language)
        self._next_session(home.today or self.context.pulse.coming)
        if drawn != self._drawn:
            self._drawn = drawn
            self._tiles(home)
            self._ways(home)
            self._languages(home)

    def _tiles(self, home: Found) -> None:
        grid = self.ids.tiles
        grid.clear_widgets()
        for tile in home.themes:
            grid.add_widget(ThemePress(self.context, tile))

    def _next_session(self, coming: list[Session]) -> None:
        self.has_session = bool(coming)
        card, now = self.ids.session, self.context.pulse.now
        card.context = self.context
        there = bool(coming) and not self.context.theme.tiny
        card.fill_in(coming[0] if there else None, day_word(coming[0].starts, now) if coming and now else "")

    def _ways(self, home: Found) -> None:
        row = self.ids.ways
        row.clear_widgets()
        kinds = [kind for kind in _WAYS if home.kinds.get(kind)]
        theme = self.context.theme
        for kind in kinds[: 1 if theme.tiny else 2 if theme.wide else 4]:
            way = WayPress(icon=icons.KIND[kind], text=wording.kinds(kind))
            way.act = lambda kind=kind: self.context.go.shelf(kind=kind)
            row.add_widget(way)
        row.add_widget(WayPress(icon="view-grid", text=_("All things"), act=lambda: self.context.go.shelf()))
        if theme.tiny:
            row.add_widget(WayPress(icon="shield-outline", text=_("Privacy"), act=self.context.go.privacy))

    def _languages(self, home: Found) -> None:
        box, visit, colours = self.ids.languages, self.context.visit, self.context.theme.c
        box.clear_widgets()
        codes = languages.in_order(home.languages)
        if visit.language:
            codes.insert(0, "")
        if self.context.theme.tiny:
            return
        for code in codes:
            chip = Chip(text=languages.name(code), act=lambda code=code: self.context.go.language(code))
            if code == visit.language:
                chip.fill, chip.ink, chip.line = colours.solid, colours.on_solid, colours.solid
            box.add_widget(chip)
        box.add_widget(PrivacyLink(act=self.context.go.privacy, ink=colours.quiet))
