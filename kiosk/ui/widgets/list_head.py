"""The coloured head of a list, and what the list is narrowed to: below it, or on a wide panel in it."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.letters import width_of
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)

kv.load(__file__)


class ListHead(Box):
    """What is added stands in one row of choices."""

    strong = ColorProperty()
    sign = StringProperty()
    title = StringProperty()
    count = StringProperty()
    in_it = BooleanProperty(False)
    """Whether the choices stand in the coloured part."""
    asks = BooleanProperty(True)
    """Whether there can be any choices; without, there is no row of them."""
    says_count = BooleanProperty(True)
    title_size = NumericProperty(0)
    count_size = NumericProperty(0)
    beside_title = NumericProperty(0)
    names = NumericProperty(0)
    """How wide the title and the count are, with the drawing, in pixels."""

    def add_widget(self, widget: Any, *args: Any, **options: Any) -> None:
        """What is added goes where the choices are."""
        if len(self.children) < 2:
            super().add_widget(widget, *args, **options)
        else:
            (self.ids.beside if self.in_it else self.ids.below).add_widget(widget, *args, **options)

    def measure(self, *_args: Any) -> None:
        """How wide the names are."""
        title = width_of(self.title, "display", int(self.title_size)) if self.title else 0
        count = width_of(self.count, "regular", int(self.count_size)) if self.count and self.says_count else 0
        self.names = round(max(title, count) + self.beside_title) + 2
