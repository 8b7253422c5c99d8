"""The contact sheet under Xvfb: its rules on real widgets, and every scene drawn."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.ui.contact_sheet import pairs, parts, scenes
from kiosk.ui.contact_sheet.pairs import Row
from kiosk.ui.contact_sheet.shots import Shot
from kiosk.ui.look.theme import COLOURS
from sync import words
from tests.ui import samples
from tests.ui.test_screens import ROOT

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Debian's xvfb"),
]
PORTRAIT, LANDSCAPE, MIDDLE, SMALL = pairs.PANELS
NOT_DRAWN = "not drawn"


def seen(rows: list[Row], out: Path | None = None, wanted: tuple[str, ...] = ()) -> list[Shot]:
    jobs = parts.jobs(rows, scenes=wanted, out=out)
    shots = parts.draw(jobs, lambda _shot: None)
    assert len(shots) == sum(scenes.count(job) for job in jobs)
    return shots


def told(shots: list[Shot], *rules: str) -> list[str]:
    """The faults, those by these rules alone where there are any named."""
    return [
        f"{' '.join(shot.look)} {shot.screen} {shot.state}: {rule}: {said}"
        for shot in shots
        for rule, said in shot.faults
        if not rules or rule in rules
    ]


def test_the_rules_find_in_real_widgets_what_breaks_them(display: str, tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    subprocess.run(
        [sys.executable, "-m", "tests.ui.samples", str(tmp_path / "data"), str(found)],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        timeout=60,
        check=True,
    )
    expected = {name: samples.WRONG.get(name, []) for name in samples.SAMPLES}
    assert json.loads(found.read_text()) == expected


@pytest.mark.timeout(300)
def test_every_scene_comes_about_and_nothing_is_wrong_with_it_as_it_comes(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    looks = [
        Row(PORTRAIT, "light", "normal", "en"),
        Row(LANDSCAPE, "contrast", "large", "pl"),
        Row(MIDDLE, "light", "small", "bn"),
        Row(SMALL, "dark", "largest", "ur"),
    ]
    assert told(seen(looks)) == []


@pytest.mark.timeout(300)
def test_the_square_to_take_away_is_read_in_every_theme_on_every_panel(
    display: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    looks = [Row(panel, theme, "normal", "en") for panel in pairs.PANELS for theme in COLOURS]
    shots = seen(looks, out=tmp_path, wanted=("take_away", "calendar"))
    assert told(shots) == []
    unread = []
    for picture in sorted(tmp_path.glob("*/*.png")):
        with Image.open(picture) as shown:
            if len(zxingcpp.read_barcodes(shown.convert("L"))) != 1:
                unread.append(str(picture.relative_to(tmp_path)))
    assert unread == []


def test_a_picture_of_each_and_a_page(display: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = command(display, "--out", str(tmp_path), "--size", "800x480", "--theme", "dark", "--text", "small",
                   "--language", "en", "--scene", "slip", "--scene", "door-locked")  # fmt: skip
    assert "3 pictures" in done.stdout
    drawn = sorted(path.name for path in (tmp_path / "800x480").glob("*.png"))
    assert drawn == [f"dark-small-en-{name}.png" for name in ("door-locked", "slip-5", "slip-empty")]
    page = (tmp_path / "index.html").read_text()
    assert all(f'href="800x480/{name}"' in page for name in drawn)
    assert done.returncode == (1 if "0 faults" not in done.stdout else 0)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_word_goes_through_the_catalogues(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    shots = seen([Row(panel, "light", "normal", words.MARKED) for panel in pairs.PANELS])
    assert told(shots, NOT_DRAWN, "not translated") == []


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_every_pair_of_looks_with_pictures(display: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", display)
    shots = seen(pairs.rows(), tmp_path)
    assert told(shots) == []
    assert all((tmp_path / shot.picture).is_file() for shot in shots)


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_every_combination(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert told(seen(pairs.rows(full=True))) == []


def command(display: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "contact-sheet", *arguments],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
