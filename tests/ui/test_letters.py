"""Text in every writing, drawn as a browser draws it: the same letters, joined and stacked alike, in the same order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat
from playwright.sync_api import Page, sync_playwright

from kiosk.lettering import fonts, scripts
from tests.ui.letters import LINES, SIZE_PX
from tests.ui.test_screens import ROOT

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.screen,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]
_LIKE = 0.9
"""The least that two drawings of one line have in common, where two drawings that differ have less."""
_NEEDS_SHAPING = ("Arabic", "Urdu", "Bengali", "Gurmukhi")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our pictures of the lines."""
    folder = tmp_path_factory.mktemp("letters")
    words = [sys.executable, "-m", "tests.ui.letters", str(folder)]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "SDL_VIDEODRIVER": "offscreen"}, check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A browser's page that knows the screen's fonts by the names of their scripts."""
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--allow-file-access-from-files"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser.new_page(viewport={"width": 2000, "height": 300})
        browser.close()


@pytest.mark.parametrize("name", LINES)
def test_a_line_looks_as_in_a_browser(name: str, ours: Path, page: Page, tmp_path: Path) -> None:
    drawn, browsers = ink(Image.open(ours / f"{name}.png")), ink(in_a_browser(page, LINES[name], tmp_path))
    assert abs(drawn.width - browsers.width) <= 0.02 * browsers.width
    assert alike(drawn, browsers) > _LIKE


def test_what_looks_the_same_is_drawn_once(ours: Path) -> None:
    once = json.loads((ours / "found.json").read_text())["once"]
    assert {name for name, shared in once.items() if shared} == {"the same", "in another colour"}


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_as_wide_as_its_words(name: str, ours: Path) -> None:
    whole, by_words = json.loads((ours / "found.json").read_text())["widths"][name]
    assert by_words == pytest.approx(whole, rel=0.005)


@pytest.mark.parametrize("name", _NEEDS_SHAPING)
def test_letters_that_are_set_one_by_one_would_be_found_out(name: str, page: Page, tmp_path: Path) -> None:
    unshaped = ink(one_by_one(LINES[name]))
    assert alike(unshaped, ink(in_a_browser(page, LINES[name], tmp_path))) < _LIKE - 0.02


def in_a_browser(page: Page, line: str, folder: Path) -> Image.Image:
    """A line in white on black, in the screen's fonts, as Chromium's own shaping draws it."""
    families = sorted({"Latin"} | {run.script for run in scripts.runs(line, scripts.right_to_left(line))})
    faces = "".join(
        f"@font-face {{font-family: {one}; src: url('{fonts.path('regular', one).as_uri()}')}}" for one in families
    )
    order = ", ".join(sorted(families, key=lambda one: one == "Latin"))
    direction = "rtl" if scripts.right_to_left(line) else "ltr"
    look = f"font: {SIZE_PX}px {order}; color: white; background: black; padding: 20px; white-space: nowrap"
    html = folder / "line.html"
    html.write_text(
        f"<!doctype html><meta charset=utf-8><style>{faces}</style>"
        f'<body style="margin: 0; background: black"><span dir="{direction}" style="{look}">{line}</span>'
    )
    page.goto(html.as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate(f"document.fonts.size == {len(families)}")
    return Image.open(BytesIO(page.locator("span").screenshot())).convert("L")


def one_by_one(line: str) -> Image.Image:
    """A line with every letter in its form for when it stands alone."""
    run = next(run for run in scripts.runs(line, scripts.right_to_left(line)) if run.text.strip())
    font = ImageFont.truetype(fonts.path("regular", run.script), SIZE_PX, layout_engine=ImageFont.Layout.BASIC)
    picture = Image.new("L", (3000, 200))
    text = line[::-1] if run.rtl else line
    ImageDraw.Draw(picture).text((50, 120), text, font=font, fill=255, anchor="ls")
    return picture


def ink(picture: Image.Image) -> Image.Image:
    """What is drawn, without the room round it."""
    return picture.crop(picture.point(lambda value: 255 if value > 64 else 0).getbbox())


def alike(one: Image.Image, other: Image.Image) -> float:
    """How much of their ink two pictures share, laid over each other: 0 to 1, small shifts forgiven."""
    soft = [each.resize((other.width, other.height)).filter(ImageFilter.GaussianBlur(4)) for each in (one, other)]
    shared, either = ImageChops.darker(*soft), ImageChops.lighter(*soft)
    return ImageStat.Stat(shared).sum[0] / ImageStat.Stat(either).sum[0]
