"""What a walk-in says finds what they came for, in the starter catalogue as the shop gets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from sync.hub.importing import Found, items
from sync.records import Item
from sync.replica.read import Replica
from sync.replica.words import COMMON, words_of
from tests.support.catalogue import build

NDJSON = Path(__file__).parents[2] / "assets" / "demo" / "items.ndjson"
FIRST = 3
"""So many finds are seen without another look."""
SEEN = 5

# one of the titles is among the first three
ASKED = [
    ("my flat is damp", "Beat damp and draughts", "Clean black mould safely"),
    ("someone to fix my bike", "Leroy gets bikes going", "Bike fix-up"),
    ("benefits form", "Get ready for a benefits form", "Benefits and forms: book a slot"),
    ("something for kids on saturday", "Saturday story time", "Saturday build and make", "Saturday cooking together"),
    ("i am lonely", "Tea and talk", "A listening ear"),
    ("im lonley", "Tea and talk", "A listening ear", "Board games night"),
    ("cant pay gas", "Make sense of fuel bills", "Home energy visit"),
    ("were can i get cheap food", "Store-cupboard dinners for a week", "Cook for ten on £10", "Food bank session"),
    ("ive got no food", "Food bank session"),
    ("old ipad help", "Coffee and computers", "Social media surgery"),
    ("leeking tap", "Sian mends dripping taps"),
    ("bored teenager", "Friday youth drop-in"),
    ("nappies", "Baby and children’s kit bank"),
    ("computer for my son", "Wanted: laptops you don’t use"),
    ("council wont answer", "Ask your council, and be heard"),
    ("speak to the council", "Ask your council, and be heard", "Community council meeting"),
    ("hole in the road", "Ask your council, and be heard"),
    ("street light broken", "Ask your council, and be heard", "Safe way home"),
    ("want to help", "Litter pick Sunday", "Mill Lane pocket park", "Run a social media surgery"),
    ("what's on", "Shared lunch", "Sunday soup", "Tea and talk"),
    ("whats on tomorow", "Shared lunch"),
    ("foodbank", "Food bank session"),
    ("hot meal", "Shared lunch", "Sunday soup"),
    ("landlord wont fix boiler", "Keep a repair diary when you rent"),
    ("getting evicted", "If you may lose your home"),
    ("nowhere to sleep", "If you may lose your home"),
    ("warm place", "Warm space"),
    ("house is freezing", "Beat damp and draughts", "Home energy visit"),
    ("electric bill too high", "Make sense of fuel bills", "Home energy visit"),
    ("owe money", "Debt: the first five steps"),
    ("bailiffs", "Debt: the first five steps", "If you may lose your home"),
    ("my husband hits me", "When someone at home frightens you"),
    ("my dad has died", "A listening ear"),
    ("nobody to talk to", "A listening ear"),
    ("depressed", "Look after your mind"),
    ("my english is not good", "English for the shop", "Talk English together"),
    ("english lessons", "English for the shop", "Talk English together"),
    ("help reading a letter", "Grace reads forms in Polish", "Benefits and forms: book a slot"),
    ("how do i use my phone", "Social media surgery", "Coffee and computers"),
    ("photos off my phone", "Imran sets up new phones", "Keep your photos and papers"),
    ("internet too dear", "Get online for less"),
    ("scam text", "Spot a scam"),
    ("someone rang me about my bank", "Spot a scam"),
    ("passwords keep forgetting", "Make good passwords", "Bitwarden: one safe for passwords"),
    ("fix my laptop", "Saturday repair table"),
    ("broken toaster", "Saturday repair table"),
    ("kettle broken dont want to throw away", "Saturday repair table"),
    ("sew a button", "Mending circle"),
    ("jumper with hole in it", "Mending circle"),
    ("need a drill", "Ladder and drill to borrow"),
    ("school uniform", "Hold a clothes swap", "Baby and children’s kit bank"),
    ("pram", "Cot and pushchair, free", "Baby and children’s kit bank"),
    ("mum and baby group", "Song time for toddlers"),
    ("playgroup", "Song time for toddlers"),
    ("homework help", "Homework club", "Ben helps with sums"),
    ("cv help", "Write a CV on one page", "Job club"),
    ("lost my job", "Job club"),
    ("lift to the doctors", "Get to your hospital visit", "A community car scheme"),
    ("cant get to the shops", "Tuesday shopping minibus"),
    ("wheel chair", "Borrow a scooter or wheelchair"),
    ("exercise for old people", "Chair exercise"),
    ("walking group", "Sunday slow walk"),
    ("room for a birthday party", "A hall with a stage", "Use a room you do not own"),
    ("need a room for our group", "Free room for good causes", "A hall with a stage"),
    ("how to start a business", "Empty: tiny market kiosk", "Open an empty shop for a month"),
    ("grow tomatos", "Share a vegetable plot", "Seedlings to give away"),
    ("feel unsafe walking home", "Safe way home"),
    ("bike stolen", "Hold a bike marking day", "Lost or stolen: stop it fast"),
    ("give away old toys", "Start a toy library"),
    ("somewhere to charge my phone", "Warm space"),
    ("video call my family abroad", "Jitsi Meet: video calls by link", "Signal: private messages"),
    ("map without internet", "Organic Maps: a map in your phone"),
    ("close our road for a party", "Hold a street party"),
    ("toilet wont flush", "Sian mends dripping taps"),
    ("my landlord is kicking me out", "If you may lose your home"),
    ("can i borrow a hammer", "Street library of things", "Ladder and drill to borrow"),
    ("wher is the warm hub", "Warm space"),
    ("i want to lern english", "Talk English together", "English for the shop"),
    ("i cant see the screen very well", "NVDA: your computer reads to you"),
    ("got a funny text from the post office", "Spot a scam"),
    ("kids bored in the holidays", "Saturday build and make", "Friday youth drop-in"),
    ("donate food", "Food bank session"),
    ("cars go too fast down our road", "Brook Street has its zebra", "Make a play street"),
]


@pytest.fixture(scope="module")
def catalogue() -> list[Item]:
    return [one.item for one in items.read([NDJSON]) if isinstance(one, Found)]


@pytest.fixture(scope="module")
def replica(catalogue: list[Item], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    path = tmp_path_factory.mktemp("asked") / "replica-1.db"
    made = build(path, [msgspec.to_builtins(item) for item in catalogue], shop={"name": "Mill Lane"})
    yield made
    made.close()


def titles(replica: Replica, asked: str, most: int) -> list[str]:
    return [card.title for card in replica.search(asked)[:most]]


@pytest.mark.parametrize(("asked", "wanted"), [(asked, wanted) for asked, *wanted in ASKED])
def test_what_was_meant_is_among_the_first(replica: Replica, asked: str, wanted: list[str]) -> None:
    for typed in (asked, asked + " ", asked.upper() + "?"):
        first = titles(replica, typed, FIRST)
        assert set(first) & set(wanted), (typed, first)


def test_the_titles_asked_for_are_there(catalogue: list[Item]) -> None:
    assert {title for _asked, *wanted in ASKED for title in wanted} <= {item.title for item in catalogue}


def test_most_of_what_is_seen_has_to_do_with_it(replica: Replica, catalogue: list[Item]) -> None:
    """A find has to do with it that shares a telling word of its title or tags with one that is wanted."""
    words = {
        item.title: {word for text in (item.title, *item.tags) for word in words_of(text)} - COMMON
        for item in catalogue
    }
    seen = fitting = 0
    for asked, *wanted in ASKED:
        meant = set().union(*(words[title] for title in wanted))
        found = titles(replica, asked, SEEN)
        seen += len(found)
        fitting += sum(bool(words[title] & meant) for title in found)
    assert fitting / seen > 0.7, fitting / seen


def test_every_item_is_found_by_its_title(replica: Replica, catalogue: list[Item]) -> None:
    assert [item.title for item in catalogue if item.title not in titles(replica, item.title, 3)] == []


def test_every_item_is_found_by_the_first_two_telling_words_of_its_title(
    replica: Replica, catalogue: list[Item]
) -> None:
    two = {
        item.title: " ".join([word for word in words_of(item.title) if word not in COMMON][:2]) for item in catalogue
    }
    assert [title for title, typed in two.items() if title not in titles(replica, typed, 10)] == []
