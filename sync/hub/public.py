"""Pages of the hub's own for everybody, among the public pages: in their look, and in the visitor's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync import words
from sync.pages import language

View = Callable[[Request], Response]


def endpoint(view: View) -> Callable[[Request], Awaitable[Response]]:
    """What answers with a view."""

    async def answer(request: Request) -> Response:
        return await spoken(request, view)

    return answer


async def spoken(request: Request, view: View) -> Response:
    """What a view says, in a thread, in the visitor's language."""

    def say() -> Response:
        with words.speaking(language.of(request)):
            return view(request)

    return await run_in_threadpool(say)
