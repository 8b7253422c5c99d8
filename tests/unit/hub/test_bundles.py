"""What the hub does with a bundle from a stick: takes each record once, from whom it really is, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
import requests
import uuid_utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync import seal
from sync.errors import HubRejectedError
from sync.hub import bundles
from sync.hub.store import inbox
from sync.messages import BUNDLE_FORMAT, Batch, Bundle, EnrolRequest, Heartbeat, Reply
from sync.records import Upward
from tests.conftest import TestHub


class Unit:
    """A unit without a connection, made of a provisioning file and a key."""

    def __init__(self, hub: TestHub) -> None:
        self.hub = hub
        self.key = Ed25519PrivateKey.generate()
        provision = hub.hub.provision("Mill Lane")
        self.id, self.secret, self.hub_keys = provision.device_id, provision.secret, provision.hub_keys
        self.seq = 0

    @property
    def enrol(self) -> EnrolRequest:
        return EnrolRequest(secret=self.secret, public_key=self.key.public_key().public_bytes_raw().hex())

    def records(self, number: int) -> list[Upward]:
        made = []
        for _ in range(number):
            self.seq += 1
            body = {"day": "2026-11-20", "action": "open", "count": self.seq}
            at = "2026-11-21T09:00:00.000+00:00"
            made.append(Upward(id=str(uuid_utils.uuid7()), seq=self.seq, kind="usage", recorded_at=at, body=body))
        return made

    def bundle(self, records: list[Upward], **changes: Any) -> Bundle:
        fields: dict[str, Any] = {
            "format": BUNDLE_FORMAT,
            "device_id": self.id,
            "made_at": dt.datetime.now(dt.UTC).isoformat(),
            "reply_key": seal.reply_key(self.key).public_key().public_bytes_raw().hex(),
            "batch": Batch(records=records),
            "enrol": self.enrol,
        }
        return Bundle(**(fields | changes))

    def sealed(self, bundle: Bundle, **changes: Any) -> bytes:
        fields: dict[str, Any] = {
            "purpose": seal.BUNDLE,
            "sender": self.id,
            "addressee": self.hub_keys.seal,
            "signer": self.key,
            "to": X25519PublicKey.from_public_bytes(bytes.fromhex(self.hub_keys.seal)),
        }
        return seal.seal(msgspec.json.encode(bundle), **(fields | changes))

    def open(self, reply: bytes) -> Reply:
        content = seal.read(reply).open(
            seal.reply_key(self.key),
            purpose=seal.REPLY,
            addressee=self.id,
            signer=bytes.fromhex(self.hub_keys.sign),
        )
        return msgspec.json.decode(content, type=Reply)

    def send(self, bundle: Bundle, **changes: Any) -> Reply:
        return self.open(bundles.answer(self.hub.hub, self.sealed(bundle, **changes)))

    def refused(self, bundle: Bundle, **changes: Any) -> int:
        before = there(self.hub)
        with pytest.raises(HubRejectedError) as refusal:
            bundles.answer(self.hub.hub, self.sealed(bundle, **changes))
        assert there(self.hub) == before
        return refusal.value.status


def there(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return [row["id"] for row in inbox.everything(db)]


@pytest.fixture
def unit(hub: TestHub) -> Unit:
    return Unit(hub)


@pytest.fixture
def known(unit: Unit) -> Unit:
    """One that is enrolled already."""
    unit.send(unit.bundle([]))
    return unit


def test_a_bundle_enrols_its_unit_and_brings_its_records(unit: Unit) -> None:
    records = unit.records(3)
    reply = unit.send(unit.bundle(records, heartbeat=Heartbeat(at="2026-11-21T09:00:00+00:00")))
    assert reply.enrolled and (reply.enrolled.device_id, reply.enrolled.shop_name) == (unit.id, "Mill Lane")
    assert reply.device and reply.device.hub_keys == unit.hub_keys
    assert reply.heartbeat and reply.heartbeat.now
    assert [answer.outcome for answer in reply.answers.records] == ["accepted"] * 3
    assert there(unit.hub) == [record.id for record in records]


def test_a_bundle_that_comes_twice_doubles_nothing(unit: Unit) -> None:
    bundle = unit.bundle(unit.records(3))
    unit.send(bundle)
    again = unit.send(bundle)
    assert [answer.outcome for answer in again.answers.records] == ["duplicate"] * 3
    assert again.enrolled and again.enrolled.device_id == unit.id
    assert len(there(unit.hub)) == 3


def test_older_and_newer_bundles_may_come_in_any_order(unit: Unit) -> None:
    records = unit.records(4)
    first, second = unit.bundle(records[:3]), unit.bundle(records)
    assert [answer.outcome for answer in unit.send(second).answers.records] == ["accepted"] * 4
    assert [answer.outcome for answer in unit.send(first).answers.records] == ["duplicate"] * 3


def test_an_enrolled_unit_need_not_ask_again(known: Unit) -> None:
    reply = known.send(known.bundle(known.records(1), enrol=None))
    assert reply.enrolled is None
    assert [answer.outcome for answer in reply.answers.records] == ["accepted"]


def test_who_is_not_enrolled_and_does_not_ask_is_refused(unit: Unit) -> None:
    assert unit.refused(unit.bundle(unit.records(1), enrol=None)) == 403


def test_another_key_speaks_for_nobody(known: Unit) -> None:
    thief = Ed25519PrivateKey.generate()
    assert known.refused(known.bundle(known.records(1)), signer=thief) == 403
    asking = EnrolRequest(secret=known.secret, public_key=thief.public_key().public_bytes_raw().hex())
    assert known.refused(known.bundle(known.records(1), enrol=asking), signer=thief) == 403


def test_a_wrong_secret_enrols_nobody(unit: Unit) -> None:
    asking = EnrolRequest(secret="guessed", public_key=unit.enrol.public_key)
    assert unit.refused(unit.bundle(unit.records(1), enrol=asking)) == 403


def test_a_provisioning_file_gives_no_other_kiosks_id(hub: TestHub, unit: Unit) -> None:
    other = Unit(hub)
    mine = msgspec.structs.replace(unit.bundle(unit.records(1)), device_id=other.id)
    assert unit.refused(mine, sender=other.id) == 403
    assert other.send(other.bundle(other.records(1))).enrolled


def test_the_key_that_signs_is_the_key_that_enrols(unit: Unit) -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    asking = EnrolRequest(secret=unit.secret, public_key=other)
    assert unit.refused(unit.bundle(unit.records(1), enrol=asking)) == 403


def test_what_is_outside_and_inside_must_agree(hub: TestHub, known: Unit) -> None:
    other = Unit(hub)
    other.send(other.bundle([]))
    assert known.refused(known.bundle(known.records(1), device_id=other.id)) == 403


def test_a_revoked_unit_is_refused_and_told_so(known: Unit) -> None:
    known.hub.hub.kiosks.revoke(known.id)
    assert known.refused(known.bundle(known.records(1), enrol=None)) == 403
    with pytest.raises(HubRejectedError, match="revoked"):
        known.send(known.bundle([]))


def test_an_id_that_was_never_given_is_refused(unit: Unit) -> None:
    nobody = str(uuid_utils.uuid7())
    assert unit.refused(unit.bundle(unit.records(1), device_id=nobody), sender=nobody) == 404


def test_what_is_sealed_to_another_hub_is_refused(known: Unit) -> None:
    elsewhere = X25519PrivateKey.generate().public_key()
    assert known.refused(known.bundle([]), to=elsewhere) == 403
    assert known.refused(known.bundle([]), to=elsewhere, addressee=elsewhere.public_bytes_raw().hex()) == 403
    assert known.refused(known.bundle([]), purpose=seal.REPLY) == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"format": "touchpoint-bundle/9"}, 400),
        ({"reply_key": "00" * 32}, 400),
        ({"reply_key": "zz"}, 400),
    ],
)
def test_a_bundle_that_is_none_is_refused(known: Unit, changes: dict[str, Any], status: int) -> None:
    assert known.refused(known.bundle([], **changes)) == status


def test_a_bundle_has_at_most_500_records(known: Unit) -> None:
    assert known.refused(known.bundle(known.records(501))) == 413


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"format": 1}',
        b"[" * 100_000,
        b'{"format":"touchpoint-bundle/1","device_id":"x","made_at":"","reply_key":"","batch":{"records":[{}]}}',
    ],
)
def test_whatever_a_known_unit_signs_the_answer_is_a_no_and_no_accident(known: Unit, content: bytes) -> None:
    letter = seal.seal(
        content,
        purpose=seal.BUNDLE,
        sender=known.id,
        addressee=known.hub_keys.seal,
        signer=known.key,
        to=X25519PublicKey.from_public_bytes(bytes.fromhex(known.hub_keys.seal)),
    )
    with pytest.raises(HubRejectedError) as refusal:
        bundles.answer(known.hub.hub, letter)
    assert refusal.value.status in (400, 403)


def test_wherever_a_bundle_is_damaged_the_answer_is_a_no(known: Unit) -> None:
    letter = known.sealed(known.bundle(known.records(1)))
    for at in range(0, len(letter), 7):
        with pytest.raises(HubRejectedError) as refusal:
            bundles.answer(known.hub.hub, letter[:at] + bytes([letter[at] ^ 0x20]) + letter[at + 1 :])
        assert refusal.value.status in (400, 403)
    assert there(known.hub) == []


def test_over_http_anybody_may_bring_it_and_learns_nothing(unit: Unit) -> None:
    address = f"{unit.hub.serve()}/v1/bundles"
    letter = unit.sealed(unit.bundle(unit.records(2)))
    brought = requests.post(address, data=letter, timeout=5)
    assert brought.status_code == 200 and brought.headers["Content-Type"] == "application/octet-stream"
    assert b"accepted" not in brought.content and b"token" not in brought.content
    assert [one.outcome for one in unit.open(brought.content).answers.records] == ["accepted"] * 2
    assert requests.post(address, data=letter[:-1], timeout=5).status_code == 403
    assert requests.post(address, data=b"not a bundle", timeout=5).status_code == 400
    assert requests.post(address, data=b"x" * 1_000_001, timeout=5).status_code == 413
