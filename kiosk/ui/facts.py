"""What is known of an item, as the small tiles that say it."""

from __future__ import annotations

from dataclasses import dataclass

from sync import days, wording
from sync.records import Item
from sync.sessions import Session
from sync.words import _, count_of

_NO_PRICE = ("news", "want", "skill")
_ON_MACHINES = ("app", "guide", "toolkit")


@dataclass(frozen=True)
class Fact:
    """One tile."""

    icon: str
    name: str
    value: str


def when(session: Session) -> str:
    """`Mon 23 Nov, 11:00–13:00`."""
    return f"{days.short(session.starts)}, {session.starts:%H:%M}–{session.ends:%H:%M}"


def facts(item: Item, sessions: list[Session], here: int) -> list[Fact]:
    """The facts worth a tile, the most wanted first; what is not known is left out.

    Args:
        here: how many of the item's files are on this unit.
    """
    place = item.place
    where = ", ".join(part for part in (place.name, place.address, place.postcode) if part) if place else ""
    has_price = item.price is not None or item.kind not in _NO_PRICE
    on_machines = bool(item.files) and item.kind in _ON_MACHINES
    known = (
        Fact("calendar-clock", _("When"), "\n".join(when(session) for session in sessions)),
        Fact("map-marker", _("Where"), where),
        Fact("account-outline", _("Made by"), item.maker.name if item.maker else ""),
        Fact("tag-outline", _("Price"), wording.price(item) if has_price else ""),
        Fact("file-document", _("What you get"), wording.what_you_get(item) if item.files or item.url else ""),
        Fact("package-variant", _("In this shop"), kept_here(item, here)),
        Fact("scale-balance", _("You may"), wording.licence(item.licence) if on_machines else ""),
        Fact("cellphone", _("Works on"), wording.works_on(item) if on_machines else ""),
        Fact("clock", _("Checked on"), wording.day(item.checked_on) if item.checked_on else ""),
    )
    return [fact for fact in known if fact.value]


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
