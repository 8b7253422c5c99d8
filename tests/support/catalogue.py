"""A replica made of lines, as a base pack would bring them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from sync import packs
from sync.records import Item, State, id_from_key
from sync.replica import base, deltas, schema
from sync.replica.rank import rank
from sync.replica.read import Replica

TODAY = dt.date(2026, 11, 23)
SHOP = {"name": "Mill Lane", "lat": 51.7, "lon": -3.8}


def an_id(number: int) -> str:
    return str(UUID(int=0x0189_0000_0000_7000_8000_0000_0000_0000 + number))


def build(
    path: Path, items: list[dict[str, Any]], shop: dict[str, Any] | None = None, themes: Sequence[dict[str, Any]] = ()
) -> Replica:
    """The replica of a shop called Mill Lane; items have the ids 1, 2, ... where they say no other."""
    made = [{"id": an_id(n), "r": n, "kind": "guide", **item} for n, item in enumerate(items, start=1)]
    made.sort(key=lambda fields: -rank(msgspec.convert(fields, Item)))
    r = len(made)
    shops = [{"id": id_from_key("shop", shop["name"]), "r": r + 1, **shop}] if shop else []
    others = [{"id": id_from_key("theme", one["key"]), "r": r + 2 + at, **one} for at, one in enumerate(themes)]
    tables = [packs.table_of("item", made[at : at + 500]) for at in range(0, len(made), 500)]
    tables += [packs.table_of(name, some) for name, some in (("shop", shops), ("theme", others)) if some]
    to = r + 1 + len(others)
    base.build(path, [packs.Piece(format=packs.BASE_FORMAT, to=to, piece=0, pieces=1, tables=tables)])
    digest = packs.Digest()
    for table in tables:
        digest.add_all(table.collection, table.id_bytes(), table.revisions)
    db = schema.open_for_writing(path)
    deltas.apply(db, [], State(revision=to, count=digest.count, digest=digest.hex()))
    base.build_text(db)
    db.close()
    return Replica(path, shop="Mill Lane", today=lambda: TODAY)
