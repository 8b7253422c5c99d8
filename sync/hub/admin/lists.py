"""What there is: the first page, and the lists of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from sync import codes
from sync.errors import ReplicaError
from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.admin.fleet import scope
from sync.hub.publishing import roots
from sync.hub.store import accounts, catalogue, drafts
from sync.records import KINDS, Item
from sync.replica.filters import Filters
from sync.replica.read import Card

PAGE: Final = 40
SHOWN: Final = ("shelves", "drafts", "scheduled", "suggested", "withdrawn")
_STATES: Final = {"drafts": drafts.DRAFT, "scheduled": drafts.SCHEDULED, "suggested": drafts.SUGGESTED}
_MOST_FOUND: Final = 10 * PAGE
_MOST_WITHDRAWN: Final = 200


@dataclass(frozen=True)
class Row:
    """A line of a list: what it is, and what is worth saying of it now."""

    id: str
    code: str
    kind: str
    title: str
    language: str
    note: str = ""


def first(visit: Visit) -> Response:
    """`/admin`: what waits for somebody."""
    with visit.hub.database.reading() as db:
        waiting = drafts.counts(db)
    kiosks = [one for one in scope.fleet(visit).all(scope.shop_ids(visit)) if not one.kiosk.is_gone]
    keys = roots.keys_at_hand(visit.hub.folder) if visit.me.role == accounts.ADMINISTRATOR else []
    return visit.page(
        "first.html",
        waiting=waiting,
        kiosks=len(kiosks),
        trouble=sum(one.level > 0 for one in kiosks),
        shops=len(scope.shops(visit)),
        keys=keys,
        unpublished=unpublished(visit),
    )


def items(visit: Visit) -> Response:
    """`/admin/items`: what stands on the shelves, searched and filtered, or what is to come, or was withdrawn."""
    show = visit.asked("show") if visit.asked("show") in SHOWN else "shelves"
    query = visit.asked("q")
    if codes.looks_like(query) and (found := _by_code(visit, codes.read(query))):
        return go(f"{ROOT}/items/{found}")
    filters = Filters(kind=visit.asked("kind"), theme=visit.asked("theme"), language=visit.asked("language"))
    number = visit.number
    if show == "shelves":
        rows, total, trouble = _on_shelves(visit, query, filters, number)
    else:
        rows, trouble = _others(visit, show), ""
        rows = [row for row in rows if query.casefold() in row.title.casefold()]
        total = len(rows)
        rows = rows[(number - 1) * PAGE : number * PAGE]
    with visit.hub.database.reading() as db:
        waiting, themes = drafts.counts(db), catalogue.themes(db)
    chosen = {name: getattr(filters, name) for name in ("kind", "theme", "language")}
    asked = {name: value for name, value in {"show": show, "q": query, **chosen}.items() if value}
    return visit.page(
        "items_rows.html" if visit.is_part else "items.html",
        show=show,
        query=query,
        filters=chosen,
        rows=rows,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE)),
        here=urlencode(asked),
        waiting=waiting,
        themes=themes,
        kinds=KINDS,
        trouble=trouble,
        unpublished=unpublished(visit),
    )


def publish(visit: Visit) -> Response:
    """Publish what an import or a command has left to be published."""
    visit.hub.publish()
    return go(f"{ROOT}/items")


def unpublished(visit: Visit) -> int:
    """How many changes are on no shelf yet, as nobody has published since."""
    published = visit.hub.publisher.published()
    with visit.hub.database.reading() as db:
        return catalogue.last_revision(db) - (published.state.revision if published else 0)


# -- inner


def _by_code(visit: Visit, code: str) -> str:
    with visit.hub.database.reading() as db:
        return catalogue.id_of(db, code) or ""


def _on_shelves(visit: Visit, query: str, filters: Filters, number: int) -> tuple[list[Row], int, str]:
    first_one = (number - 1) * PAGE
    try:
        replica = visit.current.reading()
        if query:
            found = replica.search(query, filters=filters, limit=_MOST_FOUND)
            cards, total = found[first_one : first_one + PAGE], len(found)
        else:
            shelf = replica.shelf(filters=filters, offset=first_one, limit=PAGE)
            cards, total = shelf.cards, shelf.total
    except ReplicaError:
        return [], 0, "Nothing has been published yet."
    with visit.hub.database.reading() as db:
        at_work = drafts.among(db, [card.id for card in cards])
    return [_row(card, _said_of(card, filters.language, card.id in at_work)) for card in cards], total, ""


def _said_of(card: Card, language: str, at_work: bool) -> str:
    """A draft of it, and whether its words in the language that was asked for want a reader whose language it is."""
    there = card.translations.get(language)
    wanting = "still to be read over" if there and there.unchecked else ""
    return " · ".join(note for note in ("has a draft" if at_work else "", wanting) if note)


def _others(visit: Visit, show: str) -> list[Row]:
    with visit.hub.database.reading() as db:
        names = accounts.names(db)
        if show == "withdrawn":
            found = catalogue.withdrawn(db, _MOST_WITHDRAWN)
            return [_row(item, f"withdrawn by {names.get(who, who)}") for item, _at, who in found]
        return [
            _row(draft.item, f"on {draft.publish_on}" if draft.publish_on else f"by {names.get(draft.who, draft.who)}")
            for draft in drafts.in_state(db, _STATES[show])
        ]


def _row(one: Card | Item, note: str = "") -> Row:
    return Row(one.id, codes.show(one.code or codes.for_id(one.id)), one.kind, one.title, one.language, note)
