"""What makers suggest: drafts that wait for an editor, and how those who want an answer may be reached.

A contact goes when the suggestion is answered, or on its day, whichever is first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from sync.hub import settings
from sync.hub.store import drafts
from sync.hub.store.database import now
from sync.hub.store.schema import maker_contact
from sync.records import Item

MOST_WAITING: Final = 500
MAKER: Final = "maker"
"""Who wrote it, in a draft that nobody of the team has touched."""


def is_full(db: Connection) -> bool:
    """Whether so many wait that nothing more is taken."""
    return drafts.counts(db)[drafts.SUGGESTED] >= MOST_WAITING


def add(db: Connection, item: Item, sealed: bytes | None) -> None:
    """Keep what a maker suggests, within the caller's writing transaction."""
    drafts.put(db, item, MAKER, state=drafts.SUGGESTED)
    if sealed is not None:
        at = now()
        last = dt.date.fromisoformat(at[:10]) + dt.timedelta(days=settings.number(db, "follow_up_days"))
        db.execute(
            insert(maker_contact).values(item_id=item.id, received_at=at, delete_on=last.isoformat(), sealed=sealed)
        )


def contact_of(db: Connection, item_id: str) -> tuple[bytes, str] | None:
    """The letter of the maker who suggested it, and the day on which that goes; None where there is none."""
    row = db.execute(select(maker_contact).where(maker_contact.c.item_id == item_id)).one_or_none()
    return (row.sealed, row.delete_on) if row else None


def contacts(db: Connection) -> list[tuple[str, bytes]]:
    """Every contact that is kept: what it is about, and the letter."""
    return [(row.item_id, row.sealed) for row in db.execute(select(maker_contact).order_by(maker_contact.c.item_id))]


def forget_contact(db: Connection, item_id: str) -> int:
    """Leave nothing of how to reach its maker; returns how many there were, which is 1 at most."""
    return db.execute(delete(maker_contact).where(maker_contact.c.item_id == item_id)).rowcount


def forget_contacts(db: Connection, asked: Iterable[str], today: str) -> int:
    """Delete the contacts whose day (YYYY-MM-DD) has come, and those of these items; returns how many there were."""
    overdue = db.execute(delete(maker_contact).where(maker_contact.c.delete_on <= today)).rowcount
    return overdue + sum(forget_contact(db, item_id) for item_id in sorted(asked))
