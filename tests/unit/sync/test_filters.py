"""What filters leave of a shelf and of a search, against the plain rule; what is near; which filters are offered."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from sync import wording
from sync.records import Item
from sync.replica import bits, near, selection
from sync.replica.filters import FAR_KM, Choices, Filters
from sync.replica.read import Card, Replica
from tests.support.catalogue import SHOP, TODAY, build

HERE = (SHOP["lat"], SHOP["lon"])
WORDS = "bike soup garden library damp phone choir lunch".split()
KINDS = ("guide", "service", "skill", "news")
THEMES = ("food", "shelter", "transport")


def made_up(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Items of every sort: some far, some without a place, some hidden, some free though their kind has no price."""
    dice = random.Random(seed)
    items: list[dict[str, Any]] = []
    for number in range(count):
        item: dict[str, Any] = {
            "kind": dice.choice(KINDS),
            "title": f"{' '.join(dice.sample(WORDS, 3)).capitalize()} {number}",
            "body": " ".join(dice.sample(WORDS, 4)),
            "themes": dice.sample(THEMES, dice.randint(0, 2)),
            "language": dice.choice(("en", "en", "en", "pl", "cy")),
            "checked_on": f"2026-{dice.randint(1, 11):02}-{dice.randint(1, 28):02}",
        }
        if dice.random() < 0.3:
            item["price"] = {"amount_pence": dice.choice((0, 250))}
        if dice.random() < 0.6:
            item["place"] = {"lat": dice.gauss(51.7, 0.2), "lon": dice.gauss(-3.8, 0.3)}
        if dice.random() < 0.2:
            item["translations"] = {dice.choice(("en", "pl", "ur")): {"title": "Bike"}}
        if dice.random() < 0.1:
            item["expires_on"] = dice.choice(("2026-11-22", "2026-11-23"))
        if dice.random() < 0.1:
            item["shops"] = [dice.choice(("Mill Lane", "Hull"))]
        items.append(item)
    return items


