"""Addresses of these pages, which keep the language that was chosen."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

from sync.pages import language

MOST_TYPED: Final = 200
_SAME_PAGE: Final = ("q", "code", "kind", "page")
"""What of an address tells which page it is; anything else in it is not repeated."""


def root(request: Request) -> str:
    """Under which path these pages are mounted; empty at the root of a host."""
    return quote(str(request.scope.get("root_path", "")))


def typed(request: Request, name: str) -> str:
    """What was typed into a form's field."""
    return request.query_params.get(name, "").strip()[:MOST_TYPED]


class Addresses:
    """The addresses that a page leads to; call it with a path, such as `to("/search", q="soup")`.

    Args:
        request: the one that is answered.
        here: the path that the page is best found under; empty: as it was asked for.
    """

    def __init__(self, request: Request, here: str = "") -> None:
        self._root = root(request)
        self._chosen = language.chosen(request)
        path = str(request.scope["path"]).removeprefix(str(request.scope.get("root_path", "")))
        self.here = here or "/" + quote(path.encode("utf-8", "replace")).lstrip("/")
        asked = request.query_params
        self._same = {name: asked[name][:MOST_TYPED] for name in _SAME_PAGE if asked.get(name)}

    def __call__(self, path: str, /, **query: object) -> str:
        """The address of a path; what is empty of the query is left out."""
        asked = {"lang": self._chosen} | query if self._chosen else query
        given = {name: value for name, value in asked.items() if value != ""}
        return self._root + path + ("?" + urlencode(given) if given else "")

    def in_language(self, code: str) -> str:
        """This page in another language."""
        return self(self.here, **self._same | {"lang": code})

    @property
    def chosen(self) -> str:
        """The language that was chosen, for forms to keep; empty where the browser's holds."""
        return self._chosen
