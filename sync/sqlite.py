"""SQLite through SQLAlchemy, with transactions that are what they seem, and deletions too.

The driver's own habit lets `SELECT max` and then `INSERT` race: a transaction begins only at the first write. Here it
begins where the code says so, as `BEGIN IMMEDIATE` for writers, so that two writers wait for each other; `synchronous`
is FULL, so that what was committed survives a power cut. What is deleted is overwritten with zeros (`secure_delete`),
whoever compiled SQLite; what is left of it even so, in moved rows and in the write-ahead log, goes with `scrub`.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event

READ: Final = {"touchpoint_read": True}
"""Execution options of a connection that only reads: it waits for no writer."""


def engine(url: str, *, timeout_s: float = 15.0) -> Engine:
    """An engine for a file, in write-ahead mode; a writer waits `timeout_s` seconds for another.

    Its errors never say which values a statement had: they end in logs.
    """
    made = create_engine(url, connect_args={"timeout": timeout_s}, hide_parameters=True)

    @event.listens_for(made, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _on_begin(db: Connection) -> None:
        reads = db.get_execution_options().get("touchpoint_read")
        db.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return made


def scrub(made: Engine, *, timeout_s: float = 5.0) -> bool:
    """Write a file anew without anything that was deleted, and empty its write-ahead log.

    `secure_delete` leaves copies behind where rows were moved from page to page before they were deleted. This takes
    the time and, for a moment, the room of another file of its size.

    False when somebody reads or writes for longer than `timeout_s` seconds, or there is no room: to be tried again.
    """
    with contextlib.closing(sqlite3.connect(str(made.url.database), timeout=timeout_s, isolation_level=None)) as db:
        try:
            db.execute("VACUUM")
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy
