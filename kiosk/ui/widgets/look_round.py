"""Where to look while nothing is typed, or nothing was found: a way on, and the shelves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from kivy.properties import StringProperty

from kiosk.services.shelves import ThemeTile
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.finding import Finding
from kiosk.ui.look.mirror import Box
from kiosk.ui.look.theme import look_of
from kiosk.ui.widgets.basics import Chip, Tap
from kiosk.ui.widgets.cards import ThemePress
from sync.replica.filters import EVERYTHING, Filters
from sync.words import _

kv.load(__file__)

_FEW: Final = 4
"""So many chips stand where height is shortest."""
_TILES: Final = 690
_TILES_WIDE: Final = 540
"""Height in steps that there is for tiles of shelves on an upright panel, and on a wide one."""
_HEADING: Final = 150
_WAYS: Final = 130
"""Height in steps that words over them take, and ways on."""


class LookRound(Box):
    """Shelves as tiles where there is height for them, else as chips.

    Args:
        take: is called with a word to try that was touched.
        choose: is called with the filters that are wanted from now on.
    """

    heading = StringProperty()
    shelves_heading = StringProperty()

    def __init__(
        self, context: Context, *, take: Callable[[str], None], choose: Callable[[Filters], None], **options: Any
    ) -> None:
        self._given, self._take, self._choose = context, take, choose
        super().__init__(**options)
        self._chips, self._tiles = self.ids.chips.__self__, self.ids.tiles.__self__
        self.remove_widget(self._chips)

    def shelves(self) -> None:
        """The shelves there are now."""
        self._chips.clear_widgets()
        self._tiles.clear_widgets()
        for shelf in self._shelves:
            self._tiles.add_widget(ThemePress(self._given, shelf))

    def sorry(self) -> None:
        """Search does not work; the shelves do."""
        self.heading, self.shelves_heading = _("Search does not work just now."), _("Have a look at the shelves:")

    def tell(self, vain: Finding | None, tries: Sequence[str], *, alone: bool = False) -> None:
        """What to do about a search that found nothing; None where there was none.

        Args:
            tries: words that find something.
            alone: whether the keyboard, and words to try over it, are not seen beside this.
        """
        self.heading = _in_vain(vain) if vain else ""
        self.shelves_heading = _("Or look at a shelf:")
        ways = self.ids.ways
        ways.clear_widgets()
        for way in self._ways_on(vain) if vain else ():
            ways.add_widget(way)
        tiled = not alone and self._has_height(vain is not None, bool(ways.children))
        self._put(*((self._tiles, self._chips) if tiled else (self._chips, self._tiles)))
        self._chips.clear_widgets()
        if alone and ways.children and tries:
            self.shelves_heading = "" if self._given.theme.tiny else _("Or try:")
            for word in tries[:_FEW]:
                self._chips.add_widget(Chip(text=word, act=partial(self._take, word)))
        elif not tiled:
            self._chips_of_shelves()

    # -- inner

    @property
    def _shelves(self) -> list[ThemeTile]:
        home = self._given.pulse.home
        return home.themes if home else []

    def _has_height(self, vain: bool, ways: bool) -> bool:
        """Whether there is height for tiles."""
        theme, rows = self._given.theme, -(-len(self._tiles.children) // 2)
        needs = 1.25 * (2 * theme.letters(40) + theme.small) + theme.u(40)
        taken = (_HEADING if vain else 0) + (_WAYS if ways else 0)
        return theme.u((_TILES_WIDE if theme.wide else _TILES) - taken) / max(1, rows) >= needs

    def _put(self, wanted: Any, other: Any) -> None:
        if other.parent:
            self.remove_widget(other)
        if not wanted.parent:
            self.add_widget(wanted, index=1)

    def _ways_on(self, finding: Finding) -> list[Tap]:
        """What to do about a search that found nothing."""
        colours = self._given.theme.c
        if finding.barred:
            act = partial(self._choose, EVERYTHING)
            return [Tap(text=_("Take filters off"), icon="close", fill=colours.brand, ink=colours.white, act=act)]
        if not finding.theme:
            return []
        look = self._given.look([finding.theme])
        act = partial(self._given.go.shelf, f"theme:{finding.theme}")
        words = _("Look at “{}”").format(look.name)
        return [Tap(text=words, icon=look.icon, fill=look.strong, ink=colours.white, act=act)]

    def _chips_of_shelves(self) -> None:
        theme = self._given.theme
        for shelf in self._shelves[:_FEW] if theme.tiny else self._shelves:
            look = look_of(shelf.theme, theme.c, self._given.language)
            chip = Chip(text=look.name, act=partial(self._given.go.shelf, f"theme:{shelf.theme.key}"))
            chip.fill, chip.ink, chip.line = look.strong, theme.c.white, theme.c.clear
            self._chips.add_widget(chip)


def _in_vain(finding: Finding) -> str:
    if not finding.query:
        return _("Nothing is like that just now.")
    if finding.barred:
        return _("Nothing fits “{}” with these filters.").format(finding.query)
    return _("Nothing fits “{}”.").format(finding.query)
