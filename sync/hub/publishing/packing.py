"""Making packs from the hub's database, as the catalogue was at a given revision.

A base is made from any catalogue within bounded memory: first the order of all records is worked out, then a few
pieces at a time are read and packed.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from sync import packs
from sync.client.down.published import Pack
from sync.hub.publishing import files
from sync.hub.publishing.plan import delta_path
from sync.hub.store import catalogue, revisions
from sync.hub.store.database import Database
from sync.packs import Digest
from sync.records import Item
from sync.replica.rank import rank

QUICK_LEVEL: Final = 3
"""How well a base is packed that a first publication waits for."""

_Run = tuple[str, list[int]]
"""A collection, and revisions of records of it."""


@dataclass(frozen=True)
class Base:
    """A base that was packed, with the digest of all that is in it."""

    pieces: list[Pack]
    digest: Digest


def delta(db: Connection, folder: Path, from_: int, to: int) -> Pack:
    """Pack what changed in `(from_, to]`."""
    content = packs.write_delta(version.line() for version in revisions.changed(db, from_, to))
    return _keep(folder, content, Pack(delta_path(from_, to), "", 0, "delta", from_, to))


def base(
    database: Database,
    folder: Path,
    to: int,
    *,
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Base:
    """Pack everything that was in force at revision `to`.

    Args:
        quick: in haste rather than well.
        progress: told how many of how many pieces are packed.
    """
    with database.reading() as db:
        digest = Digest()
        groups = _grouped([run for name in catalogue.collections(db) for run in _runs(db, name, to, digest)])
        made: list[Pack] = []
        for piece, content in _packed(_pieces(db, groups, to), QUICK_LEVEL if quick else packs.BASE_LEVEL):
            pack = Pack(f"base-{to}-{piece}.pack", "", 0, "base", 0, to, piece, len(groups), quick)
            made.append(_keep(folder, content, pack))
            if progress:
                progress(len(made), len(groups))
        return Base(made, digest)


# -- inner -----------------------------------------------------------------------------------------------------


def _runs(db: Connection, collection: str, at: int, digest: Digest) -> Iterator[_Run]:
    """The revisions of a collection's records in the order in which they are packed, in runs; all are counted in."""
    order: list[tuple[int, int]] = []
    for version in revisions.in_force(db, collection, at):
        digest.add(collection, UUID(version.id).bytes, version.revision)
        order.append((-_rank(version) if collection == "item" else 0, version.revision))
    order.sort()
    for start in range(0, len(order), packs.PIECE_RECORDS):
        yield collection, [revision for _rank, revision in order[start : start + packs.PIECE_RECORDS]]


def _rank(version: revisions.Version) -> int:
    return rank(msgspec.convert(version.fields(), Item))


def _grouped(runs: list[_Run]) -> list[list[_Run]]:
    """What each piece holds: a full run, or all the small ones together, so that a small catalogue is one piece."""
    small = [run for run in runs if len(run[1]) < packs.PIECE_RECORDS]
    large = [[run] for run in runs if len(run[1]) >= packs.PIECE_RECORDS]
    return [*large, small] if small else large or [[]]


def _pieces(db: Connection, groups: list[list[_Run]], to: int) -> Iterator[packs.Piece]:
    for number, group in enumerate(groups):
        tables = [
            packs.table_of(collection, [version.fields() for version in revisions.versions(db, run)])
            for collection, run in group
        ]
        yield packs.Piece(format=packs.BASE_FORMAT, to=to, piece=number, pieces=len(groups), tables=tables)


def _packed(pieces: Iterator[packs.Piece], level: int) -> Iterator[tuple[int, bytes]]:
    """The number and content of each piece, packed on all processors; few are in memory at a time."""
    workers = os.cpu_count() or 1
    waiting: deque[tuple[int, Future[bytes]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for piece in pieces:
            waiting.append((piece.piece, pool.submit(packs.write_piece, piece, level)))
            if len(waiting) > workers:
                number, packed = waiting.popleft()
                yield number, packed.result()
        for number, packed in waiting:
            yield number, packed.result()


def _keep(folder: Path, content: bytes, pack: Pack) -> Pack:
    """Put a pack among the published files, where nobody asks for it until it is signed for."""
    kept = replace(pack, sha256=hashlib.sha256(content).hexdigest(), length=len(content))
    files.replace(folder / kept.file_name, [content])
    return kept
