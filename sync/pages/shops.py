"""What the pages say of a shop: where it is, when it is open, and what is on there."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sync import hours
from sync.errors import RecordError
from sync.pages import links
from sync.records import Item, Shop
from sync.sessions import Session

_HOME_ZONE: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class ShopPage:
    """All that is shown of a shop. `week` pairs days with times, which are empty where it is closed."""

    shop: Shop
    slug: str
    address: str
    map: str
    state: str
    week: list[tuple[str, str]]


def shop_pages(shops: Sequence[Shop], now: dt.datetime) -> list[ShopPage]:
    """Each shop as it is at that moment."""
    return [_page(shop, slug, now) for slug, shop in by_slug(shops).items()]


def by_slug(shops: Iterable[Shop]) -> dict[str, Shop]:
    """The shops by what their addresses end in: `mill-lane`, or the id where another has that or none can be made."""
    found: dict[str, Shop] = {}
    for shop in shops:
        slug = _slug(shop.name)
        found[shop.id if not slug or slug in found else slug] = shop
    return found


def on_at(shop: Shop, sessions: Iterable[Session]) -> list[Session]:
    """The sessions that take place at a shop."""
    return [session for session in sessions if takes_place_at(session.event, shop)]


def takes_place_at(event: Item, shop: Shop) -> bool:
    """Whether an event is at that shop: by the name of its place, by its address, or, without a place, by its shops.

    A room (`Mill Lane, back room`) is at the shop it is a room of. A postcode alone is shared by a whole street.
    """
    place = event.place
    if place is None or not (place.name or place.address or place.postcode):
        return shop.name in event.shops
    if _plain(place.name.partition(",")[0]) == _plain(shop.name):
        return True
    street = _plain(shop.address.partition(",")[0])
    same_street = bool(street) and _plain(place.address.partition(",")[0]) == street
    return same_street and bool(shop.postcode) and _plain(place.postcode) == _plain(shop.postcode)


def _page(shop: Shop, slug: str, now: dt.datetime) -> ShopPage:
    try:
        week = hours.parse(shop.hours)
    except RecordError:
        week = hours.parse("")
    return ShopPage(
        shop=shop,
        slug=slug,
        address=", ".join(part for part in (shop.address, shop.postcode) if part),
        map=links.on_a_map(shop.lat, shop.lon),
        state=week.state(_local(shop, now)),
        week=week.by_days() if any(week.week) else [],
    )


def _local(shop: Shop, now: dt.datetime) -> dt.datetime:
    try:
        return now.astimezone(ZoneInfo(shop.timezone))
    except (KeyError, ValueError, OSError):  # a zone that this machine does not know
        return now.astimezone(_HOME_ZONE)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _plain(text: str) -> str:
    """Text without what may be written one way or another."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
