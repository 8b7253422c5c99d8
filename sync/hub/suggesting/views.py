"""`/suggest`: a form for anybody. Nothing of who sends it is kept, unless they say how to reach them.

Without a session there is nothing that a forged request could use. What comes from other sites is refused all the same,
so that no page elsewhere fills the queue with its visitors' browsers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync import wording, words
from sync.hub import public, settings
from sync.hub.api.endpoints import address_of
from sync.hub.hub import Hub
from sync.hub.store import suggestions
from sync.hub.suggesting import contact, fields, traps
from sync.limits import Limits
from sync.pages.addresses import Addresses
from sync.pages.frame import Frame
from sync.pages.responses import A_MINUTE, NOT_KEPT, answer, redirect
from sync.records import KINDS
from sync.words import N_, _

MOST_BYTES: Final = 64_000
_MOST_FIELDS: Final = 60
_FORM: Final = "application/x-www-form-urlencoded"
_A_DAY_S: Final = 86_400
_STYLE: Final = resources.files("sync.pages").joinpath("static/suggest.css").read_bytes()
_LOOK_AGAIN: Final = N_("Please look over it once more, then send it again.")
_SEE_BELOW: Final = N_("Nothing is lost. Please look at what is marked below.")
_TOO_OFTEN: Final = N_("That was a lot at once. Please wait a few minutes, then send it again.")
_FULL: Final = N_("So many suggestions wait that we cannot take more just now. Please send it again in a few days.")

Refusal = tuple[int, str]


class Suggesting:
    """The form and what becomes of it.

    Args:
        frame: lays the pages out.
        now_s: seconds since 1970 (injectable for tests).
        limits: how often it may be sent.
    """

    def __init__(
        self, hub: Hub, frame: Frame, now_s: Callable[[], float] = time.time, limits: Limits | None = None
    ) -> None:
        self._hub = hub
        self._frame = frame
        self._now_s = now_s
        self._limits = limits or _limits()
        self._stamps = traps.Stamps(hub.keys.secret("touchpoint suggestion stamp/1"))

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        return [
            Route("/suggest", public.endpoint(self.form), methods=["GET"]),
            Route("/suggest", self.send, methods=["POST"]),
            Route("/suggest/thanks", public.endpoint(self.thanks), methods=["GET"]),
            Route("/suggest.css", public.endpoint(self.style), methods=["GET"]),
        ]

    def form(self, request: Request) -> Response:
        """`/suggest`: the empty form; a kind word where too many wait."""
        with self._hub.database.reading() as db:
            full = suggestions.is_full(db)
        if full:
            later = {"Retry-After": str(_A_DAY_S)}
            return self._frame.page(request, "suggest_full.html", status=503, cache=NOT_KEPT, headers=later)
        return self._page(request, fields.empty(words.language()))

    async def send(self, request: Request) -> Response:
        """The form was sent."""
        if refusal := _refusal(request):
            return Response(refusal[1], refusal[0], media_type="text/plain")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response("This is too much text.", 413, media_type="text/plain")
        try:
            sent = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except ValueError:  # not UTF-8, or too many fields: no browser sends this form so
            return Response("This is not the form.", 400, media_type="text/plain")
        return await public.spoken(request, lambda asked: self._send(asked, sent))

    def thanks(self, request: Request) -> Response:
        """`/suggest/thanks`: it came."""
        return self._frame.page(request, "suggest_thanks.html")

    def style(self, request: Request) -> Response:
        """`/suggest.css`."""
        return answer(request, _STYLE, media_type="text/css; charset=utf-8", cache=A_MINUTE)

    # -- inner

    def _send(self, request: Request, sent: Mapping[str, str]) -> Response:
        found = fields.read(sent)
        if wait_s := self._limits.wait_s(address_of(request)):
            return self._page(request, found.values, status=429, trouble=_(_TOO_OFTEN), retry_after_s=wait_s)
        if sent.get(traps.FIELD) or not self._stamps.fits(sent.get("stamp", ""), self._now_s()):
            # a browser that fills in by itself what nobody sees loses nobody's words: the field is empty next time
            return self._page(request, found.values, found.wrong, status=422, trouble=_(_LOOK_AGAIN))
        if found.wrong:
            return self._page(request, found.values, found.wrong, status=422, trouble=_(_SEE_BELOW))
        sealed = contact.seal_(found.contact, self._hub.keys) if found.contact else None
        with self._hub.database.writing() as db:
            if not (full := suggestions.is_full(db)):
                suggestions.add(db, found.item, sealed)
        if full:
            return self._page(request, found.values, status=503, trouble=_(_FULL), retry_after_s=_A_DAY_S)
        return redirect(Addresses(request)("/suggest/thanks"))

    def _page(
        self,
        request: Request,
        values: Mapping[str, str],
        wrong: Mapping[str, str] | None = None,
        *,
        status: int = 200,
        trouble: str = "",
        retry_after_s: int = 0,
    ) -> Response:
        with self._hub.database.reading() as db:
            days = settings.number(db, "follow_up_days")
        shown: dict[str, Any] = {"values": values, "wrong": wrong or {}, "trouble": trouble, "days": days}
        return self._frame.page(
            request,
            "suggest.html",
            status=status,
            cache=NOT_KEPT,
            headers={"Retry-After": str(retry_after_s)} if retry_after_s else {},
            kinds=KINDS,
            languages=wording.LANGUAGES,
            most=fields.MOST_LETTERS,
            trap=traps.FIELD,
            stamp=self._stamps.make(self._now_s()),
            **shown,
        )


def routes(hub: Hub, frame: Frame, processes: int = 1) -> list[BaseRoute]:
    """The addresses, to stand before those of the public pages; so many processes serve them, this one included."""
    return Suggesting(hub, frame, limits=_limits(processes)).routes()


def _limits(processes: int = 1) -> Limits:
    """Ten at once from one address, and then one in two minutes; from all together one in ten seconds."""
    return Limits(each=10, each_per_s=1 / 120, all_=120, all_per_s=1 / 10, processes=processes)


def _refusal(request: Request) -> Refusal | None:
    """Why nothing of it is even read."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        foreign = site != "same-origin"
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        return 403, "This did not come from our own form, so nothing was kept."
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return 415, "This is not the form."
    return None
