"""What the hub's people do about staff: who may open which shops' kiosks, and their PINs.

A PIN is told once, to whoever made it, and kept nowhere. Nobody has the PIN of somebody else at one of their shops, so
what somebody logs is never put down to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from sync import pins
from sync.hub.errors import HubError
from sync.hub.store import audit, staff
from sync.hub.store.database import Database
from sync.hub.store.staff import KeptPin, Person


@dataclass(frozen=True)
class _Drawn:
    """A PIN drawn by chance, and what it would be with the salts it was tried with: each takes 20 ms to work out."""

    pin: str = field(default_factory=lambda: pins.make())
    salt: str = field(default_factory=pins.new_salt)
    tried: dict[str, str] = field(default_factory=dict)

    @property
    def stretched(self) -> str:
        """What is kept of it."""
        return self._with(self.salt)

    def is_one_of(self, kept: Iterable[KeptPin]) -> bool:
        """Whether somebody has it."""
        return any(self._with(one.salt) == one.stretched for one in kept)

    def _with(self, salt: str) -> str:
        if salt not in self.tried:
            self.tried[salt] = pins.stretch(self.pin, salt).hex()
        return self.tried[salt]


class People:
    """The staff of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, shop_ids: Sequence[str], who: str) -> tuple[Person, str]:
        """Somebody new and their PIN, which is told this once.

        Raises:
            HubError: the name cannot be one, no shop is given, or one has as many people as there may be.
            UnknownError: there is no such shop.
        """
        name, shops = staff.check_name(name), list(dict.fromkeys(shop_ids))
        if not shops:
            raise HubError(f"{name} needs a shop")
        with self._database.reading() as db:
            _check_shops(db, shops)
        drawn = self._draw(shops)
        with self._database.writing() as db:
            _check_shops(db, shops)
            drawn = _free(drawn, staff.kept_pins(db, shops))
            made = staff.add(db, name, shops, drawn.salt, drawn.stretched)
            audit.note(db, who, "staff added", f"{made.id} at {' '.join(made.shops)}")
        return made, drawn.pin

    def remove(self, wanted: str, who: str) -> Person:
        """Somebody may open nothing any more.

        Raises:
            UnknownError: nobody is meant, or several.
        """
        with self._database.writing() as db:
            found = staff.find(db, wanted)
            staff.remove(db, found)
            audit.note(db, who, "staff removed", found.id)
        return found

    def renew(self, wanted: str, who: str) -> tuple[Person, str]:
        """Somebody's new PIN, which is told this once; the old one is worth nothing any more.

        Raises:
            UnknownError: nobody is meant, or several.
        """
        with self._database.reading() as db:
            drawn_for = staff.find(db, wanted).shops
        drawn = self._draw(drawn_for)
        with self._database.writing() as db:
            return _renew(db, staff.find(db, wanted), drawn, who)

    def change_shops(
        self, wanted: str, add: Sequence[str], drop: Sequence[str], who: str
    ) -> tuple[Person, str, list[str]]:
        """Somebody is at these shops too, and no longer at those; returns them, their new PIN, and the shops dropped.

        The PIN is empty where the old one still counts. Nobody can tell whether it is somebody's at a new shop, so
        whoever meets others there gets a new one.

        Raises:
            HubError: no shop would be left, or one has as many people as there may be, or is to be added and dropped.
            UnknownError: nobody is meant, or several, or there is no such shop.
        """
        if both := set(add) & set(drop):
            raise HubError(f"{len(both)} of these shops are both to be added and to be dropped: say which is meant")
        with self._database.reading() as db:
            found = staff.find(db, wanted)
        drawn = self._draw({*found.shops, *add} - set(drop) if add else ())
        with self._database.writing() as db:
            found = staff.find(db, wanted)
            added = [shop_id for shop_id in dict.fromkeys(add) if shop_id not in found.shops]
            dropped = [shop_id for shop_id in dict.fromkeys(drop) if shop_id in found.shops]
            _check_shops(db, added)
            if not set(found.shops) - set(dropped) | set(added):
                raise HubError(f"{found.name} would be at no shop any more; `touchpoint-hub staff remove` is for that")
            if not added and not dropped:
                return found, "", []
            known = staff.kept_pins(db, found.shops)
            meets = any(one not in known for one in staff.kept_pins(db, added))
            changed = staff.change_shops(db, found, added, dropped)
            marks = [f"+{shop_id}" for shop_id in added] + [f"-{shop_id}" for shop_id in dropped]
            audit.note(db, who, "staff shops changed", f"{found.id} {' '.join(marks)}")
            if found.needs_pin or not meets:
                return changed, "", dropped
            return *_renew(db, changed, drawn, who), dropped

    def _draw(self, shop_ids: Iterable[str]) -> _Drawn:
        """A PIN that nobody at these shops had a moment ago: most of the work is done before the database is held."""
        with self._database.reading() as db:
            kept = staff.kept_pins(db, shop_ids)
        return _free(_Drawn(), kept)


def _free(drawn: _Drawn, kept: list[KeptPin]) -> _Drawn:
    """This PIN, or if it is somebody's another that is nobody's."""
    while drawn.is_one_of(kept):
        drawn = _Drawn()
    return drawn


def _check_shops(db: Connection, shop_ids: Iterable[str]) -> None:
    for shop_id in shop_ids:
        staff.check_shop(db, shop_id)


def _renew(db: Connection, person: Person, drawn: _Drawn, who: str) -> tuple[Person, str]:
    drawn = _free(drawn, staff.kept_pins(db, person.shops))
    audit.note(db, who, "staff PIN made", person.id)
    return staff.set_pin(db, person, drawn.salt, drawn.stretched), drawn.pin
