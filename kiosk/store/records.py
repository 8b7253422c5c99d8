"""Opening `records.db`, and the transactions every part of it is written in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from kiosk.errors import StoreError
from sync import outbox, sqlite

VERSION: Final = 4
"""The version of the schema that this program knows; `migrations` brings older files here."""
_LEAST_FREE_BYTES: Final = 1_000_000


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
        self.engine = sqlite.engine(f"sqlite:///{path}")
        try:
            with self.writing() as db:
                _prepare(db)
        except StoreError:
            self.close()
            raise
        except DatabaseError as error:
            self.close()
            full = "" if shutil.disk_usage(path.parent).free >= _LEAST_FREE_BYTES else "; its disk is full: make room"
            raise StoreError(f"{path} cannot be used: {error.orig}{full}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is safe on disk when the block has ended."""
        with self.engine.begin() as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, which waits for no writer."""
        with self.engine.connect().execution_options(**sqlite.READ) as db:
            yield db

    def claim(self, device_id: str) -> None:
        """Make that device the origin of every record that has none yet."""
        with self.writing() as db:
            outbox.claim(db, device_id)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare(db: Connection) -> None:
    """Bring the file to this version's schema; one statement when it is there already."""
    found = db.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > VERSION:
        raise StoreError(f"records.db has version {found}, this program knows {VERSION}: please update Touchpoint")
    if found < VERSION:
        from kiosk.store.migrations import upgrade

        upgrade(db, found)
        db.exec_driver_sql(f"PRAGMA user_version={VERSION}")
