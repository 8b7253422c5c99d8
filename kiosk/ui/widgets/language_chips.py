"""Languages by their own names, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, StringProperty

from kiosk.ui import kv
from kiosk.ui.look import languages
from kiosk.ui.look.mirror import Grid
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.fitted import keep_alike

kv.load(__file__)


class LanguageChip(Press):
    """One language."""

    text = StringProperty()
    code = StringProperty()
    chosen = StringProperty()
    solid = BooleanProperty(True)
    """Not over a strong colour."""
    ink = ColorProperty()


class LanguageChips(Grid):
    """A grid of them, as many columns as `cols` says; `offer` fills it."""

    chosen = StringProperty()
    """The language's code."""
    solid = BooleanProperty(True)

    def offer(self, codes: Sequence[str], choose: Callable[[str], None]) -> None:
        """Offer these; `choose` is called with the one that is touched."""
        self.clear_widgets()
        for code in codes:
            chip = LanguageChip(code=code, text=languages.name(code), solid=self.solid)
            chip.act, chip.chosen = lambda code=code: choose(code), self.chosen
            self.add_widget(chip)
        keep_alike([chip.ids.words for chip in self.children])

    def on_chosen(self, *_: Any) -> None:
        for chip in self.children:
            chip.chosen = self.chosen
