"""The quiet way to what is told of privacy."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, ObjectProperty

from kiosk.ui import kv
from kiosk.ui.widgets.basics import Press

kv.load(__file__)


class PrivacyLink(Press):
    """A drawing and a word without a sheet behind them, in the colour `ink`."""

    ink = ColorProperty()
    act: Any = ObjectProperty(None, allownone=True)

    def on_release(self) -> None:
        if self.act:
            self.act()
