"""Days as they are said: the names from Unicode's CLDR, the order from the catalogue of each language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sync import words
from sync.words import _


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


def name(number: int) -> str:
    """`Monday` for 0, `Sunday` for 6."""
    return str(_locale(words.language()).days["format"]["wide"][number])


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
