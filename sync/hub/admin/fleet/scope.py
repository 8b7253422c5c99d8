"""Whose shops and kiosks somebody sees: a coordinator theirs, everybody else all."""

from __future__ import annotations

from sync.hub.admin.door import RefusedError, Visit
from sync.hub.fleet.fleet import Fleet, Seen
from sync.hub.shops import Shops
from sync.hub.store.accounts import ADMINISTRATOR, COORDINATOR
from sync.messages import Command
from sync.records import Shop


def fleet(visit: Visit) -> Fleet:
    """The kiosks of this hub."""
    published = visit.hub.publisher.published()
    return Fleet(visit.hub.database, visit.hub.kiosks, published.state if published else None)


def shop_ids(visit: Visit) -> tuple[str, ...] | None:
    """The shops that somebody may see; None is all."""
    return visit.me.shops if visit.me.role == COORDINATOR else None


def shops(visit: Visit) -> list[Shop]:
    """Those shops, by name."""
    mine = shop_ids(visit)
    return [shop for shop in Shops(visit.hub.database).all() if mine is None or shop.id in mine]


def shop(visit: Visit) -> Shop:
    """The shop that the address names.

    Raises:
        RefusedError: there is none, or somebody may not see it, which is answered alike.
    """
    wanted = str(visit.request.path_params["shop_id"])
    if found := next((one for one in shops(visit) if one.id == wanted), None):
        return found
    raise RefusedError(404, "There is no such shop among yours.")


def kiosk(visit: Visit) -> tuple[Seen, list[Command]]:
    """The kiosk that the address names, and what it has been asked.

    Raises:
        RefusedError: somebody may not see it. UnknownError: there is none.
    """
    seen, asked = fleet(visit).one(str(visit.request.path_params["kiosk_id"]))
    mine = shop_ids(visit)
    if mine is not None and seen.kiosk.shop_id not in mine:
        raise RefusedError(404, "There is no such kiosk.")
    return seen, asked


def may_manage(visit: Visit) -> bool:
    """Whether somebody decides which kiosks belong, and where."""
    return visit.me.role == ADMINISTRATOR
