"""Words that are drawn smaller where they would not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kivy.properties import NumericProperty

from kiosk.ui import kv
from kiosk.ui.text import Words, width_of

kv.load(__file__)

_LINE: Final = 1.25
"""Height of a line, in sizes of its letters."""


class FittedWords(Words):
    """As large as `wish`, or as fits without breaking a word or losing one; never under `least`.

    `max_lines` is how many lines there may be (one, where it says nothing); `room` the height there is, 0 is as much
    as they need.
    """

    wish = NumericProperty(0)
    least = NumericProperty(0)
    room = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size."""
        if not self.wish or self.width <= 1 or not self.text:
            return
        size, space = int(self.wish), self._width_of(" ")
        widths = [self._width_of(word) for word in self.text.split()]
        while size > self.least and not self._fits(widths, space, size):
            size -= 1
        self.font_size = max(self.least, size)

    def _fits(self, widths: Sequence[float], space: float, size: int) -> bool:
        across = self.width * self.wish / size  # as if the words stayed as they are and the line became longer
        lines, used = 1, 0.0
        for width in widths:
            if width > across:
                return False
            if used and used + space + width > across:
                lines, used = lines + 1, width
            else:
                used += (space if used else 0) + width
        return lines <= max(1, self.max_lines) and not 0 < self.room < lines * _LINE * size

    def _width_of(self, text: str) -> float:
        return width_of(text, self.font_name, int(self.wish)) + 1


def alike(labels: Sequence[FittedWords]) -> None:
    """All in the size of the one that had to be smallest."""
    for label in labels:
        label.fit()
    size = min((label.font_size for label in labels), default=0)
    for label in labels:
        label.font_size = size
