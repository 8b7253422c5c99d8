"""Every layout of the keyboard on the screen."""

from __future__ import annotations

import string

import pytest

from kiosk.ui.keyboard.layouts import CLEAR, COLUMNS, DELETE, LAYOUTS, SHIFT, SPACE, Key, columns
from kiosk.ui.theme import Theme

MARGINS, GAP = 96, 12


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_row_has_ten_columns(name: str) -> None:
    assert {columns(row) for row in LAYOUTS[name]} == {COLUMNS}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_has_space_delete_and_clear(name: str) -> None:
    assert {SPACE, DELETE, CLEAR} <= {key.name for row in LAYOUTS[name] for key in row}


def test_every_letter_and_number_can_be_typed() -> None:
    typed = {key.types for row in LAYOUTS["english"] for key in row}
    assert set(string.ascii_lowercase + string.digits + " ") <= typed


def test_keys_are_fifteen_millimetres_on_the_large_panel() -> None:
    theme = Theme(1080, 1920)
    key = (theme.width_px - theme.u(MARGINS) - 9 * theme.u(GAP)) / COLUMNS
    assert theme.in_mm(key) >= 15
    assert theme.in_mm(theme.u(88)) >= 15


def test_a_key_that_does_something_types_nothing() -> None:
    assert (Key(DELETE).types, Key(SPACE).types, Key("q").types) == ("", " ", "q")


@pytest.mark.parametrize("layouts", [["contact"], ["contact-low", "contact-numbers-low"]])
def test_every_sign_of_an_address_can_be_typed(layouts: list[str]) -> None:
    typed = {key.types for name in layouts for row in LAYOUTS[name] for key in row}
    assert set(string.ascii_lowercase + string.digits + "@._+-' ") <= typed
    assert SHIFT in {key.name for row in LAYOUTS[layouts[0]] for key in row}
