"""Draws a layout and tells which key was touched, in the moment it is touched."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import kv
from kiosk.ui.keyboard import layouts
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.widgets.basics import Panel
from kiosk.ui.words import _

kv.load(__file__)


class KeyCap(ButtonBehavior, Panel):
    """One key."""

    text = StringProperty()
    icon = StringProperty()


class Keyboard(BoxLayout):
    """Set `layout` to a name in `layouts.LAYOUTS`; binds `on_key` with the key."""

    layout = StringProperty()
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

    def _cap(self, key: Key) -> KeyCap:
        text, icon = self._face(key)
        cap = KeyCap(text=text, icon=icon, size_hint_x=key.columns)
        cap.bind(on_press=lambda _cap: self.dispatch("on_key", key))
        return cap

    def _face(self, key: Key) -> tuple[str, str]:
        numbers = _("abc") if self.layout.startswith("numbers") else _("123")
        named = {
            layouts.SPACE: (_("space"), ""),
            layouts.DELETE: (_("delete"), ""),
            layouts.CLEAR: (_("clear"), ""),
            layouts.MORE: (numbers, ""),
        }
        return named.get(key.name, (key.name, ""))
