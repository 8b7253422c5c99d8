"""Months that are over: what was logged in them is added up, and the records go.

A record and what corrects it go together, in the month of the one that counts. Whoever comes late is added to what is
there already; a correction whose first record is gone counts for nothing (`sync.hub.store.attendance` sees to that). A
session goes when nobody's attendance is left of it, and its head counts with it, of which the latest counts. A head
count of which nothing else is known goes as well, and counts for nothing: as a rule it corrects what was added up.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from sync.errors import NOT_JSON
from sync.hub.store import erasing
from sync.hub.store.schema import attendance, attendance_month, head_count, received, session_held, session_month
from sync.records import SessionHeld

ANY_TOPIC: Final = ""


@dataclass(frozen=True)
class Gone:
    """How much was deleted of a month."""

    attendance: int = 0
    sessions: int = 0
    head_counts: int = 0


def before(day: dt.date, count: int) -> str:
    """The month that was so many months before that day's, `YYYY-MM`."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return f"{year:04}-{month + 1:02}"


def older(db: Connection, month: str) -> list[str]:
    """The months before that one, `YYYY-MM`, of which something is here, the oldest first."""
    found: set[str] = set()
    for start in (
        attendance.c.month,
        func.substr(session_held.c.starts, 1, 7),
        func.substr(head_count.c.received_at, 1, 7),
    ):
        found.update(db.execute(select(start).where(start < month).distinct()).scalars())
    return sorted(found)


def close(db: Connection, month: str) -> Gone:
    """Add a month up and delete what it was made of, within the caller's writing transaction.

    What is older and was held by this month (a session, by somebody who came after midnight) goes with it.
    """
    records, logged = _close_attendance(db, month)
    sessions, counts = _close_sessions(db, month, logged)
    return Gone(records, sessions, counts + _close_lost_counts(db, month))


# -- attendance


def _close_attendance(db: Connection, month: str) -> tuple[int, dict[str, str]]:
    """How many records went, and the sessions of those that counted with their shops."""
    counting = db.execute(select(attendance).where(attendance.c.month == month, attendance.c.counts.is_(True))).all()
    _add_up(db, month, counting)
    counted = attendance.alias()
    alive = select(counted.c.root).where(counted.c.counts.is_(True))
    void = select(attendance.c.root).where(attendance.c.root.not_in(alive)).group_by(attendance.c.root)
    void = void.having(func.max(attendance.c.month) <= month)
    gone = 0
    for roots in _some({row.root for row in counting} | set(db.execute(void).scalars())):
        family = attendance.c.root.in_(roots)
        ids = list(db.execute(select(attendance.c.id).where(family)).scalars())
        db.execute(delete(attendance).where(family))
        erasing.erase(db, ids)
        gone += len(ids)
    return gone, {row.session: row.shop_id for row in sorted(counting, key=lambda row: row.shop_id, reverse=True)}


def _add_up(db: Connection, month: str, rows: Sequence[Any]) -> None:
    """A row for each shop, role, first time and outcome, whatever the topics, and one more for each topic."""
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        added = {"records": 1, "people": row.people, "minutes": row.people * (row.minutes or 0)}
        for topic in {ANY_TOPIC, *row.topics.split()}:
            sums.setdefault((row.shop_id, row.role, topic, row.first_time, row.outcome), Counter()).update(added)
    for (shop_id, role, topic, first_time, outcome), added in sums.items():
        which = {"shop_id": shop_id, "role": role, "topic": topic, "first_time": first_time, "outcome": outcome}
        _add(db, attendance_month, {"month": month, **which}, added)


# -- sessions and their head counts


