"""Steps that bring an older `records.db` to this version's schema, one function a version, in order.

A step is never changed once released. Each runs in the caller's transaction, so a power cut leaves the old version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection


def _to_1(db: Connection) -> None:
    """The first release: print queue, usage counts, outbox."""
    db.exec_driver_sql(
        "CREATE TABLE print_job (id VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, slip BLOB NOT NULL,"
        " made_at FLOAT NOT NULL, changed_at FLOAT NOT NULL, message VARCHAR DEFAULT '' NOT NULL,"
        " outcome VARCHAR DEFAULT '' NOT NULL, CONSTRAINT print_job_state CHECK"
        " (state IN ('queued', 'sending', 'printed', 'unknown', 'failed', 'dropped')))"
    )
    db.exec_driver_sql("CREATE INDEX print_job_by_state ON print_job (state, made_at)")
    db.exec_driver_sql(
        "CREATE TABLE usage (day VARCHAR NOT NULL, action VARCHAR NOT NULL, item VARCHAR NOT NULL,"
        " term VARCHAR NOT NULL, language VARCHAR NOT NULL, count INTEGER NOT NULL,"
        " PRIMARY KEY (day, action, item, term, language))"
    )
    db.exec_driver_sql(
        "CREATE TABLE outbox (seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id VARCHAR NOT NULL,"
        " kind VARCHAR NOT NULL, recorded_at VARCHAR NOT NULL, boot VARCHAR NOT NULL, offset_s FLOAT NOT NULL,"
        " body BLOB NOT NULL, state VARCHAR DEFAULT 'waiting' NOT NULL, reason VARCHAR DEFAULT '' NOT NULL,"
        " CONSTRAINT outbox_id UNIQUE (id),"
        " CONSTRAINT outbox_state CHECK (state IN ('waiting', 'acknowledged', 'rejected')))"
    )
    db.exec_driver_sql("CREATE INDEX outbox_waiting ON outbox (state, seq)")


def _to_2(db: Connection) -> None:
    """Records know which device sends them and when they were acknowledged; what was, is kept a week from now."""
    db.exec_driver_sql("ALTER TABLE outbox ADD COLUMN device VARCHAR DEFAULT '' NOT NULL")
    db.exec_driver_sql("ALTER TABLE outbox ADD COLUMN acknowledged_at VARCHAR DEFAULT '' NOT NULL")
    db.exec_driver_sql(
        "UPDATE outbox SET acknowledged_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') WHERE state = 'acknowledged'"
    )
    db.exec_driver_sql("CREATE INDEX outbox_by_device ON outbox (device, seq)")


def _to_3(db: Connection) -> None:
    """Records are found again by what they are about; staff's PINs are counted, and chosen before a hub was heard."""
    db.exec_driver_sql("ALTER TABLE outbox ADD COLUMN about VARCHAR DEFAULT '' NOT NULL")
    db.exec_driver_sql("CREATE INDEX outbox_about ON outbox (kind, about)")
    db.exec_driver_sql(
        "CREATE TABLE pin_tries (number INTEGER NOT NULL PRIMARY KEY, wrong INTEGER NOT NULL, tried_at FLOAT NOT NULL,"
        " CONSTRAINT pin_tries_one CHECK (number = 1))"
    )
    db.exec_driver_sql(
        "CREATE TABLE own_pin (id VARCHAR NOT NULL PRIMARY KEY, salt VARCHAR NOT NULL, secret VARCHAR NOT NULL,"
        " verifier VARCHAR NOT NULL, CONSTRAINT own_pin_id CHECK (id IN ('setup', 'own')))"
    )


def _to_4(db: Connection) -> None:
    """Slips are known at their printers. Those in the queue are an hour old at most: they are not taken along."""
    db.exec_driver_sql("DROP TABLE print_job")
    db.exec_driver_sql(
        "CREATE TABLE print_job (id VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, slip BLOB NOT NULL,"
        " made_at FLOAT NOT NULL, changed_at FLOAT NOT NULL, reason VARCHAR DEFAULT '' NOT NULL,"
        " outcome VARCHAR DEFAULT '' NOT NULL, attempt INTEGER DEFAULT '0' NOT NULL,"
        " printer VARCHAR DEFAULT '' NOT NULL, mark VARCHAR DEFAULT '' NOT NULL, cuts INTEGER,"
        " CONSTRAINT print_job_state CHECK (state IN ('queued', 'sending', 'printed', 'unknown', 'shown')))"
    )
    db.exec_driver_sql("CREATE INDEX print_job_by_state ON print_job (state, made_at)")


STEPS: Final[tuple[Callable[[Connection], None], ...]] = (_to_1, _to_2, _to_3, _to_4)


def upgrade(db: Connection, found: int) -> None:
    """Run the steps from version `found` on."""
    for step in STEPS[found:]:
        step(db)
