"""Which openings of a code are told to whoever counts them."""

from __future__ import annotations

import datetime as dt

import pytest

from sync import codes

PHONE = "Mozilla/5.0 (Linux; Android 14; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def stew(shelves):
    shelves.opened.clear()
    return shelves.items["stew"]["id"]


def test_a_scanned_code_is_counted_with_its_day_and_language(site, shelves, stew):
    code = codes.for_id(stew)
    assert site.get(f"/D/{code}", User_Agent=PHONE).status_code == 200
    assert site.get(f"/D/{code}/", User_Agent=PHONE, Accept_Language="ur").status_code == 200
    ended = shelves.items["ended"]["id"]
    assert site.get(f"/D/{codes.for_id(ended)}?lang=cy", User_Agent=PHONE).status_code == 410
    assert shelves.opened == [(TODAY, stew, "en"), (TODAY, stew, "ur"), (TODAY, ended, "cy")]


def test_a_page_that_the_browser_has_still_is_an_opening(site, shelves, stew):
    path = f"/D/{codes.for_id(stew)}"
    tag = site.get(path, User_Agent=PHONE).headers["etag"]
    assert site.get(path, User_Agent=PHONE, If_None_Match=tag).status_code == 304
    assert len(shelves.opened) == 2


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {"User_Agent": PHONE}),
        ("GET", {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        ("GET", {"User_Agent": "facebookexternalhit/1.1"}),
        ("GET", {"User_Agent": "WhatsApp/2.23"}),
        ("GET", {"User_Agent": "curl/8"}),
        ("GET", {"User_Agent": "SkypeUriPreview Preview/0.5"}),
        ("GET", {"User_Agent": ""}),
        ("GET", {"User_Agent": PHONE, "Sec_Purpose": "prefetch;prerender"}),
        ("GET", {"User_Agent": PHONE, "Purpose": "prefetch"}),
    ],
)
def test_programs_and_pages_fetched_ahead_are_not_counted(site, shelves, stew, method, headers):
    assert site.ask(method, f"/D/{codes.for_id(stew)}", **headers).status_code == 200
    assert shelves.opened == []


def test_only_codes_of_things_are_counted_and_only_as_they_are_scanned(site, shelves, stew):
    code = codes.for_id(stew)
    for path in (
        f"/d/{code}",
        "/D/nonsense",
        f"/D/{codes.from_number(5)}",
        f"/D?code={code}",
        f"/D/{code}/event.ics",
        "/",
    ):
        site.get(path, User_Agent=PHONE)
    assert shelves.opened == []
