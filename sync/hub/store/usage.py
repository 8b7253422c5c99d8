"""What visitors opened, took and looked for in vain: shops' daily totals, added up by month as they come in.

A term that was looked for in vain may be a name. One that holds a digit or an @, or is over 40 letters long, is not
kept at all; one that was seen fewer than three times goes 90 days after it was seen last, and so does what the shop
sent of it. Those that stay are known to be words that several people looked for, or one of them often.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from sync.errors import NOT_JSON
from sync.hub.store import bodies, erasing, facts
from sync.hub.store.database import now
from sync.hub.store.schema import device, received, search_month, usage_month
from sync.records import Usage

KIND: Final = "usage"
VAIN: Final = "search_empty"
LEAST_SEEN: Final = 3
"""A term that was seen less often is shown to nobody."""
TERMS: Final = dt.timedelta(days=90)
_SHORTEST_TERM: Final = 3
_LONGEST_TERM: Final = 40
_MOST_COUNT: Final = 1_000_000
_MOST_AHEAD: Final = dt.timedelta(days=1)
_MOST_BEHIND: Final = dt.timedelta(days=800)
_ACTION: Final = re.compile(r"[a-z][a-z_]{0,31}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_AT_ONCE: Final = 2_000
_TERM: Final = b'"term"'
"""Stands in the body of a record that says what was looked for."""


def take(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Count rows of `received` that have just been accepted, within the caller's writing transaction.

    What is no daily total counts for nothing, and stays as it lies.
    """
    mine = [row for row in rows if row["kind"] == KIND]
    if not mine:
        return
    shops = _shops(db, {row["device_id"] for row in mine})
    counts: Counter[tuple[str, ...]] = Counter()
    terms: dict[tuple[str, ...], tuple[int, str]] = {}
    unkept = []
    for row in mine:
        if (said := _read(row)) is None:
            continue
        day, shop_id = _day(said.day, row["received_at"]), shops[row["device_id"]]
        item_id = said.item if bodies.is_uuid(said.item) else ""
        language = said.language if _LANGUAGE.fullmatch(said.language) else ""
        counts[day[:7], shop_id, said.action, item_id, language] += said.count
        if said.action == VAIN and (term := kept(said.term)):
            key = (term, day[:7], shop_id)
            before, last = terms.get(key, (0, ""))
            terms[key] = (before + said.count, max(last, day))
        elif said.term:
            unkept.append(row["id"])
    for (month, shop_id, action, item_id, language), count in counts.items():
        which = {"month": month, "shop_id": shop_id, "action": action, "item_id": item_id, "language": language}
        _add(db, usage_month, which, count)
    for (term, month, shop_id), (count, last) in terms.items():
        _add(db, search_month, {"term": term, "month": month, "shop_id": shop_id}, count, last)
    erasing.erase(db, unkept)


def take_up(db: Connection) -> int:
    """Count what came before this hub counted usage, once, within the caller's transaction; returns how many came."""
    if facts.get(db, facts.USAGE_TAKEN_UP):
        return 0
    facts.put(db, facts.USAGE_TAKEN_UP, now())
    ids = select(received.c.id).where(received.c.kind == KIND, received.c.erased_at.is_(None))
    waiting = list(db.execute(ids).scalars())
    for at in range(0, len(waiting), _AT_ONCE):
        some = select(received).where(received.c.id.in_(waiting[at : at + _AT_ONCE]))
        take(db, [dict(row._mapping) for row in db.execute(some)])
    return len(waiting)


def forget_terms(db: Connection, today: dt.date) -> int:
    """Delete the terms that were seen too seldom and too long ago, and empty the records of all that are as old.

    Returns how many terms went.
    """
    before = (today - TERMS).isoformat()
    seldom = select(search_month.c.term).group_by(search_month.c.term)
    seldom = seldom.having(func.sum(search_month.c.count) < LEAST_SEEN, func.max(search_month.c.last_day) < before)
    gone = list(db.execute(seldom).scalars())
    for at in range(0, len(gone), erasing.AT_ONCE):
        db.execute(delete(search_month).where(search_month.c.term.in_(gone[at : at + erasing.AT_ONCE])))
    since = facts.get(db, facts.TERMS_FORGOTTEN)
    old = select(received.c.id, received.c.body).where(
        received.c.kind == KIND,
        received.c.erased_at.is_(None),
        received.c.received_at >= since,
        received.c.received_at < before,
    )
    erasing.erase(db, [row.id for row in db.execute(old).all() if _TERM in row.body])
    facts.put(db, facts.TERMS_FORGOTTEN, max(since, before))
    return len(gone)


def kept(term: str) -> str:
    """A term as it is counted; empty where it may hold somebody's name, number or address, or nothing at all."""
    said = " ".join(term.lower().split())
    printable = said.isprintable() and not any(letter.isdigit() or letter == "@" for letter in said)
    return said if _SHORTEST_TERM <= len(said) <= _LONGEST_TERM and printable else ""


# -- inner


def _read(row: Mapping[str, Any]) -> Usage | None:
    try:
        said = msgspec.json.decode(row["body"], type=Usage)
    except NOT_JSON:
        return None
    return said if _ACTION.fullmatch(said.action) and 0 < said.count <= _MOST_COUNT else None


def _day(said: str, received_at: str) -> str:
    """The day it was, or that on which it came where that cannot be."""
    came = dt.date.fromisoformat(received_at[:10])
    try:
        day = dt.date.fromisoformat(said)
    except ValueError:
        return came.isoformat()
    return (day if came - _MOST_BEHIND <= day <= came + _MOST_AHEAD else came).isoformat()


def _shops(db: Connection, devices: set[str]) -> dict[str, str]:
    rows = db.execute(select(device.c.id, device.c.shop_id).where(device.c.id.in_(devices)))
    return {row.id: row.shop_id for row in rows}


def _add(db: Connection, table: Table, which: dict[str, str], count: int, last_day: str = "") -> None:
    """Add to a row of sums, which is made if there is none."""
    mine = [table.c[name] == value for name, value in which.items()]
    more: dict[str, Any] = {"count": table.c["count"] + count}
    if not db.execute(update(table).where(*mine).values(more)).rowcount:
        last: Iterable[tuple[str, Any]] = [("last_day", last_day)] if last_day else []
        db.execute(insert(table).values({**which, "count": count, **dict(last)}))
    elif last_day:
        later = update(table).where(*mine, table.c["last_day"] < last_day)
        db.execute(later.values({"last_day": last_day}))
