"""Items as they may become: what editors are at work on, what is to appear on a day, what makers suggested.

There is at most one for each item, with the id that the item has or will have. Nothing of it travels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import draft
from sync.records import Item

DRAFT: Final = "draft"
SCHEDULED: Final = "scheduled"
SUGGESTED: Final = "suggested"
STATES: Final = (DRAFT, SCHEDULED, SUGGESTED)


@dataclass(frozen=True)
class Draft:
    """An item as it may become; `publish_on` is the day on which a scheduled one appears."""

    item: Item
    state: str
    publish_on: str
    who: str
    made_at: str
    changed_at: str


def get(db: Connection, item_id: str) -> Draft | None:
    """The draft of an item, if there is one."""
    row = db.execute(select(draft).where(draft.c.item_id == item_id)).one_or_none()
    return _draft(row) if row else None


def counts(db: Connection) -> dict[str, int]:
    """How many drafts there are in each state."""
    found = dict.fromkeys(STATES, 0)
    for state, count in db.execute(select(draft.c.state, func.count()).group_by(draft.c.state)):
        found[state] = count
    return found


def in_state(db: Connection, state: str) -> Iterator[Draft]:
    """All drafts in that state, the one that was changed last first."""
    query = select(draft).where(draft.c.state == state).order_by(draft.c.changed_at.desc(), draft.c.item_id)
    yield from map(_draft, db.execute(query))


def among(db: Connection, item_ids: Collection[str]) -> set[str]:
    """Those of these items that have a draft."""
    return set(db.execute(select(draft.c.item_id).where(draft.c.item_id.in_(item_ids))).scalars())


def due(db: Connection, today: str) -> list[Draft]:
    """What is to appear by that day (YYYY-MM-DD)."""
    query = select(draft).where(draft.c.state == SCHEDULED, draft.c.publish_on <= today)
    return [_draft(row) for row in db.execute(query.order_by(draft.c.publish_on, draft.c.item_id))]


def put(db: Connection, item: Item, who: str, *, state: str = DRAFT, publish_on: str = "") -> None:
    """Keep it as the draft of that item, within the caller's writing transaction."""
    fields = msgspec.to_builtins(item)
    for name in ("id", "r"):
        fields.pop(name, None)
    values = {
        "state": state,
        "body": msgspec.json.encode(fields),
        "publish_on": publish_on,
        "who": who,
        "changed_at": now(),
    }
    if not db.execute(update(draft).where(draft.c.item_id == item.id).values(values)).rowcount:
        db.execute(insert(draft).values(item_id=item.id, made_at=values["changed_at"], **values))


def drop(db: Connection, item_id: str) -> bool:
    """Forget the draft of an item; returns whether there was one."""
    return bool(db.execute(delete(draft).where(draft.c.item_id == item_id)).rowcount)


def _draft(row: Any) -> Draft:
    item = msgspec.convert({"id": row.item_id, **msgspec.json.decode(row.body)}, Item)
    return Draft(item, row.state, row.publish_on, row.who, row.made_at, row.changed_at)
