"""Records made here until the hub acknowledges them.

The table stands in the maker's own database, so that a record and its place in the outbox are one transaction: what a
person saw confirmed is either waiting here or at the hub, never neither.

`device` is a record's origin: the device that first set out to send it, and no other for life. A place in the sequence
(`seq`) is used once in this outbox, and so once for each device.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import uuid_utils
from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from sync.messages import Answer, Span
from sync.records import Upward

BATCH: Final = 500
"""At most this many records go in one post."""

STATES: Final = {"accepted": "acknowledged", "duplicate": "acknowledged", "rejected": "rejected"}
CLONE: Final = "clone"
MOST_SPANS: Final = 100

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
    Column("device", String, nullable=False, server_default=""),  # empty: nobody has set out to send it yet
    Column("acknowledged_at", String, nullable=False, server_default=""),  # or rejected
    Column("about", String, nullable=False, server_default=""),  # what it is found again by here; never sent
    UniqueConstraint("id", name="outbox_id"),
    CheckConstraint("state IN ('waiting', 'acknowledged', 'rejected')", name="outbox_state"),
    Index("outbox_waiting", "state", "seq"),
    Index("outbox_by_device", "device", "seq"),
    Index("outbox_about", "kind", "about"),
    sqlite_autoincrement=True,
)

_MADE: Final = (table.c.id, table.c.seq, table.c.recorded_at, table.c.state, table.c.body)
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Made:
    """A record as its maker finds it again here; `body` is JSON."""

    id: str
    seq: int
    recorded_at: str
    state: str
    body: bytes


def add(db: Connection, kind: str, body: msgspec.Struct, *, record_id: str | None = None, about: str = "") -> str:
    """Put a record into the outbox, within the caller's transaction; returns its id."""
    new = record_id or str(uuid_utils.uuid7())
    values = {
        "id": new,
        "kind": kind,
        "recorded_at": _text(dt.datetime.now(dt.UTC)),
        "boot": boot(),
        "offset_s": since_boot_s(),
        "body": msgspec.json.encode(body),
        "about": about,
    }
    db.execute(insert(table).values(values))
    return new


def boot() -> str:
    """What this start of the machine is known by; nothing where the system does not say."""
    return _BOOT.read_text().strip() if _BOOT.exists() else ""


