"""What makers suggested: seen whole, and answered with one click."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from sync.errors import RecordError
from sync.hub.admin import preview
from sync.hub.admin.door import ROOT, Visit, Way, go
from sync.hub.items.editors import ConflictError
from sync.hub.store.accounts import PUBLISHERS, ROLES
from sync.hub.suggesting.answering import WHYS, Answers

_SAID: Final = {
    "accepted": "Published. It will be in the shops within minutes. This one waits as well.",
    "declined": "Declined. This one waits as well.",
    "spam": "Gone. This one waits as well.",
}


def look(visit: Visit) -> Response:
    """`/admin/suggestions/{id}`: one suggestion, whole."""
    return _page(visit, said=_SAID.get(visit.asked("said"), ""))


def contact(visit: Visit) -> Response:
    """How its maker may be reached; that it was looked at is noted."""
    shown, until = _desk(visit).contact(_id(visit), visit.me.id)
    return visit.page("maker_contact.html", contact=shown, until=until, item_id=_id(visit))


def answer(visit: Visit) -> Response:
    """Accept it as it is, decline it, or call it spam."""
    desk, item_id, do = _desk(visit), _id(visit), visit.typed("do")
    onwards = desk.after(item_id)
    match do:
        case "accept":
            try:
                desk.accept(item_id, visit.typed("mark"), visit.me.id)
            except (ConflictError, RecordError) as error:
                return _page(visit, status=409, trouble=f"It was not published: {error}")
            visit.hub.publish()
            said = "accepted"
        case "spam":
            desk.spam(item_id, visit.me.id)
            said = "spam"
        case _:
            if visit.typed("why") not in WHYS:
                return _page(visit, status=422, trouble="Choose why it is declined.")
            desk.decline(item_id, visit.typed("why"), visit.me.id)
            said = "declined"
    return go(f"{ROOT}/suggestions/{onwards}?said={said}" if onwards else f"{ROOT}/items?show=suggested")


_HERE: Final = "/suggestions/{item_id:uuid}"
ROWS: Final[list[Way]] = [
    ("GET", _HERE, look, ROLES),
    ("POST", _HERE, answer, PUBLISHERS),
    ("POST", f"{_HERE}/contact", contact, PUBLISHERS),
]


# -- inner


def _desk(visit: Visit) -> Answers:
    return Answers(visit.hub.database, visit.hub.keys)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["item_id"])


def _page(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    desk = _desk(visit)
    work = desk.open(_id(visit))
    return visit.page(
        "suggestion.html",
        status=status,
        work=work,
        seen=preview.of(work.item, work.code, visit.base_url),
        whys=WHYS,
        has_contact=desk.has_contact(work.item.id),
        **{"said": "", "trouble": ""} | more,
    )
