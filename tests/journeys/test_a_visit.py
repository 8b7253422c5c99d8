"""The whole walk: from the hub's shelves to the screen, the code, the slip and a phone; then without the hub."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import zxingcpp
from PIL import Image

from tests.conftest import DEMO, TestHub, TestKiosk, wait_for
from tests.journeys.test_a_slip_is_printed import agent_of
from tests.ui.test_screens import walk

pytestmark = pytest.mark.screen


def test_a_visitor_walks_in_and_leaves_with_a_code_that_works_then_the_hub_stops(
    hub: TestHub, kiosk: TestKiosk, display: str
) -> None:
    hub.hub.set_shop("Mill Lane", hours="Mo-Su 00:00-24:00")
    hub.take_file(DEMO)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    with agent_of(kiosk):
        wait_for(lambda: kiosk.services.shelves.stamp() is not None)
        wait_for(lambda: kiosk.services.shelves.file_here(kiosk.item("Cook for ten on £10").picture) is not None)
        found = walk(display, kiosk.folder, "1080x1920 268", "tour")
        assert found["freshness"].startswith("Updated at")
        assert found["pictures"] and not found["covered"]

        code = _scan(kiosk.folder / "walk")
        slips = sorted((kiosk.folder / "slips").glob("*.png"))
        assert [symbol.text for symbol in zxingcpp.read_barcodes(Image.open(slips[-1]))] == [code]
        page = requests.get(code, timeout=5)
        assert page.status_code == 200 and "Cook for ten on £10" in page.text
        pdf = kiosk.item("Cook for ten on £10").files[0]
        got = requests.get(f"{hub.url}/files/{pdf.sha256}/x.pdf", timeout=5)
        assert got.content.startswith(b"%PDF") and got.headers["content-type"] == "application/pdf"

        hub.stop()
        wait_for(lambda: kiosk.services.unit.sync_status().outcome == "unreachable")
        (kiosk.folder / "walk").rename(kiosk.folder / "first-walk")
        again = walk(display, kiosk.folder, "1080x1920 268", "tour")
        assert again["freshness"].startswith("Showing what we had at")
        assert _scan(kiosk.folder / "walk") == code


def _scan(folder: Path) -> str:
    """What a phone reads off the picture of the screen."""
    (symbol,) = zxingcpp.read_barcodes(Image.open(next(folder.glob("qr*.png"))))
    return str(symbol.text)


def test_the_screen_killed_at_any_moment_starts_again_with_everything(shop: TestKiosk, display: str) -> None:
    dice = random.Random(6)
    jobs = []
    for _life in range(5):
        screen = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", "--data", str(shop.folder), "--window", "540x960"],
            env={**os.environ, "DISPLAY": display},
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + dice.uniform(0.3, 2.5)
        while time.monotonic() < end:
            jobs.append(shop.services.take_away.print_slip([shop.item("Mend a bike")]))
            time.sleep(0.1)
        assert screen.poll() is None, "the screen ended by itself"
        screen.kill()
        screen.wait()
    with shop.services.records.reading() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert db.exec_driver_sql("SELECT count(*) FROM print_job").scalar_one() == len(jobs)
    assert walk(display, shop.folder, "1080x1920 268", "just_look")["reads"] == "Touch to start"
