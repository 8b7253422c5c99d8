"""What a shop does not stock is left out wherever something is read, against the plain rule; a change is followed."""

from __future__ import annotations

import hashlib
import sqlite3
from itertools import product
from pathlib import Path

import pytest

from kiosk import bootstrap
from kiosk.settings import Settings
from sync.errors import RecordError
from sync.hub import settings
from sync.records import Item
from sync.replica.filters import Filters
from sync.replica.read import Replica
from sync.replica.stock import ALL, Stock
from sync.settings import DEVICE
from tests.conftest import TestHub, TestKiosk
from tests.support.catalogue import SHOP, TODAY, build
from tests.unit.sync.test_filters import made_up

STOCKS = [
    Stock.of(themes, kinds, languages)
    for themes, kinds, languages in product(
        ("", "food", "food transport"), ("", "guide", "service news"), ("", "en", "pl", "en cy")
    )
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stock") / "replica-1.db"
    items = made_up(400)
    for number, item in enumerate(items):
        if not number % 7:
            item["files"] = [{"name": "a", "sha256": hashlib.sha256(item["title"].encode()).hexdigest()}]
        if not number % 11:
            item |= {"starts": "2026-12-01T10:00:00", "attendance": not number % 2}
    build(path, items, SHOP, [{"key": key, "name": key} for key in ("food", "shelter", "transport")]).close()
    return path


def stocked(path: Path, stock: Stock) -> dict[str, Item]:
    """The rule, item by item."""
    whole, raw = Replica(path), sqlite3.connect(path)
    every = [whole.item(code=code) for (code,) in raw.execute("SELECT code FROM item ORDER BY n")]
    raw.close()
    whole.close()
    return {
        item.id: item
        for item in every
        if item
        and (not item.expires_on or item.expires_on >= TODAY.isoformat())
        and ("Mill Lane" in item.shops if item.shops else _fits(item, stock))
    }


def _fits(item: Item, stock: Stock) -> bool:
    return (
        (not stock.themes or bool({*stock.themes} & {*item.themes}))
        and (not stock.kinds or item.kind in stock.kinds)
        and (not stock.languages or bool({*stock.languages} & {*item.languages}))
    )


@pytest.mark.parametrize("stock", STOCKS, ids=str)
def test_everything_that_is_read_keeps_to_the_stock(path: Path, stock: Stock) -> None:
    left = stocked(path, stock)
    assert left and (stock == ALL or len(left) < len(stocked(path, ALL)))
    with_stock = Replica(path, shop="Mill Lane", stock=stock, today=lambda: TODAY)
    page = with_stock.shelf(limit=500)
    assert [card.id for card in page.cards] == list(left) and page.total == with_stock.count() == len(left)
    for theme in ("food", "shelter"):
        assert with_stock.count(f"theme:{theme}") == sum(theme in item.themes for item in left.values())
    assert sum(with_stock.kinds().values()) == len(left)
    assert with_stock.languages().get("pl", 0) == sum("pl" in item.languages for item in left.values())
    for typed in ("b", "bi", "bike", "bike ", "soup bik", "gadren", "lunch choir", "my so"):
        found = {card.id for card in with_stock.search(typed, limit=500)}
        assert found <= set(left), typed
    bikes = {one for one, item in left.items() if "bike" in item.title.lower() or "Bike" in str(item.translations)}
    assert {card.id for card in with_stock.search("bike ", limit=500)} >= bikes
    kept = Filters(kind="guide", free=True)
    assert {card.id for card in with_stock.shelf(filters=kept, limit=500).cards} <= set(left)
    for item in list(left.values())[:5]:
        assert {card.id for card in with_stock.similar(item)} <= set(left) - {item.id}
        assert with_stock.search(item.code)[0].id == item.id
    words = {word for item in left.values() for word in f"{item.title} {item.translations}".lower().split()}
    assert {word for word in with_stock.completions("bi") if word != "bike"} <= words
    assert {one.item for one in with_stock.wanted()} == {one for one, item in left.items() if item.files}
    assert {item.id for item in with_stock.events()} == {one for one, item in left.items() if item.starts}
    assert {item.id for item in with_stock.events(stocked=False)} == {
        one for one, item in stocked(path, ALL).items() if item.starts
    }
    with_stock.close()


def test_completions_and_ways_on_lead_only_to_what_is_stocked(tmp_path: Path) -> None:
    items = [{"title": "Bicycle pump", "themes": ["transport"]}, {"title": "Biscuits", "themes": ["food"]}]
    themes = [{"key": key, "name": key.title()} for key in ("food", "transport")]
    build(tmp_path / "replica-1.db", items, SHOP, themes).close()
    food = Replica(tmp_path / "replica-1.db", shop="Mill Lane", stock=Stock(themes=("food",)), today=lambda: TODAY)
    assert food.completions("bi") == ["biscuits"]
    assert food.search("bicycle") == [] and food.search("Bycicle") == []
    assert food.nearest_theme("transport") == food.nearest_theme("pump") == ""
    assert food.choices().themes == {} and food.choices().total == 1
    food.close()


def test_a_kiosk_follows_what_its_shop_stocks_at_the_next_pass(hub: TestHub, shop: TestKiosk) -> None:
    files = {"pot.txt": b"soup", "bike.txt": b"oil"}
    for name, content in files.items():
        (hub.folder / name).write_bytes(content)
    hub.take(
        {"key": "pot", "title": "Cook for ten on £10", "themes": ["food"], "files": [{"path": "pot.txt"}]},
        {"key": "bike", "title": "Mend a bike", "themes": ["transport"], "files": [{"path": "bike.txt"}]},
        {"key": "here", "title": "The lift is broken", "themes": ["transport"], "shops": ["Mill Lane"]},
    )
    hub.publish()
    put(hub, stock_themes="food", stock_kinds="", stock_languages="en cy")
    shop.restart()
    assert shop.sync().outcome == "updated"  # it hears of the stock beside fetching
    hears(shop)
    assert sorted(shop.titles()) == ["Cook for ten on £10", "The lift is broken"]
    assert shop.services.shelves.search("mend a bike") == []
    assert [tile.theme.key for tile in shop.services.shelves.home().themes] == ["food", "transport"]
    assert shop.services.shelves.home().total == 2
    report = shop.sync()
    assert report.items == 2 and report.files_missing == 0

    put(hub, stock_themes="transport")
    hears(shop)
    assert sorted(shop.titles()) == ["Mend a bike", "The lift is broken"]
    report = shop.sync()
    assert report.files_missing == 0
    assert shop.services.shelves.files_here(shop.item("Mend a bike")) == 1
    put(hub, stock_themes="", stock_languages="")
    hears(shop)
    assert len(shop.titles()) == 3


def test_only_what_is_stocked_is_fetched(hub: TestHub, kiosk: TestKiosk) -> None:
    for name in ("pot", "bike"):
        (hub.folder / f"{name}.txt").write_bytes(name.encode())
    hub.take(
        {"key": "pot", "title": "Cook for ten", "themes": ["food"], "files": [{"path": "pot.txt"}]},
        {"key": "bike", "title": "Mend a bike", "themes": ["transport"], "files": [{"path": "bike.txt"}]},
    )
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    put(hub, stock_themes="food")
    hears(kiosk)
    report = kiosk.sync()
    assert (report.files, report.files_missing) == (1, 0)
    assert kiosk.services.blobs.find(hashlib.sha256(b"bike").hexdigest()) is None
    put(hub, stock_themes="")
    hears(kiosk)
    kiosk.sync()
    assert kiosk.services.blobs.find(hashlib.sha256(b"bike").hexdigest()) is not None


def test_what_a_unit_sets_itself_goes_before_the_hub(hub: TestHub, shop: TestKiosk) -> None:
    (shop.folder / "settings.toml").write_text('stock_themes = "food"\n')
    shop.services.close()
    shop.services = bootstrap.services(Settings.load(shop.folder))
    put(hub, stock_themes="transport")
    hears(shop)
    assert shop.titles() == ["Cook for ten on £10"]


@pytest.mark.parametrize("text", ["fo/od", "food;drop", "x" * 65, "-a", "ü", " ".join(f"a{n}" for n in range(101))])
def test_what_is_no_list_of_keys_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match=r"stock_themes is .* it must be at most 100 keys"):
        DEVICE["stock_themes"].read(text)
    assert DEVICE["stock_themes"].read(" food, shelter food ") == "food shelter"
    assert DEVICE["stock_themes"].read("") == ""


def put(hub: TestHub, **values: str) -> None:
    """Set them for the shop in Mill Lane."""
    shop_id = hub.hub.set_shop("Mill Lane").id
    with hub.hub.database.writing() as db:
        for name, value in values.items():
            settings.put(db, name, value, shop_id)


def hears(kiosk: TestKiosk) -> None:
    """A heartbeat now, as every five minutes."""
    speaking = bootstrap.upstream(kiosk.services)
    assert speaking.run(beat=True).beat
    speaking.close()
