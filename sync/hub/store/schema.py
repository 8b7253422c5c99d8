"""The tables as this version has them; `sync/hub/migrations` brings older databases here.

`change` holds every version of every record ever, with who and what; `record` names the one that is in force. A change,
its revision and its audit are one row, so they cannot part.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata: Final = MetaData()

_Revision = BigInteger().with_variant(Integer, "sqlite")

change: Final = Table(
    "change",
    metadata,
    Column("revision", _Revision, primary_key=True, autoincrement=False),
    Column("collection", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("body", LargeBinary),  # the record's fields as JSON; null when withdrawn
    Index("change_of_record", "collection", "record_id", "revision"),
)

record: Final = Table(
    "record",
    metadata,
    Column("collection", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("revision", _Revision, nullable=False),
    Column("code", String),
    Column("gone", Boolean, nullable=False),
    UniqueConstraint("revision", name="record_revision"),
    UniqueConstraint("code", name="record_code"),
)

blob: Final = Table(
    "blob",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("size_bytes", _Revision, nullable=False),
    Column("media_type", String, nullable=False),
    Column("added_at", String, nullable=False),
)

setting: Final = Table(
    "setting",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

provision: Final = Table(
    "provision",
    metadata,
    Column("secret_hash", String, primary_key=True),
    Column("shop_id", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("used_by", String),
)

device: Final = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("shop_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("token_hash", String, nullable=False),
    Column("enrolled_at", String, nullable=False),
    Column("seen_at", String),
    Column("revoked_at", String),
    UniqueConstraint("token_hash", name="device_token"),
)

received: Final = Table(
    "received",
    metadata,
    Column("id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("seq", _Revision, nullable=False),
    Column("kind", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("boot", String, nullable=False),
    Column("offset_s", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("received_by_device", "device_id", "seq"),
    Index("received_by_kind", "kind", "recorded_at"),
)

quarantine: Final = Table(
    "quarantine",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("device_id", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("reason <> ''", name="quarantine_reason"),
)
