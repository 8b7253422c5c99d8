"""Pages of the hub's own in the look of the public pages, whose templates they stand among."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from sync.pages import render
from sync.pages.responses import A_MINUTE, answer
from sync.words import _, count_of


def page(
    request: Request,
    name: str,
    /,
    *,
    status: int = 200,
    cache: str = A_MINUTE,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """A page from its template."""
    body = render.template(name, root=root(request), style_version="", _=_, count_of=count_of, **values)
    return answer(request, body, status=status, cache=cache, headers=dict(headers or {}))


def root(request: Request) -> str:
    """Under which path these pages are mounted; empty at the root of a host."""
    return quote(str(request.scope.get("root_path", "")))
