"""Which looks are drawn: few rows in which every two values of different kinds meet at least once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from kiosk.ui.look.theme import COLOURS, TEXT_SCALES
from sync.wording import LANGUAGES


class Panel(NamedTuple):
    """A window: its size in pixels, and the shorter side of the panel's picture in millimetres."""

    width: int
    height: int
    mm: float

    @property
    def name(self) -> str:
        """`1080x1920`."""
        return f"{self.width}x{self.height}"


class Row(NamedTuple):
    """One look of every screen."""

    panel: Panel
    theme: str
    text: str
    language: str

    @property
    def name(self) -> str:
        """`light-normal-en`, for a file of that panel."""
        return f"{self.theme}-{self.text}-{self.language}"


PANELS: Final = (Panel(1080, 1920, 268), Panel(1920, 1080, 268), Panel(1024, 600, 125), Panel(800, 480, 91))
"""Those that the screen is made for: 21.5 inches either way, 10.1 inches and 7 inches."""
THEMES: Final = tuple(COLOURS)
TEXTS: Final = tuple(TEXT_SCALES)


def panel(name: str) -> Panel:
    """A panel by its size, as `800x480`, or `640x480/100` for one that is not among `PANELS`.

    Raises:
        ValueError: it is not a size, or nobody knows how large that panel is.
    """
    size, _slash, mm = name.lower().partition("/")
    known = next((one for one in PANELS if one.name == size and not mm), None)
    if known:
        return known
    width, _x, height = size.partition("x")
    if not (width.isdigit() and height.isdigit() and mm.replace(".", "", 1).isdigit()):
        sizes = ", ".join(one.name for one in PANELS)
        raise ValueError(f"{name!r} must be one of {sizes}, or look like 640x480/100 (with the shorter side in mm)")
    return Panel(int(width), int(height), float(mm))


def rows(
    panels: Sequence[Panel] = PANELS,
    themes: Sequence[str] = THEMES,
    texts: Sequence[str] = TEXTS,
    languages: Sequence[str] = tuple(LANGUAGES),
    *,
    full: bool = False,
) -> list[Row]:
    """The looks to draw: every pair, or with `full` every combination, of these."""
    kinds: tuple[Sequence[Any], ...] = (panels, themes, texts, languages)
    found = [*product(*kinds)] if full else covering(kinds)
    return sorted((Row(*values) for values in found), key=lambda row: panels.index(row.panel))


def covering(kinds: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows with one value of each kind, in which every two values of two kinds stand together at least once.

    Each row is the one of all combinations that has the most pairs which no row before it has; the same every time.
    """
    left = {
        ((one, first), (other, second))
        for (one, values), (other, others) in combinations(enumerate(kinds), 2)
        for first, second in product(values, others)
    }
    everything = [(row, frozenset(combinations(enumerate(row), 2))) for row in product(*kinds)]
    found: list[tuple[Any, ...]] = []
    while left:
        row, pairs = max(everything, key=lambda candidate: len(candidate[1] & left))
        found.append(row)
        left -= pairs
    return found or [*product(*kinds)][:1]
