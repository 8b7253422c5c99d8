"""Who did what about people and what is kept of them; never what they said or how to reach them."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from sync.hub.store.database import now
from sync.hub.store.schema import audit


def note(db: Connection, who: str, what: str, about: str) -> None:
    """Note it, within the caller's writing transaction; `about` is an id, or how many."""
    db.execute(insert(audit).values(at=now(), who=who, what=what, about=about))
