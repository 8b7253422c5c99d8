"""From an editor's change at the hub to what a visitor finds, through the real sync over loopback."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import requests

from sync.hub.store import catalogue
from sync.hub.store.database import Database
from sync.records import Item
from tests.conftest import DEMO, TestHub, TestKiosk

pytestmark = pytest.mark.both_databases


def test_what_the_hub_publishes_is_on_the_shelf(shop: TestKiosk) -> None:
    assert sorted(shop.titles()) == ["Cook for ten on £10", "Mend a bike"]
    assert [card.title for card in shop.services.shelves.search("bik")] == ["Mend a bike"]
    home = shop.services.shelves.home()
    assert [(tile.theme.name, tile.count) for tile in home.themes] == [("Food", 1), ("Getting about", 1)]


def test_nothing_new_is_one_small_request(hub: TestHub, shop: TestKiosk) -> None:
    before = shop.services.replicas.current()
    again = shop.sync()
    assert (again.outcome, again.bytes) == ("current", 0)
    assert shop.services.replicas.current() == before


def test_a_change_comes_as_a_delta_into_the_replica_in_use(hub: TestHub, shop: TestKiosk) -> None:
    before, stamp = shop.services.replicas.current(), shop.services.shelves.stamp()
    hub.take({"key": "bike", "title": "Mend your own bike", "themes": ["transport"]})
    hub.publish()
    assert shop.sync().outcome == "updated"
    assert shop.services.replicas.current() == before
    assert shop.services.shelves.stamp() != stamp
    assert sorted(shop.titles()) == ["Cook for ten on £10", "Mend your own bike"]
    assert shop.services.shelves.search("chains") == []


def test_a_withdrawn_item_leaves_every_shelf_and_index(hub: TestHub, shop: TestKiosk) -> None:
    hub.hub.withdraw(shop.item("Mend a bike").code)
    hub.publish()
    shop.sync()
    assert shop.titles() == ["Cook for ten on £10"]
    for query in ("m", "me", "mend", "tyres"):
        assert shop.services.shelves.search(query) == []


def test_a_kiosk_that_was_away_for_long_gets_a_new_base(hub: TestHub, shop: TestKiosk) -> None:
    for number in range(12):
        hub.take({"key": "bike", "title": f"Mend a bike, part {number}"})
        hub.publish()
    assert shop.sync().outcome == "updated"
    assert "Mend a bike, part 11" in shop.titles()
    assert len(list((hub.folder / "catalogue" / "metadata").glob("*.targets.json"))) == 13


def test_publishing_without_news_publishes_nothing(hub: TestHub, shop: TestKiosk) -> None:
    hub.publish()
    before = (hub.folder / "catalogue" / "metadata" / "timestamp.json").read_bytes()
    assert hub.hub.publish() is None
    assert (hub.folder / "catalogue" / "metadata" / "timestamp.json").read_bytes() == before


def test_files_and_pictures_come_too_and_go_on_where_they_stopped(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256)) * 3000
    (tmp_path / "rota.pdf").write_bytes(content)
    hub.take({"key": "rota", "title": "A rota", "files": [{"path": "rota.pdf", "name": "Rota"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    with hub.hub.database.reading() as db:
        fields = next(fields for _id, _revision, fields in catalogue.live(db, "item"))
    file = msgspec.convert({"id": "x", **fields}, Item).files[0]
    kiosk.services.blobs.partial(file.sha256).write_bytes(content[:100_000])
    report = kiosk.sync()
    assert (report.files, report.files_missing) == (1, 0)
    assert report.bytes < len(content)
    path = kiosk.services.shelves.file_here(file)
    assert path is not None and path.read_bytes() == content


def test_a_file_beyond_the_budget_stays_away_and_the_rest_comes(hub: TestHub, tmp_path: Path) -> None:
    from kiosk import bootstrap
    from kiosk.settings import Settings

    for name, size in (("big.pdf", 200_000), ("small.pdf", 1_000)):
        (tmp_path / name).write_bytes(b"%PDF-1.7\n" + name.encode() * size)
    for name in ("big.pdf", "small.pdf"):
        hub.take({"key": name, "title": name, "files": [{"path": name}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk = TestKiosk(tmp_path / "kiosk")
    kiosk.services.close()
    kiosk.services = bootstrap.services(Settings(data=tmp_path / "kiosk", blob_budget_bytes=100_000))
    kiosk.enrol(hub)
    report = kiosk.sync()
    assert (report.files, report.files_missing) == (1, 1)
    kiosk.services.close()


def test_the_codes_address_opens_the_page_and_its_file(hub: TestHub, kiosk: TestKiosk, tmp_path: Path) -> None:
    (tmp_path / "pot.pdf").write_bytes(b"%PDF-1.7 soup")
    hub.take({"key": "pot", "title": "Soup", "files": [{"path": "pot.pdf", "name": "Soup.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    kiosk.sync()
    item = kiosk.item("Soup")
    address = kiosk.services.take_away.address(item)
    assert address == f"HTTP://127.0.0.1:{hub.port}/D/{item.code}"
    page = _when_there(address)
    assert "Soup" in page.text
    file = requests.get(f"{hub.url}/files/{item.files[0].sha256}/Soup.pdf", timeout=5)
    assert (file.content, file.headers["content-type"]) == (b"%PDF-1.7 soup", "application/pdf")


def test_a_base_url_of_the_hub_is_what_codes_bear(tmp_path: Path) -> None:
    from sync.hub import hub as hubs
    from sync.hub.folder import HubFolder

    hubs.make(HubFolder(tmp_path / "hub"), "https://goodstuff.example.org")
    hub, kiosk = TestHub(tmp_path / "hub"), TestKiosk(tmp_path / "kiosk")
    hub.take({"key": "pot", "title": "Soup"})
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    kiosk.sync()
    assert kiosk.services.take_away.address(kiosk.item("Soup")).startswith("HTTPS://GOODSTUFF.EXAMPLE.ORG/D/")
    assert kiosk.services.take_away.typed_address() == "goodstuff.example.org/d"
    hub.close()
    kiosk.services.close()


def test_the_demo_catalogue_goes_all_the_way(hub: TestHub, kiosk: TestKiosk) -> None:
    report = hub.take_file(DEMO)
    assert report.skipped == [] and report.taken >= 40
    assert hub.take_file(DEMO).unchanged == report.taken
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    synced = kiosk.sync()
    assert (synced.items, synced.files_missing) == (report.taken, 0)
    assert synced.files >= 10
    home = kiosk.services.shelves.home()
    assert len(home.kinds) == 11 and len(home.themes) >= 5
    assert {"cy", "pl", "ur", "bn"} <= set(home.languages)


def test_real_apps_from_the_register_make_the_same_walk(hub: TestHub, kiosk: TestKiosk, field_files: Path) -> None:
    from sync.hub import importing
    from sync.hub.importing import dpg

    source = field_files / "apps" / "dpg-registry"
    report = importing.take_in(dpg.read([source]), hub.hub.database, hub.hub.folder.blobs, who="test")
    assert report.taken == 127
    assert sorted(Path(one.where).name for one in report.skipped) == ["nominee-schema.json", "screening-schema.json"]
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().items == 127
    item = kiosk.item("Kindly")
    assert item.kind == "app" and item.licence and item.maker
    assert "Kindly" in _when_there(kiosk.services.take_away.address(item)).text
    for item_ in kiosk.services.shelves.shelf(limit=200).cards:
        assert "@" not in item_.summary


def test_a_newer_hubs_records_are_kept_but_not_shown(hub: TestHub, shop: TestKiosk) -> None:
    """Unknown kinds, collections and fields travel, count in the digest, and wait for a program that knows them."""
    from sqlalchemy import insert

    from sync.hub.store import schema

    database: Database = hub.hub.database
    later = [
        ("item", "01890000-0000-7000-8000-00000000000a", b'{"kind":"recipe","title":"From the future"}'),
        ("weather", "01890000-0000-7000-8000-00000000000b", b'{"sky":"blue"}'),
        ("item", "01890000-0000-7000-8000-00000000000c", b'{"kind":"guide","title":"With more","mood":["warm"]}'),
    ]
    with database.writing() as db:
        revision = catalogue.last_revision(db)
        for number, (collection, record_id, body) in enumerate(later, start=1):
            values = {"collection": collection, "revision": revision + number}
            db.execute(
                insert(schema.change).values(**values, record_id=record_id, at="", who="", what="added", body=body)
            )
            db.execute(insert(schema.record).values(**values, id=record_id, code=record_id[-8:], gone=False))
    hub.publish()
    assert shop.sync().outcome == "updated"
    assert sorted(shop.titles()) == ["Cook for ten on £10", "Mend a bike", "With more"]
    fresh = TestKiosk(shop.folder.parent / "second")
    fresh.enrol(hub)
    assert fresh.sync().items == 3
    fresh.services.close()


def _when_there(address: str) -> requests.Response:
    """The page, once the hub's own pages have caught up with what was published."""
    from tests.conftest import wait_for

    wait_for(lambda: requests.get(address, timeout=5).status_code == 200)
    return requests.get(address, timeout=5)
