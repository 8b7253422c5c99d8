"""The catalogue as it was at any revision, from the history of its records: what publishing makes packs of.

A change is never altered once it is made, so the same may be asked again later and by another process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, case, func, select

from sync.hub.store.schema import change, record
from sync.packs import Digest

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_READ: Final = 500
_VERSION: Final = (change.c.collection, change.c.record_id, change.c.revision, change.c.body)


@dataclass(frozen=True)
class Version:
    """A record as one change left it; `body` is None where it was withdrawn."""

    collection: str
    id: str
    revision: int
    body: bytes | None

    def line(self) -> bytes:
        """The line that stands for it in a delta pack."""
        head = {"c": self.collection, "id": self.id, "r": self.revision}
        return _encode(head | {"gone": True}) if self.body is None else _encode(head | _decode(self.body))

    def fields(self) -> dict[str, Any]:
        """Its fields with `id` and `r`, as `sync.packs.table_of` takes them."""
        return {"id": self.id, "r": self.revision, **_decode(self.body or b"{}")}


def changed(db: Connection, after: int, to: int) -> Iterator[Version]:
    """Every record that changed in `(after, to]` as it was at revision `to`, in revision order."""
    query = select(*_VERSION).where(change.c.revision.in_(_revisions_in(after, to))).order_by(change.c.revision)
    return _versions(db, query)


def in_force(db: Connection, collection: str, at: int) -> Iterator[Version]:
    """Every record that was in force at revision `at`, in revision order."""
    query = select(*_VERSION).where(change.c.revision.in_(_revisions_at(at)), change.c.collection == collection)
    return _versions(db, query.where(change.c.body.is_not(None)).order_by(change.c.revision))


def versions(db: Connection, revisions: Sequence[int]) -> list[Version]:
    """What these revisions made of their records, in the order asked for."""
    found: dict[int, Version] = {}
    for at in range(0, len(revisions), _READ):
        asked = select(*_VERSION).where(change.c.revision.in_(revisions[at : at + _READ]))
        found |= {one.revision: one for one in _versions(db, asked)}
    return [found[revision] for revision in revisions]


def digest(db: Connection, at: int) -> Digest:
    """Count and digest of everything that was in force at revision `at`: every record is looked at."""
    found = Digest()
    query = select(*_VERSION[:3]).where(change.c.revision.in_(_revisions_at(at)), change.c.body.is_not(None))
    for collection, record_id, revision in db.execute(query):
        found.add(collection, UUID(record_id).bytes, revision)
    return found


def digest_onwards(db: Connection, found: Digest, after: int, to: int) -> Digest:
    """The digest at revision `to`, from the one at `after`: only what changed since is looked at."""
    before = change.alias()
    earlier = _latest_of(change.c.collection, change.c.record_id, after)
    query = (
        select(*_VERSION[:3], change.c.body.is_(None), before.c.revision, before.c.body.is_(None))
        .select_from(change.outerjoin(before, before.c.revision == earlier))
        .where(change.c.revision.in_(_revisions_in(after, to)))
    )
    onwards = Digest(found.total, found.count)
    for collection, record_id, revision, gone, revision_before, gone_before in db.execute(query):
        raw = UUID(record_id).bytes
        if revision_before is not None and not gone_before:
            onwards.remove(collection, raw, revision_before)
        if not gone:
            onwards.add(collection, raw, revision)
    return onwards


# -- inner -----------------------------------------------------------------------------------------------------


def _versions(db: Connection, query: Any) -> Iterator[Version]:
    with db.execute(query.execution_options(yield_per=_READ)) as rows:  # else a cursor stays open at the server
        for row in rows:
            yield Version(*row)


def _revisions_in(after: int, to: int) -> Any:
    """The last revision in `(after, to]` of each record that changed then."""
    within = (change.c.revision > after, change.c.revision <= to)
    return select(func.max(change.c.revision)).where(*within).group_by(change.c.collection, change.c.record_id)


def _latest_of(collection: Any, record_id: Any, at: int) -> Any:
    """The revision in which a record was last changed up to `at`: one look into the index `change_of_record`."""
    other = change.alias()
    same = (other.c.collection == collection, other.c.record_id == record_id, other.c.revision <= at)
    return select(func.max(other.c.revision)).where(*same).scalar_subquery()


def _revisions_at(at: int) -> Any:
    """The revision of each record as it was at `at`."""
    latest = _latest_of(record.c.collection, record.c.id, at)
    return select(case((record.c.revision <= at, record.c.revision), else_=latest))
