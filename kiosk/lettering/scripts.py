"""Which writing a text is in, and how a line of it is cut into runs that one font each can draw.

No font covers everything: the Arabic one has no Latin letters and no pound sign. A line that mixes them is drawn run
by run, and from right to left where the text as a whole is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sync.words import RLM

BOLD: Final = "\ue010"
"""Before a word: it is to be drawn bold. A private character, which nothing else here uses."""

_RANGES: Final = (
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x06FF, "Arabic"),
    (0x0750, 0x077F, "Arabic"),
    (0x08A0, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0D80, 0x0DFF, "Sinhala"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1200, 0x137F, "Ethiopic"),
    (0x0530, 0x058F, "Armenian"),
    (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFF, "Arabic"),
)
_RIGHT_TO_LEFT: Final = {"Arabic", "Hebrew"}
_SHARED: Final = " !,.-:0123456789\u00a0\u200c\u200d"
"""What every font has: it goes with the letters beside it."""
_OF_NUMBERS: Final = "£$€%#+°@/"
_MIRRORED: Final = str.maketrans("()[]<>«»", ")(][><»«")


@dataclass(frozen=True)
class Run:
    """A stretch of a line for one font."""

    text: str
    script: str
    bold: bool
    rtl: bool


def script_of(letter: str) -> str:
    """The writing a letter belongs to; `Latin` for all that the Latin font draws, Greek and Cyrillic too."""
    point = ord(letter)
    if point < 0x0530:
        return "Latin"
    return next((name for low, high, name in _RANGES if low <= point <= high), "Latin")


def rarest(text: str) -> str:
    """The writing of a text that fewest fonts have: the first that is not Latin."""
    return next((script for letter in text if (script := script_of(letter)) != "Latin"), "Latin")


def right_to_left(text: str) -> bool:
    """Whether a text as a whole runs from right to left: a mark in it says so, or its first letter."""
    if RLM in text:
        return True
    for letter in text:
        if script_of(letter) in _RIGHT_TO_LEFT:
            return True
        if unicodedata.category(letter)[0] == "L":
            return False
    return False


@lru_cache(maxsize=4096)
def runs(line: str, rtl: bool) -> tuple[Run, ...]:
    """A line in runs, in the order they stand on the screen from the left."""
    found: list[Run] = []
    for part, bold in _bold_parts(line):
        for piece in part.split(RLM):
            found += _script_runs(piece, bold, rtl)
    return tuple(reversed(found)) if rtl else tuple(found)


def plain(text: str) -> str:
    """The text without the marks for bold and direction."""
    return text.replace(BOLD, "").replace(RLM, "")


def _bold_parts(line: str) -> list[tuple[str, bool]]:
    """A line cut where bold begins and ends: a mark makes everything up to the next space bold."""
    if BOLD not in line:
        return [(line, False)]
    parts: list[tuple[str, bool]] = []
    for at, piece in enumerate(line.split(BOLD)):
        if at == 0:
            parts.append((piece, False))
            continue
        word, space, rest = piece.partition(" ")
        parts += [(word, True), (space + rest, False)]
    return [(text, bold) for text, bold in parts if text]


def _script_runs(text: str, bold: bool, rtl: bool) -> list[Run]:
    found: list[Run] = []
    for stretch, script in _stretches(text):
        runs_left = script in _RIGHT_TO_LEFT
        if not rtl or runs_left:
            found.append(Run(stretch, script, bold, runs_left))
            continue
        # a left-to-right stretch in a right-to-left line: the spaces and signs round it belong to the line
        first = next((at for at, letter in enumerate(stretch) if _is_of_words(letter)), len(stretch))
        last = next((at for at in range(len(stretch), first, -1) if _is_of_words(stretch[at - 1])), first)
        head, core, tail = stretch[:first], stretch[first:last], stretch[last:]
        found += [Run(sign, script, bold, False) for sign in head.translate(_MIRRORED)]
        found += [Run(core, script, bold, False)] if core else []
        found += [Run(sign, script, bold, False) for sign in tail.translate(_MIRRORED)]
    return found


def _is_of_words(letter: str) -> bool:
    """Whether it goes with letters and numbers; all else follows the line it stands in."""
    return letter.isalnum() or letter in _OF_NUMBERS or unicodedata.category(letter)[0] in "MC"


def _stretches(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for letter in text:
        script = script_of(letter)
        if found and (script == found[-1][1] or _goes_with(letter, found[-1][1])):
            found[-1] = (found[-1][0] + letter, found[-1][1])
        elif found and all(_goes_with(each, script) for each in found[-1][0]):
            found[-1] = (found[-1][0] + letter, script)
        else:
            found.append((letter, script))
    return found


def _goes_with(letter: str, script: str) -> bool:
    return letter in _SHARED or (script != "Latin" and unicodedata.category(letter) in ("Mn", "Mc", "Cf"))