def _close_sessions(db: Connection, month: str, logged: dict[str, str]) -> tuple[int, int]:
    """How many sessions and how many head counts went; `logged` are the sessions of the attendance that went."""
    over = _over(db, month, logged)
    heads, ids = _head_counts(db, over)
    sums: dict[tuple[str, str], Counter[str]] = {}
    for session, where in over.items():
        sums.setdefault(where, Counter()).update({"sessions": 1, "head_count": heads.get(session, 0)})
    for (its_month, shop_id), added in sums.items():
        _add(db, session_month, {"month": its_month, "shop_id": shop_id}, added)
    for sessions in _some(over):
        db.execute(delete(session_held).where(session_held.c.session.in_(sessions)))
        db.execute(delete(head_count).where(head_count.c.session.in_(sessions)))
    erasing.erase(db, ids)
    erasing.erase(db, _of_sessions(db, month, set(over)))
    return len(over), len(ids)


def _over(db: Connection, month: str, logged: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The sessions up to that month of which no attendance is left, with the month and the shop they count in.

    Of some nothing is known but that something was logged in them: those count in this month, unless its sessions were
    counted before; then that was a session which is among them.
    """
    start = func.substr(session_held.c.starts, 1, 7)
    attended = set(db.execute(select(attendance.c.session).distinct()).scalars())
    rows = db.execute(select(session_held.c.session, session_held.c.shop_id, start.label("month"))).all()
    counted = set(db.execute(select(session_month.c.shop_id).where(session_month.c.month == month)).scalars())
    over = {
        session: (month, shop_id)
        for session, shop_id in logged.items()
        if session and session not in attended and shop_id not in counted
    }
    for row in rows:
        over.pop(row.session, None)
        if row.month <= month and row.session not in attended:
            over[row.session] = (row.month, row.shop_id)
    return over


def _head_counts(db: Connection, sessions: dict[str, tuple[str, str]]) -> tuple[dict[str, int], list[str]]:
    """The latest head count of each session at its shop, and the ids of all there are of these sessions."""
    last: dict[tuple[str, str], Any] = {}
    ids = []
    for some in _some(sessions):
        query = select(head_count).where(head_count.c.session.in_(some)).order_by(head_count.c.seq, head_count.c.id)
        for row in db.execute(query):
            ids.append(row.id)
            if row.shop_id == sessions[row.session][1]:
                last[row.session, row.device_id] = row
    latest = sorted(last.values(), key=lambda row: (row.recorded_at, row.id))
    return {row.session: row._mapping["count"] for row in latest}, ids


def _of_sessions(db: Connection, month: str, gone: set[str]) -> list[str]:
    """The records that spoke of the sessions that went, or of others up to that month that are not here."""
    there = set(db.execute(select(session_held.c.session)).scalars())
    query = select(received.c.id, received.c.body).where(received.c.kind == "session", received.c.erased_at.is_(None))
    found = []
    for row in db.execute(query):
        try:
            said = msgspec.json.decode(row.body, type=SessionHeld)
        except NOT_JSON:  # it came before this hub looked what they say
            continue
        if said.session in gone or (said.session not in there and said.starts[:7] <= month):
            found.append(row.id)
    return found


def _close_lost_counts(db: Connection, month: str) -> int:
    """Head counts that came up to that month and have no session here."""
    there = select(session_held.c.session)
    lost = (func.substr(head_count.c.received_at, 1, 7) <= month, head_count.c.session.not_in(there))
    ids = list(db.execute(select(head_count.c.id).where(*lost)).scalars())
    for some in _some(ids):
        db.execute(delete(head_count).where(head_count.c.id.in_(some)))
    erasing.erase(db, ids)
    return len(ids)


# -- inner


def _add(db: Connection, table: Table, which: dict[str, str], added: Counter[str]) -> None:
    """Add to a row of sums, which is made if there is none."""
    mine = [table.c[name] == value for name, value in which.items()]
    more = {name: table.c[name] + value for name, value in added.items()}
    if not db.execute(update(table).where(*mine).values(more)).rowcount:
        db.execute(insert(table).values({**which, **added}))


def _some(ids: Iterable[str]) -> Iterator[list[str]]:
    """As many at a time as go into one statement."""
    waiting = iter(ids)
    while some := list(islice(waiting, erasing.AT_ONCE)):
        yield some
