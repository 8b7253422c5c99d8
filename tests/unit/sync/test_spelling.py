"""One wrong, missing, doubled or swapped letter in a word of five or more letters still finds it in the first five."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.replica import deltas, schema
from sync.replica.read import Replica
from sync.replica.words import words_of
from tests.unit.sync.test_replica import an_id, build, delta, records, state_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"

TITLES = [
    "Mend a bicycle wheel",
    "Vegetable garden for beginners",
    "Gardening without a garden",
    "Harden seedlings before planting",
    "Library of things",
    "Librarian wanted",
    "Kitchen table talks",
    "Kitten needs a home",
    "Community supermarket",
    "Housing advice",
    "Horse riding for all",
    "Mouse traps and other pests",
    "Bread baking",
    "Broad beans",
    "Breathing exercises",
    "Übersetzungen für Nachbarn",
    "Siân's café walks",
]


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    path = tmp_path_factory.mktemp("spelling") / "replica-1.db"
    items: list[dict[str, Any]] = [
        {"title": title, "tags": [f"tag{n:03}", "allotment"]} for n, title in enumerate(TITLES)
    ]
    items += [{"title": f"Thing number {n}", "body": "All about bread and kitchens."} for n in range(200)]
    build(path, items)
    opened = Replica(path)
    yield opened
    opened.close()


def wrong_at(word: str, at: int, letter: str) -> dict[str, str]:
    """The word with one slip at a place, by kind; those that change nothing left out."""
    forms = {
        "wrong": word[:at] + letter + word[at + 1 :],
        "missing": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "swapped": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }
    return {kind: form for kind, form in forms.items() if form != word}


def words() -> list[str]:
    found = {word for title in TITLES for word in words_of(title)}
    return [*sorted(word for word in found if len(word) >= 5), "allotment"]


@pytest.mark.parametrize("word", words())
def test_a_slip_at_any_place_still_finds_it(replica: Replica, word: str) -> None:
    dice = random.Random(word)
    for at in range(len(word)):
        for kind, form in wrong_at(word, at, dice.choice(LETTERS)).items():
            found = replica.search(form)[:5]
            whole = [replica.item(item_id=card.id) for card in found]
            texts = [f"{item.title} {' '.join(item.tags)}" for item in whole if item]
            assert any(word in words_of(text) for text in texts), (kind, form, texts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harden", "Vegetable garden for beginners"),  # a word itself
        ("garden", "Harden seedlings before planting"),
        ("house", "Horse riding for all"),
        ("mousing", "Housing advice"),
        ("kitte", "Kitten needs a home"),
        ("librari", "Librarian wanted"),
        ("bred", "Bread baking"),  # four letters left of five
        ("broad", "Bread baking"),
        ("vegeatb", "Vegetable garden for beginners"),  # misspelt while unfinished
        ("xegetab", "Vegetable garden for beginners"),
        ("ommunit", "Community supermarket"),
        ("commnuity super", "Community supermarket"),
        ("wheel bicycel", "Mend a bicycle wheel"),
        ("bicylce wheeel", "Mend a bicycle wheel"),  # one slip in each
        ("supremarkte", "Community supermarket"),  # two in a long word
        ("ubersetzungne", "Übersetzungen für Nachbarn"),
        ("halls breahting ", "Breathing exercises"),  # beside a word that is nowhere
    ],
)
def test_also_where_it_is_hard(replica: Replica, typed: str, meant: str) -> None:
    assert meant in [card.title for card in replica.search(typed)[:5]]


def test_what_was_typed_stands_first_all_the_same(replica: Replica) -> None:
    assert "harden" in replica.search("harden")[0].title.lower()
    assert "bread" not in replica.search("thing")[0].title.lower()
    assert [card.title for card in replica.search("broad beans")][:1] == ["Broad beans"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dmap", ["Damp walls"]),  # two letters swapped
        ("dampp", ["Damp walls"]),  # one doubled
        ("daamp", ["Damp walls"]),
        ("domp", ["Damp walls"]),  # another vowel
        ("damp", ["Damp walls"]),
        ("dalp", []),  # another letter may be another word
        ("lam", ["Lamps"]),  # a beginning is none
        ("lamp", ["Lamps"]),
    ],
)
def test_some_slips_are_forgiven_in_words_of_four_letters(tmp_path: Path, typed: str, found: list[str]) -> None:
    build(tmp_path / "replica-1.db", [{"title": "Damp walls"}, {"title": "Lamps", "tags": ["limp"]}])
    replica = Replica(tmp_path / "replica-1.db")
    assert [card.title for card in replica.search(typed)] == found
    assert [card.title for card in replica.search(f"{typed} ")] == found or typed == "lam"
    replica.close()


@pytest.mark.parametrize("typed", ["tag010", "tag01", "12345"])
def test_numbers_are_not_forgiven_anything(replica: Replica, typed: str) -> None:
    for card in replica.search(typed):
        item = replica.item(item_id=card.id)
        assert item and any(tag.startswith(typed) for tag in item.tags)


def test_words_that_a_change_brings_are_forgiven_too(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    live = build(path, [{"title": "Mend a bike"}])
    live[an_id(2)] = 2
    db = schema.open_for_writing(path)
    deltas.apply(db, [delta({**records([{"title": "Trampoline hall"}], first=2)[0]})], state_of(live, 2))
    db.close()
    replica = Replica(path)
    assert [card.title for card in replica.search("trmapoline")] == ["Trampoline hall"]
    assert [card.title for card in replica.search("trmapo")] == ["Trampoline hall"]
    replica.close()


def test_packs_that_overlap_leave_what_one_after_the_other_does(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    live = build(path, [{"title": "One"}, {"title": "Two"}])
    lines = [
        {"id": an_id(1), "r": 3, "kind": "guide", "title": "One again"},
        {"id": an_id(3), "r": 4, "kind": "guide", "title": "Three"},
        {"id": an_id(2), "r": 5, "gone": True},
        {"id": an_id(4), "r": 6, "kind": "guide", "title": "Four"},
    ]
    live |= {an_id(1): 3, an_id(3): 4, an_id(4): 6}
    del live[an_id(2)]
    db = schema.open_for_writing(path)
    deltas.apply(db, [delta(*lines[:3]), delta(*lines[1:])], state_of(live, 6))
    db.close()
    replica = Replica(path)
    assert sorted(card.title for card in replica.shelf().cards) == ["Four", "One again", "Three"]
    assert [card.title for card in replica.search("three")] == ["Three"]
    replica.close()
