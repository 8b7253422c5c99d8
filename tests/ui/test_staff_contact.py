"""Somebody's contact on the staff's screens, and how the unit is, under Xvfb."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.bootstrap import services
from kiosk.domain import contacts
from kiosk.lettering.missing import missing
from kiosk.services.attendance import Words
from kiosk.services.doctor import Finding
from kiosk.services.overview import Overview, overview
from kiosk.services.printers import PrinterState
from kiosk.services.unit import SyncStatus
from kiosk.settings import Settings
from kiosk.ui.staff import condition
from sync import notices, outbox, seal
from sync.client.identity import load, save
from sync.client.outcomes import OUTCOMES
from sync.errors import (
    ClientTooOldError,
    HubAnsweredRubbishError,
    HubRejectedError,
    HubUnreachableError,
    NotTrustedError,
    ReplicaError,
    ShrinkRefusedError,
    StaleError,
    StorageError,
)
from sync.records import Contact
from tests.ui import units
from tests.ui.contact_walks import CONTACT_BACKWARDS, NAME_BACKWARDS
from tests.ui.test_screens import PANELS, walk

WORDS = Words(
    session="Surgery",
    sessions="Surgeries",
    visitor="Visitor",
    visitors="Visitors",
    helper="Helper",
    helpers="Helpers",
    topics={},
    outcomes={},
)
LOOKS = [("normal", "light"), ("largest", "light"), ("small", "contrast"), ("large", "contrast")]


def unit(data: Path) -> None:
    units.enrol(data)
    units.deliver(data, units.some_items())
    units.hire(data)


# -- a contact


@pytest.mark.screen
@pytest.mark.parametrize(("panel", "look"), [*zip(PANELS, LOOKS, strict=True)])
def test_a_contact_is_left_step_by_step(display: str, tmp_path: Path, panel: str, look: tuple[str, str]) -> None:
    every_step(display, tmp_path, panel, *look)


@pytest.mark.long
@pytest.mark.screen
@pytest.mark.parametrize("theme", ["light", "contrast"])
@pytest.mark.parametrize("text_size", ["small", "normal", "large", "largest"])
@pytest.mark.parametrize("panel", PANELS)
def test_nothing_is_cut_at_any_size(display: str, tmp_path: Path, panel: str, text_size: str, theme: str) -> None:
    every_step(display, tmp_path / "contact", panel, text_size, theme)
    how_it_is(display, tmp_path / "status", panel, text_size, theme)


def every_step(display: str, data: Path, panel: str, text_size: str, theme: str) -> None:
    unit(data)
    units.entrust(data)
    found = walk(display, data, panel, "follow_up", text_size=text_size, theme=theme)
    assert found["wrong"] == []
    assert found["kinds"] == ["follow_up", "follow_up"]
    for code, texts in found["drawn"].items():
        assert {letter for text in texts for letter in missing(text)} == set(), code


@pytest.mark.screen
@pytest.mark.parametrize("panel", [PANELS[0], pytest.param(PANELS[-1], marks=pytest.mark.long)])
def test_a_contact_is_nowhere_but_in_the_hubs_hands(
    display: str, tmp_path: Path, panel: str, capfd: pytest.CaptureFixture[str]
) -> None:
    unit(tmp_path)
    hub = units.entrust(tmp_path)
    found = walk(display, tmp_path, panel, "forgotten")
    assert found["refused"] == []
    assert found["while_typed"]  # else what is looked for could not be found
    assert [found[state] for state in ("locked", "again", "left", "sent")] == [[], [], [], []]
    assert found["kinds"] == ["follow_up", "follow_up"]
    name, contact = NAME_BACKWARDS[::-1], CONTACT_BACKWARDS[::-1]
    said = "".join(capfd.readouterr())
    for secret in (name, contact, contact.partition("@")[0]):
        assert secret not in said
        for file in (file for file in tmp_path.rglob("*") if file.is_file()):
            assert secret.encode() not in file.read_bytes(), file
    bodies = bodies_of(tmp_path)
    letter = open_letter(tmp_path, base64.b64decode(bodies[0]["sealed"]), hub)
    assert (letter.first_name, letter.contact, letter.about) == (name, contact, "passwords")
    assert (letter.notice, letter.language) == (notices.follow_up("en").version, "en")
    assert (letter.staff, bool(letter.session)) == (units.STAFF, True)
    assert bodies[1].get("withdraws")


def bodies_of(data: Path) -> list[dict[str, Any]]:
    kiosk = services(Settings(data=data))
    with kiosk.records.reading() as db:
        bodies = list(outbox.bodies(db, "follow_up"))
    kiosk.close()
    return bodies


def open_letter(data: Path, letter: bytes, hub: Any) -> Contact:
    mine = load(data / "identity.json")
    assert mine
    signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key)).public_key().public_bytes_raw()
    content = seal.read(letter).open(hub, purpose=seal.FOLLOW_UP, addressee="hub", signer=signer)
    return msgspec.json.decode(content, type=Contact)


@pytest.mark.screen
@pytest.mark.parametrize("panel", [PANELS[0], *(pytest.param(panel, marks=pytest.mark.long) for panel in PANELS[1:])])
def test_without_a_key_nothing_is_asked(display: str, tmp_path: Path, panel: str) -> None:
    unit(tmp_path)
    assert walk(display, tmp_path, panel, "no_key")["wrong"] == []


@pytest.mark.parametrize(
    "contact", ["0121 496 0123", "+44 (0)121 496-0123", "a@b.example", "o'neil_x+y.z@mail.example.org", " 07700900123 "]
)
def test_a_number_or_an_address_looks_right(contact: str) -> None:
    assert contacts.looks_right(contact)


@pytest.mark.parametrize("contact", ["", "07700", "Anna", "a@b", "a b@c.example", "@c.example", "0" * 16, "a@b..c"])
def test_anything_else_is_looked_at_again(contact: str) -> None:
    assert not contacts.looks_right(contact)


# -- how the unit is


@pytest.mark.screen
@pytest.mark.parametrize(("panel", "look"), [(PANELS[0], LOOKS[0]), (PANELS[-1], LOOKS[-1])])
def test_how_the_unit_is(display: str, tmp_path: Path, panel: str, look: tuple[str, str]) -> None:
    how_it_is(display, tmp_path, panel, *look)


@pytest.mark.screen
@pytest.mark.parametrize(("panel", "look"), [(PANELS[0], LOOKS[0]), (PANELS[-1], LOOKS[0])])
def test_staff_find_a_printer_use_it_and_go_back(
    display: str, tmp_path: Path, panel: str, look: tuple[str, str]
) -> None:
    unit(tmp_path)
    found = walk(display, tmp_path, panel, "another_printer", text_size=look[0], theme=look[1])
    assert found["wrong"] == []
    assert found["in use"] == "usb:///dev/usb/lp0"
    assert [word for word in found["rung"] if word in ("find", "printers")] == ["find", "printers", "printers"]


def how_it_is(display: str, data: Path, panel: str, text_size: str, theme: str) -> None:
    unit(data)
    found = walk(display, data, panel, "unit_status", text_size=text_size, theme=theme)
    assert found["wrong"] == []
    assert "sync" in found["rung"]
    assert "Asked for by staff" in found["slip"]


def test_what_waits_is_counted_by_kind(tmp_path: Path) -> None:
    unit(tmp_path)
    units.entrust(tmp_path)
    kiosk = services(Settings(data=tmp_path, printer="tcp://192.0.2.7:9100"))
    session = kiosk.log.new_session()
    kiosk.log.add(session, topics=["email"], staff=units.STAFF)
    kiosk.log.add(session, topics=["forms"], staff=units.STAFF)
    kiosk.follow_ups.keep("Anna", "0121 496 0123", "email", notice="v")
    now = overview(kiosk)
    assert now.waiting == {"session": 1, "attendance": 2, "follow_up": 1}
    assert (now.refused, now.shop, now.items, now.by_stick) == (0, "Mill Lane", 12, False)
    told = {fact.name: fact.value for fact in condition.facts(now, kiosk.log.words())}
    assert told["Waiting to be sent"] == "2 visits or changes · 1 locked contact · 1 surgery"
    assert told["Printer"] == "192.0.2.7"
    assert told["Last sent to the hub"] == "Not yet"
    assert told["Last news from the hub"].startswith("Today at ")
    kiosk.close()


def test_a_unit_without_a_line_is_served_by_stick(tmp_path: Path) -> None:
    unit(tmp_path)
    mine = load(tmp_path / "identity.json")
    assert mine
    save(tmp_path / "identity.json", msgspec.structs.replace(mine, hub_url=""))
    kiosk = services(Settings(data=tmp_path))
    assert overview(kiosk).by_stick
    kiosk.close()


def test_refused_records_and_a_failed_try_are_told() -> None:
    noon = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    then = noon.timestamp() - 3600
    failed = SyncStatus(outcome="unreachable", checked_at=then, tried_at=noon.timestamp())
    unit = Overview(
        now=noon,
        shop="Mill Lane",
        device_id="01890000-aaaa",
        program="1.2",
        contact="Rita, 0121 496 0123",
        waiting={},
        refused=2,
        fetching=SyncStatus(outcome="current", checked_at=then, tried_at=then, files_missing=3),
        sending=failed,
        by_stick=False,
        revision=7,
        items=1,
        printers=[PrinterState("png", "ready"), PrinterState("usb:///dev/usb/lp0", "paper_out", paper_low=True)],
        free_bytes=12_300_000_000,
    )
    facts = condition.facts(unit, WORDS)
    told = {fact.name: fact.value for fact in facts}
    assert facts[0].name == "The hub's team" and facts[0].value.split() == ["Rita,", "0121", "496", "0123"]
    assert not any(fact.icon == "phone" for fact in condition.facts(dataclasses.replace(unit, contact=""), WORDS))
    assert told["Waiting to be sent"] == "Nothing. The hub has it all."
    assert told["Refused by the hub"].startswith("2 records. ")
    assert told["Last sent to the hub"] == "Today at 11:00. It did not work at 12:00."
    assert told["On the shelves"] == "1 thing · 3 files are still to come · issue 7"
    assert told["This program"] == "Touchpoint 1.2 · screen 01890000"
    assert told["Room on the disk"] == "12.3 GB free"
    assert told["Printer"] == "/dev/usb/lp0 · has no paper · its paper ends soon"


def test_each_outcome_has_the_words_of_what_it_means() -> None:
    said = {
        HubUnreachableError: "did not answer",
        HubAnsweredRubbishError: "something else answered",
        HubRejectedError: "did not let this screen in",
        StaleError: "tried again",
        NotTrustedError: "does not look right",
        ShrinkRefusedError: "does not look right",
        ClientTooOldError: "too old",
        ReplicaError: "damaged",
        StorageError: "the disk is full",
    }
    assert said.keys() == OUTCOMES.keys()
    for kind, words in said.items():
        assert words in condition.trouble(OUTCOMES[kind]), kind


def test_only_causes_are_told_of_and_each_with_what_to_do() -> None:
    found = [
        Finding("good", "Shop", "Mill Lane"),
        Finding("fault", "Hub", "cannot be asked"),
        Finding("fault", "Sending", "unreachable"),
        Finding("fault", "Agent", "is not running: start `touchpoint-kiosk agent`"),
        Finding("fault", "Moon", "is down"),
        Finding("note", "Printer", "none"),
    ]
    told = condition.faults(found)
    assert [fault.detail.partition(":")[0] for fault in told] == ["Hub", "Agent", "Moon"]
    assert all(fault.said.endswith((".", "?")) for fault in told)
    assert "`" not in told[1].detail
    assert [fault.detail for fault in condition.faults([found[2]])] == ["Sending: unreachable"]
