"""Search: a field, a keyboard, and what fits so far."""

from __future__ import annotations

from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.ui import finding, kv, wishes
from kiosk.ui.context import Context
from kiosk.ui.finding import Finding
from kiosk.ui.keyboard import keyboard, layouts, typed  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.look import text
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import query_field  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Tap
from kiosk.ui.widgets.cards import ItemRow
from kiosk.ui.widgets.filters import FilterRow, WishSheet
from kiosk.ui.widgets.look_round import LookRound
from kiosk.ui.widgets.paging import Pager, SidePager
from kiosk.ui.widgets.suggestions import Suggestions
from kiosk.ui.wishes import Wish
from sync.replica.filters import EVERYTHING, Filters
from sync.replica.read import Card
from sync.words import _, count_of

kv.load(__file__)

_LONGEST: Final = 60
_ROW_STEPS: Final = 132
_LOW_ROW_STEPS: Final = 112
_ROOM_FOR_BOTH: Final = 1400
"""Height in steps that an upright screen needs to show keys and what was found together."""
_BACKSPACE: Final = 8


class FoundPane(Box):
    """What was found, a page at a time."""


class FiltersTap(Tap):
    """The way to the filters, where no row has room for them."""


class Side(Box):
    """What stands beside the list, where height is short."""


class KeysPane(Box):
    """Suggestions and keys."""


