"""Moving a hub's database: everything in it, from an SQLite file to a PostgreSQL server or back.

What is read is of one moment; what is written is there as a whole or not at all, and only once it was counted. The
database that was moved stays as it was.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.exc import DataError

from sync.hub import locks, where
from sync.hub.errors import HubError
from sync.hub.store import bulk, catalogue, migrate, revisions
from sync.hub.store.database import Database
from sync.hub.store.schema import metadata
from sync.replica.folder import sync_folder

AT_ONCE: Final = 1_000
"""So many rows are in memory at a time."""

Progress = Callable[[int, int], None]
"""Told how many rows of how many are there."""


@dataclass(frozen=True)
class Moved:
    """How many rows of how many tables came, with the catalogue at `revision`."""

    rows: int
    tables: int
    revision: int


def move(source_url: str, target_url: str, progress: Progress = lambda _done, _all: None) -> Moved:
    """Copy a hub's database into another place, where nothing may be yet; addresses are as `where.address` gives them.

    Raises:
        HubError: there is no hub in the one, something in the other, or what came is not what was there.
    """
    if source_url == target_url:
        raise HubError("the database cannot be moved to where it is")
    with contextlib.ExitStack() as opened:
        source = opened.enter_context(contextlib.closing(_existing(source_url)))
        if not opened.enter_context(locks.unkept(source_url)):
            raise HubError(f"a server looks after {where.show(source_url)}: end it first, or what it takes in is lost")
        target = opened.enter_context(_fresh(target_url))
        with source.reading() as db, target.writing() as into:
            _check_empty(into)
            migrate.upgrade_within(into)
            return copy(db, into, progress)


def copy(db: Connection, into: Connection, progress: Progress = lambda _done, _all: None) -> Moved:
    """Copy every row into tables that are empty, and check them; each within its caller's transaction.

    Raises:
        HubError: a row cannot be kept there, or what came is not what was there.
    """
    counts = {table: _count(db, table) for table in metadata.sorted_tables}
    done, all_ = 0, sum(counts.values())
    for table in counts:
        with db.execute(select(table).execution_options(yield_per=AT_ONCE)) as rows:
            for some in rows.mappings().partitions():
                try:
                    bulk.insert_rows(into, table, [dict(row) for row in some])
                except DataError as error:
                    raise HubError(f"a row of {table.name} cannot be kept there: {error.orig}") from error
                done += len(some)
                progress(done, all_)
        _go_on_counting(into, table)
    revision = _check_same(db, into, counts)
    return Moved(done, len(counts), revision)


# -- inner -----------------------------------------------------------------------------------------------------


def _existing(url: str) -> Database:
    if url.startswith("sqlite") and not Path(where.show(url)).is_file():
        raise HubError(f"there is no database {where.show(url)}")
    database = Database(url)
    try:
        if not inspect(database.engine).has_table("alembic_version"):
            raise HubError(f"there is no hub in {where.show(url)}")
        migrate.upgrade_if_needed(database.engine)
    except BaseException:
        database.close()
        raise
    return database


@contextlib.contextmanager
def _fresh(url: str) -> Iterator[Database]:
    """The database to fill; a file appears under its name only when it is whole."""
    if not url.startswith("sqlite"):
        with contextlib.closing(Database(url)) as database:
            yield database
        return
    path = Path(where.show(url))
    if path.exists():
        raise HubError(f"{path} exists already: name a file that does not")
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with contextlib.closing(Database(part)) as database:
            yield database
        part.rename(path)
        sync_folder(path.parent)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _check_empty(db: Connection) -> None:
    there = set(inspect(db).get_table_names()) - {"alembic_version"}
    ours = [table for table in metadata.sorted_tables if table.name in there]
    if there - set(metadata.tables) or any(_count(db, table) for table in ours):
        raise HubError(f"there is something in {where.show(db.engine.url)} already: name an empty database")


def _count(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def _go_on_counting(db: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter that knows nothing of those that came with their numbers."""
    column = table.autoincrement_column
    if db.dialect.name != "postgresql" or column is None:
        return
    last = db.execute(select(func.max(column))).scalar()
    counter = {"table": table.name, "column": column.name, "last": last or 1, "used": last is not None}
    db.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)"), counter)


def _check_same(db: Connection, into: Connection, counts: dict[Table, int]) -> int:
    """Make sure that both hold the same; returns the catalogue's last revision."""
    for table, count in counts.items():
        if (came := _count(into, table)) != count:
            raise HubError(f"{came} of {count} rows of {table.name} came; nothing was moved")
    revision = catalogue.last_revision(db)
    before, after = revisions.digest(db, revision), revisions.digest(into, revision)
    if catalogue.last_revision(into) != revision or (before.count, before.hex()) != (after.count, after.hex()):
        raise HubError("the catalogue that came is not the one that was there; nothing was moved")
    return revision
