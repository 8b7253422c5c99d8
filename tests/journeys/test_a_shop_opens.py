"""A shop opens, in a real browser: it is made, its screen let in by the code it shows, stocked, asked and revoked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from kiosk import bootstrap
from kiosk.settings import Settings
from sync.hub import settings, team
from sync.hub.store import accounts
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.journeys.test_a_slip_is_printed import agent_of
from tests.journeys.test_pages_for_everybody import RULES
from tests.journeys.test_pages_in_a_browser import ARGUMENTS, CHROMIUM
from tests.support.mailbox import Mailbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]
PASSWORD = "plum tree lantern"


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser's page that complains of nothing and asks nobody else."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: complaints.append(asked.url) if "//127.0.0.1:" not in asked.url else None)
        yield page
        browser.close()
    # a wrong code is a page that is not found, which the browser says as well
    assert [one for one in complaints if not one.startswith("data:") and "status of 4" not in one] == []


@pytest.fixture
def served(hub: TestHub, page: Page) -> TestHub:
    """A hub with two things on its shelves, and Ann, an administrator, signed in."""
    hub.take(
        {"key": "pot", "title": "Cook for ten", "themes": ["food"]},
        {"key": "bike", "title": "Mend a bike", "themes": ["transport"]},
    )
    with hub.hub.database.writing() as db:
        settings.put(db, "heartbeat_s", "1")
    hub.publish()
    hub.serve()
    sign_in(hub, page)
    return hub


def sign_in(hub: TestHub, page: Page) -> None:
    role, database = accounts.ADMINISTRATOR, hub.hub.database
    _who, token = team.invite(database, "Ann Okafor", "ann@example.org", role, [], "test")
    page.goto(f"{hub.url}/admin/welcome/{token}")
    page.get_by_label("Password, 12 letters or more").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()


def look_well(page: Page) -> None:
    """Nothing that axe finds, nothing wider than the screen: on a phone and a desk, by day and by night."""
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": list(RULES)},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            told = Axe().run(page, options=options).response
            assert told["passes"], "it looked at nothing"
            found = [(one["id"], node["html"][:120]) for one in told["violations"] for node in one["nodes"]]
            assert found == [], (page.url, width, scheme)


def test_from_an_empty_room_to_a_screen_that_shows_its_shelves(served: TestHub, page: Page, tmp_path: Path) -> None:
    kiosk = TestKiosk(tmp_path / "new")
    kiosk.services.close()
    kiosk.services = bootstrap.services(Settings(data=kiosk.folder, poll_s=0.2, hub_url=served.url))
    unit = kiosk.services.unit

    page.get_by_role("link", name="Shops", exact=True).click()
    look_well(page)
    page.get_by_role("link", name="New shop").click()
    page.get_by_label("Name").fill("Mill Lane")
    page.get_by_label("Opening hours").type("Mo-Sa 09:30-17:00")
    page.get_by_text("Open Monday–Saturday 09:30 to 17:00.").wait_for()
    look_well(page)
    page.get_by_role("button", name="Add it").click()
    assert "The shop is there" in page.locator(".notice").inner_text()

    with agent_of(kiosk):
        wait_for(lambda: (state := unit.enrolment()) and state.state == "showing")
        state = unit.enrolment()
        assert state
        page.get_by_role("link", name="Let a kiosk in").click()
        page.get_by_label("Its code").fill("BCDF-GHJK" if state.user_code != "BCDF-GHJK" else "BCDF-GHJL")
        page.get_by_role("button", name="Go on").click()
        assert "look at its screen again" in page.get_by_role("alert").inner_text()
        look_well(page)
        page.get_by_label("Its code").fill(state.user_code.lower())
        page.get_by_role("button", name="Go on").click()
        assert state.user_code in page.locator("main").inner_text()
        look_well(page)
        page.get_by_label("The shop it stands in").select_option("Mill Lane")
        page.get_by_label("What to call the kiosk").fill("window")
        page.get_by_role("button", name="Let it in").click()
        assert "It belongs to the shop now" in page.locator(".notice").inner_text()
        here = page.url.partition("?")[0]
        wait_for(lambda: len(kiosk.titles()) == 2 if kiosk.services.shelves.stamp() else False, 30)

        page.get_by_role("link", name="Mill Lane").click()
        page.get_by_label("Food").check()
        page.get_by_role("button", name="Keep these shelves").click()
        assert "It shows 1 of 2 items" in page.locator("main").inner_text()
        look_well(page)
        wait_for(lambda: kiosk.titles() == ["Cook for ten"], 20)
        assert kiosk.services.shelves.search("mend a bike") == []

        page.goto(here)
        assert "just now" in page.locator(".facts").inner_text()
        look_well(page)
        page.get_by_role("button", name="Print a test slip").click()
        assert "It was asked" in page.locator(".notice").first.inner_text()
        wait_for(lambda: list((kiosk.folder / "slips").glob("*.png")), 20)

        page.get_by_role("textbox", name="Name").fill("back room")
        page.get_by_role("button", name="Rename").click()
        page.get_by_role("link", name="Kiosks", exact=True).click()
        assert "back room" in page.locator(".cards").inner_text()
        look_well(page)

        page.goto(here)
        page.get_by_role("link", name="Revoke this kiosk").click()
        assert "This cannot be undone" in page.locator("main").inner_text()
        look_well(page)
        page.get_by_role("button", name="Revoke it").click()
        assert "It is revoked" in page.locator(".notice").inner_text()
        wait_for(lambda: unit.sending_status().outcome == "rejected", 20)
        assert kiosk.titles() == ["Cook for ten"], "it goes on showing what is public"
    kiosk.services.close()


def test_who_is_told_is_set_and_tried_without_scripts(hub: TestHub) -> None:
    hub.serve()
    with sync_playwright() as playwright, Mailbox() as mailbox:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
        sign_in(hub, page)
        page.get_by_role("link", name="Kiosks", exact=True).click()
        page.get_by_role("link", name="Who is told").click()
        page.get_by_label("E-mail addresses").fill("ann@example.org")
        page.get_by_label("Its name").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(mailbox.port))
        page.get_by_label("Encrypted").select_option("later")
        page.get_by_role("button", name="Keep, and send a mail to try it").click()
        assert "a mail is on its way" in page.locator(".notice").inner_text()
        assert mailbox.to == [["ann@example.org"]] and mailbox.mails[0]["Subject"] == "A try: quiet kiosks"
        browser.close()


def test_the_page_of_who_is_told_looks_well(served: TestHub, page: Page) -> None:
    page.goto(f"{served.url}/admin/alerts")
    look_well(page)
    page.goto(f"{served.url}/admin/shops/new")
    page.get_by_role("button", name="Add it").click()
    assert "It needs a name." in page.locator("main").inner_text()
    look_well(page)
