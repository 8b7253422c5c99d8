"""A contact goes from a shop to the hub, by line and by stick: nobody on the way can read it, and the hub's key can."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.errors import ContactError
from sync import seal
from sync.client import identity
from sync.errors import NotTrustedError
from sync.records import Contact
from tests.conftest import TestHub, TestKiosk
from tests.faults.test_kills import moved
from tests.journeys.test_a_stick_between_shops import in_, out, set_up
from tests.support.processes import received
from tests.support.tap import Tap
from tests.unit.kiosk.test_follow_ups import assert_nowhere, in_base64

pytestmark = pytest.mark.both_databases

NAME, ADDRESS = "Bronwen-Angharad", "bronwen.angharad@example.org"
WORDS = ("bronwen-angharad", "bronwen.angharad")


def keep(kiosk: TestKiosk) -> str:
    return kiosk.services.follow_ups.keep(NAME, ADDRESS, "passwords", notice="2026-11", language="cy", staff="s-1")


def at_hub(hub: TestHub) -> list[dict[str, Any]]:
    return [row for row in received(hub.folder) if row["kind"] == "follow_up"]


def opened(row: dict[str, Any], kiosk: TestKiosk, key: X25519PrivateKey) -> Contact:
    """The contact in a record that the hub has, opened as the device's that made it."""
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine and row["device_id"] == mine.device_id
    letter = seal.read(base64.b64decode(row["body"]["sealed"]))
    assert letter.sender == mine.device_id
    public = identity.public_key_of(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key)))
    content = letter.open(key, purpose=seal.FOLLOW_UP, addressee="hub", signer=bytes.fromhex(public))
    return msgspec.json.decode(content, type=Contact)


def assert_the_hub_alone_reads_it(hub: TestHub, kiosk: TestKiosk, row: dict[str, Any]) -> None:
    said = opened(row, kiosk, hub.hub.keys.seal)
    assert (said.first_name, said.contact, said.about, said.language) == (NAME, ADDRESS, "passwords", "cy")
    with pytest.raises(NotTrustedError):
        opened(row, kiosk, X25519PrivateKey.generate())


def test_by_line_nobody_who_listens_or_steals_the_unit_reads_it(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    record_id = keep(shop)
    assert_nowhere(shop.folder, caplog.text, *WORDS)
    with Tap(hub.port) as tap:
        moved(shop, tap.url)
        shop.restart()
        assert shop.sync().sent == 1
        wire = bytes(tap.up) + bytes(tap.down)
        shop.services.close()
    shop.restart()
    assert record_id.encode() in wire, "the tap did not hear the post"
    forms = [form for word in (*WORDS, NAME) for form in (word.encode(), *in_base64(word))]
    assert not any(form in wire for form in forms)
    (row,) = at_hub(hub)
    assert row["id"] == record_id
    assert_the_hub_alone_reads_it(hub, shop, row)
    assert_nowhere(shop.folder, caplog.text, *WORDS)


def test_taken_back_nothing_of_it_is_left_at_the_hub(hub: TestHub, shop: TestKiosk) -> None:
    other, record_id = keep(shop), keep(shop)
    assert shop.sync().sent == 2
    assert {row["id"] for row in at_hub(hub)} == {other, record_id}
    shop.services.follow_ups.withdraw(record_id)
    assert shop.sync().sent == 1
    assert {row["id"] for row in at_hub(hub) if "sealed" in row["body"]} == {other}


def test_by_stick_nobody_who_finds_it_reads_it(
    hub: TestHub, shop: TestKiosk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A unit that never had a connection has the hub's key from its provisioning file."""
    caplog.set_level(logging.DEBUG)
    stick = tmp_path / "stick"
    stick.mkdir()
    out(shop, stick)
    far = set_up(hub, tmp_path / "far")
    assert far.services.follow_ups.possible
    record_id = keep(far)
    carried = in_(far, stick)
    assert (carried.records, carried.trouble) == (1, [])
    files = {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    assert any(path.suffix == ".sealed" for path in files)
    for path, content in files.items():
        for form in (form for word in (*WORDS, NAME) for form in (word.encode(), *in_base64(word))):
            assert form not in content, path
        assert record_id.encode() not in content, "even that there is one is nobody's business"
    assert_nowhere(far.folder, caplog.text, *WORDS)
    assert out(shop, stick).bundles == 1
    (row,) = at_hub(hub)
    assert row["id"] == record_id
    assert_the_hub_alone_reads_it(hub, far, row)
    assert in_(far, stick).acknowledged == 1
    assert_nowhere(far.folder, caplog.text, *WORDS)
    far.services.close()


def test_a_unit_that_is_nobodys_yet_keeps_no_contact(kiosk: TestKiosk) -> None:
    assert not kiosk.services.follow_ups.possible
    with pytest.raises(ContactError, match="no key of its hub yet"):
        keep(kiosk)
