"""What a screen or a page asks of a replica.

Nothing here changes anything. What a shop does not stock and what has expired is left out at reading, so that the
copy itself stays the same in every shop and goes on being right while no hub can be reached.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from sync.errors import ReplicaError
from sync.records import CATALOGUE, File, Item, Maker, Place, Price, Shop, State, Theme, Translation
from sync.replica import bits, near, schema
from sync.replica.facets import Facets
from sync.replica.filters import EVERYTHING, Choices, Filters
from sync.replica.near import Position
from sync.replica.search import Search
from sync.replica.stock import ALL, Stock
from sync.replica.suggest import Suggest

_CARD: Final = (
    "n, id, code, kind, title, summary, language, themes, maker, price, picture, files, checked_on, expires_on, "
    "starts, place, translations"
)
_item = msgspec.json.Decoder(Item).decode
_json = msgspec.json.Encoder()

Made = TypeVar("Made")

_CHOICES: Final = 100
"""So many finds of a search tell which filters are worth offering."""


class Card(msgspec.Struct, kw_only=True):
    """An item as it stands on a shelf: enough to draw, not the whole.

    `km` is how far it is from this shop, as the crow flies; None where either has no position.
    """

    n: int
    id: str
    code: str
    kind: str
    title: str
    summary: str = ""
    language: str = "en"
    themes: list[str] = []
    maker: Maker | None = None
    price: Price | None = None
    picture: File | None = None
    files: list[File] = []
    checked_on: str = ""
    expires_on: str = ""
    starts: str = ""
    km: float | None = None
    translations: dict[str, Translation] = {}

    def in_language(self, language: str) -> Translation:
        """Title and summary in `language` where they exist, each else as they were written."""
        there = self.translations.get(language)
        if there is None or language == self.language:
            return Translation(title=self.title, summary=self.summary)
        return Translation(title=there.title or self.title, summary=there.summary or self.summary)


class Page(msgspec.Struct, kw_only=True):
    """A part of a shelf: `cards` from `offset` on, of `total` in all."""

    cards: list[Card]
    offset: int
    total: int


class Wanted(msgspec.Struct, kw_only=True):
    """A picture or file that an item offers."""

    file: File
    item: str
    revision: int
    picture: bool


class Replica:
    """A replica opened for reading, by any number of threads.

    Args:
        path: the `replica-N.db`.
        shop: the shop's name; items stocked only elsewhere are left out. Empty shows everything.
        stock: what the shop stocks of all that is for every shop.
        today: tells the date that expiry is held against (injectable for tests).

    Raises:
        ReplicaError: the file is missing, damaged or of another schema.
    """

    def __init__(self, path: Path, *, shop: str = "", stock: Stock = ALL, today: Any = dt.date.today) -> None:
        self.path = path
        self.shop = shop
        self.stock = stock
        self._today = today
        self._local = threading.local()
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._lock = threading.Lock()
        found = self._value("SELECT value FROM meta WHERE key = 'schema'")
        if found != schema.SCHEMA:
            raise ReplicaError(f"{path} has schema {found}; this program reads {schema.SCHEMA}")
        me = weakref.proxy(self)  # no circle, so that a replica nobody reads any more closes its files at once
        self._search = Search(lambda: me._db(), lambda: me._visible(), lambda: me._today())
        self._facets = Facets(
            lambda query, values: me._rows(query, values),
            shop,
            stock,
            lambda: me._today(),
            lambda: me._visible(),
            lambda here, most_km: me._checked(lambda: near.within(me._db(), here, most_km)),
        )
        self._suggest = Suggest(lambda query, values: me._rows(query, values), self._search, self._facets)

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            for held in list(self._held):
                held.db.close()
            self._held.clear()

    # -- about the whole

    @property
    def state(self) -> State:
        """What the hub signed of the publication that this replica holds."""
        return msgspec.json.decode(self._value("SELECT value FROM meta WHERE key = 'state'"), type=State)

    @property
    def revision(self) -> int:
        """The hub's revision that this replica stands at."""
        return int(self._value("SELECT value FROM meta WHERE key = 'revision'"))

    @property
    def here(self) -> Position | None:
        """Where this shop is; None when that is not known."""
        return self._facets.here()

    def count(self, shelf: str = "", kind: str = "") -> int:
        """How many items stand on a shelf (`theme:food`, `language:pl`; empty: everywhere), of one kind or all."""
        return self._facets.shown(shelf, Filters(kind=kind)).bit_count()

    def kinds(self, shelf: str = "") -> dict[str, int]:
        """How many items of each kind stand on a shelf, the kinds that are there only, the most first."""
        shown = self._facets.shown(shelf)
        return _most_first({kind: (shown & self._facets.kind(kind)).bit_count() for kind in self._facets.kinds()})

    def languages(self) -> dict[str, int]:
        """How many items can be read in each language other than English."""
        counts = {language: self.count(f"language:{language}") for language in self._facets.languages()}
        return {language: count for language, count in counts.items() if count}

    def choices(self, shelf: str = "", text: str = "", filters: Filters = EVERYTHING) -> Choices:
        """Which filters are worth adding for a shelf, or for the first hundred that a search finds on it."""
        facets = self._facets

        def shown(without: str = "") -> int:
            """What all filters leave but the one about this."""
            others = replace(filters, **{without: getattr(EVERYTHING, without)}) if without else filters
            return bits.of(self._found(text, shelf, others, _CHOICES)) if text else facets.shown(shelf, others)

        def narrowing(about: str, sets: dict[str, int]) -> dict[str, int]:
            rows = every if getattr(filters, about) == getattr(EVERYTHING, about) else shown(about)
            counts = {name: (rows & those).bit_count() for name, those in sets.items()}
            return _most_first({name: count for name, count in counts.items() if count < rows.bit_count()})

        every = shown()
        return Choices(
            total=every.bit_count(),
            kinds=narrowing("kind", {kind: facets.kind(kind) for kind in facets.kinds()}),
            themes=narrowing("theme", {theme.key: facets.on(f"theme:{theme.key}") for theme in self.themes()}),
            languages=narrowing("language", {code: facets.on(f"language:{code}") for code in facets.all_languages()}),
            free=bool(narrowing("free", {"": facets.free()})),
            nearest_km=facets.nearest_km(every if filters.near_km <= 0 else shown("near_km")),
        )

    def themes(self) -> list[Theme]:
        """The shelves, in the order the hub gives them."""
        themes = self._records("theme", Theme)
        return sorted(themes, key=lambda theme: (theme.position, theme.name))

    def shops(self) -> list[Shop]:
        """Every shop, by name."""
        return sorted(self._records("shop", Shop), key=lambda shop: shop.name)

    def shop_by_id(self, shop_id: str) -> Shop | None:
        """One shop; None when it is not in the catalogue."""
        query = "SELECT line FROM record WHERE collection = 'shop' AND id = ?"
        line = self._value(query, [UUID(shop_id).bytes])
        return msgspec.json.decode(line, type=Shop) if line else None

    # -- items

    def shelf(self, name: str = "", *, filters: Filters = EVERYTHING, offset: int = 0, limit: int = 20) -> Page:
        """Items of a shelf that the filters leave, a page of them, in rank order or nearest first."""
        selection = self._facets.selection(name, filters)
        return Page(cards=self.cards(selection.numbers(offset, limit)), offset=offset, total=selection.total)

    def search(self, text: str, *, shelf: str = "", filters: Filters = EVERYTHING, limit: int = 20) -> list[Card]:
        """The items that fit what was typed so far, best first; a whole short code brings up just its item.

        With filters, or on one shelf, only what they leave; near a shop, of equally good finds the nearest first.
        """
        return self.cards(self._found(text, shelf, filters, limit))

    def similar(self, item: Item, *, most: int = 4) -> list[Card]:
        """Other items of the same theme or kind, those that share the most telling words of title and tags first."""
        return self.cards(self._checked(lambda: self._suggest.similar(item, most)))

    def completions(self, typed: str, *, most: int = 6) -> list[str]:
        """What the word that is being typed may become, the likeliest first; see `Suggest`."""
        return self._checked(lambda: self._suggest.completions(typed, most))

    def nearest_theme(self, text: str) -> str:
        """The key of the theme that has most of what somebody may have meant; empty when nothing fits."""
        return self._checked(lambda: self._suggest.nearest_theme(text, self.themes()))

    def cards(self, numbers: Sequence[int]) -> list[Card]:
        """The cards of these rows, in the order asked."""
        marks = ",".join("?" * len(numbers))
        found = self._rows(f"SELECT {_CARD} FROM item WHERE n IN ({marks})", list(numbers))
        by_number = {row[0]: row for row in found}
        here = self._facets.here()
        return [_card(by_number[n], here) for n in numbers if n in by_number]

    def item(self, *, item_id: str = "", code: str = "") -> Item | None:
        """The whole item by its id or short code, expired or not; None when it is not in the catalogue."""
        key, value = ("id", UUID(item_id).bytes) if item_id else ("code", code)
        rows = self._rows(f"SELECT id, revision, code, {', '.join(schema.FIELDS)} FROM item WHERE {key} = ?", [value])
        return _whole(rows[0]) if rows else None

    def events(self, *, stocked: bool = True) -> list[Item]:
        """Every item with a time that this shop shows; without `stocked` also what it would not stock."""
        where, values = self._where(schema.EVENTS, self.stock if stocked else ALL)
        names = ", ".join(schema.FIELDS)
        rows = self._rows(
            f"SELECT id, revision, code, {names} FROM item WHERE {where} ORDER BY n",
            values,
        )
        return [_whole(row) for row in rows]

    def wanted(self) -> Iterator[Wanted]:
        """Every picture and file that this shop's items offer and the hub holds."""
        where, values = self._where(schema.OFFERS, self.stock)
        rows = self._rows(f"SELECT id, revision, picture, files FROM item WHERE {where} ORDER BY n", values)
        for raw, revision, picture, files in rows:
            item = str(UUID(bytes=raw))
            shown = [msgspec.json.decode(picture, type=File)] if picture else []
            for file in (*shown, *_read(files, list[File], [])):
                if file.sha256:
                    yield Wanted(file=file, item=item, revision=revision, picture=file in shown)

    # -- inner

    def _visible(self, stock: Stock | None = None) -> tuple[str, dict[str, Any]]:
        """A condition on `item` rows for what may be shown here today, with its values."""
        stocked, values = (self.stock if stock is None else stock).condition()
        return (
            "(expires_on IS NULL OR expires_on >= :today) AND CASE WHEN shops IS NULL THEN "
            f"{stocked} ELSE :shop = '' OR EXISTS (SELECT 1 FROM json_each(shops) WHERE value = :shop) END",
            {"today": self._today().isoformat(), "shop": self.shop, **values},
        )

    def _where(self, shelf: str, stock: Stock) -> tuple[str, dict[str, Any]]:
        """A condition on `item` rows for what of a shelf may be shown, with its values."""
        visible, values = self._visible(stock)
        return f"n IN (SELECT n FROM shelf WHERE name = :shelf) AND {visible}", values | {"shelf": shelf}

    def _found(self, text: str, shelf: str, filters: Filters, limit: int) -> list[int]:
        search = self._search
        if shelf or filters != EVERYTHING or self.stock != ALL:  # rows that are not stocked cost no time there
            search = search.within(self._facets.selection(shelf, filters))
        return self._checked(lambda: search(text, limit))

    def _checked(self, work: Callable[[], Made]) -> Made:
        """What `work` says; where the file cannot be read, an error that names it."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            raise ReplicaError(f"{self.path} is damaged or gone: {error}") from error

    def _records(self, collection: str, kind: type[Any]) -> list[Any]:
        assert CATALOGUE[collection] is kind  # noqa: S101 (a slip of ours, not of the data)
        rows = self._rows("SELECT line FROM record WHERE collection = ?", [collection])
        return [msgspec.json.decode(line, type=kind) for (line,) in rows]

    def _db(self) -> sqlite3.Connection:
        """This thread's connection."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            try:
                held = _Held(schema.open_for_reading(self.path))
            except sqlite3.DatabaseError as error:
                raise ReplicaError(f"{self.path} cannot be opened: {error}") from error
            self._local.held = held
            with self._lock:
                self._held.add(held)
        return held.db

    def _rows(self, query: str, values: Any) -> list[Any]:
        try:
            return self._db().execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ReplicaError(f"{self.path} is damaged or gone: {error}") from error

    def _value(self, query: str, values: Any = ()) -> Any:
        rows = self._rows(query, values)
        return rows[0][0] if rows else None


