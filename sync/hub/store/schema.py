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

shop_setting: Final = Table(
    "shop_setting",
    metadata,
    Column("shop_id", String, primary_key=True),
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
    Column("device_id", String),  # which device it will make; null in those of the first release
    UniqueConstraint("device_id", name="provision_device"),
)

enrol_code: Final = Table(
    "enrol_code",
    metadata,
    Column("device_code_hash", String, primary_key=True),
    Column("user_code_hash", String, nullable=False),
    Column("request", LargeBinary, nullable=False),  # sync.messages.CodeRequest as JSON
    Column("state", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("interval_s", Integer, nullable=False),
    Column("polled_at", String),
    Column("device_id", String),  # once approved
    UniqueConstraint("user_code_hash", name="enrol_code_user"),
    CheckConstraint("state IN ('pending', 'approved', 'denied')", name="enrol_code_state"),
    Index("enrol_code_by_expiry", "expires_at"),
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
    Column("token_next", String),  # hash of a token that was offered and has not been used yet
    Column("token_at", String, nullable=False, server_default=""),  # since when token_hash is in use
    Column("serial", String, nullable=False, server_default=""),
    Column("heartbeat", LargeBinary),  # the last, sync.messages.Heartbeat as JSON
    Column("heartbeat_at", String),
    Column("reported_revision", _Revision, nullable=False, server_default="0"),  # the highest ever
    Column("reported_versions", String, nullable=False, server_default="{}"),  # JSON: TUF role to highest ever
    UniqueConstraint("token_hash", name="device_token"),
    UniqueConstraint("token_next", name="device_token_next"),
    Index("device_by_key", "public_key"),
)

succession: Final = Table(
    "succession",
    metadata,
    Column("former", String, primary_key=True),
    Column("device_id", String, primary_key=True),
    Column("at", String, nullable=False),
    Index("succession_by_device", "device_id"),
)

command: Final = Table(
    "command",
    metadata,
    Column("id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("done_at", String),
    Index("command_by_device", "device_id", "expires_at"),
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
    Index("quarantine_by_device", "device_id", "number"),
)
