"""Pictures made to fit: a drawing is shown whole, a photograph is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from kiosk.ui.look.pictures import Wish, decode

SKY, EARTH, SUN = (225, 240, 250), (90, 70, 40), (240, 180, 40)
WIDE = (400, 100)


@pytest.fixture()
def drawing(tmp_path: Path) -> Path:
    """A sun that touches the upper edge, over plain ground."""
    picture = Image.new("RGB", (160, 90), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 70, 160, 90), fill=EARTH)
    draw.rectangle((70, 0, 89, 19), fill=SUN)
    picture.save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


@pytest.fixture()
def photograph(tmp_path: Path) -> Path:
    """Many shades from above to below, another in every row."""
    picture = Image.new("RGB", (160, 90))
    picture.putdata([(row, column, 90) for row in range(90) for column in range(160)])
    picture.save(tmp_path / "photograph.png")
    return tmp_path / "photograph.png"


@pytest.mark.parametrize(("lean", "sun"), [(0.0, 89), (0.5, 200), (1.0, 311)])
def test_a_drawing_is_whole_and_its_ground_goes_on(drawing: Path, lean: float, sun: int) -> None:
    shown = decode(Wish(drawing, WIDE, lean=lean))
    assert shown.size == WIDE
    assert shown.getpixel((sun, 4))[:3] == SUN  # what was at the upper edge is there
    for side in (0, WIDE[0] - 1):
        assert shown.getpixel((side, 20))[:3] == SKY
        assert shown.getpixel((side, 95))[:3] == EARTH


def test_a_photograph_is_cut_and_fills_its_place(photograph: Path) -> None:
    shown = decode(Wish(photograph, WIDE))
    assert shown.size == WIDE
    assert shown.getpixel((0, 0))[0] > 15  # the upper rows are gone
    assert shown.getpixel((5, 50))[1] < 10 < 150 < shown.getpixel((395, 50))[1]  # no column is


def test_corners_are_round(drawing: Path) -> None:
    shown = decode(Wish(drawing, WIDE, corners=(20, 0, 0, 0)))
    assert shown.getpixel((0, 0))[3] == 0
    assert shown.getpixel((WIDE[0] - 1, 0))[3] == 255
