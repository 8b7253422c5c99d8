"""What is touched shows it in the next frame, also where a finger may be about to move a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.test_screens import PANELS, pytestmark, walk
from tests.ui.test_visit_screens import unit

__all__ = ["pytestmark", "unit"]


@pytest.mark.parametrize("panel", [PANELS[0], PANELS[3]])
def test_a_touch_is_felt_in_the_next_frame(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "felt_at_once")
    assert found["felt"] == dict.fromkeys(found["felt"], True)
    assert found["let_go"]
    assert found["page"] == "item"


def test_what_scrolls_stays_in_its_place(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "scrolled_within")
    assert found["whole"] == found["lower"] == [True, False]
