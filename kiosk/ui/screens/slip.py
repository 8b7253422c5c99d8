"""My slip: the things put together, a square for each, and one slip for all."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.devices.qr import Matrix, matrix
from kiosk.ui import kv, qr
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import paging, slip_state, symbol  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel
from kiosk.ui.widgets.slip_state import SlipPicture
from sync import codes, wording
from sync.records import Item
from sync.words import _, count_of

kv.load(__file__)

LEAST_MM = 40.0
"""Width of a symbol that phones read from an arm's length."""
_PICTURE_STEPS = 480
Matrices = dict[str, Matrix]


class SlipRow(Panel):
    """One thing on the slip."""

    title = StringProperty()
    about = StringProperty()
    code = StringProperty()
    remove: Any = ObjectProperty(None, allownone=True)


class Slip(Page):
    """What is on the slip stands in the visit."""

    heading = StringProperty()
    note = StringProperty()
    empty = BooleanProperty(True)

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.ids.state.context = context
        self.ids.state.bind(picture=self._show_picture)

    def show(self, what: Any) -> None:
        self.ids.state.forget()
        self.ids.reel.to_top()
        self._list()

    def wipe(self) -> None:
        self.ids.reel.column.clear_widgets()
        self.ids.state.forget()
        self.note = ""

    def sorry(self, error: Exception) -> None:
        self.note = _("The squares cannot be made just now. Please ask at the desk.")

    def print_slip(self) -> None:
        """One slip for all."""
        self.ids.state.print_slip(self.context.visit.basket)

    def _list(self) -> None:
        items = list(self.context.visit.basket)
        self.empty = not items
        self.heading = count_of(len(items), "{} thing on my slip", "{} things on my slip")
        self.note = "" if items else _("Nothing is on your slip yet. Open something you like and add it.")
        self._rows(items, {})
        address = self.context.services.take_away.address
        if items and not self.context.theme.tiny:
            self.ask(
                "addresses",
                lambda: {item.id: matrix(address(item)) for item in items},
                lambda found: self._rows(items, found),
            )

    def _rows(self, items: list[Item], symbols: Matrices) -> None:
        column = self.ids.reel.column
        column.clear_widgets()
        for item in items:
            title = item.in_language(self.context.visit.language).title
            row = SlipRow(title=title, about=wording.one_line(item), code=codes.show(item.code))
            row.remove = lambda item=item: self._remove(item)
            if modules := symbols.get(item.id):
                side = qr.least_side_px(len(modules), self.context.theme.mm(LEAST_MM))
                row.ids.symbol.size = (side, side)
                row.ids.symbol.draw(modules)
            column.add_widget(row)
        self.ids.reel.measure()

    def _show_picture(self, _state: Any, texture: Any) -> None:
        """The slip as it would be printed stands over the list."""
        reel = self.ids.reel
        for shown in [row for row in reel.column.children if isinstance(row, SlipPicture)]:
            reel.column.remove_widget(shown)
        if texture:
            width = min(self.context.theme.u(_PICTURE_STEPS), reel.width)
            height = width * texture.height / texture.width
            shown = SlipPicture(texture=texture, size_hint_y=None, height=height)
            reel.column.add_widget(shown, index=len(reel.column.children))
            reel.to_top()

    def _remove(self, item: Item) -> None:
        self.context.visit.take_off_slip(item)
        self.context.go.frame_changed()
        self._list()
