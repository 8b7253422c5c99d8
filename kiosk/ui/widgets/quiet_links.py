"""The quiet ways from the first screen: to what is told of privacy, and to how the screen can be."""

from __future__ import annotations

from kivy.properties import ColorProperty, NumericProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Quiet

kv.load(__file__)


class QuietLink(Quiet):
    """A drawing and a word, in the colour `ink`; of the room beside each other every one has what its words need."""

    icon = StringProperty()
    text = StringProperty()
    ink = ColorProperty()
    needs = NumericProperty(1)


class PrivacyLink(QuietLink):
    """To what is told of privacy."""


class AccessLink(QuietLink):
    """To how large and how loud the screen is."""
