"""What the hub's people do about kiosks and settings, as they type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from sync.client.enrol_code import CodeEnrolment
from sync.hub.store import inbox
from sync.messages import Batch, CodeRequest, EnrolRequest, Heartbeat, Span
from sync.records import Upward
from tests.conftest import TestHub
from tests.support.pen import AT, Pen, outcomes
from tests.unit.hub.test_commands import hub as run


def test_a_setting_is_checked_kept_listed_and_dropped(tmp_path: Path) -> None:
    run(tmp_path, "init")
    run(tmp_path, "shop set", "Mill Lane")
    assert "poll_s = 30.0" in run(tmp_path, "settings set", "poll_s", "30").output
    assert "at Mill Lane" in run(tmp_path, "settings set", "poll_s", "20", "--shop", "Mill Lane").output
    assert run(tmp_path, "settings get", "poll_s").output.strip() == "30.0"
    assert run(tmp_path, "settings get", "poll_s", "--shop", "Mill Lane").output.strip() == "20.0"
    listed = run(tmp_path, "settings list").output
    assert "    30.0\n    20.0 at Mill Lane\n" in listed and "token_days (hub)" in listed
    assert "no longer set" in run(tmp_path, "settings unset", "poll_s").output
    assert "was not set" in run(tmp_path, "settings unset", "poll_s").output
    assert run(tmp_path, "settings get", "poll_s").output.strip() == ""


def test_of_a_shop_that_is_not_there_it_is_said_how_to_make_it(tmp_path: Path) -> None:
    run(tmp_path, "init")
    said = run(tmp_path, "followups", "--shop", "Mill Lane")
    assert said.exit_code == 1 and "there is no shop 'Mill Lane'; `touchpoint-hub shop set 'Mill Lane'`" in said.output
    assert run(tmp_path, "shop set", "Mill Lane").exit_code == 0
    assert "there are Mill Lane" in run(tmp_path, "followups", "--shop", "Canal Road").output


def test_the_privacy_page_says_what_was_set(hub: TestHub, tmp_path: Path) -> None:
    hub.serve()

    def said(language: str) -> str:
        return requests.get(f"{hub.url}/privacy?lang={language}", timeout=5).content.decode()

    assert "<strong>90 days</strong>" in said("en") and "the people who look after this shop" in said("en")
    contact = "Amina & Bob, <020 7946 0000>"
    for name, value in (("follow_up_days", "31"), ("keep_days", "3"), ("privacy_contact", contact)):
        run(tmp_path, "settings set", name, value)
    page = said("en")
    assert (
        "<strong>31 days</strong>" in page
        and "<strong>3 days</strong>" in page
        and "<strong>13 months</strong>" in page
    )
    for language in ("en", "ar"):
        assert "\u2068Amina &amp; Bob, &lt;020\u00a07946\u00a00000&gt;\u2069" in said(language)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["colour", "blue"], "attendance_months, backoff_s, bandwidth_bytes_per_s"),
        (["poll_s", "0"], "a number from 1 to 86400"),
        (["poll_s", "nan"], "a number from 1 to 86400"),
        (["blob_budget_bytes", "1.5"], "a whole number"),
        (["fetch_window", "22-6"], "22:00-06:00"),
        (["base_url", "goodstuff"], "https://"),
        (["base_url", "https://x.org", "--shop", "Mill Lane"], "the hub's own"),
        (["poll_s", "30", "--shop", "Nowhere"], "there is no shop 'Nowhere'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(tmp_path: Path, words: list[str], says: str) -> None:
    run(tmp_path, "init")
    run(tmp_path, "shop set", "Mill Lane")
    result = run(tmp_path, "settings set", *words)
    assert result.exit_code == 1 and says in result.output, result.output


def test_kiosks_are_listed_asked_and_revoked_by_their_name(hub: TestHub, tmp_path: Path) -> None:
    assert "No kiosk" in run(tmp_path, "kiosks").output
    for name in ("front", "back", "back"):
        provision = hub.hub.provision("Mill Lane")
        hub.hub.enrol(EnrolRequest(secret=provision.secret, public_key="ab" * 32, name=name))
    assert "does it at its next heartbeat" in run(tmp_path, "ask", "front", "test-slip").output
    assert "several kiosks" in run(tmp_path, "revoke", "back").output
    assert "no kiosk" in run(tmp_path, "revoke", "side").output
    assert "no kiosk" in run(tmp_path, "revoke", "", "--shop", "Mill Lane").output
    assert "Revoked front" in run(tmp_path, "revoke", "front", "--shop", "Mill Lane").output
    assert "was revoked and hears nothing" in run(tmp_path, "ask", "front", "sync").output
    rows = [json.loads(line) for line in run(tmp_path, "kiosks", "--json").output.splitlines()]
    assert [(row["name"], bool(row["revoked_at"])) for row in rows] == [
        ("front", True),
        ("back", False),
        ("back", False),
    ]
    assert "not heard of yet" in run(tmp_path, "kiosks").output


@pytest.mark.parametrize("answer", ["approve", "deny"])
def test_what_a_stranger_calls_himself_does_nothing_to_the_terminal(hub: TestHub, answer: str) -> None:
    asked = CodeRequest(public_key="ab" * 32, name="\x1b]0;mine\x07\x1b[2Kfront\n window" + "x" * 1000)
    code = hub.hub.kiosks.issue_code(asked, "").user_code
    name = hub.hub.approve(code, "Mill Lane").name if answer == "approve" else hub.hub.kiosks.deny(code)
    assert name.isprintable() and "front window" in name and len(name) <= 80


def test_what_a_kiosk_sends_does_nothing_to_the_terminal(hub: TestHub, tmp_path: Path) -> None:
    pen, evil = Pen(hub.hub), "\x1b]0;mine\x07\x1b[2Kwell\n\u202e"
    taken, refused = pen.record("mystery", {f"how{evil}": evil}), pen.record(f"odd{evil}", {}, id=f"one{evil}")
    assert outcomes(hub.hub, pen.id, taken, refused) == ["accepted", "rejected"]
    hub.hub.heartbeat(pen.id, Heartbeat(at=AT, outcome=evil, printers=[evil]))
    for command in ("records", "quarantine", "kiosks"):
        said = run(tmp_path, command).output
        assert "[2Kwell " in said and len(said.splitlines()) == 2, said
        assert all(letter.isprintable() for letter in said if letter not in "\t\r\n"), command


def test_a_code_is_approved_and_denied_by_command(hub: TestHub, tmp_path: Path) -> None:
    hub.serve()
    for word, end in (("approve", "enrolled"), ("deny", "denied")):
        enrolling = CodeEnrolment(hub.url, tmp_path / word / "identity.json", name="front window")
        begun = enrolling.step().begun
        assert begun
        shop = ["--shop", "Mill Lane"] if word == "approve" else []
        assert "front window" in run(tmp_path, word, begun.user_code, *shop).output
        assert enrolling.step().state == end
    wrong = run(tmp_path, "approve", "BCDF-GHJK", "--shop", "Mill Lane")
    assert wrong.exit_code == 1 and "look at its screen again" in wrong.output


def a_record(number: int, **changes: object) -> Upward:
    values = {
        "id": f"01890000-0000-7000-8000-{number:012x}",
        "seq": number,
        "kind": "usage",
        "recorded_at": "2026-11-22T10:00:00.000+00:00",
        "body": {"n": number},
    }
    return Upward(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def device(hub: TestHub) -> str:
    provision = hub.hub.provision("Mill Lane")
    return hub.hub.enrol(EnrolRequest(secret=provision.secret, public_key="ab" * 32)).device_id


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"id": "7"}, "UUID"),
        ({"id": "01890000-0000-7000-8000-00000000000A"}, "lower case"),
        ({"id": "a\0b"}, "UUID"),
        ({"seq": -1}, "seq"),
        ({"seq": 1 << 64}, "seq"),
        ({"kind": ""}, "kind"),
        ({"kind": "a\0"}, "kind"),
        ({"recorded_at": "yesterday"}, "recorded_at"),
        ({"recorded_at": "2026-11-22T10:00:00"}, "zone"),
        ({"boot": "x" * 65}, "boot"),
        ({"body": {"x": "y" * 64_000}}, "bytes"),
        ({"device": "somebody else"}, "another device's"),
    ],
)
def test_a_record_that_cannot_be_is_refused_alone(
    hub: TestHub, device: str, tmp_path: Path, wrong: dict[str, object], says: str
) -> None:
    batch = Batch(records=[a_record(1), a_record(2, **wrong), a_record(3)])
    answers = hub.hub.take(device, batch).records
    assert [answer.outcome for answer in answers] == ["accepted", "rejected", "accepted"]
    assert says in answers[1].reason
    hub.hub.take(device, batch)
    kept = run(tmp_path, "quarantine", "--json").output.splitlines()
    assert len(kept) == 1 and says in json.loads(kept[0])["reason"]
    assert says in run(tmp_path, "quarantine").output


def test_only_so_much_of_one_devices_refused_records_is_kept(
    hub: TestHub, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "QUARANTINED", 3)
    hub.hub.take(device, Batch(records=[a_record(n, kind="") for n in range(9)]))
    with hub.hub.database.reading() as db:
        assert [row["record"]["seq"] for row in inbox.quarantined(db)] == [8, 7, 6]


def test_a_place_in_the_sequence_belongs_to_one_record(hub: TestHub, device: str) -> None:
    def outcome(record: Upward) -> str:
        return hub.hub.take(device, Batch(records=[record])).records[0].outcome

    assert outcome(a_record(1)) == "accepted"
    assert outcome(a_record(2, seq=1)) == "clone"
    assert outcome(a_record(1)) == outcome(a_record(1, seq=5)) == "duplicate"
    assert outcome(a_record(1, body={"other": True})) == "rejected"
    both = Batch(records=[a_record(3, seq=9), a_record(4, seq=9)])
    assert [answer.outcome for answer in hub.hub.take(device, both).records] == ["accepted", "clone"]


def test_what_follows_a_place_that_is_taken_takes_no_place(hub: TestHub, device: str) -> None:
    hub.hub.take(device, Batch(records=[a_record(1), a_record(2)]))
    copys = Batch(records=[a_record(3, seq=2), a_record(4, seq=3), a_record(1)])
    assert [answer.outcome for answer in hub.hub.take(device, copys).records] == ["clone", "clone", "duplicate"]
    assert hub.hub.take(device, Batch(records=[a_record(5, seq=3)])).records[0].outcome == "accepted"


def test_only_what_is_missing_is_asked_for(hub: TestHub, device: str) -> None:
    hub.hub.take(device, Batch(records=[a_record(n) for n in (1, 2, 5, 9)]))
    with hub.hub.database.reading() as db:

        def asked(first: int, last: int, whose: str = device) -> list[tuple[int, int, int]]:
            span = Span(device=whose, first=first, last=last, count=last - first + 1)
            return [(one.first, one.last, one.count) for one in inbox.missing(db, device, [span])]

        assert asked(1, 2) == []
        assert asked(1, 10) == [(3, 4, 2), (6, 8, 3), (10, 10, 1)]
        assert asked(0, 1 << 62)[0] == (0, 0, 1)
        assert asked(1, 10, "somebody else") == []
