"""Who may come in to the hub's own pages, and how every answer leaves them.

A request that changes something must come from these pages themselves (`Sec-Fetch-Site`, else `Origin`); the cookie of
a sign-in goes to nobody else and nowhere unencrypted. Source: OWASP's cheat sheets, RFC 6265bis.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from python_multipart.multipart import parse_options_header
from sqlalchemy.exc import DataError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message

from sync.errors import RecordError
from sync.hub.admin import render
from sync.hub.errors import HubError, UnknownError
from sync.hub.hub import Hub
from sync.hub.store import accounts
from sync.hub.store.accounts import Account
from sync.hub.store.database import BUSY
from sync.replica.folder import CurrentReplica

log = logging.getLogger(__name__)

ROOT: Final = "/admin"
COOKIE: Final = "__Host-touchpoint"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MOST_BYTES: Final = 220_000_000
"""Of a whole form with its files, from the team."""
MOST_BYTES_OF_ANYONE: Final = 16_000
"""Of a form from whoever has not signed in yet."""
_PLAIN: Final = b"application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 2_000
_MOST_TEXT_BYTES: Final = 1_000_000


class RefusedError(HubError):
    """Somebody may not do that; `status` says why to the browser, the words to people."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Visit:
    """One request of somebody, and what the page needs to answer it."""

    request: Request
    hub: Hub
    current: CurrentReplica
    account: Account | None = None
    form: FormData = field(default_factory=FormData)

    @property
    def me(self) -> Account:
        """Whoever is signed in."""
        if self.account is None:
            raise RefusedError(401, "Please sign in first.")
        return self.account

    @property
    def is_part(self) -> bool:
        """Whether a part of a page is asked for, by the script of these pages."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def number(self) -> int:
        """Which page of a list is asked for, from 1 on."""
        page = self.asked("page", 6)
        return max(1, int(page)) if page.isascii() and page.isdigit() else 1

    @property
    def base_url(self) -> str:
        """Where this hub is found: as its people have set it, else as it was asked."""
        return self.hub.base_url or str(self.request.base_url)

    def asked(self, name: str, most: int = 200) -> str:
        """What the address says of that name."""
        return self.request.query_params.get(name, "").strip()[:most]

    def typed(self, name: str) -> str:
        """What was typed into a field."""
        found = self.form.get(name, "")
        return found if isinstance(found, str) else ""

    def ticked(self, name: str) -> list[str]:
        """All that was ticked of that name."""
        return [found for found in self.form.getlist(name) if isinstance(found, str)]

    def uploads(self, name: str) -> list[UploadFile]:
        """The files that were chosen."""
        return [found for found in self.form.getlist(name) if isinstance(found, UploadFile) and found.filename]

    def page(self, name: str, /, *, status: int = 200, **values: Any) -> Response:
        """A page, with what stands around all of them."""
        body = render.template(name, root=ROOT, me=self.account, path=self.request.url.path, **values)
        return Response(body, status, {**HEADERS, "Content-Type": "text/html; charset=utf-8"})


View = Callable[[Visit], Response]
Way = tuple[str, str, View, tuple[str, ...]]
"""A method, an address below `ROOT`, what is shown there, and to which roles."""
Endpoint = Callable[[Request], Awaitable[Response]]


def go(address: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Send the browser on, to be asked for by GET."""
    return Response(status_code=303, headers={**HEADERS, **(headers or {}), "Location": quote(address, safe="/?=&%#")})


def csv(text: str, name: str) -> Response:
    """A table to keep, marked as UTF-8 for spreadsheets."""
    kept = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8-sig", "replace"), headers={**HEADERS, **kept})


