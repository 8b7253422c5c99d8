"""One item to take away: its QR symbol at once, its code, and a slip on paper."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, StringProperty

from kiosk.devices.qr import Matrix, matrix
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import fitted, slip_state, symbol  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.slip_state import slip_choice
from sync import codes, wording
from sync.records import Item
from sync.words import _, joined

kv.load(__file__)


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
        self._item = what
        self.title = what.in_language(self.context.language).title
        self.about = joined((wording.kind(what.kind), wording.what_you_get(what)))
        self.strong = self.context.look(what.themes).strong
        self._slip_state()
        services, item = self.context.services, what

        def address() -> tuple[Matrix, str]:
            return matrix(services.take_away.address(item)), services.take_away.typed_address()

        def found(square: tuple[Matrix, str]) -> None:
            self._draw(*square)
            self.context.background.forget(lambda: services.take_away.shown(item))

        self.ask("address", address, found)

    def wipe(self) -> None:
        self._item, self.ready = None, False
        self.title = self.code = self.typed = self.note = self.about = ""
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

    def _draw(self, modules: Matrix, typed: str) -> None:
        if self._item:
            self.ids.symbol.draw(modules)
            self.code, self.typed, self.note, self.ready = codes.show(self._item.code), typed, "", True
