"""A kiosk that shows a code is let in: the code is typed, what it said of itself is seen, then it is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.admin.fleet import scope
from sync.hub.errors import UnknownError, sentence
from sync.hub.fleet import signs
from sync.hub.fleet.fleet import Asking
from sync.hub.shops import Details, ShopError, Shops
from sync.hub.store import accounts

ALLOWED: Final = 8
"""So many wrong codes in a row; then each has to wait, twice as long every time."""


def look(visit: Visit) -> Response:
    """`/admin/kiosks/join`: type the code; with one, what its screen said of itself."""
    if not visit.asked("code", 40):
        said = "The kiosk was turned away." if visit.asked("said") == "denied" else ""
        return _type_it(visit, said=said)
    found = _looked_up(visit, visit.asked("code", 40))
    return _confirm(visit, found) if isinstance(found, Asking) else found


def answer(visit: Visit) -> Response:
    """It is let in, or turned away."""
    code, fleet = visit.typed("code")[:40], scope.fleet(visit)
    if visit.typed("do") == "look":
        return go(f"{ROOT}/kiosks/join?code={quote(code)}")
    found = _looked_up(visit, code)
    if not isinstance(found, Asking):
        return found
    if visit.typed("do") == "deny":
        fleet.deny(code, visit.me.id)
        return go(f"{ROOT}/kiosks/join?said=denied")
    try:
        shop_id = visit.typed("shop") or _new_shop(visit)
    except ShopError as error:
        return _confirm(visit, found, status=422, wrong=str(error))
    kiosk_id = fleet.approve(code, shop_id, visit.typed("name"), visit.me.id)
    return go(f"{ROOT}/kiosks/{kiosk_id}?said=joined")


# -- inner


def _looked_up(visit: Visit, code: str) -> Asking | Response:
    """The screen with that code, or the page that says why there is none; whoever guesses waits ever longer."""
    database, key = visit.hub.database, f"codes {visit.me.id}"
    with database.reading() as db:
        wait_s = accounts.locked_s(db, key, ALLOWED)
    if wait_s:
        minutes = signs.counted(-(-wait_s // 60), "minute", "minutes")
        wrong = f"These were many wrong codes. Please wait {minutes}, then read the code from the screen again."
        return _type_it(visit, status=429, code=code, wrong=wrong)
    try:
        found = scope.fleet(visit).look(code)
    except UnknownError as error:
        with database.writing() as db:
            accounts.failed(db, key)
        return _type_it(visit, status=404, code=code, wrong=sentence(error))
    with database.writing() as db:
        accounts.forgive(db, key)
    return found


def _new_shop(visit: Visit) -> str:
    if not (name := " ".join(visit.typed("new_shop").split())):
        raise ShopError({"shop": "Choose the shop that the kiosk stands in, or write the name of a new one."})
    made = Shops(visit.hub.database).add(Details(name), visit.me.id)
    visit.hub.publish()
    return made.id


def _type_it(visit: Visit, *, status: int = 200, code: str = "", wrong: str = "", said: str = "") -> Response:
    return visit.page("fleet/join.html", status=status, code=code, wrong=wrong, said=said)


def _confirm(visit: Visit, asking: Asking, *, status: int = 200, wrong: str = "") -> Response:
    return visit.page(
        "fleet/join_confirm.html",
        status=status,
        asking=asking,
        shown=signs.ago(asking.shown_at, dt.datetime.now(dt.UTC)),
        shops=scope.shops(visit),
        wrong=wrong,
        typed=visit.typed,
    )