class Door:
    """Lets people in to the views."""

    def __init__(self, hub: Hub, current: CurrentReplica) -> None:
        self._hub = hub
        self._current = current

    def to(self, view: View, *roles: str) -> Endpoint:
        """An endpoint that shows this view to whoever is signed in and has one of these roles."""
        return self._endpoint(view, roles)

    def to_anyone(self, view: View) -> Endpoint:
        """An endpoint that shows this view to anyone, signed in or not."""
        return self._endpoint(view, ())

    def _endpoint(self, view: View, roles: tuple[str, ...]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            visit = Visit(request, self._hub, self._current)
            try:
                _check_secure(request)
                if request.method == "POST":
                    _check_same_site(request)
                visit.account = await run_in_threadpool(self._who, request)
                if visit.account is None and roles and request.method == "GET" and not visit.is_part:
                    return go(f"{ROOT}/sign-in?then={quote(request.url.path, safe='/')}")
                _check_role(visit.account, roles)
                return await _answer(visit, view, for_anyone=not roles)
            except ClientDisconnect:
                return Response(status_code=400)  # who asked has gone: a preview of words that have changed since
            except RefusedError as error:
                why_not = error
            except DataError:  # see `sync.hub.api.endpoints`
                why_not = RefusedError(400, "This holds letters that cannot be kept.")
            except BUSY as error:
                log.warning("a page could not be shown: %s", str(error).partition("\n")[0])
                why_not = RefusedError(503, "The hub is busy just now. Wait a moment, then try again.")
            return await run_in_threadpool(_refused, visit, why_not)

        return endpoint

    def _who(self, request: Request) -> Account | None:
        if not (token := request.cookies.get(COOKIE, "")):
            return None
        with self._hub.database.reading() as db:
            found, is_time = accounts.signed_in(db, token)
        if found and is_time:
            with self._hub.database.writing() as db:
                accounts.seen(db, token)
        return found


# -- inner -----------------------------------------------------------------------------------------------------


async def _answer(visit: Visit, view: View, *, for_anyone: bool) -> Response:
    if visit.request.method != "POST":
        return await run_in_threadpool(_seen_to, view, visit)
    _check_form(visit.request, for_anyone=for_anyone)
    most_bytes = MOST_BYTES_OF_ANYONE if for_anyone else MOST_BYTES
    limits = {"max_files": 50, "max_fields": _MOST_FIELDS, "max_part_size": _MOST_TEXT_BYTES}
    async with _counted(visit.request, most_bytes).form(**limits) as form:
        visit.form = form
        return await run_in_threadpool(_seen_to, view, visit)


def _check_role(account: Account | None, roles: tuple[str, ...]) -> None:
    if not roles:
        return
    if account is None:
        raise RefusedError(401, "You are signed out. Sign in again in another tab, then try once more here.")
    if account.role not in roles:
        raise RefusedError(403, "This is for others of the team. Ask an administrator if you need it.")


def _seen_to(view: View, visit: Visit) -> Response:
    """What the view says; whatever it could not do is told in a page."""
    try:
        return view(visit)
    except UnknownError as error:
        raise RefusedError(404, str(error)) from error
    except (HubError, RecordError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(400, str(error)) from error


def _refused(visit: Visit, error: RefusedError) -> Response:
    return visit.page("refused.html", status=error.status, why=str(error))


def _check_secure(request: Request) -> None:
    """Passwords and cookies go over TLS, or stay on this machine."""
    if request.url.scheme != "https" and not (_is_here(request.url.hostname) and _is_here(_client(request))):
        raise RefusedError(403, "These pages are only shown over https, so that nobody can read passwords on the way.")


def _check_same_site(request: Request) -> None:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        fits = site == "same-origin"
    else:
        fits = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not fits:
        raise RefusedError(403, "This did not come from these pages, so nothing was changed. Open them anew.")


def _check_form(request: Request, *, for_anyone: bool) -> None:
    """It comes as these pages send it: files from the team alone, and no letters that take minutes to be read."""
    kind, said = parse_options_header(request.headers.get("content-type"))
    if said.get(b"charset", b"utf-8").lower() != b"utf-8" or (for_anyone and kind != _PLAIN):
        raise RefusedError(415, "This is not a form of these pages, so nothing was changed. Open them anew.")


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _counted(request: Request, most_bytes: int) -> Request:
    """The same request, which ends with an error once more has come than may."""
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > most_bytes:
            raise RefusedError(413, f"This is too much at once: {most_bytes / 1e6:g} MB is the most.")
        return message

    return Request(request.scope, receive)
