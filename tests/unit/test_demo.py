"""The starter catalogue: whole, in order, and something on every day."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
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
    assert len(items) >= 40
    assert {item.kind for item in items} == set(KINDS)
    themes = [theme for item in items for theme in item.themes]
    assert all(themes.count(theme) >= 5 for theme in ("food", "shelter", "transport", "security", "community"))
    for language in ("cy", "pl", "ur", "bn"):
        assert sum(language in item.translations for item in items) >= 3
    assert sum(bool(item.files) for item in items) >= 10


def test_titles_fit_a_card_and_are_not_twice(items: list[Item]) -> None:
    titles = [item.title for item in items]
    assert len(set(titles)) == len(titles)
    assert all(len(item.title) <= 60 and 20 <= len(item.summary) <= 200 for item in items)
    assert all(item.licence and item.maker and item.picture and item.checked_on for item in items)


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
            assert reader.pages and len("".join(page.extract_text() for page in reader.pages)) > 200
            assert reader.metadata and reader.metadata.title
        case "application/epub+zip":
            with zipfile.ZipFile(file) as book:
                assert book.read("mimetype") == b"application/epub+zip" and book.testzip() is None
        case "text/csv":
            assert len(file.read_text("utf-8-sig").splitlines()) > 3
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
    named = {path for path, _media_type in _offered()}
    there = {str(path.relative_to(FOLDER)) for path in Path(FOLDER / "files").iterdir()}
    assert there == named
