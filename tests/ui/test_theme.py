"""Sizes on the panels there are."""

from __future__ import annotations

import pytest

from kiosk.ui.look.theme import Theme

PANELS = [
    Theme(1080, 1920, panel_mm=268),
    Theme(1920, 1080, panel_mm=268),
    Theme(1024, 600, panel_mm=125),
    Theme(800, 480, panel_mm=91),
]
CAPITAL_OF_INTER = 0.727


def name(theme: Theme) -> str:
    return f"{theme.width_px}x{theme.height_px}"


def test_the_full_size_is_one_pixel_a_step() -> None:
    assert Theme(1080, 1920).u(100) == 100


def test_a_smaller_window_shows_the_same_screen_smaller() -> None:
    small, large = Theme(506, 900), Theme(1080, 1920)
    assert small.height == pytest.approx(large.height, rel=0.01)
    assert (small.low, small.wide, small.card_columns) == (large.low, large.wide, large.card_columns)


@pytest.mark.parametrize("theme", PANELS, ids=name)
def test_nothing_to_touch_is_under_twelve_millimetres(theme: Theme) -> None:
    for size in (theme.target, theme.bar_key, theme.chip):
        assert theme.in_mm(size) >= 12


@pytest.mark.parametrize("theme", PANELS[:2], ids=name)
def test_main_targets_are_twenty_millimetres_on_the_large_panel(theme: Theme) -> None:
    assert min(theme.in_mm(theme.target), theme.in_mm(theme.bar_key)) >= 20


@pytest.mark.parametrize("theme", PANELS, ids=name)
def test_the_smallest_capitals_are_three_and_a_half_millimetres(theme: Theme) -> None:
    assert theme.in_mm(theme.small) * CAPITAL_OF_INTER >= 3.4


def test_larger_text_leaves_the_rest() -> None:
    large = Theme(1080, 1920, text_scale=1.4)
    assert large.body > Theme(1080, 1920).body
    assert large.margin == Theme(1080, 1920).margin
