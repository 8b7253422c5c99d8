"""Somebody leaves a contact: it is locked before it touches the disk, and only the hub's key opens it."""

from __future__ import annotations

import base64
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import ContactError
from kiosk.services.follow_ups import MOST_CONTACT, MOST_NAME
from sync import seal
from sync.client import identity
from sync.errors import NotTrustedError
from sync.messages import HubKeys
from sync.records import Contact
from tests.support.surgery import Surgery

HUB = X25519PrivateKey.from_private_bytes(b"\3" * 32)
OTHER = X25519PrivateKey.from_private_bytes(b"\4" * 32)
NAME, PHONE = "Bronwen", "07700 900461"
SESSION, STAFF = "01890000-0000-7000-8000-0000000000aa", "01890000-0000-7000-8000-0000000000bb"


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Surgery]:
    made = Surgery(tmp_path / "unit")
    made.belongs(HubKeys(seal=HUB.public_key().public_bytes_raw().hex()))
    yield made
    made.close()


def keep(unit: Surgery, name: str = NAME, contact: str = PHONE, about: str = "email", **more: str) -> str:
    return unit.services.follow_ups.keep(name, contact, about, notice="2026-11", **more)


def kept(unit: Surgery) -> list[dict[str, Any]]:
    """The records as another process reads them from disk."""
    db = sqlite3.connect(unit.folder / "records.db")
    found = db.execute("SELECT id, kind, about, body FROM outbox ORDER BY seq").fetchall()
    db.close()
    return [{"id": key, "kind": kind, "about": about} | msgspec.json.decode(body) for key, kind, about, body in found]


def letter(unit: Surgery, number: int = -1) -> bytes:
    return base64.b64decode(kept(unit)[number]["sealed"])


def opened(unit: Surgery, key: X25519PrivateKey = HUB, purpose: str = seal.FOLLOW_UP) -> Contact:
    mine = identity.load(unit.folder / "identity.json")
    assert mine
    signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key)).public_key().public_bytes_raw()
    content = seal.read(letter(unit)).open(key, purpose=purpose, addressee="hub", signer=signer)
    return msgspec.json.decode(content, type=Contact)


def test_the_hubs_key_opens_it_and_all_is_there(unit: Surgery) -> None:
    record_id = keep(unit, "  Bronwen ", "07700\t900461", language="cy", session=SESSION, staff=STAFF)
    (row,) = kept(unit)
    assert row.keys() == {"id", "kind", "about", "sealed"}
    assert (row["id"], row["kind"], row["about"]) == (record_id, "follow_up", "")
    said = opened(unit)
    assert msgspec.structs.replace(said, padding="") == Contact(
        first_name=NAME,
        contact=PHONE,
        about="email",
        notice="2026-11",
        agreed_at="2026-11-24T11:10+00:00",
        language="cy",
        session=SESSION,
        staff=STAFF,
    )


def test_no_other_key_opens_it_and_it_passes_for_nothing_else(unit: Surgery) -> None:
    keep(unit)
    for wrong in ({"key": OTHER}, {"purpose": seal.BUNDLE}):
        with pytest.raises(NotTrustedError):
            opened(unit, **wrong)
    mine = identity.load(unit.folder / "identity.json")
    assert mine
    own = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
    with pytest.raises(NotTrustedError):
        opened(unit, key=seal.reply_key(own))


def test_nothing_of_it_is_in_any_file_or_log(unit: Surgery, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keep(unit, "Bronwen-Angharad", "bronwen.angharad@example.org")
    with pytest.raises(ContactError):
        keep(unit, "Bronwen-Angharad", "bronwen.angharad@example.org" * 9)
    with pytest.raises(ContactError):
        keep(unit, "Bronwen-Angharad" * 9, "bronwen.angharad@example.org")
    assert_nowhere(unit.folder, caplog.text, "bronwen-angharad", "bronwen.angharad")


def assert_nowhere(folder: Path, log: str, *words: str) -> None:
    """As it was typed, in capitals or small, as base64, or in the way that Windows writes."""
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {"records.db", "records.db-wal", "records.db-shm"} <= files.keys()
    for name, content in files.items():
        for word in words:
            forms = [word.encode(), word.encode("utf-16-le"), *in_base64(word)]
            assert not any(form.lower() in content.lower() for form in forms[:2]), f"{word} is in {name}"
            assert not any(form in content for form in forms[2:]), f"{word} is in {name} as base64"
    assert not any(word in log.lower() for word in words)


def in_base64(word: str) -> list[bytes]:
    """What is in the middle of base64 of any text with the word in it."""
    return [base64.b64encode(b"x" * before + word.encode())[4 : -4 or None] for before in range(3)]


def test_this_would_notice_a_contact_on_the_disk(unit: Surgery) -> None:
    keep(unit)
    for content in (b"BRONWEN-ANGHARAD", base64.b64encode(b"say: bronwen-angharad!")):
        (unit.folder / "notes").write_bytes(content)
        with pytest.raises(AssertionError, match="is in notes"):
            assert_nowhere(unit.folder, "", "bronwen-angharad")


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("A", "1"),
        ("a" * MOST_NAME, "0" * MOST_CONTACT),
        ("Ștefan", "ștefan@exemplu.ro"),
        ("محمد", "٠١٢٣٤٥٦٧٨٩"),
        ("😀" * MOST_NAME, "😀" * MOST_CONTACT),
        ('"' * MOST_NAME, "\\" * MOST_CONTACT),
        ("x\0y\x1bz", "\x7f1\x80"),
        ("\ud800a", "\udfff1"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"session": SESSION, "staff": STAFF, "language": "gsw"}])