@pytest.fixture(scope="module", params=["few", "many", "too many"])
def replica(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """Few items, whose selections have indexes of their own; so many that some have not; and none that has."""
    count = 3_200 if request.param == "many" else 300
    made = build(tmp_path_factory.mktemp("filters") / "replica-1.db", made_up(count), SHOP)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "too many":
            patch.setattr(selection, "_SMALL", 0)
            patch.setattr(selection, "_FIRST", 10)
        yield made
    made.close()


def everything(replica: Replica) -> list[Item]:
    """Every item that may be shown, in rank order, by looking at each."""
    raw = sqlite3.connect(replica.path)
    found = [replica.item(code=code) for (code,) in raw.execute("SELECT code FROM item ORDER BY n")]
    raw.close()
    shown = [item for item in found if item and (not item.shops or "Mill Lane" in item.shops)]
    return [item for item in shown if not item.expires_on or item.expires_on >= TODAY.isoformat()]


def km_of(item: Item) -> float | None:
    there = near.position_of(item.place)
    return near.distance_km(HERE, there) if there else None


def wanted(items: list[Item], filters: Filters) -> list[str]:
    """The rule, item by item; those that are left, in order."""
    left = [
        item
        for item in items
        if (not filters.kind or item.kind == filters.kind)
        and (not filters.theme or filters.theme in item.themes)
        and (not filters.language or filters.language in item.languages)
        and (not filters.free or "Free" in wording.chip(item))
        and (not filters.near_km or ((km := km_of(item)) is not None and km <= filters.near_km))
    ]
    if filters.near_km:
        left.sort(key=lambda item: km_of(item) or 0.0)
    return [item.id for item in left]


MIXTURES = [
    Filters(kind=kind, theme=theme, language=language, free=free, near_km=near_km)
    for kind, theme, language, free, near_km in product(
        ("", "guide", "skill"), ("", "food", "none"), ("", "en", "ur"), (False, True), (0.0, 8.0, 60.0)
    )
]


def test_every_mixture_of_filters_leaves_what_the_rule_leaves(replica: Replica) -> None:
    items = everything(replica)
    for filters in MIXTURES:
        ids = wanted(items, filters)
        page = replica.shelf(filters=filters, offset=3, limit=7)
        assert page.total == len(ids), filters
        assert [card.id for card in page.cards] == ids[3:10], filters
    of_theme = [item for item in items if "shelter" in item.themes]
    for filters in MIXTURES[::5]:
        page = replica.shelf("theme:shelter", filters=filters, limit=5_000)
        assert [card.id for card in page.cards] == wanted(of_theme, filters), filters


def test_a_search_finds_of_these_just_what_fits(replica: Replica) -> None:
    items = everything(replica)
    fitting = [item for item in items if "bike" in item.title.lower() or "Bike" in str(item.translations)]
    for filters in MIXTURES:
        found = [card.id for card in replica.search("bike ", filters=filters, limit=5)]
        ids = wanted(fitting, filters)
        assert found[: len(ids)] == ids[:5], filters
        assert set(found) <= set(wanted(items, filters)), filters


@pytest.mark.parametrize(
    "typed", ["b", "bi", "bik", "bike", "bike so", "soup bike", "gadren", "choir lunhc", "my bike"]
)
def test_every_key_press_keeps_to_the_filters(replica: Replica, typed: str) -> None:
    left = set(wanted(everything(replica), filters := Filters(kind="service", free=True, near_km=40)))
    found = [card.id for card in replica.search(typed, filters=filters)]
    assert found and set(found) <= left


def test_a_code_brings_up_its_item_whatever_is_filtered(replica: Replica) -> None:
    item = everything(replica)[0]
    assert [card.id for card in replica.search(item.code, filters=Filters(theme="none"))] == [item.id]


def test_choices_leave_something_and_leave_something_out(replica: Replica) -> None:
    items = everything(replica)
    choices = replica.choices()
    assert choices.total == len(items)
    for kind in KINDS:
        assert choices.kinds[kind] == len(wanted(items, Filters(kind=kind)))
    assert list(choices.kinds.values()) == sorted(choices.kinds.values(), reverse=True)
    assert choices.languages == {
        code: len(wanted(items, Filters(language=code))) for code in sorted(choices.languages, key=str)
    }
    assert set(choices.languages) == {"en", "pl", "cy", "ur"} and choices.free and choices.near
    guides = replica.choices("theme:food", "bike")
    assert guides.total == len(replica.search("bike", shelf="theme:food", limit=100))
    assert all(0 < count < guides.total for count in [*guides.kinds.values(), *guides.languages.values()])


def test_choices_count_with_the_other_filters(replica: Replica) -> None:
    items = everything(replica)
    for filters in MIXTURES[::3]:
        choices = replica.choices(filters=filters)
        assert choices.total == len(wanted(items, filters))
        for about, counts in (("kind", choices.kinds), ("theme", choices.themes), ("language", choices.languages)):
            every = len(wanted(items, replace(filters, **{about: ""})))
            for value, count in counts.items():
                assert 0 < count == len(wanted(items, replace(filters, **{about: value}))) < every
        nearest = wanted(items, replace(filters, near_km=FAR_KM))
        assert choices.near == bool(nearest)
        if nearest:
            card = replica.item(item_id=nearest[0])
            assert card and choices.nearest_km == km_of(card)
    found = replica.choices(text="bike", filters=Filters(kind="guide", free=True))
    assert found.total == len(replica.search("bike", filters=Filters(kind="guide", free=True), limit=100))
    assert {"guide", "service"} <= set(found.kinds) and found.free


def test_where_nothing_would_be_left_out_nothing_is_offered(tmp_path: Path) -> None:
    one = build(tmp_path / "replica-1.db", [{"title": "A"}, {"title": "B", "place": {"lat": 51.7, "lon": -3.8}}])
    assert one.choices() == Choices(total=2)  # the shop has no position
    assert one.search("b", filters=Filters(near_km=10)) == [] and one.shelf().cards[0].km is None
    one.close()
    far = [{"title": "A", "place": {"lat": 55.0, "lon": -3.8}}]
    other = build(tmp_path / "replica-2.db", far, SHOP)
    assert (
        not other.choices().near
        and other.choices("theme:none") == Choices()
        and other.choices(text="zzzz") == Choices()
    )
    assert other.choices().total == 1
    other.close()


def test_a_card_says_how_far_it_is(replica: Replica) -> None:
    for card in replica.shelf(limit=200).cards:
        item = replica.item(item_id=card.id)
        assert item and card.km == km_of(item)
    cards = replica.shelf(filters=Filters(near_km=30), limit=5_000).cards
    assert [card.km for card in cards] == sorted(card.km for card in cards if card.km is not None)


# -- distances


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((51.5074, -0.1278), (48.8566, 2.3522), 343.6),
        ((0.0, 0.0), (0.0, 180.0), 20_015.1),
        ((90.0, 0.0), (-90.0, 50.0), 20_015.1),
        ((51.7, -3.8), (51.7, -3.8), 0.0),
        ((10.0, 179.9), (10.0, -179.9), 21.9),
    ],
)
def test_distances(one: near.Position, other: near.Position, km: float) -> None:
    assert near.distance_km(one, other) == pytest.approx(km, abs=0.1)
    assert near.distance_km(other, one) == near.distance_km(one, other)


