"""A shelf: cards, two or more a row, a page at a time, narrowed to what somebody wants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kivy.clock import Clock
from kivy.properties import ColorProperty, StringProperty

from kiosk.ui import kv, wishes
from kiosk.ui.look import icons, languages
from kiosk.ui.look.theme import Look, look_of
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import list_head, paging, way_on  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.cards import ItemCard, ItemPress, ItemRow
from kiosk.ui.widgets.filters import FilterRow, WishSheet
from kiosk.ui.wishes import Wish
from sync import wording
from sync.replica.filters import EVERYTHING, Filters
from sync.replica.read import Card
from sync.replica.read import Page as Found
from sync.words import _, count_of

kv.load(__file__)

Shown = tuple[str, str, Filters, str]
"""What is drawn: the shelf, the kind it was opened with, what it is narrowed to, the language."""


class Shelf(Page):
    """`what` is the shelf's name and the kind it was opened with, both may be empty."""

    title = StringProperty()
    count = StringProperty()
    sign = StringProperty()
    strong = ColorProperty()

    def __init__(self, context: Any, **options: Any) -> None:
        self._name, self._fixed = "", ""
        self._drawn: Shown | None = None
        self._cards: list[ItemPress] = []
        self._to_come: dict[ItemPress, Card] = {}
        self._wanted_here: list[Wish] = []
        self._sheet: WishSheet | None = None
        super().__init__(context, **options)
        self.strong = context.theme.c.brand
        self._row = FilterRow(context, open=self._open_sheet)
        self.ids.head.add_widget(self._row)
        self._fit = Clock.create_trigger(self._fitted, -1)
        self._rest = Clock.create_trigger(self._fill_rest)
        self.ids.grid.bind(size=self._fit)
        self.ids.pager.turn = self._turn

    # -- for the navigator

    def show(self, what: Any) -> None:
        self._name, self._fixed = what
        look = self._look()
        self.title, self.sign, self.strong = look.name, look.icon, look.strong
        self.ids.head.asks = not self._fixed
        if self._drawn != self._shown:  # somebody who comes back finds it as it was
            self.count = ""
            self.ids.empty.nothing()
            self._offer([])
            self._fill(None)
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        if not same:
            self._ask_for_wishes()
            self._load()

    def left(self) -> None:
        super().left()
        self._close_sheet()

    def wipe(self) -> None:
        self.title = self.count = ""
        self.ids.empty.nothing()
        self._close_sheet()
        self._offer([])
        self._fill(None)

    def sorry(self, error: Exception) -> None:
        self._fill(None)
        words = _("That shelf cannot be opened just now. Please try again in a minute.")
        self.ids.empty.say("alert-circle-outline", words)

    def go_on(self) -> None:
        """From where nothing is: everything on this shelf, or the other shelves."""
        if self._filters != EVERYTHING:
            self._choose(EVERYTHING)
        else:
            self.context.go.home()

    # -- pages

    @property
    def _filters(self) -> Filters:
        """None where the shelf is of one kind: it has no row of them to take one off again."""
        return EVERYTHING if self._fixed else self.context.visit.narrowed.get(self._name, EVERYTHING)

    @property
    def _wanted(self) -> Filters:
        return replace(self._filters, kind=self._fixed) if self._fixed else self._filters

    @property
    def _shown(self) -> Shown:
        return self._name, self._fixed, self._filters, self.context.language

    @property
    def _key(self) -> str:
        return f"{self._name}/{self._fixed}"

    def _fitted(self, _dt: float = 0) -> None:
        """As many cards as there is room for."""
        theme, grid = self.context.theme, self.ids.grid
        if grid.height < 50:
            return
        sort = ItemRow if theme.wide else ItemCard
        between = grid.spacing[1]
        rows = max(1, int((grid.height + between) // (sort.least(theme) + between)))
        needed = rows * grid.cols
        if needed == len(self._cards):
            return
        grid.clear_widgets()
        self._cards = [sort(context=self.context) for _ in range(needed)]
        for card in self._cards:
            grid.add_widget(card)
        self._fill(None)
        if self.manager and self.manager.current == self.name:
            self._load()

    def _turn(self, page: int) -> None:
        self.context.visit.pages[self._key] = page * len(self._cards)
        self._load()

    def _load(self) -> None:
        if not self._cards:
            self._fitted()
            return
        shelves, name, limit, wanted = self.context.services.shelves, self._name, len(self._cards), self._wanted
        offset = self.context.visit.pages.get(self._key, 0) // limit * limit
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
        self._tell_empty(found.total == 0)
        self._fill(found)

    def _tell_empty(self, empty: bool) -> None:
        telling = self.ids.empty
        if not empty:
            telling.nothing()
        elif self._filters != EVERYTHING:
            words = _("Nothing here fits all that you chose.")
            telling.say("magnify", words, _("Show everything here"), "close")
        else:
            words = _("Nothing here just now. Have a look at the other shelves.")
            telling.say("package-variant", words, _("The other shelves"), "home")

    def _fill(self, found: Found | None) -> None:
        """In two frames: the words of a whole shelf take longer than one has to lay out and draw."""
        self._drawn = self._shown if found else None
        self._rest.cancel()
        cards = list(found.cards) if found else []
        half = len(cards) // 2
        self._to_come = dict(zip(self._cards[half:], cards[half:], strict=False))
        for at, place in enumerate(self._cards):
            if place not in self._to_come:
                place.fill_in(cards[at] if at < half else None)
        if self._to_come:
            self._rest()

    def _fill_rest(self, _dt: float) -> None:
        for place, card in self._to_come.items():
            place.fill_in(card)

    # -- what it is narrowed to

    def _ask_for_wishes(self) -> None:
        if self._fixed:
            return
        shelves, name, filters = self.context.services.shelves, self._name, self._filters
        self.ask("wishes", lambda: wishes.worth_offering(shelves, "", filters, name), self._offer)

    def _offer(self, wanted: list[Wish]) -> None:
        self._wanted_here = [wish for wish in wanted if not (wish.about == wishes.THEME and self._name)]
        self._row.offer(self._wanted_here, self._filters, self._choose)
        if self._sheet is not None:
            self._sheet.offer(self._wanted_here, self._filters, self._choose)

    def _open_sheet(self) -> None:
        """Every filter there is."""
        if self._sheet is None:
            self._sheet = WishSheet(self.context, done=self._close_sheet)
            self.add_widget(self._sheet)
        self._offer(self._wanted_here)

    def _close_sheet(self, *_args: Any) -> None:
        if self._sheet is not None:
            self.remove_widget(self._sheet)
            self._sheet = None

    def _choose(self, filters: Filters) -> None:
        self.context.visit.narrowed[self._name] = filters
        self.context.visit.pages.pop(self._key, None)
        self._offer(self._wanted_here)
        self._ask_for_wishes()
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
        name = wording.kinds(self._fixed) if self._fixed else _("Everything")
        return Look(name, icons.KIND.get(self._fixed, "view-grid"), plain.strong, plain.tint, plain.chip)
