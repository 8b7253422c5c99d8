"""The public pages: what they say, to whom, and what they never do."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from sync import codes, notices
from sync.pages.icons import icon

Code = Callable[[str], str]
HOSTILE_LANGUAGE = quote('x" onmouseover="alert(5)')
EVERY_PAGE = (
    "/", "/theme/food", "/theme/glare?page=2", "/theme/none", "/kind/app?page=2", "/kind/nothing", "/kind/event",
    "/language/pl", "/language/xx", "/search", "/search?q=stew", "/search?q=zzzzz", "/d", "/D", "/d?code=x",
    "/D/00000000", "/d/nonsense", "/privacy", "/privacy?lang=ur", "/enrol", "/robots.txt", "/style.css", "/nowhere",
    "/files/x/y", "/pictures/x", "/shops", "/shop/mill-lane", "/shop/none",
)  # fmt: skip


class Tags(HTMLParser):
    """The elements of a page as a browser sees them, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def links(self) -> list[str]:
        return [there[name] for _, there in self.found for name in ("href", "src", "action") if name in there]


def text_of(response: requests.Response) -> str:
    response.encoding = "utf-8"
    return response.text


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_answer_is_guarded_and_small(site, path):
    response = site.get(path)
    assert response.status_code < 500
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in response.headers
    assert len(response.content) < 50_000
    if response.headers["content-type"].startswith("text/html"):
        page = text_of(response)
        assert page.startswith("<!doctype html>")
        assert page.count("<h1") == 1
        assert f'<html lang="{response.headers["content-language"]}" dir="' in page
        assert response.headers["vary"] == "Accept-Language"
        assert "<script" not in page
        assert " style=" not in page
        assert not re.findall(r'(?:src|<link[^>]+stylesheet[^>]+href)="(?!/|data:)', page)


