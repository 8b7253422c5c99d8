"""A shelf: cards, two or more a row, a page at a time."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ColorProperty, StringProperty

from kiosk.ui import icons, kv, languages
from kiosk.ui.screens.page import Page
from kiosk.ui.theme import Look, look_of
from kiosk.ui.widgets import paging  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Chip
from kiosk.ui.widgets.cards import ItemCard, ItemPress, ItemRow
from sync import wording
from sync.replica.filters import Filters
from sync.replica.read import Page as Found
from sync.words import _, count_of

kv.load(__file__)

_CARD_STEPS = 348
_LOW_CARD_STEPS = 96


class Shelf(Page):
    """`what` is the shelf's name and the kind it was opened with, both may be empty."""

    title = StringProperty()
    count = StringProperty()
    sign = StringProperty()
    note = StringProperty()
    strong = ColorProperty()

    def __init__(self, context: Any, **options: Any) -> None:
        self._name, self._kind, self._fixed = "", "", ""
        self._kinds: dict[str, int] = {}
        self._cards: list[ItemPress] = []
        super().__init__(context, **options)
        self.strong = context.theme.c.brand
        self._fit = Clock.create_trigger(self._fitted, -1)
        self.ids.grid.bind(size=self._fit)
        self.ids.pager.turn = self._turn

    # -- for the navigator

    def show(self, what: Any) -> None:
        self._name, self._fixed = what
        self._kind = self._fixed
        self.note = ""
        look = self._look()
        self.title, self.sign, self.strong = look.name, look.icon, look.strong
        self.count = ""
        self.ids.chips.clear_widgets()
        self._fill(None)
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        shelves, name = self.context.services.shelves, self._name
        if not same:
            self.ask("kinds", lambda: shelves.kinds(name), self._show_kinds)
            self._load()

    def wipe(self) -> None:
        self.title = self.count = self.note = ""
        self._fill(None)

    def sorry(self, error: Exception) -> None:
        self.note = _("That shelf cannot be opened just now. Please try again in a minute.")

    # -- pages

    @property
    def _key(self) -> str:
        return f"{self._name}/{self._kind}"

    def _fitted(self, _dt: float = 0) -> None:
        """As many cards as there is room for."""
        theme, grid = self.context.theme, self.ids.grid
        if grid.height < 50:
            return
        step = theme.u(_LOW_CARD_STEPS if theme.low else _CARD_STEPS) + theme.gap
        rows = max(1, int((grid.height + theme.gap) // step))
        needed = rows * grid.cols
        if needed == len(self._cards):
            return
        grid.clear_widgets()
        sort = ItemRow if theme.low else ItemCard
        self._cards = [sort(context=self.context) for _ in range(needed)]
        for card in self._cards:
            grid.add_widget(card)
        self._fill(None)
        if self.manager and self.manager.current == self.name:
            self._load()

    def _turn(self, page: int) -> None:
        self.context.visit.pages[self._key] = page
        self._load()

    def _load(self) -> None:
        if not self._cards:
            self._fitted()
            return
        shelves, name, limit = self.context.services.shelves, self._name, len(self._cards)
        wanted = Filters(kind=self._kind)
        offset = self.context.visit.pages.get(self._key, 0) * limit
        self.ask("cards", lambda: shelves.shelf(name, filters=wanted, offset=offset, limit=limit), self._show_cards)

    def _show_cards(self, found: Found) -> None:
        size = len(self._cards)
        pages = max(1, -(-found.total // size))
        page = found.offset // size
        if page >= pages:  # the shelf has become shorter
            self._turn(pages - 1)
            return
        self.ids.pager.pages, self.ids.pager.page = pages, page
        self.ids.pager.on_page()
        self.count = count_of(found.total, "{} thing to take away", "{} things to take away")
        self.note = "" if found.total else _("Nothing here just now. Have a look at the other shelves.")
        self._fill(found)

    def _fill(self, found: Found | None) -> None:
        cards = found.cards if found else []
        for at, place in enumerate(self._cards):
            place.fill_in(cards[at] if at < len(cards) else None)

    # -- kinds

    def _show_kinds(self, kinds: dict[str, int]) -> None:
        self._kinds = kinds
        row = self.ids.chips
        row.clear_widgets()
        if self._fixed or len(kinds) < 2 or self.context.theme.tiny:
            return
        room = self.width - 2 * self.context.theme.margin
        for kind in ["", *kinds]:
            chip = self._chip(kind)
            room -= chip.width + row.spacing
            if room < 0:
                break
            row.add_widget(chip)

    def _chip(self, kind: str) -> Chip:
        text = wording.kinds(kind) if kind else _("All")
        chip = Chip(text=text, act=lambda: self._choose(kind))
        if kind == self._kind:
            colours = self.context.theme.c
            chip.fill, chip.ink, chip.line = colours.solid, colours.on_solid, colours.solid
        chip.ids.label.texture_update()
        chip.width = chip.ids.label.texture_size[0] + self.context.theme.u(64)
        return chip

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._show_kinds(self._kinds)
        self._load()

    # -- looks

    def _look(self) -> Look:
        sort, _colon, key = self._name.partition(":")
        colours = self.context.theme.c
        if sort == "theme":
            return self.context.look([key])
        plain = look_of(None, colours)
        if sort == "language":
            return Look(languages.name(key), "translate", plain.strong, plain.tint, plain.chip)
        name = wording.kinds(self._kind) if self._kind else _("Everything")
        return Look(name, icons.KIND.get(self._kind, "view-grid"), plain.strong, plain.tint, plain.chip)
