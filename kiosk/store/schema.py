"""The tables of `records.db` as this version has them; `migrations/` brings older files here."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

import sync.outbox

metadata: Final = MetaData()

print_job: Final = Table(
    "print_job",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("slip", LargeBinary, nullable=False),  # kiosk.domain.slips.Slip as JSON
    Column("made_at", Float, nullable=False),  # seconds since 1970, this unit's clock
    Column("changed_at", Float, nullable=False),
    Column("reason", String, nullable=False, server_default=""),  # how the printer is that keeps it waiting
    Column("outcome", String, nullable=False, server_default=""),  # path of the picture, for the picture printer
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("printer", String, nullable=False, server_default=""),  # its address, from the first attempt on
    Column("mark", String, nullable=False, server_default=""),  # what that printer knows this slip by
    Column("cuts", Integer),  # how often it had cut paper before; NULL where it does not count
    CheckConstraint("state IN ('queued', 'sending', 'printed', 'unknown', 'shown')", name="print_job_state"),
    Index("print_job_by_state", "state", "made_at"),
)

usage: Final = Table(
    "usage",
    metadata,
    Column("day", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("term", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

pin_tries: Final = Table(
    "pin_tries",
    metadata,
    Column("number", Integer, primary_key=True),  # one row, number 1
    Column("wrong", Integer, nullable=False),  # since the last right one
    Column("tried_at", Float, nullable=False),  # seconds since 1970, this unit's clock
    CheckConstraint("number = 1", name="pin_tries_one"),
)

own_pin: Final = Table(
    "own_pin",
    metadata,
    Column("id", String, primary_key=True),  # 'setup', good once, or 'own', chosen after it
    Column("salt", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("verifier", String, nullable=False),
    CheckConstraint("id IN ('setup', 'own')", name="own_pin_id"),
)

outbox: Final = sync.outbox.table.to_metadata(metadata)
