"""Who asked to be rung back: how it comes in sealed, is listed, found, done and forgotten."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select, update

from sync import seal
from sync.hub import cells, contacts
from sync.hub.errors import HubError
from sync.hub.store import follow_ups, inbox
from sync.hub.store.schema import audit, follow_up, quarantine, received
from sync.records import Contact, FollowUp, Upward
from tests.conftest import TestHub
from tests.support.pen import Pen, answers, outcomes
from tests.unit.hub.test_commands import hub as run


def listed(tmp_path: Path, *words: str) -> list[dict[str, str]]:
    done = run(tmp_path, "followups", "--json", *words)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def noted(hub: TestHub) -> list[tuple[str, str]]:
    with hub.hub.database.reading() as db:
        return [(row.what, row.about) for row in db.execute(select(audit).order_by(audit.c.number))]


def kept(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return [one.id for one in follow_ups.kept(db, done=True)]


def bodies(hub: TestHub) -> dict[str, bytes]:
    with hub.hub.database.reading() as db:
        return {row.id: row.body for row in db.execute(select(received).where(received.c.kind == "follow_up"))}


# -- what arrives


def test_a_follow_up_is_kept_as_it_came_until_its_day(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    asked = pen.asks()
    assert outcomes(hub.hub, pen.id, asked) == ["accepted"]
    with hub.hub.database.reading() as db:
        row = db.execute(select(follow_up)).one()
    assert row.sealed == base64.b64decode(asked.body["sealed"]) and row.id == asked.id
    assert dt.date.fromisoformat(row.delete_on) - dt.date.fromisoformat(row.received_at[:10]) == dt.timedelta(90)
    assert outcomes(hub.hub, pen.id, asked) == ["duplicate"] and kept(hub) == [asked.id]


def test_its_day_is_what_the_setting_says(hub: TestHub, tmp_path: Path) -> None:
    run(tmp_path, "settings set", "follow_up_days", "7")
    pen = Pen(hub.hub)
    outcomes(hub.hub, pen.id, pen.asks())
    assert listed(tmp_path)[0]["days_left"] == 7


def anybody() -> Contact:
    return Contact(first_name="Ann", contact="07700 900123", about="email", notice="1", agreed_at="x")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"purpose": seal.BUNDLE}, "a bundle for hub is not a follow-up for hub"),
        ({"addressee": "another"}, "a follow-up for another is not"),
        ({"sender": "01890000-0000-7000-8000-00000000000a"}, "comes from another kiosk"),
        ({"signer": Ed25519PrivateKey.generate()}, "signed with another's key"),
    ],
)
def test_a_letter_that_is_not_right_is_refused(hub: TestHub, changes: dict[str, object], says: str) -> None:
    pen = Pen(hub.hub)
    sealed = base64.b64encode(pen.letter(anybody(), **changes)).decode()
    (answer,) = answers(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=sealed)))
    assert answer.outcome == "rejected" and says in answer.reason
    assert not kept(hub) and not bodies(hub)
    with hub.hub.database.reading() as db:
        assert db.execute(select(quarantine.c.reason)).scalar_one() == answer.reason


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sealed": 7},
        {"sealed": "not base64"},
        {"sealed": "ä"},
        {"sealed": base64.b64encode(b"no letter").decode()},
        {"withdraws": "somebody"},
        {"withdraws": "01890000-0000-7000-8000-00000000000A"},
        {"sealed": "QUJD", "withdraws": "01890000-0000-7000-8000-00000000000a"},
    ],
)
def test_a_body_that_is_no_follow_up_is_refused_alone(hub: TestHub, body: dict[str, object]) -> None:
    pen = Pen(hub.hub)
    assert outcomes(hub.hub, pen.id, pen.record("follow_up", body), pen.asks()) == ["rejected", "accepted"]
    assert len(kept(hub)) == 1


def test_a_letter_that_was_changed_on_the_way_is_refused(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    letter = bytearray(pen.letter(anybody()))
    letter[-1] ^= 1
    sealed = base64.b64encode(letter).decode()
    (answer,) = answers(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=sealed)))
    assert answer.outcome == "rejected" and "signature" in answer.reason


def test_a_kiosk_that_was_enrolled_anew_sends_what_it_wrote_before(hub: TestHub) -> None:
    old = Pen(hub.hub)
    asked, other = old.asks("Ann"), old.asks("Bob")
    new = Pen(hub.hub, "High Street", old)
    mine = new.record("follow_up", asked.body)
    assert outcomes(hub.hub, new.id, mine, msgspec.structs.replace(other, device=old.id)) == ["accepted", "accepted"]
    assert kept(hub) == sorted([mine.id, other.id])
    stranger = Pen(hub.hub)
    assert outcomes(hub.hub, stranger.id, stranger.record("follow_up", asked.body)) == ["rejected"]


# -- taken back


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
def test_a_follow_up_that_is_taken_back_is_gone_in_whichever_order_it_comes(
    hub: TestHub, order: tuple[int, ...], at_once: bool
) -> None:
    pen = Pen(hub.hub)
    asked, stays = pen.asks("Ann"), pen.asks("Bob")
    records = [asked, pen.withdraws(asked), stays]
    if at_once:
        outcomes(hub.hub, pen.id, *(records[number] for number in order))
    else:
        for number in order:
            assert outcomes(hub.hub, pen.id, records[number]) == ["accepted"]
    assert kept(hub) == [stays.id]
    there = bodies(hub)
    assert there[asked.id] == there[records[1].id] == b"{}" and there[stays.id] != b"{}"
    assert outcomes(hub.hub, pen.id, *records) == ["duplicate"] * 3 and kept(hub) == [stays.id]
    assert noted(hub) == [("follow-up withdrawn", asked.id)]


def test_nobody_takes_back_anothers(hub: TestHub) -> None:
    pen, stranger = Pen(hub.hub), Pen(hub.hub)
    asked, later = pen.asks("Ann"), pen.asks("Bob")
    outcomes(hub.hub, stranger.id, stranger.withdraws(later))
    outcomes(hub.hub, pen.id, asked, later)
    assert outcomes(hub.hub, stranger.id, stranger.withdraws(asked)) == ["accepted"]
    assert sorted(kept(hub)) == sorted([asked.id, later.id])


@pytest.mark.parametrize("first", ["asked", "withdrawn"])
def test_whoever_came_after_a_kiosk_takes_back_what_that_one_sent(hub: TestHub, first: str) -> None:
    old = Pen(hub.hub)
    asked = old.asks()
    if first == "asked":
        outcomes(hub.hub, old.id, asked)
    new = Pen(hub.hub, "Mill Lane", old)
    assert outcomes(hub.hub, new.id, new.withdraws(asked)) == ["accepted"]
    if first == "withdrawn":
        outcomes(hub.hub, new.id, msgspec.structs.replace(asked, device=old.id))
    assert not kept(hub) and set(bodies(hub).values()) == {b"{}"}


def test_what_was_refused_is_taken_back_as_well(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    sealed = base64.b64encode(pen.letter(anybody(), addressee="another")).decode()
    bad = pen.record("follow_up", FollowUp(sealed=sealed))
    assert outcomes(hub.hub, pen.id, bad, pen.withdraws(bad)) == ["rejected", "accepted"]
    with hub.hub.database.reading() as db:
        assert not db.execute(select(quarantine)).all()


# -- erased


def erased(hub: TestHub, pen: Pen, tmp_path: Path) -> Upward:
    asked = pen.asks(contact="secret@example.org")
    outcomes(hub.hub, pen.id, asked)
    run(tmp_path, "followups delete", asked.id)
    return asked


def test_of_an_erased_record_nothing_is_left_but_that_it_was_here(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    asked = erased(hub, pen, tmp_path)
    with hub.hub.database.reading() as db:
        row = db.execute(select(received).where(received.c.id == asked.id)).one()
        assert not list(inbox.everything(db))
    assert (row.body, row.boot, row.offset_s) == (b"{}", "", 0.0)
    assert (row.device_id, row.seq, row.kind) == (pen.id, asked.seq, "follow_up")
    assert row.recorded_at == "2026-11-01T00:00:00.000+00:00" and row.erased_at
    assert run(tmp_path, "records", "--json").output == ""


def test_an_erased_record_that_is_sent_again_is_a_duplicate(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    asked = erased(hub, pen, tmp_path)
    heir = Pen(hub.hub, "Mill Lane", pen)
    copy = msgspec.structs.replace(asked, device=pen.id)
    own = heir.record("follow_up", asked.body, id=asked.id)
    assert outcomes(hub.hub, pen.id, asked) == ["duplicate"]
    assert outcomes(hub.hub, heir.id, copy, own) == ["duplicate", "duplicate"]
    assert not kept(hub)
    with hub.hub.database.reading() as db:
        assert not db.execute(select(quarantine)).all()


def test_what_an_heir_sent_first_is_a_duplicate_of_the_copy_too(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    heir = Pen(hub.hub, "Mill Lane", pen)
    asked = erased(hub, heir, tmp_path)
    assert outcomes(hub.hub, pen.id, pen.record("follow_up", asked.body, id=asked.id)) == ["duplicate"]


def test_the_id_of_an_erased_record_is_nobody_elses(hub: TestHub, tmp_path: Path) -> None:
    asked = erased(hub, Pen(hub.hub), tmp_path)
    stranger = Pen(hub.hub)
    (answer,) = answers(hub.hub, stranger.id, stranger.record("usage", {"n": 1}, id=asked.id))
    assert answer.outcome == "rejected" and "another record has this id" in answer.reason


# -- the list


def test_the_list_says_whom_to_ring_and_what_about(hub: TestHub, tmp_path: Path) -> None:
    run(tmp_path, "settings set", "word.topic.email", "E-mail and such")
    mill, high = Pen(hub.hub, "Mill Lane"), Pen(hub.hub, "High Street")
    outcomes(hub.hub, mill.id, mill.asks("Ann", "07700 900123", language="cy"), mill.asks("Bob", about="jobs"))
    outcomes(hub.hub, high.id, high.asks("Cid", "cid@example.org"))
    found = listed(tmp_path)
    assert [(one["first_name"], one["shop"], one["about_word"], one["language"]) for one in found] == [
        ("Ann", "Mill Lane", "E-mail and such", "cy"),
        ("Bob", "Mill Lane", "Job search", "en"),
        ("Cid", "High Street", "E-mail and such", "en"),
    ]
    assert all("padding" not in one and one["days_left"] == 90 for one in found)
    assert [one["first_name"] for one in listed(tmp_path, "--shop", "High Street")] == ["Cid"]
    table = run(tmp_path, "followups").output.splitlines()
    assert table[0].startswith("id\tasked\tshop") and len(table) == 4
    assert "\t2026-11-22 10:00\tMill Lane\tAnn\t07700 900123\tE-mail and such\tcy\t90\topen" in table[1]
    assert "there is no shop 'Nowhere'" in run(tmp_path, "followups", "--shop", "Nowhere").output
    assert noted(hub) == [("follow-ups listed", count) for count in ("3", "1", "3")]
    with hub.hub.database.reading() as db:
        assert all(who.startswith("command line, ") for who in db.execute(select(audit.c.who)).scalars())


def test_the_beginning_that_is_shown_of_an_id_means_it_alone(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    asked = [pen.asks() for _ in range(20)]
    outcomes(hub.hub, pen.id, *asked)
    shown = [line.split("\t")[0] for line in run(tmp_path, "followups").output.splitlines()[1:]]
    assert len(set(shown)) == 20 and any(len(one) < 36 for one in shown)
    for short in shown:
        assert run(tmp_path, "followups done", short).exit_code == 0
    assert "Nobody waits" in run(tmp_path, "followups").output
    assert "several follow-ups" in run(tmp_path, "followups done", asked[0].id[:8]).output
    assert "no follow-up" in run(tmp_path, "followups done", asked[0].id[:7]).output
    assert "no follow-up" in run(tmp_path, "followups done", "%" * 8).output


def test_done_undone_and_deleted(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    asked = pen.asks()
    outcomes(hub.hub, pen.id, asked)
    assert "is done" in run(tmp_path, "followups done", asked.id).output
    assert not listed(tmp_path)
    (one,) = listed(tmp_path, "--all")
    assert one["done_at"] and one["done_by"].startswith("command line")
    assert f"\tdone {one['done_at'][:10]}" in run(tmp_path, "followups", "--all").output
    assert "open again" in run(tmp_path, "followups undo", asked.id).output
    assert listed(tmp_path)[0]["done_at"] is None
    assert "is deleted" in run(tmp_path, "followups delete", asked.id).output
    assert not listed(tmp_path, "--all") and bodies(hub) == {asked.id: b"{}"}
    assert run(tmp_path, "followups delete", asked.id).exit_code == 1
    assert [what for what in noted(hub) if what[1] == asked.id] == [
        ("follow-up done", asked.id),
        ("follow-up open again", asked.id),
        ("follow-up deleted", asked.id),
    ]


def test_a_letter_that_cannot_be_opened_is_listed_as_such(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    other = X25519PrivateKey.generate().public_key()
    letters = [pen.letter(anybody(), to=other), pen.letter(msgspec.convert({**GIBBERISH}, Contact))]
    for letter in letters:
        sealed = base64.b64encode(letter).decode()
        assert outcomes(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=sealed))) == ["accepted"]
    no_contact = base64.b64encode(
        seal.seal(
            b"[]",
            purpose=seal.FOLLOW_UP,
            sender=pen.id,
            addressee="hub",
            signer=pen.key,
            to=hub.hub.keys.seal.public_key(),
        )
    ).decode()
    outcomes(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=no_contact)))
    found = listed(tmp_path)
    assert [one.get("cannot_be_read") for one in found] == [
        "it cannot be opened with this hub's key",
        None,
        "what is in it cannot be read",
    ]
    assert "it cannot be opened with this hub's key" in run(tmp_path, "followups").output
    searched = run(tmp_path, "followups find", "Ann")
    assert "Nothing is kept with that" in searched.output and "2 follow-ups cannot be opened" in searched.output


GIBBERISH = {
    "first_name": "=\x1b]0;mine\x07\u202eAnn\n\tLee",
    "contact": "+44 7700 900123\x9b2J",
    "about": "\x1b[2K",
    "notice": "",
    "agreed_at": "\x1b[31m",
    "language": "\x07",
}


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_what_a_stranger_typed_does_nothing_to_terminal_or_spreadsheet(
    hub: TestHub, tmp_path: Path, form: tuple[str, ...]
) -> None:
    pen = Pen(hub.hub)
    sealed = base64.b64encode(pen.letter(msgspec.convert(GIBBERISH, Contact))).decode()
    outcomes(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=sealed)))
    for words in (["followups"], ["followups find", "07700900123"]):
        out = run(tmp_path, *words, *form).output
        assert all(letter.isprintable() or letter in "\t\r\n" for letter in out), out
        assert len(out.splitlines()) == (1 if form == ("--json",) else 2) and "Ann  Lee" in out
        if form == ("--csv",):
            row = next(csv.DictReader(io.StringIO(out)))
            assert row["contact"] == "'+44 7700 9001232J" and row["first name"].startswith("'=")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r\n+1", "'  +1"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        ("ann@example.org", "ann@example.org"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_a_cell_is_never_a_formula(text: str, cell: str) -> None:
    assert cells.safe(text) == cell


# -- who asks what is kept of him


@pytest.mark.parametrize(
    ("kept_", "wanted", "found"),
    [
        (("Ann", "07700 900123"), "ann", True),
        (("Ann", "07700 900123"), "ANN ", True),
        (("Joanne", "x"), "ann", False),
        (("Anna Maria", "x"), "maria", True),
        (("Anna Maria", "x"), "annamaria", True),
        (("AnnaMaria", "x"), "anna maria", True),
        (("Straße", "x"), "STRASSE", True),
        (("Ann", "07700 900123"), "+44 7700 900123", True),
        (("Ann", "+44 (0)7700 900-123"), "07700900123", True),
        (("Ann", "0044 7700 900123"), "07700 900 123", True),
        (("Ann", "07700900123"), "004407700900123", True),
        (("Ann", "ring 0121 496 0123 or 07700 900123"), "07700900123", True),
        (("Ann", "٠٧٧٠٠٩٠٠١٢٣"), "07700900123", True),
        (("Ann", "07700 900123"), "07700 900124", False),
        (("Ann", "07700 900123"), "900", False),
        (("Ann", "07700 900123"), "0", False),
        (("Ann", "07700 900123"), "44", False),
        (("Ann", "Ann@Example.org"), "ann@example.org", True),
        (("Ann", "e-mail: ann@example.org."), "ann@example.org", True),
        (("Ann", "joann@example.org"), "ann@example.org", False),
        (("Ann", "flat900123@example.org"), "b900123", False),
    ],
)
def test_names_numbers_and_addresses_are_compared_loosely(kept_: tuple[str, str], wanted: str, found: bool) -> None:
    contact = Contact(first_name=kept_[0], contact=kept_[1], about="email", notice="1", agreed_at="x")
    assert contacts.holds(contact, wanted) is found


@pytest.mark.parametrize("nothing", ["", " ", " . "])
def test_looking_for_nothing_finds_nobody(nothing: str) -> None:
    with pytest.raises(HubError, match="which name"):
        contacts.holds(anybody(), nothing)


def some(hub: TestHub) -> tuple[Pen, list[Upward]]:
    """Ann twice, once at another shop, and Bob; and one of Ann's that was refused."""
    pen, other = Pen(hub.hub), Pen(hub.hub, "High Street")
    asked = [pen.asks("Ann", "07700 900123"), pen.asks("Bob", "bob@example.org"), other.asks("A.", "+447700900123")]
    outcomes(hub.hub, pen.id, *asked[:2])
    outcomes(hub.hub, other.id, asked[2])
    sealed = base64.b64encode(pen.letter(anybody(), signer=Ed25519PrivateKey.generate())).decode()
    assert outcomes(hub.hub, pen.id, pen.record("follow_up", FollowUp(sealed=sealed))) == ["rejected"]
    return pen, asked


