"""Words that are drawn smaller when they would not fit."""

from __future__ import annotations

from typing import Any, Final

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.lettering import fonts
from kiosk.ui import kv
from kiosk.ui.text import Words, width_of
from kiosk.ui.widgets.basics import Tap

kv.load(__file__)

_LEADING: Final = 1.25
"""Height of a line as a share of the size of its text."""
_SIGN: Final = 1.3
"""Size of a drawing as a share of the size of the text beside it."""


def lines_of(text: str, role: str, size_px: int, width: float) -> int:
    """How many lines the words take at this size; 0 when one of them is wider than a line."""
    lines, line = 0, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, role, size_px) <= width:
            line = longer
            continue
        if width_of(word, role, size_px) > width:
            return 0
        lines, line = lines + 1, word
    return lines


class FittedWords(Words):
    """As large as `wish`, or as the longest word fits on a line; never under `least`."""

    wish = NumericProperty(0)
    least = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size."""
        longest = max((width_of(word, self.font_name, int(self.wish)) for word in self.text.split()), default=0)
        if self.wish and self.width > 1:
            self.font_size = max(self.least, min(self.wish, self.wish * self.width / max(1, longest)))


class CellWords(FittedWords):
    """As large as `wish`, or as all the words fit in the width and in `room` pixels of height; never under `least`."""

    room = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size, and so many lines as there is room for."""
        if not (self.wish and self.width > 1 and self.room > 1):
            return
        size = self.fitting(int(self.wish))
        self.max_lines = max(1, int(self.room / (size * _LEADING)))
        self.font_size = size

    def fitting(self, wish: int) -> int:
        """The largest size up to `wish` at which all the words fit."""
        least = int(self.least)
        return next((size for size in range(wish, least, -1) if self._fits(size)), least)

    def _fits(self, size: int) -> bool:
        lines = lines_of(self.text, self.font_name, size, self.width)
        return lines > 0 and lines * size * _LEADING <= max(self.room, size * _LEADING)


class FitTap(Tap):
    """A button whose words are drawn smaller when they would not fit; its drawing goes first."""

    sign = StringProperty()
    """The drawing, where there is room for it."""
    behind = BooleanProperty(False)
    """Whether the drawing stands after the words."""
    wish = NumericProperty(0)
    least = NumericProperty(0)
    gap = NumericProperty(0)
    spare = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size, and whether there is a drawing."""
        if not self.wish or self.width < 2:
            return
        wish, least = int(self.wish), int(self.least)
        for sign, smallest in ((self.sign, max(least, round(wish * 0.9))), ("", least)):
            size = next((size for size in range(wish, smallest - 1, -1) if self._fits(size, sign)), 0)
            if size:
                break
        self.icon, self.after = ("", sign) if self.behind else (sign, "")
        self.font_size = size or least

    def _fits(self, size: int, sign: str) -> bool:
        drawn = size * _SIGN + self.gap if sign and fonts.have_icons() else 0
        return width_of(self.text, "semibold", size) + drawn <= self.width - self.spare
