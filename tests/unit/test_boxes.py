"""In which order things on the screen are read, and where an arrow leads."""

from __future__ import annotations

import pytest

from kiosk.ui.access.boxes import Box, Part, in_order, nearest

UP, DOWN, RIGHT, LEFT = (0, 1), (0, -1), (1, 0), (-1, 0)


def box(x: float, y: float, width: float = 80, height: float = 80) -> Box:
    return Box(x, y, x + width, y + height)


def read(things: dict[str, Box], *, rtl: bool = False) -> list[str]:
    whole = in_order([Part(where, (name,)) for name, where in things.items()], rtl)
    return list(whole.things) if whole else []


GRID = {
    "one": box(0, 200),
    "two": box(100, 200),
    "three": box(200, 200),
    "four": box(0, 100),
    "five": box(100, 100),
    "six": box(200, 100),
}


def test_rows_are_read_from_the_top_and_in_a_row_from_the_side_the_language_starts() -> None:
    shuffled = dict(sorted(GRID.items()))
    assert read(shuffled) == ["one", "two", "three", "four", "five", "six"]
    assert read(shuffled, rtl=True) == ["three", "two", "one", "six", "five", "four"]


def test_things_of_different_height_are_one_row_when_they_stand_beside_each_other() -> None:
    things = {"low": box(100, 10, height=40), "high": box(0, 0, height=90), "below": box(0, -100)}
    assert read(things) == ["high", "low", "below"]


def test_a_column_is_read_to_its_end_before_the_one_beside_it() -> None:
    left = in_order([Part(box(0, 200), ("a",)), Part(box(0, 100), ("b",))], rtl=False)
    right = in_order([Part(box(100, 200), ("c",)), Part(box(100, 100), ("d",))], rtl=False)
    assert left and right
    whole = in_order([right, left], rtl=False)
    assert whole and whole.things == ("a", "b", "c", "d")
    assert whole.box == Box(0, 100, 180, 280)


def test_nothing_has_no_order() -> None:
    assert in_order([], rtl=False) is None


def go(start: str, way: tuple[int, int], things: dict[str, Box] = GRID) -> str | None:
    return nearest(things[start], [(where, name) for name, where in things.items() if name != start], way)


@pytest.mark.parametrize(
    ("start", "way", "end"),
    [
        ("one", RIGHT, "two"),
        ("two", LEFT, "one"),
        ("two", DOWN, "five"),
        ("six", UP, "three"),
        ("one", UP, None),
        ("one", LEFT, None),
        ("six", RIGHT, None),
        ("six", DOWN, None),
    ],
)
def test_an_arrow_leads_to_the_nearest_that_way(start: str, way: tuple[int, int], end: str | None) -> None:
    assert go(start, way) == end


def test_an_arrow_to_the_side_stays_in_its_row() -> None:
    things = {"home": box(0, 0), "finish": box(900, 0), "above": box(120, 90)}
    assert go("home", RIGHT, things) == "finish"


def test_an_arrow_down_finds_what_is_not_straight_below() -> None:
    things = {"wide": box(0, 200, width=600), "left": box(0, 0), "right": box(500, 100)}
    assert go("wide", DOWN, things) == "right"
    assert go("left", UP, {name: where for name, where in things.items() if name != "wide"}) == "right"


def test_a_wide_key_leads_up_to_the_one_over_its_middle() -> None:
    keys = {"space": box(0, 0, width=800), **{str(n): box(n * 100, 100) for n in range(8)}}
    assert go("space", UP, keys) in ("3", "4")
