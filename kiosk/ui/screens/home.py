"""Where a visit begins: search, themes, what is on next, and the other ways in."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from kivy.properties import BooleanProperty

from kiosk.services.shelves import Home as Found
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import icons
from kiosk.ui.look.theme import Theme
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets.cards import ThemePress
from kiosk.ui.widgets.fitted import keep_alike
from kiosk.ui.widgets.ways_in import LanguageWay, NextSession, WayPress
from sync import days, wording
from sync.sessions import Session
from sync.words import _, count_of

kv.load(__file__)

_WAYS: Final = ("event", "news", "app", "offer", "service", "want", "skill", "guide", "toolkit", "project", "space")
_LARGE: Final = 1.1
"""Text larger than this leaves less room for the rest."""


def day_word(starts: dt.datetime, now: dt.datetime) -> str:
    """`today`, `tomorrow`, or the day of the week."""
    away = (starts.date() - now.date()).days
    return _("today") if away == 0 else _("tomorrow") if away == 1 else days.short_weekday(starts)


class Home(Page):
    """What are you looking for?"""

    squat = BooleanProperty(False)
    """Whether it stands upright and has little height, as when all is brought lower."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._drawn: tuple[Any, str] | None = None
        self._own: LanguageWay | None = None
        super().__init__(context, **options)
        self._session = NextSession(context=context, height=_session_height(context.theme))
        self._ways_in = self.ids.ways.__self__

    def show(self, what: Any) -> None:
        self.changed(same=False)

    def tells(self) -> str:
        """That the shelves are not fresh, which stands at the top of the screen."""
        return "" if self.context.pulse.fresh else self.context.pulse.freshness

    def changed(self, same: bool) -> None:
        home = self.context.pulse.home
        if home is None:
            return
        drawn = (self.context.pulse.stamp, self.context.visit.language)
        if drawn != self._drawn:
            self._drawn = drawn
            self._tiles(home)
            self._own_language(home)
            self._ways(home)
        self._next_session(home.today or self.context.pulse.coming)

    def _tiles(self, home: Found) -> None:
        tiles = [ThemePress(self.context, tile) for tile in home.themes]
        self.ids.tiles.clear_widgets()
        for tile in tiles:
            self.ids.tiles.add_widget(tile)
        if not self.context.theme.low:  # where a long word may have to be very small
            keep_alike([tile.ids.title for tile in tiles])

    def _own_language(self, home: Found) -> None:
        """A way to all that is in the language which was chosen, where there is some."""
        code, self._own = self.context.visit.language, None
        if count := home.languages.get(code, 0) if code else 0:
            words = f"{count}" if self.context.theme.low else count_of(count, "{} thing", "{} things")
            self._own = LanguageWay(text=_("In your language"), count=words)
            self._own.act = lambda: self.context.go.shelf(f"language:{code}")

    def _next_session(self, coming: list[Session]) -> None:
        now = self.context.pulse.now
        there = bool(coming) and not (self.context.theme.tiny or self.squat)
        self._session.fill_in(coming[0] if there else None, day_word(coming[0].starts, now) if there and now else "")
        side = [way for way in (self._own, self._session if there else None, self._ways_in) if way is not None]
        if side != list(reversed(self.ids.side.children)):
            self.ids.side.clear_widgets()
            for way in side:
                self.ids.side.add_widget(way)

    def _ways(self, home: Found) -> None:
        row, theme, go = self._ways_in, self.context.theme, self.context.go
        row.clear_widgets()
        kinds = [kind for kind in _WAYS if home.kinds.get(kind)][: self._most_kinds(theme)]
        for kind in kinds:
            row.add_widget(WayPress(icon=icons.KIND[kind], text=wording.kinds(kind)))
            row.children[0].act = lambda kind=kind: go.shelf(kind=kind)
        if not (theme.tiny and self._own):
            row.add_widget(WayPress(icon="view-grid", text=_("All things"), act=lambda: go.shelf()))
        row.add_widget(WayPress(icon="shield-outline", text=_("Privacy"), act=go.privacy))
        keep_alike([way.ids.words for way in row.children])

    def _most_kinds(self, theme: Theme) -> int:
        """So many there is room for, beside all things and privacy."""
        crowded = self._own is not None or (theme.text_scale > _LARGE and not theme.low)
        if theme.tiny or self.squat:
            return 1
        if theme.wide:
            return 2 if crowded else 4
        return 1 if crowded else 4


def _session_height(theme: Theme) -> int:
    """Room for when and what; larger text needs more of it."""
    return theme.u(100) if theme.low else theme.u(156 * min(1.15, max(1.0, theme.text_scale)))
