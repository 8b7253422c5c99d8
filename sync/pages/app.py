"""The addresses of the public pages."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync import words
from sync.pages import language
from sync.pages.catalogue import UNREADABLE, Catalogue
from sync.pages.files import Files
from sync.pages.opened import Opened, not_counted
from sync.pages.tried import TriedTooOftenError
from sync.pages.views import Views
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica

log = logging.getLogger(__name__)

THREADS: Final = 8
"""How many pages are made at a time. A thread keeps its connection to the replica, so their number is fixed."""

View = Callable[[Request], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
Figures = Callable[[], Mapping[str, Any]]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def routes(
    current: CurrentReplica,
    blobs: Blobs,
    *,
    now: Callable[[], dt.datetime] = _now,
    figures: Figures = dict,
    opened: Opened = not_counted,
) -> list[BaseRoute]:
    """The public pages, ready to be mounted at the root of an app.

    Args:
        current: the replica that the pages read.
        blobs: the files that its items offer.
        now: tells the time, aware (injectable for tests).
        figures: tells what `sync.notices.privacy` says beside its words, as far as that was set.
        opened: is told of each code that a visitor opened from a screen or a slip; called in threads, must be quick.
    """
    return _Pages(current, blobs, now, figures, opened).routes()


def app(
    current: CurrentReplica,
    blobs: Blobs,
    *,
    now: Callable[[], dt.datetime] = _now,
    figures: Figures = dict,
    opened: Opened = not_counted,
) -> Starlette:
    """The public pages on their own; the arguments are those of `routes`."""
    pages = _Pages(current, blobs, now, figures, opened)
    return Starlette(routes=pages.routes(), exception_handlers={HTTPException: pages.refused})


class _Pages:
    """Brings views and addresses together and runs the views in threads of their own."""

    def __init__(
        self,
        current: CurrentReplica,
        blobs: Blobs,
        now: Callable[[], dt.datetime],
        figures: Figures,
        opened: Opened,
    ) -> None:
        catalogue = Catalogue(current, blobs, now)
        self._views = Views(catalogue, figures, opened)
        self._files = Files(catalogue, self._views)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")
        self._trouble = ""

    def routes(self) -> list[BaseRoute]:
        """Every address; both cases of `/d`, because a QR symbol in capitals is smaller. It alone leads to `/D`."""
        views, files = self._views, self._files
        addresses: list[tuple[str, View]] = [
            ("/", views.home),
            ("/theme/{key}", views.theme),
            ("/kind/{kind}", views.kind),
            ("/language/{language}", views.language),
            ("/search", views.search),
            ("/shops", views.shops),
            ("/shop/{name}", views.shop),
            ("/privacy", views.privacy),
            ("/enrol", views.enrol),
            ("/style.css", views.style),
            ("/robots.txt", views.robots),
            ("/pictures/{sha256}", files.picture),
            ("/files/{sha256}/{name:path}", files.file),
        ]
        for start, view in (("/d", views.item), ("/D", views.scanned)):
            addresses += [
                (start, views.typed),
                (f"{start}/", views.typed),
                (f"{start}/{{code}}", view),
                (f"{start}/{{code}}/", view),
                (f"{start}/{{code}}/event.ics", views.dates),
            ]
        return [Route(path, self._endpoint(view), methods=["GET"]) for path, view in addresses]

    async def refused(self, request: Request, error: Exception) -> Response:
        """The page for an address that is not there, or a method that none has."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        response = await self._in_thread(lambda asked: self._views.nowhere(asked, status), request)
        response.headers.update(headers)
        return response

    def _endpoint(self, view: View) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await self._in_thread(view, request)

        return endpoint

    async def _in_thread(self, view: View, request: Request) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, view, request)

    def _answer(self, view: View, request: Request) -> Response:
        """What the view says in the visitor's language, or a calm page while the replica cannot be read."""
        with words.speaking(language.of(request)):
            return self._said(view, request)

    def _said(self, view: View, request: Request) -> Response:
        try:
            response = view(request)
        except UNREADABLE as error:
            if type(error).__name__ != self._trouble:
                self._trouble = type(error).__name__
                log.warning("the public pages wait for a catalogue: %s", error)
            return self._views.not_ready(request)
        except TriedTooOftenError as error:
            return self._views.too_often(request, error.wait_s)
        self._trouble = ""
        return response
