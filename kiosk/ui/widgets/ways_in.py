"""The ways in from home, beside search and themes: what is on next, the visitor's own language, and the kinds."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.ui import kv
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.cards import OfSession

kv.load(__file__)


class WayPress(Press):
    """A drawing and a name."""

    text = StringProperty()
    icon = StringProperty()


class LanguageWay(Press):
    """All there is in the language that was chosen, with how much that is."""

    text = StringProperty()
    count = StringProperty()


class NextSession(OfSession):
    """What is on now or next: when, and what; opens it."""
