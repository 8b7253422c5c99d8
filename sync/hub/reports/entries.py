"""Attendance record by record: what is in force now, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, func, select

from sync.hub.errors import UnknownError
from sync.hub.reports.attendance import Scope
from sync.hub.reports.counting import counts_within
from sync.hub.store.schema import attendance, device, session_held, staff

COLUMNS: Final = (
    "id",
    "session",
    "session title",
    "session start",
    "shop",
    "at",
    "recorded_at",
    "received_at",
    "role",
    "people",
    "first_time",
    "topics",
    "outcome",
    "minutes",
    "paper",
    "clock_wrong",
    "corrected",
    "staff",
)
_AT_ONCE: Final = 1_000
"""So many rows are fetched at a time; what is written is never longer than this in memory."""


def in_force(db: Connection, scope: Scope, shops: dict[str, str]) -> Iterator[list[Any]]:
    """Every record that counts, as `COLUMNS`: by the time of the session, then in the order they were first made.

    Args:
        shops: their names by id.
    """
    here, held = attendance.c, session_held.c
    starts = func.coalesce(held.starts, here.at)
    query = (
        select(attendance, held.title, held.starts)
        .outerjoin(session_held, held.session == here.session)
        .where(*counts_within(scope))
        .order_by(starts, here.session, here.root)
    )
    for row in db.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield [
            row.root,
            row.session,
            row.title,
            row.starts,
            shops.get(row.shop_id, row.shop_id),
            row.at,
            row.recorded_at,
            row.received_at,
            row.role,
            row.people,
            row.first_time,
            row.topics,
            row.outcome,
            row.minutes,
            row.paper,
            row.clock_wrong,
            row.root != row.id,
            row.staff,
        ]


def audit(db: Connection, record_id: str) -> list[dict[str, Any]]:
    """A record and all that corrects it, in the order they were made: what each said, where, who logged it and when.

    Args:
        record_id: any of theirs.

    Raises:
        UnknownError: there is none of that id.
    """
    root = select(attendance.c.root).where(attendance.c.id == record_id).scalar_subquery()
    query = (
        select(attendance, staff.c.name.label("who"), device.c.name.label("kiosk"))
        .outerjoin(staff, staff.c.id == attendance.c.staff)
        .outerjoin(device, device.c.id == attendance.c.device_id)
        .where(attendance.c.root == root)
        .order_by(attendance.c.seq, attendance.c.id)
    )
    if not (found := [dict(row._mapping) for row in db.execute(query)]):
        raise UnknownError(
            f"there is no attendance record {record_id!r}; `attendance --csv` lists their ids, "
            "and of old ones only monthly totals are left"
        )
    return found
