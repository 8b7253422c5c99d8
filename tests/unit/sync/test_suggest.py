"""Ways on: similar items, words that a beginning may become, the theme that was meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.records import Item
from sync.replica import selection
from sync.replica.read import Replica
from tests.support.catalogue import an_id, build

THEMES: list[dict[str, Any]] = [
    {"key": "food", "name": "Food", "names": {"cy": "Bwyd"}},
    {"key": "transport", "name": "Getting about", "position": 2},
    {"key": "shelter", "name": "Shelter", "position": 3},
    {"key": "empty", "name": "Nothing here", "position": 4},
]
ITEMS: list[dict[str, Any]] = [
    {"title": "Mend a bike", "themes": ["transport"], "tags": ["bicycle", "repair"]},
    {"title": "Mend a puncture", "themes": ["transport"], "tags": ["bicycle"]},
    {"title": "Bike lights to borrow", "themes": ["transport"], "kind": "offer"},
    {"title": "Bus times", "themes": ["transport"]},
    {"title": "Soup for ten", "themes": ["food"], "tags": ["cooking", "café"]},
    {"title": "Café cooking club", "themes": ["food"], "kind": "event", "starts": "2026-12-01T10:00:00"},
    {"title": "Cooking without a cooker", "themes": ["food"], "tags": ["bicycle"]},
    {"title": "Cook a bike, an old joke", "themes": ["food"], "kind": "news"},
    {"title": "Damp and draughts", "themes": ["shelter"], "tags": ["repair"]},
    {"title": "Mend a bike, last year", "themes": ["transport"], "expires_on": "2026-11-22"},
    {"title": "Mend a bike in Hull", "themes": ["transport"], "shops": ["Hull"]},
    {"title": "Cymhorthfa ffôn", "language": "cy", "themes": ["shelter"], "kind": "service"},
    {"title": "ভাষা শিক্ষা", "language": "bn", "kind": "service"},
    {"title": "সাইকেল মেরামত", "language": "bn", "kind": "service"},
    {"title": "Zebra crossing, gone", "expires_on": "2026-01-01"},
]


@pytest.fixture(params=["few", "many"])
def replica(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    if request.param == "many":
        monkeypatch.setattr(selection, "_SMALL", 0)
    made = build(tmp_path / "replica-1.db", ITEMS, themes=THEMES)
    yield made
    made.close()


def similar(replica: Replica, number: int, most: int = 4) -> list[str]:
    item = replica.item(item_id=an_id(number))
    assert item
    return [card.title for card in replica.similar(item, most=most)]


def test_similar_things_share_theme_or_kind_and_words(replica: Replica) -> None:
    assert similar(replica, 1) == [
        "Mend a puncture",
        "Damp and draughts",
        "Bike lights to borrow",
        "Cooking without a cooker",
    ]
    assert similar(replica, 1, most=1) == ["Mend a puncture"]


def test_neither_itself_nor_what_is_hidden_is_similar(replica: Replica) -> None:
    for number in range(1, len(ITEMS) + 1):
        titles = similar(replica, number, most=20)
        assert ITEMS[number - 1]["title"] not in titles
        assert not {"Mend a bike, last year", "Mend a bike in Hull", "Zebra crossing, gone"} & set(titles)
        assert len(titles) == len(set(titles))


def test_where_no_word_is_shared_the_best_of_theme_and_kind_follow(replica: Replica) -> None:
    assert similar(replica, 4) == ["Mend a bike", "Mend a puncture"]
    assert similar(replica, 15) == []


def test_an_item_that_left_the_catalogue_has_similar_ones_too(replica: Replica) -> None:
    gone = Item(id=an_id(999), kind="guide", title="Repair a bicycle", themes=["transport"])
    assert {card.title for card in replica.similar(gone, most=2)} == {"Mend a bike", "Mend a puncture"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("coo", ["cooking", "cook", "cooker"]),
        ("Mend a bi", ["bicycle", "bike"]),
        ("bicycle co", ["cooker", "cooking"]),
        ("caf", ["café"]),
        ("CAF", ["café"]),
        ("café c", ["cooking", "club"]),
        ("ভা", ["ভাষা"]),
        ("cym", ["cymhorthfa"]),
        ("ff", ["ffôn"]),
        ("bike", []),
        ("bike ", []),
        ("", []),
        ("  ", []),
        ("!", []),
        ("zeb", []),  # only in what is hidden
        ("an", []),  # says nothing
        ("xyzzy", []),
        ('"', []),
    ],
)
def test_what_a_beginning_may_become(replica: Replica, typed: str, words: list[str]) -> None:
    assert replica.completions(typed) == words


def test_every_completion_finds_something(replica: Replica) -> None:
    tried = 0
    for start in "abcdefghijklmnopqrstuvwxyz":
        for typed in (start, f"bicycle {start}", f"my {start}"):
            for word in replica.completions(typed):
                tried += 1
                assert replica.search(typed[: -len(start)] + word), (typed, word)
    assert tried > 30
    assert len(replica.completions("c", most=2)) == 2


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("food", "food"),
        ("bwyd", "food"),
        ("the shelter", "shelter"),
        ("bicycle mending xyzzy", "transport"),
        ("bicylce", "transport"),
        ("cookery", "food"),  # begins as cooking does
        ("draughty", "shelter"),
        ("nothing", ""),  # a theme's name, but it is empty
        ("xyzzy", ""),
        ("the", ""),
        ("", ""),
        ("'; DROP", ""),
    ],
)
def test_the_theme_that_was_meant(replica: Replica, text: str, theme: str) -> None:
    assert replica.nearest_theme(text) == theme