def test_home_with_its_style_is_under_50_kb(site):
    style = site.get("/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert len(site.get("/").content) + len(style.content) < 50_000


def test_home_shows_themes_events_and_things(site):
    page = text_of(site.get("/"))
    assert "What are you looking for?" in page
    assert 'href="/theme/food"' in page
    assert "Surgery, with tea; and cake" in page
    assert "Stew for ten" in page
    assert "Polski" in page
    assert "Old offer" not in page
    assert site.get("/?q=stew").headers["location"] == "/search?q=stew"


# -- codes


def test_a_code_is_read_however_it_is_written(site, code: Code):
    right = code("stew")
    for typed in (right, right.lower(), codes.show(right), f"{right[:4]} {right[4:]}", f"{right[:2]}-{right[2:]}"):
        for start in ("/d/", "/D/"):
            response = site.get(start + quote(typed))
            assert response.status_code == 200
            assert f'<link rel="canonical" href="https://hub.example/d/{right}">' in text_of(response)
    assert site.get(f"/d/{right}/").status_code == 200


def test_look_alike_letters_are_forgiven(empty_shelves, empty_site):
    number = 0
    while not {"0", "1"} & set(found := empty_shelves.add(f"item {number}")):
        number += 1
    empty_shelves.publish()
    assert empty_site.get("/d/" + found.replace("0", "o").replace("1", "l")).status_code == 200
    assert empty_site.get("/D/" + found.replace("0", "O").replace("1", "I")).status_code == 200


def test_the_form_leads_to_the_item(site, code: Code):
    response = site.get(f"/d?code={codes.show(code('stew')).lower()}")
    assert (response.status_code, response.headers["location"]) == (303, f"/d/{code('stew')}")
    found = site.get(f"/search?q={code('stew')}")
    assert (found.status_code, found.headers["location"]) == (303, f"/d/{code('stew')}")


@pytest.mark.parametrize(
    ("typed", "said"), [("7K3M9QX", "this has 7"), ("7K3M9QXU", "never part"), ("7K3M9QX9", "wrong")]
)
def test_a_wrong_code_is_explained_on_the_form(site, typed, said):
    for path, status in ((f"/d?code={typed}", 400), (f"/d/{typed}", 404)):
        response = site.get(path)
        page = text_of(response)
        assert response.status_code == status
        assert said in page
        assert 'role="alert"' in page
        assert 'aria-invalid="true"' in page
        assert f'value="{typed}"' in page


def test_an_unknown_code_is_told_kindly(site):
    unknown = codes.from_number(5)
    for path in (f"/d/{unknown}", f"/d?code={unknown}"):
        response = site.get(path)
        assert response.status_code == 404
        assert "taken off the shelves" in text_of(response)
        assert 'role="search"' in text_of(response)


def test_what_ended_is_told_with_its_title(site, code: Code):
    response = site.get(f"/d/{code('ended')}")
    page = text_of(response)
    assert response.status_code == 410
    assert "This has ended" in page
    assert "Old offer" in page
    assert "1 November 2026" in page
    assert site.get(f"/d/{code('last day')}").status_code == 200


# -- the item page


def test_an_item_with_all_it_has(site, code: Code):
    page = text_of(site.get(f"/d/{code('stew')}"))
    assert '<h1 lang="en" dir="ltr">Stew for ten</h1>' in page
    assert re.search(r'href="/files/[0-9a-f]{64}/%C5%BBurek%20%E2%80%94%20zupa.pdf" download', page)
    assert "PDF · 10 KB · English" in re.sub("[\u2068\u2069]", "", page)
    assert "not here yet" in page
    assert 'href="https://files.example/x.zip" rel="noopener noreferrer nofollow"' in page
    assert 'href="https://stew.example/" rel="noopener noreferrer nofollow"' in page
    assert "javascript:" not in page
    assert "Copy, change and share it; say who made it (CC-BY-4.0)" in page
    assert "12 November 2026" in page
    assert "<h2>Cook it</h2>" in page
    assert '<a href="https://friend.example/" rel="nofollow noopener noreferrer">a friend</a>' in page
    assert codes.show(code("stew")) in page
    assert "hub.example/d" in page
    assert "The Stew Book" in page


def test_an_item_without_a_picture_is_drawn_by_its_kind_and_its_theme(site, code: Code):
    page = text_of(site.get(f"/d/{code('many 1')}"))
    drawn = re.search(r'<div class="picture drawn">(.*?)</div>', page, re.DOTALL)
    assert drawn and str(icon("app")) in drawn[1]
    assert re.search(r'<span class="badge">\s*' + re.escape(str(icon("no-such"))), drawn[1])
    shelf = text_of(site.get("/theme/glare"))
    assert re.search(r'<span class="thumb">' + re.escape(str(icon("app"))) + r'\s*<span class="badge">', shelf)
    without_theme = text_of(site.get(f"/d/{code('last day')}"))
    assert 'class="picture drawn"' in without_theme and 'class="badge"' not in without_theme
    with_picture = text_of(site.get(f"/d/{code('stew')}"))
    assert 'class="picture"' in with_picture and 'class="badge"' not in with_picture


def test_what_an_app_works_on_is_said_only_where_it_is_known(site, code: Code):
    assert "Works on" not in text_of(site.get(f"/d/{code('many 1')}"))
    assert "Works on" in text_of(site.get(f"/d/{code('stew')}"))


def test_an_item_in_another_language(site, code: Code):
    polish = text_of(site.get(f"/d/{code('stew')}?lang=pl"))
    assert '<h1 lang="pl" dir="ltr">Gulasz dla dziesięciu</h1>' in polish
    assert "Umyj <em>wszystko</em>" in polish
    assert re.search(r'hreflang="pl" lang="pl" dir="ltr" aria-current="page">Polski<', polish)
    urdu = text_of(site.get(f"/d/{code('stew')}?lang=ur"))
    assert '<h1 lang="ur" dir="rtl">دس لوگوں کا سالن</h1>' in urdu
    assert '<p class="lead" lang="en" dir="ltr">One big pot.</p>' in urdu
    assert '<h1 lang="en" dir="ltr">' in text_of(site.get(f"/d/{code('stew')}?lang=xx"))
    listed = text_of(site.get("/language/ur"))
    assert f'/d/{code("stew")}?lang=ur" lang="ur" dir="rtl">دس لوگوں کا سالن' in listed


def test_an_event_and_its_calendar_file(site, code: Code):
    page = text_of(site.get(f"/d/{code('surgery')}"))
    assert "Monday 23 November, 11:00 to 13:00" in page
    assert "Wednesday 25 November" not in page
    assert "Mill Lane, 12 Mill Lane, ZZ99 1AA" in page
    response = site.get(f"/d/{code('surgery')}/event.ics")
    body = response.content.decode()
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert body.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert body.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert body.count("BEGIN:VEVENT") == 10
    assert "DTSTART:20261123T110000Z\r\nDTEND:20261123T130000Z\r\n" in body
    assert "20261125" not in body
    assert "SUMMARY:Surgery\\, with tea\\; and cake\r\n" in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


def test_an_event_without_dates_to_come(site, code: Code):
    assert "no more dates" in text_of(site.get(f"/d/{code('over')}"))
    assert site.get(f"/d/{code('over')}/event.ics").status_code == 404
    assert site.get("/d/nonsense/event.ics").status_code == 404


def test_a_hostile_item_is_only_text(site, code: Code):
    for path in (
        f"/d/{code('hostile')}",
        f"/d/{code('hostile')}?lang={HOSTILE_LANGUAGE}",
        "/theme/evil",
    ):
        response = site.get(path)
        page = text_of(response)
        assert response.status_code == 200
        tags = Tags(page)
        assert not {"script", "svg onload", "i", "u", "iframe"} & {name for name, _ in tags.found}
        assert all(where.startswith(("/", "https://", "mailto:", "data:image/svg", "#")) for where in tags.links())
        assert not [name for _, there in tags.found for name in there if name.startswith("on") or name == "style"]
        assert not [where for where in tags.links() if where.startswith(("//", "/admin", "javascript"))]
        assert all(there["src"].startswith("/pictures/") for name, there in tags.found if name == "img")
    page = text_of(site.get(f"/d/{code('hostile')}"))
    assert '<a href="https://fine.example/"' in page
    assert '<a href="mailto:a@b.example"' in page
    assert "display:none" not in text_of(site.get("/style.css")).partition(".theme-food")[2]


# -- lists


def test_lists_are_paged(site):
    first, second = text_of(site.get("/kind/app")), text_of(site.get("/kind/app?page=2"))
    assert first.count('<li class="card') == 24
    assert second.count('<li class="card') == 6
    assert 'href="/kind/app?page=2"' in first
    assert "Page 2 of 2" in second
    for number in ("0", "3", "-1", "x", "99999999999999999999", "1.5", "²"):
        assert site.get(f"/kind/app?page={number}").status_code == 404


def test_a_theme_can_be_narrowed_to_a_kind(site):
    page = text_of(site.get("/theme/food?kind=event"))
    assert "Surgery" in page
    assert "Stew" not in page
    assert site.get("/theme/food?kind=app").status_code == 404


@pytest.mark.parametrize(
    "typed", ['"', "*", "a" * 5000, "%00", "'; DROP TABLE item;--", "NEAR(", "%F0%9F%8D%B2", "%ff"]
)
def test_search_takes_anything(site, typed):
    assert site.get(f"/search?q={typed}").status_code == 200


def test_search_escapes_what_was_typed(site):
    page = text_of(site.get("/search?q=%22%3E%3Cscript%3Ex"))
    assert "script" not in {name for name, _ in Tags(page).found}
    assert 'value="&#34;&gt;&lt;script&gt;x"' in page
    assert "Nothing fits" in text_of(site.get("/search?q=zzzzz"))


def test_every_theme_can_be_read(site):
    from sync.pages import colours

    style = text_of(site.get("/style.css"))
    light = dict(re.findall(r"--(\w+):(#\w{6})", re.search(r"\.theme-glare\{(.+?)\}", style)[1]))
    assert colours.contrast(light["strong"], "#FFFFFF") >= 4.5
    assert colours.contrast(light["chip"], light["tint"]) >= 4.5
    assert colours.contrast(light["accent"], colours.PAPER) >= 4.5
    assert ".theme-evil" not in style


# -- answers


def test_pages_have_entity_tags(site):
    for path in ("/", "/style.css", "/theme/food"):
        tag = site.get(path).headers["etag"]
        again = site.get(path, If_None_Match=f'W/{tag}, "x"')
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"].startswith("public")
    assert "etag" not in site.get("/nowhere").headers


def test_style_is_kept_for_good_under_its_version(site):
    href = re.search(r'href="(/style\.css\?v=\w+)"', text_of(site.get("/")))[1]
    assert "immutable" in site.get(href).headers["cache-control"]
    assert "immutable" not in site.get("/style.css?v=old").headers["cache-control"]


@pytest.mark.parametrize(
    ("taken", "packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("identity", False),
        ("", False),
        ("gzip;q=0", False),
    ],
)
def test_style_was_packed_beforehand_for_those_who_take_it(site, taken, packed):
    response = site.get("/style.css", Accept_Encoding=taken)
    assert response.headers.get("content-encoding") == ("gzip" if packed else None)
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.content.startswith(b":root{")
    again = site.get("/style.css", Accept_Encoding=taken, If_None_Match=response.headers["etag"])
    assert again.status_code == 304
    other = site.get("/style.css", Accept_Encoding="" if packed else "gzip")
    assert other.content == response.content and other.headers["etag"] != response.headers["etag"]


def test_only_get_and_head(site):
    refused = site.ask("POST", "/d")
    assert refused.status_code == 405
    assert refused.headers["referrer-policy"] == "no-referrer"
    head = site.ask("HEAD", "/")
    assert (head.status_code, head.content) == (200, b"")


def test_the_code_on_a_new_screen_leads_to_how_it_is_let_in(site, empty_site):
    for pages in (site, empty_site):
        answer = pages.get("/enrol?code=WDJB-MJHT")
        assert "touchpoint-hub approve WDJB-MJHT" in text_of(answer)
        assert answer.headers["cache-control"] == "no-store"
    for strange in ("", "<script>alert(1)</script>", "WDJB-MJHT; rm", "W" * 5000):
        answer = site.get(f"/enrol?code={quote(strange)}")
        assert answer.status_code == 200 and "approve THE-CODE" in text_of(answer)


def test_privacy_in_plain_words(site):
    page = text_of(site.get("/privacy"))
    assert "no cookies" in page and "On the screens in our shops" in page
    assert "remembers it for a while, in memory only" in page and "Only a few of our team can open it" in page
    assert page.count("<h3>") == 8 and "<h3>When helpers sit down with you</h3>" in page
    for strange in ("", "en-GB", "xx", "../en", '"><script>'):
        assert text_of(site.get(f"/privacy?lang={quote(strange)}")) == page


@pytest.mark.parametrize("language", notices.languages())
def test_privacy_in_every_language(site, empty_site, language):
    direction = "rtl" if language in ("ar", "ur") else "ltr"
    notice = notices.privacy(language)
    for pages in (site, empty_site):
        response = pages.get(f"/privacy?lang={language}")
        page = text_of(response)
        assert response.status_code == 200
        assert f'<div class="body" lang="{language}" dir="{direction}">' in page
        assert language == "en" or f' lang="{language}" dir="{direction}">{notice.title}</h2>' in page
        assert page.count("<strong>") == notice.text.count("**") / 2
        assert "**" not in page and "&lt;" not in page and "0303\u00a0123\u00a01113" in page


def test_no_catalogue_yet_is_a_calm_page(empty_shelves, empty_site):
    for path in ("/", f"/d/{codes.from_number(5)}", "/theme/food", "/search?q=x", "/files/" + "ab" * 32 + "/x"):
        response = empty_site.get(path)
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0
        assert "shelves are being filled" in text_of(response)
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert empty_site.get("/privacy").status_code == 200
    assert empty_site.get("/style.css").status_code == 200
    assert empty_site.get("/nowhere").status_code == 404
    empty_shelves.add("first", title="The first thing")
    empty_shelves.publish()
    assert "The first thing" in text_of(empty_site.get("/"))


def test_a_damaged_catalogue_is_a_calm_page(empty_shelves, empty_site, tmp_path: Path):
    (tmp_path / "catalogue" / "replica-1.db").write_bytes(b"not a database" * 1000)
    (tmp_path / "catalogue" / "current").write_text("replica-1.db")
    assert empty_site.get("/").status_code == 503
    assert empty_site.get("/d/" + codes.from_number(5)).status_code == 503


def test_a_new_revision_is_shown_at_once(empty_shelves, empty_site):
    empty_shelves.add("one", title="The first thing")
    empty_shelves.publish()
    before = empty_site.get("/")
    empty_shelves.add("two", title="The second thing")
    empty_shelves.publish()
    after = empty_site.get("/", If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert "The second thing" in text_of(after)


def test_catalogue_after_catalogue_is_shown_to_many_at_once(empty_shelves, empty_site):
    with ThreadPoolExecutor(8) as visitors:
        for number in range(5):
            empty_shelves.add(str(number), title=f"Thing number {number}")
            empty_shelves.publish()
            pages = list(visitors.map(lambda _: text_of(empty_site.get("/")), range(16)))
            assert [f"Thing number {number}" in page for page in pages] == [True] * 16
