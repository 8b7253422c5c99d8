"""The public pages of a hub with the demo catalogue, as people with different eyes, hands and phones meet them.

Source: WCAG 2.2 AA, by axe-core and by measuring what it cannot see.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from sync import codes, wording
from sync.records import id_from_key
from tests.conftest import TestHub, wait_for
from tests.journeys.test_pages_in_a_browser import ARGUMENTS, CHROMIUM, CONTRAST, SMALL_TARGETS

DEMO = Path(__file__).parents[2] / "assets" / "demo" / "items.ndjson"
MOST_BYTES: Final = 50_000
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]

KEYS: Final = {
    "/surgery": "demo-event-surgery",
    "/scams": "demo-spotting-scams",
    "/pitching": "demo-event-pitch-night",
    "/fair": "ended",
    "/long": "long",
}
"""Items as the tests name their pages; all of the demo catalogue have pictures."""
PAGES: Final = (
    "/", "/theme/food", "/theme/food?kind=guide", "/kind/event", "/kind/event?page=2", "/language/ur", "/search",
    "/search?q=bike", "/search?q=zzzzzz", "/d", "/d?code=7K3M9QX9", "/d/0000005A", "/d/00000005", *KEYS,
    "/shops", "/shop/mill-lane-touchpoint", "/shop/brook-street-hall", "/privacy", "/enrol?code=WDJB-MJHT", "/nowhere",
    f"/files/{'0' * 64}/x",
)  # fmt: skip
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
    p {margin-bottom: 2em !important}`);
  document.adoptedStyleSheets = [sheet];
}"""
CUT_OFF: Final = """() => [...document.body.querySelectorAll("*")]
  .filter((element) => !element.closest(".unseen, .skip, svg, .picture") && element.tagName !== "INPUT")
  .filter((element) => {
    const style = getComputedStyle(element);
    const hides = style.overflowX !== "visible" || style.overflowY !== "visible";
    const over = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    const box = element.getBoundingClientRect();
    return (hides && over) || box.right > innerWidth + 1 || box.left < -1;
  })
  .map((element) => element.outerHTML.slice(0, 80))"""
FOCUS: Final = """() => {
  const focused = document.activeElement;
  const around = [focused, focused.closest(".card, .session, .search")].filter((element) => element);
  const seen = around.some((element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = focused.getBoundingClientRect();
  const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [focused.tagName, focused.textContent.trim().slice(0, 40), seen, there];
}"""
MOVING: Final = """() => [...document.querySelectorAll("*")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const moves = style.animationName !== "none" || /[1-9]/.test(style.transitionDuration);
    return moves || style.scrollBehavior === "smooth";
  }).length"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a hub with the demo catalogue, two shops and something that has ended."""
    hub = TestHub(tmp_path_factory.mktemp("hub"))
    hub.take_file(DEMO)
    hub.take(
        {"key": "ended", "title": "Summer fair", "themes": ["food"], "expires_on": "2026-07-31"},
        {
            "key": "long",
            "title": "A long and many-worded guide with Donaudampfschifffahrtsgesellschaftskapitän in it",
            "summary": "What is very long must go into the next line.",
            "body": "# Heading\n\n- one\n- two\n\n> said\n\n`code` and [a link](https://friend.example/)",
            "licence": "CC-BY-NC-ND-4.0",
            "url": "https://averyverylongnamewithoutanyspaces.subdomain.example/",
            "files": [{"name": "elsewhere.pdf", "media_type": "application/pdf", "url": "https://files.example/x.pdf"}],
            "source": {"name": "The Book", "url": "https://book.example/", "licence": "CC-BY-4.0"},
        },
    )
    where = {"address": "12 Mill Lane", "postcode": "ZZ99 1AA", "lat": 52.6352, "lon": -1.1304}
    hub.hub.set_shop("Mill Lane Touchpoint", hours="Mo-Fr 09:30-17:30; Sa 10:00-16:00", **where)
    hub.hub.set_shop("Brook Street Hall")
    hub.publish()
    address = hub.serve()
    wait_for(lambda: requests.get(address, timeout=5).status_code == 200)
    assert [requests.get(address + address_of(path, "en"), timeout=5).status_code for path in KEYS] == [
        200,
        200,
        200,
        410,
        200,
    ]
    yield address
    hub.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield opened
        opened.close()


