"""A shop: where it is, when it is open, how its kiosks are, and what stands on its shelves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import available_timezones

from starlette.responses import Response

from sync import hours, wording
from sync.errors import RecordError, ReplicaError
from sync.hub.admin.door import ROOT, Visit, go
from sync.hub.admin.fleet import scope
from sync.hub.admin.fleet.kiosks import facts
from sync.hub.errors import sentence
from sync.hub.shops import Details, Shelves, ShopError, Shops, understood
from sync.hub.store import catalogue
from sync.records import KINDS, Shop
from sync.replica.read import Replica
from sync.replica.stock import ALL, Stock

ROOM_BYTES: Final = 2_000_000_000
"""What a kiosk gives files by itself."""
MOST_ROOM_GB: Final = 100_000
ZONES: Final = sorted(zone for zone in available_timezones() if zone.startswith("Europe/"))
_NAMES: Final = ("name", "address", "postcode", "hours", "timezone")
_SAID: Final = {
    "added": "The shop is there. Next, say what stands on its shelves, and let its kiosk in.",
    "changed": "Kept. Everybody sees it within minutes.",
    "shelves": "Kept. The shop’s kiosks follow within minutes.",
}


@dataclass
class Form:
    """What stands in the fields, and what is wrong with it."""

    values: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)


def everyone(visit: Visit) -> Response:
    """`/admin/shops`."""
    seen = [one for one in scope.fleet(visit).all(scope.shop_ids(visit)) if not one.kiosk.is_gone]
    kiosks = Counter(one.kiosk.shop_id for one in seen)
    trouble = Counter(one.kiosk.shop_id for one in seen if one.level)
    rows = [(shop, in_words(shop.hours), kiosks[shop.id], trouble[shop.id]) for shop in scope.shops(visit)]
    return visit.page("fleet/shops.html", rows=rows)


def new(visit: Visit) -> Response:
    """`/admin/shops/new`."""
    return _new(visit, Form(_fields(Shop(id="", name=""))))


def add(visit: Visit) -> Response:
    """The form of a new shop was sent."""
    form = _typed(visit)
    try:
        made = Shops(visit.hub.database).add(Details(**form.values), visit.me.id)
    except ShopError as error:
        return _new(visit, Form(form.values, error.wrong), status=422)
    visit.hub.publish()
    return go(f"{ROOT}/shops/{made.id}?said=added")


def one(visit: Visit) -> Response:
    """`/admin/shops/{id}`."""
    shop = scope.shop(visit)
    return _page(visit, shop, Form(_fields(shop)))


def change(visit: Visit) -> Response:
    """Other things are said of it."""
    shop, form = scope.shop(visit), _typed(visit)
    try:
        Shops(visit.hub.database).change(shop.id, Details(**form.values), visit.me.id)
    except ShopError as error:
        return _page(visit, shop, Form(form.values, error.wrong), status=422)
    visit.hub.publish()
    return go(f"{ROOT}/shops/{shop.id}?said=changed")


def put_shelves(visit: Visit) -> Response:
    """What it stocks was chosen."""
    shop = scope.shop(visit)
    with visit.hub.database.reading() as db:
        themes = [theme.key for theme in catalogue.themes(db)]
    stock = Stock(
        _chosen(visit, "themes", themes), _chosen(visit, "kinds", KINDS), _chosen(visit, "languages", wording.LANGUAGES)
    )
    room = visit.typed("room").strip()
    try:
        room_bytes = _bytes(room) if room else None
    except ValueError:
        wrong = {"room": f"This is no room for files: write a number of gigabytes, such as 8, up to {MOST_ROOM_GB:,}."}
        shelves = Shelves(stock)
        return _page(visit, shop, Form(_fields(shop) | {"room": room}, wrong), shelves=shelves, status=422)
    Shops(visit.hub.database).put_shelves(shop.id, Shelves(stock, room_bytes), visit.me.id)
    return go(f"{ROOT}/shops/{shop.id}?said=shelves#shelves")


def hours_in_words(visit: Visit) -> Response:
    """`/admin/hours`: how opening hours are understood, while they are typed; a part of a page."""
    typed = visit.asked("hours", 400)
    try:
        words, wrong = understood(typed), ""
    except RecordError as error:
        words, wrong = "", sentence(error)
    return visit.page("fleet/hours.html", words=words, wrong=wrong, typed=typed)


def in_words(text: str) -> str:
    """A shop's hours in words; empty where there are none, or nobody can understand them."""
    try:
        return hours.parse(text).in_words()
    except RecordError:
        return ""


# -- inner


def _new(visit: Visit, form: Form, *, status: int = 200) -> Response:
    words = in_words(form.values["hours"])
    return visit.page("fleet/shop_new.html", status=status, fields=form, words=words, zones=ZONES)


def _page(visit: Visit, shop: Shop, form: Form, *, shelves: Shelves | None = None, status: int = 200) -> Response:
    shelves = shelves or Shops(visit.hub.database).shelves(shop.id)
    seen = [one for one in scope.fleet(visit).all([shop.id]) if not one.kiosk.is_gone]
    with visit.hub.database.reading() as db:
        themes = catalogue.themes(db)
    room = "" if shelves.room_bytes is None else f"{shelves.room_bytes / 1e9:.3f}".rstrip("0").rstrip(".")
    form.values.setdefault("room", room)
    return visit.page(
        "fleet/shop.html",
        status=status,
        shop=shop,
        fields=form,
        said=_SAID.get(visit.asked("said"), ""),
        words=in_words(shop.hours),
        zones=ZONES,
        rows=[(one, facts(one)) for one in seen],
        shelves=shelves,
        sums=_sums(visit, shop, shelves),
        choices={
            "themes": [(theme.key, theme.name) for theme in themes],
            "kinds": [(kind, wording.kinds(kind)) for kind in KINDS],
            "languages": list(wording.LANGUAGES.items()),
        },
        may_manage=scope.may_manage(visit),
    )


def _sums(visit: Visit, shop: Shop, shelves: Shelves) -> dict[str, Any] | None:
    """How much of the whole this shop stocks, and whether its files have room; None before anything is published."""
    try:
        current = visit.current.reading()
        mine = Replica(current.path, shop=shop.name, stock=shelves.stock)
    except ReplicaError:
        return None
    files = {one.file.sha256: one.file.size_bytes for one in mine.wanted()}
    every = mine if shelves.stock == ALL else Replica(current.path, shop=shop.name)
    found = {"shown": mine.count(), "total": every.count(), "bytes": sum(files.values())}
    mine.close()
    every.close()
    return found | {"fits": found["bytes"] <= (ROOM_BYTES if shelves.room_bytes is None else shelves.room_bytes)}


def _fields(shop: Shop) -> dict[str, str]:
    return {name: str(getattr(shop, name)) for name in _NAMES}


def _typed(visit: Visit) -> Form:
    return Form({name: " ".join(visit.typed(name).split())[:400] for name in _NAMES})


def _chosen(visit: Visit, name: str, there: Any) -> tuple[str, ...]:
    """What was ticked, in the order of settings; all or none is everything."""
    ticked = set(visit.ticked(name)) & set(there)
    return () if len(ticked) == len(set(there)) else tuple(sorted(ticked))


def _bytes(gigabytes: str) -> int:
    number = float(gigabytes.replace(",", "."))
    if not 0 <= number <= MOST_ROOM_GB:
        raise ValueError(gigabytes)
    return round(number * 1e9)