def _most_first(counts: dict[str, int]) -> dict[str, int]:
    """Those that are there at all, the most first."""
    there = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return {name: count for name, count in there if count}


class _Held:
    """A thread's connection: closed when the thread ends, as nobody else holds on to it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __del__(self) -> None:
        self.db.close()


def _card(row: Sequence[Any], here: Position | None) -> Card:
    n, raw, code, kind, title, summary, language = row[:7]
    themes, maker, price, picture, files, checked_on, expires_on, starts, place, translations = row[7:]
    there = near.position_of(_read(place, Place, None)) if here else None
    return Card(
        n=n,
        id=str(UUID(bytes=raw)),
        code=code,
        kind=kind,
        title=title,
        summary=summary or "",
        language=language or "en",
        themes=_read(themes, list[str], []),
        maker=_read(maker, Maker | None, None),
        price=_read(price, Price | None, None),
        picture=_read(picture, File | None, None),
        files=_read(files, list[File], []),
        checked_on=checked_on or "",
        expires_on=expires_on or "",
        starts=starts or "",
        km=near.distance_km(here, there) if here and there else None,
        translations=_read(translations, dict[str, Translation], {}),
    )


def _read(text: str | None, kind: Any, missing: Any) -> Any:
    return missing if text is None else msgspec.json.decode(text, type=kind)


def _whole(row: Sequence[Any]) -> Item:
    raw, revision, code, *values = row
    fields: dict[str, Any] = {"id": str(UUID(bytes=raw)), "r": revision, "code": code}
    for name, value in zip(schema.FIELDS, values, strict=True):
        if value is not None:
            is_json = name in schema.JSON_FIELDS or name == "translations"
            fields[name] = msgspec.Raw(value.encode()) if is_json else value
    return _item(_json.encode(fields))
