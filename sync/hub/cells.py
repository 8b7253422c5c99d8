"""What others typed, as it may stand in a terminal or a table."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula. Source: OWASP, CSV injection."""
_JOINERS: Final = "\u200c\u200d"
"""Unprintable, and needed to spell Persian and the languages of India."""


def plain(text: str) -> str:
    """Text without what moves a cursor or turns the line around; other blanks are spaces."""
    spaced = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in spaced if letter.isprintable() or letter in _JOINERS)


def safe(text: str) -> str:
    """Text as a cell of CSV: plain, and where a spreadsheet would take it for a formula with a quote before it."""
    cell = plain(text)
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
