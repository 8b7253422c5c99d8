"""What comes about while somebody is there: nothing misleads him, and nothing of it is left for the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui import units
from tests.ui.test_screens import PANELS, pytestmark, walk
from tests.ui.visit_walks import things

__all__ = ["pytestmark"]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A unit with what the walks need on its shelves."""
    units.enrol(tmp_path)
    units.deliver(tmp_path, things())
    return tmp_path


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[3]])
def test_what_is_withdrawn_is_handed_out_no_more(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "withdrawn_meanwhile")
    assert found["wrong"] == []
    assert found["taken"] == [False, None, ["Pans for a shared kitchen"]]
    assert not found["prints"]
    assert found["basket"] == []
    assert found["date"] == [None, ""]


def test_a_slip_goes_on_in_another_look_and_leaves_no_words_behind(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "printed_in_another_look")
    assert not found["asked_twice"]
    assert "Print a slip" in found["next_reads"]


def test_print_again_prints_no_other_slip(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "another_slip")
    assert found["words"] == "Print one slip"
    assert len(found["on_it"]) == 1


def test_filters_stay_where_they_can_be_lifted(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "a_kind_is_whole")
    assert found["count"] == "10 things to take away"
    assert found["chips"] == []


def test_a_wish_counts_once_a_visit(display: str, unit: Path) -> None:
    assert walk(display, unit, PANELS[0], "a_wish_counts_once")["in_vain"] == [["zumbaqq", 1]]


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[3]])
def test_a_slow_disk_is_told_of_and_holds_up_nobody(display: str, unit: Path, panel: str) -> None:
    assert walk(display, unit, panel, "a_slow_disk")["wrong"] == []


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("enrolled", [True, False])
def test_the_look_can_be_chosen_before_there_is_anything(
    display: str, tmp_path: Path, panel: str, *, enrolled: bool
) -> None:
    if enrolled:
        units.enrol(tmp_path)
    found = walk(display, tmp_path, panel, "larger_before_there_is_anything", idle_s=2.0, warn_s=30.0)
    assert found["wrong"] == []
