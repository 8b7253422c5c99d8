"""What a screen or a page asks of a replica.

Nothing here changes anything. What a shop does not stock and what has expired is left out at reading, so that the
copy itself stays the same in every shop and goes on being right while no hub can be reached.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from sync.errors import ReplicaError
from sync.records import CATALOGUE, File, Item, Maker, Price, Shop, State, Theme, Translation
from sync.replica import schema
from sync.replica.search import Search

_CARD: Final = (
    "n, id, code, kind, title, summary, language, themes, maker, price, picture, files, checked_on, expires_on, "
    "starts, place, translations"
)
_item = msgspec.json.Decoder(Item).decode
_json = msgspec.json.Encoder()


class Card(msgspec.Struct, kw_only=True):
    """An item as it stands on a shelf: enough to draw, not the whole."""

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
        today: tells the date that expiry is held against (injectable for tests).

    Raises:
        ReplicaError: the file is missing, damaged or of another schema.
    """

    def __init__(self, path: Path, *, shop: str = "", today: Any = dt.date.today) -> None:
        self.path = path
        self.shop = shop
        self._today = today
        self._local = threading.local()
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._lock = threading.Lock()
        found = self._value("SELECT value FROM meta WHERE key = 'schema'")
        if found != schema.SCHEMA:
            raise ReplicaError(f"{path} has schema {found}; this program reads {schema.SCHEMA}")
        me = weakref.proxy(self)  # no circle, so that a replica nobody reads any more closes its files at once
        self._search = Search(lambda: me._db(), lambda: me._visible())

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

    def count(self, shelf: str = "", kind: str = "") -> int:
        """How many items stand on a shelf (`theme:food`, `language:pl`; empty: everywhere), of one kind or all."""
        return sum(self._kinds(shelf, kind).values())

    def kinds(self, shelf: str = "") -> dict[str, int]:
        """How many items of each kind stand on a shelf, the kinds that are there only."""
        return dict(self._kinds(shelf, "").most_common())

    def languages(self) -> dict[str, int]:
        """How many items can be read in each language other than English."""
        names = self._rows("SELECT DISTINCT name FROM shelf WHERE name >= 'language:' AND name < 'language;'", {})
        counts = {name.removeprefix("language:"): self.count(name) for (name,) in names}
        return {language: count for language, count in counts.items() if count}

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

    def shelf(self, name: str = "", *, kind: str = "", offset: int = 0, limit: int = 20) -> Page:
        """Items of a shelf in rank order, a page of them."""
        where, values = self._where(name, kind)
        rows = self._rows(
            f"SELECT {_CARD} FROM item WHERE {where} ORDER BY n LIMIT :limit OFFSET :offset",
            values | {"limit": limit, "offset": offset},
        )
        return Page(cards=[_card(row) for row in rows], offset=offset, total=self.count(name, kind))

    def search(self, text: str, *, limit: int = 20) -> list[Card]:
        """The items that fit what was typed so far, best first; a whole short code brings up just its item."""
        try:
            found = self._search(text, limit)
        except sqlite3.DatabaseError as error:
            raise ReplicaError(f"{self.path} is damaged or gone: {error}") from error
        return self.cards(found)

    def cards(self, numbers: Sequence[int]) -> list[Card]:
        """The cards of these rows, in the order asked."""
        marks = ",".join("?" * len(numbers))
        found = self._rows(f"SELECT {_CARD} FROM item WHERE n IN ({marks})", list(numbers))
        by_number = {row[0]: row for row in found}
        return [_card(by_number[n]) for n in numbers if n in by_number]

    def item(self, *, item_id: str = "", code: str = "") -> Item | None:
        """The whole item by its id or short code, expired or not; None when it is not in the catalogue."""
        key, value = ("id", UUID(item_id).bytes) if item_id else ("code", code)
        rows = self._rows(f"SELECT id, revision, code, {', '.join(schema.FIELDS)} FROM item WHERE {key} = ?", [value])
        return _whole(rows[0]) if rows else None

    def events(self) -> list[Item]:
        """Every item with a time that this shop shows."""
        where, values = self._where(schema.EVENTS, "")
        names = ", ".join(schema.FIELDS)
        rows = self._rows(
            f"SELECT id, revision, code, {names} FROM item WHERE {where} ORDER BY n",
            values,
        )
        return [_whole(row) for row in rows]

    def wanted(self) -> Iterator[Wanted]:
        """Every picture and file that this shop's items offer and the hub holds."""
        where, values = self._where(schema.OFFERS, "")
        rows = self._rows(f"SELECT id, revision, picture, files FROM item WHERE {where} ORDER BY n", values)
        for raw, revision, picture, files in rows:
            item = str(UUID(bytes=raw))
            shown = [msgspec.json.decode(picture, type=File)] if picture else []
            for file in (*shown, *_read(files, list[File], [])):
                if file.sha256:
                    yield Wanted(file=file, item=item, revision=revision, picture=file in shown)

    # -- inner

    def _visible(self) -> tuple[str, dict[str, Any]]:
        """A condition on `item` rows for what may be shown here today, with its values."""
        return (
            "(expires_on IS NULL OR expires_on >= :today)"
            " AND (shops IS NULL OR :shop = '' OR EXISTS (SELECT 1 FROM json_each(shops) WHERE value = :shop))",
            {"today": self._today().isoformat(), "shop": self.shop},
        )

    def _where(self, shelf: str, kind: str) -> tuple[str, dict[str, Any]]:
        visible, values = self._visible()
        return f"{_on(shelf, kind)} AND {visible}", values | {"shelf": shelf, "kind": kind}

    def _kinds(self, shelf: str, kind: str) -> Counter[str]:
        """How many may be shown, by kind: all there are, which an index tells, less the few that are hidden here."""
        visible, values = self._visible()
        values |= {"shelf": shelf, "kind": kind, "limited": schema.LIMITED}
        query = f"SELECT kind, count(*) FROM item WHERE {_on(shelf, kind)}"
        counts = Counter(dict(self._rows(f"{query} GROUP BY kind", values)))
        hidden = f"n IN (SELECT n FROM shelf WHERE name = :limited) AND NOT ({visible})"
        counts.subtract(dict(self._rows(f"{query} AND {hidden} GROUP BY kind", values)))
        return +counts

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


def _on(shelf: str, kind: str) -> str:
    """A condition for the items of a shelf, of one kind, or for all."""
    return ("n IN (SELECT n FROM shelf WHERE name = :shelf)" if shelf else "1") + (" AND kind = :kind" if kind else "")


class _Held:
    """A thread's connection: closed when the thread ends, as nobody else holds on to it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __del__(self) -> None:
        self.db.close()


def _card(row: Sequence[Any]) -> Card:
    n, raw, code, kind, title, summary, language = row[:7]
    themes, maker, price, picture, files, checked_on, expires_on, starts, _place, translations = row[7:]
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
