"""A kiosk as the hub hears of it: records with their places in its sequence, sent as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import uuid_utils

from sync.hub.hub import Hub
from sync.messages import Answer, Batch, EnrolRequest, Former, succession
from sync.records import Upward

NOW = "2026-11-22T11:00:00.000+00:00"


def new_id() -> str:
    return str(uuid_utils.uuid7())


class LoggingShop:
    """A device enrolled at a shop, and what it has logged."""

    def __init__(self, hub: Hub, shop: str = "Mill Lane", after: LoggingShop | None = None) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.hub = hub
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes_raw().hex()
        former = []
        if after:
            proof = after.key.sign(succession(after.device_id, public)).hex()
            former = [Former(device_id=after.device_id, signature=proof)]
        provision = hub.provision(shop)
        self.shop_id = provision.shop_id
        self.device_id = hub.enrol(
            EnrolRequest(secret=provision.secret, public_key=public, name=shop, former=former)
        ).device_id
        self.seq = after.seq if after else 0

    def record(self, kind: str, body: dict[str, Any], **changes: Any) -> Upward:
        """A record in the next place."""
        self.seq += 1
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        values: dict[str, Any] = {"id": new_id(), "seq": self.seq, "kind": kind, "recorded_at": at, "body": body}
        return Upward(**(values | changes))

    def visit(self, session: str, **body: Any) -> Upward:
        """An attendance record; `recorded_at`, `boot` and `offset_s` are its own, the rest is what it says."""
        own = {name: body.pop(name) for name in ("recorded_at", "boot", "offset_s", "id", "device") if name in body}
        return self.record("attendance", {"session": session, "at": NOW, **body}, **own)

    def held(self, session: str, starts: str = "2026-11-22T11:00:00", **body: Any) -> Upward:
        """That a session was held."""
        ends = (dt.datetime.fromisoformat(starts) + dt.timedelta(hours=2)).isoformat()
        said = {"session": session, "starts": starts, "ends": ends, "timezone": "Europe/London", **body}
        return self.record("session", said)

    def heads(self, session: str, count: int) -> Upward:
        """A head count."""
        return self.record("head_count", {"session": session, "count": count})

    def send(self, *records: Upward, boot: str = "", offset_s: float = 0.0) -> list[Answer]:
        """Post records; the hub's answers."""
        return self.hub.take(self.device_id, Batch(records=list(records), boot=boot, offset_s=offset_s)).records
