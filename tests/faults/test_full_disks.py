"""A disk that fills up at every possible moment: it is told, nothing is lost, and when there is room all goes on."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from kiosk import bootstrap
from kiosk.errors import StoreError
from kiosk.store.records import Records
from sync import outbox
from sync.client.carriers import FolderCarrier
from sync.client.down.fetch import Limits, fetch
from sync.client.down.pull import verify_replica
from sync.hub.cli import main
from sync.hub.store import heartbeats
from sync.records import File, Usage
from sync.replica.blobs import Blobs
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_a_stick_between_shops import in_, out, set_up
from tests.support.processes import received
from tests.support.tally import survived

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root to make a small disk"
)


class SmallDisk:
    """A disk of 4 MB; `fill` leaves only so many bytes of it."""

    size_bytes = 4 << 20

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, leave_bytes: int) -> None:
        self.empty()
        free = os.statvfs(self.folder)
        room = free.f_bavail * free.f_frsize - leave_bytes
        self._filler.write_bytes(bytes(max(room, 0)))

    def empty(self) -> None:
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SmallDisk.size_bytes}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    yield SmallDisk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def unit(disk: SmallDisk) -> Iterator[TestKiosk]:
    made = TestKiosk(disk.folder / "kiosk")
    yield made
    made.services.close()


def _publish(hub: TestHub, tmp_path: Path, number: int) -> None:
    (tmp_path / "f.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(300_000))
    hub.take(
        *({"key": f"k{n}", "title": f"Thing {n}, {number}", "body": f"many words {number} " * 120} for n in range(120)),
        {"key": "file", "title": f"File {number}", "files": [{"path": "f.pdf"}]},
        beside=tmp_path,
    )
    hub.publish()


def test_a_backup_that_finds_no_room_says_so_and_leaves_nothing(hub: TestHub, disk: SmallDisk) -> None:
    disk.fill(64_000)
    said = CliRunner().invoke(main, ["backup", "--data", str(hub.folder), str(disk.folder / "backup")])
    assert said.exit_code == 1 and "disk is full" in said.output and len(said.output.splitlines()) == 1, said.output
    assert [path.name for path in disk.folder.iterdir()] == ["filler"]


def test_a_unit_that_finds_no_room_at_all_says_what_to_do(disk: SmallDisk) -> None:
    disk.fill(0)
    with pytest.raises(StoreError, match="its disk is full: make room"):
        Records(disk.folder / "kiosk" / "records.db")


@pytest.mark.parametrize("what", ["base", "delta"])
def test_a_catalogue_that_finds_no_room_is_told_and_comes_later(
    hub: TestHub, disk: SmallDisk, unit: TestKiosk, tmp_path: Path, long: bool, what: str
) -> None:
    """Base, delta and file, with ever more room: each pass ends where the room does, and the last one is through."""
    _publish(hub, tmp_path, 0)
    hub.serve()
    unit.enrol(hub)
    if what == "delta":
        assert unit.sync().heard
        _publish(hub, tmp_path, 1)
    before = sorted(unit.titles()) if what == "delta" else None
    told = 0
    for leave in range(0, 1_500_000, 20_000 if long else 100_000):
        disk.fill(leave)
        unit.restart()
        report = unit.sync()
        if not report.heard:
            assert report.outcome == "disk", report
            told += 1
        if path := unit.services.replicas.current():
            verify_replica(path)
            assert len(unit.titles()) == 121
        else:
            assert before is None, "the shelves were blanked"
    disk.empty()
    unit.restart()
    report = unit.sync()
    assert report.heard and report.files_missing == 0, report
    assert f"File {int(what == 'delta')}" in unit.titles()
    assert told > 3
    survived(f"a full disk, {what}", passes_without_room=told)


def _publish_large(hub: TestHub, tmp_path: Path) -> None:
    """More files than a small disk has room for."""
    for number in range(15):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(300_000))
        hub.take({"key": f"{number}", "title": f"{number}", "files": [{"path": f"{number}.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()


def _write_records(unit: TestKiosk) -> None:
    for number in range(10):
        with unit.services.records.writing() as db:
            outbox.add(db, "usage", Usage(day="2026-11-23", action="search_empty", count=1, term=f"{number}"))


def test_files_leave_room_for_what_the_shop_records(
    hub: TestHub, disk: SmallDisk, unit: TestKiosk, tmp_path: Path
) -> None:
    _publish_large(hub, tmp_path)
    unit.enrol(hub)
    for _ in range(2):
        report = unit.sync()
        assert report.heard and report.files_missing, report
    assert unit.services.blobs.size_bytes() > 1_000_000
    _write_records(unit)


def test_files_of_a_stick_leave_room_for_what_the_shop_records(
    hub: TestHub, disk: SmallDisk, kiosk: TestKiosk, tmp_path: Path
) -> None:
    _publish_large(hub, tmp_path)
    kiosk.enrol(hub)
    stick = tmp_path / "stick"
    stick.mkdir()
    out(kiosk, stick)
    far = set_up(hub, disk.folder / "far")
    for _ in range(2):
        report = in_(far, stick)
        assert report.outcome in ("updated", "current") and report.files_missing, report
    assert far.services.blobs.size_bytes() > 1_000_000
    _write_records(far)
    far.services.close()


def test_what_came_of_a_file_for_which_there_is_no_room_goes(disk: SmallDisk, tmp_path: Path) -> None:
    content = os.urandom(500_000)
    there, here = Blobs(tmp_path / "blobs"), Blobs(disk.folder / "blobs")
    file = File(name="f", sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
    part = there.partial(file.sha256)
    part.write_bytes(content)
    assert there.keep(part, file.sha256)
    disk.fill(200_000)
    with pytest.raises(OSError, match="No space left"):
        fetch([file], FolderCarrier(tmp_path), here, Limits(budget_bytes=1 << 30))
    assert here.size_bytes() == 0


def test_the_hub_hears_of_a_unit_whose_disk_is_full(
    hub: TestHub, disk: SmallDisk, unit: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    def heard_at() -> str:
        with hub.hub.database.reading() as db:
            return next(heartbeats.kiosks(db))["heartbeat"].at

    hub.publish()
    hub.serve()
    unit.enrol(hub)
    assert unit.sync().heard
    with unit.services.records.writing() as db:
        for number in range(300):
            unit.services.usage.add(dt.date(2026, 11, 23), "search_empty", term=f"{number} " * 20, db=db)
    unit.restart()
    before, speaking = heard_at(), bootstrap.agent(unit.services)._speaking
    disk.fill(0)
    for _ in range(3):
        with contextlib.suppress(OSError):  # there is no room for word of it either
            speaking.turn()
    assert heard_at() > before
    assert len([line for line in caplog.messages if "made ready" in line]) == 1
    disk.empty()
    speaking.turn()
    assert len(received(hub.folder)) == 300


def test_a_record_that_finds_no_room_is_refused_not_lost(
    hub: TestHub, disk: SmallDisk, unit: TestKiosk, tmp_path: Path
) -> None:
    """What was confirmed stays; what was not is told to whoever wrote it; both go on when there is room."""
    hub.publish()
    hub.serve()
    unit.enrol(hub)
    confirmed, refused = [], 0
    disk.fill(60_000)
    for number in range(300):
        body = Usage(day="2026-11-23", action="search_empty", count=1, term=f"{number} " * 20)
        try:
            with unit.services.records.writing() as db:
                record_id = outbox.add(db, "usage", body)
            confirmed.append(record_id)
        except OperationalError as error:
            assert "full" in str(error)
            refused += 1
    assert refused > 50 and confirmed
    unit.restart()
    disk.empty()
    unit.restart()
    assert unit.sync().heard
    assert {record["id"] for record in received(hub.folder)} == set(confirmed)
    survived("a full disk, records", records_refused=refused, records_kept=len(confirmed))
