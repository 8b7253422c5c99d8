"""The starter catalogue: whole, in order, and something on every day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import runpy
import subprocess
import sys
import zipfile
from collections import Counter
from itertools import combinations

import msgspec
import pytest
from ebooklib import epub
from PIL import Image
from pypdf import PdfReader

from sync import sessions
from sync.hub.importing import Found
from sync.hub.importing import items as items_format
from sync.records import KINDS, Item
from tests.conftest import DEMO

FOLDER = DEMO.parent


@pytest.fixture(scope="module")
def items() -> list[Item]:
    found = list(items_format.read([DEMO]))
    assert all(isinstance(one, Found) and not one.note for one in found)
    return [one.item for one in found if isinstance(one, Found)]


def test_items_are_up_to_date_with_their_sources() -> None:
    done = subprocess.run([sys.executable, str(FOLDER / "make.py"), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_there_is_something_of_everything(items: list[Item]) -> None:
    assert len(items) >= 150
    kinds = Counter(item.kind for item in items)
    assert set(kinds) == set(KINDS) and min(kinds.values()) >= 4
    themes = Counter(theme for item in items for theme in item.themes)
    assert len(themes) >= 6 and min(themes.values()) >= 20
    offered = [media_type for _path, media_type in _offered()]
    assert len(offered) >= 60 and len(set(offered)) == 4


@pytest.mark.parametrize("language", ["cy", "pl", "ur", "bn", "pa", "ar"])
def test_what_is_translated_is_translated_whole(items: list[Item], language: str) -> None:
    translated = [(item, item.translations[language]) for item in items if language in item.translations]
    assert len(translated) >= 25
    for item, words in translated:
        assert words.title != item.title or language in ("cy", "pl")  # a name may stay in the same letters
        assert words.summary and words.unchecked, item.title
        assert shape(words.body) == shape(item.body), item.title


def shape(body: str) -> Counter[str]:
    """How many headings, bullets and steps."""
    return Counter(re.sub(r"\d+", "1", mark) for mark in re.findall(r"^(##|-|\d+\.) ", body, re.MULTILINE))


def test_titles_fit_a_card_and_are_not_twice(items: list[Item]) -> None:
    titles = [item.title for item in items]
    assert len(set(titles)) == len(titles)
    assert all(len(item.title) <= 60 and 20 <= len(item.summary) <= 200 for item in items)
    assert all(item.licence and item.maker and item.picture and item.checked_on for item in items)
    assert {item.licence for item in items if item.kind != "app"} == {"CC-BY-4.0", "CC0-1.0"}


def test_no_item_appears_twice(items: list[Item]) -> None:
    """No two bodies have a fifth of their runs of four words in common."""
    runs = {item.title: _runs(item.body) for item in items}
    alike = [
        (one, other)
        for one, other in combinations(runs, 2)
        if len(runs[one] & runs[other]) > 0.2 * min(len(runs[one]), len(runs[other]))
    ]
    assert alike == []


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[start:] for start in range(4)), strict=False))


def test_words_suit_a_reader_of_nine(items: list[Item]) -> None:
    """The measure is `make.py`'s own; it refuses an item that is harder."""
    reading_age = runpy.run_path(str(FOLDER / "reading.py"))["reading_age"]
    assert reading_age("The cat sat on the mat.") < 6
    assert reading_age("Organisational interdependencies necessitate collaborative infrastructures.") > 15
    ages = [reading_age(item.title, item.summary) for item in items]
    assert max(ages) <= 9 and sum(ages) / len(ages) < 7.5


def test_nothing_leads_to_a_number_or_address_that_is_made_up(items: list[Item]) -> None:
    for item in items:
        texts = [item.title, item.summary, item.body, *(words.body for words in item.translations.values())]
        for text in texts:
            assert not re.search(r"\b0\d{2,4}[ -]?\d{3}", text), f"{item.title}: a telephone number"
            assert not re.search(r"https?://|www\.|@\w", text), f"{item.title}: an address"
        assert not item.place or item.place.postcode in ("", *_POSTCODES), item.title
        if item.kind != "app":
            assert not item.url and (not item.maker or not item.maker.url or "//example.org/" in item.maker.url)


_POSTCODES = tuple(f"ZZ99 1A{letter}" for letter in "ABCDEFGHJ")
"""No place in Britain has these: ZZ99 is kept for what has no postcode."""


def test_the_board_is_taken_down_in_time(items: list[Item]) -> None:
    for item in items:
        if item.kind in ("offer", "want", "skill", "space"):
            assert item.expires_on > item.checked_on, item.title
        if item.kind == "event":
            assert item.starts and (item.rrule or item.expires_on), item.title


@pytest.mark.parametrize("first", [dt.date(2026, 11, 23), dt.date(2027, 2, 1), dt.date(2027, 6, 7)])
def test_every_day_of_a_normal_week_has_something_on(items: list[Item], first: dt.date) -> None:
    events = [item for item in items if item.kind == "event"]
    surgeries = 0
    for day in (first + dt.timedelta(days=n) for n in range(7)):
        found = sessions.between(events, day, day)
        assert len(found) >= 2, day
        surgeries += any(session.event.attendance for session in found)
    assert surgeries >= 3


def test_nothing_takes_place_on_christmas_day(items: list[Item]) -> None:
    assert sessions.between(items, dt.date(2026, 12, 25), dt.date(2026, 12, 26)) == []


def _offered() -> list[tuple[str, str]]:
    lines = [msgspec.json.decode(line) for line in DEMO.read_bytes().splitlines()]
    return sorted({(file["path"], file["media_type"]) for line in lines for file in line.get("files", [])})


@pytest.mark.parametrize(("path", "media_type"), _offered())
def test_every_file_opens_and_is_what_it_says(path: str, media_type: str) -> None:
    file = FOLDER / path
    assert file.stat().st_size < 1_000_000
    match media_type:
        case "application/pdf":
            reader = PdfReader(file)
            texts = [page.extract_text() for page in reader.pages]
            assert len("".join(texts)) > 200 and all(len(text) > 60 for text in texts)
            assert reader.metadata and reader.metadata.title and reader.metadata.author
            assert reader.trailer["/Root"]["/Lang"] == "en-GB"
            assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
            sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages}
            assert sizes == {(595, 842)}  # points: A4
        case "application/epub+zip":
            with zipfile.ZipFile(file) as book:
                assert book.read("mimetype") == b"application/epub+zip" and book.testzip() is None
            read = epub.read_epub(file)
            assert read.get_metadata("DC", "language")[0][0] == "en-GB" and len(read.toc) > 3
        case "text/csv":
            rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
            assert len(rows) > 3 and {len(row) for row in rows} == {len(rows[0])} and all(rows[0])
        case "text/calendar":
            assert re.search(r"BEGIN:VEVENT.*RRULE:.*END:VEVENT", file.read_text("utf-8"), re.DOTALL)
        case other:
            pytest.fail(f"nobody checks {other}")


def test_every_picture_opens() -> None:
    pictures = sorted(FOLDER.glob("pictures/*.png"))
    assert len(pictures) >= 18
    for path in pictures:
        with Image.open(path) as picture:
            picture.load()
            assert picture.size == (960, 540), path


def test_nothing_strays(items: list[Item]) -> None:
    pictures = {msgspec.json.decode(line)["picture"] for line in DEMO.read_bytes().splitlines()}
    named = {path for path, _media_type in _offered()} | pictures
    there = {str(path.relative_to(FOLDER)) for kept in ("files", "pictures") for path in (FOLDER / kept).iterdir()}
    assert there == named
