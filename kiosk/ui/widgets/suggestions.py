"""Words to take instead of typing them, in one row above the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.lettering import scripts
from kiosk.ui import kv
from kiosk.ui.look.letters import width_of
from kiosk.ui.look.text import Phrase
from kiosk.ui.widgets.basics import Chip
from sync import words

kv.load(__file__)


class SuggestedWord(Chip):
    """One of the words."""

    sides = NumericProperty(0)
    """Room beside the word, both sides together."""

    def say(self, word: str) -> int:
        """Bear this word; how wide that makes it."""
        self.text = word
        return width_of_line(self.ids.label, word) + int(self.sides)


class Suggestions(BoxLayout):
    """As many words as fit, the likeliest first; from the right where they, or the screen, run so.

    The row is always there, so that nothing moves when there is nothing to suggest.
    """

    label = StringProperty()
    """What stands before them."""

    def __init__(self, **options: Any) -> None:
        self._words: list[str] = []
        self._take: Callable[[str], None] | None = None
        self._chips: list[SuggestedWord] = []
        super().__init__(**options)
        self._label = self.ids.label.__self__

    @property
    def shown(self) -> list[str]:
        """The words that there is room for."""
        return [chip.text for chip in self._chips if chip.parent]

    def offer(self, offered: Sequence[str], take: Callable[[str], None], label: str = "") -> None:
        """Offer these words; `take` is called with the one that is touched."""
        self._words, self._take, self.label = list(offered), take, label
        self.fit()

    def fit(self) -> None:
        """As many as there is room for, and no more."""
        room = self.width - (width_of_line(self._label, self.label) + self.spacing if self.label else 0)
        shown: list[SuggestedWord] = []
        for word in self._words:
            chip = self._chip(len(shown))
            wide = chip.say(word)
            if wide > room:
                continue  # a shorter one may still fit
            chip.act = partial(self._touched, word)
            room -= wide + self.spacing
            shown.append(chip)
        self._stand(shown)

    def _stand(self, shown: list[SuggestedWord]) -> None:
        self.clear_widgets()
        first = shown[0].text if shown else ""
        backwards = words.right_to_left() or scripts.right_to_left(first)
        there = [self._label, *shown] if self.label else list(shown)
        gap = Widget()  # takes what is left, on the side where the words end
        for part in (gap, *there[::-1]) if backwards else (*there, gap):
            self.add_widget(part)

    def _chip(self, at: int) -> SuggestedWord:
        if at == len(self._chips):
            self._chips.append(SuggestedWord())
        return self._chips[at]

    def _touched(self, word: str) -> None:
        if self._take:
            self._take(word)


def width_of_line(phrase: Phrase, text: str) -> int:
    """How wide these words are going to be with this text, in pixels."""
    return round(width_of(text, phrase.font_name, int(phrase.font_size))) + 1
