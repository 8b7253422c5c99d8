"""The staff's screens, walked by touches on every panel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ui import units
from tests.ui.staff_walks import OTHER_PIN
from tests.ui.test_screens import PANELS, walk

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
LOOKS = [("normal", "light"), ("largest", "contrast"), ("large", "contrast"), ("largest", "light")]
ALL_LOOKS = [
    (panel, (text_size, theme))
    for panel in PANELS
    for text_size in ("small", "normal", "large", "largest")
    for theme in ("light", "contrast")
]
FEW = [*zip(PANELS, LOOKS, strict=True)]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    units.hire(tmp_path, units.PIN, OTHER_PIN)
    return tmp_path


@pytest.mark.parametrize(("panel", "look"), FEW)
def test_staff_come_in_and_log_by_single_taps(display: str, unit: Path, panel: str, look: tuple[str, str]) -> None:
    come_in_and_log(display, unit, panel, look)


@pytest.mark.long
@pytest.mark.parametrize(("panel", "look"), [look for look in ALL_LOOKS if look not in FEW])
def test_in_every_size_too(display: str, unit: Path, panel: str, look: tuple[str, str]) -> None:
    come_in_and_log(display, unit, panel, look)


def come_in_and_log(display: str, unit: Path, panel: str, look: tuple[str, str]) -> None:
    found = walk(display, unit, panel, "staff", text_size=look[0], theme=look[1])
    assert found["wrong"] == []
    assert found["shown"]["visits"] == found["shown"]["held"] == 3
    assert [found["shown"]["taps"][word] for word in ("Email", "Council online", "Forms")] == [1, 1, 0]
    assert found["undone"]["visits"] == found["undone"]["held"] == 2
    assert found["waiting"] == 6, "the session, three visits, and two that take one back"


def test_it_locks_by_itself_and_keeps_what_was_begun_for_whoever_began_it(display: str, unit: Path) -> None:
    found = walk(display, unit, "506x900 268", "locks_itself", staff_idle_s=3.0, staff_draft_s=5.0)
    assert (found["locked_to"], found["open"]) == ("attract", False)
    assert found["same_person"] == "visit_form"
    assert (found["another"], found["too_late"]) == ("staff_sessions", "staff_sessions")


@pytest.mark.parametrize("panel", PANELS)
def test_wrong_pins_lock_the_door(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "locked_out", text_size="largest")
    assert found["wrong"] == [] and not found["takes_keys"]


def test_before_the_hub_names_its_staff_a_set_up_pin_opens_once(display: str, tmp_path: Path) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    found = walk(display, tmp_path, "1024x600 125", "set_up_pin", text_size="largest")
    assert found["wrong"] == []
