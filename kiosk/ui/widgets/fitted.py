"""Words that are drawn smaller when their longest one would not fit."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty

from kiosk.ui import kv
from kiosk.ui.text import Words, width_of

kv.load(__file__)


class FittedWords(Words):
    """As large as `wish`, or as the longest word fits on a line; never under `least`."""

    wish = NumericProperty(0)
    least = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size."""
        longest = max((width_of(word, self.font_name, int(self.wish)) for word in self.text.split()), default=0)
        if self.wish and self.width > 1:
            self.font_size = max(self.least, min(self.wish, self.wish * self.width / max(1, longest)))
