"""Records made here until the hub acknowledges them.

The table stands in the maker's own database, so that a record and its place in the outbox are one transaction: what a
person saw confirmed is either waiting here or at the hub, never neither.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import uuid_utils
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from sync.messages import Answer
from sync.records import Upward

BATCH: Final = 500
"""At most this many records go in one post."""

STATES: Final = {"accepted": "acknowledged", "duplicate": "acknowledged", "rejected": "rejected"}

table: Final = Table(
    "outbox",
    MetaData(),
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("boot", String, nullable=False),
    Column("offset_s", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("reason", String, nullable=False, server_default=""),
    UniqueConstraint("id", name="outbox_id"),
    CheckConstraint("state IN ('waiting', 'acknowledged', 'rejected')", name="outbox_state"),
    Index("outbox_waiting", "state", "seq"),
    sqlite_autoincrement=True,
)

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def add(db: Connection, kind: str, body: msgspec.Struct, *, record_id: str | None = None) -> str:
    """Put a record into the outbox, within the caller's transaction; returns its id."""
    new = record_id or str(uuid_utils.uuid7())
    values = {
        "id": new,
        "kind": kind,
        "recorded_at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "boot": _BOOT.read_text().strip() if _BOOT.exists() else "",
        "offset_s": time.monotonic(),
        "body": msgspec.json.encode(body),
    }
    db.execute(insert(table).values(values))
    return new


def waiting(db: Connection, limit: int = BATCH) -> list[Upward]:
    """The oldest records that the hub has not acknowledged."""
    rows = db.execute(select(table).where(table.c.state == "waiting").order_by(table.c.seq).limit(limit))
    return [_upward(row._mapping) for row in rows]


def count_waiting(db: Connection) -> int:
    """How many records the hub has not acknowledged."""
    query = select(func.count()).select_from(table).where(table.c.state == "waiting")
    return int(db.execute(query).scalar_one())


def bodies(db: Connection, kind: str) -> Iterator[dict[str, Any]]:
    """What every record of a kind says that is still here, sent or not."""
    for body in db.execute(select(table.c.body).where(table.c.kind == kind)).scalars():
        yield msgspec.json.decode(body)


def settle(db: Connection, answers: Iterable[Answer]) -> None:
    """Note the hub's answers, within the caller's transaction; a rejected record stays, with the reason.

    An outcome that this program does not know leaves the record waiting.
    """
    for answer in answers:
        if state := STATES.get(answer.outcome):
            db.execute(update(table).where(table.c.id == answer.id).values(state=state, reason=answer.reason))


def sweep(db: Connection, before: dt.datetime) -> int:
    """Delete what the hub acknowledged and was recorded before then; returns how many there were."""
    old = table.c.recorded_at < before.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return int(db.execute(delete(table).where(table.c.state == "acknowledged", old)).rowcount)


def _upward(row: Any) -> Upward:
    return Upward(
        id=row["id"],
        seq=row["seq"],
        kind=row["kind"],
        recorded_at=row["recorded_at"],
        body=msgspec.json.decode(row["body"]),
        boot=row["boot"],
        offset_s=row["offset_s"],
    )