def since_boot_s() -> float:
    """Seconds since this start of the machine, those that it slept through among them where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def claim(db: Connection, device_id: str) -> None:
    """Make this device the origin of every record that has none yet."""
    unclaimed = table.c.device == ""
    if db.execute(select(table.c.seq).where(unclaimed).limit(1)).first():
        db.execute(update(table).where(unclaimed).values(device=device_id))


def waiting(db: Connection, device_id: str, *, after: int = -1, limit: int = BATCH) -> list[Upward]:
    """The oldest records that the hub has not acknowledged, beyond the place `after`, as `device_id` sends them."""
    query = select(table).where(table.c.state == "waiting", table.c.seq > after).order_by(table.c.seq).limit(limit)
    return [_upward(row._mapping, device_id) for row in db.execute(query)]


def count(db: Connection, state: str) -> int:
    """How many records are `waiting`, `acknowledged` or `rejected`."""
    query = select(func.count()).select_from(table).where(table.c.state == state)
    return int(db.execute(query).scalar_one())


def counts(db: Connection, state: str, *also: ColumnElement[bool]) -> dict[str, int]:
    """How many records of each kind are `waiting`, `acknowledged` or `rejected`, and `also` so."""
    query = select(table.c.kind, func.count()).where(table.c.state == state, *also).group_by(table.c.kind)
    return {kind: count for kind, count in db.execute(query)}  # noqa: C416 (rows are no tuples to mypy)


def count_waiting(db: Connection) -> int:
    """How many records the hub has not acknowledged."""
    return count(db, "waiting")


def bodies(db: Connection, kind: str) -> Iterator[dict[str, Any]]:
    """What every record of a kind says that is still here, sent or not."""
    for body in db.execute(select(table.c.body).where(table.c.kind == kind)).scalars():
        yield msgspec.json.decode(body)


def made(db: Connection, kind: str, *abouts: str) -> list[Made]:
    """The records of a kind that are still here, sent or not, oldest first: all, or those about one of these."""
    meant = (table.c.kind == kind, *([table.c.about.in_(abouts)] if abouts else []))
    return [Made(*row) for row in db.execute(select(*_MADE).where(*meant).order_by(table.c.seq))]


def find(db: Connection, record_id: str, kind: str) -> Made | None:
    """The record of that id and kind, if it is still here."""
    row = db.execute(select(*_MADE).where(table.c.id == record_id, table.c.kind == kind)).one_or_none()
    return Made(*row) if row else None


def listed(db: Connection, state: str) -> list[dict[str, Any]]:
    """The records in that state, oldest first, without what is in them."""
    columns = [table.c[name] for name in ("id", "kind", "recorded_at", "state", "reason", "device")]
    return [dict(row._mapping) for row in db.execute(select(*columns).where(table.c.state == state).order_by("seq"))]


def settle(db: Connection, answers: Sequence[Answer], device_id: str = "", *, at: dt.datetime | None = None) -> None:
    """Note the hub's answers, within the caller's transaction; a rejected record stays, with the reason.

    A record whose place another unit has taken (`clone`) was never at the hub: once this unit is a device of its own
    (`device_id` is not the record's origin any more), it becomes that device's. An outcome that this program does not
    know leaves the record waiting.

    Args:
        at: the time, aware; now by this machine's clock unless a better one is known.
    """
    now = _text(at or dt.datetime.now(dt.UTC))
    settled = [
        {"answered": answer.id, "new_state": state, "new_reason": answer.reason}
        for answer in answers
        if (state := STATES.get(answer.outcome))
    ]
    if settled:
        change = update(table).where(table.c.id == bindparam("answered")).values(acknowledged_at=now)
        db.execute(change.values(state=bindparam("new_state"), reason=bindparam("new_reason")), settled)
    for answer in answers:
        if answer.outcome == CLONE and device_id:
            others = (table.c.id == answer.id, table.c.device != device_id)
            db.execute(update(table).where(*others).values(device=device_id))


def acknowledged(db: Connection) -> list[Span]:
    """What the hub has acknowledged and is still kept here: unbroken spans, the latest first."""
    of_device = func.row_number().over(partition_by=table.c.device, order_by=table.c.seq)
    kept = select(table.c.device, table.c.seq, (table.c.seq - of_device).label("run"))
    runs = kept.where(table.c.state == "acknowledged", table.c.device != "").subquery()
    first, last, many = func.min(runs.c.seq), func.max(runs.c.seq), func.count()
    query = select(runs.c.device, first, last, many).group_by(runs.c.device, runs.c.run)
    rows = db.execute(query.order_by(last.desc()).limit(MOST_SPANS))
    return [Span(device=device, first=a, last=b, count=n) for device, a, b, n in rows]


def send_again(db: Connection, spans: Iterable[Span]) -> int:
    """Let records that the hub has lost wait again; returns how many there are."""
    found = 0
    for span in spans:
        meant = table.c.seq.between(span.first, span.last)
        again = update(table).where(table.c.state == "acknowledged", table.c.device == span.device, meant)
        found += db.execute(again.values(state="waiting", acknowledged_at="")).rowcount
    return found


def sweep(
    db: Connection, before: dt.datetime, state: str = "acknowledged", *, now: dt.datetime | None = None
) -> dict[str, int]:
    """Delete what the hub acknowledged, or rejected, before then; returns how many there were of each kind.

    What is dated over a day after `now` goes too: the clock was ahead, and it would else stay till that day comes.

    Args:
        now: the time, aware; by this machine's clock unless a better one is known.
    """
    ahead = (now or dt.datetime.now(dt.UTC)) + dt.timedelta(days=1)
    old = or_(table.c.acknowledged_at < _text(before), table.c.acknowledged_at > _text(ahead))
    gone = counts(db, state, old)
    if gone:
        db.execute(delete(table).where(table.c.state == state, old))
    return gone


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _upward(row: Any, device_id: str) -> Upward:
    return Upward(
        id=row["id"],
        seq=row["seq"],
        kind=row["kind"],
        recorded_at=row["recorded_at"],
        body=msgspec.json.decode(row["body"]),
        boot=row["boot"],
        offset_s=row["offset_s"],
        device="" if row["device"] == device_id else row["device"],
    )
