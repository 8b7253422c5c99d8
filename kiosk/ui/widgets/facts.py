"""What is known of an item, as the small tiles and quiet lines that say it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import msgspec

from kiosk.ui.look import languages
from sync import days, wording
from sync.records import Item
from sync.replica.filters import FAR_KM, UNPRICED
from sync.replica.read import Card
from sync.words import _, count_of, joined

_ON_MACHINES: Final = ("app", "guide", "toolkit")
_HERE_KM: Final = 0.05


@dataclass(frozen=True)
class Fact:
    """One tile; `more` says in a sentence what the value leaves open."""

    icon: str
    name: str
    value: str
    more: str = ""


def facts(item: Item, *, here: int, km: float | None) -> list[Fact]:
    """The facts worth a tile, the most wanted first; what is not known is left out.

    Args:
        here: how many of the item's files are on this unit.
        km: how far it is from this shop, where that is known.
    """
    there = where(item)
    has_price = item.price is not None or item.kind not in UNPRICED
    to_use = item.kind in _ON_MACHINES
    known = (
        Fact("map-marker", _("Where"), there or distance(km), distance(km) if there else ""),
        Fact("account-outline", _("Made by"), item.maker.name if item.maker else ""),
        Fact("tag-outline", _("Price"), _amount(item) if has_price else "", item.price.note if item.price else ""),
        Fact("file-document", _("What you get"), *_what_you_get(item)),
        Fact("package-variant", _("In this shop"), kept_here(item, here)),
        Fact("scale-balance", _("You may"), wording.licence(item.licence) if to_use else "", item.licence),
        Fact("cellphone", _("Works on"), wording.works_on(item) if to_use and item.files else ""),
        Fact("translate", _("You can read it in"), _read_in(item)),
        Fact("clock", _("Checked on"), wording.day(item.checked_on) if item.checked_on else ""),
        Fact("timer", _("Here until"), wording.day(item.expires_on) if item.expires_on else ""),
    )
    return [fact for fact in known if fact.value]


def where(item: Item) -> str:
    """`Village hall, 3 High Street, ZZ99 1AA`; empty when it is nowhere in particular."""
    place = item.place
    return ", ".join(part for part in (place.name, place.address, place.postcode) if part) if place else ""


def kept_here(item: Item, here: int) -> str:
    """Whether the item's files are on this unit; empty when it has none that could be."""
    held = sum(bool(file.sha256) for file in item.files)
    if not held:
        return ""
    if here >= held:
        return count_of(held, "The file is here", "{} files are here")
    if here:
        return _("{here} of {all} files are here, more to come").format(here=here, all=held)
    return count_of(
        held, "The file is on its way. The code works now", "The files are on their way. The code works now"
    )


def distance(km: float | None) -> str:
    """`300 m from here`, `1.2 km from here`; nothing of what is not known, or too far for that to matter."""
    if km is None or km > FAR_KM:
        return ""
    if km < _HERE_KM:
        return _("Right here")
    if km < 0.95:
        return _("{} m from here").format(max(1, round(km * 10)) * 100)
    return _("{} km from here").format(f"{km:.1f}" if km < 9.95 else f"{km:.0f}")


def freshness(checked_on: str, today: dt.date | None) -> str:
    """`Checked 3 Nov`, with the year when it is another; nothing where nobody said when."""
    try:
        day = dt.date.fromisoformat(checked_on)
    except ValueError:
        return ""
    if day == today:
        return _("Checked today")
    near = today is None or day.year == today.year
    return _("Checked {day}").format(day=days.brief(day) if near else days.with_year(day))


def other_language(item: Item | Card, language: str) -> str:
    """The code of the language that its words are in, where the visitor's is another and there are none in that."""
    return "" if not language or language == item.language or language in item.translations else item.language


def foreign(item: Item | Card, language: str) -> str:
    """The same in words: `In English`."""
    code = other_language(item, language)
    return _("In {language}").format(language=languages.name(code)) if code else ""


def quiet_line(card: Card, language: str, today: dt.date | None) -> str:
    """What else a card says of an item: `In English · 1.2 km from here · Checked 3 Nov`."""
    parts = (foreign(card, language), distance(card.km), freshness(card.checked_on, today))
    return joined(parts)


def _amount(item: Item) -> str:
    return wording.cost(msgspec.structs.replace(item.price, note="") if item.price else None)


def _what_you_get(item: Item) -> tuple[str, str]:
    """What it is, and how much data that is where it is more than one file."""
    if not (item.files or item.url):
        return "", ""
    whole = sum(file.size_bytes for file in item.files)
    in_all = _("{size} in all").format(size=wording.size(whole)) if len(item.files) > 1 and whole else ""
    return wording.what_you_get(item), in_all


def _read_in(item: Item) -> str:
    return joined(languages.name(code) for code in item.languages) if len(item.languages) > 1 else ""
