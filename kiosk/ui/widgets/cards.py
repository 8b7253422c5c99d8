"""Items as they stand on a shelf, and theme tiles."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, ObjectProperty, StringProperty

from kiosk.services.shelves import ThemeTile
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.text import Drawn
from kiosk.ui.theme import look_of
from kiosk.ui.widgets import fitted, picture  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync import wording
from sync.replica.read import Card
from sync.sessions import Session
from sync.words import _, count_of

kv.load(__file__)


class ChipMark(Drawn):
    """Kind and price in a line, on the shelf's tint."""

    tint = ColorProperty()


class ItemPress(Press):
    """An item to open; drawn by `fill_in`."""

    title = StringProperty()
    maker = StringProperty()
    summary = StringProperty()
    chip = StringProperty()
    tint = ColorProperty()
    strong = ColorProperty()
    context: Context = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        self._item_id = ""
        super().__init__(**options)

    def fill_in(self, card: Card | None) -> None:
        """Show this card; None empties the place."""
        self.shown(card is not None)
        if card is None:
            self._item_id = self.title = self.maker = self.chip = self.summary = ""
            return
        words = card.in_language(self.context.visit.language)
        look = self.context.look(card.themes)
        self._item_id = card.id
        self.title, self.summary = words.title, words.summary
        self.maker = card.maker.name if card.maker else ""
        self.chip = " · ".join(wording.chip(card).split(" · ")[:2])  # without the price's note
        self.tint, self.strong = look.tint, look.chip
        self.ids.picture.draw(self.context, card.kind, look, card.picture)

    def on_release(self) -> None:
        if self._item_id:
            self.context.go.item(self._item_id)


class ItemCard(ItemPress):
    """A card: picture above, title, maker, chip."""


class ItemRow(ItemPress):
    """A row: a small picture at the left."""


class ThemePress(Press):
    """A theme's tile."""

    name = StringProperty()
    count = StringProperty()
    icon = StringProperty()

    def __init__(self, context: Context, tile: ThemeTile, **options: Any) -> None:
        self._given, self._key = context, tile.theme.key
        super().__init__(**options)
        look = look_of(tile.theme, context.theme.c, context.visit.language)
        self.name, self.icon, self.fill = look.name, look.icon, look.strong
        self.count = count_of(tile.count, "{} thing", "{} things")

    def on_release(self) -> None:
        self._given.go.shelf(f"theme:{self._key}")


class SessionPress(Press):
    """One session: when, what; opens the event."""

    time = StringProperty()
    day = StringProperty()
    title = StringProperty()
    summary = StringProperty()
    strong = ColorProperty()
    context: Context = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        self._item_id = ""
        super().__init__(**options)

    def fill_in(self, session: Session | None, day: str = "") -> None:
        """Show this session; None empties the place."""
        self.shown(session is not None)
        if session is None:
            self._item_id = self.time = self.day = self.title = self.summary = ""
            return
        event = session.event
        words = event.in_language(self.context.visit.language)
        self._item_id, self.title, self.day = event.id, words.title, day
        self.time = f"{session.starts:%H:%M}"
        self.summary = _("Until {time}. {summary}").format(time=f"{session.ends:%H:%M}", summary=words.summary)
        self.strong = self.context.look(event.themes).chip

    def on_release(self) -> None:
        if self._item_id:
            self.context.go.item(self._item_id)
