"""Sealed letters of the first kind must be opened for ever: a stick may lie in a drawer for long.

`stick1/` was written once, by `python -m tests.wire.test_stick1`, and is never written again. The keys are this test's
alone.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync import seal
from sync.messages import (
    BUNDLE_FORMAT,
    REPLY_FORMAT,
    Answer,
    Answers,
    Batch,
    Bundle,
    DeviceInfo,
    Enrolled,
    EnrolRequest,
    Heartbeat,
    HeartbeatAnswer,
    HubKeys,
    Reply,
    Span,
)
from sync.records import Upward

HERE = Path(__file__).parent / "stick1"
ID = "01890000-0000-7000-8000-0123456789ab"
DEVICE = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
HUB_SIGN = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
HUB_SEAL = X25519PrivateKey.from_private_bytes(b"\x03" * 32)
KEYS = HubKeys(seal=HUB_SEAL.public_key().public_bytes_raw().hex(), sign=HUB_SIGN.public_key().public_bytes_raw().hex())
BUNDLE = Bundle(
    format=BUNDLE_FORMAT,
    device_id=ID,
    made_at="2026-11-24T09:00:00.000+00:00",
    reply_key=seal.reply_key(DEVICE).public_key().public_bytes_raw().hex(),
    batch=Batch(
        records=[
            Upward(
                id=ID,
                seq=1,
                kind="usage",
                recorded_at="2026-11-23T17:00:00.000+00:00",
                body={"day": "2026-11-22", "action": "open", "count": 2},
            )
        ]
    ),
    enrol=EnrolRequest(secret="s3cret", public_key=DEVICE.public_key().public_bytes_raw().hex()),
    heartbeat=Heartbeat(at="2026-11-24T09:00:00.000+00:00", waiting=1),
)
REPLY = Reply(
    format=REPLY_FORMAT,
    device_id=ID,
    made_at="2026-11-24T12:00:00.000000+00:00",
    answers=Answers(records=[Answer(id=ID, outcome="accepted")]),
    enrolled=Enrolled(device_id=ID, token="t0ken", shop_id=ID, shop_name="Far End", hub_keys=KEYS),
    device=DeviceInfo(device_id=ID, shop_id=ID, shop_name="Far End", hub_keys=KEYS, settings={"poll_s": 60}),
    heartbeat=HeartbeatAnswer(
        now="2026-11-24T12:00:00.000+00:00", missing=[Span(device=ID, first=1, last=3, count=3)], device="mark"
    ),
)


def test_a_bundle_of_the_first_kind_is_opened() -> None:
    letter = seal.read((HERE / "bundle.sealed").read_bytes())
    signer = DEVICE.public_key().public_bytes_raw()
    content = letter.open(HUB_SEAL, purpose=seal.BUNDLE, addressee=KEYS.seal, signer=signer)
    assert letter.sender == ID
    assert msgspec.json.decode(content, type=Bundle) == BUNDLE


def test_a_reply_of_the_first_kind_is_opened() -> None:
    letter = seal.read((HERE / "reply.sealed").read_bytes())
    signer = HUB_SIGN.public_key().public_bytes_raw()
    content = letter.open(seal.reply_key(DEVICE), purpose=seal.REPLY, addressee=ID, signer=signer)
    assert msgspec.json.decode(content, type=Reply) == REPLY


def _write() -> None:
    bundle = seal.seal(
        msgspec.json.encode(BUNDLE),
        purpose=seal.BUNDLE,
        sender=ID,
        addressee=KEYS.seal,
        signer=DEVICE,
        to=HUB_SEAL.public_key(),
    )
    reply = seal.seal(
        msgspec.json.encode(REPLY),
        purpose=seal.REPLY,
        sender="hub",
        addressee=ID,
        signer=HUB_SIGN,
        to=seal.reply_key(DEVICE).public_key(),
    )
    HERE.mkdir()
    (HERE / "bundle.sealed").write_bytes(bundle)
    (HERE / "reply.sealed").write_bytes(reply)


if __name__ == "__main__":
    _write()
