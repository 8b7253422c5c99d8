"""The bar, the access panel, the languages and the lower screen, by touches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.ui.look.theme import TEXT_SCALES
from tests.ui import units
from tests.ui.test_screens import PANELS, walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]


def a_unit(data: Path) -> None:
    units.enrol(data)
    units.deliver(data, units.some_items())
    units.hire(data)


@pytest.mark.parametrize("panel", PANELS)
def test_every_choice_holds_at_once_and_none_is_left(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "access")
    assert found["wrong"] == []
    assert found["left_over"] == [True, "", [], {}]
    assert found["mirrored"]
    sizes = [found[f"size_{name}"] for name in ("small", "large", "largest")]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] / sizes[0] == pytest.approx(TEXT_SCALES["largest"] / TEXT_SCALES["small"], rel=0.05)


def test_what_was_read_before_the_screen_looked_otherwise_is_gone(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, "506x900 268", "nothing_stays")["language"] == "en"


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[-1]])
def test_a_unit_without_a_voice_offers_none(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "no_voice", mute="yes")
    assert found["offers"] == []
    assert found["wrong"] == []


@pytest.mark.parametrize("text_size", ["normal", "largest"])
def test_everything_to_touch_can_be_brought_lower(display: str, tmp_path: Path, text_size: str) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, PANELS[0], "lower", text_size=text_size)["wrong"] == []


def test_who_leaves_the_panel_open_is_forgotten(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, "506x900 268", "nobody_there", idle_s=2.0, warn_s=2.0)
    assert found["left_over"] == [True, []]


@pytest.mark.parametrize("panel", PANELS)
def test_the_bar_is_always_the_same(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "same_places")
    assert found["same"]
    assert found["reached"] == 3
    assert len(found["sizes"]) == 1
    assert found["wrong"] == []


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[-1]])
def test_a_language_is_a_way_in(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, panel, "in_my_language")["wrong"] == []
