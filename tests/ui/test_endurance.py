"""A screen that runs for weeks: nothing of a visit stays behind, whatever was chosen in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ui import units
from tests.ui.endurance_walks import EVERY
from tests.ui.test_screens import walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
    pytest.mark.timeout(3000),
]
WARM = 5
"""Looks until every kind of visit has been."""


def test_visits_leave_no_widgets_behind(
    display: str, tmp_path: Path, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2_000 if long else 100
    monkeypatch.setenv("VISITS", str(count))
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    found = walk(display, tmp_path, "506x900 268", "visits", patience_s=2_500)
    widgets = [widgets for _own, _whole, widgets, *_frames in found["looks"]]
    assert len(widgets) == count // EVERY
    assert max(widgets[WARM:]) <= max(widgets[:WARM])


def test_what_a_visit_leaves_is_let_go_of_once_the_visitor_has_gone(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    found = walk(display, tmp_path, "506x900 268", "looked_through")
    assert found["within a visit"] == 0
    assert found["left"] < 50_000  # a visitor's screens are made of ten times as many objects
