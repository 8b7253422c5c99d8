"""Colours as numbers, and whether text can be read on them.

Source: WCAG 2.2, relative luminance and contrast ratio.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

Rgba = tuple[float, float, float, float]

_BLACK: Final[Rgba] = (0.0, 0.0, 0.0, 1.0)
_WHITE: Final[Rgba] = (1.0, 1.0, 1.0, 1.0)
READABLE: Final = 4.5
"""Least contrast of any text on what is behind it."""


def rgba(code: str, alpha: float = 1.0) -> Rgba:
    """`#2E7D4F` as numbers from 0 to 1.

    Raises:
        ValueError: it is not a colour.
    """
    digits = code.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"{code!r} is not a colour like #2E7D4F")
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue, alpha


@lru_cache(maxsize=4096)
def contrast(one: Rgba, other: Rgba) -> float:
    """The contrast ratio of two opaque colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: Rgba, other: Rgba, share: float) -> Rgba:
    """`share` (0 to 1) of `other` in `one`, opaque."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one[:3], other[:3], strict=True))
    return red, green, blue, 1.0


@lru_cache(maxsize=1024)
def readable(text: Rgba, behind: Rgba, least: float = READABLE) -> Rgba:
    """The text's colour, darkened or, on what is dark, lightened as far as it takes to be read on `behind`."""
    end = _BLACK if contrast(_BLACK, behind) > contrast(_WHITE, behind) else _WHITE
    tries = (mix(text, end, step / 50) for step in range(51))
    return next((tried for tried in tries if contrast(tried, behind) >= least), end)


def _luminance(colour: Rgba) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
