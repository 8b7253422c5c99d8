"""What a visit remembers, and that Finish leaves nothing."""

from __future__ import annotations

from kiosk.ui.visit import MOST_ON_SLIP, Place, Visit
from sync.records import Item


def item(n: int) -> Item:
    return Item(id=f"{n}", kind="guide", title=f"Guide {n}")


def test_back_goes_the_way_one_came() -> None:
    visit = Visit()
    visit.went_home(Place("home"))
    visit.went_to(Place("shelf", ("theme:food", "")))
    visit.went_to(Place("item", "1"))
    assert visit.step_back() == Place("shelf", ("theme:food", ""))
    assert visit.step_back() == Place("home")
    assert visit.step_back() is None


def test_the_same_place_twice_is_one_step() -> None:
    visit = Visit(here=Place("home"))
    visit.went_to(Place("search"))
    visit.went_to(Place("search"))
    assert visit.history == [Place("home")]


def test_home_forgets_pages_and_query_but_not_the_slip() -> None:
    visit = Visit(query="bike", pages={"theme:food/": 3})
    visit.add_to_slip(item(1))
    visit.went_home(Place("home"))
    assert (visit.query, visit.pages, len(visit.basket)) == ("", {}, 1)


def test_a_slip_holds_five_things_each_once() -> None:
    visit = Visit()
    assert all(visit.add_to_slip(item(n)) for n in range(MOST_ON_SLIP))
    assert visit.add_to_slip(item(0))
    assert not visit.add_to_slip(item(99))
    visit.take_off_slip(item(0))
    assert visit.add_to_slip(item(99))
    assert len(visit.basket) == MOST_ON_SLIP


def test_finish_leaves_nothing() -> None:
    visit = Visit(language="ur", query="debt", basket=[item(1)], pages={"x": 1}, here=Place("item", "1"))
    visit.went_to(Place("search"))
    visit.wipe()
    assert visit == Visit()
