"""Whether the fonts that there are have every letter of a text."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from PIL import ImageFont

from kiosk.lettering import fonts, scripts

_SIZE_PX: Final = 40
_NOWHERE: Final = "\U0010fffd"
"""A private character that no font has: it is drawn as the box that stands for what is missing."""


def missing(text: str) -> set[str]:
    """The letters that would be drawn as a box."""
    cut = scripts.runs(scripts.plain(text), scripts.right_to_left(text))
    return {letter for run in cut for letter in run.text if _is_box(letter, run.script)}


@cache
def _is_box(letter: str, script: str) -> bool:
    if letter.isspace() or unicodedata.category(letter) in ("Co", "Cf"):
        return False  # nothing is drawn, or one of our icons
    return any(_drawn(letter, role, script) == _drawn(_NOWHERE, role, script) for role in ("regular", "bold"))


@cache
def _drawn(letter: str, role: str, script: str) -> bytes:
    font = ImageFont.truetype(str(fonts.path(role, script)), _SIZE_PX, layout_engine=ImageFont.Layout.BASIC)
    mask = font.getmask(letter)
    return bytes(mask) + repr(mask.size).encode()
