"""My slip: the things put together, a square for each, and one slip for all."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.devices.qr import Matrix, matrix
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import qr
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import (  # noqa: F401 (their classes are used in the .kv file)
    facts,
    fitted,
    paging,
    slip_state,
    symbol,
    way_on,
)
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
    """One thing on the slip; or one that was, to be put back."""

    title = StringProperty()
    words_in = StringProperty()
    about = StringProperty()
    code = StringProperty()
    kept = BooleanProperty(True)
    symbol_px = NumericProperty(0)
    needs = NumericProperty(0)
    """Height in pixels of what is in it."""
    change: Any = ObjectProperty(None, allownone=True)
    """Takes it off, or puts it back."""


class Slip(Page):
    """What is on the slip stands in the visit; what was taken off since the screen was opened stands here too."""

    heading = StringProperty()
    note = StringProperty()
    print_words = StringProperty()
    empty = BooleanProperty(True)
    """Whether nothing is on the slip."""
    bare = BooleanProperty(True)
    """Whether nothing was, either."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._listed: list[Item] = []
        self._symbols: Matrices = {}
        self._even = Clock.create_trigger(self._make_even, -1)
        super().__init__(context, **options)
        state = self.ids.state.__self__
        state.context = context
        if not context.theme.wide:
            state.parent.remove_widget(state)
            self.ids.below.add_widget(state)
        state.bind(picture=self._show_picture, asked=self._name_print, busy=self._name_print)
        self._name_print()

    def show(self, what: Any) -> None:
        if not self.ids.state.is_of(self.context.visit.basket):
            self.ids.state.forget()
        self.ids.reel.to_top()
        self._listed, self._symbols = list(self.context.visit.basket), {}
        self._list()
        self._look_up()

    def changed(self, same: bool) -> None:
        if not same:
            self._look_up()

    def begun(self) -> dict[str, Any]:
        begun: dict[str, Any] = self.ids.state.begun()
        return begun

    def resume(self, begun: dict[str, Any]) -> None:
        self.ids.state.resume(begun)

    def wipe(self) -> None:
        self._listed, self._symbols = [], {}
        self.ids.rows.clear_widgets()
        self.ids.state.forget()
        self.ids.nothing.nothing()
        self.note = ""

    def sorry(self, error: Exception) -> None:
        self.note = _("The squares cannot be made just now. Please ask at the desk.")

    def print_slip(self) -> None:
        """One slip for all."""
        self.ids.state.print_slip(self.context.visit.basket)

    def _name_print(self, *_args: Any) -> None:
        state = self.ids.state
        again = not state.busy and state.is_of(self.context.visit.basket)
        self.print_words = _("Print again") if again else _("Print one slip")

    def _look_up(self) -> None:
        """What is listed, as it is on the shelves now."""
        services, listed, draws = self.context.services, self._listed, not self.context.theme.tiny

        def find() -> tuple[dict[str, Item], Matrices]:
            there = [item for one in listed if (item := services.shelves.item(item_id=one.id))]
            symbols = {item.id: matrix(services.take_away.address(item)) for item in there} if draws else {}
            return {item.id: item for item in there}, symbols

        if listed:
            self.ask("items", find, self._follow)

    def _follow(self, found: tuple[dict[str, Item], Matrices]) -> None:
        """What was withdrawn is off the slip."""
        there, self._symbols = found
        visit, listed = self.context.visit, len(self._listed)
        self._listed = [there[item.id] for item in self._listed if item.id in there]
        visit.basket = [there[item.id] for item in visit.basket if item.id in there]
        if len(self._listed) == listed:
            self._list()
        else:
            self._changed(_("What is not on the shelves any more is off your slip."))

    def _list(self, note: str = "") -> None:
        count = len(self.context.visit.basket)
        self.empty, self.bare = not count, not self._listed
        self.heading = count_of(count, "{} thing on my slip", "{} things on my slip")
        self.note = note or ("" if count else _("Nothing is on your slip now."))
        if self.bare:
            words = note or _("Nothing is on your slip yet. Open something you like and add it.")
            self.ids.nothing.say("playlist-plus", words, _("Look round"), "view-grid")
        else:
            self.ids.nothing.nothing()
        rows = self.ids.rows
        rows.clear_widgets()
        for item in self._listed:
            rows.add_widget(self._row(item))
        self._even()
        self.ids.reel.measure()

    def _make_even(self, *_args: Any) -> None:
        """Those that stand beside each other are equally high."""
        grid = self.ids.rows
        rows = grid.children[::-1]
        for first in range(0, len(rows), grid.cols):
            beside = rows[first : first + grid.cols]
            height = max(row.needs for row in beside)
            for row in beside:
                row.height = height

    def _row(self, item: Item) -> SlipRow:
        kept = self.context.visit.on_slip(item)
        title = item.in_language(self.context.language).title
        words_in = facts.other_language(item, self.context.language)
        about, code = wording.one_line(item), codes.show(item.code)
        row = SlipRow(title=title, words_in=words_in, about=about, code=code, kept=kept)
        row.bind(needs=self._even)
        row.change = (lambda: self._remove(item)) if kept else (lambda: self._put_back(item))
        if modules := self._symbols.get(item.id):
            row.symbol_px = qr.least_side_px(len(modules), self.context.theme.mm(LEAST_MM))
            row.ids.symbol.draw(modules)
        return row

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
        self._changed()

    def _put_back(self, item: Item) -> None:
        visit = self.context.visit
        before = self._listed[: self._listed.index(item)]
        visit.put_back(item, sum(visit.on_slip(other) for other in before))
        self._changed()

    def _changed(self, note: str = "") -> None:
        if not self.ids.state.busy:
            self.ids.state.forget()  # what was printed is another slip
        self.context.go.frame_changed()
        self._list(note)
