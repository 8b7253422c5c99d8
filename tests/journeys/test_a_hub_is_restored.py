"""The hub's machine is lost; an older backup takes its place, and kiosks follow it by themselves."""

from __future__ import annotations

import contextlib
import shutil
import tarfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from sqlalchemy import Connection, select, text

from sync import outbox
from sync.client import identity
from sync.hub import backup, lifting, locks
from sync.hub.cli import main
from sync.hub.errors import HubError, NotInitialisedError
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import catalogue, inbox
from sync.hub.store.database import Database
from sync.hub.store.schema import metadata
from sync.messages import Heartbeat
from sync.records import Usage
from tests import servers
from tests.conftest import TestHub, TestKiosk, use_database
from tests.postgresql import PostgreSQL
from tests.support.logging_shop import LoggingShop, new_id

pytestmark = pytest.mark.both_databases


def run(*words: str) -> str:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def restored_in_place(hub: TestHub, file: Path) -> Hub:
    """The hub's folder is lost with all that is in it, and made anew from a backup."""
    hub.close()
    shutil.rmtree(hub.folder)
    if TestHub.new_database:
        use_database(hub.folder, TestHub.new_database())
    run("restore", "--data", str(hub.folder), str(file))
    hub.hub = Hub(HubFolder(hub.folder))
    hub.serve()
    return hub.hub


