"""A date as the text of a QR symbol: read back from the picture, line by line, by RFC 5545's own rules."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import qrcode
import zxingcpp
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

from kiosk.domain import calendar_text
from sync.records import Item, Place
from sync.sessions import Session
from tests.support.surgery import Surgery

LONDON = ZoneInfo("Europe/London")
STARTS = dt.datetime(2026, 7, 6, 11, tzinfo=LONDON)
HALL = Place(name="The Old Bakery", address="12 Mill Lane, Hull; by the bridge", postcode="HU1 1AA")
TITLES = [
    "Social media surgery",
    "Soup, songs; and \\ more",
    "A very long title " * 22,
    "মোবাইল ফোনের সার্জারি " * 15,
    "👩‍👩‍👧‍👦" * 40,
    "é" * 399,
    "e\u0301" * 199,
    "Cymhorthfa ffôn\r\nBEGIN:VALARM\x00",
]


def text_of(title: str, place: Place | None = HALL) -> str:
    stamp = dt.datetime(2026, 6, 1, 9, 30, tzinfo=dt.UTC)
    ends = STARTS + dt.timedelta(hours=2)
    return calendar_text.event(uid="0" * 36, title=title, place=place, starts=STARTS, ends=ends, stamp=stamp)


def fields(text: str) -> dict[str, str]:
    """Name to value of every line: unfolded, with what is escaped as it was meant."""
    assert text.endswith("\r\n") and "\r\n\r\n" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VEVENT", "END:VEVENT")
    found = dict(line.split(":", 1) for line in lines[1:-1])
    assert not any(re.search(r"(?<!\\)(?:\\\\)*[,;]", value) for value in found.values())
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in found.items()}


@pytest.mark.parametrize("title", TITLES)
def test_the_symbol_stays_small_and_says_what_was_meant(title: str) -> None:
    long_place = Place(name=title, address="Long Street, " * 30, postcode="HU1 1AA")
    for place in (HALL, None, long_place):
        text = text_of(title, place)
        for level in (ERROR_CORRECT_M, ERROR_CORRECT_Q):
            code = qrcode.QRCode(error_correction=level, border=4, box_size=4)
            code.add_data(text)
            code.make(fit=True)
            assert code.version < 20
        (read,) = zxingcpp.read_barcodes(code.make_image().get_image().convert("L"))
        assert read.text == text
        found = fields(text)
        assert (found["DTSTART"], found["DTEND"]) == ("20260706T100000Z", "20260706T120000Z")
        assert (found["UID"], found["DTSTAMP"]) == ("0" * 36, "20260601T093000Z")
        plain = " ".join(title.replace("\x00", "").split())
        assert found["SUMMARY"] == plain or plain.startswith(found["SUMMARY"].removesuffix("…"))
        assert len(found["SUMMARY"]) > min(len(plain), 8)
        if place:
            assert found["LOCATION"].endswith("HU1 1AA")


def test_words_are_kept_whole_and_letters_too() -> None:
    assert calendar_text.shortened("one two three", 60) == "one two three"
    assert calendar_text.shortened("one two three", 12) == "one two…"
    assert calendar_text.shortened("extraordinary", 9) == "extrao…"
    assert calendar_text.shortened("a,b;c\\d", 60) == "a\\,b\\;c\\\\d"
    assert calendar_text.shortened(",,,,,,", 6) == "…"
    family = "👩‍👩‍👧‍👦"
    assert calendar_text.shortened(family * 3, 2 * len(family.encode()) + 3) == family * 2 + "…"
    assert calendar_text.shortened("e\u0301" * 4, 8) == "e\u0301…"
    assert calendar_text.shortened("", 10) == ""


def test_a_place_keeps_its_postcode() -> None:
    assert fields(text_of("A"))["LOCATION"] == "The Old Bakery, 12 Mill Lane, Hull; by the bridge, HU1 1AA"
    assert fields(text_of("A", Place(postcode="HU1 1AA")))["LOCATION"] == "HU1 1AA"
    assert fields(text_of("A", Place(name="Hall")))["LOCATION"] == "Hall"
    assert "LOCATION" not in fields(text_of("A", Place(lat=1.0, lon=2.0)))


def test_a_session_is_at_the_shop_where_the_event_names_no_place(surgery: Surgery, tmp_path: Path) -> None:
    take_away = surgery.services.take_away
    event = Item(id="e", kind="event", title="Surgery", translations={})
    session = Session(id="s", event=event, starts=STARTS, ends=STARTS + dt.timedelta(hours=1))
    found = fields(take_away.calendar(session))
    shop = surgery.services.unit.shop
    assert (
        (found["SUMMARY"], found["UID"]) == ("Surgery", "s") and found["LOCATION"].startswith(shop.name) and shop.name
    )
    there = Session(id="s", event=Item(id="e", kind="event", title="S", place=HALL), starts=STARTS, ends=STARTS)
    assert fields(take_away.calendar(there))["LOCATION"].startswith("The Old Bakery")
