"""The catalogue's records, as the hub's editors change them. Every write goes through `put` or `withdraw`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import uuid_utils
from sqlalchemy import Connection, Row, bindparam, func, select, update

from sync import codes
from sync.hub.errors import UnknownError
from sync.hub.store import bulk, postcodes
from sync.hub.store.database import now
from sync.hub.store.schema import change, record
from sync.records import CATALOGUE, Item, Shop, Theme, id_from_key

ADDED: Final = "added"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"
WITHDRAWN: Final = "withdrawn"
RESTORED: Final = "restored"

Record = Item | Theme | Shop
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_READ: Final = 500


@dataclass(frozen=True)
class Head:
    """The version of a record that is in force; `body` is None for one that was withdrawn."""

    id: str
    revision: int
    code: str | None
    body: bytes | None


def put(db: Connection, records: Sequence[Record], who: str, *, what: str = "") -> list[str]:
    """Make these records the ones in force; returns for each what became of it: added, changed or unchanged.

    The history says the same of each, or `what`, where that is given. A place that says no more than a postcode this
    hub knows gets the position of that, whoever puts it.

    Within the caller's writing transaction. Records must be of one collection and have different ids.
    """
    if not records:
        return []
    collection = _collection_of(records[0])
    records = postcodes.located(db, records)
    heads = _heads(db, collection, [record.id for record in records])
    revision = _last_revision(db)
    at = now()
    outcomes, changes, added, changed = [], [], [], []
    codes_taken = _codes_taken(db, [codes.for_id(one.id) for one in records if isinstance(one, Item)])
    for one in records:
        head = heads.get(one.id)
        if isinstance(one, Item):
            one = _with_code(db, one, head, codes_taken)
        body = _body(one)
        if head and head.body == body:
            outcomes.append(UNCHANGED)
            continue
        revision += 1
        outcomes.append(CHANGED if head else ADDED)
        changes.append(_change(revision, collection, one.id, at, who, what or outcomes[-1], body))
        if head:
            changed.append({"key_c": collection, "key_id": one.id, "new_revision": revision, "new_gone": False})
        else:
            code = (one.code or codes.for_id(one.id)) if isinstance(one, Item) else None
            added.append({"collection": collection, "id": one.id, "revision": revision, "code": code, "gone": False})
    _write(db, changes, added, changed)
    return outcomes


def compare(db: Connection, records: Sequence[Record]) -> list[str]:
    """What `put` would make of each of these records; nothing is changed."""
    if not records:
        return []
    records = postcodes.located(db, records)
    heads = _heads(db, _collection_of(records[0]), [record.id for record in records])
    outcomes = []
    for one in records:
        if (head := heads.get(one.id)) is None:
            outcomes.append(ADDED)
            continue
        as_it_would_be = _with_code(db, one, head, set()) if isinstance(one, Item) else one
        outcomes.append(UNCHANGED if head.body == _body(as_it_would_be) else CHANGED)
    return outcomes


def withdraw(db: Connection, code: str, who: str) -> Item:
    """Take an item off every shelf; returns it as it was.

    Raises:
        UnknownError: no item has that code, or it is withdrawn already.
    """
    row = db.execute(
        select(record.c.id, record.c.gone).where(record.c.code == code, record.c.collection == "item")
    ).one_or_none()
    if row is None:
        raise UnknownError(f"no item has the code {codes.show(code)}")
    if row.gone:
        raise UnknownError(f"the item with the code {codes.show(code)} is withdrawn already")
    head = _heads(db, "item", [row.id])[row.id]
    revision = _last_revision(db) + 1
    changes = [_change(revision, "item", row.id, now(), who, WITHDRAWN, None)]
    _write(db, changes, [], [{"key_c": "item", "key_id": row.id, "new_revision": revision, "new_gone": True}])
    return msgspec.convert({"id": row.id, "r": head.revision, **_decode(head.body or b"{}")}, Item)


def last_revision(db: Connection) -> int:
    """The revision of the latest change; 0 before the first."""
    return _last_revision(db)


def live(db: Connection, collection: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every record in force as (id, revision, fields), in revision order."""
    query = _joined().where(record.c.collection == collection, record.c.gone.is_(False)).order_by(record.c.revision)
    for row in db.execute(query):
        yield row.id, row.revision, _decode(row.body)


