"""From the shelf to the phone: the symbol of everything on the demo shelves is read, opened and downloaded."""

from __future__ import annotations

import hashlib
import html
import re

import msgspec
import pytest
import requests
import zxingcpp

from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import ROLL_80
from sync.records import Item
from tests.conftest import DEMO, TestHub, TestKiosk, wait_for


@pytest.fixture
def demo(hub: TestHub, kiosk: TestKiosk) -> TestKiosk:
    assert hub.take_file(DEMO).skipped == []
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    kiosk.sync()
    return kiosk


def test_every_symbol_opens_a_page_from_which_every_file_comes_whole(demo: TestKiosk) -> None:
    made = {line["title"]: line.get("files", []) for line in map(msgspec.json.decode, DEMO.read_bytes().splitlines())}
    downloads = 0
    with requests.Session() as phone:
        for title, files in made.items():
            address = _read_off_the_slip(demo, demo.item(title))
            wait_for(lambda address=address: phone.get(address, timeout=5).ok)
            page = phone.get(address, timeout=5).text
            assert html.escape(title, quote=False) in page
            offered = [html.unescape(link) for link in re.findall(r'class="take" href="([^"]+)" download', page)]
            assert len(offered) == len(files), title
            for file, link in zip(files, offered, strict=True):
                got = phone.get(requests.compat.urljoin(address, link), timeout=5)
                assert got.headers["content-type"].partition(";")[0] == file["media_type"]
                assert _digest(got.content) == _digest((DEMO.parent / file["path"]).read_bytes())
                downloads += 1
    assert downloads >= 60


def _read_off_the_slip(shop: TestKiosk, item: Item) -> str:
    """What a phone reads from the printed symbol."""
    slip = shop.services.take_away.slip([item])
    found = [symbol.text for sheet in draw(slip, ROLL_80) for symbol in zxingcpp.read_barcodes(sheet)]
    assert found == [shop.services.take_away.address(item)]
    return str(found[0])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_is_translated_is_found_in_its_own_words(demo: TestKiosk) -> None:
    asked = 0
    for line in map(msgspec.json.decode, DEMO.read_bytes().splitlines()):
        for title in [line["title"], *(words["title"] for words in line.get("translations", {}).values())]:
            found = [card.title for card in demo.services.shelves.search(title)[:3]]
            assert line["title"] in found, title
            asked += 1
    assert asked > 300
