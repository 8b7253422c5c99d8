"""Signing in and out, and choosing a password."""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.responses import Response

from sync.hub import passwords
from sync.hub.admin.door import COOKIE, ROOT, RefusedError, Visit, go
from sync.hub.api.endpoints import address_of
from sync.hub.errors import HubError
from sync.hub.store import accounts, audit
from sync.hub.store.accounts import Account

_ALLOWED_EACH: Final = 8
"""For an account, from one network."""
_ALLOWED_ACCOUNT: Final = 100
"""For an account, from all networks together: of one that goes on, only its first `_ALLOWED_EACH` count."""
_ALLOWED_ADDRESS: Final = 20
"""From one network, for all accounts."""


def form(visit: Visit) -> Response:
    """`/admin/sign-in`."""
    return visit.page("sign_in.html", wrong="", email="", then=_then(visit.asked("then")))


def sign_in(visit: Visit) -> Response:
    """The form was sent. Who fails is not told whether there is such an account, and waits longer each time."""
    email, then = visit.typed("email").strip()[:200], _then(visit.typed("then"))
    network = _hash(address_of(visit.request))
    with visit.hub.database.reading() as db:
        account = accounts.by_email(db, email)
        whose = account.id if account else f"nobody {_hash(email.lower())}"
        here, everywhere = f"{whose} {network}", f"address {network}"
        allowed = {here: _ALLOWED_EACH, whose: _ALLOWED_ACCOUNT, everywhere: _ALLOWED_ADDRESS}
        wait_s = max(accounts.locked_s(db, key, most) for key, most in allowed.items())
    if wait_s:
        minutes = -(-wait_s // 60)
        wrong = f"That failed too often. Please wait {minutes} minute{'s' if minutes > 1 else ''}, then try again."
        return visit.page("sign_in.html", status=429, wrong=wrong, email=email, then=then)
    fits = passwords.fits(visit.typed("password"), account.password if account else "")
    with visit.hub.database.writing() as db:
        if not (account and fits):
            accounts.failed(db, everywhere)
            if accounts.failed(db, here) <= _ALLOWED_EACH:
                accounts.failed(db, whose)
            wrong = "The address or the password is not right."
            return visit.page("sign_in.html", status=400, wrong=wrong, email=email, then=then)
        accounts.forgive(db, here)
        accounts.forgive(db, whose)
        audit.note(db, account.id, "signed in", account.id)
        return _let_in(accounts.begin(db, account.id), then)


def sign_out(visit: Visit) -> Response:
    """This sign-in ends."""
    with visit.hub.database.writing() as db:
        accounts.sign_out(db, visit.request.cookies.get(COOKIE, ""))
    gone = f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"
    return go(f"{ROOT}/sign-in", headers={"Set-Cookie": gone})


def welcome(visit: Visit) -> Response:
    """`/admin/welcome/{token}`: somebody who was invited chooses a password."""
    return visit.page("welcome.html", who=_invited(visit), wrong="")


def choose(visit: Visit) -> Response:
    """The password was chosen; who did is signed in."""
    who, password = _invited(visit), visit.typed("password")
    try:
        passwords.check_new(password, who.name, who.email.partition("@")[0])
        if password != visit.typed("again"):
            raise HubError("The two passwords are not the same. Type it once more.")
    except HubError as error:
        return visit.page("welcome.html", status=400, who=who, wrong=str(error))
    kept = passwords.kept(password)
    with visit.hub.database.writing() as db:
        accounts.set_password(db, who.id, kept)
        audit.note(db, who.id, "password chosen", who.id)
        return _let_in(accounts.begin(db, who.id), ROOT)


# -- inner


def _invited(visit: Visit) -> Account:
    with visit.hub.database.reading() as db:
        found = accounts.invited(db, visit.request.path_params["token"])
    if found is None:
        raise RefusedError(404, "This link is used or too old. Ask an administrator for a new one.")
    return found


def _let_in(token: str, then: str) -> Response:
    cookie = f"{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict"
    return go(then, headers={"Set-Cookie": cookie})


def _then(address: str) -> str:
    """Where to go afterwards: a page of these, or the first."""
    inside = address.startswith(f"{ROOT}/") and "//" not in address and "\\" not in address
    return address if inside and not address.startswith(f"{ROOT}/sign-in") else ROOT


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