@pytest.mark.parametrize(
    "here", [(51.7, -3.8), (0.0, 0.0), (89.99, 10.0), (-89.9, 170.0), (10.0, 179.99), (66.0, -180.0)]
)
def test_the_box_leaves_nothing_out(here: near.Position) -> None:
    """What is within so far is found, also about the poles and the date line, and at the very edge."""
    dice = random.Random(7)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE position(lat REAL, lon REAL, n INTEGER, PRIMARY KEY(lat, lon, n)) WITHOUT ROWID")
    there = [
        (max(-90.0, min(90.0, here[0] + dice.gauss(0, 0.5))), (here[1] + dice.gauss(0, 40) + 180) % 360 - 180, n)
        for n in range(2_000)
    ]
    there += [(here[0], (here[1] + dice.gauss(0, 0.5) + 180) % 360 - 180, n) for n in range(2_000, 3_000)]
    near.add(db, there)
    for most_km in (0.0, 5.0, 50.0, 500.0):
        km = {n: near.distance_km(here, (lat, lon)) for lat, lon, n in there}
        within = sorted((km[n], n) for n in km if km[n] <= most_km)
        assert near.within(db, here, most_km) == within
    edge = near.distance_km(here, there[0][:2])
    assert (edge, 0) in near.within(db, here, edge)
    db.close()


# -- sets of rows


def test_sets_of_rows() -> None:
    dice = random.Random(3)
    for count in (0, 1, 50, 3_000):
        rows = sorted(dice.sample(range(60_000), count))
        there = bits.of(dice.sample(rows, count))
        assert there.bit_count() == count and bits.numbers(there) == rows
        for offset, limit in ((0, 10), (7, 3), (count - 1, 5), (count, 5), (2_000, 700)):
            if offset >= 0:
                assert bits.numbers(there, offset, limit) == rows[offset : offset + limit]
        packed = bits.as_bytes(there)
        assert [n for n in range(60_100) if bits.holds(packed, n)] == rows
    assert bits.numbers(bits.of([0, 5]), 0, 0) == []


def test_the_same_card_is_told_once(replica: Replica) -> None:
    found: list[Card] = replica.search("bike soup", filters=Filters(near_km=60), limit=50)
    assert len({card.id for card in found}) == len(found) > 0
