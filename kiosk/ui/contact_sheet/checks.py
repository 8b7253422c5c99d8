"""What can be wrong with a screen, told from what is drawn on it: without a picture, and without Kivy.

`shown.look` reads a `Shown` from the widgets. Every rule is a function from it to faults, each in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

from kiosk.devices.qr import QUIET_MODULES
from kiosk.lettering.missing import missing
from kiosk.ui.look.colour import Rgba, contrast, mix

LEAST_TARGET_MM: Final = 11.9
"""12 mm, less what rounding to pixels takes."""
MAIN_TARGET_MM: Final = 19.5
GAP_MM: Final = 2.9
"""3 mm between main things to touch, less what rounding takes."""
SYMBOL_MM: Final = 40.0
CAPITAL: Final = 0.727
"""Height of a capital letter, in sizes of its font (Inter's)."""
LEAST_CAPITAL_MM: Final = 3.5
LARGEST_CAPITAL_MM: Final = 6.1
FULL_MM: Final = 190.0
"""Panels smaller than this are looked at from nearer by: what is a matter of sight may be smaller in the same share."""
REACH: Final = 0.6
"""Share of an upright screen, from below, that is in reach of somebody who sits."""
PROSE_CONTRAST: Final = 10.0
DRAWING_CONTRAST: Final = 3.0
PROSE_WORDS: Final = 6
"""So many words are read, not recognised; times, numbers and dots are no words."""
LONGEST_WORD: Final = 30
"""A longer one is an address, which may be of any length."""
_SLACK_PX: Final = 1.0
_NONE: Final = 1.01
_VEIL: Final = 0.3
_PALE_GROUND: Final = 14.0
"""So much is black text's contrast on a page, card or tint."""


class Box(NamedTuple):
    """A rectangle of the window, in pixels from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def top(self) -> float:
        return self.y + self.height

    def shared(self, other: Box) -> Box:
        """What both cover; of no width or height where that is nothing."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Box(x, y, max(0.0, min(self.right, other.right) - x), max(0.0, min(self.top, other.top) - y))

    def within(self, other: Box, slack: float = _SLACK_PX) -> bool:
        """Whether it stands in the other."""
        across = self.x >= other.x - slack and self.right <= other.right + slack
        return across and self.y >= other.y - slack and self.top <= other.top + slack

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.x <= x <= self.right and self.y <= y <= self.top


@dataclass(frozen=True)
class Fill:
    """Something painted. `colour` is None for a picture; `order` is when it was painted, counted from 0."""

    box: Box
    colour: Rgba | None
    order: int


@dataclass(frozen=True)
class Press:
    """Something to touch; `within` are the numbers of those that it is a part of. `clip` is the list it scrolls in."""

    words: str
    box: Box
    order: int
    number: int
    kind: str = "Press"
    within: tuple[int, ...] = ()
    clip: Box | None = None


@dataclass(frozen=True)
class Text:
    """Words as they are drawn: `ink` is where their letters stand, line by line from the top in `lines`.

    `across` is how wide a line may be (0: as wide as it is), `widest` how wide its widest word is, `within` the numbers
    of what it is written on that can be touched.
    """

    words: str
    ink: Box
    order: int
    size_px: float
    colour: Rgba = (0.0, 0.0, 0.0, 1.0)
    lines: tuple[str, ...] = ()
    role: str = "regular"
    across: float = 0.0
    broken: str = ""
    cut_short: bool = False
    disabled: bool = False
    within: tuple[int, ...] = ()
    clip: Box | None = None

    @property
    def is_icon(self) -> bool:
        return self.role == "icon"

    @property
    def is_prose(self) -> bool:
        """Whether it is text to read, rather than a name."""
        return sum(any(map(str.isalpha, word)) for word in self.words.split()) >= PROSE_WORDS


@dataclass(frozen=True)
class Symbol:
    """A QR symbol with its quiet zone: `modules` both together."""

    side_px: float
    modules: int
    order: int


@dataclass(frozen=True)
class Shown:
    """All that is drawn.

    Args:
        size: the window, in pixels.
        px_per_mm: on the panel.
        panel_mm: the shorter side of the panel's picture.
        behind: the colour under everything.
        least: least contrast of any text.
        body_px: size of body text.
        text_size: `small` to `largest`.
        pale: whether the theme is a light one.
        lower: whether everything to touch is to be in the lower part.
    """

    size: tuple[float, float]
    px_per_mm: float
    panel_mm: float = 268.0
    behind: Rgba = (1.0, 1.0, 1.0, 1.0)
    least: float = 4.5
    body_px: float = 0.0
    text_size: str = "normal"
    pale: bool = True
    lower: bool = False
    fills: tuple[Fill, ...] = ()
    presses: tuple[Press, ...] = ()
    texts: tuple[Text, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    interface: Callable[[str], bool] = field(default=lambda _words: False)
    """Whether words are the program's own, rather than of the catalogue."""

    @cached_property
    def window(self) -> Box:
        return Box(0.0, 0.0, *self.size)

    @property
    def near(self) -> float:
        """How much smaller than on a large panel things may be, as this one is looked at from nearer by."""
        return max(0.7, min(1.0, self.panel_mm / FULL_MM))

    def mm(self, pixels: float) -> float:
        """The length on the panel."""
        return pixels / self.px_per_mm

    @cached_property
    def to_touch(self) -> list[Press]:
        """What can be touched now: not what lies under a sheet, or is scrolled away."""
        return [press for press in self.presses if not self._covered(press.box, press.order, press.clip)]

    @cached_property
    def to_read(self) -> list[Text]:
        """The words that can be seen now."""
        return [text for text in self.texts if not self._covered(text.ink, text.order, text.clip)]

    def grounds(self, text: Text) -> list[Rgba | None]:
        """What is behind the words, at a few places; None where it is a picture."""
        x, y, width, height = text.ink
        return [self._colour_at(x + width * share, y + height / 2, text.order) for share in (0.02, 0.5, 0.98)]

    def _covered(self, box: Box, order: int, clip: Box | None) -> bool:
        there = box.shared(clip) if clip else box
        if clip and not _area(there):
            return True
        return any(fill.order > order and there.within(fill.box) for fill in self._hiding)

    @cached_property
    def _hiding(self) -> list[Fill]:
        """What hides all that lies under it; a veil over most of the window, as under a sheet, does, too."""
        return [fill for fill in self.fills if _hides(fill, self.window)]

    def _colour_at(self, x: float, y: float, before: int) -> Rgba | None:
        colour: Rgba | None = self.behind
        for fill in self.fills:
            if fill.order >= before or not fill.box.holds(x, y):
                continue
            if fill.colour is None:
                colour = None
            elif fill.colour[3] > 0.98:
                colour = fill.colour
            elif colour is not None:
                colour = mix(colour, fill.colour, fill.colour[3])
        return colour


class Fault(NamedTuple):
    """What is wrong: the rule that it breaks, and in words."""

    rule: str
    said: str


Rule = Callable[[Shown], Iterator[str]]


def faults(shown: Shown, rules: Iterable[str] = ()) -> list[Fault]:
    """Everything that is wrong, by these rules or by all; the same is told once."""
    found = (Fault(name, said) for name in rules or RULES for said in _ALL[name](shown))
    return list(dict.fromkeys(found))


# -- things to touch


def too_small(shown: Shown) -> Iterator[str]:
    """Nothing to touch is under 12 mm."""
    for press in shown.to_touch:
        if min(shown.mm(press.box.width), shown.mm(press.box.height)) < LEAST_TARGET_MM:
            size = f"{shown.mm(press.box.width):.1f} x {shown.mm(press.box.height):.1f} mm"
            yield f"{press.words!r} is {size}; nothing to touch is under 12 mm"


def too_close(shown: Shown) -> Iterator[str]:
    """Main things to touch have 3 mm between them."""
    least = GAP_MM * shown.near
    main = [press for press in shown.to_touch if _is_main(press, shown) and _reaches_down(press)]
    for one, other in combinations(main, 2):
        if one.number in other.within or other.number in one.within:
            continue
        gap = max(
            _apart(one.box.x, one.box.right, other.box.x, other.box.right),
            _apart(one.box.y, one.box.top, other.box.y, other.box.top),
        )
        if gap >= 0 and shown.mm(gap) < least:
            yield f"{one.words!r} and {other.words!r} are {shown.mm(gap):.1f} mm apart; {least:.1f} mm is the least"


def lies_over(shown: Shown) -> Iterator[str]:
    """Nothing to touch lies over another, or over words that are not its own."""
    touch = shown.to_touch
    for one, other in combinations(touch, 2):
        if one.number in other.within or other.number in one.within:
            continue
        both = _seen(one).shared(_seen(other))
        if min(both.width, both.height) > 2:
            yield f"{other.words!r} lies over {one.words!r}: both can be touched there"
    for press in touch:
        for text in shown.to_read:
            both = _seen(press).shared(_ink(text))
            if press.number not in text.within and not text.is_icon and min(both.width, both.height) > 2:
                yield f"{press.words!r} lies over the words {text.words!r}"


def out_of_reach(shown: Shown) -> Iterator[str]:
    """With lower controls everything to touch is in the lower 60 %."""
    if not shown.lower:
        return
    for press in shown.to_touch:
        if press.box.top > shown.size[1] * REACH + _SLACK_PX:
            yield f"{press.words!r} is {press.box.top / shown.size[1]:.0%} up; with lower controls 60 % is the most"


def symbol_too_small(shown: Shown) -> Iterator[str]:
    """A QR symbol is at least 40 mm wide, without its white edge."""
    for symbol in shown.symbols:
        side = shown.mm(symbol.side_px * (1 - 2 * QUIET_MODULES / symbol.modules))
        if side < SYMBOL_MM:
            yield f"a QR symbol is {side:.1f} mm wide; 40 mm is the least"


# -- where things stand


def outside(shown: Shown) -> Iterator[str]:
    """Everything stands in the window, except what scrolls."""
    for press in shown.to_touch:
        if not _reaches(press.box, press.clip, shown):
            yield f"{press.words!r} stands outside the window"
    for text in shown.to_read:
        if not _reaches(text.ink, text.clip, shown):
            yield f"the words {text.words!r} are cut by the window's edge"


def out_of_button(shown: Shown) -> Iterator[str]:
    """Words stand in the button they belong to."""
    presses = {press.number: press for press in shown.to_touch}
    for text in shown.to_read:
        for number in text.within:
            press = presses.get(number)
            if press and not text.ink.within(press.box, 2 * _SLACK_PX):
                yield f"the words {text.words!r} stand out of their button {press.words!r}"


def over_each_other(shown: Shown) -> Iterator[str]:
    """No words lie over others."""
    for one, other in combinations([text for text in shown.to_read if not text.is_icon], 2):
        both = _ink(one).shared(_ink(other))
        if both.width > 2 and both.height > 0.2 * min(one.size_px, other.size_px):
            yield f"{one.words!r} lies over {other.words!r}"


# -- words


def broken_words(shown: Shown) -> Iterator[str]:
    """No word is broken because its line is too short for it."""
    for text in shown.to_read:
        if text.broken:
            yield f"the word {text.broken!r} is broken"


def cut_short(shown: Shown) -> Iterator[str]:
    """The program's own words never end in an ellipsis; those of the catalogue may, on a card."""
    for text in shown.to_read:
        if text.cut_short and shown.interface(text.words):
            yield f"there is no room for all of {text.words!r}: {text.lines[-1] if text.lines else ''!r}"


def too_small_to_read(shown: Shown) -> Iterator[str]:
    """Capitals are at least 3.5 mm high, and text to read in the largest size 6.1 mm."""
    for text in shown.to_read:
        if text.is_icon:
            continue
        height = shown.mm(text.size_px * CAPITAL)
        largest = shown.text_size == "largest" and text.is_prose and not text.within
        least = (LARGEST_CAPITAL_MM if largest else LEAST_CAPITAL_MM) * shown.near
        if height < least - 0.05:
            yield f"{text.words!r} has capitals of {height:.1f} mm; {least:.1f} mm is the least"


def missing_letters(shown: Shown) -> Iterator[str]:
    """The fonts have every letter."""
    for text in shown.to_read:
        if not text.is_icon and (letters := missing(text.words)):
            yield f"no font here has {' '.join(sorted(letters))}, in {text.words!r}"


def faint(shown: Shown) -> Iterator[str]:
    """Every text can be read on what is behind it, and text to read on a pale page very well."""
    for text in shown.to_read:
        if text.disabled:
            continue
        grounds = [ground for ground in shown.grounds(text) if ground is not None]
        if not grounds:
            continue
        ground = min(grounds, key=lambda behind: contrast(mix(behind, text.colour, text.colour[3]), behind))
        found = contrast(mix(ground, text.colour, text.colour[3]), ground)
        if text.is_icon and found < _NONE:
            continue  # meant not to be seen, as the tick of what is not chosen
        least = DRAWING_CONTRAST if text.is_icon else shown.least
        if _is_for_reading(text, ground, shown):
            least = PROSE_CONTRAST
        if found < least - 0.05:
            yield f"{text.words!r} has a contrast of {found:.1f}:1; {least:g}:1 is the least"


def not_translated(shown: Shown) -> Iterator[str]:
    """In the marked language (`sync.words.MARKED`) all of the program's own words are in brackets."""
    for text in shown.to_read:
        if not text.is_icon and re.search(r"[^\W\d_]{2}", text.words) and not shown.interface(text.words):
            yield f"{text.words!r} does not go through `_`"


RULES: Final[dict[str, Rule]] = {
    "too small": too_small,
    "too close": too_close,
    "lies over": lies_over,
    "out of reach": out_of_reach,
    "small symbol": symbol_too_small,
    "outside": outside,
    "out of its button": out_of_button,
    "over each other": over_each_other,
    "broken word": broken_words,
    "cut short": cut_short,
    "small text": too_small_to_read,
    "missing letter": missing_letters,
    "faint": faint,
}
"""Every rule that holds in any language, by its name."""
NOT_TRANSLATED: Final = "not translated"
_ALL: Final[dict[str, Rule]] = {**RULES, NOT_TRANSLATED: not_translated}
LAYOUT: Final = ("too small", "outside", "out of its button", "over each other", "broken word")
"""What is looked at in walks."""


# -- inner


def _hides(fill: Fill, window: Box) -> bool:
    alpha = fill.colour[3] if fill.colour else 1.0
    return alpha > 0.98 or (alpha > _VEIL and _area(fill.box.shared(window)) > _area(window) / 2)


def _area(box: Box) -> float:
    return box.width * box.height


def _apart(begin: float, end: float, other_begin: float, other_end: float) -> float:
    """How far two stretches are apart; below 0 where they share something."""
    return max(begin, other_begin) - min(end, other_end)


def _seen(press: Press) -> Box:
    """What of it can be seen."""
    return press.box.shared(press.clip) if press.clip else press.box


def _ink(text: Text) -> Box:
    return text.ink.shared(text.clip) if text.clip else text.ink


def _is_main(press: Press, shown: Shown) -> bool:
    return press.kind != "KeyCap" and shown.mm(min(press.box.width, press.box.height)) >= MAIN_TARGET_MM * shown.near


def _reaches(box: Box, clip: Box | None, shown: Shown) -> bool:
    """Whether all of it can be seen; what scrolls can be cut above and below."""
    if clip is None:
        return box.within(shown.window)
    return box.x >= clip.x - _SLACK_PX and box.right <= clip.right + _SLACK_PX


def _reaches_down(press: Press) -> bool:
    """Whether all of it can be seen, and it is not cut by the edge of the list it scrolls in."""
    return press.clip is None or press.box.within(press.clip)


def _is_for_reading(text: Text, ground: Rgba, shown: Shown) -> bool:
    """Whether it is body text on something pale: names, buttons and small print are not."""
    pale = shown.pale and contrast(ground, (0.0, 0.0, 0.0, 1.0)) > _PALE_GROUND
    return pale and text.is_prose and text.role == "regular" and not text.within and text.size_px >= shown.body_px


def words_of(texts: Sequence[str]) -> str:
    """What is written on something, for a fault to name it by."""
    return " ".join(filter(None, texts))
