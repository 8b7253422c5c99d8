"""Facts of the catalogue in plain English words, for screen, slip and web page alike."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sync.records import File, Item, Price
from sync.replica.filters import UNPRICED
from sync.replica.read import Card
from sync.sessions import Session

KIND: Final = {
    "guide": "Guide",
    "app": "App",
    "toolkit": "Toolkit",
    "service": "Service",
    "event": "Event",
    "offer": "Offer",
    "want": "Wanted",
    "skill": "Skill",
    "project": "Project",
    "news": "Good news",
    "space": "Space",
}
KINDS: Final = {
    "guide": "Guides",
    "app": "Apps",
    "toolkit": "Toolkits",
    "service": "Services",
    "event": "What's on",
    "offer": "Offers",
    "want": "Wanted",
    "skill": "Skills",
    "project": "Projects",
    "news": "Good news",
    "space": "Spaces",
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
    "any": "Any phone or computer",
    "android": "Android phones",
    "ios": "iPhone and iPad",
    "web": "Any web browser",
    "windows": "Windows",
    "macos": "Mac",
    "linux": "Linux",
}
_TYPES: Final = {
    "application/pdf": "PDF",
    "application/epub+zip": "E-book",
    "text/csv": "Spreadsheet",
    "text/calendar": "Calendar date",
    "image/png": "Picture",
    "image/jpeg": "Picture",
    "text/plain": "Text",
    "application/zip": "ZIP folder",
}
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}


def price(item: Item | Card) -> str:
    """`Free`, `£3.50`, or the price with its note: `£2.00 · pay what you can`."""
    return cost(item.price)


def cost(there: Price | None) -> str:
    """A price in words; none is free."""
    if there is None or there.amount_pence == 0:
        return "Free" if there is None or not there.note else f"Free · {there.note}"
    pounds, pence = divmod(there.amount_pence, 100)
    amount = f"{_SYMBOLS.get(there.currency, there.currency + ' ')}{pounds:,}" + (f".{pence:02d}" if pence else "")
    return f"{amount} · {there.note}" if there.note else amount


def day(iso: str) -> str:
    """`2026-11-03` as `3 November 2026`; what is not a date stays as it is."""
    try:
        date = dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{date.day} {date:%B %Y}"


def size(size_bytes: int) -> str:
    """`840 KB`, `1.4 MB`."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def file_kind(file: File) -> str:
    """What sort of file it is, in a word or two."""
    return _TYPES.get(file.media_type, file.media_type.split("/")[-1].upper()[:12] or "File")


def what_you_get(item: Item) -> str:
    """`PDF, 84 KB`, `PDF and 2 more`, `A web page`, or `This page`."""
    if not item.files:
        return "A web page" if item.url else "This page"
    first = item.files[0]
    words = file_kind(first) + (f", {size(first.size_bytes)}" if first.size_bytes else "")
    more = len(item.files) - 1
    return words if not more else f"{file_kind(first)} and {more} more"


def works_on(item: Item) -> str:
    """Which machines it is for."""
    platforms = dict.fromkeys(_PLATFORMS.get(file.platform, file.platform) for file in item.files if file.platform)
    if platforms:
        return ", ".join(platforms)
    return "Any phone or computer"


def licence(spdx: str) -> str:
    """What the licence lets a person do, in plain words; empty when none is named."""
    name = spdx.upper()
    if not name:
        return ""
    if name.startswith(("CC0", "0BSD", "UNLICENSE", "PDDL", "MIT-0")):
        return "Copy, change and share it"
    if "-NC" in name and "-ND" in name:
        return "Share it as it is, not for money"
    if "-NC" in name:
        return "Copy and share it, not for money"
    if "-ND" in name:
        return "Share it as it is"
    if name.startswith(("CC-BY", "OGL")):
        return "Copy, change and share it; say who made it"
    return "Use, change and share it"


def when(session: Session) -> str:
    """`Monday 23 November, 11:00 to 13:00`."""
    start, end = session.starts, session.ends
    return f"{start:%A} {start.day} {start:%B}, {start:%H:%M} to {end:%H:%M}"


def one_line(item: Item) -> str:
    """`Guide · Free · Brook Street Kitchen`."""
    maker = item.maker.name if item.maker else ""
    return " · ".join(part for part in (KIND.get(item.kind, item.kind), price(item), maker) if part)


def chip(card: Card | Item) -> str:
    """`Guide · Free`; for things that have no price by nature, the kind alone."""
    kind = KIND.get(card.kind, card.kind)
    return kind if card.kind in UNPRICED and card.price is None else f"{kind} · {price(card)}"
