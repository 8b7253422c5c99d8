"""An editor's day in a real browser: an item is made, translated, published, seen in a shop, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from sync.hub import team
from sync.hub.store import accounts
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_pages_in_a_browser import ARGUMENTS, CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]
PASSWORD = "plum tree lantern"
PICTURE = Path(__file__).parent.parent.parent / "assets" / "demo" / "pictures" / "bowls-food.png"


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
    assert [one for one in complaints if not one.startswith("data:")] == []


def welcome(hub: TestHub, page: Page) -> None:
    _who, token = team.invite(hub.hub.database, "Ann Okafor", "ann@example.org", accounts.EDITOR, [], "test")
    page.goto(f"{hub.url}/admin/welcome/{token}")
    page.get_by_label("Password, 12 letters or more").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()


def said(page: Page) -> str:
    return page.locator(".notice").inner_text()


def test_from_the_first_word_to_the_shop_and_back(hub: TestHub, shop: TestKiosk, page: Page, tmp_path: Path) -> None:
    (tmp_path / "chair.pdf").write_bytes(b"%PDF-1.7\n" + b"glue " * 40_000)
    welcome(hub, page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_role("link", name="New item").click()
    page.get_by_role("button", name="Guide").click()
    page.get_by_label("Title").fill("Mend a chair")
    page.get_by_label("In a sentence or two").fill("Glue, clamps and patience.")
    page.get_by_label("All there is to say").fill("# First\n\nFind the loose joint.")
    card = page.locator(".kiosk")
    card.get_by_text("Glue, clamps and patience.").wait_for()
    assert "Mend a chair" in card.inner_text() and "Find the loose joint." in page.locator(".preview").inner_text()
    page.get_by_label("Food").check()
    page.get_by_label("A picture").set_input_files(str(PICTURE))
    page.get_by_label("Add files").set_input_files(str(tmp_path / "chair.pdf"))
    page.get_by_role("button", name="Save draft").click()
    page.locator(".notice.good").wait_for()
    assert "Kept as a draft" in said(page) and page.locator(".kiosk img").count() == 1
    assert page.locator("fieldset.file legend").inner_text().startswith("chair.pdf")
    assert shop.sync().outcome == "current"

    page.get_by_label("Another language").select_option("cy")
    page.get_by_role("button", name="Translate").click()
    page.locator("#title_cy").fill("Trwsio cadair")
    page.locator("#summary_cy").fill("Glud, clampiau ac amynedd.")
    page.get_by_role("button", name="Publish").click()
    assert "Published" in said(page)

    assert shop.sync().outcome == "updated"
    item = shop.item("Mend a chair")
    assert item.in_language("cy").title == "Trwsio cadair" and item.themes == ["food"]
    assert [file.name for file in item.files] == ["chair.pdf"]
    assert len(item.blobs) == 2 and all(shop.services.blobs.find(file.sha256) for file in item.blobs)
    assert shop.titles().count("Mend a chair") == 1

    page.get_by_role("button", name="Withdraw it from all shops").click()
    assert "Withdrawn" in said(page)
    assert shop.sync().outcome == "updated" and "Mend a chair" not in shop.titles()

    page.get_by_role("link", name="History").click()
    assert page.locator(".changes li").count() == 2
    page.get_by_role("button", name="Bring this back").click()
    assert "Brought back" in said(page)
    assert shop.sync().outcome == "updated" and "Mend a chair" in shop.titles()


def test_without_scripts_it_goes_as_well(hub: TestHub, shop: TestKiosk) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
        welcome(hub, page)
        page.goto(f"{hub.url}/admin/items/new")
        page.get_by_role("button", name="Guide").click()
        page.get_by_label("Title").fill("Mend a chair")
        page.get_by_label("A picture").set_input_files(str(PICTURE))
        page.get_by_role("button", name="Publish").click()
        assert "Published" in said(page)
        assert page.locator(".kiosk").inner_text().startswith("Mend a chair")
        browser.close()
    assert shop.sync().outcome == "updated" and "Mend a chair" in shop.titles()


def test_leaving_with_words_that_are_not_kept_asks_first(hub: TestHub, page: Page) -> None:
    hub.serve()
    welcome(hub, page)
    page.goto(f"{hub.url}/admin/items/new")
    page.get_by_role("button", name="Guide").click()
    page.get_by_label("Title").press_sequentially("Mend")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="The hub").click()
    page.wait_for_url("**/admin")
    assert asked == ["beforeunload"]
