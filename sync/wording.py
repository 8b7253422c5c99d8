"""Facts of the catalogue in plain words, for screen, slip and web page alike."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sync import days, licences
from sync.licences import Terms
from sync.records import File, Item, Price
from sync.replica.filters import UNPRICED
from sync.replica.read import Card
from sync.sessions import Session
from sync.words import N_, _, joined

KIND: Final = {
    "guide": N_("Guide"),
    "app": N_("App"),
    "toolkit": N_("Toolkit"),
    "service": N_("Service"),
    "event": N_("Event"),
    "offer": N_("Offer"),
    "want": N_("Wanted"),
    "skill": N_("Skill"),
    "project": N_("Project"),
    "news": N_("Good news"),
    "space": N_("Space"),
}
KINDS: Final = {
    "guide": N_("Guides"),
    "app": N_("Apps"),
    "toolkit": N_("Toolkits"),
    "service": N_("Services"),
    "event": N_("What's on"),
    "offer": N_("Offers"),
    "want": N_("Wanted"),
    "skill": N_("Skills"),
    "project": N_("Projects"),
    "news": N_("Good news"),
    "space": N_("Spaces"),
}
LANGUAGES: Final = {
    "en": "English",
    "cy": "Cymraeg",
    "pl": "Polski",
    "ur": "اردو",
    "bn": "বাংলা",
    "pa": "ਪੰਜਾਬੀ",
    "ar": "العربية",
}
"""Languages by their own names."""

_PLATFORMS: Final = {
    "any": N_("Any phone or computer"),
    "android": N_("Android phones"),
    "ios": N_("iPhone and iPad"),
    "web": N_("Any web browser"),
    "windows": N_("Windows"),
    "macos": N_("Mac"),
    "linux": N_("Linux"),
}
_TYPES: Final = {
    "application/pdf": N_("PDF"),
    "application/epub+zip": N_("E-book"),
    "text/csv": N_("Spreadsheet"),
    "text/calendar": N_("Calendar date"),
    "image/png": N_("Picture"),
    "image/jpeg": N_("Picture"),
    "text/plain": N_("Text"),
    "application/zip": N_("ZIP folder"),
}
_MAY: Final = (
    (Terms.UNKNOWN, N_("Do what its licence says")),
    (Terms.UNPAID | Terms.WHOLE, N_("Share it as it is, not for money")),
    (Terms.WHOLE, N_("Share it as it is")),
    (
        Terms.UNPAID | Terms.ALIKE,
        N_("Copy, change and share it, not for money; what you make of it must stay free too"),
    ),
    (Terms.UNPAID, N_("Copy, change and share it, not for money")),
    (Terms.NETWORK, N_("Use, change and share it; what you change must stay free too, and on the web as well")),
    (Terms.WORK | Terms.ALIKE, N_("Copy, change and share it; say who made it, and let others share it too")),
    (Terms.ALIKE, N_("Use, change and share it; what you change must stay free too")),
    (Terms.WORK | Terms.CREDIT, N_("Copy, change and share it; say who made it")),
    (Terms.CREDIT, N_("Use, change and share it; say who made it")),
    (Terms.WORK, N_("Copy, change and share it as you like")),
    (Terms.FREE, N_("Use, change and share it as you like")),
)
"""The words for what a licence asks: the first of which all holds."""
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}


def kind(key: str) -> str:
    """`Guide`; what this program does not know bears its own name."""
    return _(KIND[key]) if key in KIND else key


def kinds(key: str) -> str:
    """`Guides`; what this program does not know bears its own name."""
    return _(KINDS[key]) if key in KINDS else key


def price(item: Item | Card) -> str:
    """`Free`, `£3.50`, or the price with its note: `£2.00 · pay what you can`."""
    return cost(item.price)


def cost(there: Price | None) -> str:
    """A price in words; none is free."""
    if there is None or there.amount_pence == 0:
        return joined((_("Free"), there.note if there else ""))
    pounds, pence = divmod(there.amount_pence, 100)
    amount = f"{_SYMBOLS.get(there.currency, there.currency + ' ')}{pounds:,}" + (f".{pence:02d}" if pence else "")
    return joined((amount, there.note))


def day(iso: str) -> str:
    """`2026-11-03` as `3 November 2026`; what is not a date stays as it is."""
    try:
        return days.with_year(dt.date.fromisoformat(iso))
    except ValueError:
        return iso


def size(size_bytes: int) -> str:
    """`840 KB`, `1.4 MB`, `2.0 GB`."""
    if size_bytes >= 1_000_000_000:
        return f"{size_bytes / 1_000_000_000:.1f} GB"
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def file_kind(file: File) -> str:
    """What sort of file it is, in a word or two."""
    if file.media_type in _TYPES:
        return _(_TYPES[file.media_type])
    return file.media_type.split("/")[-1].upper()[:12] or _("File")


def what_you_get(item: Item) -> str:
    """`PDF, 84 KB`, `PDF and 2 more`, `A web page`, or `This page`."""
    if not item.files:
        return _("A web page") if item.url else _("This page")
    first = item.files[0]
    if more := len(item.files) - 1:
        return _("{kind} and {count} more").format(kind=file_kind(first), count=more)
    return file_kind(first) + (f", {size(first.size_bytes)}" if first.size_bytes else "")


def works_on(item: Item) -> str:
    """Which machines it is for."""
    named = dict.fromkeys(file.platform for file in item.files if file.platform)
    return ", ".join(platform(name) for name in named or ("any",))


def platform(key: str) -> str:
    """`Android phones`; what this program does not know bears its own name."""
    return _(_PLATFORMS[key]) if key in _PLATFORMS else key


def licence(spdx: str) -> str:
    """What the licence lets a person do, in plain words that follow *You may*; empty when none is named."""
    if not spdx.strip():
        return ""
    asked = licences.terms(spdx)
    return _(next(words for terms, words in _MAY if terms & asked == terms))


def unchecked(item: Item, language: str) -> str:
    """A word of care where nobody whose language it is has read over the words."""
    return _("This translation is not checked yet") if item.in_language(language).unchecked else ""


def when(session: Session) -> str:
    """`Monday 23 November, 11:00 to 13:00`."""
    start, end = session.starts, session.ends
    return _("{day}, {starts} to {ends}").format(day=days.day(start), starts=f"{start:%H:%M}", ends=f"{end:%H:%M}")


def one_line(item: Item) -> str:
    """`Guide · Free · Brook Street Kitchen`."""
    maker = item.maker.name if item.maker else ""
    return joined((kind(item.kind), price(item), maker))


def chip(card: Card | Item) -> str:
    """`Guide · Free`; for things that have no price by nature, the kind alone."""
    name = kind(card.kind)
    return name if card.kind in UNPRICED and card.price is None else joined((name, price(card)))
