"""Panels, and things to touch."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from kiosk.ui import kv
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.text import height_of, widest, width_of

kv.load(__file__)


class Panel(Box):
    """A rounded sheet."""

    fill = ColorProperty()
    edge = ColorProperty()
    line = ColorProperty()
    round = NumericProperty()
    corner = NumericProperty(1)
    inset = NumericProperty(0)


class Press(ButtonBehavior, Panel):
    """A sheet that can be touched, and shows it in the next frame."""

    act: Any = ObjectProperty(None, allownone=True)
    """What it does when it is touched."""
    felt = BooleanProperty(False)
    """Whether a finger is on it, while what it lies in does not know yet whether that is going to move it."""

    def on_release(self) -> None:
        if self.act:
            self.act()

    def on_touch_down(self, touch: Any) -> bool:
        """What cannot be seen takes no touch from what is beside it."""
        return bool(self.opacity) and bool(super().on_touch_down(touch))

    def takes(self, place: tuple[float, float]) -> bool:
        """Whether a touch there is one of this."""
        return bool(self.opacity) and not self.disabled and bool(self.collide_point(*place))

    def shown(self, yes: bool) -> None:
        """Whether it is there at all."""
        self.opacity, self.disabled = (1, False) if yes else (0, True)


class Quiet(Press):
    """What there is for few people, or beside the main way: by keys and by ear it comes after everything else."""


class Tap(Press):
    """A button: a drawing and a verb.

    Where there is not room for both on one line the words take two, then the drawing goes, then the words are smaller.
    """

    icon = StringProperty()
    after = StringProperty()
    text = StringProperty()
    ink = ColorProperty()
    font_size = NumericProperty()
    least = NumericProperty()
    gap = NumericProperty()
    drawn = BooleanProperty(True)
    """Whether there is room for the drawings."""
    fitted = NumericProperty()
    """The size of the words that fits."""
    across = NumericProperty(0)
    """How wide the words may be before they take a second line; 0 is as wide as they are."""

    def fit(self, *_: Any) -> None:
        """Choose what fits."""
        size, inside = self.font_size, self.width - 2 * self.height * 0.12
        if not (self.text and size > 0 and inside > 0):
            self.drawn, self.fitted, self.across = True, max(1, size), 0
            return
        if self.height >= size:  # else it is not shown
            size = min(size, size * self.height / height_of(self.text, "semibold", int(size)))
        line = width_of(self.text, "semibold", int(size)) + 1
        word = widest(self.text, "semibold", int(size)) + 1
        beside = sum(bool(drawing) for drawing in (self.icon, self.after)) * (size * 1.3 + self.gap)
        two_lines = self.height >= 2.2 * height_of(self.text, "semibold", int(size)) and " " in self.text
        if line + beside <= inside:
            self.drawn, self.fitted, self.across = True, size, 0
        elif two_lines and word + beside <= inside and line <= 1.9 * (inside - beside):
            self.drawn, self.fitted, self.across = True, size, inside - beside
        elif line <= inside:
            self.drawn, self.fitted, self.across = False, size, 0
        elif two_lines and word <= inside and line <= 1.9 * inside:
            self.drawn, self.fitted, self.across = False, size, inside
        else:
            share = inside / (max(word, line / 1.9) if two_lines else line)
            self.drawn, self.fitted = False, max(self.least, int(size * min(1.0, share)))
            self.across = inside if two_lines else 0


class Chip(Press):
    """A small choice."""

    text = StringProperty()
    ink = ColorProperty()


class OneOf(Chip):
    """One of a few choices: the chosen one, or another."""

    chosen = BooleanProperty(False)
