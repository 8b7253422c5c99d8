"""Watches every request that the hub answers: which route, how it ended, how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.hub.operating import logs
from sync.hub.operating.figures import Figures

NOWHERE: Final = "(none)"
"""Stands for every address that is none of the hub's."""


class Watching:
    """ASGI middleware.

    Args:
        app: what answers.
        figures: counts what was answered.
        routes: every route, for the template of its address; nothing else of an address is kept.
    """

    def __init__(self, app: ASGIApp, figures: Figures, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._figures = figures
        self._templates = {id(route): template for route, template in _templates(routes)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - began
            route = self._template(scope)
            self._figures.answered(route, scope["method"], status, seconds)
            logs.note_request(route, scope["method"] if route != NOWHERE else "", status, seconds)

    def _template(self, scope: dict[str, Any] | Scope) -> str:
        return self._templates.get(id(scope.get("route")), NOWHERE)


def _templates(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[BaseRoute, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield route, f"{before}{route.path}/..."
            yield from _templates(route.routes, before + route.path)
        elif isinstance(route, Route):
            yield route, before + route.path
