"""What was typed, taken apart as people see it: letters with their marks, and words."""

from __future__ import annotations

import unicodedata
from typing import Final

_VIRAMA_CLASS: Final = 9
"""The combining class of the signs that join two consonants in the writings of India."""
_JOINERS: Final = "\u200c\u200d"
_SKIN_TONES: Final = ("\U0001f3fb", "\U0001f3ff")


def without_last(text: str) -> str:
    """The text without its last letter and all its marks; a sign that joined this letter to the one before goes too.

    So `কি` becomes empty, and `স্ত` becomes `স`: neither a mark without its letter is left, nor a letter that waits
    for another.
    """
    end = len(text)
    while end > 0:
        end -= 1
        if not _belongs_to_the_one_before(text, end):
            break
    while end > 0 and (text[end - 1] in _JOINERS or _joins(text[end - 1])):
        end -= 1
    return text[:end]


def without_first(text: str) -> str:
    """The text without its first letter and all its marks."""
    end = 1
    while end < len(text) and _belongs_to_the_one_before(text, end):
        end += 1
    return text[end:]


def cut(text: str, longest: int) -> str:
    """At most so many code points, without cutting into a letter."""
    end = min(longest, len(text))
    while 0 < end < len(text) and _belongs_to_the_one_before(text, end):
        end -= 1
    return text[:end]


def with_last_word(text: str, word: str) -> str:
    """The text with `word` in place of the one that was being typed, ready for the next."""
    before = text if text[-1:].isspace() or not text else text.rpartition(" ")[0] + " "
    return f"{before}{word} ".lstrip()


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    """Whether what stands here is part of the letter before it."""
    letter = text[at]
    if unicodedata.category(letter) in ("Mn", "Mc", "Me") or letter in _JOINERS:
        return True
    if _SKIN_TONES[0] <= letter <= _SKIN_TONES[1]:
        return True
    joined = at > 0 and text[at - 1] == "\u200d"
    return joined and unicodedata.category(letter) == "So"  # pictures that are joined to one


def _joins(letter: str) -> bool:
    return unicodedata.combining(letter) == _VIRAMA_CLASS
