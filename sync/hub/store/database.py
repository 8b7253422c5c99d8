"""Opening the hub's database, and the one transaction in which everything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, text

from sync import sqlite

_WRITERS_LOCK: Final = 0x70756873
"""The PostgreSQL advisory lock that stands for "the one writer"."""


class Database:
    """The hub's database, open.

    Args:
        url: a SQLAlchemy address, or the path of an SQLite file.
    """

    def __init__(self, url: str | Path) -> None:
        self.url = f"sqlite:///{url}" if isinstance(url, Path) else url
        self.engine = _engine(self.url)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction as the one writer.

        Revisions are handed out under this lock, so that their order is the order of the commits and no reader can
        ever skip one.
        """
        with self.engine.begin() as db:
            if db.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, which waits for no writer."""
        with self.engine.connect().execution_options(**sqlite.READ) as db:
            yield db

    def scrub(self) -> bool:
        """See to it that what was deleted is nowhere in the files any more; False when it must be tried again.

        PostgreSQL's own vacuum does so in time; a log that is archived is for whoever archives it.
        """
        return sqlite.scrub(self.engine) if self.engine.dialect.name == "sqlite" else True

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def now() -> str:
    """The time as it is kept: ISO 8601, UTC, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return sqlite.engine(url, timeout_s=30)
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)
