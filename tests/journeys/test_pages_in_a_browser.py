"""From a scanned code to the file on the phone, in a real browser."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from sync import codes, packs, records
from sync.pages.app import app
from sync.replica import base, deltas, schema
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder
from sync.replica.rank import rank

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium"),
]
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-quic"
).split()
NOW = dt.datetime(2026, 11, 22, 10, 5, tzinfo=dt.UTC)
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 200
STEW, SURGERY = (records.id_from_key("item", key) for key in ("stew", "surgery"))
ITEMS: list[dict[str, Any]] = [
    {
        "id": STEW,
        "kind": "guide",
        "title": "Cook for ten on £10",
        "summary": "Make one big pot of hot food and share it. Ten good plates, in under two hours.",
        "body": "## You need\n\n- 800 g red lentils\n- a pot\n\n" + "averyverylongword" * 12,
        "themes": ["food"],
        "licence": "CC-BY-4.0",
        "maker": {"name": "Brook Street Kitchen"},
        "files": [
            {
                "name": "Żurek.pdf",
                "media_type": "application/pdf",
                "sha256": hashlib.sha256(PDF).hexdigest(),
                "size_bytes": len(PDF),
            }
        ],
        "url": "https://stew.example/",
        "translations": {"ur": {"title": "دس لوگوں کا سالن", "summary": "ایک بڑا برتن"}},
        "checked_on": "2026-11-12",
    },
    {
        "id": SURGERY,
        "kind": "event",
        "title": "Social media surgery",
        "summary": "Sit down with a friendly helper.",
        "themes": ["food"],
        "starts": "2026-01-05T11:00:00",
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "place": {"name": "Mill Lane", "postcode": "ZZ99 1AA"},
    },
]
THEME = {"key": "food", "name": "Food", "icon": "food-apple", "strong": "#2E7D4F", "tint": "#E3F1E8"}
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest(".unseen, .skip, bdi.unseen")) continue;
    const [one, other] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) poor.push(element.textContent.trim().slice(0, 40) + " " + contrast.toFixed(2));
  }
  return poor;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
  .filter((element) => !element.closest(".body, p, dd, .unseen, .skip") && !element.matches(".unseen, .skip"))
  .map((element) => {
    const grown = getComputedStyle(element, "::after");
    const box = grown.position === "absolute" && grown.content !== "none"
      ? element.closest("li").getBoundingClientRect() : element.getBoundingClientRect();
    return [element.textContent.trim().slice(0, 40), box.width, box.height];
  })
  .filter(([, width, height]) => width < 24 || height < 24)"""


class _Server(uvicorn.Server):
    """A server that leaves the process's signals alone."""

    def install_signal_handlers(self) -> None:
        pass


@dataclass
class Visit:
    """A phone that looks at the pages, and all that it asked for and complained of."""

    page: Page
    url: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with two items."""
    folder = tmp_path_factory.mktemp("pages")
    blobs = Blobs(folder / "blobs")
    path = blobs.path(hashlib.sha256(PDF).hexdigest())
    path.parent.mkdir(parents=True)
    path.write_bytes(PDF)
    replicas = ReplicaFolder(folder / "catalogue")
    _publish(replicas)
    current = CurrentReplica(replicas, today=NOW.date)
    pages = app(current, blobs, now=lambda: NOW)
    listening = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(pages, log_level="error", lifespan="off", http="h11", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()
    current.close()


def _publish(replicas: ReplicaFolder) -> None:
    themes = [{"id": records.id_from_key("theme", "food"), **THEME}]
    for revision, line in enumerate([*ITEMS, *themes], 1):
        line["r"] = revision
    lines = sorted(ITEMS, key=lambda line: -rank(msgspec.convert(line, records.Item)))
    tables = [packs.table_of("item", lines), packs.table_of("theme", themes)]
    path = replicas.next()
    base.build(path, [packs.Piece(format=packs.BASE_FORMAT, to=3, piece=0, pieces=1, tables=tables)])
    db = schema.open_for_writing(path)
    digest = packs.Digest(int(schema.meta(db, "digest"), 16), schema.meta(db, "count"))
    deltas.apply(db, [], records.State(revision=3, count=digest.count, digest=digest.hex()))
    base.build_text(db)
    db.close()
    replicas.swap(path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=["light", "dark"])
def visit(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Visit]:
    """A phone; at the end it must have asked no other host, complained of nothing and kept no cookie."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=request.param, has_touch=True, accept_downloads=True
    )
    visit = Visit(context.new_page(), url)
    visit.page.on("request", lambda asked: _note_host(visit, asked.url))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    assert context.cookies() == []
    context.close()
    assert visit.hosts <= {url}
    assert visit.complaints == []


def _note_host(visit: Visit, asked: str) -> None:
    if not asked.startswith("data:"):
        visit.hosts.add("/".join(asked.split("/")[:3]))


def test_from_the_scanned_code_to_the_file(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.go("/D/" + codes.for_id(STEW))
    assert page.get_by_role("heading", level=1).inner_text() == "Cook for ten on £10"
    with page.expect_download() as started:
        page.get_by_role("link", name="Download Żurek.pdf").click()
    assert started.value.suggested_filename == "Żurek.pdf"
    started.value.save_as(tmp_path / "kept.pdf")
    assert (tmp_path / "kept.pdf").read_bytes() == PDF


def test_from_the_typed_code_to_the_calendar(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.go("/d")
    page.get_by_label("Type the code from your slip").fill(codes.show(codes.for_id(SURGERY)).lower())
    page.get_by_role("button", name="Show it").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Social media surgery"
    with page.expect_download() as started:
        page.get_by_role("link", name="in my calendar").click()
    started.value.save_as(tmp_path / "kept.ics")
    assert (tmp_path / "kept.ics").read_bytes().count(b"BEGIN:VEVENT") == 10


def test_looking_round_by_keyboard_and_touch(visit: Visit) -> None:
    page = visit.page
    visit.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_role("link", name="Food").tap()
    assert page.get_by_role("heading", level=1).inner_text() == "Food"
    page.get_by_role("searchbox").fill("lentils")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Cook for ten").tap()
    page.get_by_role("navigation", name="You can read it in").get_by_role("link", name="اردو").tap()
    heading = page.get_by_role("heading", level=1)
    assert heading.inner_text() == "دس لوگوں کا سالن"
    assert heading.evaluate("(element) => getComputedStyle(element).direction") == "rtl"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/d",
        "/theme/food",
        "/kind/event",
        "/search?q=zzzzz",
        "/privacy",
        "/privacy?lang=ar",
        "/privacy?lang=bn",
        "/?lang=ur",
        "/?lang=bn",
        "/theme/food?lang=pl",
        "/shops",
        "/enrol?code=WDJB-MJHT",
        "/stew",
        "/stew?lang=ur",
        "/surgery",
    ],
)
def test_pages_fit_and_can_be_read(visit: Visit, path: str) -> None:
    for name, item_id in (("/stew", STEW), ("/surgery", SURGERY)):
        path = path.replace(name, "/d/" + codes.for_id(item_id))
    visit.page.set_viewport_size({"width": 320, "height": 568})
    visit.go(path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
    assert visit.page.evaluate(SMALL_TARGETS) == []
    assert visit.page.evaluate(CONTRAST) == []
