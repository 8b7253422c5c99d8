"""What stands where nothing is, and leads on from there."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets import basics  # noqa: F401 (its classes are used in the .kv file)

kv.load(__file__)


class WayOn(Box):
    """A drawing over a few words, and a button that leads on; without words there is nothing of it."""

    icon = StringProperty()
    text = StringProperty()
    way = StringProperty()
    way_icon = StringProperty()
    act: Any = ObjectProperty(None, allownone=True)

    def say(self, icon: str, text: str, way: str = "", way_icon: str = "") -> None:
        """Why nothing is here, and what the button says that leads on; without `way` there is none."""
        self.icon, self.text, self.way, self.way_icon = icon, text, way, way_icon

    def nothing(self) -> None:
        """It is not wanted."""
        self.say("", "")
