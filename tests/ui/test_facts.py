"""What is said of an item in plain words."""

from __future__ import annotations

import datetime as dt

import pytest

from kiosk.ui.widgets import facts
from sync.records import File, Item, Place, Price, Translation
from sync.replica.read import Card

TODAY = dt.date(2026, 11, 25)


def _tiles(item: Item, km: float | None = None) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.value, fact.more) for fact in facts.facts(item, here=0, km=km)}


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (None, ""),
        (0.04, "Right here"),
        (0.07, "100 m from here"),
        (0.42, "400 m from here"),
        (0.96, "1.0 km from here"),
        (1.234, "1.2 km from here"),
        (9.96, "10 km from here"),
        (24.9, "25 km from here"),
        (54.0, ""),
    ],
)
def test_a_distance_has_words(km: float | None, words: str) -> None:
    assert facts.distance(km) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-25", "Checked today"),
        ("2026-11-03", "Checked 3 Nov"),
        ("2025-06-30", "Checked 30 June 2025"),
        ("", ""),
        ("some day", ""),
    ],
)
def test_how_fresh_it_is(day: str, words: str) -> None:
    assert facts.freshness(day, TODAY) == words


def test_a_language_is_told_only_where_it_is_another() -> None:
    item = Item(id="i", kind="guide", title="T", translations={"cy": Translation(title="C")})
    assert facts.foreign(item, "pl") == "In English"
    assert facts.foreign(item, "cy") == facts.foreign(item, "en") == facts.foreign(item, "") == ""


def test_a_card_says_the_language_then_how_far_then_how_fresh() -> None:
    card = Card(n=1, id="i", code="C", kind="guide", title="T", km=1.2, checked_on="2026-11-03")
    assert facts.quiet_line(card, "pl", TODAY) == "In English · 1.2 km from here · Checked 3 Nov"
    assert facts.quiet_line(Card(n=1, id="i", code="C", kind="guide", title="T"), "en", TODAY) == ""


def test_a_price_and_where_the_money_goes() -> None:
    paid = Item(id="i", kind="event", title="T", price=Price(amount_pence=300, note="All of it is the prize."))
    assert _tiles(paid)["Price"] == ("£3", "All of it is the prize.")
    assert _tiles(Item(id="i", kind="guide", title="T"))["Price"] == ("Free", "")
    assert "Price" not in _tiles(Item(id="i", kind="news", title="T"))


def test_where_it_is_and_how_far() -> None:
    hall = Item(id="i", kind="service", title="T", place=Place(name="Hall", address="3 High Street"))
    assert _tiles(hall, 1.2)["Where"] == ("Hall, 3 High Street", "1.2 km from here")
    point = Item(id="i", kind="service", title="T", place=Place(lat=52.0, lon=-1.0))
    assert _tiles(point, 1.2)["Where"] == ("1.2 km from here", "")
    assert "Where" not in _tiles(point, 80.0)


def test_what_it_works_on_and_how_much_it_is() -> None:
    files = [
        File(name="a.pdf", media_type="application/pdf", size_bytes=1_400_000, platform="any"),
        File(name="b.csv", media_type="text/csv", size_bytes=100_000, platform="windows"),
    ]
    told = _tiles(Item(id="i", kind="app", title="T", licence="CC0-1.0", files=files))
    assert told["What you get"] == ("PDF and 1 more", "1.5 MB in all")
    assert told["Works on"] == ("Any phone or computer, Windows", "")
    assert told["You may"] == ("Copy, change and share it as you like", "CC0-1.0")
    page = _tiles(Item(id="i", kind="app", title="T", url="https://example.org"))
    assert "Works on" not in page


def test_until_when_it_is_here_and_what_it_can_be_read_in() -> None:
    item = Item(id="i", kind="offer", title="T", expires_on="2027-03-31", translations={"pl": Translation(title="P")})
    assert _tiles(item)["Here until"] == ("31 March 2027", "")
    assert _tiles(item)["You can read it in"] == ("English · Polski", "")
