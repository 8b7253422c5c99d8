"""Finding by what people say: other words for a thing, other forms of a word, and the days of the week."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from sync import days
from sync.replica import selection
from sync.replica.read import Replica
from tests.support.catalogue import build

SATURDAY = {"starts": "2026-01-03T10:00:00", "rrule": "FREQ=WEEKLY;BYDAY=SA", "kind": "event"}
ITEMS = [
    {"title": "Beat damp and draughts", "tags": ["mould"], "body": "Renting? Write to the landlord."},
    {"title": "Sharpening a saw", "body": "A flat stone, kept damp."},
    {"title": "Bicycle workshop", "tags": ["repair"]},
    {"title": "Story time", "tags": ["children", "books"], **SATURDAY},
    {"title": "Growers’ swap", "tags": ["seedlings"]},
    {"title": "Wanted: baby clothes", "body": "For children of any age, on Saturdays and Sundays."},
    {"title": "Knitting", "tags": ["wool"], "translations": {"pl": {"title": "Robótki"}, "xx": {"title": "Xx"}}}
    | SATURDAY,
    {"title": "Free room", "tags": ["group", "meeting"]},
    {"title": "Borrow a wheelchair", "tags": ["ramps"]},
    {"title": "Food table", "tags": ["no food", "bank"]},
    {"title": "Lunch", "tags": ["soup", "what’s on"], "kind": "event", "rrule": "FREQ=WEEKLY;BYDAY=TU"},
]


@pytest.fixture(params=["few", "many"])
def replica(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    if request.param == "many":
        monkeypatch.setattr(selection, "_SMALL", 0)
    made = build(tmp_path / "replica-1.db", ITEMS)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("my flat is damp", "Beat damp and draughts"),
        ("my flat's damp!", "Beat damp and draughts"),
        ("someone to fix my bike", "Bicycle workshop"),
        ("can you mend bikes", "Bicycle workshop"),
        ("something for kids on saturday", "Story time"),
        ("a toddler", "Wanted: baby clothes"),
        ("babies", "Wanted: baby clothes"),
        ("somewhere for our club to meet", "Free room"),
        ("reading a book", "Story time"),
        ("sobota", "Knitting"),
        ("saterday", "Story time"),
        ("whats on", "Lunch"),
        ("wheres the lunch", "Lunch"),
        ("whats on tomorrow", "Lunch"),  # a Tuesday
        ("anything tomorow", "Lunch"),
        ("wheel chair", "Borrow a wheelchair"),
        ("foodbank", "Food table"),
        ("ive got no food", "Food table"),
        ("fix my bike for me", "Bicycle workshop"),
        ("knittting", "Knitting"),
    ],
)
def test_what_people_say_finds_what_they_mean(replica: Replica, asked: str, first: str) -> None:
    assert [card.title for card in replica.search(asked)][:1] == [first]
    assert [card.title for card in replica.search(asked + " ")][:1] == [first]


def test_words_as_typed_come_before_other_words_for_them(replica: Replica) -> None:
    assert [card.title for card in replica.search("children ")][:2] == ["Story time", "Wanted: baby clothes"]
    assert [card.title for card in replica.search("baby ")] == ["Wanted: baby clothes"]


def test_a_day_that_a_title_names_is_meant_by_its_name(tmp_path: Path) -> None:
    replica = build(
        tmp_path / "replica-1.db", [{"title": "A better tomorrow"}, {"title": "Lunch", "tags": ["tuesday"]}]
    )
    assert [card.title for card in replica.search("tomorrow")] == ["A better tomorrow"]
    replica.close()


def test_a_word_from_the_lists_is_no_slip(tmp_path: Path) -> None:
    replica = build(tmp_path / "replica-1.db", [{"title": "A small grant"}, {"title": "Tea", "tags": ["older people"]}])
    assert [card.title for card in replica.search("my gran ")][:1] == ["Tea"]
    replica.close()


def test_a_word_that_nothing_is_like_finds_nothing(replica: Replica) -> None:
    assert replica.search("zzxq") == [] and replica.search("dentist please") == []


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", ["Monday", "Wednesday"]),
        ("FREQ=MONTHLY;BYDAY=1SA", ["Saturday"]),
        ("FREQ=MONTHLY;BYDAY=-1SU;COUNT=3", ["Sunday"]),
        ("FREQ=DAILY", []),
        ("BYDAY=XX,", []),
    ],
)
def test_a_rule_gives_its_days(rule: str, names: list[str]) -> None:
    assert days.of_rule(rule, ()) == names


def test_many_ask_at_once(replica: Replica) -> None:
    start, found = Barrier(8), []

    def ask(at: int) -> None:
        start.wait()
        found.append(replica.search(("fixing bicycles", "babies clothes")[at % 2])[0].title)

    asking = [Thread(target=ask, args=(at,)) for at in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert sorted(found) == ["Bicycle workshop"] * 4 + ["Wanted: baby clothes"] * 4
