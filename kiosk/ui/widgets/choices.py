"""Choosing by taps: one of several, several of many, a number with less and more."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box, Grid
from kiosk.ui.widgets import fitted  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from sync.words import _

kv.load(__file__)


class Choice(Press):
    """One of several; chosen or not."""

    text = StringProperty()
    icon = StringProperty()
    chosen = BooleanProperty(False)
    ink = ColorProperty()
    wish = NumericProperty(0)


class StepKey(Press):
    """Less or more."""

    text = StringProperty()
    way = NumericProperty(0)
    large = BooleanProperty(False)
    step: Any = ObjectProperty(None, allownone=True)

    def spoken(self) -> str:
        """What it is called, as it bears a sign alone."""
        return _("More") if self.way > 0 else _("Less")

    def on_press(self) -> None:
        if self.step:
            self.step(int(self.way))


class Stepper(Box):
    """A number between less and more. Calls `step` with -1 or 1, in the moment it is touched."""

    value = StringProperty()
    known = BooleanProperty(True)
    """Whether it says a number; not that nobody said one."""
    wish = NumericProperty(0)
    step: Any = ObjectProperty(None, allownone=True)


class Section(Box):
    """A question over its answers; every row of them is `row` high."""

    heading = StringProperty()
    cols = NumericProperty(1)
    row = NumericProperty(0)
    gap = NumericProperty(0)
    wish = NumericProperty(0)
    grid: Grid = ObjectProperty(None)

    @property
    def rows(self) -> int:
        """How many rows its answers take."""
        return -(-len(self.grid.children) // int(self.cols))

    @property
    def rest(self) -> float:
        """Height of all but the rows."""
        return self.ids.words.height + self.spacing + (self.rows - 1) * self.gap

    def even(self) -> None:
        """Answers beside each other are written in one size: what fits in all of them."""
        choices = [choice for choice in self.grid.children if isinstance(choice, Choice)]
        size = min((choice.ids.words.fitting(int(self.wish)) for choice in choices), default=0)
        for choice in choices:
            choice.wish = size
