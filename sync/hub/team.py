"""The hub's own people: who is invited, and who may no longer come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sync.hub.errors import HubError, UnknownError
from sync.hub.store import accounts, audit, catalogue, staff
from sync.hub.store.accounts import Account
from sync.hub.store.database import Database

_EMAIL: Final = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,180}\.[^\s@<>\".]{2,}")


def invite(
    database: Database, name: str, email: str, role: str, shop_ids: Sequence[str], who: str
) -> tuple[Account, str]:
    """Somebody new, and the secret of the link with which they choose a password.

    Raises:
        HubError: the name, address, role or shops cannot be right, or somebody has that address.
    """
    name, email = staff.check_name(name), email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise HubError(f"{email[:80]!r} is no e-mail address: it should look like name@example.org")
    if role not in accounts.ROLES:
        raise HubError(f"there is no role {role[:40]!r}; there are {', '.join(accounts.ROLES)}")
    if role == accounts.COORDINATOR and not shop_ids:
        raise HubError("A coordinator needs a shop.")
    with database.writing() as db:
        if accounts.by_email(db, email):
            raise HubError(f"{email} has an account already")
        for shop_id in shop_ids:
            if catalogue.shop_by_id(db, shop_id) is None:
                raise UnknownError(f"there is no shop with the id {shop_id[:40]!r}")
        made = accounts.add(db, name, email, role, shop_ids if role == accounts.COORDINATOR else ())
        audit.note(db, who, "account added", f"{made.id} {role}")
        return made, accounts.invite(db, made.id)


def invite_again(database: Database, wanted: str, who: str) -> tuple[Account, str]:
    """A new link for somebody; the old password counts until the link is used.

    Raises:
        UnknownError: there is nobody of that address or id.
    """
    with database.writing() as db:
        found = _find(accounts.by_id(db, wanted) or accounts.by_email(db, wanted), wanted)
        audit.note(db, who, "account invited again", found.id)
        return found, accounts.invite(db, found.id)


def remove(database: Database, wanted: str, who: str) -> Account:
    """Somebody may not sign in any more, and is signed out at once.

    Raises:
        UnknownError: there is nobody of that address or id.
        HubError: nobody would be left who may invite others.
    """
    with database.writing() as db:
        found = _find(accounts.by_id(db, wanted) or accounts.by_email(db, wanted), wanted)
        others = [one for one in accounts.everybody(db) if one.role == accounts.ADMINISTRATOR and one.id != found.id]
        if found.role == accounts.ADMINISTRATOR and not others:
            raise HubError("There has to be an administrator: invite another one first.")
        accounts.remove(db, found.id)
        audit.note(db, who, "account removed", found.id)
    return found


def _find(found: Account | None, wanted: str) -> Account:
    if found is None:
        raise UnknownError(f"nobody has the address {wanted[:80]!r}; `touchpoint-hub accounts list` lists everybody")
    return found
