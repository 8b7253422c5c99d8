"""An old catalogue taken in as if it had been written this week."""

from __future__ import annotations

import datetime as dt

from sync.hub.importing import Found, Skipped, items
from sync.hub.importing.renewed import renewed
from sync.records import Item
from tests.conftest import DEMO

ITEM = Item(id="i", kind="offer", title="Ladder", checked_on="2026-11-03", expires_on="2027-03-31")
TODAY = dt.date(2028, 2, 14)


def moved(today: dt.date, *given: Item) -> list[Item]:
    entries = [Found(where="here", item=one) for one in given]
    return [one.item for one in renewed(entries, today) if isinstance(one, Found)]


def test_days_move_on_by_whole_weeks() -> None:
    (ladder,) = moved(TODAY, ITEM)
    assert (ladder.checked_on, ladder.expires_on) == ("2028-02-08", "2028-07-05")
    assert dt.date.fromisoformat(ladder.checked_on).weekday() == dt.date(2026, 11, 3).weekday()


def test_what_takes_place_once_moves_and_what_comes_again_stays() -> None:
    times = {"starts": "2026-12-10T18:30:00", "ends": "2026-12-10T20:00:00"}
    once = Item(id="o", kind="event", title="Pitch night", **times)
    weekly = Item(id="w", kind="event", title="Surgery", rrule="FREQ=WEEKLY", exdates=["2026-12-24T18:30:00"], **times)
    _ladder, pitch, surgery = moved(TODAY, ITEM, once, weekly)
    assert (pitch.starts, pitch.ends) == ("2028-03-16T18:30:00", "2028-03-16T20:00:00")
    assert (surgery.starts, surgery.exdates) == (weekly.starts, weekly.exdates)


def test_what_is_of_this_week_or_has_no_day_stays_as_it_is() -> None:
    bare = Item(id="b", kind="guide", title="Bare", expires_on="soon")
    assert moved(dt.date(2026, 11, 9), ITEM, bare) == [ITEM, bare]
    assert moved(dt.date(2025, 1, 1), ITEM) == [ITEM]
    assert moved(TODAY, bare) == [bare]
    assert moved(TODAY, ITEM, bare)[1].expires_on == "soon"


def test_what_was_skipped_is_still_said() -> None:
    wrong = Skipped("line 3", "has no title")
    assert list(renewed([wrong], TODAY)) == [wrong]


def test_the_demo_catalogue_is_fresh_years_later_with_its_files() -> None:
    before = sum(bool(one.item.expires_on) for one in items.read([DEMO]) if isinstance(one, Found))
    fresh = [one for one in renewed(items.read([DEMO]), dt.date(2031, 6, 2)) if isinstance(one, Found)]
    board = [one.item for one in fresh if one.item.expires_on]
    assert len(board) == before > 20 and all(item.expires_on > "2031-06-02" for item in board)
    assert all(len(one.files) == len([one.item.picture, *one.item.files]) for one in fresh)
