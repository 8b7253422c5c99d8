"""Shops' devices: provisioning, enrolment, tokens. Of every secret only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import uuid_utils
from sqlalchemy import Connection, insert, select, update

from sync.errors import HubRejectedError
from sync.hub.store.database import now
from sync.hub.store.schema import device, provision


@dataclass(frozen=True)
class Device:
    """A kiosk that was enrolled and not revoked."""

    id: str
    shop_id: str
    name: str


def make_provision(db: Connection, shop_id: str) -> str:
    """A secret that enrols one kiosk at that shop; only its hash stays here."""
    secret = secrets.token_urlsafe(32)
    db.execute(insert(provision).values(secret_hash=_hash(secret), shop_id=shop_id, made_at=now()))
    return secret


def enrol(db: Connection, secret: str, public_key: str, name: str) -> tuple[Device, str]:
    """A new device at the shop that the secret was made for, with its token.

    The same kiosk (the same key) may ask again with the same secret, as when the answer was lost on the way; it gets a
    new token for the device that it already is.

    Raises:
        HubRejectedError: the secret is unknown, or another kiosk used it.
    """
    key = _hash(secret)
    row = db.execute(select(provision).where(provision.c.secret_hash == key)).one_or_none()
    if row is None:
        raise HubRejectedError("this provisioning file is not one of this hub's", 403)
    token = secrets.token_urlsafe(32)
    if row.used_by is not None:
        there = db.execute(select(device).where(device.c.id == row.used_by)).one()
        if there.public_key != public_key:
            raise HubRejectedError("this provisioning file has been used: make another for another kiosk", 409)
        db.execute(update(device).where(device.c.id == there.id).values(token_hash=_hash(token)))
        return Device(there.id, there.shop_id, there.name), token
    new = Device(id=str(uuid_utils.uuid7()), shop_id=row.shop_id, name=name[:80])
    db.execute(
        insert(device).values(
            id=new.id,
            shop_id=new.shop_id,
            name=new.name,
            public_key=public_key,
            token_hash=_hash(token),
            enrolled_at=now(),
        )
    )
    db.execute(update(provision).where(provision.c.secret_hash == key).values(used_by=new.id))
    return new, token


def by_token(db: Connection, token: str) -> Device | None:
    """The device that this token belongs to; None for a wrong or revoked one."""
    query = select(device).where(device.c.token_hash == _hash(token), device.c.revoked_at.is_(None))
    row = db.execute(query).one_or_none()
    return Device(row.id, row.shop_id, row.name) if row else None


def _hash(secret: str) -> str:
    """SHA-256 is enough: these secrets are 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
