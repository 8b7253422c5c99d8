"""Nobody gets out of the kiosk, or behind the staff's door, by keys or by fingers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ui.test_keypad import a_unit
from tests.ui.test_screens import PANELS, walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
needs_keys = pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs Debian's xdotool")


@needs_keys
def test_no_key_leads_out(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, PANELS[-1], "keys_out")
    assert found["wrong"] == []
    assert found["tried"] > 130  # and each of them came to the window


@needs_keys
def test_no_key_opens_the_door(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, PANELS[-1], "staff_without_pin")["wrong"] == []


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[-1]])
def test_no_finger_leads_out(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, panel, "fingers_out")["wrong"] == []
