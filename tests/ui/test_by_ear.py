"""The screen by ear: walks that know it only by what is said, and the dark."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from kiosk.devices import speech
from tests.ui import units
from tests.ui.test_keypad import FIRST_AND_LAST, a_unit
from tests.ui.test_screens import PANELS, walk
from tests.ui.visit_walks import things

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A unit with what the walks need on its shelves."""
    units.enrol(tmp_path)
    units.deliver(tmp_path, things())
    return tmp_path


@pytest.mark.parametrize("panel", FIRST_AND_LAST)
def test_somebody_who_sees_nothing_takes_something_away(display: str, tmp_path: Path, panel: str) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, panel, "by_ear")
    assert "Price: Free" in found["item"]
    spelt = found["take"].partition("this code: ")[2].partition(".")[0]
    assert spelt.replace(" ", "").replace(",", "") == found["code_shown"].replace("-", "")
    assert " of " in found["card"]
    with Image.open(next((tmp_path / "walk").glob("dark*.png"))) as shown:
        assert lit(shown) < 0.03


def test_letters_are_said_and_a_pin_never(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, PANELS[0], "spoken_keys")
    assert found["at_the_door"].count("key") == 4
    assert not [said for said in found["at_the_door"] if any(letter.isdigit() for letter in said)]
    assert found["repeated"]


def test_the_dark_hides_everything_and_goes_at_a_touch(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    found = walk(display, tmp_path, PANELS[-1], "dark_screen", idle_s=3.0, warn_s=30.0)
    with Image.open(found["dark"]) as shown:
        assert 0.001 < lit(shown) < 0.06  # one small line, and nothing else


@pytest.mark.skipif(not speech.has_program(), reason="needs Debian's espeak-ng")
def test_it_is_really_said(display: str, tmp_path: Path) -> None:
    """The same walk with the real voice, into files."""
    a_unit(tmp_path)
    said = tmp_path / "said"
    walk(display, tmp_path, PANELS[-1], "by_ear", speech=f"file:{said}")
    assert len(list(said.glob("*-en-gb.wav"))) > 5


@pytest.mark.skipif(not speech.has_program(), reason="needs Debian's espeak-ng")
def test_whoever_begins_by_the_keypad_is_spoken_to(display: str, tmp_path: Path) -> None:
    a_unit(tmp_path)
    assert walk(display, tmp_path, PANELS[0], "welcomed", speech=f"file:{tmp_path / 'said'}")["heard"] == ""


def test_rows_that_look_alike_are_told_apart(display: str, unit: Path) -> None:
    assert "Tomorrow" in walk(display, unit, PANELS[0], "rows_by_ear")["lunch"]


@pytest.mark.skipif(not speech.has_program(), reason="needs Debian's espeak-ng")
def test_what_is_in_another_language_is_said_in_its_voice(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "another_language_by_ear", speech=f"file:{unit / 'said'}")
    assert set(found["before"]) == {"pl"}
    assert {"pl", "en-gb"} == set(found["after"])


def test_whoever_hears_the_first_screen_hears_how_old_the_shelves_are(display: str, unit: Path) -> None:
    assert "Showing what we had" not in walk(display, unit, PANELS[0], "old_shelves_by_ear")["said"]
    shutil.rmtree(unit / "walk")
    long_ago = {"outcome": "unreachable", "checked_at": time.time() - 200_000, "tried_at": time.time()}
    (unit / "sync-status.json").write_bytes(msgspec.json.encode(long_ago))
    assert "Showing what we had" in walk(display, unit, PANELS[0], "old_shelves_by_ear")["said"]


def test_whoever_listens_is_not_asked_whether_he_is_there(
    display: str, unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = unit / "bin" / speech.PROGRAM  # which says every text in five seconds
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\ncat >/dev/null\nexec sleep 5\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    walk(display, unit, PANELS[0], "listened_to", speech="espeak", idle_s=3.0, warn_s=30.0)


def lit(picture: Image.Image) -> float:
    """The share of a picture that is not black."""
    dots = picture.convert("L").histogram()
    return 1 - sum(dots[:16]) / sum(dots)
