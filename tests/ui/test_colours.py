"""Every text can be read on what is behind it, in every theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.ui.colour import contrast, readable, rgba
from kiosk.ui.theme import Colours, look_of
from sync.records import Theme as Shelf

C = Colours()
THEMES = tomllib.loads((Path(__file__).parents[2] / "assets" / "themes.toml").read_text())["theme"]
BODY = [(C.ink, C.paper), (C.ink, C.card), (C.ink, C.sand), (C.white, C.ink)]
OTHER = [
    (C.quiet, C.paper),
    (C.quiet, C.card),
    (C.white, C.brand),
    (C.white, C.evening),
    (C.white, C.plum),
    (C.white, C.brand_soft),
    (C.brand, C.white),
    (C.ink, C.brand_tint),
    (C.ink, C.good_tint),
    (C.ink, C.warn_tint),
    (C.good, C.good_tint),
    (C.warn, C.warn_tint),
]


@pytest.mark.parametrize(("text", "behind"), BODY)
def test_body_text_has_ten_to_one(text: tuple[float, ...], behind: tuple[float, ...]) -> None:
    assert contrast(text, behind) >= 10


@pytest.mark.parametrize(("text", "behind"), OTHER)
def test_other_text_has_four_and_a_half_to_one(text: tuple[float, ...], behind: tuple[float, ...]) -> None:
    assert contrast(text, behind) >= 4.5


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
