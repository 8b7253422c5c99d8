"""How text becomes words to search by: the same folding as the full-text tables use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_WORD_CATEGORIES: Final = ("L", "N", "Co", "Mn", "Mc")

COMMON: Final = frozenset(
    "a an and are at be by can do does for from get has have how i i'm if in is it its me my need of on or our so "
    "some someone something somewhere that the their there they this to up us want was we what when where which "
    "who will with would you your".split()
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
