"""Opening the hub's database, and the one transaction in which everything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, exc, make_url, text

from sync import sqlite

WAIT_S: Final = 30
"""So long a writer waits for another before it says that the database is busy."""
BUSY: Final = (exc.OperationalError, exc.TimeoutError)
"""What is raised where it is busy, full or away: by the database itself, or as none of our connections came free."""
_WRITERS_LOCK: Final = 0x70756873
"""The PostgreSQL advisory lock that stands for "the one writer"."""
_SNAPSHOT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All queries of a PostgreSQL transaction see the database at one moment, as those of SQLite do anyway."""


class Database:
    """The hub's database, open.

    Args:
        url: an address as `sync.hub.where` gives it, or the path of an SQLite file.
    """

    def __init__(self, url: str | Path) -> None:
        self.url = f"sqlite:///{url}" if isinstance(url, Path) else url
        self.engine = _engine(self.url)
        self.is_server = self.engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction as the one writer.

        Revisions are handed out under this lock, so that their order is the order of the commits and no reader can
        ever skip one.
        """
        with self.engine.begin() as db:
            be_the_writer(db)
            yield db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, which waits for no writer; all that is read is of one moment."""
        options = _SNAPSHOT if self.is_server else sqlite.READ
        with self.engine.connect().execution_options(**options) as db:
            yield db

    def scrub(self) -> bool:
        """See to it that what was deleted is nowhere in the files any more; False when it must be tried again.

        PostgreSQL's own vacuum does so in time; a log that is archived is for whoever archives it.
        """
        return True if self.is_server else sqlite.scrub(self.engine)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def be_the_writer(db: Connection) -> None:
    """Wait until no other transaction writes; at its beginning. SQLite's begin as writers.

    The lock is the transaction's own: a connection that goes back to its pool can never keep it.
    """
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})


def now() -> str:
    """The time as it is kept: ISO 8601, UTC, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return sqlite.engine(url, timeout_s=WAIT_S)
    given = str(make_url(url).query.get("options", ""))
    settings = {"connect_timeout": 10, "options": f"-c lock_timeout={WAIT_S * 1000} {given}".strip()}
    made = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=settings)
    event.listen(made, "handle_error", _say_no_values)
    return made


def _say_no_values(context: ExceptionContext) -> None:
    """The lines after the first hold the values of the row that was refused, and errors end in logs."""
    error, told = context.original_exception, context.sqlalchemy_exception
    first = str(error).partition("\n")[0]
    error.args = (first,)
    if told is not None:
        told.args = (f"({type(error).__module__}.{type(error).__qualname__}) {first}",)
