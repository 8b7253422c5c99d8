"""A visitor's screens between home and the QR symbol, walked by touches."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.ui.look.theme import TEXT_SCALES
from kiosk.ui.screens.whats_on import paged
from sync.records import Item
from sync.sessions import Session
from tests.ui import units
from tests.ui.test_screens import PANELS, pytestmark, walk
from tests.ui.visit_walks import things

__all__ = ["pytestmark"]
UPRIGHT_AND_SMALL = [PANELS[0], PANELS[3]]
LOOKS = list(zip(PANELS, ("largest", "normal", "largest", "large"), ("dark", "contrast", "light", "dark"), strict=True))


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A unit with what the walks need on its shelves."""
    units.enrol(tmp_path)
    units.deliver(tmp_path, things())
    return tmp_path


@pytest.mark.parametrize("panel", UPRIGHT_AND_SMALL)
def test_who_comes_back_to_a_shelf_finds_it_as_it_was(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "a_shelf_and_back")
    assert found["wrong"] == []
    assert found["at_once"]
    assert found["stays"]
    assert found["left_over"] == [{}, {}, {}, "attract"]


@pytest.mark.parametrize("panel", UPRIGHT_AND_SMALL)
def test_one_thing_leads_to_others_like_it_and_back(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "more_like_this")
    assert found["wrong"] == []
    assert {"£2.50", "All of it buys food.", "Brook Street Kitchen"} <= set(found["reads"])
    assert {"Copy, change and share it; say who made it", "3 November 2026"} <= set(found["reads"])


@pytest.mark.parametrize("panel", PANELS)
def test_a_date_goes_into_a_phones_calendar(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "a_date")
    assert found["wrong"] == []
    assert found["symbol_mm"] >= 40
    with Image.open(next((unit / "walk").glob("calendar*.png"))) as shown:
        symbols = zxingcpp.read_barcodes(shown.convert("L"))
    assert [_lasting(symbol.text) for symbol in symbols] == [_lasting(found["text"])]
    assert "SUMMARY:Shared lunch\\, with soup\\; bread\\, and what you bring" in found["text"].replace("\r\n ", "")


def test_a_day_with_nothing_on_offers_the_week(display: str, unit: Path) -> None:
    assert walk(display, unit, PANELS[0], "nothing_today")["wrong"] == []


@pytest.mark.parametrize("panel", PANELS)
def test_five_things_go_on_one_slip_and_what_was_removed_comes_back(display: str, unit: Path, panel: str) -> None:
    found = walk(display, unit, panel, "five_on_a_slip")
    assert found["wrong"] == []
    assert found["full"] == ["My slip is full", ""]
    assert found["same_order"]
    assert found["on_it"] == 5


def test_things_are_read_in_the_visitors_language_where_they_can_be(display: str, unit: Path) -> None:
    found = walk(display, unit, PANELS[0], "in_polish")
    assert found["translated"] == ["Kuchnia dla całej ulicy", ""]
    assert "English" in found["original"]
    assert "English" not in found["cards"]["Kuchnia dla całej ulicy"]
    assert all("English" in about for title, about in found["cards"].items() if title.startswith("Cook for"))


@pytest.mark.parametrize(("panel", "text_size", "theme"), LOOKS)
def test_nothing_is_cut(display: str, unit: Path, panel: str, text_size: str, theme: str) -> None:
    found = walk(display, unit, panel, "visit_in_its_look", text_size=text_size, theme=theme)
    assert found["wrong"] == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("text_size", TEXT_SCALES)
@pytest.mark.parametrize("panel", PANELS)
def test_nothing_is_cut_in_any_theme(display: str, unit: Path, panel: str, text_size: str) -> None:
    assert walk(display, unit, panel, "visit_in_every_theme", patience_s=280, text_size=text_size)["wrong"] == []


def test_sessions_stand_in_columns_that_hold_them() -> None:
    start = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
    event = Item(id="e", kind="event", title="E")
    hours = [0, 1, 2, 3, 24, 25, 48]
    sessions = [
        Session(id=str(hour), event=event, starts=start + dt.timedelta(hours=hour), ends=start) for hour in hours
    ]
    columns = paged(sessions, room=350, heading=50, row=100)
    assert [[session.id for session in column] for column in columns] == [["0", "1", "2"], ["3", "24"], ["25", "48"]]
    assert [len(column) for column in paged(sessions, room=10, heading=50, row=100)] == [1] * 7
    assert paged([], room=350, heading=50, row=100) == []


def _lasting(text: str) -> list[str]:
    """A calendar text without when it was made."""
    return [line for line in text.splitlines() if not line.startswith("DTSTAMP")]
