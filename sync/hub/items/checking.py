"""What an item may be, whoever brings it: an importer, an editor or a maker."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from sync import sessions
from sync.errors import RecordError
from sync.records import KINDS, Item, Place

MAX_TITLE: Final = 400
MAX_TEXT: Final = 200_000
YEARS: Final = ("1990", "2100")
"""When an event may start first and last: whoever shows it walks from there to today."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check(item: Item) -> None:
    """Refuse what could not be shown.

    Raises:
        RecordError: naming the field and what it should be.
    """
    for _field, why in problems(item):
        raise RecordError(why)


def problems(item: Item) -> Iterator[tuple[str, str]]:
    """Everything that keeps an item from being shown, as the field's name and what it should be."""
    if item.kind not in KINDS:
        yield "kind", f"kind is {item.kind[:40]!r}; it must be one of {', '.join(KINDS)}"
    yield from _words(item)
    for name, day in (("expires_on", item.expires_on), ("checked_on", item.checked_on)):
        if why := _day(name, day):
            yield name, why
    source = item.source.url if item.source else ""
    for name, url in (("url", item.url), ("maker.url", item.maker.url if item.maker else ""), ("source.url", source)):
        if why := _url(name, url):
            yield name, why
    if item.price and item.price.amount_pence < 0:
        yield "price", "price.amount_pence is below 0"
    if item.place and not _on_earth(item.place):
        yield "place", "place.lat must be from -90 to 90 and place.lon from -180 to 180"
    if (item.rrule or item.ends or item.attendance) and not item.starts:
        yield "starts", "rrule, ends and attendance need starts"
    elif item.starts:
        try:
            sessions.check_rule(item)
        except RecordError as error:
            yield "starts", str(error)
        else:
            if not YEARS[0] <= (year := item.starts[:4]) <= YEARS[1]:
                yield "starts", f"starts is in the year {year}; it must be from {YEARS[0]} to {YEARS[1]}"


def check_url(name: str, url: str) -> None:
    """Make sure that it is a web address, or empty.

    Raises:
        RecordError: it is something else.
    """
    if why := _url(name, url):
        raise RecordError(why)


# -- inner


def _words(item: Item) -> Iterator[tuple[str, str]]:
    if not item.title.strip():
        yield "title", "title is empty"
    if len(item.title) > MAX_TITLE:
        yield "title", f"title has {len(item.title)} letters; at most {MAX_TITLE} are taken"
    if len(item.body) > MAX_TEXT or len(item.summary) > MAX_TEXT:
        yield "body", f"summary or body has over {MAX_TEXT:,} letters"
    for language in (item.language, *item.translations):
        if not _LANGUAGE.fullmatch(language):
            yield "language", f"language is {language[:20]!r}; it must be a code such as en, cy or pl"


def _day(name: str, day: str) -> str:
    if day and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return f"{name} is {day[:20]!r}; it must be a day such as 2026-11-03"
    try:
        dt.date.fromisoformat(day or "2000-01-01")
    except ValueError:
        return f"{name} is {day!r}: there is no such day"
    return ""


def _url(name: str, url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        return f"{name} is not a web address: {error}"
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s\x00-\x1f]", url):
        return f"{name} is {url[:60]!r}; it must be a web address that starts with http:// or https://"
    return ""


def _on_earth(place: Place) -> bool:
    return -90 <= (place.lat or 0) <= 90 and -180 <= (place.lon or 0) <= 180