class Search(Page):
    """The query stands in the visit, so that it is still there after a look at an item."""

    takes_text = says_slow = True
    query = StringProperty()
    found_words = StringProperty()
    state = StringProperty("empty")
    """`empty`, `found`, `nothing` or `sorry`."""
    typing = BooleanProperty(True)
    """Where keyboard and results cannot both be seen: whether it is the keyboard that is."""
    switches = BooleanProperty(False)
    switch_words = StringProperty()
    """What the button that changes between the two says; empty where there is none."""
    gap = NumericProperty(0)
    beside = NumericProperty(0)
    """Width of what stands beside the field, in pixels."""
    under = NumericProperty(0)
    """Height of what stands under the field, in pixels."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._cards: list[Card] = []
        self._rows: list[ItemRow] = []
        self._tries: list[str] = []
        self._finding: Finding | None = None
        self._offered: list[Wish] = []
        self._sheet: WishSheet | None = None
        super().__init__(context, **options)
        theme = context.theme
        self.switches = theme.low or (not theme.wide and theme.height < _ROOM_FOR_BOTH)
        self._found_pane, self._keys_pane = FoundPane(), KeysPane()
        self._look_round = LookRound(context, take=self._set, choose=self.choose)
        self._suggestions = Suggestions()
        self._keys = self._keys_pane.ids.keyboard.__self__
        place = self.ids.field.ids.added if theme.tiny else self._keys_pane.ids.over
        place.add_widget(self._suggestions)
        self._filter_row = FilterRow(context, short=theme.tiny, open=self.open_sheet)
        self._place_filters()
        self._soon = Clock.create_trigger(self._search, theme.typing_s)
        self._fit = Clock.create_trigger(self._fitted, -1)
        self._found_pane.ids.results.bind(size=self._fit)
        self._pager = SidePager(turn=self._turn) if theme.low else Pager(turn=self._turn)
        side = self._found_pane
        if theme.tiny:
            side = Side()
            side.add_widget(FiltersTap(act=self.open_sheet))
            self._found_pane.add_widget(side)
        side.add_widget(self._pager)
        self._keys.bind(on_key=lambda _keys, key: self.touched(key))
        self._begin_keys()
        self.bind(state=self._arrange, typing=self._arrange, found_words=self._arrange)
        self.bind(typing=lambda *_: self._offer())

    def _place_filters(self) -> None:
        """Beside the field where there is width, else under it."""
        theme, row = self.context.theme, self._filter_row
        if theme.tiny:
            self.ids.beside.add_widget(row)
            row.bind(needs=lambda _row, needs: setattr(self, "beside", needs))
        elif theme.wide and not theme.low:
            self.ids.beside.add_widget(row)
            self.beside = self._keys_pane.width
        else:
            self.ids.under.add_widget(row)
            row.bind(height=lambda _row, height: setattr(self, "under", height))

    @property
    def asked(self) -> str:
        """What was searched for last."""
        return self._finding.query if self._finding else ""

    # -- for the navigator

    def show(self, what: Any) -> None:
        Window.bind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        visit = self.context.visit
        self.query = visit.query
        self.typing = not (self.switches and self.query)
        self._begin_keys()
        self._shelves()
        self._search()

    def changed(self, same: bool) -> None:
        if not same:
            self._shelves()
            self._search()

    def left(self) -> None:
        Window.unbind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        self._soon.cancel()
        self.close_sheet()
        super().left()
        in_vain, counted = self._finding.in_vain if self._finding else "", self.context.visit.in_vain
        if in_vain and in_vain not in counted:
            counted.add(in_vain)
            self.context.background.forget(lambda: self.context.services.shelves.searched_in_vain(in_vain))

    def wipe(self) -> None:
        self.query = self.found_words = ""
        self.state, self.typing = "empty", True
        self._cards, self._finding, self._offered = [], None, []
        self._fill()
        self._suggestions.offer([], self.take)
        self._filter_row.offer([], EVERYTHING, self.choose)
        text.forget()

    def sorry(self, error: Exception) -> None:
        self.state = "sorry"
        self._arrange()

    def tells(self) -> str:
        """How much was found."""
        return self.found_words if self.state == "found" else ""

    # -- typing

    def _begin_keys(self) -> None:
        self._keys.begin(self.context.language)

    def touched(self, key: Key) -> None:
        """A key on the screen was touched."""
        if key.name == layouts.DELETE:
            self._set(typed.without_last(self.query))
        elif key.name == layouts.CLEAR:
            self._set("")
        else:
            self._set(self.query + key.types)

    def take(self, word: str) -> None:
        """A suggestion was touched."""
        self._set(typed.with_last_word(self.query, word))

    def type_again(self) -> None:
        """The keys come back."""
        self.typing = True

    def switch(self) -> None:
        """From the keys to what was found, or back."""
        self.typing = not self.typing

    def _set(self, query: str) -> None:
        self.query = self.context.visit.query = typed.cut(query.lstrip(), _LONGEST)
        self.context.visit.pages.pop("search", None)
        self._soon()

    def _hardware_text(self, _window: Any, letters: str) -> None:
        if letters.isprintable():
            self._set(self.query + letters)

    def _hardware_key(self, _window: Any, key: int, *_args: Any) -> None:
        """Text and Backspace; all other keys are for the focus."""
        if key == _BACKSPACE:
            self._set(typed.without_last(self.query))

    def entered(self) -> bool:
        """Enter, with nothing in focus: shows what was found; returns whether that was all it was for."""
        if not (self.switches and self.typing and self._cards):
            return False
        self.typing = False
        return True

    # -- filters

    def choose(self, filters: Filters) -> None:
        """This is wanted besides the words."""
        self.context.visit.filters = filters
        self.context.visit.pages.pop("search", None)
        self._offer()
        self._search()

    def open_sheet(self) -> None:
        """Every filter there is."""
        if self._sheet is None:
            self._sheet = WishSheet(self.context, done=self.close_sheet)
            self.add_widget(self._sheet)
        self._offer()

    def close_sheet(self) -> None:
        """Back to what was found."""
        if self._sheet is not None:
            self.remove_widget(self._sheet)
            self._sheet = None

    def _offer(self) -> None:
        filters = self.context.visit.filters
        keys_alone = self.switches and self.typing and not self.context.theme.wide  # and they need the room
        self._filter_row.offer([] if keys_alone else self._offered, filters, self.choose)
        if self._sheet is not None:
            self._sheet.offer(self._offered, filters, self.choose)

    # -- finding

    def _search(self, *_args: Any) -> None:
        self._soon.cancel()
        query, filters = self.query, self.context.visit.filters
        shelves = self.context.services.shelves
        self.ask("search", lambda: finding.find(shelves, query, filters), self._found)
        self.ask("wishes", lambda: wishes.worth_offering(shelves, query.strip(), filters), self._wanted, _no_matter)

    def _found(self, found: Finding) -> None:
        self._finding, self._cards, self.state = found, found.cards, found.state
        more = _("The best {} of many").format(finding.MOST)
        self.found_words = more if len(found.cards) == finding.MOST else self._counted()
        self._fill()
        self._arrange()

    def _wanted(self, wanted: list[Wish]) -> None:
        self._offered = wanted
        self._offer()

    # -- what is seen

    def _arrange(self, *_args: Any) -> None:
        """Which panes there are, and what is beside the field, above the keys and over the shelves."""
        look = self._found_pane if self.state == "found" else self._look_round
        panes = [look, self._keys_pane] if not self.switches else [self._keys_pane] if self.typing else [look]
        main = self.ids.main
        if main.children[::-1] != panes:
            main.clear_widgets()
            for pane in panes:
                main.add_widget(pane)
        self.switch_words = self._way_over() if self.switches else ""
        self.ids.field.share = 1.6 if self.context.theme.tiny and self.typing else 0
        vain = self._finding if self.state == "nothing" else None
        self._look_round.tell(vain, self._tries, alone=self.switches)
        if self.state == "sorry":
            self._look_round.sorry()
        self._suggest()

    def _way_over(self) -> str:
        if not self.typing:
            return _("Type again")
        if self.state == "found":
            return _("Show {}").format(self._counted())
        if self.state == "empty" and self.context.theme.tiny:
            return ""  # words to try need the room
        return _("What now?") if self.state == "nothing" else _("See shelves")

    def _counted(self) -> str:
        return count_of(len(self._cards), "{} thing", "{} things")

    def _fitted(self, _dt: float = 0) -> None:
        theme, grid = self.context.theme, self._found_pane.ids.results
        steps = _LOW_ROW_STEPS if theme.low else _ROW_STEPS * max(1.0, theme.text_scale)
        least = max(theme.u(steps), ItemRow.least(theme))
        needed = max(1, int((grid.height + theme.u(16)) // (least + theme.u(16))))
        if needed != len(self._rows):
            grid.clear_widgets()
            self._rows = [ItemRow(context=self.context) for _row in range(needed)]
            for row in self._rows:
                grid.add_widget(row)
        self._fill()

    def _turn(self, page: int) -> None:
        self.context.visit.pages["search"] = page
        self._fill()

    def _fill(self) -> None:
        if not self._rows:
            return
        pages = max(1, -(-len(self._cards) // len(self._rows)))
        page = min(self.context.visit.pages.get("search", 0), pages - 1)
        self._pager.pages, self._pager.page = pages, page
        self._pager.on_page()
        if not self.context.theme.low:  # what stands under the list leaves its room when there is but one page
            self._pager.height = self.context.theme.u(84) if pages > 1 else 0
            self._pager.opacity = 1 if pages > 1 else 0
        first = page * len(self._rows)
        for at, row in enumerate(self._rows, first):
            row.fill_in(self._cards[at] if at < len(self._cards) else None)

    # -- shelves and suggestions

    def _shelves(self) -> None:
        """Shelves as they are now, and words to try."""
        self._look_round.shelves()
        shelves = self.context.services.shelves
        self.ask("tries", lambda: finding.words_to_try(shelves), self._show_tries)

    def _show_tries(self, words: list[str]) -> None:
        self._tries = words
        self._suggest()

    def _suggest(self) -> None:
        if self.switches and not self.typing:
            self._suggestions.offer([], self.take)
            return
        words = self._finding.words if self._finding and self.query else []
        if words or self.state == "found":
            self._suggestions.offer(words, self.take)
        else:
            self._suggestions.offer(self._tries, self._set, self._before_tries())

    def _before_tries(self) -> str:
        """What stands before words to try; where what was found is hidden, that nothing was."""
        hidden = self.switches and self.state == "nothing" and not self.context.theme.tiny
        if hidden:
            return _("Nothing fits. Try:") if self._tries else _("Nothing fits.")
        return _("Try:") if self._tries else ""


def _no_matter(_error: Exception) -> None:
    """What fails here fails for the search too, which says so."""
