"""Draws a layout and tells which key was touched, in the moment it is touched."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import kv
from kiosk.ui.keyboard import layouts
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.widgets.basics import Panel
from sync.words import _

kv.load(__file__)


class KeyCap(ButtonBehavior, Panel):
    """One key."""

    text = StringProperty()
    icon = StringProperty()

    def __init__(self, key: Key, **options: Any) -> None:
        self.key = key
        super().__init__(**options)


class Keyboard(BoxLayout):
    """Set `layout` to a name in `layouts.LAYOUTS`; binds `on_key` with the key.

    With `capitals` the keys bear, and type, capital letters: they change where they are, under the finger.
    """

    layout = StringProperty()
    capitals = BooleanProperty(False)
    key_height = NumericProperty(0)
    key_gap = NumericProperty(0)

    def __init__(self, **options: Any) -> None:
        self.register_event_type("on_key")
        super().__init__(**options)

    def on_key(self, key: Key) -> None:
        """A key was touched."""

    def on_layout(self, *_args: Any) -> None:
        """Build the rows of this layout."""
        self.clear_widgets()
        for row in layouts.LAYOUTS[self.layout]:
            line = BoxLayout(spacing=self.key_gap)
            for key in row:
                line.add_widget(self._cap(key))
            self.add_widget(line)

    def on_capitals(self, *_args: Any) -> None:
        """The keys that are there bear other letters."""
        for line in self.children:
            for cap in line.children:
                cap.text, cap.icon = self._face(cap.key)

    def _cap(self, key: Key) -> KeyCap:
        text, icon = self._face(key)
        cap = KeyCap(key, text=text, icon=icon, size_hint_x=key.columns)
        cap.bind(on_press=lambda _cap: self.dispatch("on_key", self._meant(key)))
        return cap

    def _meant(self, key: Key) -> Key:
        return Key(key.name.upper(), key.columns) if self.capitals and len(key.name) == 1 else key

    def _face(self, key: Key) -> tuple[str, str]:
        numbers = _("abc") if "numbers" in self.layout else _("123")
        named = {
            layouts.SPACE: (_("space"), ""),
            layouts.DELETE: (_("delete"), ""),
            layouts.CLEAR: (_("clear"), ""),
            layouts.MORE: (numbers, ""),
            layouts.SHIFT: (_("abc") if self.capitals else _("ABC"), ""),
        }
        return named.get(key.name, (self._meant(key).name, ""))
