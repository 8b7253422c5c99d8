"""One item: what it is, who made it, what it costs, and the way to take it."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, StringProperty

from kiosk.ui import facts, kv, languages
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.visit import MOST_ON_SLIP
from kiosk.ui.widgets import body, cards, paging  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.tiles import FactRow, FactTile
from sync import wording
from sync.records import Item
from sync.sessions import Session
from sync.words import _

kv.load(__file__)


class ItemScreen(Page):
    """`what` is the item's id."""

    chip = StringProperty()
    title = StringProperty()
    summary = StringProperty()
    note = StringProperty()
    strong = ColorProperty()
    tint = ColorProperty()
    chip_ink = ColorProperty()
    here = BooleanProperty(False)
    slipped = BooleanProperty(False)
    slip_full = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._item: Item | None = None
        self._item_id = ""
        self._files_here = 0
        super().__init__(context, **options)

    # -- for the navigator

    def show(self, what: Any) -> None:
        self.wipe()
        self._item_id = what
        self._load(first=True)

    def changed(self, same: bool) -> None:
        if not same:
            self._load(first=False)

    def wipe(self) -> None:
        self._item, self._item_id, self.here = None, "", False
        self.chip = self.title = self.summary = self.note = ""
        self.ids.facts.clear_widgets()
        self.ids.body.clear_widgets()
        self.ids.reel.to_top()

    def sorry(self, error: Exception) -> None:
        self.title = _("This cannot be opened just now. Please try again in a minute.")

    # -- the item

    def _load(self, first: bool) -> None:
        shelves, item_id, language = self.context.services.shelves, self._item_id, self.context.visit.language

        def find() -> tuple[Item | None, list[Session], int]:
            item = shelves.item(item_id=item_id)
            if item and first:
                shelves.opened(item, language)
            if item is None:
                return None, [], 0
            return item, shelves.next_sessions(item) if item.starts else [], shelves.files_here(item)

        self.ask("item", find, lambda found: self._draw(*found))

    def _draw(self, item: Item | None, sessions: list[Session], files_here: int) -> None:
        if item is None:
            self.here, self.title = False, _("This is not on the shelves any more.")
            return
        if (self._item, self._files_here) == (item, files_here):
            return
        self._files_here = files_here
        language = self.context.visit.language
        look = self.context.look(item.themes)
        words = item.in_language(language)
        self._item, self.here = item, True
        self.strong, self.tint, self.chip_ink = look.strong, look.tint, look.chip
        self.chip = " · ".join(part for part in (wording.kind(item.kind), look.name) if part)
        self.title, self.summary = words.title, words.summary
        missing = language and language not in item.languages
        self.note = _("In {language}").format(language=languages.name(item.language)) if missing else ""
        for picture in (self.ids.picture, self.ids.beside):
            if picture.shown:
                picture.draw(self.context, item.kind, look, item.picture)
        self._draw_facts(item, sessions, files_here)
        self.ids.body.fill_in(words.body, self.chip_ink)
        self._slip_state()
        self.ids.reel.measure()

    def _draw_facts(self, item: Item, sessions: list[Session], files_here: int) -> None:
        grid = self.ids.facts
        grid.clear_widgets()
        known = facts.facts(item, sessions, files_here)
        columns = 1 if self.context.theme.width < 1000 else 2
        for first in range(0, len(known), columns):
            row = FactRow()
            for fact in known[first : first + columns]:
                row.add_widget(FactTile(icon=fact.icon, name=fact.name, value=fact.value, strong=self.chip_ink))
            grid.add_widget(row)
            row.fit()

    # -- taking it

    def take(self) -> None:
        """To the QR symbol."""
        if self._item:
            self.context.go.take_away(self._item)

    def slip(self) -> None:
        """Put it on the slip, or take it off again."""
        if not self._item:
            return
        visit = self.context.visit
        if visit.on_slip(self._item):
            visit.take_off_slip(self._item)
        else:
            visit.add_to_slip(self._item)
        self._slip_state()
        self.context.go.frame_changed()

    def _slip_state(self) -> None:
        visit = self.context.visit
        self.slipped = bool(self._item and visit.on_slip(self._item))
        self.slip_full = not self.slipped and len(visit.basket) >= MOST_ON_SLIP