def in_force_now(db: Connection, collection: str, ids: Sequence[str]) -> list[Record]:
    """Those of these items or shops that are in force, as they are now."""
    heads = _heads(db, collection, ids).values()
    return [
        msgspec.convert({"id": head.id, **_decode(head.body)}, CATALOGUE[collection])  # type: ignore[misc]
        for head in heads
        if head.body is not None
    ]


def collections(db: Connection) -> list[str]:
    """The collections there are: those that this version knows, then others."""
    there = set(db.execute(select(record.c.collection).distinct()).scalars())
    return [*CATALOGUE, *sorted(there - set(CATALOGUE))]


def lift(db: Connection, above: int, who: str) -> int:
    """Stamp one record anew with the revision after `above`, so that every later change comes after that too.

    Within the caller's writing transaction; does nothing where revisions are past it already, or there is no record.
    Returns the last revision.
    """
    last = _last_revision(db)
    head = db.execute(_joined().where(record.c.gone.is_(False)).order_by(record.c.revision).limit(1)).one_or_none()
    if last > above or head is None:
        return last
    changes = [_change(above + 1, head.collection, head.id, now(), who, RESTORED, head.body)]
    key = {"key_c": head.collection, "key_id": head.id}
    _write(db, changes, [], [{**key, "new_revision": above + 1, "new_gone": False}])
    return above + 1


@dataclass(frozen=True)
class Change:
    """What was done to a record: when, by whom, and the fields it left; None where it was withdrawn."""

    revision: int
    at: str
    who: str
    what: str
    fields: dict[str, Any] | None


def history(db: Connection, collection: str, record_id: str, most: int | None = None) -> list[Change]:
    """What was ever done to a record, the latest first; no more than `most`, where that is given."""
    query = select(change).where(change.c.collection == collection, change.c.record_id == record_id)
    rows = db.execute(query.order_by(change.c.revision.desc()).limit(most))
    return [Change(row.revision, row.at, row.who, row.what, _decode(row.body) if row.body else None) for row in rows]


def withdrawn(db: Connection, most: int) -> list[tuple[Item, str, str]]:
    """The items that were withdrawn last, as they were, with when and by whom."""
    before = change.alias()
    earlier = select(func.max(before.c.revision)).where(
        before.c.collection == "item", before.c.record_id == record.c.id, before.c.revision < record.c.revision
    )
    query = (
        select(record.c.id, change.c.at, change.c.who, before.c.body)
        .join(change, change.c.revision == record.c.revision)
        .join(before, before.c.revision == earlier.correlate(record).scalar_subquery())
        .where(record.c.collection == "item", record.c.gone.is_(True))
        .order_by(record.c.revision.desc())
        .limit(most)
    )
    return [
        (msgspec.convert({"id": row.id, **_decode(row.body or b"{}")}, Item), row.at, row.who)
        for row in db.execute(query)
    ]


def id_of(db: Connection, code: str) -> str | None:
    """The id of the item with that short code, in force or not."""
    return db.execute(select(record.c.id).where(record.c.code == code, record.c.collection == "item")).scalar()


def shops(db: Connection) -> list[Shop]:
    """Every shop, by name."""
    found = [msgspec.convert({"id": shop_id, **fields}, Shop) for shop_id, _revision, fields in live(db, "shop")]
    return sorted(found, key=lambda shop: (shop.name.casefold(), shop.id))


def shop_named(db: Connection, name: str) -> Shop | None:
    """The shop of that name, if there is one."""
    return next((shop for shop in shops(db) if shop.name == name), None)


def new_shop_id(db: Connection, name: str) -> str:
    """The id of a new shop: its name's own, so that a hub that is set up again gives the same; else a fresh one.

    A shop that was given another name keeps its id, which is still that of its first name.
    """
    own = id_from_key("shop", name)
    return str(uuid_utils.uuid7()) if own in _heads(db, "shop", [own]) else own


