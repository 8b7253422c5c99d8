"""Which kiosks are quiet, and what was told of it: a row from when one is noticed until all was said.

So neither a restart nor a second server says anything twice: who is about to tell takes the rows first, for a while.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import alert

SENDING: Final = dt.timedelta(minutes=5)
"""So long a server has for sending; then another may try, as it has died."""


@dataclass(frozen=True)
class Alert:
    """A kiosk that is or was quiet; `since` is when it had been heard of, `back_at` when it was again."""

    device_id: str
    since: str
    told_at: str | None
    back_at: str | None


def any_there(db: Connection) -> bool:
    """Whether any kiosk was noticed of which not all is said yet."""
    return db.execute(select(alert.c.device_id).limit(1)).first() is not None


def notice(db: Connection, quiet: Mapping[str, str], heard: Mapping[str, str], gone: Iterable[str]) -> None:
    """Note which kiosks are quiet (since when), which are heard of (when), and of which nothing is expected any more.

    One that is in neither is left as it is: its shop is closed, say. Within the caller's writing transaction.
    """
    there = {row.device_id: row for row in db.execute(select(alert))}
    fresh = [{"device_id": one, "since": since} for one, since in quiet.items() if one not in there]
    if fresh:
        db.execute(insert(alert), fresh)
    for one, row in there.items():
        mine = alert.c.device_id == one
        if one in quiet and row.back_at:
            db.execute(update(alert).where(mine).values(back_at=None))
        elif one in heard and not row.back_at and heard[one] > row.since:
            db.execute(update(alert).where(mine).values(back_at=heard[one]))
    if over := [one for one in gone if one in there]:
        db.execute(delete(alert).where(alert.c.device_id.in_(over)))
    idle = or_(alert.c.sending_until.is_(None), alert.c.sending_until <= now())
    db.execute(delete(alert).where(alert.c.told_at.is_(None), alert.c.back_at.is_not(None), idle))


def take(db: Connection) -> list[Alert]:
    """Everything that is to be told now, for this server to tell; no other one gets it meanwhile."""
    untold = alert.c.told_at.is_(None) & alert.c.back_at.is_(None)
    back = alert.c.told_at.is_not(None) & alert.c.back_at.is_not(None)
    idle = or_(alert.c.sending_until.is_(None), alert.c.sending_until <= now())
    found = [
        Alert(row.device_id, row.since, row.told_at, row.back_at)
        for row in db.execute(select(alert).where(untold | back, idle).order_by(alert.c.device_id))
    ]
    until = (dt.datetime.now(dt.UTC) + SENDING).isoformat(timespec="milliseconds")
    _mine(db, found, {"sending_until": until})
    return found


def told(db: Connection, taken: Iterable[Alert]) -> None:
    """These were told."""
    taken = list(taken)
    over = [one.device_id for one in taken if one.back_at]
    db.execute(delete(alert).where(alert.c.device_id.in_(over)))
    _mine(db, [one for one in taken if not one.back_at], {"told_at": now(), "sending_until": None})


def give_back(db: Connection, taken: Iterable[Alert]) -> None:
    """These could not be told; they are there for the next try."""
    _mine(db, taken, {"sending_until": None})


def _mine(db: Connection, taken: Iterable[Alert], values: dict[str, str | None]) -> None:
    if ids := [one.device_id for one in taken]:
        db.execute(update(alert).where(alert.c.device_id.in_(ids)).values(values))
