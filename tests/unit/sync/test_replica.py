"""A replica: built from packs, kept up by deltas, searched as people type."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync import codes, packs
from sync.client.down.pull import verify_replica
from sync.errors import CheckFailedError, RecordError, ReplicaError
from sync.records import Item, State
from sync.replica import base, deltas, schema
from sync.replica.filters import Filters
from sync.replica.rank import rank
from sync.replica.read import Replica
from sync.replica.words import fold, words_of

TODAY = dt.date(2026, 11, 23)

SHELF: list[dict[str, Any]] = [
    {"title": "Mend a bike", "themes": ["transport"], "tags": ["bicycle", "wheels"], "summary": "Tyres and chains."},
    {"title": "Cook for ten on £10", "themes": ["food"], "body": "Soup for the whole street."},
    {
        "title": "Share a vegetable plot",
        "themes": ["food", "community"],
        "tags": ["garden"],
        "maker": {"name": "Growers"},
    },
    {"title": "Damp and draughts", "themes": ["shelter"], "body": "Open a window after cooking.", "kind": "toolkit"},
    {
        "title": "Social media surgery",
        "kind": "event",
        "starts": "2026-01-05T11:00:00",
        "translations": {
            "cy": {"title": "Cymhorthfa cyfryngau", "summary": "Dewch â'ch ffôn."},
            "ur": {"title": "مدد"},
        },
    },
    {"title": "Siân's café walks", "summary": "Żółw i łódź.", "language": "pl"},
    {"title": "Last year's party", "expires_on": "2026-11-22"},
    {"title": "Only in Hull", "shops": ["Hull"]},
    {"title": "People's supermarket", "tags": ["shop"], "files": [{"name": "a", "sha256": "a" * 64}]},
]
PLACES: list[dict[str, Any] | None] = [
    None,
    {"name": "The hall"},
    {"lat": 51.7, "lon": -3.8},
    {"lat": 51.7, "lon": -3.8, "postcode": "SA9 1GX"},
    {"lat": 0, "lon": 0.0},
]
PRICES: list[dict[str, Any] | None] = [None, {"amount_pence": 0}, {"amount_pence": 250}]


def an_id(number: int) -> str:
    return str(UUID(int=0x0189_0000_0000_7000_8000_0000_0000_0000 + number))


def records(items: list[dict[str, Any]], first: int = 1) -> list[dict[str, Any]]:
    return [{"id": an_id(n), "r": n, "kind": "guide", **item} for n, item in enumerate(items, start=first)]


def state_of(live: dict[str, int], revision: int) -> State:
    digest = packs.Digest()
    for record_id, at in live.items():
        digest.add("item", UUID(record_id).bytes, at)
    return State(revision=revision, count=digest.count, digest=digest.hex())


def build(path: Path, items: list[dict[str, Any]]) -> dict[str, int]:
    """A whole replica; returns its live revisions by id."""
    there = sorted(records(items), key=lambda fields: -rank(msgspec.convert(fields, Item)))
    tables = [packs.table_of("item", there[at : at + 4]) for at in range(0, len(there), 4)]
    piece = packs.Piece(format=packs.BASE_FORMAT, to=len(there), piece=0, pieces=1, tables=tables)
    base.build(path, [packs.read_piece(packs.write_piece(piece))])
    live = {fields["id"]: fields["r"] for fields in there}
    db = schema.open_for_writing(path)
    deltas.apply(db, [], state_of(live, len(there)))
    base.build_text(db)
    db.close()
    return live


@pytest.fixture
def replica(tmp_path: Path) -> Replica:
    build(tmp_path / "replica-1.db", SHELF)
    return Replica(tmp_path / "replica-1.db", shop="Mill Lane", today=lambda: TODAY)


def titles(replica: Replica, query: str) -> list[str]:
    return [card.title for card in replica.search(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("m", "Mend a bike"),
        ("me", "Mend a bike"),
        ("men", "Mend a bike"),
        ("BIKE", "Mend a bike"),
        ("bicycle", "Mend a bike"),
        ("mend bi", "Mend a bike"),
        ("bike m", "Mend a bike"),
        ("tyres", "Mend a bike"),
        ("wehels", "Mend a bike"),
        ("wheles", "Mend a bike"),
        ("soup", "Cook for ten on £10"),
        ("vegtable", "Share a vegetable plot"),
        ("vegetabel plot", "Share a vegetable plot"),
        ("growers", "Share a vegetable plot"),
        ("window", "Damp and draughts"),
        ("my flat is damp", "Damp and draughts"),
        ("someone to mend my bike", "Mend a bike"),
        ("my bi", "Mend a bike"),
        ("my bik", "Mend a bike"),
        ("cymhorthfa", "Social media surgery"),
        ("ffon", "Social media surgery"),
        ("مدد", "Social media surgery"),
        ("sian cafe", "Siân's café walks"),
        ("Siân’s", "Siân's café walks"),
        ("people's super", "People's supermarket"),
        ("£10", "Cook for ten on £10"),
    ],
)
def test_what_people_type_finds_what_they_mean(replica: Replica, query: str, first: str) -> None:
    assert titles(replica, query)[:1] == [first]


@pytest.mark.parametrize(
    "query", ["", " ", "...", "zzzzzz", '"', "a OR b*", "NEAR(", "title:x", "'; DROP TABLE item", "%"]
)
def test_odd_queries_are_answered_calmly(replica: Replica, query: str) -> None:
    assert isinstance(replica.search(query), list)


def test_a_whole_code_brings_up_its_item_alone(replica: Replica) -> None:
    code = codes.for_id(an_id(2))
    assert titles(replica, codes.show(code).lower()) == ["Cook for ten on £10"]


def test_what_has_expired_or_is_stocked_elsewhere_is_not_shown(replica: Replica, tmp_path: Path) -> None:
    for query in ("last", "party", "l", "only", "hull"):
        assert not {"Last year's party", "Only in Hull"} & set(titles(replica, query))
    assert replica.count() == len(SHELF) - 2
    assert Replica(replica.path, shop="Hull", today=lambda: dt.date(2026, 11, 22)).count() == len(SHELF)
    assert replica.item(item_id=an_id(7)), "somebody may still hold its slip"


def test_shelves_kinds_and_languages(replica: Replica) -> None:
    page = replica.shelf("theme:food", limit=1)
    assert (len(page.cards), page.total) == (1, 2)
    assert replica.kinds("theme:shelter") == {"toolkit": 1}
    assert replica.languages() == {"cy": 1, "pl": 1, "ur": 1}
    assert [event.title for event in replica.events()] == ["Social media surgery"]


def test_the_best_stand_first(replica: Replica) -> None:
    assert replica.shelf(limit=2).cards[0].title == "People's supermarket"


def test_an_item_comes_back_as_it_went_in(replica: Replica) -> None:
    item = replica.item(item_id=an_id(5))
    assert item == msgspec.convert({**records(SHELF)[4], "code": codes.for_id(an_id(5))}, Item)


def delta(*lines: dict[str, Any]) -> bytes:
    return packs.write_delta([msgspec.json.encode({"c": "item", **line}) for line in lines])


def test_deltas_leave_just_what_a_fresh_build_would_have(tmp_path: Path) -> None:
    """Random edits, withdrawals and returns: search, shelves and digest are as if built from the outcome alone."""
    dice = random.Random(5)
    path = tmp_path / "replica-1.db"
    live = build(path, SHELF)
    there = {fields["id"]: fields for fields in records(SHELF)}
    revision = len(SHELF)
    db = schema.open_for_writing(path)
    for _round in range(25):
        lines = []
        for record_id in dice.sample([an_id(n) for n in range(1, 16)], 4):
            revision += 1
            if record_id in there and dice.random() < 0.3:
                del there[record_id], live[record_id]
                lines.append({"id": record_id, "r": revision, "gone": True})
                continue
            fields = {**dice.choice(SHELF), "id": record_id, "r": revision, "kind": dice.choice(["guide", "skill"])}
            more = {"place": dice.choice(PLACES), "price": dice.choice(PRICES), "language": dice.choice(["en", "pl"])}
            fields |= {name: value for name, value in more.items() if value is not None}
            fields["title"] = f"{dice.choice(['Blue', 'Green', 'Old'])} {fields['title']}"
            there[record_id], live[record_id] = fields, revision
            lines.append(fields)
        deltas.apply(db, [delta(*lines)], state_of(live, revision))
    db.close()
    verify_replica(path)
    after = Replica(path, shop="Mill Lane", today=lambda: TODAY)
    again = tmp_path / "again.db"
    ordered = sorted(there.values(), key=lambda fields: -rank(msgspec.convert(fields, Item)))
    piece = packs.Piece(
        format=packs.BASE_FORMAT, to=revision, piece=0, pieces=1, tables=[packs.table_of("item", ordered)]
    )
    base.build(again, [piece])
    fresh_db = schema.open_for_writing(again)
    deltas.apply(fresh_db, [], state_of(live, revision))
    base.build_text(fresh_db)
    fresh_db.close()
    fresh = Replica(again, shop="Mill Lane", today=lambda: TODAY)
    for query in ("b", "bl", "blue", "mend", "soup", "garden", "cymhorthfa", "window", "mend zzz", "o", "surgery"):
        assert {c.id for c in after.search(query)} == {c.id for c in fresh.search(query)}, query
    filters = [Filters(), Filters(free=True), Filters(language="en"), Filters(kind="skill", language="pl")]
    for shelf, filter_ in product(("", "theme:food", "theme:community", "language:pl", "language:cy"), filters):
        found, wanted = (one.shelf(shelf, filters=filter_, limit=99) for one in (after, fresh))
        assert {card.id for card in found.cards} == {card.id for card in wanted.cards}, (shelf, filter_)
        assert found.total == wanted.total
    assert standing(path) == standing(again) != ([], [])
    raw = sqlite3.connect(path)
    for table in ("item_title", "item_text"):
        raw.execute(f"INSERT INTO {table}({table}, rank) VALUES('integrity-check', 1)")
    raw.close()


def standing(path: Path) -> tuple[list[Any], list[Any]]:
    """Which item stands on which shelf, and which stand where, whatever their row numbers."""
    raw = sqlite3.connect(path)
    shelves = raw.execute("SELECT name, hex(id) FROM shelf LEFT JOIN item USING (n) ORDER BY 1, 2").fetchall()
    positions = raw.execute(
        "SELECT lat, lon, hex(id) FROM position LEFT JOIN item USING (n) ORDER BY 1, 2, 3"
    ).fetchall()
    raw.close()
    return shelves, positions


def test_a_delta_that_is_not_what_the_hub_signed_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    live = build(path, SHELF)
    db = schema.open_for_writing(path)
    with pytest.raises(CheckFailedError):
        deltas.apply(db, [delta({"id": an_id(1), "r": 99, "kind": "guide", "title": "Changed"})], state_of(live, 99))
    with pytest.raises(RecordError):
        deltas.apply(db, [delta({"id": an_id(1), "r": 99, "kind": "guide", "title": 7})], state_of(live, 99))
    assert Replica(path).item(item_id=an_id(1)).title == "Mend a bike"  # type: ignore[union-attr]
    db.close()


def test_a_delta_twice_is_as_once(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    live = build(path, SHELF)
    live[an_id(1)] = 10
    change = delta({"id": an_id(1), "r": 10, "kind": "guide", "title": "Changed"})
    db = schema.open_for_writing(path)
    deltas.apply(db, [change], state_of(live, 10))
    deltas.apply(db, [change], state_of(live, 10))
    db.close()
    verify_replica(path)
    assert len(Replica(path).search("changed")) == 1


def test_another_schema_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    build(path, SHELF[:1])
    db = sqlite3.connect(path)
    db.execute("UPDATE meta SET value = 99 WHERE key = 'schema'")
    db.commit()
    db.close()
    with pytest.raises(ReplicaError, match="schema 99"):
        Replica(path)


def test_folding() -> None:
    assert fold("Siân CAFÉ Łódź") == "sian cafe łodz"
    assert words_of("People's £10 – বাংলা ভাষা!") == ["people", "s", "10", "বাংলা", "ভাষা"]


def test_counts_leave_out_what_is_hidden_here_today(replica: Replica) -> None:
    everything = Replica(replica.path, today=lambda: dt.date(2026, 1, 1))
    assert (everything.count(), replica.count()) == (9, 7)
    assert (everything.kinds()["guide"], replica.kinds()["guide"]) == (7, 5)
    assert replica.count(kind="event") == 1 and replica.count("theme:food", "guide") == 2
    assert replica.count("theme:food") == replica.shelf("theme:food").total == 2
    assert replica.count("theme:none") == 0 and replica.kinds("theme:none") == {}
    assert [wanted.file.name for wanted in replica.wanted()] == ["a"]
    everything.close()


def test_what_is_kept_in_memory_goes_when_the_replica_or_the_day_changes(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    live = build(path, SHELF)
    day = [TODAY]
    open_one = Replica(path, today=lambda: day[0])
    before = open_one.count(), open_one.shelf("theme:food", filters=Filters(kind="guide")).total
    live[an_id(2)] = 99
    db = schema.open_for_writing(path)
    deltas.apply(db, [delta({"id": an_id(2), "r": 99, "kind": "skill", "title": "Cook"})], state_of(live, 99))
    db.close()
    assert (open_one.count(), open_one.shelf("theme:food", filters=Filters(kind="guide")).total) == (8, 1) != before
    assert [card.title for card in open_one.search("cook", filters=Filters(kind="skill"))] == ["Cook"]
    day[0] = dt.date(2026, 11, 22)
    assert open_one.count() == 9
    open_one.close()
