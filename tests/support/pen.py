"""A kiosk's records about people, made as a kiosk makes them: each with its place in the sequence, letters sealed."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import uuid_utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync import seal
from sync.hub.hub import Hub
from sync.hub.hub_keys import OwnKeys
from sync.messages import Answer, Batch, EnrolRequest, Former, succession
from sync.records import Contact, FollowUp, Upward

AT = "2026-11-22T10:00:00.000+00:00"


class Pen:
    """Who writes a shop's records: an enrolled device with its key."""

    def __init__(self, hub: Hub, shop: str = "Mill Lane", *former: Pen) -> None:
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes_raw().hex()
        provision = hub.provision(shop)
        proofs = [Former(device_id=one.id, signature=one.key.sign(succession(one.id, public)).hex()) for one in former]
        request = EnrolRequest(secret=provision.secret, public_key=public, name="front", former=proofs)
        self.id = hub.enrol(request).device_id
        self.hub_keys: OwnKeys = hub.keys
        self.seq = 0

    def record(self, kind: str, body: msgspec.Struct | dict[str, Any], at: str = AT, **changes: Any) -> Upward:
        """The next record."""
        self.seq += 1
        said = body if isinstance(body, dict) else msgspec.to_builtins(body)
        values = {"id": str(uuid_utils.uuid7()), "seq": self.seq, "kind": kind, "recorded_at": at, "body": said}
        return Upward(**(values | {"boot": "b" * 36, "offset_s": 1.5} | changes))

    def asks(self, first_name: str = "Ann", contact: str = "07700 900123", about: str = "email", **more: Any) -> Upward:
        """Somebody asks to be rung back."""
        said = Contact(
            first_name=first_name,
            contact=contact,
            about=about,
            notice="1",
            agreed_at=AT,
            padding="." * max(0, 200 - len(first_name) - len(contact)),
            **more,
        )
        return self.record("follow_up", FollowUp(sealed=base64.b64encode(self.letter(said)).decode()))

    def letter(self, said: Contact, **changes: Any) -> bytes:
        """A letter, right unless something else is said."""
        values: dict[str, Any] = {
            "purpose": seal.FOLLOW_UP,
            "sender": self.id,
            "addressee": "hub",
            "signer": self.key,
            "to": X25519PublicKey.from_public_bytes(bytes.fromhex(self.hub_keys.public.seal)),
        }
        return seal.seal(msgspec.json.encode(said), **(values | changes))

    def withdraws(self, record: Upward) -> Upward:
        """He does not want to be rung back any more."""
        return self.record("follow_up", FollowUp(withdraws=record.id))


def outcomes(hub: Hub, device_id: str, *records: Upward) -> list[str]:
    """What the hub says of each."""
    return [answer.outcome for answer in answers(hub, device_id, *records)]


def answers(hub: Hub, device_id: str, *records: Upward) -> list[Answer]:
    """What the hub says of each, and why."""
    return hub.take(device_id, Batch(records=list(records))).records
