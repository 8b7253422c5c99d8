"""Who asked to be rung back: a list that says nothing of them, and one at a time on request, which is noted.

A coordinator sees who asked at their shops, administrators all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from sync.attendance import word
from sync.hub import contacts, forgotten, retention, settings
from sync.hub.admin.door import ROOT, RefusedError, Visit, Way, go
from sync.hub.errors import sentence
from sync.hub.store import accounts, audit, catalogue, follow_ups
from sync.hub.store.accounts import ADMINISTRATOR, COORDINATOR
from sync.hub.store.follow_ups import Kept

FOR: Final = (ADMINISTRATOR, COORDINATOR)
_SAID: Final = {
    "done": "Done. It is deleted on its day.",
    "open": "It waits again.",
    "deleted": "Deleted. Nothing is left of it.",
    "traces": f"Deleted. {sentence(retention.NOT_SCRUBBED)}",
}


@dataclass(frozen=True)
class Row:
    """A line of the list: where and when somebody asked, how long it is kept, and whether they were rung back."""

    id: str
    shop: str
    asked_at: str
    days_left: int
    done_by: str
    is_done: bool


def waiting(visit: Visit) -> Response:
    """`/admin/follow-ups`: who waits, or was rung back already."""
    done = visit.asked("show") == "done"
    with visit.hub.database.reading() as db:
        kept = [one for one in follow_ups.kept(db, done=True) if _is_mine(visit, one)]
        shops, names = catalogue.shop_names(db), accounts.names(db)
    rows = [_row(one, shops, names) for one in kept]
    counts = {"waiting": sum(not row.is_done for row in rows), "done": sum(row.is_done for row in rows)}
    return visit.page(
        "follow_ups.html",
        rows=[row for row in rows if row.is_done == done],
        counts=counts,
        done=done,
        said=_SAID.get(visit.asked("said"), ""),
    )


def show(visit: Visit) -> Response:
    """One of them, opened; that it was looked at is noted."""
    with visit.hub.database.writing() as db:
        one = _mine(visit, follow_ups.find(db, _id(visit)))
        audit.note(db, visit.me.id, "follow-up shown", one.id)
        shops, names = catalogue.shop_names(db), accounts.names(db)
        said = settings.for_shop(db, one.shop_id)
    opened = contacts.open_(one.sealed, visit.hub.keys.seal)
    return visit.page(
        "follow_up.html",
        row=_row(one, shops, names),
        contact=opened.contact,
        why=opened.why,
        about=word(said, f"topic.{opened.contact.about}") if opened.contact else "",
        delete_on=one.delete_on,
    )


def mark(visit: Visit) -> Response:
    """They were rung back, or not after all, or are to be forgotten now."""
    do, said = visit.typed("do"), "deleted"
    with visit.hub.database.writing() as db:
        one = _mine(visit, follow_ups.find(db, _id(visit)))
        match do:
            case "done" | "open":
                follow_ups.mark(db, one.id, visit.me.id, done=do == "done")
                said = do
            case "delete":
                follow_ups.forget(db, [one.id], visit.me.id)
            case _:
                raise RefusedError(400, "Choose what is to be done.")
    if said == "deleted":
        forgotten.write(visit.hub.database, visit.hub.folder)
        said = "deleted" if retention.scrub(visit.hub.database) else "traces"
    return go(f"{ROOT}/follow-ups?said={said}")


_ONE: Final = "/follow-ups/{follow_up:uuid}"
ROWS: Final[list[Way]] = [
    ("GET", "/follow-ups", waiting, FOR),
    ("POST", f"{_ONE}/show", show, FOR),
    ("POST", _ONE, mark, FOR),
]


# -- inner


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["follow_up"])


def _is_mine(visit: Visit, one: Kept) -> bool:
    return visit.me.role == ADMINISTRATOR or one.shop_id in visit.me.shops


def _mine(visit: Visit, one: Kept) -> Kept:
    """The same, if whoever asks may see it.

    Raises:
        RefusedError: it is another shop's.
    """
    if not _is_mine(visit, one):
        raise RefusedError(403, "They asked at another shop. Its coordinator rings them back.")
    return one


def _row(one: Kept, shops: dict[str, str], names: dict[str, str]) -> Row:
    left = dt.date.fromisoformat(one.delete_on) - dt.datetime.now(dt.UTC).date()
    return Row(
        id=one.id,
        shop=shops.get(one.shop_id, ""),
        asked_at=one.received_at,
        days_left=max(0, left.days),
        done_by=names.get(one.done_by or "", one.done_by or ""),
        is_done=one.done_at is not None,
    )
