"""Shops, as the hub's people look after them: where they are, when they are open, and what they stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

import msgspec
from sqlalchemy import Connection

from sync import hours
from sync.errors import RecordError
from sync.hub import settings
from sync.hub.errors import HubError, UnknownError, sentence
from sync.hub.store import audit, catalogue, drafts, postcodes
from sync.hub.store.database import Database
from sync.records import Item, Shop
from sync.replica.stock import Stock

MOST_LETTERS: Final = 80
STOCK: Final = ("stock_themes", "stock_kinds", "stock_languages")
ROOM: Final = "blob_budget_bytes"


@dataclass(frozen=True)
class Details:
    """What is said of a shop; `hours` as OpenStreetMap writes them."""

    name: str
    address: str = ""
    postcode: str = ""
    hours: str = ""
    timezone: str = "Europe/London"


@dataclass(frozen=True)
class Shelves:
    """What a shop stocks, and how many bytes of pictures and files its kiosks keep; None: as many as others do."""

    stock: Stock
    room_bytes: int | None = None


class ShopError(HubError):
    """What was said of a shop cannot be; `wrong` says why, by the field."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


class Shops:
    """Looks after the shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Shop]:
        """Every shop, by name."""
        with self._database.reading() as db:
            return catalogue.shops(db)

    def get(self, shop_id: str) -> Shop:
        """One shop.

        Raises:
            UnknownError: there is none with that id.
        """
        with self._database.reading() as db:
            return _get(db, shop_id)

    def add(self, details: Details, who: str) -> Shop:
        """A new one.

        Raises:
            ShopError: what is said of it cannot be.
        """
        with self._database.writing() as db:
            _check(db, details, "")
            made = msgspec.structs.replace(Shop(id=catalogue.new_shop_id(db, details.name), name=""), **vars(details))
            catalogue.put(db, [made], who)
        return made

    def change(self, shop_id: str, details: Details, who: str) -> Shop:
        """Say other things of a shop. With another name, what was for it alone stays so.

        Raises:
            UnknownError: there is none with that id. ShopError: what is said of it cannot be.
        """
        with self._database.writing() as db:
            before = _get(db, shop_id)
            _check(db, details, shop_id)
            after = before
            if details.postcode != before.postcode and postcodes.comes_from_postcode(db, before):
                after = msgspec.structs.replace(before, lat=None, lon=None)
            after = msgspec.structs.replace(after, **vars(details))
            catalogue.put(db, [after], who)
            if after.name != before.name:
                _rename(db, before.name, after.name, who)
        return after

    def shelves(self, shop_id: str) -> Shelves:
        """What a shop stocks now."""
        with self._database.reading() as db:
            themes, kinds, languages = (str(settings.get(db, name, shop_id) or "") for name in STOCK)
            room = settings.get(db, ROOM, shop_id)
        return Shelves(Stock.of(themes, kinds, languages), None if room is None else int(room))

    def put_shelves(self, shop_id: str, shelves: Shelves, who: str) -> None:
        """From now on a shop stocks this; its kiosks have it at their next heartbeat.

        Raises:
            UnknownError: there is none with that id. HubError: the room is none.
        """
        stock = shelves.stock
        words = dict(zip(STOCK, (stock.themes, stock.kinds, stock.languages), strict=True))
        said = {name: " ".join(keys) for name, keys in words.items()}
        said[ROOM] = "" if shelves.room_bytes is None else str(shelves.room_bytes)
        with self._database.writing() as db:
            _get(db, shop_id)
            for name, text in said.items():
                settings.drop(db, name, shop_id)
                if text != str(settings.get(db, name) or "") and (text or name != ROOM):
                    settings.put(db, name, text, shop_id)
            audit.note(db, who, "shelves changed", shop_id)


def understood(text: str) -> str:
    """Opening hours in words, as everybody will read them; empty for none.

    Raises:
        RecordError: they cannot be understood, or end before they begin.
    """
    week = hours.parse(text)
    for spans in week.week:
        for start, end in spans:
            if end <= start:
                raise RecordError(
                    f"opening hours: {start:%H:%M}-{end:%H:%M} ends before it begins; what is after midnight belongs "
                    "to the next day, as in Fr 20:00-24:00; Sa 00:00-02:00"
                )
    return week.in_words()


# -- inner


def _get(db: Connection, shop_id: str) -> Shop:
    if found := catalogue.shop_by_id(db, shop_id):
        return found
    raise UnknownError("There is no such shop.")


def _check(db: Connection, details: Details, shop_id: str) -> None:
    wrong: dict[str, str] = {}
    same = details.name.casefold()
    if not details.name:
        wrong["name"] = "It needs a name."
    elif len(details.name) > MOST_LETTERS or not details.name.isprintable():
        wrong["name"] = f"The name has {MOST_LETTERS} letters at most."
    elif any(one.name.casefold() == same and one.id != shop_id for one in catalogue.shops(db)):
        wrong["name"] = "Another shop has this name."
    try:
        understood(details.hours)
    except RecordError as error:
        wrong["hours"] = sentence(error)
    if details.timezone not in available_timezones():
        wrong["timezone"] = "This time zone is not known: it looks like Europe/London."
    if details.postcode and not postcodes.normal(details.postcode):
        wrong["postcode"] = "This is no postcode: it looks like SA9 1GX."
    if wrong:
        raise ShopError(wrong)


def _rename(db: Connection, before: str, after: str, who: str) -> None:
    """Items and drafts that name the shop do so by its new name."""
    items = [
        msgspec.convert({"id": item_id, **fields}, Item)
        for item_id, _revision, fields in catalogue.live(db, "item")
        if before in fields.get("shops", ())
    ]
    catalogue.put(db, [_renamed(item, before, after) for item in items], who)
    for draft in [one for state in drafts.STATES for one in drafts.in_state(db, state)]:
        if before in draft.item.shops:
            renamed = _renamed(draft.item, before, after)
            drafts.put(db, renamed, draft.who, state=draft.state, publish_on=draft.publish_on)


def _renamed(item: Item, before: str, after: str) -> Item:
    names: Sequence[str] = [after if name == before else name for name in item.shops]
    return msgspec.structs.replace(item, shops=list(dict.fromkeys(names)))
