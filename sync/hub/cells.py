"""What others typed, as it may stand in a terminal or a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula. Source: OWASP, CSV injection."""
_JOINERS: Final = "\u200c\u200d"
"""Unprintable, and needed to spell Persian and the languages of India."""


def plain(text: str) -> str:
    """Text without what moves a cursor or turns the line around; other blanks are spaces."""
    spaced = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in spaced if letter.isprintable() or letter in _JOINERS)


def shown(cells: Iterable[object]) -> list[str]:
    """A row of a table, as it may stand in a terminal."""
    return [plain(str(cell)) for cell in cells]


def safe(cell: object) -> str:
    """A cell of CSV: numbers as they are, `yes` or `no`, nothing for None.

    Text is plain, and where a spreadsheet would take it for a formula it has a quote before it.
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if cell is None or isinstance(cell, int | float):
        return "" if cell is None else str(cell)
    text = plain(str(cell))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
