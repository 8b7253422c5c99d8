"""Every text can be read on what is behind it, in every theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.ui.look.colour import contrast, readable, rgba
from kiosk.ui.look.theme import COLOURS, LIGHT, Colours, look_of
from sync.records import Theme as Shelf

C = LIGHT
THEMES = tomllib.loads((Path(__file__).parents[2] / "assets" / "themes.toml").read_text())["theme"]
BODY = [("ink", "paper"), ("ink", "card"), ("ink", "sand"), ("on_solid", "solid")]
OTHER = [
    ("quiet", "paper"),
    ("quiet", "card"),
    ("white", "brand"),
    ("white", "evening"),
    ("white", "plum"),
    ("white", "brand_soft"),
    ("white", "warn_fill"),
    ("brand_ink", "paper"),
    ("brand_ink", "card"),
    ("brand_ink", "sand"),
    ("brand_ink", "brand_tint"),
    ("quiet", "sand"),
    ("ink", "brand_tint"),
    ("ink", "good_tint"),
    ("ink", "warn_tint"),
    ("good", "good_tint"),
    ("good", "card"),
    ("warn", "warn_tint"),
    ("warn", "paper"),
    ("warn", "card"),
]
LOOKS = pytest.mark.parametrize("colours", COLOURS.values(), ids=COLOURS)


@LOOKS
@pytest.mark.parametrize(("text", "behind"), BODY)
def test_body_text_has_ten_to_one(colours: Colours, text: str, behind: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, behind)) >= 10


@LOOKS
@pytest.mark.parametrize(("text", "behind"), OTHER)
def test_other_text_has_four_and_a_half_to_one(colours: Colours, text: str, behind: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, behind)) >= colours.least


@LOOKS
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme["key"])
def test_a_shelf_can_be_read(colours: Colours, theme: dict[str, str]) -> None:
    fields = {name: theme[name] for name in ("key", "name", "icon", "strong", "tint")}
    _can_be_read(Shelf(id="x", **fields), colours)


@LOOKS
@pytest.mark.parametrize("strong", ["#FFEE00", "#ffffff", "#000000", "yellow", ""])
def test_a_hubs_bad_colour_is_put_right(colours: Colours, strong: str) -> None:
    _can_be_read(Shelf(id="x", key="k", name="K", strong=strong, tint="#000000"), colours)


def _can_be_read(shelf: Shelf, colours: Colours) -> None:
    look = look_of(shelf, colours)
    assert contrast(colours.white, look.strong) >= colours.least
    assert contrast(look.chip, look.tint) >= colours.least
    assert contrast(look.chip, colours.card) >= colours.least
    assert contrast(colours.ink, look.tint) >= 10


def test_readable_leaves_what_can_be_read() -> None:
    assert readable(rgba("#000000"), C.white) == rgba("#000000")
