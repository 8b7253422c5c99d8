"""Languages by their own names, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.properties import StringProperty

from kiosk.ui import kv, languages
from kiosk.ui.mirror import Grid
from kiosk.ui.widgets.basics import Chip

kv.load(__file__)


class LanguageChip(Chip):
    """One language."""

    code = StringProperty()
    chosen = StringProperty()


class LanguageChips(Grid):
    """A grid of them, as many columns as `cols` says; `offer` fills it."""

    chosen = StringProperty()
    """The language's code."""

    def offer(self, codes: Sequence[str], choose: Callable[[str], None]) -> None:
        """Offer these; `choose` is called with the one that is touched."""
        self.clear_widgets()
        for code in codes:
            chip = LanguageChip(code=code, text=languages.name(code), act=lambda code=code: choose(code))
            chip.chosen = self.chosen
            self.add_widget(chip)

    def on_chosen(self, *_: Any) -> None:
        for chip in self.children:
            chip.chosen = self.chosen
