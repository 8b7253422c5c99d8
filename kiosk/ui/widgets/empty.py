"""What stands where there is nothing to show yet."""

from __future__ import annotations

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui import kv

kv.load(__file__)


class Empty(BoxLayout):
    """A drawing over a few words; without words it takes no room."""

    icon = StringProperty()
    text = StringProperty()
