"""What a search can be narrowed to, in words and as filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.bootstrap import services
from kiosk.settings import Settings
from kiosk.ui import wishes
from kiosk.ui.visit import Place, Visit
from kiosk.ui.wishes import FREE, KIND, LANGUAGE, NEAR, THEME, Wish
from sync.records import Theme
from sync.replica.filters import EVERYTHING, Filters
from tests.ui import units
from tests.ui.search_walks import items


def test_a_wish_is_added_and_taken_off() -> None:
    filters = Wish(KIND, "guide").added_to(Wish(FREE, True).added_to(EVERYTHING))
    assert filters == Filters(kind="guide", free=True)
    assert wishes.of(filters) == [Wish(KIND, "guide"), Wish(FREE, True)]
    assert Wish(KIND, "guide").taken_from(filters) == Filters(free=True)
    assert wishes.of(EVERYTHING) == []


def test_another_wish_about_the_same_takes_its_place() -> None:
    assert Wish(NEAR, 20.0).added_to(Filters(near_km=5.0)) == Filters(near_km=20.0)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(FREE, True), "Free"),
        (Wish(NEAR, 5.0), "Within 5 km"),
        (Wish(KIND, "guide"), "Guides"),
        (Wish(LANGUAGE, "pl"), "Polski"),
        (Wish(THEME, "food"), "Food"),
        (Wish(THEME, "gone"), "gone"),
    ],
)
def test_a_wish_has_words(wish: Wish, words: str) -> None:
    assert wish.words({"food": Theme(id="t", key="food", name="Food")}, "") == words


def test_only_what_leaves_something_is_offered(tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, items())
    unit = services(Settings(data=tmp_path))
    try:
        for filters in (EVERYTHING, Filters(free=True), Filters(near_km=5.0), Filters(language="pl", free=True)):
            for text in ("", "mend", "cook"):
                offered = wishes.worth_offering(unit.shelves, text, filters)
                for wish in set(offered) - set(wishes.of(filters)):  # what is chosen is offered in any case
                    assert wishes.find(unit.shelves, text, wish.added_to(filters), 1), (text, filters, wish)
        assert Wish(KIND, "offer") in wishes.worth_offering(unit.shelves, "mend", Filters(near_km=5.0))
        assert Wish(KIND, "toolkit") not in wishes.worth_offering(unit.shelves, "mend", Filters(near_km=5.0))
    finally:
        unit.close()


def test_wishes_end_with_the_visit_and_at_home() -> None:
    visit = Visit(filters=Filters(free=True))
    visit.went_home(Place("home"))
    assert visit.filters == EVERYTHING
    visit.filters = Filters(free=True)
    visit.wipe()
    assert visit.filters == EVERYTHING
