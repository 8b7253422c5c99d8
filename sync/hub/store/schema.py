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
    false,
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
    Column("by_stick", Boolean, nullable=False, server_default=false()),  # how the last heartbeat came
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
    Column("erased_at", String),  # since when nothing is left of it but that it was here
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

# -- the surgery: who may log, what was logged, who asked to be rung back ---------------------------------------

staff: Final = Table(
    "staff",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("salt", String, nullable=False),
    Column("stretched", String, nullable=False),  # sync.pins.stretch of the PIN, hex; empty: a new PIN is needed
    Column("added_at", String, nullable=False),
    Column("pin_at", String, nullable=False),
    Column("removed_at", String),
)

staff_shop: Final = Table(
    "staff_shop",
    metadata,
    Column("staff_id", String, primary_key=True),
    Column("shop_id", String, primary_key=True),
    Index("staff_shop_by_shop", "shop_id"),
)

session_held: Final = Table(
    "session_held",
    metadata,
    Column("session", String, primary_key=True),
    Column("shop_id", String, nullable=False),
    Column("event", String, nullable=False),
    Column("title", String, nullable=False),
    Column("starts", String, nullable=False),  # local, in `timezone`
    Column("ends", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("received_at", String, nullable=False),
    Index("session_held_by_start", "starts"),
)

attendance: Final = Table(
    "attendance",
    metadata,
    Column("id", String, primary_key=True),
    Column("root", String, nullable=False),  # the first record of what this one corrects, or its own id
    Column("counts", Boolean, nullable=False),  # whether it is the last of its root, and not void
    Column("void", Boolean, nullable=False),
    Column("device_id", String, nullable=False),
    Column("seq", _Revision, nullable=False),
    Column("shop_id", String, nullable=False),
    Column("session", String, nullable=False),
    Column("at", String, nullable=False),  # when, as it is reported: aware UTC
    Column("month", String, nullable=False),  # of `at` in the shop's time zone, YYYY-MM
    Column("role", String, nullable=False),
    Column("people", Integer, nullable=False),
    Column("first_time", String, nullable=False),
    Column("topics", String, nullable=False),  # ids with spaces between them
    Column("outcome", String, nullable=False),
    Column("minutes", Integer),
    Column("paper", Boolean, nullable=False),
    Column("clock_wrong", Boolean, nullable=False),  # the kiosk's clock was; `at` is when it was received
    Column("staff", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Index("attendance_by_root", "root", "seq"),
    Index("attendance_by_session", "session"),
    Index("attendance_by_month", "month", "shop_id"),
)

head_count: Final = Table(
    "head_count",
    metadata,
    Column("id", String, primary_key=True),
    Column("session", String, nullable=False),
    Column("device_id", String, nullable=False),
    Column("seq", _Revision, nullable=False),
    Column("shop_id", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("paper", Boolean, nullable=False),
    Column("staff", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Index("head_count_by_session", "session", "seq"),
)

attendance_month: Final = Table(
    "attendance_month",
    metadata,
    Column("month", String, primary_key=True),
    Column("shop_id", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("topic", String, primary_key=True),  # empty: whatever the topics; a record of two topics is in both rows
    Column("first_time", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
)

session_month: Final = Table(
    "session_month",
    metadata,
    Column("month", String, primary_key=True),
    Column("shop_id", String, primary_key=True),
    Column("sessions", Integer, nullable=False),
    Column("head_count", Integer, nullable=False),
)

follow_up: Final = Table(
    "follow_up",
    metadata,
    Column("id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("shop_id", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("delete_on", String, nullable=False),  # YYYY-MM-DD
    Column("sealed", LargeBinary, nullable=False),  # the letter as it came; only the hub's key opens it
    Column("done_at", String),
    Column("done_by", String),
    Index("follow_up_by_shop", "shop_id", "received_at"),
    Index("follow_up_by_end", "delete_on"),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),  # such as `staff added`, `follow-up deleted`
    Column("about", String, nullable=False),  # an id or counts; never what somebody said or how to reach him
    Index("audit_by_time", "at"),
)

postcode: Final = Table(
    "postcode",
    metadata,
    Column("postcode", String, primary_key=True),  # without spaces, in capitals
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    sqlite_with_rowid=False,
)

# -- the hub's own people: who may sign in, and what they are at work on -----------------------------------------

account: Final = Table(
    "account",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),  # in small letters; of somebody who was removed, their id
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),  # sync.hub.passwords; empty: none yet, or no more
    Column("made_at", String, nullable=False),
    Column("removed_at", String),
    CheckConstraint("role IN ('administrator', 'editor', 'coordinator')", name="account_role"),
    UniqueConstraint("email", name="account_email"),
)

account_shop: Final = Table(
    "account_shop",
    metadata,
    Column("account_id", String, primary_key=True),
    Column("shop_id", String, primary_key=True),
)

invitation: Final = Table(
    "invitation",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("expires_at", String, nullable=False),
)

sign_in: Final = Table(
    "sign_in",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("seen_at", String, nullable=False),
    Index("sign_in_by_account", "account_id"),
)

failed_sign_in: Final = Table(
    "failed_sign_in",
    metadata,
    Column("key", String, primary_key=True),  # an account's id, or the hash of an address
    Column("failures", Integer, nullable=False),
    Column("last_at", String, nullable=False),
)

draft: Final = Table(
    "draft",
    metadata,
    Column("item_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the item's fields as JSON
    Column("publish_on", String, nullable=False),  # YYYY-MM-DD, of a scheduled one
    Column("who", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    CheckConstraint("state IN ('draft', 'scheduled', 'suggested')", name="draft_state"),
    Index("draft_by_state", "state", "changed_at"),
)

scan_day: Final = Table(
    "scan_day",
    metadata,
    Column("day", String, primary_key=True),  # YYYY-MM-DD
    Column("item_id", String, primary_key=True),
    Column("language", String, primary_key=True),  # of the page
    Column("count", Integer, nullable=False),
)
"""How often an item's page was opened by a code that a screen or a slip showed; all that is kept of it."""

alert: Final = Table(
    "alert",
    metadata,
    Column("device_id", String, primary_key=True),
    Column("since", String, nullable=False),  # when it was heard of last
    Column("told_at", String),  # when a mail said so
    Column("back_at", String),  # when it was heard of again
    Column("sending_until", String),  # till then a server is at it
)

maker_contact: Final = Table(
    "maker_contact",
    metadata,
    Column("item_id", String, primary_key=True),  # of what they suggested
    Column("received_at", String, nullable=False),
    Column("delete_on", String, nullable=False),  # YYYY-MM-DD
    Column("sealed", LargeBinary, nullable=False),  # a letter that only the hub's key opens
    Index("maker_contact_by_end", "delete_on"),
)

# -- what visitors took and looked for, added up as it comes in ------------------------------------------------------

usage_month: Final = Table(
    "usage_month",
    metadata,
    Column("month", String, primary_key=True),  # YYYY-MM
    Column("shop_id", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("item_id", String, primary_key=True),  # empty: of none
    Column("language", String, primary_key=True),  # empty: not known
    Column("count", Integer, nullable=False),
)

search_month: Final = Table(
    "search_month",
    metadata,
    Column("term", String, primary_key=True),  # what was looked for in vain
    Column("month", String, primary_key=True),
    Column("shop_id", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_day", String, nullable=False),  # YYYY-MM-DD, when it was last looked for then
)
