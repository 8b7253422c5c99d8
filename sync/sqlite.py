"""SQLite through SQLAlchemy, with transactions that are what they seem.

The driver's own habit lets `SELECT max` and then `INSERT` race: a transaction begins only at the first write. Here it
begins where the code says so, as `BEGIN IMMEDIATE` for writers, so that two writers wait for each other; `synchronous`
is FULL, so that what was committed survives a power cut; and what is deleted is overwritten, whoever compiled SQLite.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event

READ: Final = {"touchpoint_read": True}
"""Execution options of a connection that only reads: it waits for no writer."""


def engine(url: str, *, timeout_s: float = 15.0) -> Engine:
    """An engine for a file, in write-ahead mode; a writer waits `timeout_s` seconds for another."""
    made = create_engine(url, connect_args={"timeout": timeout_s})

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
