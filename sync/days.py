"""Days as they are said: the names from Unicode's CLDR, the order from the catalogue of each language."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any, Final

from sync import words
from sync.words import _

_RULES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""The days of the week as recurring rules (RFC 5545) have them."""


def day(date: dt.date) -> str:
    """`Monday 23 November`."""
    return _("{weekday} {day} {month}").format(weekday=weekday(date), day=date.day, month=month(date))


def with_year(date: dt.date) -> str:
    """`3 November 2026`."""
    return _("{day} {month} {year}").format(day=date.day, month=month(date), year=date.year)


def short(date: dt.date) -> str:
    """`Mon 23 Nov`."""
    locale = _locale(words.language())
    return _("{weekday} {day} {month}").format(
        weekday=short_weekday(date), day=date.day, month=locale.months["format"]["abbreviated"][date.month]
    )


def brief(date: dt.date) -> str:
    """`23 Nov`."""
    locale = _locale(words.language())
    return _("{day} {month}").format(day=date.day, month=locale.months["format"]["abbreviated"][date.month])


def weekday(date: dt.date) -> str:
    """`Monday`."""
    return name(date.weekday())


def name(number: int, language: str | None = None) -> str:
    """`Monday` for 0, `Sunday` for 6; in the language of the moment unless another is asked for."""
    return str(_locale(language or words.language()).days["format"]["wide"][number])


@lru_cache
def of_rule(rule: str, languages: tuple[str, ...]) -> list[str]:
    """The days that a recurring rule gives, in English and in those of the languages that there is a catalogue of."""
    given = re.search(r"BYDAY=([A-Z0-9,+-]+)", rule)
    numbers = [_RULES.index(day[-2:]) for day in given[1].split(",") if day[-2:] in _RULES] if given else []
    known = dict.fromkeys([words.ENGLISH, *(one for one in languages if one in words.languages())])
    return [name(number, language) for number in numbers for language in known]


def short_weekday(date: dt.date) -> str:
    """`Mon`."""
    return str(_locale(words.language()).days["format"]["abbreviated"][date.weekday()])


def month(date: dt.date) -> str:
    """`November`, as it is said after a day."""
    return str(_locale(words.language()).months["format"]["wide"][date.month])


@lru_cache
def _locale(language: str) -> Any:
    from babel import Locale  # kept out of the start of what says no day

    return Locale.parse("en_GB" if language in (words.ENGLISH, words.MARKED) else language)
