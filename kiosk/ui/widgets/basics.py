"""Panels, and things to touch."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import BorderImage, Color
from kivy.graphics.instructions import InstructionGroup
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from kiosk.ui import kv
from kiosk.ui.look.letters import height_of, widest, width_of
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.rounding import sheet

kv.load(__file__)


class Sheets(InstructionGroup):
    """Rounded sheets, one over the other; only what is seen is drawn, as every instruction costs time in each frame."""

    def __init__(self) -> None:
        self._drawn: list[tuple[Color, BorderImage]] = []
        super().__init__()

    def draw(self, *sheets: tuple[Any, float, float, float, float, float]) -> None:
        """These: colour, x, y, width, height and corner of each, in pixels."""
        seen = [(colour, *box) for colour, *box in sheets if colour[3] and min(box[2:4]) > 0]
        while len(self._drawn) > len(seen):
            for gone in self._drawn.pop():
                self.remove(gone)
        while len(self._drawn) < len(seen):
            self._drawn.append((Color(), BorderImage()))
            for new in self._drawn[-1]:
                self.add(new)
        for (tint, image), (colour, x, y, width, height, corner) in zip(self._drawn, seen, strict=True):
            left, low = round(x), round(y)
            tint.rgba, image.pos = colour, (left, low)
            image.size = (round(x + width) - left, round(y + height) - low)
            image.border, image.texture = [corner] * 4, sheet(int(corner))


class Panel(Box):
    """A rounded sheet."""

    fill = ColorProperty()
    edge = ColorProperty()
    """Looks out below it, `deep` pixels."""
    line = ColorProperty()
    """Goes round it, `inset` pixels thick."""
    round = NumericProperty()
    corner = NumericProperty(1)
    inset = NumericProperty(0)
    deep = NumericProperty(0)

    def __init__(self, **options: Any) -> None:
        self._repaint = Clock.create_trigger(self._paint, -1)
        super().__init__(**options)
        self._ground = Sheets()
        self.canvas.before.insert(0, self._ground)
        for name in ("pos", "size", "fill", "edge", "line", "corner", "inset", "deep"):
            self.fbind(name, self._repaint)
        self._repaint()

    def _paint(self, _dt: float) -> None:
        x, y, width, height, corner, inset = self.x, self.y, self.width, self.height, self.corner, self.inset
        within = (x + inset, y + inset, width - 2 * inset, height - 2 * inset)
        self._ground.draw(
            (self.edge, x, y - self.deep, width, min(height, 2 * corner + self.deep + 1), corner),
            (self.line, x, y, width, height, corner),
            (self.fill, *within, max(1, corner - inset)),
        )


class Press(ButtonBehavior, Panel):
    """A sheet that can be touched, and shows it in the next frame."""

    act: Any = ObjectProperty(None, allownone=True)
    """What it does when it is touched."""
    felt = BooleanProperty(False)
    """Whether a finger is on it, while what it lies in does not know yet whether that is going to move it."""
    veil = ColorProperty()
    """Lies over it while it is pressed."""

    def __init__(self, **options: Any) -> None:
        self._over = Sheets()
        super().__init__(**options)
        self.canvas.after.add(self._over)
        self.fbind("felt", self._repaint)
        self.fbind("state", self._repaint)

    def _paint(self, dt: float) -> None:
        super()._paint(dt)
        veil = self.veil if self.felt or self.state == "down" else (0, 0, 0, 0)
        self._over.draw((veil, self.x, self.y, self.width, self.height, self.corner))

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


class RowTap(Tap):
    """A button that stands on every row of a list: by ear it says of which."""

    about = StringProperty()

    def spoken(self) -> str:
        """What it is called."""
        return ", ".join(part for part in (self.text, self.about) if part)


class Chip(Press):
    """A small choice."""

    text = StringProperty()
    ink = ColorProperty()


class OneOf(Chip):
    """One of a few choices: the chosen one, or another."""

    chosen = BooleanProperty(False)
