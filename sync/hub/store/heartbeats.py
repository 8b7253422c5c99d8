"""How each kiosk said it was, and what the hub's people ask of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import uuid_utils
from sqlalchemy import Connection, delete, func, insert, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import command, device, quarantine, succession
from sync.messages import Command, Heartbeat

COMMANDS: Final = ("sync", "test_slip")
LASTS: Final = dt.timedelta(minutes=30)
"""How long a command waits for its kiosk."""
KEPT: Final = dt.timedelta(days=7)
ROLES: Final = ("root", "timestamp", "snapshot", "targets")
HIGHEST: Final = 1 << 53
"""No version or revision above this is believed; any JSON reader has whole numbers exact up to there."""


def note(db: Connection, device_id: str, beat: Heartbeat, *, by_stick: bool = False) -> None:
    """Keep a heartbeat in place of the last one; revision and versions are kept as the highest ever reported."""
    row = db.execute(select(device).where(device.c.id == device_id)).one()
    highest = msgspec.json.decode(row.reported_versions, type=dict[str, int])
    for role in ROLES:
        if 0 < (version := beat.versions.get(role, 0)) < HIGHEST:
            highest[role] = max(highest.get(role, 0), version)
    revision = beat.revision if 0 <= beat.revision < HIGHEST else 0
    at = now()
    values = {
        "heartbeat": msgspec.json.encode(msgspec.structs.replace(beat, acknowledged=[])),
        "heartbeat_at": at,
        "seen_at": at,
        "by_stick": by_stick,
        "reported_revision": max(row.reported_revision, revision),
        "reported_versions": msgspec.json.encode(highest).decode(),
    }
    db.execute(update(device).where(device.c.id == device_id).values(values))
    if beat.done:
        asked = command.c.id.in_(beat.done[:100])
        db.execute(update(command).where(command.c.device_id == device_id, asked).values(done_at=at))


def highest_reported(db: Connection) -> tuple[int, int]:
    """The highest revision, and the highest version of any role but root, that any kiosk has ever seen."""
    rows = db.execute(select(device.c.reported_revision, device.c.reported_versions)).all()
    seen = [msgspec.json.decode(row.reported_versions, type=dict[str, int]) for row in rows]
    versions = [version for one in seen for role, version in one.items() if role != "root"]
    return max((row.reported_revision for row in rows), default=0), max(versions, default=0)


def ask(db: Connection, device_id: str, name: str) -> Command:
    """Ask something of a kiosk; it hears it at its next heartbeat."""
    db.execute(delete(command).where(command.c.expires_at < _in(-KEPT)))
    made = Command(id=str(uuid_utils.uuid7()), name=name, expires_at=_in(LASTS))
    db.execute(insert(command).values(**msgspec.structs.asdict(made), device_id=device_id, made_at=now()))
    return made


def asked(db: Connection, device_id: str) -> list[Command]:
    """What a kiosk has still to do."""
    query = select(command).where(
        command.c.device_id == device_id, command.c.done_at.is_(None), command.c.expires_at > now()
    )
    rows = db.execute(query.order_by(command.c.id).limit(20))
    return [Command(id=row.id, name=row.name, expires_at=row.expires_at) for row in rows]


def kiosks(db: Connection) -> Iterator[dict[str, Any]]:
    """Every device with what it last said of itself (None: nothing yet) and how many of its records were refused.

    `succeeded`: another came after it, and it was not heard of since; a disk's original lives on beside its copy.
    `by_stick`: its last word came on a stick, so that nobody expects it every five minutes.
    """
    refused = select(func.count()).select_from(quarantine).where(quarantine.c.device_id == device.c.id)
    heir = select(func.max(succession.c.at)).where(succession.c.former == device.c.id)
    query = select(device, refused.scalar_subquery().label("refused"), heir.scalar_subquery().label("heir_at"))
    for row in db.execute(query.order_by(device.c.shop_id, device.c.id)):
        yield {
            "device": row.id,
            "name": row.name,
            "shop_id": row.shop_id,
            "enrolled_at": row.enrolled_at,
            "seen_at": row.seen_at,
            "revoked_at": row.revoked_at,
            "succeeded": row.heir_at is not None and (row.seen_at or "") <= row.heir_at,
            "refused": row.refused,
            "by_stick": row.by_stick,
            "heartbeat_at": row.heartbeat_at,
            "heartbeat": msgspec.json.decode(row.heartbeat, type=Heartbeat) if row.heartbeat else None,
        }


def _in(time: dt.timedelta) -> str:
    return (dt.datetime.now(dt.UTC) + time).isoformat(timespec="milliseconds")
