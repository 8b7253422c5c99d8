"""What stands where there is nothing to show yet."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box

kv.load(__file__)


class Empty(Box):
    """A drawing over a few words; without words it takes no room."""

    icon = StringProperty()
    text = StringProperty()
