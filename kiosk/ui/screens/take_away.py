"""One item to take away: its QR symbol at once, its code, and a slip on paper."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, StringProperty

from kiosk.devices.qr import Matrix, matrix
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import facts, fitted, slip_state, symbol  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.slip_state import slip_choice
from sync import codes, wording
from sync.records import Item
from sync.words import _, joined

kv.load(__file__)

Square = tuple[Matrix, str]
"""The symbol, and what to type where there is no camera."""


class HowTo(Box):
    """What to do with the square, and what to type where there is no camera."""

    note = StringProperty()
    typed = StringProperty()
    code = StringProperty()
    align = StringProperty("center")
    shown = BooleanProperty(True)


class TakeAway(Page):
    """`what` is the item."""

    title = StringProperty()
    words_in = StringProperty()
    """The code of the language of its title, where that is not the screen's."""
    code = StringProperty()
    typed = StringProperty()
    note = StringProperty()
    about = StringProperty()
    """What it is that opens."""
    ready = BooleanProperty(False)
    slip_words = StringProperty()
    slip_icon = StringProperty()
    strong = ColorProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._item: Item | None = None
        super().__init__(context, **options)
        self.strong = context.theme.c.brand
        self.ids.state.context = context

    def show(self, what: Any) -> None:
        if self._item is None or self._item.id != what.id:
            self.wipe()
        self._draw_words(what)
        services, item = self.context.services, what

        def found(square: Square) -> None:
            self._draw_square(square)
            self.context.background.forget(lambda: services.take_away.shown(item))

        self.ask("square", lambda: self._square(item), found)

    def changed(self, same: bool) -> None:
        if same or self._item is None:
            return
        shelves, item_id = self.context.services.shelves, self._item.id

        def find() -> tuple[Item, Square] | None:
            item = shelves.item(item_id=item_id)
            return (item, self._square(item)) if item else None

        self.ask("square", find, self._follow)

    def begun(self) -> dict[str, Any]:
        slip = self.ids.state.begun()
        return {"item": self._item, "slip": slip} if slip else {}

    def resume(self, begun: dict[str, Any]) -> None:
        self._item = begun["item"]
        self.ids.state.resume(begun["slip"])

    def wipe(self) -> None:
        self._item, self.ready = None, False
        self.title = self.code = self.typed = self.note = self.about = self.slip_icon = self.slip_words = ""
        self.ids.symbol.draw(None)
        self.ids.state.forget()

    def sorry(self, error: Exception) -> None:
        self.note = _("This cannot be taken away just now. Please ask at the desk.")

    def print_slip(self) -> None:
        """A slip with this item."""
        if self._item:
            self.ids.state.print_slip([self._item])

    def slip(self) -> None:
        """Put it with the other things on the slip, or take it off again."""
        visit = self.context.visit
        if self._item and visit.on_slip(self._item):
            visit.take_off_slip(self._item)
        elif self._item:
            visit.add_to_slip(self._item)
        self._slip_state()
        self.context.go.frame_changed()

    def _slip_state(self) -> None:
        if self._item:
            self.slip_icon, self.slip_words = slip_choice(self.context.visit, self._item)

    # -- what it shows

    def _square(self, item: Item) -> Square:
        take_away = self.context.services.take_away
        return matrix(take_away.address(item)), take_away.typed_address()

    def _follow(self, found: tuple[Item, Square] | None) -> None:
        """The item as it is now; nothing leads any more to one that was withdrawn."""
        if found:
            self._draw_words(found[0])
            self._draw_square(found[1])
            return
        if self._item:
            self.context.visit.take_off_slip(self._item)
        self.wipe()
        self.note = _("This is not on the shelves any more.")
        self.context.go.frame_changed()

    def _draw_words(self, item: Item) -> None:
        self._item = item
        self.title = item.in_language(self.context.language).title
        self.words_in = facts.other_language(item, self.context.language)
        self.about = joined((wording.kind(item.kind), wording.what_you_get(item)))
        self.strong = self.context.look(item.themes).strong
        self._slip_state()

    def _draw_square(self, square: Square) -> None:
        if self._item:
            modules, typed = square
            self.ids.symbol.draw(modules)
            self.code, self.typed, self.note, self.ready = codes.show(self._item.code), typed, "", True
