"""The search screen under Xvfb: every board of keys, words in every writing, what is found and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ui import units
from tests.ui.test_screens import PANELS, walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
LEAST_MM = {"1080x1920 268": 15.0, "1920x1080 268": 15.0, "1024x600 125": 12.0, "800x480 91": 12.0}
UPRIGHT_AND_SMALL = [pytest.param("1080x1920 268", marks=pytest.mark.long), "800x480 91"]
LOOKS = [
    ("1080x1920 268", "largest"),
    pytest.param("1920x1080 268", "large", marks=pytest.mark.long),
    pytest.param("1024x600 125", "normal", marks=pytest.mark.long),
    ("800x480 91", "largest"),
]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    return tmp_path


ONE_AND_ALL = [pytest.param(panel, marks=[] if panel == PANELS[-1] else pytest.mark.long) for panel in PANELS]


@pytest.mark.parametrize("panel", ONE_AND_ALL)
def test_keys_of_every_language_are_large_enough_and_stay_where_they_are(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "boards")
    assert found["wrong"] == []
    assert found["smallest"] >= LEAST_MM[panel]
    assert found["tops"] == 1


@pytest.mark.parametrize("panel", UPRIGHT_AND_SMALL)
def test_words_are_typed_in_every_writing(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "typing")
    assert found["typed"] == {
        "cy": ["tŷ", "t", "tk", "left"],
        "pl": ["łódź", "łód", "łódk", "left"],
        "ur": ["سائیکل", "سائیک", "سائیکk", "right"],
        "bn": ["সময়", "সম", "সমk", "left"],
        "pa": ["ਪੰਜਾਬੀ", "ਪੰਜਾ", "ਪੰਜਾk", "left"],
        "ar": ["دراجة", "دراج", "دراجk", "right"],
    }


@pytest.mark.parametrize(("panel", "text_size"), LOOKS)
def test_what_is_found_and_what_is_not_can_be_read(display: str, unit: Path, panel: str, text_size: str) -> None:
    found = walk(display, unit, panel, "searching", text_size=text_size)
    assert found["wrong"] == []


@pytest.mark.parametrize(("panel", "text_size"), LOOKS)
def test_what_is_found_is_narrowed_till_nothing_is_left(display: str, unit: Path, panel: str, text_size: str) -> None:
    found = walk(display, unit, panel, "filtering", text_size=text_size)
    assert found["wrong"] == []
    shown = found["shown"]
    assert len(shown["typing"]) == 5
    assert shown["near_km"] == ["Mending café: bring what is broken and learn how to mend it", "Mended lamps"]
    assert shown["free"] == shown["language"] == shown["near_km"][:1]
    assert (shown["barred"], shown["nothing"]) == ([], [])
    assert all("1.2 km from here" in chip for chip in found["chips"])
    assert "mending" in found["suggested"]


@pytest.mark.parametrize("panel", UPRIGHT_AND_SMALL)
def test_a_word_is_taken_where_it_runs_from_right_to_left(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "dressed")
    assert found["taken"] == "سائیکل "


@pytest.mark.parametrize("panel", UPRIGHT_AND_SMALL)
def test_a_search_is_kept_within_a_visit_and_no_longer(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "kept")
    assert found["same"]
    assert found["kept"] == ["cook", "guide", 1]
    assert set(found["left_over"]) == {""}
    assert found["in_vain"] == ["cookzzq 1"]


def test_an_answer_that_takes_its_time_is_waited_for_with_a_word(display: str, unit: Path) -> None:
    assert walk(display, unit, "800x480 91", "slow")["wrong"] == []
