"""Opening `records.db`, and the transactions every part of it is written in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from kiosk.errors import StoreError
from kiosk.store import schema


class Records:
    """`records.db`, open. Shared by the screen's and the agent's process.

    Every write is one `BEGIN IMMEDIATE` transaction with `synchronous=FULL`: what a person saw confirmed survives a
    power cut, and two writers wait for each other instead of racing.

    Raises:
        StoreError: the file cannot be opened, is not a database, or is newer than this program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self.engine = _engine(path)
        try:
            with self.writing() as db:
                _prepare(db)
        except DatabaseError as error:
            raise StoreError(f"{path} cannot be used: {error.orig}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is safe on disk when the block has ended."""
        with self.engine.begin() as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, which waits for no writer."""
        with self.engine.connect().execution_options(touchpoint_read=True) as db:
            yield db

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


VERSION = 1


def _prepare(db: Connection) -> None:
    """Bring the file to this version's schema; one statement when it is there already."""
    found = db.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > VERSION:
        raise StoreError(f"records.db has version {found}, this program knows {VERSION}: please update Touchpoint")
    if found < VERSION:
        from kiosk.store.migrations import upgrade

        upgrade(db, found)
        db.exec_driver_sql(f"PRAGMA user_version={VERSION}")


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 15}, pool_size=4)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(db: Connection) -> None:
        reads = db.get_execution_options().get("touchpoint_read")
        db.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


__all__ = ["VERSION", "Records", "schema"]
