"""The addresses of the hub's own pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync.hub.admin import (
    accounts,
    audit,
    editing,
    follow_ups,
    importing,
    lists,
    render,
    reports,
    signing_in,
    suggestions,
)
from sync.hub.admin.door import ROOT, Door, View, Way
from sync.hub.admin.fleet import routes as fleet
from sync.hub.hub import Hub
from sync.hub.store.accounts import ADMINISTRATOR, PUBLISHERS, ROLES
from sync.pages.responses import FOR_GOOD, answer
from sync.replica.folder import CurrentReplica

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def routes(hub: Hub, current: CurrentReplica) -> list[BaseRoute]:
    """Every address; what changes something is asked for by POST."""
    door = Door(hub, current)
    item = "/items/{item_id:uuid}"
    for_anyone: list[tuple[str, str, View]] = [
        ("GET", "/sign-in", signing_in.form),
        ("POST", "/sign-in", signing_in.sign_in),
        ("GET", "/welcome/{token}", signing_in.welcome),
        ("POST", "/welcome/{token}", signing_in.choose),
    ]
    for_the_team: list[Way] = [
        ("GET", "", lists.first, ROLES),
        ("POST", "/sign-out", signing_in.sign_out, ROLES),
        ("GET", "/items", lists.items, ROLES),
        ("POST", "/publish", lists.publish, PUBLISHERS),
        ("GET", "/items/new", editing.new, ROLES),
        ("POST", "/items/new", editing.begin, ROLES),
        ("GET", item, editing.edit, ROLES),
        ("POST", item, editing.save, ROLES),
        ("POST", f"{item}/preview", editing.look, ROLES),
        ("POST", f"{item}/discard", editing.discard, ROLES),
        ("POST", f"{item}/withdraw", editing.withdraw, PUBLISHERS),
        ("GET", f"{item}/history", editing.history, ROLES),
        ("POST", f"{item}/restore", editing.restore, PUBLISHERS),
        *suggestions.ROWS,
        *importing.ROWS,
        *reports.ROWS,
        *follow_ups.ROWS,
        ("GET", "/pictures/{sha256}", editing.picture, ROLES),
        ("GET", "/accounts", accounts.everybody, (ADMINISTRATOR,)),
        ("POST", "/accounts", accounts.invite, (ADMINISTRATOR,)),
        ("POST", "/accounts/remove", accounts.remove, (ADMINISTRATOR,)),
        ("GET", "/audit", audit.latest, (ADMINISTRATOR,)),
        ("GET", "/audit.csv", audit.everything, (ADMINISTRATOR,)),
        *fleet.rows(),
    ]
    return [
        Route(f"{ROOT}/static/{{name}}", _static),
        *(Route(ROOT + path, door.to_anyone(view), methods=[method]) for method, path, view in for_anyone),
        *(Route(ROOT + path, door.to(view, *roles), methods=[method]) for method, path, view, roles in for_the_team),
    ]


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in render.STATIC:
        return Response(status_code=404)
    return answer(request, render.STATIC[name], media_type=_TYPES[name.rpartition(".")[2]], cache=FOR_GOOD)
