"""The items format: what is taken, what is refused and why, line by line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from sync.hub.importing import Found, Skipped
from sync.hub.importing import items as items_format
from tests.conftest import TestHub

WHOLE = {
    "key": "k",
    "kind": "event",
    "title": "Social media surgery",
    "summary": "Bring your phone.",
    "body": "## What\n\nSit down with us.",
    "language": "en",
    "translations": {"cy": {"title": "Cymhorthfa", "summary": "Dewch â'ch ffôn.", "body": ""}},
    "themes": ["Community"],
    "tags": ["phone"],
    "maker": {"name": "Us", "url": "https://example.org/us"},
    "licence": "CC-BY-4.0",
    "price": {"amount_pence": 250, "currency": "GBP", "note": "or what you can"},
    "url": "https://example.org/surgery",
    "place": {"name": "The shop", "address": "12 Mill Lane", "postcode": "ZZ99 9ZZ", "lat": 52.4, "lon": -1.8},
    "starts": "2026-01-05T11:00:00",
    "ends": "2026-01-05T13:00:00",
    "rrule": "FREQ=WEEKLY;BYDAY=MO",
    "exdates": ["2026-12-28T11:00:00"],
    "timezone": "Europe/London",
    "shops": ["Mill Lane"],
    "attendance": True,
    "expires_on": "2027-01-01",
    "checked_on": "2026-11-03",
    "source": {"name": "Them", "url": "https://example.org", "licence": "CC0-1.0"},
}


def raw(line: dict[str, Any] | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


def read(tmp_path: Path, *lines: dict[str, Any] | str | bytes) -> list[Found | Skipped]:
    source = tmp_path / "items.ndjson"
    raw = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    source.write_bytes(b"\n".join(raw) + b"\n")
    return list(items_format.read([source]))


def test_every_field_is_taken(tmp_path: Path) -> None:
    (found,) = read(tmp_path, WHOLE)
    assert isinstance(found, Found) and not found.note
    item = found.item
    assert item.themes == ["community"]
    assert (item.price and item.price.amount_pence, item.attendance, item.rrule) == (250, True, "FREQ=WEEKLY;BYDAY=MO")
    assert item.in_language("cy").title == "Cymhorthfa"
    assert item.in_language("cy").body == item.body
    assert (item.expires_on, item.checked_on, item.shops) == ("2027-01-01", "2026-11-03", ["Mill Lane"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "gadget"}, "kind is 'gadget'; it must be one of guide"),
        ({"title": "   "}, "title is empty"),
        ({"title": "x" * 401}, "title has 401 letters"),
        ({"id": "seven", "key": ""}, "it must be a UUID"),
        ({"key": ""}, "neither id"),
        ({"language": "English"}, "language is 'English'"),
        ({"translations": {"../x": {"title": "x"}}}, "language is '../x'"),
        ({"url": "javascript:alert(1)"}, "must be a web address"),
        ({"maker": {"name": "x", "url": "ftp://example.org"}}, "maker.url"),
        ({"checked_on": "yesterday"}, "checked_on is 'yesterday'"),
        ({"checked_on": "2026-02-30"}, "there is no such day"),
        ({"price": {"amount_pence": -1}}, "below 0"),
        ({"price": {"amount_pence": "free"}}, "amount_pence"),
        ({"starts": "", "rrule": "FREQ=DAILY"}, "need starts"),
        ({"rrule": "EVERY MONDAY"}, "cannot be read"),
        ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "days that never come"),
        ({"starts": "0026-01-05T11:00:00"}, "in the year 0026; it must be from 1990 to 2100"),
        ({"starts": "2101-01-05T11:00:00", "ends": ""}, "in the year 2101"),
        ({"place": {"lat": 152.0}}, "place.lat"),
        ({"files": [{"name": "x"}]}, "neither path nor url"),
        ({"files": [{"path": "../../etc/passwd"}]}, "leads out of"),
        ({"files": [{"path": "/etc/passwd"}]}, "leads out of"),
        ({"files": [{"path": "not-there.pdf"}]}, "is not there"),
        ({"picture": "notes.txt"}, "must be a PNG, JPEG or WebP"),
    ],
)
def test_what_could_not_be_shown_is_refused_with_the_reason(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    good = {"key": "good", "kind": "guide", "title": "Good"}
    bad, fine = read(tmp_path, {**WHOLE, **change}, good)
    assert isinstance(bad, Skipped)
    assert said in bad.why
    assert bad.where.endswith("items.ndjson, line 1")
    assert isinstance(fine, Found)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"kind": "guide", "title": "x"', "is not JSON"),
        ('["a list"]', "Expected `object`"),
        ('{"kind": "guide"}', "has no"),
        (b'{"kind":"guide","key":"k","title":"caf\xe9"}', "UTF-8"),
        ('{"kind":"guide","key":"k","title":"' + "x" * 1_000_001 + '"}', "longer than"),
        ("\x00\x00\x00", "is not JSON"),
        ('{"kind":"guide","key":"k","title":"x","deep":' + "[" * 300_000 + "]" * 300_000 + "}", "cannot be read"),
        ('{"kind":"guide","key":"k","title":"x","files":[{"path":"a\\u0000b"}]}', "cannot be read"),
        ('{"kind":"guide","key":"k","title":"x","files":[{"path":"' + "a" * 5000 + '"}]}', "cannot be read"),
        ('{"kind":"guide","key":"k","title":"x","files":[{"url":"http://["}]}', "cannot be read"),
    ],
)
def test_a_line_that_is_no_item_stops_no_other(tmp_path: Path, line: str | bytes, said: str) -> None:
    good = {"key": "good", "kind": "guide", "title": "Good"}
    first, bad, last = read(tmp_path, good, line, {**good, "key": "other"})
    assert isinstance(first, Found) and isinstance(last, Found)
    assert isinstance(bad, Skipped) and said in bad.why
    assert last.where.endswith("line 3")


def test_unknown_fields_are_left_out_and_said(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"key": "k", "kind": "guide", "title": "T", "titel": "oops"})
    assert isinstance(found, Found)
    assert "titel" in found.note


def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"<html>not a PDF")
    (found,) = read(tmp_path, {"key": "k", "kind": "guide", "title": "T", "files": [{"path": "a.pdf"}]})
    assert isinstance(found, Skipped) and "does not begin like one" in found.why


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "inside" / "a.txt").symlink_to(tmp_path / "secret.txt")
    (found,) = read(tmp_path / "inside", {"key": "k", "kind": "guide", "title": "T", "files": [{"path": "a.txt"}]})
    assert isinstance(found, Skipped) and "leads out of" in found.why


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = io.TextIOWrapper(io.BytesIO(b'{"key":"k","kind":"guide","title":"From a pipe"}\n'))
    monkeypatch.setattr("sys.stdin", line)
    (found,) = items_format.read([Path("-")])
    assert isinstance(found, Found) and found.where == "standard input, line 1"


def test_the_same_again_changes_nothing_and_twice_in_one_file_is_said(hub: TestHub) -> None:
    lines = [{"key": "a", "title": "A"}, {"key": "b", "title": "B"}]
    assert hub.take(*lines).taken == 2
    again = hub.take(*lines, {"key": "a", "title": "A, again"})
    assert (again.taken, again.unchanged, len(again.skipped)) == (0, 2, 1)
    assert "same id" in again.skipped[0].why


def test_a_theme_that_an_import_names_first_is_made(hub: TestHub) -> None:
    from sync.hub.store import catalogue

    hub.take({"key": "a", "title": "A", "themes": ["growing-old"]})
    with hub.hub.database.reading() as db:
        assert "growing-old" in catalogue.theme_keys(db)


def test_nasty_but_allowed_text_survives(hub: TestHub) -> None:
    title = "‮ right\u200bto left \U0001f9d1\u200d\U0001f33e <script>alert(1)</script> ' \" \\ % _"
    assert hub.take({"key": "a", "title": title, "body": "\x00\x01 & <b>"}).taken == 1
