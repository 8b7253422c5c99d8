"""How often codes were opened: a total for each day, item and language, and nothing of who opened them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from sync.hub.store.schema import scan_day


@dataclass(frozen=True)
class Scanned:
    """On one day an item's page was opened so often, in a language. `day` is `YYYY-MM-DD`."""

    day: str
    item_id: str
    language: str
    count: int


def add(db: Connection, counts: Mapping[tuple[str, str, str], int]) -> None:
    """Add to the totals, within the caller's writing transaction; the keys are day, item's id and language."""
    for (day, item_id, language), count in counts.items():
        mine = (scan_day.c.day == day, scan_day.c.item_id == item_id, scan_day.c.language == language)
        more = update(scan_day).where(*mine).values(count=scan_day.c.count + count)
        if not db.execute(more).rowcount:
            db.execute(insert(scan_day).values(day=day, item_id=item_id, language=language, count=count))


def between(db: Connection, first: str = "", last: str = "") -> Iterator[Scanned]:
    """The totals from one day to another, both included, the latest first; empty for the first or the last there is."""
    query = select(scan_day).order_by(scan_day.c.day.desc(), scan_day.c.item_id, scan_day.c.language)
    if first:
        query = query.where(scan_day.c.day >= first)
    if last:
        query = query.where(scan_day.c.day <= last)
    for row in db.execute(query):
        yield Scanned(*row)
