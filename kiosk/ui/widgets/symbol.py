"""A QR symbol on white."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from kiosk.devices.qr import Matrix
from kiosk.ui import kv
from kiosk.ui.look import qr

kv.load(__file__)


class Symbol(Widget):
    """The symbol, as large as fits at a whole number of pixels a module, in the middle of the widget."""

    texture = ObjectProperty(None, allownone=True)
    side = NumericProperty(0)

    def draw(self, modules: Matrix | None) -> None:
        """Show this symbol, or none."""
        self._modules = len(modules) if modules else 0
        self.texture = qr.texture(modules) if modules else None
        self.fit()

    def fit(self, *_: Any) -> None:
        """Keep every module a whole number of pixels."""
        modules = getattr(self, "_modules", 0)
        self.side = qr.side_px(modules, min(self.size)) if modules else 0
