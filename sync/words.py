"""Every word that people read goes through `_`, so that it can be read in their language.

The catalogues are `assets/words/LANGUAGE.po`. One language holds for the whole process, as a screen has one visitor
(`use`); what serves many at once says each in their own (`speaking`). What is not translated stays English, so nothing
is ever missing.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

ENGLISH: Final = "en"
MARKED: Final = "qps"
"""No language: English in brackets and longer, so that words that were forgotten, or have no room, can be seen."""
_LONGER: Final = 0.3
_RIGHT_TO_LEFT: Final = ("ar", "ur")
RLM: Final = "\u200f"
"""Unicode's right-to-left mark, which is not seen: what is on either side of it stands by itself."""
_BETWEEN: Final = {False: " · ", True: f" {RLM}·{RLM} "}


class _Spoken(NamedTuple):
    """A language with its words."""

    language: str
    translation: gettext.NullTranslations


_everywhere = _Spoken(ENGLISH, gettext.NullTranslations())
_here: ContextVar[_Spoken | None] = ContextVar("_here", default=None)


def use(language: str) -> None:
    """From now on `_` answers in this language; one there is no catalogue of is English."""
    global _everywhere
    _everywhere = _spoken(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it `_` answers in this language, in this thread or task alone, whatever else is said elsewhere."""
    before = _here.set(_spoken(language))
    try:
        yield
    finally:
        _here.reset(before)


def language() -> str:
    """The code of the language that `_` answers in."""
    return _now().language


@lru_cache
def languages() -> tuple[str, ...]:
    """The codes of English and of the languages there is a catalogue of."""
    files = (resources.files("assets") / "words").iterdir()
    return (ENGLISH, *sorted(file.name.removesuffix(".po") for file in files if file.name.endswith(".po")))


def right_to_left() -> bool:
    """Whether that language is written from right to left."""
    return _now().language in _RIGHT_TO_LEFT


def _(text: str) -> str:
    """The words in the language in use."""
    return _now().translation.gettext(text)


def joined(parts: Iterable[str]) -> str:
    """`Guide · Free`: short facts beside each other, without those that are empty, in the order they are read in.

    In a language that is written from the right they stand so, whatever each is written in.
    """
    return _BETWEEN[right_to_left()].join(part for part in parts if part)


def apart(text: str) -> list[str]:
    """The facts that were `joined`."""
    return text.split(_BETWEEN[right_to_left()])


def N_(text: str) -> str:  # noqa: N802 (gettext's own name for it)
    """The words as they are, noted for the catalogues: they go through `_` where they are shown."""
    return text


def N_of(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Words that differ by the number, noted for the catalogues: they go through `count_of` where they are shown."""
    return one, many


def count_of(count: int, one: str, many: str) -> str:
    """`1 thing`, `42 things`; `one` and `many` hold the place of the number as `{}`."""
    return _now().translation.ngettext(one, many, count).format(f"{count:,}")


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """A language's words; for English, and for a language there is no catalogue of, none."""
    if language == MARKED:
        return _Marked()
    from babel.messages import mofile, pofile  # not needed for English

    path = resources.files("assets") / "words" / f"{language}.po"
    if not language.isalpha() or not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, pofile.read_po(io.BytesIO(path.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _now() -> _Spoken:
    return _here.get() or _everywhere


def _spoken(language: str) -> _Spoken:
    translation = catalogue(language)
    return _Spoken(language if translation.info() else ENGLISH, translation)


class _Marked(gettext.NullTranslations):
    """Every word as `⟦Word··⟧`, a third longer, as it may be in another language."""

    def info(self) -> dict[str, str]:
        """It is a catalogue like any other."""
        return {"language": MARKED}

    def gettext(self, message: str) -> str:
        """The words, marked."""
        longer = "·" * max(1, round(len(message) * _LONGER))
        return f"⟦{message}{longer}⟧" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The words for that number, marked."""
        return self.gettext(msgid1 if n == 1 else msgid2)
