"""A sheet that lies over a screen until it is answered."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import kv
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel

kv.load(__file__)


class Sheet(FloatLayout):
    """What is added stands in the panel; nothing below it can be touched.

    With `aside` it leaves to see what it is about: it stands at the foot of an upright screen, and of a wide one at the
    side where lines end.
    """

    panel: Panel = ObjectProperty(None)
    across = NumericProperty(0)
    """Width of the panel, where there is the room."""
    veil = ColorProperty()
    """What is laid over everything else."""
    aside = BooleanProperty(False)

    def add_widget(self, widget: Any, *args: Any, **options: Any) -> None:
        """What is added goes into the panel."""
        if self.panel is None:
            super().add_widget(widget, *args, **options)
        else:
            self.panel.add_widget(widget, *args, **options)

    def on_touch_down(self, touch: Any) -> bool:
        """No touch goes through."""
        super().on_touch_down(touch)
        return True


class Question(Sheet):
    """Something to decide, with two answers; `wrong` when it tells of trouble."""

    heading = StringProperty()
    more = StringProperty()
    yes = StringProperty()
    no = StringProperty()
    sign = StringProperty()
    wrong = BooleanProperty(False)
    accept: Any = ObjectProperty(None, allownone=True)
    decline: Any = ObjectProperty(None, allownone=True)
