"""One item: what it is, who made it, what it costs, and the way to take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from kivy.properties import BooleanProperty, ColorProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box, Grid
from kiosk.ui.look.text import Words
from kiosk.ui.look.theme import Theme
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import body, facts, paging  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel, Press
from kiosk.ui.widgets.cards import ItemCard, ItemRow
from kiosk.ui.widgets.slip_state import slip_choice
from kiosk.ui.widgets.tiles import FactLine, FactRow, FactTile
from sync import wording
from sync.records import Item
from sync.replica.read import Card
from sync.sessions import Session
from sync.words import _, joined

kv.load(__file__)

_PICTURE_STEPS: Final = 170
_MOST_DATES: Final = 3


@dataclass(frozen=True)
class Whole:
    """An item with all that is said of it; nothing, when it is not on the shelves."""

    item: Item | None = None
    sessions: list[Session] = field(default_factory=list)
    files_here: int = 0
    km: float | None = None
    similar: list[Card] = field(default_factory=list)


class DatePress(Press):
    """When an event is; leads to what puts that into a calendar."""

    text = StringProperty()
    strong = ColorProperty()


class Part(Box):
    """A part of the page, as high as what is in it."""


class PartName(Words):
    """What the part below it is."""


class ItemScreen(Page):
    """`what` is the item's id."""

    chip = StringProperty()
    title = StringProperty()
    summary = StringProperty()
    words_in = StringProperty()
    """The code of the language of its words, where that is not the screen's."""
    note = StringProperty()
    strong = ColorProperty()
    tint = ColorProperty()
    chip_ink = ColorProperty()
    here = BooleanProperty(False)
    slip_words = StringProperty()
    slip_icon = StringProperty()
    slip_full = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._whole = Whole()
        self._item_id = self._language = ""
        super().__init__(context, **options)

    @property
    def item(self) -> Item | None:
        """What is shown."""
        return self._whole.item

    # -- for the navigator

    def show(self, what: Any) -> None:
        if what == self._item_id and self.here and self._language == self.context.language:
            self._slip_state()  # somebody comes back to where they were
            self._load(first=False)
            return
        self.wipe()
        self._item_id = what
        self._load(first=True)

    def changed(self, same: bool) -> None:
        if not same:
            self._load(first=False)

    def left(self) -> None:
        super().left()
        if self.here:
            self.context.visit.read[self._item_id] = self.ids.reel.read

    def wipe(self) -> None:
        self._whole, self._item_id, self.here = Whole(), "", False
        self.chip = self.title = self.summary = self.note = ""
        for part in (self.ids.dates, self.ids.facts, self.ids.body, self.ids.similar):
            part.clear_widgets()
        self.ids.reel.to_top()

    def sorry(self, error: Exception) -> None:
        if not self.here:
            self.title = _("This cannot be opened just now. Please try again in a minute.")

    # -- the item

    def _load(self, first: bool) -> None:
        shelves, item_id, language = self.context.services.shelves, self._item_id, self.context.visit.language
        before = item_id in self.context.visit.read

        def find() -> Whole:
            item = shelves.item(item_id=item_id)
            if item is None:
                return Whole()
            return Whole(
                item=item,
                sessions=shelves.next_sessions(item, _MOST_DATES) if item.starts else [],
                files_here=shelves.files_here(item),
                km=shelves.distance_km(item),
                similar=shelves.similar(item),
            )

        def found(whole: Whole) -> None:
            self._draw(whole)
            if (item := whole.item) and first and not before:
                self.context.background.forget(lambda: shelves.opened(item, language))

        self.ask("item", find, found)

    def _draw(self, whole: Whole) -> None:
        item, first = whole.item, not self.here
        if item is None:
            self.wipe()
            self.title = _("This is not on the shelves any more.")
            return
        if whole == self._whole and not first:
            return
        context = self.context
        look, words = context.look(item.themes), item.in_language(context.language)
        self._whole, self._language, self.here = whole, context.language, True
        self.strong, self.tint, self.chip_ink = look.strong, look.tint, look.chip
        self.chip = joined((wording.kind(item.kind), look.name))
        self.title, self.summary = words.title, words.summary
        self.words_in = facts.other_language(item, context.language)
        self.note = facts.foreign(item, context.language) or wording.unchecked(item, context.language)
        for picture in (self.ids.picture, self.ids.beside):
            if picture.shown:
                picture.draw(context, item.kind, look, item.picture)
        self._draw_dates()
        self._draw_facts(item)
        self.ids.body.fill_in(words.body, self.chip_ink, self.words_in)
        self._draw_similar()
        self._slip_state()
        reel = self.ids.reel
        reel.back_to(context.visit.read.get(item.id, 0.0) if first else reel.read)

    def _draw_dates(self) -> None:
        part = self.ids.dates
        part.clear_widgets()
        for session in self._whole.sessions:
            act = partial(self.context.go.calendar, session)
            part.add_widget(DatePress(text=wording.when(session), strong=self.chip_ink, act=act))

    def _draw_facts(self, item: Item) -> None:
        part, theme = self.ids.facts, self.context.theme
        part.clear_widgets()
        known = facts.facts(item, here=self._whole.files_here, km=self._whole.km)
        if theme.low:
            panel = Panel(orientation="vertical", edge=theme.c.edge, size_hint_y=None)
            panel.padding, panel.spacing = (theme.u(24), theme.u(18)), theme.u(12)
            panel.bind(minimum_height=panel.setter("height"))
            for fact in known:
                panel.add_widget(FactLine(name=fact.name, value=fact.value, more=fact.more))
            part.add_widget(panel)
            return
        for first in range(0, len(known), 2):
            row = FactRow()
            for fact in known[first : first + 2]:
                row.add_widget(
                    FactTile(icon=fact.icon, name=fact.name, value=fact.value, more=fact.more, strong=self.chip_ink)
                )
            part.add_widget(row)
            row.fit()

    def _draw_similar(self) -> None:
        """At the end, things that are like this one, each a touch away."""
        part, theme, cards = self.ids.similar, self.context.theme, self._whole.similar
        part.clear_widgets()
        if not cards:
            return
        part.add_widget(PartName(text=_("More like this")))
        grid = Grid(cols=1 if theme.squat else 2, spacing=theme.u(12 if theme.low else 20), size_hint_y=None)
        grid.row_default_height, grid.row_force_default = _height_of_similar(theme), True
        grid.bind(minimum_height=grid.setter("height"))
        for card in cards:
            place = ItemRow(context=self.context) if theme.squat else ItemCard(context=self.context)
            place.fill_in(card)
            grid.add_widget(place)
        if len(cards) < grid.cols:
            grid.add_widget(Widget())  # so that one alone is as wide as it would be beside another
        part.add_widget(grid)

    # -- taking it

    def take(self) -> None:
        """To the QR symbol."""
        if self.item:
            self.context.go.take_away(self.item)

    def slip(self) -> None:
        """Put it on the slip, or take it off again."""
        if not self.item:
            return
        visit = self.context.visit
        if visit.on_slip(self.item):
            visit.take_off_slip(self.item)
        else:
            visit.add_to_slip(self.item)
        self._slip_state()
        self.context.go.frame_changed()

    def _slip_state(self) -> None:
        if self.item:
            self.slip_icon, self.slip_words = slip_choice(self.context.visit, self.item)
            self.slip_full = not self.slip_icon


def _height_of_similar(theme: Theme) -> int:
    if theme.squat:
        return ItemRow.least(theme)
    return theme.u(_PICTURE_STEPS) + ItemCard.words_height(theme)
