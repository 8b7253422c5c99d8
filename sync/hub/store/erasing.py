"""Making received records empty. That they were here stays: a record that is sent again is not taken twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import islice
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import received

EMPTY: Final = b"{}"
AT_ONCE: Final = 500
"""So many ids go into one statement."""

_OF_ID: Final = (
    update(received)
    .where(received.c.id == bindparam("erased_id"))
    .values(body=EMPTY, boot="", offset_s=0.0, recorded_at=bindparam("month"), erased_at=bindparam("at"))
)


def erase(db: Connection, ids: Iterable[str]) -> int:
    """Empty these records, within the caller's writing transaction; returns how many were not empty before.

    Of a record stay its id, its device and place there, its kind, when it came, and the month in which it was made.
    """
    erased, at, waiting = 0, now(), iter(ids)
    while some := list(islice(waiting, AT_ONCE)):
        query = select(received.c.id, received.c.recorded_at)
        full = db.execute(query.where(received.c.id.in_(some), received.c.erased_at.is_(None))).all()
        if full:
            rows = [{"erased_id": row.id, "month": _month(row.recorded_at), "at": at} for row in full]
            db.execute(_OF_ID, rows)
        erased += len(full)
    return erased


def erased(db: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these records that were here and were made empty."""
    found: set[str] = set()
    waiting = iter(ids)
    while some := list(islice(waiting, AT_ONCE)):
        query = select(received.c.id).where(received.c.id.in_(some), received.c.erased_at.is_not(None))
        found.update(db.execute(query).scalars())
    return found


def _month(recorded_at: str) -> str:
    """The first of its month, midnight UTC, as times are kept."""
    at = dt.datetime.fromisoformat(recorded_at)
    return dt.datetime(at.year, at.month, 1, tzinfo=dt.UTC).isoformat(timespec="milliseconds")
