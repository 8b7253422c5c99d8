"""Who may sign in: administrators invite, change and remove."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sync.hub import team
from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.errors import HubError
from sync.hub.store import accounts, catalogue


def everybody(visit: Visit) -> Response:
    """`/admin/accounts`."""
    return _page(visit)


def invite(visit: Visit) -> Response:
    """Somebody new, or somebody who forgot the password, gets a link."""
    try:
        if account_id := visit.typed("account"):
            who, token = team.invite_again(visit.hub.database, account_id, visit.me.id)
        else:
            who, token = team.invite(
                visit.hub.database,
                visit.typed("name"),
                visit.typed("email"),
                visit.typed("role"),
                visit.ticked("shops"),
                visit.me.id,
            )
    except HubError as error:
        return _page(visit, status=400, wrong=str(error))
    return _page(visit, who=who, link=f"{visit.base_url.rstrip('/')}{ROOT}/welcome/{token}")


def remove(visit: Visit) -> Response:
    """Somebody may not sign in any more."""
    if visit.typed("account") == visit.me.id:
        raise HubError("You cannot remove yourself: another administrator can.")
    team.remove(visit.hub.database, visit.typed("account"), visit.me.id)
    return go(f"{ROOT}/accounts")


def _page(visit: Visit, *, status: int = 200, **more: Any) -> Response:
    with visit.hub.database.reading() as db:
        there, shops = accounts.everybody(db), catalogue.shop_names(db)
    plain = {"wrong": "", "who": None, "link": ""}
    return visit.page(
        "accounts.html",
        status=status,
        people=there,
        shops=shops,
        roles=accounts.ROLES,
        typed=visit.typed,
        **plain | more,
    )
