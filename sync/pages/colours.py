"""The colours of the themes as style rules, each made readable where it has to carry text.

A hub may give a theme any two colours. What stands on them, or is written in them, is moved towards black or
white until it has the contrast that WCAG 2.2 asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sync.records import Theme

CONTRAST: Final = 4.6
"""A little over the 4.5:1 of WCAG 2.2 AA, to stay there after rounding."""
PAPER: Final = "#FBF8F3"
CARD_IN_THE_DARK: Final = "#1F282E"
_WHITE: Final = "#FFFFFF"
_BLACK: Final = "#000000"
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_STEPS: Final = 40


def rules(themes: Iterable[Theme]) -> str:
    """One rule a theme for light and one for dark; themes whose key or colours cannot be read keep the plain ones."""
    usable = [theme for theme in themes if _KEY.fullmatch(theme.key) and _COLOUR.fullmatch(theme.strong)]
    light = "".join(_rule(theme.key, _in_the_light(theme)) for theme in usable)
    dark = "".join(_rule(theme.key, _in_the_dark(theme)) for theme in usable)
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}\n" if usable else ""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, ground: str, towards: str) -> str:
    """The colour, moved towards black or white just far enough to be read on its ground."""
    for step in range(_STEPS + 1):
        moved = _mix(colour, towards, step / _STEPS)
        if contrast(moved, ground) >= CONTRAST:
            return moved
    return towards


def _in_the_light(theme: Theme) -> dict[str, str]:
    tint = theme.tint if _COLOUR.fullmatch(theme.tint) else _mix(theme.strong, _WHITE, 0.87)
    if contrast(tint, _BLACK) < 10:
        tint = _mix(theme.strong, _WHITE, 0.87)
    return {
        "strong": readable(theme.strong, _WHITE, _BLACK),
        "tint": tint,
        "chip": readable(theme.strong, tint, _BLACK),
        "accent": readable(theme.strong, PAPER, _BLACK),
    }


def _in_the_dark(theme: Theme) -> dict[str, str]:
    tint = _mix(theme.strong, CARD_IN_THE_DARK, 0.72)
    return {
        "strong": readable(theme.strong, _WHITE, _BLACK),
        "tint": tint,
        "chip": readable(theme.strong, tint, _WHITE),
        "accent": readable(theme.strong, CARD_IN_THE_DARK, _WHITE),
    }


def _rule(key: str, colours: dict[str, str]) -> str:
    return f".theme-{key}{{{';'.join(f'--{name}:{colour}' for name, colour in colours.items())}}}\n"


def _mix(one: str, other: str, share: float) -> str:
    """`one` with a share of `other` in it, from 0 to 1."""
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(_parts(one), _parts(other), strict=True))


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