def test_all_that_is_kept_of_somebody_is_shown(hub: TestHub, tmp_path: Path) -> None:
    _pen, asked = some(hub)
    run(tmp_path, "followups done", asked[0].id)
    out = run(tmp_path, "followups find", "07700 900 123", "--json").output
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["id"] for one in found] == [asked[0].id, asked[2].id, ""] and "refused" in found[2]
    assert "\trefused" in run(tmp_path, "followups find", "ann").output
    assert "Nothing is kept" in run(tmp_path, "followups find", "Cid").output
    typed = run(tmp_path, "followups find", stdin="bob@example.org\n")
    assert "Bob" in typed.output and typed.exit_code == 0
    assert noted(hub)[1:] == [("follow-ups searched", count) for count in ("3", "2", "0", "1")]


def forget(tmp_path: Path, *words: str, stdin: str | None = None) -> Result:
    return run(tmp_path, "followups forget", *words, stdin=stdin)


def test_whoever_asks_to_be_forgotten_is(hub: TestHub, tmp_path: Path) -> None:
    pen, asked = some(hub)
    no = forget(tmp_path, "07700900123", stdin="n\n")
    assert "Delete 3 follow-ups?" in no.output and "Nothing was deleted" in no.output and len(kept(hub)) == 3
    assert "Deleted 3 follow-ups." in forget(tmp_path, "07700900123", stdin="y\n").output
    assert kept(hub) == [asked[1].id]
    assert "Nothing is kept" in forget(tmp_path, "07700900123", "--yes").output
    with hub.hub.database.reading() as db:
        assert not db.execute(select(quarantine)).all()
    assert "Deleted 1 follow-up." in forget(tmp_path, "BOB", "--yes").output and not kept(hub)
    deleted = {about for what, about in noted(hub) if what == "follow-up deleted"}
    assert deleted == {one.id for one in asked}
    assert outcomes(hub.hub, pen.id, asked[0]) == ["duplicate"] and not kept(hub)


def test_no_audit_says_what_somebody_typed_or_whom_was_looked_for(hub: TestHub, tmp_path: Path) -> None:
    some(hub)
    listed(tmp_path)
    run(tmp_path, "followups find", "bob@example.org")
    forget(tmp_path, "07700900123", "--yes")
    with hub.hub.database.reading() as db:
        said = " ".join(f"{row.who} {row.what} {row.about}" for row in db.execute(select(audit)))
    assert not any(word in said.lower() for word in ("ann", "bob", "7700", "example"))


def test_a_row_of_this_kind_that_came_before_the_hub_looked_harms_nobody(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    old = pen.record("usage", {"withdraws": 7})
    outcomes(hub.hub, pen.id, old)
    with hub.hub.database.writing() as db:
        db.execute(update(received).where(received.c.id == old.id).values(kind="follow_up"))
    asked = pen.asks()
    assert outcomes(hub.hub, pen.id, asked, pen.withdraws(old)) == ["accepted", "accepted"]
    assert kept(hub) == [asked.id]
