"""Shops' devices: who they are, and their tokens. Of every secret only a hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final

import uuid_utils
from sqlalchemy import Connection, Row, insert, or_, select, update

from sync.errors import HubRejectedError
from sync.hub.errors import UnknownError
from sync.hub.store.database import now
from sync.hub.store.schema import device, provision

NAME_LETTERS: Final = 80
SERIAL_LETTERS: Final = 200
LEAST_OF_ID: Final = 8
"""So much of an id must be given at least."""


@dataclass(frozen=True)
class Device:
    """A kiosk that was enrolled."""

    id: str
    shop_id: str
    name: str
    public_key: str
    revoked_at: str | None = None

    def check(self) -> Device:
        """This device, if it may speak.

        Raises:
            HubRejectedError: 403, it was revoked.
        """
        if self.revoked_at:
            raise HubRejectedError(f"this kiosk was revoked on {self.revoked_at[:10]}: enrol it again", 403)
        return self


def get(db: Connection, device_id: str) -> Device:
    """The device with that id, revoked or not.

    Raises:
        HubRejectedError: 404, there is none.
    """
    row = db.execute(select(device).where(device.c.id == device_id)).one_or_none()
    if row is None:
        raise HubRejectedError("this kiosk is not known here: enrol it again", 404)
    return _device(row)


def find(db: Connection, wanted: str, shop_id: str | None = None) -> Device:
    """The device that a person means by its name, its id, or the beginning of that.

    Raises:
        UnknownError: none or several are meant.
    """
    named = device.c.name == wanted
    begins = device.c.id.startswith(wanted, autoescape=True)
    query = select(device).where(or_(named, begins) if len(wanted) >= LEAST_OF_ID else named)
    if shop_id is not None:
        query = query.where(device.c.shop_id == shop_id)
    found = [_device(row) for row in db.execute(query.order_by(device.c.id))]
    if just := [one for one in found if one.id == wanted]:
        return just[0]  # whatever others call themselves
    living = [one for one in found if not one.revoked_at]
    if len(found) != 1 and len(living) != 1:
        which = f"several kiosks: {', '.join(one.id for one in found)}" if found else "no kiosk"
        raise UnknownError(f"{wanted!r} means {which}; `touchpoint-hub kiosks` lists them")
    return (living if len(living) == 1 else found)[0]


# -- becoming a device


def make_provision(db: Connection, shop_id: str) -> tuple[str, str]:
    """A secret that enrols one kiosk at that shop, and the id it will have; only the secret's hash stays here."""
    secret, device_id = secrets.token_urlsafe(32), str(uuid_utils.uuid7())
    db.execute(
        insert(provision).values(secret_hash=hashed(secret), shop_id=shop_id, made_at=now(), device_id=device_id)
    )
    return secret, device_id


def by_secret(db: Connection, secret: str, public_key: str, name: str, serial: str) -> Device:
    """The device that a provisioning file makes.

    The same kiosk (the same key) may ask again with the same secret, as when the answer was lost on the way: it is the
    device that it already is.

    Raises:
        HubRejectedError: the secret is unknown, or another kiosk used it, or the device was revoked since.
    """
    key = hashed(secret)
    row = db.execute(select(provision).where(provision.c.secret_hash == key)).one_or_none()
    if row is None:
        raise HubRejectedError("this provisioning file is not one of this hub's", 403)
    if row.used_by is not None:
        there = get(db, row.used_by)
        if there.public_key != public_key:
            raise HubRejectedError("this provisioning file has been used: make another for another kiosk", 409)
        return there.check()
    made = add(db, row.shop_id, public_key, name, serial, device_id=row.device_id)
    use_up(db, key, made.id)
    return made


def promised(db: Connection, device_id: str) -> Row[Any] | None:
    """The provision that promised that id to whoever has its secret, used or not."""
    return db.execute(select(provision).where(provision.c.device_id == device_id)).one_or_none()


def use_up(db: Connection, secret_hash: str, device_id: str) -> None:
    """This device came of that secret, and no other will."""
    db.execute(update(provision).where(provision.c.secret_hash == secret_hash).values(used_by=device_id))


def unheard_with_key(db: Connection, public_key: str, shop_id: str) -> Device | None:
    """The device of that shop that has this key, was not revoked and was never heard of: its answer was lost.

    One that was heard of knows who it is; whoever asks with its key, which is no secret, is another.
    """
    query = select(device).where(
        device.c.public_key == public_key,
        device.c.shop_id == shop_id,
        device.c.revoked_at.is_(None),
        device.c.seen_at.is_(None),
    )
    row = db.execute(query.order_by(device.c.id)).first()
    return _device(row) if row else None


def add(
    db: Connection, shop_id: str, public_key: str, name: str, serial: str = "", *, device_id: str | None = None
) -> Device:
    """A new device; it has no token yet, see `give_token`."""
    made = Device(device_id or str(uuid_utils.uuid7()), shop_id, shown(name), public_key)
    at = now()
    db.execute(
        insert(device).values(
            id=made.id,
            shop_id=shop_id,
            name=made.name,
            public_key=public_key,
            token_hash=hashed(secrets.token_urlsafe(32)),  # nobody's, until a token was given and used
            token_at=at,
            enrolled_at=at,
            serial=serial[:SERIAL_LETTERS],
        )
    )
    return made


def shown(name: str) -> str:
    """A name that a stranger gave, as it may stand in a terminal or a list: short, and without control characters."""
    return "".join(letter for letter in name[:NAME_LETTERS] if letter.isprintable())


def rename(db: Connection, device_id: str, name: str) -> None:
    """Another name."""
    db.execute(update(device).where(device.c.id == device_id).values(name=shown(name)))


def move(db: Connection, device_id: str, shop_id: str) -> None:
    """From now on it is a kiosk of that shop; what it recorded stays the former shop's."""
    db.execute(update(device).where(device.c.id == device_id).values(shop_id=shop_id))


def revoke(db: Connection, device_id: str) -> None:
    """From now on nothing is taken from this device any more."""
    db.execute(update(device).where(device.c.id == device_id, device.c.revoked_at.is_(None)).values(revoked_at=now()))


# -- tokens


def give_token(db: Connection, device_id: str) -> str:
    """A new token for a device. The one in use lives until this one is used; one never used is void now."""
    token = secrets.token_urlsafe(32)
    db.execute(update(device).where(device.c.id == device_id).values(token_next=hashed(token)))
    return token


def by_token(db: Connection, token: str) -> tuple[Device, bool] | None:
    """The device that this token belongs to, and whether it is one that was never used before; see `take_up`."""
    key = hashed(token)
    row = db.execute(select(device).where(or_(device.c.token_hash == key, device.c.token_next == key))).one_or_none()
    return (_device(row), row.token_next == key) if row else None


def take_up(db: Connection, token: str) -> None:
    """A token was used for the first time: the one before it ends."""
    key = hashed(token)
    db.execute(update(device).where(device.c.token_next == key).values(token_hash=key, token_next=None, token_at=now()))


def token_is_old(db: Connection, device_id: str, days: int) -> bool:
    """Whether the token in use is at least so many days old."""
    since = db.execute(select(device.c.token_at).where(device.c.id == device_id)).scalar_one()
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    return not since or dt.datetime.fromisoformat(since) <= before


def hashed(secret: str) -> str:
    """SHA-256 is enough: these secrets are 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _device(row: Row[Any]) -> Device:
    return Device(row.id, row.shop_id, row.name, row.public_key, row.revoked_at)
