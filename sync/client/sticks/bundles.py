"""What a unit without a connection puts on a stick, and how it reads the hub's replies."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync import seal
from sync.client.identity import Identity
from sync.errors import NOT_JSON, NotTrustedError, RecordError
from sync.messages import BUNDLE_FORMAT, REPLY_FORMAT, Batch, Bundle, Heartbeat, Reply
from sync.outbox import BATCH
from sync.records import Upward

log = logging.getLogger(__name__)

MOST_BYTES: Final = 900_000
"""Records of at most so many bytes go in one bundle, so that it is never too large for a letter."""


def make(mine: Identity, records: Sequence[Upward], heartbeat: Heartbeat) -> tuple[list[bytes], int]:
    """Sealed bundles with these records, and how many went in; at least one, as there is always something to say.

    A record that is too large for any bundle stays behind and is logged.

    Raises:
        RecordError: this unit has no key to seal to, as its enrolment is older than sticks.
    """
    if not mine.hub_keys.seal:
        raise RecordError("this kiosk does not know its hub's keys: let it sync once, or enrol it again")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
    to = X25519PublicKey.from_public_bytes(bytes.fromhex(mine.hub_keys.seal))
    letters: list[bytes] = []
    packed = 0
    for batch in _batches(records):
        bundle = Bundle(
            format=BUNDLE_FORMAT,
            device_id=mine.device_id,
            made_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            reply_key=seal.reply_key(key).public_key().public_bytes_raw().hex(),
            batch=Batch(records=batch),
            enrol=mine.pending,
            heartbeat=None if letters else heartbeat,
        )
        letters.append(
            seal.seal(
                msgspec.json.encode(bundle),
                purpose=seal.BUNDLE,
                sender=mine.device_id,
                addressee=mine.hub_keys.seal,
                signer=key,
                to=to,
            )
        )
        packed += len(batch)
    return letters, packed


def read_reply(mine: Identity, letter: bytes) -> Reply:
    """The hub's reply in a letter to this device.

    Raises:
        RecordError, NotTrustedError: it is no reply, not the hub's, or not for this device.
    """
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
    content = seal.read(letter).open(
        seal.reply_key(key),
        purpose=seal.REPLY,
        addressee=mine.device_id,
        signer=bytes.fromhex(mine.hub_keys.sign),
    )
    try:
        reply = msgspec.json.decode(content, type=Reply)
    except NOT_JSON as error:
        raise RecordError(f"the hub's reply cannot be read: {error}") from error
    if reply.format != REPLY_FORMAT:
        raise RecordError(f"a reply in the format {reply.format!r}; this program reads {REPLY_FORMAT!r}")
    if reply.device_id != mine.device_id:
        raise NotTrustedError(f"a reply for {reply.device_id} in a letter for {mine.device_id}")
    return reply


def _batches(records: Iterable[Upward]) -> Iterator[list[Upward]]:
    """The records in their order, as many at a time as go into one bundle; one empty batch where there are none."""
    batch: list[Upward] = []
    size = made = 0
    for record in records:
        length = len(msgspec.json.encode(record))
        if length > MOST_BYTES:
            log.error("the record %s has %d bytes and fits into no bundle; it stays here", record.id, length)
            continue
        if batch and (len(batch) == BATCH or size + length > MOST_BYTES):
            yield batch
            batch, size, made = [], 0, made + 1
        batch.append(record)
        size += length
    if batch or not made:
        yield batch
