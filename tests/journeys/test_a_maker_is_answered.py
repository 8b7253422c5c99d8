"""A maker's suggestion on its way to the shelves, and the team's pages around it, in a real browser.

Source: WCAG 2.2 AA, by axe-core and by measuring what it cannot see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from sync.hub.admin.door import COOKIE
from sync.hub.store import accounts
from sync.hub.suggesting import traps
from sync.records import id_from_key
from tests.conftest import TestHub, wait_for
from tests.journeys.test_pages_in_a_browser import ARGUMENTS, CHROMIUM
from tests.support.colleague import Colleague
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.pen import Pen, outcomes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]
TODAY = dt.datetime.now(dt.UTC).date()
LAST = (TODAY.replace(day=1) - dt.timedelta(1)).replace(day=3)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TABLE = (
    "title,kind,summary,themes,maker,url\n"
    "Seed swap,event-ish,Bring seeds and take others home,food,Allotment friends,\n"
    "Borrow a ladder,offer,For a day or a weekend,shelter,Tool shed,https://tools.example/\n"
    "Mend a chair,guide,Glue and patience,shelter,,\n"
)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)


@pytest.fixture
def town(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> TestHub:
    """A hub that serves, whose shops have logged, and whose form may be sent as soon as it is filled in."""
    monkeypatch.setattr(traps, "LEAST_S", 0.0)
    hub.take(
        {"key": "pot", "title": "Cook for ten on £10", "themes": ["food"]},
        {"key": "bike", "title": "Mend a bike", "kind": "service", "themes": ["transport"]},
    )
    hub.publish()
    pen = Pen(hub.hub)
    outcomes(hub.hub, pen.id, pen.asks("Ann", "07700 900123"))
    for name, visits in (("Mill Lane", 24), ("High Road", 11)):
        log(LoggingShop(hub.hub, name), visits)
    hub.serve()
    wait_for(lambda: "Cook for ten" in Colleague(hub).get("/items").text, 20)
    return hub


def log(shop: LoggingShop, visits: int) -> None:
    """Surgeries last month and this, and what was taken in both."""
    for day in (LAST, TODAY):
        at, session = f"{day.isoformat()}T11:00:00", new_id()
        sent = [shop.held(session, at, title="Social media surgery")]
        sent += [
            shop.visit(session, at=f"{at}+00:00", recorded_at=f"{at}+00:00", topics=[topic], outcome="helped")
            for topic in ("email", "phone", "video_calls")
            for _ in range(visits // 3)
        ]
        for action, count in (("open", 90), ("slip", 31), ("qr", 12)):
            for key, language in (("pot", "en"), ("bike", "cy")):
                said = {"action": action, "count": count + visits, "item": id_from_key("item", key)}
                more = {"language": language} if action == "open" else {}
                sent.append(shop.record("usage", {"day": day.isoformat(), **said, **more}))
        sent.append(
            shop.record("usage", {"day": day.isoformat(), "action": "search_empty", "term": "tents", "count": 4})
        )
        for at_once in range(0, len(sent), 100):
            assert set(outcomes(shop.hub, shop.device_id, *sent[at_once : at_once + 100])) == {"accepted"}


def opened(browser: Browser, hub: TestHub, *, who: Colleague | None = None, **more: Any) -> Page:
    """A browser's page, signed in as somebody or as nobody."""
    context = browser.new_context(locale="en-GB", **more)
    if who:
        context.add_cookies(
            [{"name": COOKIE, "value": who.token, "url": hub.url.replace("http:", "https:"), "sameSite": "Strict"}]
        )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def suggest(page: Page, url: str, title: str = "Repair café") -> None:
    page.goto(f"{url}/suggest")
    page.get_by_label("Kind").select_option(label="Event")
    page.get_by_label("What it is called").fill(title)
    page.get_by_label("In a few sentences").fill("Bring what is broken, and mend it with somebody who knows how.")
    page.get_by_label("Who makes or offers it").fill("Brook Street Menders")
    page.get_by_label("Place", exact=True).fill("Mill Lane Hall")
    page.get_by_label("Day", exact=True).fill((TODAY + dt.timedelta(3)).isoformat())
    page.get_by_label("From", exact=True).fill("10:00")
    page.get_by_label("How we can reach you").fill("ann@menders.example")
    page.get_by_role("button", name="Send it").click()


