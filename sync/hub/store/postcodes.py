"""Where postcodes are, as its people gave them to this hub; and places that say no more than their postcode."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec
from sqlalchemy import Connection, delete, func, select

from sync.hub.store import bulk
from sync.hub.store.schema import postcode
from sync.records import Item, Place, Shop

Position = tuple[float, float]
"""Latitude and longitude, in degrees of WGS 84."""

Placed = TypeVar("Placed", bound=msgspec.Struct)
_READ: Final = 500
_NOT_SIGNS: Final = re.compile(r"[^0-9A-Z]+")


def normal(text: str) -> str:
    """A postcode as it is kept: `sa9 1gx` and `SA91GX` are one."""
    return _NOT_SIGNS.sub("", text.upper())


def put(db: Connection, positions: Mapping[str, Position]) -> None:
    """Keep where these postcodes are, by their normal form; what was kept of them before goes."""
    codes = list(positions)
    for at in range(0, len(codes), _READ):
        db.execute(delete(postcode).where(postcode.c.postcode.in_(codes[at : at + _READ])))
    rows = [{"postcode": code, "lat": lat, "lon": lon} for code, (lat, lon) in positions.items()]
    bulk.insert_rows(db, postcode, rows)


def positions(db: Connection, texts: Iterable[str]) -> dict[str, Position]:
    """Where these postcodes are, by their normal form; those that are not known are not in it."""
    codes = sorted({code for text in texts if (code := normal(text))})
    found: dict[str, Position] = {}
    for at in range(0, len(codes), _READ):
        rows = db.execute(select(postcode).where(postcode.c.postcode.in_(codes[at : at + _READ])))
        found |= {row.postcode: (row.lat, row.lon) for row in rows}
    return found


def count(db: Connection) -> int:
    """How many are kept."""
    return int(db.execute(select(func.count()).select_from(postcode)).scalar_one())


def place_of(one: msgspec.Struct) -> Place | Shop | None:
    """What of a record says where it is."""
    return one if isinstance(one, Shop) else one.place if isinstance(one, Item) else None


def is_unplaced(place: Place | Shop | None) -> bool:
    """Whether it has a postcode and no position at all; half of one is left to whoever gave it."""
    return place is not None and place.lat is None and place.lon is None and bool(normal(place.postcode))


def located(db: Connection, records: Sequence[Placed]) -> list[Placed]:
    """The same records; those with a postcode that is known, and no position, now have one."""
    unplaced = {at: place.postcode for at, one in enumerate(records) if (place := place_of(one)) and is_unplaced(place)}
    found = positions(db, unplaced.values()) if unplaced else {}
    made = list(records)
    for at, code in unplaced.items():
        if there := found.get(normal(code)):
            made[at] = _placed(records[at], there)
    return made


def comes_from_postcode(db: Connection, shop: Shop) -> bool:
    """Whether a shop's position is the one of its postcode, so that another postcode means another position."""
    there = positions(db, [shop.postcode]).get(normal(shop.postcode))
    return there is not None and there == (shop.lat, shop.lon)


def _placed(one: Placed, position: Position) -> Placed:
    lat, lon = position
    if isinstance(one, Item) and one.place:
        return msgspec.structs.replace(one, place=msgspec.structs.replace(one.place, lat=lat, lon=lon))
    return msgspec.structs.replace(one, lat=lat, lon=lon)
