"""Colours of the screen, so that pictures and papers match it."""

from __future__ import annotations

from dataclasses import dataclass

PAPER = "#FBF8F3"
CARD = "#FFFFFF"
EDGE = "#E8E1D6"
INK = "#1B2830"
QUIET = "#4A5A64"

AMBER = "#F2B441"
CORAL = "#E4694A"
CREAM = "#FFF7E8"
SAND = "#E9CFA4"
WOOD = "#B98552"
LEAF = "#4F9A63"
LEAF_DARK = "#35784A"


@dataclass(frozen=True)
class Shades:
    """The strong colour of a theme and its tint."""

    strong: str
    tint: str


THEMES = {
    "food": Shades("#2E7D4F", "#E3F1E8"),
    "shelter": Shades("#B4532A", "#F8E7DF"),
    "transport": Shades("#1F5FA8", "#E1ECF7"),
    "security": Shades("#6B3FA0", "#EEE6F7"),
    "community": Shades("#0B7A75", "#DDF1F0"),
    "skills": Shades("#8A6100", "#F7EED8"),
}


def mix(first: str, second: str, share: float) -> str:
    """A colour between two: ``share`` 0 is the first, 1 the second."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
