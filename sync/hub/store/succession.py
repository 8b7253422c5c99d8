"""Which device came after which. A successor may send what its predecessor had not sent yet, under that one's name."""

from __future__ import annotations

import contextlib
import hmac
from collections import deque
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
from sync.messages import Former, promise
from sync.messages import succession as statement

MOST: Final = 20
"""More predecessors than this nobody has at once."""
_HEX: Final = frozenset("0123456789abcdef")


def check(db: Connection, former: Sequence[Former], public_key: str) -> None:
    """Make sure that the holder of `public_key` was each of these devices.

    A device that this hub has never heard of is believed by the key it names itself (the hub was restored from a
    backup), unless its id was promised to the holder of a secret: he alone can have been it. Two units that were set up
    by one file are copies of each other.

    Raises:
        HubRejectedError: 403, a proof is not right; 400, there are too many.
    """
    waiting = deque((one, public_key) for one in former)
    named = 0
    while waiting:
        one, heirs_key = waiting.popleft()
        named += 1
        if named > MOST:
            raise HubRejectedError(f"at most {MOST} former devices can be named", 400)
        key = _proved(db, one, heirs_key)
        waiting.extend((before, key) for before in one.former)


def note(db: Connection, former: Sequence[Former], heir: Device) -> None:
    """Note what `check` found right."""
    for one in former:
        mine = _known(db, one.device_id) or _adopt(db, one, heir)
        there = select(succession).where(succession.c.former == mine.id, succession.c.device_id == heir.id)
        if mine.id != heir.id and db.execute(there).first() is None:
            db.execute(insert(succession).values(former=mine.id, device_id=heir.id, at=now()))
        note(db, one.former, mine)


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


def _proved(db: Connection, former: Former, heirs_key: str) -> str:
    """The key of a former device, which has signed that the holder of `heirs_key` comes after it.

    Raises:
        HubRejectedError: 403, that is not right.
    """
    if not _is_id(former.device_id):
        raise HubRejectedError(f"{former.device_id[:64]!r} was never a device", 403)
    said = statement(former.device_id, heirs_key)
    known, made = _known(db, former.device_id), devices.promised(db, former.device_id)
    held = made is not None and hmac.compare_digest(promise(made.secret_hash, said).encode(), former.promise.encode())
    key = former.public_key if held or known is None else known.public_key
    may_be = known is not None or made is None or held
    if not (may_be and is_signed(key, former.signature, said)):
        raise HubRejectedError(f"the proof of having been the device {former.device_id} is not right", 403)
    return key


def _known(db: Connection, device_id: str) -> Device | None:
    with contextlib.suppress(HubRejectedError):
        return devices.get(db, device_id)
    return None


def _adopt(db: Connection, former: Former, heir: Device) -> Device:
    """A device that only its heir remembers; it may not speak itself any more.

    It was the shop's whose provisioning file made it; whose a forgotten one was, nobody knows but its heir.
    """
    made = devices.promised(db, former.device_id)
    shop_id = made.shop_id if made else heir.shop_id
    adopted = devices.add(db, shop_id, former.public_key, heir.name, device_id=former.device_id)
    if made:
        devices.use_up(db, made.secret_hash, adopted.id)
    devices.revoke(db, adopted.id)
    return adopted