def test_a_letter_is_as_long_whatever_was_typed(unit: Surgery, name: str, contact: str, more: dict[str, str]) -> None:
    keep(unit)
    keep(unit, name, contact, "passwords", **more)
    assert len(letter(unit, 0)) == len(letter(unit, 1))
    said = opened(unit)
    assert said.contact and said.first_name


@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(name=st.text(min_size=1, max_size=MOST_NAME), contact=st.text(min_size=1, max_size=MOST_CONTACT))
def test_what_was_typed_is_what_is_read_and_the_length_tells_nothing(unit: Surgery, name: str, contact: str) -> None:
    try:
        keep(unit, name, contact)
    except ContactError as error:
        assert "is missing" in str(error)
        return
    said = opened(unit)
    printable = " ".join("".join(c if c.isprintable() or ord(c) > 0x9F else " " for c in name).split())
    assert said.first_name == printable
    assert len(letter(unit)) == len(letter(unit, 0))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (("", PHONE, "email"), "the first name is missing"),
        ((" \t\0", PHONE, "email"), "the first name is missing"),
        ((NAME, "   ", "email"), "the phone number or e-mail address is missing"),
        ((NAME, PHONE, ""), "the topic is missing"),
        (("n" * 41, PHONE, "email"), "the first name has 41 letters; at most 40 are kept"),
        ((NAME, "1" * 81, "email"), "the phone number or e-mail address has 81 letters; at most 80 are kept"),
    ],
)
def test_what_is_missing_or_too_long_is_said_in_words_without_what_was_typed(
    unit: Surgery, said: tuple[str, str, str], complaint: str
) -> None:
    with pytest.raises(ContactError) as refused:
        keep(unit, *said)
    assert str(refused.value) == complaint
    assert kept(unit) == []


def test_it_is_not_possible_before_there_is_a_hubs_key(tmp_path: Path) -> None:
    unit = Surgery(tmp_path)
    for prepare in (lambda: None, unit.belongs):
        prepare()
        assert not unit.services.follow_ups.possible
        with pytest.raises(ContactError, match="no key of its hub yet"):
            keep(unit)
    assert kept(unit) == []
    unit.belongs(HubKeys(seal=HUB.public_key().public_bytes_raw().hex()))
    assert unit.services.follow_ups.possible and keep(unit)
    unit.close()


def test_a_damaged_identity_locks_nothing(unit: Surgery) -> None:
    (unit.folder / "identity.json").write_bytes(b"{half a")
    assert not unit.services.follow_ups.possible
    with pytest.raises(ContactError):
        keep(unit)


def test_taking_it_back_is_a_record_that_names_it_and_says_nothing_else(unit: Surgery) -> None:
    record_id = keep(unit)
    unit.services.follow_ups.withdraw(record_id)
    assert kept(unit)[1].keys() == {"id", "kind", "about", "withdraws"}
    assert kept(unit)[1]["withdraws"] == record_id


def test_the_same_contact_twice_is_two_letters_that_do_not_look_alike(unit: Surgery) -> None:
    keep(unit)
    keep(unit)
    one, other = letter(unit, 0), letter(unit, 1)
    line = one.index(b"\n") + 1
    assert one[:line] == other[:line] and one[line + 96 :] != other[line + 96 :]


def test_a_visit_that_was_logged_says_nothing_of_the_contact(unit: Surgery) -> None:
    """Neither record names the other: who was there cannot be found from who asked to be rung."""
    unit.log.add(unit.log.new_session(), topics=["email"])
    record_id = keep(unit, session=SESSION)
    others = [msgspec.json.encode(row) for row in kept(unit) if row["kind"] != "follow_up"]
    assert len(others) == 2 and not any(record_id.encode() in row for row in others)
    assert SESSION.encode() not in msgspec.json.encode(kept(unit)[-1])
