"""Every text can be read on what is behind it, in every theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.ui.colour import contrast, readable, rgba
from kiosk.ui.theme import COLOURS, LIGHT, Colours, look_of
from sync.records import Theme as Shelf

C = LIGHT
THEMES = tomllib.loads((Path(__file__).parents[2] / "assets" / "themes.toml").read_text())["theme"]
BODY = [("ink", "paper"), ("ink", "card"), ("ink", "sand"), ("white", "ink")]
OTHER = [
    ("quiet", "paper"),
    ("quiet", "card"),
    ("white", "brand"),
    ("white", "evening"),
    ("white", "plum"),
    ("white", "brand_soft"),
    ("white", "warn"),
    ("brand", "white"),
    ("brand", "card"),
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
    assert contrast(getattr(colours, text), getattr(colours, behind)) >= (4.5 if colours is LIGHT else 7)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme["key"])
def test_a_shelf_can_be_read(theme: dict[str, str]) -> None:
    fields = {name: theme[name] for name in ("key", "name", "icon", "strong", "tint")}
    look = look_of(Shelf(id="x", **fields), C)
    assert contrast(C.white, look.strong) >= 4.5
    assert contrast(look.chip, look.tint) >= 4.5
    assert contrast(look.chip, C.card) >= 4.5
    assert contrast(C.ink, look.tint) >= 10


@pytest.mark.parametrize("strong", ["#FFEE00", "#ffffff", "yellow", ""])
def test_a_hubs_bad_colour_is_made_dark_enough(strong: str) -> None:
    look = look_of(Shelf(id="x", key="k", name="K", strong=strong, tint="#000000"), C)
    assert contrast(C.white, look.strong) >= 4.5
    assert contrast(look.chip, look.tint) >= 4.5


def test_readable_leaves_what_can_be_read() -> None:
    assert readable(rgba("#000000"), C.white) == rgba("#000000")
