"""Words that are drawn smaller where they would not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.clock import Clock
from kivy.properties import NumericProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look.letters import height_of, width_of
from kiosk.ui.look.text import Words
from sync.words import apart, joined

kv.load(__file__)


class FittedWords(Words):
    """As large as `wish`, or as fits without breaking a word or losing one; never under `least`.

    `max_lines` and `room`, the height there is, say what they have to fit into; 0 is as many, as much, as they need.
    """

    wish = NumericProperty(0)
    least = NumericProperty(0)
    room = NumericProperty(0)

    def fit(self, *_: Any) -> None:
        """Choose the size."""
        if self.wish and self.width > 1 and self.text:
            self.font_size = self.fitting(int(self.wish))

    def fitting(self, wish: int) -> int:
        """The largest size up to `wish` at which all the words fit."""
        space, line = self._width_of(" ", wish), height_of(self.text, self.font_name, wish) / wish
        widths = [self._width_of(word, wish) for word in self.text.split()]
        least = min(wish, int(self.least))
        return next(
            (size for size in range(wish, least, -1) if self._fits(widths, space, size / wish, line * size)), least
        )

    def _fits(self, widths: Sequence[float], space: float, share: float, high: float) -> bool:
        across = self.width / share  # as if the words stayed as they are and the line became longer
        lines, used = 1, 0.0
        for width in widths:
            if width > across:
                return False
            if used and used + space + width > across:
                lines, used = lines + 1, width
            else:
                used += (space if used else 0) + width
        return not 0 < self.max_lines < lines and not 0 < self.room < lines * high

    def _width_of(self, text: str, size: int) -> float:
        return width_of(text, self.font_name, size) + 1


class Facts(Words):
    """Short facts, `joined`, on one line: as many as there is room for, the first in any case."""

    facts = StringProperty()

    def choose(self, *_: Any) -> None:
        """Leave out the last ones that there is no room for."""
        self.text = facts_within(self.facts, self.font_name, int(self.font_size), self.width)


def facts_within(facts: str, role: str, size_px: int, width: float) -> str:
    """Of facts that were `joined` the first ones that fit into so many pixels; the first in any case."""
    parts = apart(facts)
    while width > 1 and len(parts) > 1 and width_of(joined(parts), role, size_px) + 1 > width:
        parts.pop()
    return joined(parts)


def alike(labels: Sequence[FittedWords]) -> None:
    """All in the size of the one that had to be smallest."""
    for label in labels:
        label.fit()
    size = min((label.font_size for label in labels), default=0)
    for label in labels:
        label.font_size = size


def keep_alike(labels: Sequence[FittedWords]) -> None:
    """From now on they are all in the size of the one that has to be smallest, however the room for them changes."""
    trigger = Clock.create_trigger(lambda _dt: alike([label for label in labels if label.text]), -1)
    for label in labels:
        label.bind(width=trigger, room=trigger, text=trigger, wish=trigger)
    trigger()
