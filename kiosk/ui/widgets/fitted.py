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
    """As large as `wish`, or as fits: on one line, else on two, the longest word whole; never under `least`.

    `room` is the height there is; 0 is as much as they need.
    """

    wish = NumericProperty(0)
    least = NumericProperty(0)
    room = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size."""
        if not self.wish or self.width <= 1 or not self.text:
            return
        line = self._width_of(self.text)
        word = max(map(self._width_of, self.text.split()), default=line)
        in_one = min(1.0, self.width / line)
        in_two = min(1.0, self.width / word, 1.85 * self.width / line)
        if self.room:
            in_one = min(in_one, self.room / (_LINE * self.wish))
            in_two = min(in_two, self.room / (2 * _LINE * self.wish))
        self.font_size = max(self.least, int(self.wish * max(in_one, in_two)))

    def _width_of(self, text: str) -> float:
        return width_of(text, self.font_name, int(self.wish)) + 1


def alike(labels: Sequence[FittedWords]) -> None:
    """All in the size of the one that had to be smallest."""
    for label in labels:
        label.fit()
    size = min((label.font_size for label in labels), default=0)
    for label in labels:
        label.font_size = size
