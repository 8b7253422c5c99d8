"""Panels, and things to touch."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import kv

kv.load(__file__)


class Panel(BoxLayout):
    """A rounded sheet."""

    fill = ColorProperty()
    edge = ColorProperty()
    line = ColorProperty()
    round = NumericProperty()
    corner = NumericProperty(1)
    inset = NumericProperty(0)


class Press(ButtonBehavior, Panel):
    """A sheet that can be touched, and shows it in the next frame."""

    def shown(self, yes: bool) -> None:
        """Whether it is there at all."""
        self.opacity, self.disabled = (1, False) if yes else (0, True)


class Tap(Press):
    """A button: a drawing and a verb. `act` is called when it is touched."""

    icon = StringProperty()
    after = StringProperty()
    text = StringProperty()
    ink = ColorProperty()
    font_size = NumericProperty()
    act: Any = ObjectProperty(None, allownone=True)

    def on_release(self) -> None:
        if self.act:
            self.act()


class Chip(Press):
    """A small choice: chosen or not."""

    text = StringProperty()
    ink = ColorProperty()
    act: Any = ObjectProperty(None, allownone=True)

    def on_release(self) -> None:
        if self.act:
            self.act()
