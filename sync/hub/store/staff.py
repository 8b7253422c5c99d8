"""The people who may open shops' kiosks: their names, their shops, and what is kept of their PINs (`sync.pins`).

Somebody who was removed stays as a row without a PIN, so that it is known who logged what; nobody finds that row here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import uuid_utils
from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from sync.hub.errors import HubError, UnknownError
from sync.hub.store import catalogue
from sync.hub.store.database import now
from sync.hub.store.schema import staff, staff_shop
from sync.records import Shop

MOST: Final = 40
"""So many people a shop: a kiosk tries a PIN on each of them, which takes 20 ms a person."""
NAME_LETTERS: Final = 80
LEAST_OF_ID: Final = 8
"""So much of an id must be given at least."""
_JOINERS: Final = "\u200c\u200d"
"""Some scripts need them within names, though nothing shows of them."""


@dataclass(frozen=True)
class Person:
    """Somebody who may open the kiosks of `shops` (their ids); with `needs_pin` only once there is a new PIN."""

    id: str
    name: str
    shops: tuple[str, ...]
    added_at: str
    pin_at: str
    needs_pin: bool


@dataclass(frozen=True)
class KeptPin:
    """What is kept of somebody's PIN, hex."""

    staff_id: str
    salt: str
    stretched: str


# -- who there is


def find(db: Connection, wanted: str) -> Person:
    """The one whom somebody means by their name, their id, or the beginning of that.

    Raises:
        UnknownError: nobody or several are meant.
    """
    wanted = _as_kept(wanted)
    named, begins = staff.c.name == wanted, staff.c.id.startswith(wanted, autoescape=True)
    query = _present().where(or_(named, begins) if len(wanted) >= LEAST_OF_ID else named)
    found = _people(db, query) if _can_be_shown(wanted) else []
    if len(found) != 1:
        which = f"several people, give the id: {', '.join(one.id for one in found)}" if found else "nobody"
        raise UnknownError(f"{_short(wanted)!r} means {which}; `touchpoint-hub staff list` lists them")
    return found[0]


def everybody(db: Connection, shop_id: str | None = None) -> list[Person]:
    """Everybody, or everybody of one shop, by name."""
    query = _present()
    return _people(db, query if shop_id is None else query.where(staff.c.id.in_(_ids_at([shop_id]))))


def kept_pins(db: Connection, shop_ids: Iterable[str]) -> list[KeptPin]:
    """What is kept of the PINs of everybody who is at one of these shops, by id; who has none is not in it."""
    query = select(staff.c.id, staff.c.salt, staff.c.stretched).where(
        staff.c.removed_at.is_(None), staff.c.stretched != "", staff.c.id.in_(_ids_at(shop_ids))
    )
    return [KeptPin(*row) for row in db.execute(query.order_by(staff.c.id))]


def check_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        HubError: it is none, or cannot be shown.
    """
    kept = _as_kept(name)
    if not 0 < len(kept) <= NAME_LETTERS:
        raise HubError(f"a name has 1 to {NAME_LETTERS} letters; {_short(kept)!r} has {len(kept)}")
    if not _can_be_shown(kept):
        raise HubError(f"{kept!r} holds something that cannot be shown: a name has letters and blanks only")
    return kept


def check_shop(db: Connection, shop_id: str) -> Shop:
    """The shop with that id.

    Raises:
        UnknownError: there is none. HubError: nobody more can be at that shop.
    """
    if (shop := catalogue.shop_by_id(db, shop_id)) is None:
        raise UnknownError(f"there is no shop with the id {shop_id!r}")
    there = select(func.count()).select_from(_present().where(staff.c.id.in_(_ids_at([shop_id]))).subquery())
    if db.execute(there).scalar_one() >= MOST:
        raise HubError(
            f"{shop.name} has {MOST} people who may open its kiosks, and there may be no more, as each makes every PIN "
            "take longer to check; `touchpoint-hub staff remove` and `staff shops NAME --drop` make room"
        )
    return shop


# -- changes; each within the caller's writing transaction


def add(db: Connection, name: str, shop_ids: Iterable[str], salt: str, stretched: str) -> Person:
    """Somebody new, with what is kept of their PIN."""
    at = now()
    made = Person(str(uuid_utils.uuid7()), name, (), added_at=at, pin_at=at, needs_pin=False)
    db.execute(
        insert(staff).values(id=made.id, name=name, salt=salt, stretched=stretched, added_at=at, pin_at=at),
    )
    return change_shops(db, made, shop_ids, ())


def change_shops(db: Connection, person: Person, added: Iterable[str], dropped: Iterable[str]) -> Person:
    """The same person, at these shops too and no longer at those."""
    gone = set(dropped)
    db.execute(delete(staff_shop).where(staff_shop.c.staff_id == person.id, staff_shop.c.shop_id.in_(gone)))
    fresh = [shop_id for shop_id in added if shop_id not in person.shops]
    if fresh:
        db.execute(insert(staff_shop), [{"staff_id": person.id, "shop_id": shop_id} for shop_id in fresh])
    return replace(person, shops=tuple(sorted({*person.shops, *fresh} - gone)))


def set_pin(db: Connection, person: Person, salt: str, stretched: str) -> Person:
    """The same person with another PIN."""
    at = now()
    db.execute(update(staff).where(staff.c.id == person.id).values(salt=salt, stretched=stretched, pin_at=at))
    return replace(person, pin_at=at, needs_pin=False)


def remove(db: Connection, person: Person) -> None:
    """They may open nothing any more, and nothing is kept of their PIN."""
    db.execute(update(staff).where(staff.c.id == person.id).values(removed_at=now(), stretched="", salt=""))


def void_pins(db: Connection, shop_id: str) -> list[Person]:
    """The PINs of everybody at that shop are worth nothing any more; returns whose were worth something."""
    found = [one for one in everybody(db, shop_id) if not one.needs_pin]
    db.execute(update(staff).where(staff.c.id.in_([one.id for one in found])).values(stretched=""))
    return [replace(one, needs_pin=True) for one in found]


# -- inner


def _as_kept(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _can_be_shown(name: str) -> bool:
    return all(letter.isprintable() or letter in _JOINERS for letter in name)


def _short(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else name[:NAME_LETTERS] + "…"


def _present() -> Select[Any]:
    return select(staff).where(staff.c.removed_at.is_(None))


def _ids_at(shop_ids: Iterable[str]) -> Select[Any]:
    return select(staff_shop.c.staff_id).where(staff_shop.c.shop_id.in_(list(shop_ids)))


def _people(db: Connection, query: Select[Any]) -> list[Person]:
    """Those whom the query finds, by name, with their shops."""
    found = query.subquery()
    places: dict[str, list[str]] = {}
    at = select(staff_shop).join(found, found.c.id == staff_shop.c.staff_id)
    for row in db.execute(at.order_by(staff_shop.c.shop_id)):
        places.setdefault(row.staff_id, []).append(row.shop_id)
    return [
        Person(row.id, row.name, tuple(places.get(row.id, ())), row.added_at, row.pin_at, not row.stretched)
        for row in db.execute(query.order_by(staff.c.name, staff.c.id))
    ]
