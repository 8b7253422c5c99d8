"""Who did what to whom: a row for every change at the hub that concerns people, made in that change's transaction.

`about` is ids and counts; never a PIN, what somebody said, or how to reach them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, insert, select

from sync.hub.store.database import now
from sync.hub.store.schema import audit

COMMAND_LINE: Final = "command line"
"""Who did it, when somebody at the machine did."""


def note(db: Connection, who: str, what: str, about: str) -> None:
    """Note that `who` did `what`, such as `staff added`, within the caller's writing transaction."""
    db.execute(insert(audit).values(at=now(), who=who, what=what, about=about))


def latest(db: Connection) -> Iterator[dict[str, str]]:
    """Every row as `at`, `who`, `what` and `about`, the latest first."""
    for row in db.execute(select(audit).order_by(audit.c.number.desc())):
        yield {"at": row.at, "who": row.who, "what": row.what, "about": row.about}
