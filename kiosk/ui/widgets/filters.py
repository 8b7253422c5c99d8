"""What a list is narrowed to: in one row, what is chosen first, and on a sheet where the row is too short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import kv, wishes
from kiosk.ui.context import Context
from kiosk.ui.look.letters import width_of
from kiosk.ui.look.mirror import Box
from kiosk.ui.widgets import paging  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.basics import Press
from kiosk.ui.widgets.choices import Choice, Section
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.wishes import FREE, KIND, LANGUAGE, NEAR, THEME, Wish
from sync.replica.filters import EVERYTHING, Filters
from sync.words import _

kv.load(__file__)

_COLUMNS: Final = 3
Choose = Callable[[Filters], None]


@dataclass(frozen=True)
class Said:
    """What a chip says and does."""

    text: str
    act: Callable[[], None]
    icon: str = ""
    chosen: bool = False


class WishChip(Press):
    """A wish: to be chosen, or chosen and to be taken off."""

    text = StringProperty()
    icon = StringProperty()
    chosen = BooleanProperty(False)
    ink = ColorProperty()
    font_size = NumericProperty(0)

    def say(self, said: Said, width: float) -> None:
        """Be this, so wide."""
        self.text, self.icon, self.chosen, self.act, self.width = said.text, said.icon, said.chosen, said.act, width


class FilterRow(Box):
    """In one row: what is chosen, each to be taken off by a touch; what else there is; and the way to the sheet.

    `offer` fills it. Where it is `short` it has only what is chosen, in one chip.
    """

    there = BooleanProperty(False)
    """Whether there is anything in it."""
    short = BooleanProperty(False)
    needs = NumericProperty(0)
    """How wide what is in it is, in pixels."""
    open: Any = ObjectProperty(None, allownone=True)
    """Brings the sheet."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._given = context
        self._wishes: list[Wish] = []
        self._filters = EVERYTHING
        self._choose: Choose = lambda _filters: None
        self._chips: list[WishChip] = []
        super().__init__(**options)

    def offer(self, wanted: Sequence[Wish], filters: Filters, choose: Choose) -> None:
        """Show what is chosen, and as much else as fits; `choose` is called with the filters somebody wants."""
        self._wishes, self._filters, self._choose = list(wanted), filters, choose
        self.there = bool(wishes.of(filters)) or (bool(wanted) and not self.short)
        self.fit()

    def fit(self) -> None:
        """As many chips as there is room for."""
        chosen = wishes.of(self._filters)
        if self.short:
            self._stand([self._all_of(chosen)] if chosen else [])
            return
        chips = [self._chosen(wish) for wish in chosen]
        others = [self._other(wish) for wish in self._near_once() if wish.about not in {one.about for one in chosen}]
        if self._fits([*chips, *others]):
            self._stand([*chips, *others])
            return
        way = self._way()
        if not self._fits([*chips, way]) and len(chosen) > 1:
            chips = [self._all_of(chosen)]
        for chip in others:
            if not self._fits([*chips, chip, way]):
                break
            chips.append(chip)
        self._stand([*chips, way])

    # -- inner

    def _fits(self, chips: Sequence[Said]) -> bool:
        return self._across(chips) <= self.width

    def _across(self, chips: Sequence[Said]) -> float:
        return sum(self._width(chip) + self.spacing for chip in chips) - self.spacing if chips else 0

    def _width(self, chip: Said) -> float:
        theme = self._given.theme
        words = width_of(chip.text, "semibold", theme.small) + 1
        across = words + theme.u(44 if theme.low else 64) + (theme.u(40) if chip.icon else 0)
        return round(max(theme.mm(12.1), across))

    def _stand(self, chips: Sequence[Said]) -> None:
        """The chips that were made stay: to make one takes longer than to find what it says."""
        while len(self._chips) < len(chips):
            self._chips.append(WishChip())
        for chip, said in zip(self._chips, chips, strict=False):
            chip.say(said, self._width(said))
        if len(self.children) != len(chips) + 1:
            self.clear_widgets()
            for chip in self._chips[: len(chips)]:
                self.add_widget(chip)
            self.add_widget(Widget())
        self.needs = self._across(chips)

    def _near_once(self) -> list[Wish]:
        """The wishes, of those for what is near only the nearest, as `Near here`: the sheet has the rest."""
        near = [wish for wish in self._wishes if wish.about == NEAR]
        return [wish for wish in self._wishes if wish.about != NEAR or wish is near[0]]

    def _chosen(self, wish: Wish) -> Said:
        return Said(
            text=words_of(wish, self._given),
            icon="close",
            chosen=True,
            act=lambda: self._choose(wish.taken_from(self._filters)),
        )

    def _all_of(self, chosen: Sequence[Wish]) -> Said:
        if len(chosen) == 1:
            return self._chosen(chosen[0])
        words = _("{} filters").format(len(chosen))
        return Said(text=words, icon="close", chosen=True, act=lambda: self._choose(EVERYTHING))

    def _other(self, wish: Wish) -> Said:
        words = _("Near here") if wish.about == NEAR else words_of(wish, self._given)
        return Said(text=words, act=lambda: self._choose(wish.added_to(self._filters)))

    def _way(self) -> Said:
        return Said(text=_("Filters"), icon="filter-variant", act=lambda: self.open and self.open())


class WishSheet(Sheet):
    """Every wish there is, by what it is about."""

    heading = StringProperty()
    any = BooleanProperty(False)
    """Whether something is chosen."""
    tight = NumericProperty(0)
    """Padding where height is short, in pixels."""
    none: Any = ObjectProperty(None, allownone=True)
    done: Any = ObjectProperty(None, allownone=True)

    def __init__(self, context: Context, **options: Any) -> None:
        self._given = context
        super().__init__(**options)
        if self.tight:
            self.panel.padding = self.tight

    def offer(self, wanted: Sequence[Wish], filters: Filters, choose: Choose) -> None:
        """Show these wishes, those chosen that the filters hold."""
        theme, chosen = self._given.theme, wishes.of(filters)
        self.any = bool(chosen)
        self.none = partial(choose, EVERYTHING)
        column = self.ids.reel.column
        column.clear_widgets()
        for heading, abouts in _sections():
            there = [wish for wish in wanted if wish.about in abouts]
            if not there:
                continue
            section = Section(heading="" if theme.tiny else heading, cols=_COLUMNS, row=theme.chip)
            for wish in there:
                on = wish in chosen
                then = wish.taken_from(filters) if on else wish.added_to(filters)
                choice = Choice(text=words_of(wish, self._given), chosen=on, act=partial(choose, then))
                choice.wish = theme.small
                section.grid.add_widget(choice)
            for _blank in range(-len(there) % _COLUMNS):
                section.grid.add_widget(Widget())
            column.add_widget(section)


def words_of(wish: Wish, context: Context) -> str:
    """What a wish is called here."""
    tiles = context.pulse.home.themes if context.pulse.home else []
    return wish.words({tile.theme.key: tile.theme for tile in tiles}, context.language)


def _sections() -> list[tuple[str, tuple[str, ...]]]:
    return [
        ("", (FREE, NEAR)),
        (_("What it is"), (KIND,)),
        (_("What it is about"), (THEME,)),
        (_("Language"), (LANGUAGE,)),
    ]
