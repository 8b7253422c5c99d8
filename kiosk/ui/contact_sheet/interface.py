"""Whether words on the screen are the program's own, told by its catalogues of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Final

from sync import words

_PLACE: Final = re.compile(r"\\\{[^{}]*\\\}")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_FEW_LETTERS: Final = 3
_OWN_SHARE: Final = 0.3
_OPENS, _CLOSES = "⟦", "⟧"
_SIGNS: Final = re.compile(r"\b(?:[0-9A-Z]{4}-[0-9A-Z]{4}|[KMG]B)\b")
"""Codes of items, and units."""


def own_words(language: str) -> Callable[[str], bool]:
    """Tells whether a text is one of the program's, in that language or in English, figures and names filled in.

    Where most of it was filled in, it is not.
    """
    known = _templates(language)

    def is_own(text: str) -> bool:
        letters = len(_LETTERS.findall(text))
        return any(own >= _OWN_SHARE * letters and pattern.fullmatch(text) for pattern, own in known)

    return is_own


def marked(allowed: Iterable[str], others: tuple[str, str]) -> Callable[[str], bool]:
    """Tells whether a text is as it should be in the marked language: marked by `_`, by `others`, or allowed as it is.

    A text may be put together: what is outside every mark is looked at by itself.
    """
    closed = {_closed(text) for text in allowed}
    marks = re.compile(f"{_OPENS}[^{_OPENS}{_CLOSES}]*{_CLOSES}|{others[0]}[^{others[0]}{others[1]}]*({others[1]}|…|$)")

    def is_marked(text: str) -> bool:
        before, rest = None, text
        while rest != before:  # from the innermost marks out
            before, rest = rest, marks.sub(" ", rest)
        left = _SIGNS.sub("", rest)
        return not re.search(r"[^\W\d_]{2}", left) or bool({_closed(text), _closed(rest)} & closed)

    return is_marked


def _closed(text: str) -> str:
    """Without spaces, as a long word may be cut into lines, and without the signs between parts."""
    return "".join(text.split()).strip("·,.:()…")


@cache
def _templates(language: str) -> list[tuple[re.Pattern[str], int]]:
    """Each of the program's words as a pattern, with how many letters are its own."""
    found = {said for code in (language, _any()) for said in _said(code)}
    own = {said: len(_LETTERS.findall(re.sub(r"\{[^{}]*\}", "", said))) for said in found}
    return [
        (re.compile(_PLACE.sub(".+?", re.escape(said)), re.DOTALL), letters)
        for said, letters in sorted(own.items())
        if letters >= _FEW_LETTERS
    ]


def _any() -> str:
    """A language there is a catalogue of: all of them have every English word."""
    names = sorted(file.name for file in (resources.files("assets") / "words").iterdir())
    return next((name.removesuffix(".po") for name in names if name.endswith(".po")), words.ENGLISH)


def _said(language: str) -> Iterator[str]:
    """All that is said, in English and in that language."""
    from babel.messages import pofile

    path = resources.files("assets") / "words" / f"{language}.po"
    if not language.isalpha() or not path.is_file():
        return
    with path.open("rb") as file:
        for message in pofile.read_po(file, locale=language):
            for texts in (message.id, message.string):
                yield from filter(None, [texts] if isinstance(texts, str) else texts or ())
