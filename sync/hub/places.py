"""Where the catalogue's items and shops are: postcodes taken in, and what they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from sync.hub.errors import HubError
from sync.hub.importing import Skipped
from sync.hub.store import catalogue, postcodes
from sync.hub.store.database import Database
from sync.hub.store.postcodes import Position
from sync.records import CATALOGUE, Place, Shop

_COLLECTIONS: Final = ("item", "shop")
_BATCH: Final = 10_000
_TOLD: Final = 1_000
_MOVED: Final = 500


@dataclass
class Taken:
    """What became of a file of postcodes: how many lines were taken and how many not, what has a position by it."""

    taken: int = 0
    skipped: int = 0
    located: int = 0


class Known(msgspec.Struct, kw_only=True):
    """What this hub knows of places.

    `postcodes` is how many it keeps; `items` and `shops` have a place without a position, of these `unknown` name a
    postcode that is not among them and `no_postcode` name none.
    """

    postcodes: int
    items: int
    shops: int
    unknown: int
    no_postcode: int


def take_in(
    entries: Iterable[tuple[str, Position] | Skipped],
    database: Database,
    *,
    who: str,
    tell: Callable[[Skipped], None] = lambda _skipped: None,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Taken:
    """Keep where postcodes are, a batch a transaction, and then give a position to what had waited for one.

    Of lines with the same postcode the last counts. `tell` hears of every line that was not taken, in its turn.

    Raises:
        HubError: the file breaks off, or does not say what is where; what came before counts.
    """
    report = Taken()
    batch: dict[str, Position] = {}
    try:
        for entry in entries:
            if isinstance(entry, Skipped):
                report.skipped += 1
                tell(entry)
            else:
                report.taken += 1
                batch[entry[0]] = entry[1]
            if (report.taken + report.skipped) % _TOLD == 0:
                progress(_TOLD)
            if len(batch) >= _BATCH:
                _put(batch, database)
                batch = {}
    except HubError:
        _put(batch, database)  # what came before the file broke off is as good as it would have been
        locate(database, who)
        raise
    _put(batch, database)
    report.located = locate(database, who)
    return report


def locate(database: Database, who: str) -> int:
    """Give a position to every item and shop whose postcode is known and that has none; returns how many."""
    moved = 0
    for collection in _COLLECTIONS:
        with database.reading() as db:
            waiting = {
                record_id: place.postcode
                for record_id, place in _places(db, collection)
                if postcodes.is_unplaced(place)
            }
            known = postcodes.positions(db, waiting.values())
        ids = [record_id for record_id, code in waiting.items() if postcodes.normal(code) in known]
        for at in range(0, len(ids), _MOVED):
            with database.writing() as db:  # somebody may have changed them meanwhile
                now = catalogue.in_force_now(db, collection, ids[at : at + _MOVED])
                still = [one for one in now if postcodes.is_unplaced(postcodes.place_of(one))]
                moved += catalogue.put(db, still, who).count(catalogue.CHANGED)
    return moved


def known(database: Database) -> Known:
    """What is known of places now."""
    with database.reading() as db:
        without = {
            collection: [place for _id, place in _places(db, collection) if place.lat is None or place.lon is None]
            for collection in _COLLECTIONS
        }
        every = [place for places in without.values() for place in places]
        found = postcodes.positions(db, (place.postcode for place in every))
        named = [place for place in every if postcodes.normal(place.postcode)]
        return Known(
            postcodes=postcodes.count(db),
            items=len(without["item"]),
            shops=len(without["shop"]),
            unknown=sum(postcodes.normal(place.postcode) not in found for place in named),
            no_postcode=len(every) - len(named),
        )


def _put(batch: dict[str, Position], database: Database) -> None:
    if batch:
        with database.writing() as db:
            postcodes.put(db, batch)


def _places(db: Any, collection: str) -> Iterable[tuple[str, Place | Shop]]:
    """Every item or shop that says where it is, if only in words."""
    for record_id, _revision, fields in catalogue.live(db, collection):
        if collection == "shop":
            yield record_id, msgspec.convert({"id": record_id, **fields}, CATALOGUE["shop"])  # type: ignore[misc]
        elif place := fields.get("place"):
            yield record_id, msgspec.convert(place, Place)
