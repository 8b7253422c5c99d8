"""Facts on tiles: a drawing, what it is about, and what is so."""

from __future__ import annotations

from typing import Any

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel

kv.load(__file__)


class FactTile(Panel):
    """A drawing, what it is about, and what is so."""

    icon = StringProperty()
    name = StringProperty()
    value = StringProperty()
    more = StringProperty()
    """What is to be said besides, in a sentence."""
    strong = ColorProperty()
    needs = NumericProperty(0)

    def spoken(self) -> str:
        """All of it in one."""
        return _aloud(self.name, self.value, self.more)

    def on_needs(self, *_: Any) -> None:
        if self.parent:
            self.parent.fit()


class FactLine(Box):
    """A fact in a line, where there is no room for tiles."""

    name = StringProperty()
    value = StringProperty()
    more = StringProperty()
    strong = ColorProperty()

    def spoken(self) -> str:
        """All of it in one."""
        return _aloud(self.name, self.value, self.more)


def _aloud(name: str, value: str, more: str) -> str:
    return ". ".join(part for part in (f"{name}: {value}", more) if part)


class FactRow(Box):
    """Tiles beside each other, all as high as the highest needs to be."""

    def fit(self, *_: Any) -> None:
        """Be as high as the highest tile."""
        self.height = max((tile.needs for tile in self.children), default=0)
