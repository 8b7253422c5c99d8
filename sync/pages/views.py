"""One function an address: what is asked, what the catalogue says, which template shows it.

Views are called in a thread. While the catalogue cannot be read they raise, and `sync.pages.app` answers with a
calm page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from sync import codes, notices, wording, words
from sync.errors import CodeError
from sync.pages import dates, links, render
from sync.pages.addresses import MOST_TYPED, Addresses, root, typed
from sync.pages.catalogue import Catalogue, Listing
from sync.pages.frame import Frame
from sync.pages.item import ItemPage, page_of
from sync.pages.opened import Opened, is_a_visit
from sync.pages.responses import A_MINUTE, FOR_GOOD, NOT_KEPT, answer, redirect, takes_gzip
from sync.pages.shops import ShopPage, on_at, shop_pages
from sync.pages.tried import Tried
from sync.records import File, Item
from sync.words import _

_ROBOTS: Final = b"User-agent: *\nDisallow: /search\nDisallow: /files/\n"
_SESSIONS_ON_HOME: Final = 6
_SHOPS_ON_HOME: Final = 4
_USER_CODE: Final = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")
_RETRY_S: Final = 60


class Views:
    """The public pages."""

    def __init__(self, catalogue: Catalogue, figures: Callable[[], Mapping[str, Any]], opened: Opened) -> None:
        self._catalogue = catalogue
        self._figures = figures
        self._opened = opened
        self._tried = Tried()
        self._frame = Frame(catalogue)
        self._page = self._frame.page

    # -- browsing

    def home(self, request: Request) -> Response:
        """`/`: themes, what is on this week, shops, a few of the best things; `/?q=` searches."""
        if query := typed(request, "q"):
            return redirect(Addresses(request)("/search", q=query))
        there = self._shops()
        return self._page(
            request,
            "home.html",
            home=self._catalogue.home(),
            sessions=self._catalogue.whats_on()[:_SESSIONS_ON_HOME],
            shops=there[:_SHOPS_ON_HOME],
            more_shops=len(there) > _SHOPS_ON_HOME,
            today=self._catalogue.now().date(),
        )

    def theme(self, request: Request) -> Response:
        """`/theme/{key}`: what stands on a theme's shelf, of one `?kind=` or all."""
        theme = self._catalogue.themes().get(request.path_params["key"])
        if theme is None:
            return self.nowhere(request)
        return self._shelf(request, f"theme:{theme.key}", render.named(theme), theme=theme)

    def kind(self, request: Request) -> Response:
        """`/kind/{kind}`: everything of one kind."""
        kind = request.path_params["kind"]
        if kind not in wording.KINDS:
            return self.nowhere(request)
        sessions = self._catalogue.whats_on()[:12] if kind == "event" and _number(request) == 1 else []
        listing = self._listing(request, "", kind)
        return self._list(request, listing, wording.kinds(kind), sessions=sessions)

    def language(self, request: Request) -> Response:
        """`/language/{language}`: everything that can be read in a language."""
        language = request.path_params["language"]
        if language not in self._catalogue.home().languages:
            return self.nowhere(request)
        name = wording.LANGUAGES.get(language, language)
        return self._shelf(request, f"language:{language}", name, language=language)

    def search(self, request: Request) -> Response:
        """`/search?q=`: what fits; a whole short code leads to its item at once."""
        query = typed(request, "q")
        if codes.looks_like(query) and self._behind(request, codes.read(query)):
            return redirect(Addresses(request)(f"/d/{codes.read(query)}"))
        number = _number(request)
        listing = self._catalogue.search(query, number) if number else None
        return self._list(request, listing, _("Search"), {"q": query}, query=query, searched=True)

    # -- shops

    def shops(self, request: Request) -> Response:
        """`/shops`: every shop, with whether it is open."""
        return self._page(request, "shops.html", shops=self._shops())

    def shop(self, request: Request) -> Response:
        """`/shop/{name}`: one shop, by the end of its address or by its id."""
        asked = request.path_params["name"]
        there = next((page for page in self._shops() if asked in (page.slug, page.shop.id)), None)
        if there is None:
            return self.nowhere(request)
        return self._page(
            request,
            "shop.html",
            here=f"/shop/{there.slug}",
            page=there,
            sessions=on_at(there.shop, self._catalogue.whats_on()),
            today=self._catalogue.now().date(),
        )

    # -- one item

    def typed(self, request: Request) -> Response:
        """`/d`: the form for a code, and what was typed into it."""
        asked = typed(request, "code")
        if not asked:
            return self._page(request, "code.html", typed="", wrong="")
        try:
            code = codes.read(asked)
        except CodeError as error:
            return self._page(request, "code.html", status=400, typed=asked, wrong=str(error))
        if self._behind(request, code) is None:
            return self._unknown(request, code)
        return redirect(Addresses(request)(f"/d/{code}"))

    def item(self, request: Request) -> Response:
        """`/d/{code}`: the page of the item behind a code, as it was typed."""
        asked = request.path_params["code"]
        try:
            code = codes.read(asked)
        except CodeError as error:
            return self._page(request, "code.html", status=404, here="/d", typed=asked[:MOST_TYPED], wrong=str(error))
        if (found := self._behind(request, code)) is None:
            return self._unknown(request, code)
        page = self._item_page(request, found)
        name, status = ("ended.html", 410) if page.ended else ("item.html", 200)
        return self._page(request, name, status=status, here=f"/d/{found.code}", page=page)

    def scanned(self, request: Request) -> Response:
        """`/D/{code}`: the same page, as it is opened by what a screen or a slip shows; that is counted."""
        response = self.item(request)
        code = request.path_params["code"]
        if is_a_visit(request) and codes.looks_like(code) and (found := self._catalogue.item(codes.read(code))):
            self._opened(self._catalogue.now().date(), found.id, words.language())
        return response

    def dates(self, request: Request) -> Response:
        """`/d/{code}/event.ics`: an event's next dates for a calendar."""
        try:
            found = self._behind(request, codes.read(request.path_params["code"]))
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
        """`/privacy`: what these pages keep about a visitor, which is nothing, and what the screens in shops do."""
        figures = dict(self._figures())
        if contact := figures.get("contact"):
            figures["contact"] = render.isolated(contact)
        notice = notices.privacy(words.language(), **figures)
        notice_html = render.markdown(notice.text.replace("## ", "### "))
        return self._page(request, "privacy.html", notice=notice, notice_html=notice_html)

    def enrol(self, request: Request) -> Response:
        """`/enrol`: where the code on a new screen leads; says how the hub's people let it in."""
        code = request.query_params.get("code", "")
        return self._page(request, "enrol.html", cache=NOT_KEPT, code=code if _USER_CODE.fullmatch(code) else "")

    def style(self, request: Request) -> Response:
        """`/style.css`: the one style sheet, with the colours of the hub's themes at its end."""
        sheet, packed = self._frame.style(), takes_gzip(request)
        cache = FOR_GOOD if request.query_params.get("v") == sheet.version else A_MINUTE
        headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
        body = sheet.packed if packed else sheet.plain
        return answer(request, body, media_type="text/css; charset=utf-8", cache=cache, headers=headers)

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

    def too_often(self, request: Request, wait_s: int) -> Response:
        """The page for whoever tried many codes that lead nowhere."""
        wait = {"Retry-After": str(wait_s)}
        return self._page(request, "too_often.html", status=429, cache=NOT_KEPT, headers=wait)

    # -- inner

    def _behind(self, request: Request, code: str) -> Item | None:
        """The item behind a code.

        Raises:
            TriedTooOftenError: too many codes that lead nowhere came from there.
        """
        self._tried.check(request)
        if (found := self._catalogue.item(code)) is None:
            self._tried.in_vain(request)
        return found

    def _unknown(self, request: Request, code: str) -> Response:
        return self._page(request, "unknown.html", status=404, here=f"/d/{code}", code=codes.show(code))

    def _shops(self) -> list[ShopPage]:
        return shop_pages(self._catalogue.shops(), self._catalogue.now())

    def _item_page(self, request: Request, found: Item) -> ItemPage:
        """The item in the language that was asked for, which need not be one of these pages', else in the page's."""
        asked = request.query_params.get("lang", "")
        return page_of(
            found,
            asked if asked in found.languages else words.language(),
            self._catalogue.themes(),
            blobs=self._catalogue.blobs(),
            sessions=self._catalogue.next_sessions(found),
            today=self._catalogue.now().date(),
            root=root(request),
        )

    def _shelf(self, request: Request, shelf: str, heading: str, **shown: Any) -> Response:
        """A list whose things can be narrowed down to one kind."""
        kinds = self._catalogue.kinds(shelf)
        kind = request.query_params.get("kind", "")
        if kind and kind not in kinds:
            return self.nowhere(request)
        listing = self._listing(request, shelf, kind)
        return self._list(request, listing, heading, {"kind": kind}, kinds=kinds, kind=kind, **shown)

    def _listing(self, request: Request, shelf: str, kind: str) -> Listing | None:
        number = _number(request)
        return self._catalogue.listing(shelf, number, kind=kind) if number else None

    def _list(
        self,
        request: Request,
        listing: Listing | None,
        heading: str,
        narrowed: Mapping[str, str] | None = None,
        /,
        **shown: Any,
    ) -> Response:
        """A page of a list; `narrowed` is what of its address the pages before and after have too."""
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
            narrowed=narrowed or {},
            today=self._catalogue.now().date(),
            **plain | shown,
        )


def _number(request: Request) -> int:
    """Which page of a list is asked for; 0 when that is not a page's number."""
    asked = request.query_params.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
