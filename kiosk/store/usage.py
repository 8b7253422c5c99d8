"""Daily totals of what was done at the screen; never who, never in which order."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.records import Records
from kiosk.store.schema import usage
from sync import outbox
from sync.records import Usage


class UsageCounts:
    """The counts in `records.db`."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(
        self,
        day: dt.date,
        action: str,
        *,
        item: str = "",
        term: str = "",
        language: str = "",
        db: Connection | None = None,
    ) -> None:
        """Count one more, within the caller's transaction or one of its own."""
        key = {"day": day.isoformat(), "action": action, "item": item, "term": term, "language": language}
        one_more = insert(usage).values(**key, count=1)
        one_more = one_more.on_conflict_do_update(index_elements=list(key), set_={"count": usage.c.count + 1})
        with contextlib.nullcontext(db) if db else self._records.writing() as within:
            within.execute(one_more)

    def asked(self) -> dict[str, int]:
        """How often each item was looked at or taken in the last days, by its id."""
        with self._records.reading() as db:
            counts = Counter(
                dict(db.execute(select(usage.c.item, func.sum(usage.c.count)).group_by(usage.c.item)).all())
            )
            for body in outbox.bodies(db, "usage"):
                counts[body.get("item", "")] += body.get("count", 0)
        del counts[""]
        return dict(counts)

    def send_finished_days(self, today: dt.date) -> int:
        """Move the totals of all days but `today` into the outbox; returns how many there were.

        A day that has yet to come is none: the clock was ahead.
        """
        finished = usage.c.day != today.isoformat()
        with self._records.writing() as db:
            totals = db.execute(select(usage).where(finished)).all()
            for row in totals:
                outbox.add(db, "usage", Usage(**row._mapping))
            db.execute(delete(usage).where(finished))
        return len(totals)
