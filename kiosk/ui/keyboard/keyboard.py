"""Draws a layout and tells which key was touched, in the moment it is touched."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import kv
from kiosk.ui.keyboard import layouts, spoken
from kiosk.ui.keyboard.layouts import Board, Key, Layout
from kiosk.ui.look import languages
from kiosk.ui.look.letters import width_of
from kiosk.ui.widgets.basics import Panel
from sync.words import _

kv.load(__file__)

_INSIDE: Final = 0.86
"""How much of a key's width its words may take."""
_LARGER: Final = 1.3
"""How much larger than the key is what shows above the finger."""
_ENGLISH: Final = "en"
_AHEAD_S: Final = 0.4


class KeyCap(ButtonBehavior, Panel):
    """One key."""

    text = StringProperty()
    spoken = StringProperty()
    """What it is called aloud."""
    letter = BooleanProperty(True)
    """Whether it types a letter or sign; the others do something."""
    wish = NumericProperty(0)
    """How large its words are where they fit."""
    fitted = NumericProperty(0)

    def __init__(self, key: Key, **options: Any) -> None:
        self.key = key
        super().__init__(**options)
        self.bind(width=self._fit, text=self._fit, wish=self._fit)

    def _fit(self, *_args: Any) -> None:
        size = int(self.wish)
        if size < 1 or self.width < 2:
            return
        width = width_of(self.text, "semibold", size)
        self.fitted = max(1, int(size * min(1.0, _INSIDE * self.width / max(1.0, width))))


class KeyPreview(Panel):
    """The letter under the finger, larger, above it."""

    text = StringProperty()

    def over(self, cap: KeyCap, left: float, right: float) -> None:
        """Show this key's letter, between these two sides."""
        self.text = cap.text
        self.size = max(cap.width, cap.height) * _LARGER, cap.height * _LARGER
        self.x = min(max(cap.center_x - self.width / 2, left), right - self.width)
        self.y = cap.top + 0.1 * cap.height
        self.opacity = 1


