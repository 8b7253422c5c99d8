"""Which device came after which. A successor may send what its predecessor had not sent yet, under that one's name."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, insert, select

from sync.errors import HubRejectedError
from sync.hub.store import devices
from sync.hub.store.database import now
from sync.hub.store.devices import Device
from sync.hub.store.schema import succession
from sync.messages import Former
from sync.messages import succession as statement

MOST: Final = 20
"""More predecessors than this nobody has at once."""
_HEX: Final = frozenset("0123456789abcdef")


def check(db: Connection, former: Sequence[Former], public_key: str) -> None:
    """Make sure that the holder of `public_key` was each of these devices.

    A device that this hub has never heard of (it was restored from a backup) is believed by the key it names itself.

    Raises:
        HubRejectedError: 403, a proof is not right; 400, there are too many.
    """
    if len(former) > MOST:
        raise HubRejectedError(f"at most {MOST} former devices can be named", 400)
    for one in former:
        if not _is_id(one.device_id):
            raise HubRejectedError(f"{one.device_id[:64]!r} was never a device", 403)
        key = _known_key(db, one.device_id) or one.public_key
        if not is_signed(key, one.signature, statement(one.device_id, public_key)):
            raise HubRejectedError(f"the proof of having been the device {one.device_id} is not right", 403)


def note(db: Connection, former: Sequence[Former], heir: Device) -> None:
    """Note what `check` found right."""
    for one in former:
        if _known_key(db, one.device_id) is None:
            _adopt(db, one, heir)
        there = select(succession).where(succession.c.former == one.device_id, succession.c.device_id == heir.id)
        if one.device_id != heir.id and db.execute(there).first() is None:
            db.execute(insert(succession).values(former=one.device_id, device_id=heir.id, at=now()))


def voices(db: Connection, device_id: str) -> set[str]:
    """The devices whose records this one may send: itself and all that it came after."""
    found, new = {device_id}, {device_id}
    while new:
        query = select(succession.c.former).where(succession.c.device_id.in_(new))
        new = set(db.execute(query).scalars()) - found
        found |= new
    return found


def heirs(db: Connection, device_id: str) -> set[str]:
    """The devices that came after this one, at whatever remove."""
    found: set[str] = set()
    new = {device_id}
    while new:
        query = select(succession.c.device_id).where(succession.c.former.in_(new))
        new = set(db.execute(query).scalars()) - found - {device_id}
        found |= new
    return found


def is_signed(public_key: str, signature: str, what: bytes) -> bool:
    """Whether an Ed25519 key signed this; all in hex."""
    if not (is_hex(public_key, 32) and is_hex(signature, 64)):
        return False
    with contextlib.suppress(InvalidSignature, ValueError):
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), what)
        return True
    return False


def is_hex(text: str, length: int) -> bool:
    """Whether this is so many bytes in lower-case hex and nothing else; Python itself would let blanks pass."""
    return len(text) == 2 * length and set(text) <= _HEX


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _known_key(db: Connection, device_id: str) -> str | None:
    with contextlib.suppress(HubRejectedError):
        return devices.get(db, device_id).public_key
    return None


def _adopt(db: Connection, former: Former, heir: Device) -> None:
    """A device that only its heir remembers; it may not speak itself any more.

    Raises:
        HubRejectedError: 403, this cannot have been a device.
    """
    if devices.is_provisioned(db, former.device_id):
        raise HubRejectedError(f"{former.device_id!r} was never a device", 403)
    devices.add(db, heir.shop_id, former.public_key, heir.name, device_id=former.device_id)
    devices.revoke(db, former.device_id)
