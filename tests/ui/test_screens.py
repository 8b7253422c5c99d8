"""The real screen under Xvfb, walked by touches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices import bell
from kiosk.services.services import bell_path
from tests.ui import units

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
ROOT = Path(__file__).parents[2]
PANELS = ["1080x1920 268", "1920x1080 268", "1024x600 125", "800x480 91"]


def walk(
    display: str, data: Path, panel: str, name: str, *, patience_s: float = 50, **settings: float | str
) -> dict[str, Any]:
    """Walk in a process of its own, which may take so long; what it found."""
    out = data / "walk"
    out.mkdir()
    size, panel_mm = panel.split()
    more = [f"{key}={value}" for key, value in settings.items()]
    subprocess.run(
        [sys.executable, "-m", "tests.ui.walker", str(data), size, panel_mm, name, str(out), *more],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        timeout=patience_s,
        check=True,
    )
    found: dict[str, Any] = json.loads((out / "found.json").read_text())
    assert not found["problem"], found["problem"]
    assert found.pop("waits") == [], "the screen's thread asks a database or the network"
    return found


@pytest.mark.parametrize("panel", PANELS)
def test_a_visitor_takes_something_away_and_leaves_nothing(display: str, tmp_path: Path, panel: str) -> None:
    units.enrol(tmp_path)
    items = units.some_items()
    items[0]["picture"] = units.picture(tmp_path)
    units.deliver(tmp_path, items)
    found = walk(display, tmp_path, panel, "everywhere")
    assert found["wrong"] == []
    with Image.open(next((tmp_path / "walk").glob("take_away*.png"))) as shown:
        symbols = zxingcpp.read_barcodes(shown.convert("L"))
    assert [symbol.text for symbol in symbols] == [found["address"]]
    assert found["address"].startswith(units.ADDRESS.upper())
    assert found["symbol_mm"] >= 40
    assert found["left_over"] == ["", "", 0, {}, 0]
    assert found["still_drawn"] == ["", ""]
    assert found["in_vain"] == ["bikezzq 1"]


def test_the_first_start_and_a_damaged_catalogue_are_calm(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    walk(display, tmp_path, "506x900 268", "first_start")


@pytest.mark.parametrize("panel", PANELS)
def test_a_new_unit_shows_its_code_until_it_belongs_to_a_shop(display: str, tmp_path: Path, panel: str) -> None:
    found = walk(display, tmp_path, panel, "set_up")
    assert found["wrong"] == []
    with Image.open(next((tmp_path / "walk").glob("showing*.png"))) as shown:
        symbols = zxingcpp.read_barcodes(shown.convert("L"))
    assert [symbol.text for symbol in symbols] == ["https://goodstuff.example.org/enrol?code=WDJB-MJHT"]


def test_a_visitor_who_went_away_is_forgotten(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    found = walk(display, tmp_path, "506x900 268", "left_alone", idle_s=3.0, warn_s=2.0)
    assert found["left_over"] == ["", 0]


def test_the_agent_hears_that_frames_are_drawn(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    with bell.Bell(bell_path(tmp_path)) as listener:
        walk(display, tmp_path, "506x900 268", "left_alone", idle_s=3.0, warn_s=2.0)
        assert listener.wait(1) == bell.DRAWN


def test_a_new_catalogue_is_shown_where_one_is(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    walk(display, tmp_path, "506x900 268", "fresh_news")


def test_it_is_found_when_the_screens_thread_asks_a_database(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    with pytest.raises(AssertionError, match=r"(?s)asks a database.*kiosk/ui/pulse\.py"):
        walk(display, tmp_path, "506x900 268", "asks_at_once")
