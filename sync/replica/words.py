"""How text becomes words to search by: the same folding as the full-text tables use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_WORD_CATEGORIES: Final = ("L", "N", "Co", "Mn", "Mc")

COMMON: Final = frozenset(
    "a about ain also am an and any anybody anyone anything are aren as at be been being but by can cannot could "
    "couldn d dad did didn do does doesn don father find for from get getting go going good got had hadn has hasn "
    "have haven he hello help her here hi him his how husband i if in into is isn it its just know like ll looking m "
    "me might mine mother mum must my need needs no not of on or our out please pls re really s she should shouldn "
    "so some somebody someone something somewhere stuff t than thanks that the their them then there these they "
    "thing things this those to too up us use using ve very want wants was wasn wat we well were what when wher "
    "where which who why wife will with won wot would wouldn you your".split()
)
"""English words that say nothing about what a visitor looks for; left out when all words together find nothing."""


def fold(text: str) -> str:
    """Lower case without accents: `Siân` and `sian` are one."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in plain if not 0x300 <= ord(c) < 0x370))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order; divided just where the full-text tables divide."""
    folded = fold(text)
    if not folded.isascii():
        folded = "".join(c if unicodedata.category(c).startswith(_WORD_CATEGORIES) else " " for c in folded)
        return folded.split()
    return [word for word in _NOT_WORD.split(folded) if word]


def as_written(texts: Iterable[str]) -> dict[str, str]:
    """Every word of these texts, folded, with the way it is written there, in lower case: `cafe` as `café`."""
    written: dict[str, str] = {}
    for text in texts:
        plain = unicodedata.normalize("NFC", text.lower())
        parts = "".join(c if unicodedata.category(c).startswith(_WORD_CATEGORIES) else " " for c in plain)
        for word in parts.split():
            written.setdefault(fold(word), word)
    return written
