"""One function an address: what is asked, what the catalogue says, which template shows it.

Views are called in a thread. While the catalogue cannot be read they raise, and `sync.pages.app` answers with a
calm page.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from sync import codes, notices, wording
from sync.errors import CodeError
from sync.pages import colours, dates, links, render
from sync.pages.catalogue import UNREADABLE, Catalogue, Listing
from sync.pages.item import ItemPage, page_of
from sync.pages.responses import A_MINUTE, FOR_GOOD, NOT_KEPT, answer, redirect
from sync.records import File, Item, Theme

_STYLE: Final = resources.files("sync.pages").joinpath("static/style.css").read_text("utf-8")
_ROBOTS: Final = b"User-agent: *\nDisallow: /search\nDisallow: /files/\n"
_MOST_TYPED: Final = 200
_USER_CODE: Final = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")
_WITHOUT_CATALOGUE: Final = ("privacy.html", "enrol.html")
"""Pages that say what they say before there is anything on the shelves."""
_RETRY_S: Final = 60


_ISOLATED: Final = "\u2068{}\u2069"
"""Keeps a name or number in order within words that run the other way. Source: Unicode Annex 9."""


class Views:
    """The public pages."""

    def __init__(self, catalogue: Catalogue, figures: Callable[[], Mapping[str, Any]]) -> None:
        self._catalogue = catalogue
        self._figures = figures
        self._lock = threading.Lock()
        self._sheet = (_STYLE, _version(_STYLE))
        self._sheet_themes: list[Theme] = []

    # -- browsing

    def home(self, request: Request) -> Response:
        """`/`: themes, what is on this week, a few of the best things; `/?q=` searches."""
        if query := _typed(request, "q"):
            return redirect(f"{_root(request)}/search?{urlencode({'q': query})}")
        return self._page(
            request,
            "home.html",
            home=self._catalogue.home(),
            sessions=self._catalogue.whats_on()[:6],
            today=self._catalogue.now().date(),
        )

    def theme(self, request: Request) -> Response:
        """`/theme/{key}`: what stands on a theme's shelf, of one `?kind=` or all."""
        theme = self._catalogue.themes().get(request.path_params["key"])
        if theme is None:
            return self.nowhere(request)
        return self._shelf(request, f"theme:{theme.key}", theme.name, theme=theme)

    def kind(self, request: Request) -> Response:
        """`/kind/{kind}`: everything of one kind."""
        kind = request.path_params["kind"]
        if kind not in wording.KINDS:
            return self.nowhere(request)
        sessions = self._catalogue.whats_on()[:12] if kind == "event" and _number(request) == 1 else []
        listing = self._listing(request, "", kind)
        return self._list(request, listing, wording.kinds(kind), "", sessions=sessions)

    def language(self, request: Request) -> Response:
        """`/language/{language}`: everything that can be read in a language."""
        language = request.path_params["language"]
        if language not in self._catalogue.home().languages:
            return self.nowhere(request)
        name = wording.LANGUAGES.get(language, language)
        return self._shelf(request, f"language:{language}", name, language=language)

    def search(self, request: Request) -> Response:
        """`/search?q=`: what fits; a whole short code leads to its item at once."""
        query = _typed(request, "q")
        if codes.looks_like(query) and self._catalogue.item(codes.read(query)):
            return redirect(f"{_root(request)}/d/{codes.read(query)}")
        number = _number(request)
        listing = self._catalogue.search(query, number) if number else None
        return self._list(request, listing, "Search", urlencode({"q": query}), query=query, searched=True)

    # -- one item

    def typed(self, request: Request) -> Response:
        """`/d`: the form for a code, and what was typed into it."""
        typed = _typed(request, "code")
        if not typed:
            return self._page(request, "code.html", typed="", wrong="")
        try:
            code = codes.read(typed)
        except CodeError as error:
            return self._page(request, "code.html", status=400, typed=typed, wrong=str(error))
        if self._catalogue.item(code) is None:
            return self._unknown(request, code)
        return redirect(f"{_root(request)}/d/{code}")

    def item(self, request: Request) -> Response:
        """`/d/{code}`: the page of the item behind a code, as it was typed or scanned."""
        typed = request.path_params["code"]
        try:
            code = codes.read(typed)
        except CodeError as error:
            return self._page(request, "code.html", status=404, typed=typed[:_MOST_TYPED], wrong=str(error))
        if (found := self._catalogue.item(code)) is None:
            return self._unknown(request, code)
        page = self._item_page(request, found)
        if page.ended:
            return self._page(request, "ended.html", status=410, page=page)
        return self._page(request, "item.html", page=page, address=f"{_root(request)}/d/{found.code}")

    def dates(self, request: Request) -> Response:
        """`/d/{code}/event.ics`: an event's next dates for a calendar."""
        try:
            found = self._catalogue.item(codes.read(request.path_params["code"]))
        except CodeError:
            found = None
        sessions = self._catalogue.next_sessions(found) if found else []
        if found is None or not sessions:
            return self.nowhere(request)
        page = self._item_page(request, found)
        base = self._catalogue.base_url()
        body = dates.calendar(
            sessions,
            title=page.title.text,
            summary=page.summary.text,
            address=f"{base}/d/{found.code}" if links.host(base) else "",
            now=self._catalogue.now(),
        )
        kept = {"Content-Disposition": f'attachment; filename="{found.code}.ics"'}
        return answer(request, body, media_type="text/calendar; charset=utf-8", headers=kept)

    # -- the rest

    def privacy(self, request: Request) -> Response:
        """`/privacy`: what these pages keep about a visitor, which is nothing, and what the screens in shops do.

        The latter in one `?lang=`; where that is not English, it comes first.
        """
        figures = dict(self._figures())
        if contact := figures.get("contact"):
            figures["contact"] = _ISOLATED.format(contact)
        notice = notices.privacy(request.query_params.get("lang", ""), **figures)
        text = notice.text.replace("## ", "### ") if notice.language == notices.FALLBACK else notice.text
        there = [code for code in wording.LANGUAGES if code in notices.languages()]
        return self._page(
            request,
            "privacy.html",
            notice=notice,
            notice_html=render.markdown(text),
            languages=there,
        )

    def enrol(self, request: Request) -> Response:
        """`/enrol`: where the code on a new screen leads; says how the hub's people let it in."""
        code = request.query_params.get("code", "")
        return self._page(request, "enrol.html", cache=NOT_KEPT, code=code if _USER_CODE.fullmatch(code) else "")

    def style(self, request: Request) -> Response:
        """`/style.css`: the one style sheet, with the colours of the hub's themes at its end."""
        sheet, version = self._style()
        cache = FOR_GOOD if request.query_params.get("v") == version else A_MINUTE
        return answer(request, sheet.encode(), media_type="text/css; charset=utf-8", cache=cache)

    def robots(self, request: Request) -> Response:
        """`/robots.txt`: pages may be found by search engines, searches and files need not be."""
        return answer(request, _ROBOTS, media_type="text/plain; charset=utf-8")

    def nowhere(self, request: Request, status: int = 404) -> Response:
        """The page for an address that leads nowhere."""
        return self._page(request, "nowhere.html", status=status)

    def no_file(self, request: Request, file: File | None = None) -> Response:
        """The page for a file that no item offers, or that has not come to this server yet."""
        return self._page(request, "no_file.html", status=404, cache=NOT_KEPT, name=file.name if file else "")

    def not_ready(self, request: Request) -> Response:
        """The page while there is no catalogue to read."""
        return self._page(request, "not_ready.html", status=503, cache=NOT_KEPT, headers={"Retry-After": str(_RETRY_S)})

    # -- inner

    def _unknown(self, request: Request, code: str) -> Response:
        return self._page(request, "unknown.html", status=404, code=codes.show(code))

    def _item_page(self, request: Request, found: Item) -> ItemPage:
        return page_of(
            found,
            request.query_params.get("lang", ""),
            self._catalogue.themes(),
            blobs=self._catalogue.blobs(),
            sessions=self._catalogue.next_sessions(found),
            today=self._catalogue.now().date(),
            root=_root(request),
        )

    def _shelf(self, request: Request, shelf: str, heading: str, **shown: Any) -> Response:
        """A list whose things can be narrowed down to one kind."""
        kinds = self._catalogue.kinds(shelf)
        kind = request.query_params.get("kind", "")
        if kind and kind not in kinds:
            return self.nowhere(request)
        listing = self._listing(request, shelf, kind)
        return self._list(
            request, listing, heading, urlencode({"kind": kind}) if kind else "", kinds=kinds, kind=kind, **shown
        )

    def _listing(self, request: Request, shelf: str, kind: str) -> Listing | None:
        number = _number(request)
        return self._catalogue.listing(shelf, number, kind=kind) if number else None

    def _list(
        self, request: Request, listing: Listing | None, heading: str, narrowed: str, /, **shown: Any
    ) -> Response:
        if listing is None or listing.number > listing.pages:
            return self.nowhere(request)
        plain: dict[str, Any] = {
            "theme": None, "language": "", "kinds": {}, "kind": "", "sessions": [], "query": "", "searched": False,
        }  # fmt: skip
        return self._page(
            request,
            "list.html",
            listing=listing,
            heading=heading,
            path=request.url.path,
            narrowed=narrowed,
            today=self._catalogue.now().date(),
            **plain | shown,
        )

    def _page(
        self,
        request: Request,
        name: str,
        /,
        *,
        status: int = 200,
        cache: str = A_MINUTE,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Response:
        try:
            themes, base = self._catalogue.themes(), self._catalogue.base_url()
        except UNREADABLE:
            if status == 200 and name not in _WITHOUT_CATALOGUE:
                raise
            themes, base = {}, ""
        body = render.template(
            name,
            root=_root(request),
            base=base if links.host(base) else "",
            themes=themes,
            style_version=self._style()[1],
            **values,
        )
        return answer(request, body, status=status, cache=cache if status != 400 else NOT_KEPT, headers=headers)

    def _style(self) -> tuple[str, str]:
        """The style sheet and its version, made anew when a theme changed."""
        try:
            themes = list(self._catalogue.themes().values())
        except UNREADABLE:
            themes = []
        with self._lock:
            if themes != self._sheet_themes:
                sheet = _STYLE + colours.rules(themes)
                self._sheet, self._sheet_themes = (sheet, _version(sheet)), themes
            return self._sheet


def _root(request: Request) -> str:
    """Under which path these pages are mounted; empty at the root of a host."""
    return quote(str(request.scope.get("root_path", "")))


def _typed(request: Request, name: str) -> str:
    return request.query_params.get(name, "").strip()[:_MOST_TYPED]


def _number(request: Request) -> int:
    """Which page of a list is asked for; 0 when that is not a page's number."""
    asked = request.query_params.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def _version(sheet: str) -> str:
    return hashlib.sha256(sheet.encode()).hexdigest()[:12]
