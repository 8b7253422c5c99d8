"""Whether anything was typed, and whether it can be a telephone number or an e-mail address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NUMBER: Final = re.compile(r"\+?[\d ()./-]+")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
"""Source of the latter: ITU-T E.164."""


def is_given(text: str) -> bool:
    """Whether there is anything in it that can be seen: a letter, a number, a sign."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def looks_right(contact: str) -> bool:
    """Whether it looks like one; what does not may still be one, and a person decides."""
    text = contact.strip()
    digits = sum(letter.isdigit() for letter in text)
    return bool(_ADDRESS.fullmatch(text) or (_NUMBER.fullmatch(text) and _FEWEST_DIGITS <= digits <= _MOST_DIGITS))
