"""The screen by keys alone, as an accessible keypad sends them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.ui.look.colour import contrast
from kiosk.ui.look.theme import COLOURS
from tests.ui import units
from tests.ui.test_screens import PANELS, walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
FIRST_AND_LAST = [PANELS[0], PANELS[-1]]


def a_unit(data: Path) -> None:
    units.enrol(data)
    units.deliver(data, units.some_items())
    units.hire(data)


@pytest.mark.parametrize("panel", FIRST_AND_LAST)
def test_from_the_start_to_a_slip_and_finish_by_keys(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "by_keypad")
    assert found["code"]
    assert found["first_at_home"] not in ("Home", "Finish", "Staff", "")  # the screen's own, not of what is round it


@pytest.mark.parametrize("panel", FIRST_AND_LAST)
def test_words_are_typed_by_arrows(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    walk(display, tmp_path, panel, "search_by_arrows")


@pytest.mark.parametrize("panel", PANELS)
def test_keys_reach_everything_that_a_finger_does(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, panel, "every_thing_is_reached")["missed"] == []


def test_the_question_holds_the_focus_and_gives_it_back(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    walk(display, tmp_path, PANELS[-1], "idle_by_keys", idle_s=2.0, warn_s=5.0)


def test_staff_come_in_by_keys(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    walk(display, tmp_path, PANELS[-1], "staff_by_keys")


@pytest.mark.parametrize("look", COLOURS)
def test_the_ring_stands_out_from_everything(look: str) -> None:
    """One of its two colours does from any grey there is, and from every colour of the look."""
    colours = COLOURS[look]
    greys = [(step / 255, step / 255, step / 255, 1.0) for step in range(256)]
    tokens = [colour for colour in colours if isinstance(colour, tuple) and colour[3] == 1]
    two = (colours.focus, colours.focus_edge)
    assert min(max(contrast(behind, one) for one in two) for behind in (*greys, *tokens)) >= 3
    assert contrast(*two) >= 3


def test_a_look_or_a_language_chosen_half_way_keeps_the_focus(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, PANELS[0], "in_another_look")
    assert found["said"] and found["again"]


@pytest.mark.parametrize("panel", FIRST_AND_LAST)
def test_how_the_screen_is_can_be_chosen_by_keys(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "choices_by_keys")
    assert "Speech is on. Tab goes on, Enter chooses, Escape goes back." in found["said"]
    assert len(found["said"]) < 8  # a choice is told in a few words, not the whole panel again
