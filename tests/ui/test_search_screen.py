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
LOOKS = [("1080x1920 268", "normal"), ("1920x1080 268", "large"), ("1024x600 125", "normal"), ("800x480 91", "largest")]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    return tmp_path


@pytest.mark.parametrize("panel", PANELS)
def test_keys_of_every_language_are_large_enough_and_stay_where_they_are(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "boards")
    assert found["wrong"] == []
    assert found["smallest"] >= LEAST_MM[panel]
    assert found["tops"] == 1


@pytest.mark.parametrize("panel", ["1080x1920 268", "800x480 91"])
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
