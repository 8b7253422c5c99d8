"""What shops have sent: each record once, for ever under the device that made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import device, quarantine, received
from sync.messages import Answer
from sync.records import Upward

_LARGEST: Final = 1 << 63


def take(db: Connection, device_id: str, records: Sequence[Upward]) -> list[Answer]:
    """Take a batch in, within the caller's writing transaction; answers in the batch's order.

    A record that is here already is a duplicate; one whose id is here with other content is kept apart for somebody to
    look at, and refused.
    """
    at = now()
    there = _there(db, [one.id for one in records])
    answers: list[Answer] = []
    fresh: list[dict[str, Any]] = []
    for one in records:
        if not 0 <= one.seq < _LARGEST:
            answers.append(Answer(id=one.id, outcome="rejected", reason=f"seq must be from 0 to {_LARGEST - 1}"))
            continue
        row = _row(one, device_id, at)
        known = there.get(one.id)
        if known is None:
            there[one.id] = row
            fresh.append(row)
            answers.append(Answer(id=one.id, outcome="accepted"))
        elif _same(known, row):
            answers.append(Answer(id=one.id, outcome="duplicate"))
        else:
            reason = "another record has this id"
            db.execute(insert(quarantine).values(**_apart(one, device_id, at, reason)))
            answers.append(Answer(id=one.id, outcome="rejected", reason=reason))
    if fresh:
        db.execute(insert(received), fresh)
    db.execute(update(device).where(device.c.id == device_id).values(seen_at=at))
    return answers


def everything(db: Connection) -> Iterator[dict[str, Any]]:
    """Every record received, oldest first, with the shop and device it came from."""
    query = (
        select(received, device.c.shop_id, device.c.name.label("device_name"))
        .join(device, device.c.id == received.c.device_id)
        .order_by(received.c.received_at, received.c.device_id, received.c.seq)
    )
    for row in db.execute(query):
        values = dict(row._mapping)
        values["body"] = msgspec.json.decode(values["body"])
        yield values


def _there(db: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = db.execute(select(received).where(received.c.id.in_(ids)))
    return {row.id: dict(row._mapping) for row in rows}


def _row(one: Upward, device_id: str, at: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "device_id": device_id,
        "seq": one.seq,
        "kind": one.kind,
        "recorded_at": one.recorded_at,
        "received_at": at,
        "boot": one.boot,
        "offset_s": one.offset_s,
        "body": msgspec.json.encode(one.body, order="deterministic"),
    }


def _same(known: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(known[name] == row[name] for name in ("device_id", "kind", "recorded_at", "body"))


def _apart(one: Upward, device_id: str, at: str, reason: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "device_id": device_id,
        "received_at": at,
        "reason": reason,
        "body": msgspec.json.encode(one),
    }