class Keyboard(FloatLayout):
    """Binds `on_key` with the key that was touched.

    Either `layout` names one of `layouts.LAYOUTS`, and every key is told; or `begin` gives it the boards of a visitor's
    language and of English, and it turns their pages by itself. Whatever it shows, it is as high as ever.

    With `capitals` the keys bear, and type, capital letters: they change where they are, under the finger.
    """

    layout = StringProperty()
    capitals = BooleanProperty(False)
    low = BooleanProperty(False)
    """With three rows of letters."""
    language = StringProperty()
    """The language of the board that is shown."""
    page = StringProperty()
    """The board's page that is shown."""
    key_gap = NumericProperty(0)

    def __init__(self, **options: Any) -> None:
        self._own, self._board = _ENGLISH, Board()
        self._built: dict[Layout, BoxLayout] = {}
        self._shown: KeyCap | None = None
        self._prepare = Clock.create_trigger(self._build_ahead, _AHEAD_S)
        self.register_event_type("on_key")
        super().__init__(**options)

    def on_key(self, key: Key) -> None:
        """A key was touched."""

    # -- what is shown

    def begin(self, language: str) -> None:
        """Show the letters of this language, with a key that changes to English and back; empty is English."""
        own = language if language in layouts.LANGUAGES else _ENGLISH
        if own != self._own:
            self._built.clear()
        self._own = own
        self._speak(own)
        self._prepare()

    @property
    def other(self) -> str:
        """The language that is one touch away; empty where all there is is English."""
        if self._own == _ENGLISH:
            return ""
        return _ENGLISH if self.language == self._own else self._own

    def on_layout(self, *_args: Any) -> None:
        """Show a layout by name."""
        self._board = Board()
        self._show(layouts.LAYOUTS[self.layout])

    def on_capitals(self, *_args: Any) -> None:
        """The keys that are there bear other letters."""
        for cap in self.caps():
            self._name(cap)

    def caps(self) -> list[KeyCap]:
        """The keys that are shown, as they stand, from the left and from above."""
        return [cap for rows in self.ids.place.children for row in rows.children[::-1] for cap in row.children[::-1]]

    # -- inner

    def _build_ahead(self, _dt: float) -> None:
        """The pages that are a touch away are built one at a time, so that they are there at once."""
        boards = [self._board_of(language) for language in dict.fromkeys((self._own, _ENGLISH))]
        every = (page.rows for board in boards for page in board.values())
        layout = next((layout for layout in every if layout not in self._built), None)
        if layout is not None:
            self._built[layout] = self._rows(layout)
            self._prepare()

    def _board_of(self, language: str) -> Board:
        return layouts.board(language, low=self.low, lang=self._own != _ENGLISH)

    def _speak(self, language: str) -> None:
        self.language = language
        self._board = self._board_of(language)
        self._turn(layouts.LETTERS)

    def _turn(self, page: str) -> None:
        self.page = page
        self._show(self._board[page].rows)

    def _show(self, layout: Layout) -> None:
        rows = self._built.get(layout)
        if rows is None:
            rows = self._built[layout] = self._rows(layout)
        self._lifted(self._shown)
        place = self.ids.place
        place.clear_widgets()
        place.add_widget(rows)
        self.on_capitals()

    def _rows(self, layout: Layout) -> BoxLayout:
        rows = BoxLayout(orientation="vertical", spacing=self.key_gap, pos_hint={"x": 0, "y": 0})
        for keys in layout:
            row = BoxLayout()
            for key in keys:
                row.add_widget(self._cap(key))
            row.bind(width=lambda row, _width: self._in_columns(row))
            rows.add_widget(row)
        return rows

    def _in_columns(self, row: BoxLayout) -> None:
        """Keys stand in ten columns, so that those of every row are right below each other."""
        row.spacing = self.key_gap
        column = (row.width - (layouts.COLUMNS - 1) * self.key_gap) / layouts.COLUMNS
        for cap in row.children:
            cap.size_hint_x = None
            cap.width = cap.key.columns * column + (cap.key.columns - 1) * self.key_gap

    def _cap(self, key: Key) -> KeyCap:
        cap = KeyCap(key, letter=bool(key.types.strip()))
        cap.bind(on_press=self._pressed, state=self._moved)
        return cap

    def _pressed(self, cap: KeyCap) -> None:
        if cap.letter:
            self._shown = cap
            self.ids.preview.over(cap, self.x, self.right)
        key = cap.key
        if key.name == layouts.LANG:
            self._speak(self.other)
        elif key.to:
            self._turn(key.to)
        else:
            self.dispatch("on_key", self._meant(key))

    def _moved(self, cap: KeyCap, state: str) -> None:
        """A key was let go: what showed above it goes, and after a letter of another page the first comes back."""
        if state != "normal":
            return
        self._lifted(cap)
        if self._board and self.page != layouts.LETTERS and _is_letter(cap.key.types):
            self._turn(layouts.LETTERS)

    def _lifted(self, cap: KeyCap | None) -> None:
        if cap is not None and cap is self._shown:
            self._shown = None
            self.ids.preview.opacity = 0

    def _meant(self, key: Key) -> Key:
        return Key(key.name.upper(), key.columns) if self.capitals and len(key.name) == 1 else key

    def _name(self, cap: KeyCap) -> None:
        cap.text = self._face(cap.key)
        cap.spoken = spoken.name(cap.key, capital=self.capitals, other=self.other)

    def _face(self, key: Key) -> str:
        if key.to:
            return self._board[key.to].sign
        named = {
            layouts.SPACE: _("space"),
            layouts.DELETE: _("delete"),
            layouts.CLEAR: _("clear"),
            layouts.MORE: _("abc") if "numbers" in self.layout else _("123"),
            layouts.SHIFT: _("abc") if self.capitals else _("ABC"),
            layouts.LANG: languages.name(self.other),
        }
        return named.get(key.name) or self._meant(key).name


def _is_letter(typed: str) -> bool:
    return bool(typed) and unicodedata.category(typed[0])[0] in "LM"