def test_from_a_makers_phone_to_the_shelves(town: TestHub, browser: Browser) -> None:
    phone = opened(browser, town, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    phone.goto(f"{town.url}/")
    phone.get_by_role("link", name="Suggest something").click()
    phone.get_by_role("button", name="Send it").click()
    assert "Nothing is lost" in phone.get_by_role("alert").inner_text()
    suggest(phone, town.url)
    assert phone.get_by_role("heading", level=1).inner_text() == "Thank you"
    assert phone.context.cookies() == []

    desk = opened(browser, town, who=Colleague(town), viewport={"width": 1280, "height": 900})
    desk.goto(f"{town.url}/admin")
    desk.get_by_role("link", name="1 suggested").click()
    desk.get_by_role("link", name="Repair café").click()
    assert "Brook Street Menders" in desk.locator("main").inner_text() and "ann@menders" not in desk.content()
    desk.get_by_role("button", name="Show it").click()
    assert desk.locator(".shown").inner_text() == "ann@menders.example"
    desk.get_by_role("link", name="To what they suggested").click()
    desk.get_by_role("button", name="Accept").click()
    assert "There is nothing here just now" in desk.locator("main").inner_text()
    wait_for(lambda: "Repair café" in requests.get(f"{town.url}/search?q=repair", timeout=10).text, 30)
    phone.goto(f"{town.url}/search?q=repair")  # only now, as a browser keeps pages for a minute
    assert phone.get_by_role("link", name="Repair café").count() == 1


def test_a_table_is_read_before_it_is_taken_in(town: TestHub, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(TABLE)
    desk = opened(browser, town, who=Colleague(town), viewport={"width": 1280, "height": 900})
    desk.goto(f"{town.url}/admin/items")
    desk.get_by_role("link", name="Import many").click()
    desk.get_by_label("The file").set_input_files(str(tmp_path / "items.csv"))
    desk.get_by_role("button", name="Look at it").click()
    desk.get_by_role("button", name="Take in 2").wait_for(timeout=30_000)
    assert "event-ish" in desk.locator("main").inner_text()
    desk.get_by_role("button", name="Take in 2").click()
    desk.get_by_text("Done.").wait_for(timeout=30_000)
    desk.get_by_role("button", name="Publish now").click()
    desk.goto(f"{town.url}/admin/items")
    wait_for(lambda: desk.reload() and desk.get_by_text("Borrow a ladder").count(), 30)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    town: TestHub, browser: Browser, tmp_path: Path, scheme: Any, width: int
) -> None:
    (tmp_path / "items.csv").write_text(TABLE)
    boss = Colleague(town, accounts.ADMINISTRATOR)
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"target-size": {"enabled": True}},
    }
    look: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    public, own = opened(browser, town, **look), opened(browser, town, who=boss, **look)
    found: list[str] = []

    def checked(page: Page, name: str) -> None:
        page.screenshot(path=str(tmp_path / f"{name}-{width}-{scheme}.png"), full_page=True)
        told = Axe().run(page, options=options).response
        assert told["passes"], "it looked at nothing"
        found.extend(f"{name}: {one['id']} {one['nodes'][0]['html'][:90]}" for one in told["violations"])
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: it is wider than the screen")

    public.goto(f"{town.url}/suggest")
    checked(public, "suggest")
    public.get_by_role("button", name="Send it").click()
    checked(public, "suggest-wrong")
    suggest(public, town.url, "Repair café " + "and everything that goes with it " * 3)
    checked(public, "suggest-thanks")
    public.goto(f"{town.url}/open-data")
    checked(public, "open-data")
    for path in ("items?show=suggested", "import", "reports", "reports/usage", "follow-ups"):
        own.goto(f"{town.url}/admin/{path}")
        checked(own, path.replace("/", "-").partition("?")[0])
    own.get_by_role("button", name="Show").click()
    checked(own, "follow-up")
    own.goto(f"{town.url}/admin/items?show=suggested")
    own.get_by_role("link", name="Repair café").click()
    checked(own, "suggestion")
    own.get_by_role("button", name="Show it").click()
    checked(own, "suggestion-contact")
    own.goto(f"{town.url}/admin/import")
    own.get_by_label("The file").set_input_files(str(tmp_path / "items.csv"))
    own.get_by_role("button", name="Look at it").click()
    own.get_by_role("button", name="Take in 2").wait_for(timeout=30_000)
    checked(own, "import-looked")
    assert found == []
