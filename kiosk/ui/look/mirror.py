"""Boxes, grids and stacks whose first thing stands at the side where reading begins.

What stands side by side is laid out from the right in a language that is written so. Where the order is a thing of its
own, as on a keyboard, Kivy's own layouts are used.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.stacklayout import StackLayout

from kiosk.ui import kv

kv.load(__file__)


class Box(BoxLayout):
    """A row, or a column."""

    mirrored = BooleanProperty(False)

    def do_layout(self, *args: Any) -> None:
        """As Kivy lays it out; a row is then turned round."""
        super().do_layout(*args)
        if self.mirrored and self.orientation == "horizontal":
            for child in self.children:
                child.x = self.x + self.right - child.right

    def on_touch_down(self, touch: Any) -> bool:
        """What has no room is not there: what stands in it, disabled, would keep the touch from what is below."""
        return bool(self.width and self.height and super().on_touch_down(touch))


class Grid(GridLayout):
    """Rows of columns."""


class Stack(StackLayout):
    """Rows, each as long as there is room."""
