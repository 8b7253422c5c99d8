"""Search: a field, a keyboard, and what fits so far."""

from __future__ import annotations

from typing import Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.keyboard import keyboard, layouts  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.screens.page import Page
from kiosk.ui.theme import look_of
from kiosk.ui.widgets import paging  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Chip
from kiosk.ui.widgets.cards import ItemRow
from sync.replica.read import Card
from sync.words import _, count_of

kv.load(__file__)

_MOST: Final = 40
_LONGEST: Final = 60
_TRIES: Final = 6
_FEW_TRIES: Final = 4
_FEW_THEMES: Final = 4
_ROW_STEPS: Final = 148
_LOW_ROW_STEPS: Final = 112
_BACKSPACE: Final = 8


class Search(Page):
    """The query stands in the visit, so that it is still there after a look at an item."""

    takes_text = True
    query = StringProperty()
    asked = StringProperty()
    found_words = StringProperty()
    state = StringProperty("empty")
    """`empty`, `found`, `nothing` or `sorry`."""
    typing = BooleanProperty(True)
    """Where keyboard and results cannot both be seen: whether it is the keyboard that is."""
    switches = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._cards: list[Card] = []
        self._rows: list[ItemRow] = []
        self._vain = ""
        super().__init__(context, **options)
        theme = context.theme
        self.switches = theme.low
        self._soon = Clock.create_trigger(self._search, theme.typing_s)
        self._fit = Clock.create_trigger(self._fitted, -1)
        self.ids.results.bind(size=self._fit)
        self.ids.keyboard.bind(on_key=lambda _keys, key: self.touched(key))
        self.ids.keyboard.layout = "english-low" if theme.low else "english"
        self.ids.pager.turn = self._turn

    # -- for the navigator

    def show(self, what: Any) -> None:
        Window.bind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        self.query = self.context.visit.query
        self.typing = not (self.switches and self.query)
        self._suggest()
        self._search()

    def changed(self, same: bool) -> None:
        if not same:
            self._search()

    def left(self) -> None:
        Window.unbind(on_key_down=self._hardware_key, on_textinput=self._hardware_text)
        self._soon.cancel()
        super().left()
        if self._vain:
            in_vain, self._vain = self._vain, ""
            self.context.background.forget(lambda: self.context.services.shelves.searched_in_vain(in_vain))

    def wipe(self) -> None:
        self.query = self.asked = self.found_words = self._vain = ""
        self.state, self.typing = "empty", True
        self._cards = []
        self._fill()

    def sorry(self, error: Exception) -> None:
        self.state = "sorry"

    def tells(self) -> str:
        """How much was found."""
        return self.found_words if self.state == "found" else ""

    # -- typing

    def touched(self, key: Key) -> None:
        """A key on the screen was touched."""
        if key.name == layouts.DELETE:
            self._set(self.query[:-1])
        elif key.name == layouts.CLEAR:
            self._set("")
        elif key.name == layouts.MORE:
            keys = self.ids.keyboard
            keys.layout = "numbers-low" if keys.layout == "english-low" else "english-low"
        else:
            self._set(self.query + key.types)

    def take(self, words: str) -> None:
        """A suggestion was touched."""
        self._set(words)

    def clear(self) -> None:
        """Begin again."""
        self._set("")
        self.typing = True

    def _set(self, query: str) -> None:
        self.query = self.context.visit.query = query.lstrip()[:_LONGEST]
        self.context.visit.pages.pop("search", None)
        self._soon()

    def _hardware_text(self, _window: Any, text: str) -> None:
        if text.isprintable():
            self._set(self.query + text)

    def _hardware_key(self, _window: Any, key: int, *_args: Any) -> None:
        """Text and Backspace; all other keys are for the focus."""
        if key == _BACKSPACE:
            self._set(self.query[:-1])

    def entered(self) -> bool:
        """Enter, with nothing in focus: shows what was found; returns whether that was all it was for."""
        if not (self.switches and self.typing and self._cards):
            return False
        self.typing = False
        return True

    # -- finding

    def _search(self, *_args: Any) -> None:
        self._soon.cancel()
        text = self.query.strip()
        if not text:
            self._vain = self.found_words = ""
            self.state, self._cards = "empty", []
            self.desk.drop("search")
            self._fill()
            return
        shelves = self.context.services.shelves
        self.ask("search", lambda: shelves.search(text, limit=_MOST), lambda found: self._found(text, found))

    def _found(self, text: str, cards: list[Card]) -> None:
        self._cards = cards
        self.state, self.asked = "found" if cards else "nothing", text
        self._vain = "" if cards else text
        more = _("The best {} of many").format(_MOST)
        self.found_words = more if len(cards) == _MOST else count_of(len(cards), "{} thing", "{} things")
        self._fill()

    def _fitted(self, _dt: float = 0) -> None:
        theme, grid = self.context.theme, self.ids.results
        step = theme.u(_LOW_ROW_STEPS if theme.low else _ROW_STEPS) + theme.u(16)
        needed = max(1, int((grid.height + theme.u(16)) // step)) * grid.cols
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
        self.ids.pager.pages, self.ids.pager.page = pages, page
        self.ids.pager.on_page()
        first = page * len(self._rows)
        for at, row in enumerate(self._rows, first):
            row.fill_in(self._cards[at] if at < len(self._cards) else None)

    # -- suggestions

    def _suggest(self) -> None:
        home, colours = self.context.pulse.home, self.context.theme.c
        themes = self.ids.themes
        themes.clear_widgets()
        self.ask("tries", self._words_that_find, self._show_tries)
        there = home.themes if home else []
        for tile in there[: _FEW_THEMES if self.switches else None]:
            look = look_of(tile.theme, colours, self.context.visit.language)
            chip = Chip(text=look.name, act=lambda key=tile.theme.key: self.context.go.shelf(f"theme:{key}"))
            chip.fill, chip.ink, chip.line = look.strong, colours.white, colours.clear
            themes.add_widget(chip)

    def _words_that_find(self) -> list[str]:
        """Words to try, those that find something in this catalogue."""
        search = self.context.services.shelves.search
        words = (_("bike"), _("phone"), _("soup"), _("forms"), _("mend"), _("password"), _("warm"), _("garden"))
        most = _FEW_TRIES if self.switches else _TRIES
        return [word for word in words if search(word, limit=1)][:most]

    def _show_tries(self, words: list[str]) -> None:
        tries = self.ids.tries
        tries.clear_widgets()
        for word in words:
            tries.add_widget(Chip(text=word, act=lambda word=word: self.take(word)))