def address_of(path: str, language: str) -> str:
    if path in KEYS:
        path = "/d/" + codes.for_id(id_from_key("item", KEYS[path]))
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def opened(browser: Browser, *, width: int, **options: Any) -> Page:
    return browser.new_context(viewport={"width": width, "height": 700}, **options).new_page()


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: Any, width: int, language: str) -> None:
    page, axe, found = opened(browser, width=width, color_scheme=scheme), Axe(), []
    options = {
        "runOnly": {"type": "tag", "values": list(RULES)},
        "rules": {"target-size": {"enabled": True}},  # a rule of WCAG 2.2 that must be asked for
        "resultTypes": ["violations"],
    }
    for path in PAGES:
        page.goto(url + address_of(path, language))
        told = axe.run(page, options=options).response
        assert told["passes"], "it looked at nothing"
        for violation in told["violations"]:
            for node in violation["nodes"]:
                found.append((path, violation["id"], node["html"][:120], node["failureSummary"][:160]))
    page.context.close()
    assert found == []


@pytest.mark.parametrize("language", ["en", "ur"])
def test_axe_finds_nothing_while_there_is_no_catalogue(browser: Browser, hub: TestHub, language: str) -> None:
    page = opened(browser, width=320)
    page.goto(f"{hub.serve()}/?lang={language}")
    told = Axe().run(page).response
    assert told["passes"] and told["violations"] == []
    page.context.close()


def test_axe_would_find_something(browser: Browser, url: str) -> None:
    page = opened(browser, width=1280)
    page.goto(url)
    page.evaluate("() => { document.querySelector('label').remove(); document.documentElement.lang = ''; }")
    told = Axe().run(page).response
    assert {violation["id"] for violation in told["violations"]} >= {"html-has-lang"}
    page.context.close()


@pytest.mark.parametrize("language", list(wording.LANGUAGES))
def test_every_page_fits_a_small_phone_and_can_be_read_and_touched(browser: Browser, url: str, language: str) -> None:
    page = opened(browser, width=320)
    for path in PAGES:
        page.goto(url + address_of(path, language))
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
        assert page.evaluate(CUT_OFF) == [], path
        assert page.evaluate(SMALL_TARGETS) == [], path
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(MOVING) == 0, path
        page.evaluate(SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, (path, "with room between letters")
        assert page.evaluate(CUT_OFF) == [], (path, "with room between letters")
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_whoever_goes_by_keyboard_sees_where_he_is(browser: Browser, url: str, language: str) -> None:
    page = opened(browser, width=1280)
    for path in ("/", "/surgery", "/shop/mill-lane-touchpoint", "/search?q=zzzzzz", "/d?code=7K3M9QX9"):
        page.goto(url + address_of(path, language))
        stops = page.locator("a[href], button, input:not([type=hidden])").count()
        assert stops > 10
        for number in range(stops):
            page.keyboard.press("Tab")
            tag, words, seen, there = page.evaluate(FOCUS)
            assert tag != "BODY", (path, "the keyboard does not reach all", number, stops)
            assert seen and there, (path, tag, words)
    page.context.close()


def test_all_goes_without_scripts(browser: Browser, url: str) -> None:
    page = opened(browser, width=390, java_script_enabled=False, locale="pl-PL")
    page.goto(url)
    assert page.get_by_role("heading", level=1).inner_text() == "Czego szukasz?"
    page.get_by_role("navigation", name="Język").get_by_role("link", name="Cymraeg").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Am beth ydych chi’n chwilio?"
    page.get_by_role("searchbox").fill("surgery")
    page.get_by_role("button", name="Chwilio").click()
    page.get_by_role("link", name="Cymhorthfa cyfryngau cymdeithasol").first.click()
    assert page.locator("html").get_attribute("lang") == "cy"
    page.get_by_role("link", name="Siopau").first.click()
    page.get_by_role("link", name="Mill Lane Touchpoint").click()
    assert page.get_by_role("heading", name="Oriau agor").is_visible()
    page.get_by_role("navigation", name="Iaith").get_by_role("link", name="العربية").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    mark, links = page.locator(".mark").bounding_box(), page.locator(".top nav").bounding_box()
    assert mark and links and mark["x"] > links["x"], "the page is turned round with the language"
    assert page.context.cookies() == []
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/surgery", "/scams", "/shop/mill-lane-touchpoint"])
@pytest.mark.parametrize("language", list(wording.LANGUAGES))
def test_whichever_page_is_first_is_light(browser: Browser, url: str, path: str, language: str) -> None:
    """Everything that it loads, with headers and pictures, as it comes over the wire."""
    page = opened(browser, width=390)
    wire, weights, hosts = page.context.new_cdp_session(page), [], set()
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda done: weights.append(done["encodedDataLength"]))
    page.on("request", lambda asked: hosts.add(asked.url.partition(":")[0] if asked.url[:5] == "data:" else asked.url))
    page.goto(url + address_of(path, language), wait_until="networkidle")
    assert len(weights) >= (3 if path in KEYS else 2), "page, style sheet and picture"
    assert sum(weights) < MOST_BYTES
    assert all(one == "data" or one.startswith(url) for one in hosts)
    page.context.close()
