"""Staff log a surgery on the real screen: by one tap, by the whole form; they put right, count heads, note helpers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ui import units
from tests.ui.test_screens import PANELS, pytestmark, walk

__all__ = ["pytestmark"]

LOOKS = [("1080x1920 268", "normal", "light"), ("800x480 91", "largest", "contrast")]
ALL_LOOKS = [
    (panel, text_size, theme)
    for panel in PANELS
    for text_size in ("small", "normal", "large", "largest")
    for theme in ("light", "contrast")
]
SMALL = "506x900 268"


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The folder of a unit with a surgery today, and somebody who may log it."""
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    units.hire(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("panel", "text_size", "theme"), LOOKS)
def test_everything_can_be_read_and_touched(display: str, unit: Path, panel: str, text_size: str, theme: str) -> None:
    found = walk(display, unit, panel, "form_looks", text_size=text_size, theme=theme)
    assert found["wrong"] == []


@pytest.mark.long
@pytest.mark.parametrize(("panel", "text_size", "theme"), [look for look in ALL_LOOKS if look not in LOOKS])
def test_in_every_size_too(display: str, unit: Path, panel: str, text_size: str, theme: str) -> None:
    found = walk(display, unit, panel, "form_looks", text_size=text_size, theme=theme)
    assert found["wrong"] == []


def test_thirty_visits_by_one_tap_each_take_far_less_than_a_minute(display: str, unit: Path) -> None:
    found = walk(display, unit, "1080x1920 268", "thirty_taps")
    assert found["ahead"] == []
    assert (found["shown"], found["there"], found["topics"]) == ("30", 30, 30)
    assert found["taps_s"] < 60


@pytest.mark.parametrize(
    ("panel", "text_size"), [*((panel, "normal") for panel in PANELS), ("1024x600 125", "largest")]
)
def test_a_full_record_takes_eight_taps_at_most(display: str, unit: Path, panel: str, text_size: str) -> None:
    found = walk(display, unit, panel, "full_record", text_size=text_size)
    assert len(found["taps"]) <= 8, found["taps"]
    assert found["records"] == [[2, "first", ["forms"], "started", 30]]
    assert found["after_undo"] == []


def test_what_was_begun_is_found_again_behind_the_lock(display: str, unit: Path) -> None:
    found = walk(display, unit, SMALL, "kept_behind_the_lock")
    assert found["on_attract"] == []
    assert found["chosen"] == ["4", "45", "Been before", "Email", "Solved"]
    assert found["left"]
    assert found["records"] == []


def test_what_was_begun_goes_on_in_larger_words(display: str, unit: Path) -> None:
    found = walk(display, unit, SMALL, "in_larger_words")
    assert found["larger"] == found["as_before"] == ["4", "Email", "Not asked"]
    assert found["same_look"]


def test_what_was_left_in_larger_words_does_not_come_back(display: str, unit: Path) -> None:
    assert walk(display, unit, SMALL, "left_in_larger_words")["draft"]


def test_a_tap_that_failed_is_told_of_wherever_one_went(display: str, unit: Path) -> None:
    walk(display, unit, SMALL, "told_on_the_way_back")


def test_a_button_on_a_row_is_reached_by_keys(display: str, unit: Path) -> None:
    called = walk(display, unit, SMALL, "helpers_by_keys")["called"]
    assert [words for words in called if "Goes now" in words] == ["Goes now, Helper 1"]


def test_what_was_begun_is_gone_when_nobody_comes_back(display: str, unit: Path) -> None:
    assert walk(display, unit, SMALL, "dropped_behind_the_lock", staff_draft_s=0.3)["draft"]


def test_what_cannot_be_written_down_is_said_and_stays_in_the_form(display: str, unit: Path) -> None:
    found = walk(display, unit, SMALL, "not_written")
    assert found["keys_meanwhile"] == ["Lock"]
    assert found["still"] == ["jobs"]
    assert found["before"] == []
    assert found["after"] == [[1, "", ["jobs"], "", None]]


def test_what_was_logged_is_put_right_and_taken_away(display: str, unit: Path) -> None:
    found = walk(display, unit, "1080x1920 268", "put_right")
    assert found["prefilled"] == ["1", "Council online", "Not asked"]
    assert found["rows"] == ["Helper", "Video calls", "Council online"]
    assert found["records"] == [[6, "first", ["council"], "", None], [1, "", ["video"], "", None]]
    assert found["helper"]


def test_every_entry_is_on_some_page(display: str, unit: Path) -> None:
    found: dict[str, Any] = walk(display, unit, "1024x600 125", "paged")
    newest_first = [f"{people} people" if people > 1 else "1 person" for people in range(30, 0, -1)]
    assert found["seen"] == newest_first
    assert found["first_again"] == "30 people"


def test_a_head_count_is_written_down_beside_the_log(display: str, unit: Path) -> None:
    found = walk(display, unit, SMALL, "heads")
    assert (found["counted"], found["begins_at"], found["most"], found["still"]) == (33, "33", "9999", 33)


def test_helpers_come_and_go(display: str, unit: Path) -> None:
    found = walk(display, unit, "1080x1920 268", "helping")
    assert found["looks_per_minute"] == 0
    assert found["minutes"] == [35, 35, 45]


def test_a_paper_sheet_is_typed_in(display: str, unit: Path) -> None:
    found = walk(display, unit, "1080x1920 268", "from_paper")
    assert found["wrong"] == []
    assert found["paper"] == [True, True, True]
    assert found["minutes"] == [60, 90, None]
