"""Who gets an e-mail when a kiosk is quiet in opening hours, and when it is back."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.admin.fleet.shops import Form
from sync.hub.errors import HubError
from sync.hub.fleet import telling
from sync.hub.fleet.telling import Telling, TellingError
from sync.hub.mail import Server

_NAMES: Final = ("alert_to", "alert_from", "alert_after_minutes", "host", "port", "encryption", "user")
_SAID: Final = {
    "kept": "Kept.",
    "sent": "Kept, and a mail is on its way to everybody. Did it come?",
    "some": "Kept. A mail is on its way, but the mail server did not take all the addresses.",
}
START, LATER = "start", "later"
"""When the line is encrypted: from the start, or as soon as the server offers it."""


def form(visit: Visit) -> Response:
    """`/admin/alerts`."""
    return _page(visit, Form(_fields(telling.get(visit.hub.database))), said=_SAID.get(visit.asked("said"), ""))


def save(visit: Visit) -> Response:
    """The form was sent, perhaps to be tried at once."""
    typed = Form({name: " ".join(visit.typed(name).split())[:2_000] for name in _NAMES})
    try:
        telling.put(visit.hub.database, _read(typed, visit.typed("password")), visit.me.id)
    except TellingError as error:
        return _page(visit, Form(typed.values, error.wrong), status=422)
    if visit.typed("do") != "try":
        return go(f"{ROOT}/alerts?said=kept")
    try:
        missed = telling.try_out(visit.hub.database)
    except HubError as error:
        kept = _fields(telling.get(visit.hub.database))
        return _page(visit, Form(kept, {"smtp_url": f"It is kept, but does not work yet: {error}."}), status=422)
    return go(f"{ROOT}/alerts?said={'some' if missed else 'sent'}")


# -- inner


def _fields(kept: Telling) -> dict[str, str]:
    there = kept.server
    return {
        "alert_to": kept.to,
        "alert_from": kept.sender,
        "alert_after_minutes": kept.after_minutes,
        "host": there.host if there else "",
        "port": str(there.port) if there else "",
        "encryption": LATER if there and not there.tls else START,
        "user": there.user if there else "",
    }


def _read(typed: Form, password: str) -> Telling:
    value, server = typed.values, None
    if value["host"]:
        tls = value["encryption"] != LATER
        port = value["port"] or ("465" if tls else "587")
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
            raise TellingError({"smtp_url": "The port is a number such as 465 or 587."})
        server = Server(value["host"], int(port), tls, value["user"], password[:400])
        if password and not value["user"]:
            raise TellingError({"smtp_url": "There is a password and no user: write both, or neither."})
    return Telling(value["alert_to"], value["alert_from"], value["alert_after_minutes"], server)


def _page(visit: Visit, fields: Form, *, status: int = 200, said: str = "") -> Response:
    return visit.page(
        "fleet/alerts.html", status=status, fields=fields, said=said, has_password=bool(fields.values["user"])
    )