def shop_by_id(db: Connection, shop_id: str) -> Shop | None:
    """The shop with that id; None when there is none, or no more."""
    head = _heads(db, "shop", [shop_id]).get(shop_id)
    return msgspec.convert({"id": shop_id, **_decode(head.body)}, Shop) if head and head.body else None


def shop_names(db: Connection) -> dict[str, str]:
    """Every shop's name by its id."""
    return {shop_id: fields["name"] for shop_id, _revision, fields in live(db, "shop")}


def themes(db: Connection) -> list[Theme]:
    """All themes, in their order."""
    found = [msgspec.convert({"id": theme_id, **fields}, Theme) for theme_id, _revision, fields in live(db, "theme")]
    return sorted(found, key=lambda theme: (theme.position, theme.name))


def theme_keys(db: Connection) -> set[str]:
    """The keys of all themes."""
    return {fields["key"] for _id, _revision, fields in live(db, "theme")}


# -- inner -----------------------------------------------------------------------------------------------------


def _collection_of(one: Record) -> str:
    return next(name for name, kind in CATALOGUE.items() if type(one) is kind)


def _body(one: Record) -> bytes:
    fields = msgspec.to_builtins(one)
    for name in ("id", "r"):
        fields.pop(name, None)
    return _encode(fields)


def _with_code(db: Connection, item: Item, head: Head | None, taken: set[str]) -> Item:
    """The item with its code: the one it always had, else its id's own, else the next free one."""
    own = codes.for_id(item.id)
    if head:
        return _named(item, head.code or own, own)
    code, attempt = own, 0
    while code in taken or (attempt and _codes_taken(db, [code])):
        attempt += 1
        code = codes.next_free(own, attempt)
    taken.add(code)
    return _named(item, code, own)


def _named(item: Item, code: str, own: str) -> Item:
    return msgspec.structs.replace(item, code="" if code == own else code, revision=0)


def _codes_taken(db: Connection, wanted: Sequence[str]) -> set[str]:
    """Those of the wanted codes that some item has."""
    taken: set[str] = set()
    for at in range(0, len(wanted), _READ):
        taken.update(db.execute(select(record.c.code).where(record.c.code.in_(wanted[at : at + _READ]))).scalars())
    return taken


def _joined() -> Any:
    return select(
        record.c.collection, record.c.id, record.c.revision, record.c.code, record.c.gone, change.c.body
    ).join(change, change.c.revision == record.c.revision)


def _heads(db: Connection, collection: str, ids: Sequence[str]) -> dict[str, Head]:
    heads: dict[str, Head] = {}
    for at in range(0, len(ids), _READ):
        query = _joined().where(record.c.collection == collection, record.c.id.in_(ids[at : at + _READ]))
        heads |= {row.id: _head(row) for row in db.execute(query)}
    return heads


def _head(row: Row[Any]) -> Head:
    return Head(id=row.id, revision=row.revision, code=row.code, body=None if row.gone else row.body)


def _last_revision(db: Connection) -> int:
    return int(db.execute(select(func.coalesce(func.max(change.c.revision), 0))).scalar_one())


def _change(
    revision: int, collection: str, record_id: str, at: str, who: str, what: str, body: bytes | None
) -> dict[str, Any]:
    return {
        "revision": revision,
        "collection": collection,
        "record_id": record_id,
        "at": at,
        "who": who,
        "what": what,
        "body": body,
    }


def _write(
    db: Connection, changes: list[dict[str, Any]], added: list[dict[str, Any]], changed: list[dict[str, Any]]
) -> None:
    bulk.insert_rows(db, change, changes)
    bulk.insert_rows(db, record, added)
    if changed:
        db.execute(
            update(record)
            .where(record.c.collection == bindparam("key_c"), record.c.id == bindparam("key_id"))
            .values(revision=bindparam("new_revision"), gone=bindparam("new_gone")),
            changed,
        )
