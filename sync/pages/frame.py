"""What stands around every page: its head and foot, the languages, the style sheet and its version."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from sync import words
from sync.pages import addresses, colours, language, links, render
from sync.pages.addresses import Addresses
from sync.pages.catalogue import UNREADABLE, Catalogue
from sync.pages.responses import A_MINUTE, NOT_KEPT, answer
from sync.records import Theme

_STYLE: Final = resources.files("sync.pages").joinpath("static/style.css").read_text("utf-8")
_WITHOUT_CATALOGUE: Final = ("privacy.html", "enrol.html", "suggest.html", "suggest_thanks.html", "open_data.html")
"""Pages that say what they say before there is anything on the shelves."""


@dataclass(frozen=True)
class Sheet:
    """The style sheet: as it is, packed with gzip, and the version that its address names."""

    plain: bytes
    packed: bytes
    version: str


class Frame:
    """Lays out pages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._sheet = _sheet(_STYLE)
        self._sheet_themes: list[Theme] = []

    def page(
        self,
        request: Request,
        name: str,
        /,
        *,
        status: int = 200,
        cache: str = A_MINUTE,
        headers: dict[str, str] | None = None,
        here: str = "",
        **values: Any,
    ) -> Response:
        """A page from its template, in the language that is spoken.

        Args:
            request: the one to answer.
            name: the template's.
            status: of the answer.
            cache: for how long browsers may keep it.
            headers: others than all pages have.
            here: the path that it is best found under, where that is not the one that was asked for.
            values: what the template shows.
        """
        try:
            themes, base = self._catalogue.themes(), self._catalogue.base_url()
        except UNREADABLE:
            if status == 200 and name not in _WITHOUT_CATALOGUE:
                raise
            themes, base = {}, ""
        body = render.template(
            name,
            root=addresses.root(request),
            to=Addresses(request, here),
            base=base if links.host(base) else "",
            themes=themes,
            page_language=words.language(),
            page_languages=language.OURS,
            style_version=self.style().version,
            **values,
        )
        spoken = {"Content-Language": words.language(), "Vary": "Accept-Language"}
        return answer(
            request, body, status=status, cache=cache if status != 400 else NOT_KEPT, headers=spoken | (headers or {})
        )

    def style(self) -> Sheet:
        """The style sheet, made anew when a theme changed."""
        try:
            themes = list(self._catalogue.themes().values())
        except UNREADABLE:
            themes = []
        with self._lock:
            if themes != self._sheet_themes:
                self._sheet, self._sheet_themes = _sheet(_STYLE + colours.rules(themes)), themes
            return self._sheet


def _sheet(text: str) -> Sheet:
    plain = text.encode()
    return Sheet(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:12])