def test_a_kiosk_that_saw_more_than_the_backup_follows_the_restored_hub(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    file = tmp_path / "hub.backup"
    run("backup", "--data", str(hub.folder), str(file))
    assert file.stat().st_mode & 0o077 == 0
    for number in range(12):
        hub.take({"key": f"lost{number}", "title": f"Lost {number}"}, {"key": "bike", "title": f"Bike {number}"})
        hub.publish()
    assert shop.sync().outcome == "updated" and len(shop.titles()) == 14
    restored_in_place(hub, file)
    assert shop.sync().outcome == "rejected", "nothing is published yet"
    assert len(shop.titles()) == 14
    hub.hub.publish(allow_shrink=True)
    assert shop.sync().outcome == "updated"
    assert sorted(shop.titles()) == ["Cook for ten on £10", "Mend a bike"]
    hub.take({"key": "next", "title": "Life goes on"})
    hub.publish()
    report = shop.sync()
    assert report.outcome == "updated" and report.browsable_s is None, "by a delta again"
    fresh = TestKiosk(tmp_path / "fresh")
    fresh.enrol(hub)
    assert fresh.sync().outcome == "updated" and sorted(fresh.titles()) == sorted(shop.titles())
    fresh.services.close()


def test_a_backup_that_is_restored_twice_gives_no_number_to_two_things(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    """The machine that took the lost one's place was lost as well, after it had published."""
    backup.backup(hub.hub, tmp_path / "b")
    for word in ("first", "second"):
        restored_in_place(hub, tmp_path / "b")
        hub.take({"key": "bike", "title": f"Bike of the {word} life"})
        hub.publish()
        assert shop.sync().outcome == "updated"
        assert f"Bike of the {word} life" in shop.titles()
        time.sleep(1.1)  # as two restores never follow each other within a second


def test_a_revision_that_was_given_twice_is_noticed(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    """Somebody put an old copy of the hub's database in its place, by hand; only its versions rose."""
    backup.backup(hub.hub, tmp_path / "b")
    hub.take({"key": "bike", "title": "Bike of the first life"})
    hub.publish()
    shop.sync()
    hub.close()
    shutil.rmtree(hub.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "lift", lambda *_: 0)
        backup.restore(tmp_path / "b", HubFolder(hub.folder))
    hub.hub = Hub(HubFolder(hub.folder))
    hub.serve()
    hub.take({"key": "pot", "title": "Pot of the second life"})
    hub.publish()
    assert shop.sync().outcome == "updated"
    assert sorted(shop.titles()) == ["Mend a bike", "Pot of the second life"]


def test_what_a_kiosk_reports_lifts_a_restored_hub_whose_margin_was_not_enough(
    hub: TestHub, shop: TestKiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(hub.hub, tmp_path / "b")
    for number in range(12):
        hub.take({"key": "bike", "title": f"Bike {number}"})
        hub.publish()
    shop.sync()
    seen = hub.hub.publisher.published()
    assert seen
    monkeypatch.setattr(lifting, "MARGIN", 2)
    restored = restored_in_place(hub, tmp_path / "b")
    hub.publish()
    assert shop.sync().outcome == "refused"
    versions = {"root": 1, "timestamp": seen.version, "snapshot": seen.version, "targets": seen.version}
    mine = identity.load(shop.folder / "identity.json")
    assert mine
    beat = Heartbeat(at="2026-11-24T10:00:00+00:00", revision=seen.state.revision, versions=versions)
    restored.heartbeat(mine.device_id, beat)
    assert not lifting.lift(restored.database, restored.publisher, seen.state.revision, versions), "once is enough"
    assert shop.sync().outcome == "updated" and "Mend a bike" in shop.titles()
    hub.take({"key": "bike", "title": "Bike anew"})
    hub.publish()
    assert shop.sync().outcome == "updated" and "Bike anew" in shop.titles()
    with restored.database.reading() as db:
        assert catalogue.last_revision(db) > seen.state.revision


def test_no_kiosk_lifts_a_hub_that_was_never_restored_or_lifts_one_out_of_reach(
    hub: TestHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub.take({"key": "a", "title": "A"})
    hub.publish()
    for _ in range(3):
        assert not lifting.lift(hub.hub.database, hub.hub.publisher, 10**9, {"timestamp": 10**9})
    assert len([line for line in caplog.messages if "never published" in line]) == 1
    backup.backup(hub.hub, tmp_path / "b")
    restored = restored_in_place(hub, tmp_path / "b")
    assert not lifting.lift(restored.database, restored.publisher, 1 << 62, {})
    assert not lifting.lift(restored.database, restored.publisher, 0, {"snapshot": 1 << 62})
    hub.publish()
    published = restored.publisher.published()
    assert published and published.version < 2 * lifting.MARGIN


def test_no_kiosk_drives_a_restored_hub_up_step_by_step(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "a", "title": "A"})
    backup.backup(hub.hub, tmp_path / "b")
    restored = restored_in_place(hub, tmp_path / "b")
    hub.publish()
    for _ in range(40):
        with restored.database.reading() as db:
            last = catalogue.last_revision(db)
        lifting.lift(restored.database, restored.publisher, last + 15 * lifting.MARGIN, {})
    assert last < 2 * lifting.MOST


def test_kiosks_that_report_the_same_at_once_lift_a_hub_once(
    hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.take({"key": "a", "title": "A"})
    backup.backup(hub.hub, tmp_path / "b")
    restored = restored_in_place(hub, tmp_path / "b")
    hub.publish()
    before, writing = threading.Barrier(2, timeout=5), restored.database.writing
    kiosks_there = iter(range(2))

    @contextlib.contextmanager
    def together() -> Iterator[Connection]:
        if next(kiosks_there, None) is not None:
            before.wait()
        with writing() as db:
            yield db

    monkeypatch.setattr(restored.database, "writing", together)
    with ThreadPoolExecutor(2) as kiosks:
        rose = [
            kiosks.submit(lifting.lift, restored.database, restored.publisher, 3 * lifting.MARGIN, {}) for _ in range(2)
        ]
        assert sorted(one.result() for one in rose) == [False, True]
    with restored.database.reading() as db:
        assert catalogue.last_revision(db) == 4 * lifting.MARGIN + 1


def test_files_come_back_only_if_asked_for_and_what_is_missing_is_counted(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a file")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    hub.publish()
    run("backup", "--data", str(hub.folder), str(tmp_path / "without"))
    run("backup", "--blobs", "--data", str(hub.folder), str(tmp_path / "with"))
    assert "1 files that items offer are missing" in run(
        "restore", "--data", str(tmp_path / "one"), str(tmp_path / "without")
    )
    assert "missing" not in run("restore", "--data", str(tmp_path / "two"), str(tmp_path / "with"))
    assert [path.read_bytes() for path in (tmp_path / "two").glob("catalogue/blobs/??/*")] == [b"%PDF-1.7 a file"]
    assert not list((tmp_path / "two" / "offline").iterdir()), "root keys are never in a backup"
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "two" / "keys").iterdir())


@pytest.mark.parametrize("damage", ["cut", "other", "there"])
def test_no_hub_is_made_from_what_is_no_whole_backup(hub: TestHub, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "b"
    backup.backup(hub.hub, file)
    folder = HubFolder(tmp_path / "new")
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif damage == "other":
        file.write_bytes(b"something else")
    else:
        folder = hub.hub.folder
    with pytest.raises(HubError):
        backup.restore(file, folder)
    assert damage == "there" or not folder.database.exists()


def test_what_an_interrupted_write_left_behind_spoils_no_backup(hub: TestHub, tmp_path: Path) -> None:
    """A hub that was killed while it wrote a key or took a file in must not find out so when it needs its backup."""
    (hub.folder / "keys" / ".targets.next.pem.1.2.new").write_bytes(b"half a key")
    blob_folder = hub.folder / "catalogue" / "blobs" / "ab"
    blob_folder.mkdir(parents=True)
    (blob_folder / f"{'ab' * 32}.part").write_bytes(b"half a file")
    backup.backup(hub.hub, tmp_path / "b", blobs=True)
    backup.restore(tmp_path / "b", HubFolder(tmp_path / "new"))
    assert {path.name for path in (tmp_path / "new" / "keys").iterdir()} == {
        path.name for path in (hub.folder / "keys").iterdir() if not path.name.startswith(".")
    }
    assert not list((tmp_path / "new" / "catalogue" / "blobs").glob("??/*"))


def test_a_backup_with_files_holds_no_publication_up(
    hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a file")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    add, free = tarfile.TarFile.add, []

    def added(tar: tarfile.TarFile, name: Path, arcname: str) -> None:
        add(tar, name, arcname)
        if "blobs" in arcname:
            with locks.held_if_free(hub.hub.folder, locks.PUBLISHING) as held:
                free.append(held)

    monkeypatch.setattr(tarfile.TarFile, "add", added)
    backup.backup(hub.hub, tmp_path / "b", blobs=True)
    assert free == [True]


@pytest.mark.sqlite
def test_a_restore_that_was_cut_short_leaves_nothing_in_the_next_ones_database(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "a", "title": "A"})
    backup.backup(hub.hub, tmp_path / "b")
    folder = HubFolder(tmp_path / "new")
    folder.make()
    backup._unpack(tmp_path / "b", folder, folder.root / "hub.new")
    database = Database(folder.root / "hub.new")
    with database.writing() as db:  # as far as the other restore got
        catalogue.lift(db, 5 * lifting.MARGIN, "cut short")
    for name in ("hub.new", "hub.new-wal", "hub.new-shm"):
        shutil.copy(folder.root / name, tmp_path / name)
    database.close()
    for name in ("hub.new", "hub.new-wal", "hub.new-shm"):
        shutil.copy(tmp_path / name, folder.root / name)
    backup.restore(tmp_path / "b", folder)
    with contextlib.closing(Hub(folder)) as restored, restored.database.reading() as db:
        assert catalogue.last_revision(db) < 2 * lifting.MARGIN


# -- where the database is on a server


def test_a_hub_whose_database_survived_on_its_server_gets_its_folder_back(
    postgres: PostgreSQL, kiosk: TestKiosk, tmp_path: Path
) -> None:
    """What came after the backup is not lost: only keys and roots come from it, and kiosks follow."""
    url = postgres.at_head()
    use_database(tmp_path / "hub", url)
    hub = TestHub(tmp_path / "hub")
    hub.take({"key": "bike", "title": "Mend a bike"})
    hub.publish()
    run("backup", "--data", str(hub.folder), str(tmp_path / "b"))
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated"
    with kiosk.services.records.writing() as db:
        outbox.add(db, "usage", Usage(day="2026-11-23", action="open", count=1))
    assert kiosk.sync().sent == 1
    hub.close()
    shutil.rmtree(hub.folder)
    use_database(hub.folder, url)
    said = run("restore", "--data", str(hub.folder), str(tmp_path / "b"))
    assert "Its database is still in postgresql:///" in said
    hub.hub = Hub(HubFolder(hub.folder))
    hub.serve()
    with hub.hub.database.reading() as db:
        assert len(list(inbox.everything(db))) == 1
    hub.take({"key": "new", "title": "Life goes on"})
    hub.publish()
    assert kiosk.sync().outcome == "updated"
    assert sorted(kiosk.titles()) == ["Cook for ten", "Life goes on", "Mend a bike"]
    hub.close()
    postgres.drop(url)


def test_a_backup_of_either_database_makes_a_hub_with_the_other(postgres: PostgreSQL, tmp_path: Path) -> None:
    first = TestHub(tmp_path / "first")
    first.take({"key": "bike", "title": "Mend a bike"})
    logging = LoggingShop(first.hub)
    logging.send(logging.visit(new_id()), logging.record("usage", {"count": 1}), logging.record("attendance", {}))
    first.publish()
    backup.backup(first.hub, tmp_path / "b0")
    before = contents(first.hub.database.url)
    first.close()
    for number, kind in enumerate(("postgresql", "postgresql", "sqlite", "sqlite")):
        folder = tmp_path / f"hub{number}"
        if kind == "postgresql":
            use_database(folder, postgres.empty())
        backup.restore(tmp_path / f"b{number}", HubFolder(folder))
        with contextlib.closing(Hub(HubFolder(folder))) as hub:
            assert hub.database.is_server == (kind == "postgresql")
            assert contents(hub.database.url) == before
            backup.backup(hub, tmp_path / f"b{number + 1}")
            assert hub.publish()
        assert not list(folder.glob("hub.new*"))
        with pytest.raises(HubError, match=r"there is a hub in .* already"):
            backup.restore(tmp_path / "b0", HubFolder(folder))


def test_a_restore_to_a_server_that_failed_can_be_done_again(postgres: PostgreSQL, tmp_path: Path) -> None:
    hub = TestHub(tmp_path / "hub")
    hub.take({"key": "a", "title": "A"})
    backup.backup(hub.hub, tmp_path / "b")
    hub.close()
    url = postgres.empty()
    use_database(tmp_path / "new", url)
    folder = HubFolder(tmp_path / "new")
    (tmp_path / "cut").write_bytes((tmp_path / "b").read_bytes()[:-100])
    with pytest.raises(HubError, match="is not a backup"):
        backup.restore(tmp_path / "cut", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifting, "rise", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backup.restore(tmp_path / "b", folder)
    with pytest.raises(NotInitialisedError):
        Hub(folder)
    backup.restore(tmp_path / "b", folder)
    with contextlib.closing(Hub(folder)) as restored:
        assert restored.publish()


def test_a_newer_versions_database_is_left_alone_and_it_is_said_what_to_do(
    postgres: PostgreSQL, tmp_path: Path
) -> None:
    url = postgres.at_head()
    use_database(tmp_path / "hub", url)
    hub = TestHub(tmp_path / "hub")
    hub.take({"key": "a", "title": "A"})
    backup.backup(hub.hub, tmp_path / "b")
    with hub.hub.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = contents(url)
    hub.close()
    use_database(tmp_path / "new", url)
    with pytest.raises(HubError, match=r"schema 9999.* into a new, empty database"):
        backup.restore(tmp_path / "b", HubFolder(tmp_path / "new"))
    assert contents(url) == before
    use_database(tmp_path / "new", postgres.empty())
    backup.restore(tmp_path / "b", HubFolder(tmp_path / "new"))
    with contextlib.closing(Hub(HubFolder(tmp_path / "new"))) as restored:
        assert restored.publish()


def test_another_hubs_database_is_not_taken_for_the_lost_ones(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.at_head()
    use_database(tmp_path / "other", url)
    other = TestHub(tmp_path / "other")
    before = contents(url)
    other.close()
    hub = TestHub(tmp_path / "hub")
    backup.backup(hub.hub, tmp_path / "b")
    hub.close()
    use_database(tmp_path / "new", url)
    with pytest.raises(HubError, match="is not the one whose keys are in"):
        backup.restore(tmp_path / "b", HubFolder(tmp_path / "new"))
    assert contents(url) == before


def test_a_backup_of_a_hub_in_use_is_of_one_moment(postgres: PostgreSQL, tmp_path: Path) -> None:
    use_database(tmp_path / "hub", postgres.at_head())
    hub = TestHub(tmp_path / "hub")
    logging, ended = LoggingShop(hub.hub), threading.Event()

    def log() -> None:
        while not ended.is_set():
            logging.send(*(logging.visit(new_id()) for _ in range(5)))

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(log)
        try:
            for number in range(5):
                backup.backup(hub.hub, tmp_path / f"b{number}")
        finally:
            ended.set()
        busy.result()
    hub.close()
    seen = []
    for number in range(5):
        backup.restore(tmp_path / f"b{number}", HubFolder(tmp_path / f"from{number}"))
        kept = contents(f"sqlite:///{tmp_path}/from{number}/hub.db")
        assert {row["id"] for row in kept["received"]} == {row["id"] for row in kept["attendance"]}
        assert len(kept["received"]) % 5 == 0
        seen.append(len(kept["received"]))
    assert seen == sorted(seen) and seen[-1] > seen[0]


def test_files_in_a_bucket_go_into_a_backup_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.s3(monkeypatch) as url:
        requests.put(f"{url}/shelves", timeout=10).raise_for_status()
        for name in ("hub", "new"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "hub.toml").write_text(f'blob_url = "s3://shelves/{name}"\n')
        hub = TestHub(tmp_path / "hub")
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a file")
        hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
        backup.backup(hub.hub, tmp_path / "b", blobs=True)
        there = hub.hub.folder.blobs.sizes()
        hub.close()
        restored = backup.restore(tmp_path / "b", HubFolder(tmp_path / "new"))
        assert restored.blobs_missing == 0 and HubFolder(tmp_path / "new").blobs.sizes() == there
        assert len(there) == 1 and not list((tmp_path / "new" / "catalogue" / "blobs").glob("??/*"))
        backup.restore(tmp_path / "b", HubFolder(tmp_path / "plain"))
        assert HubFolder(tmp_path / "plain").blobs.sizes() == there


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but for what a restore changes: how far the hub has got, and whose it is."""
    with contextlib.closing(Database(url)) as database, database.reading() as db:
        found = {
            table.name: [dict(row) for row in db.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in metadata.sorted_tables
        }
    changing = ("published", "least_version", "reach", "hub", "scrubbed")
    found["setting"] = [row for row in found["setting"] if row["key"] not in changing]
    found["change"] = [row for row in found["change"] if row["what"] != catalogue.RESTORED]
    found["record"] = [{name: row[name] for name in row if name != "revision"} for row in found["record"]]
    return found
