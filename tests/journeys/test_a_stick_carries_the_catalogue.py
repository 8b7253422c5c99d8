"""The catalogue on a stick: copied whole, verified, only what is missing, whatever becomes of the stick meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.client.carriers import FolderCarrier, HttpCarrier
from sync.client.down.pull import Puller
from sync.client.sticks.mirror import Mirror, Mirrored
from sync.errors import NotTrustedError, StorageError
from sync.hub.publishing import roots
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder
from tests.conftest import TestHub


@pytest.fixture
def stocked(hub: TestHub, tmp_path: Path) -> TestHub:
    """A served hub with a picture-less poor item and two with files, the better one second."""
    for name, size in (("poor.pdf", 300_000), ("good.pdf", 400_000)):
        (tmp_path / name).write_bytes(b"%PDF-1.7\n" + name.encode() * (size // len(name)))
    hub.take(
        {"key": "poor", "title": "Poor", "files": [{"path": "poor.pdf"}]},
        {"key": "good", "title": "Good", "licence": "CC0-1.0", "files": [{"path": "good.pdf"}]},
        {"key": "none", "title": "No file"},
        beside=tmp_path,
    )
    hub.publish()
    hub.serve()
    return hub


class Trip:
    """Fills a folder from a hub, and reads it as a kiosk would."""

    __test__ = False

    def __init__(self, hub: TestHub, folder: Path, to: Path) -> None:
        self.hub, self.folder, self.to = hub, folder, to
        self.blobs = Blobs(folder / "blobs")

    def fill(self, *, check: bool = False) -> Mirrored:
        source = HttpCarrier(f"{self.hub.url}/v1/catalogue")
        return Mirror([source], self.folder / "metadata", self.root, self.blobs).bring(self.to, check=check)

    @property
    def root(self) -> bytes:
        return roots.root_of(self.hub.hub.folder.metadata)

    def titles(self) -> list[str]:
        """What a new kiosk finds on it."""
        fresh = self.folder / "reader"
        shutil.rmtree(fresh, ignore_errors=True)
        replicas = ReplicaFolder(fresh / "catalogue")
        Puller(FolderCarrier(self.to), replicas, fresh / "sync", self.root).pull()
        current = CurrentReplica(replicas)
        try:
            return sorted(card.title for card in current.reading().shelf(limit=500).cards)
        finally:
            current.close()

    def written(self) -> dict[Path, int]:
        """When each file was written."""
        timestamp = self.to / "metadata" / "timestamp.json"
        return {path: path.stat().st_mtime_ns for path in self.to.rglob("*") if path != timestamp}

    def files(self) -> list[int]:
        return sorted(path.stat().st_size for path in self.to.glob("blobs/??/*"))


@pytest.fixture
def trip(stocked: TestHub, tmp_path: Path) -> Trip:
    return Trip(stocked, tmp_path / "carrier", tmp_path / "stick")


def test_a_copy_has_all_and_only_what_a_kiosk_needs(trip: Trip) -> None:
    filled = trip.fill()
    assert (filled.outcome, filled.files, filled.files_left, filled.files_missing) == ("updated", 2, 0, 0)
    assert trip.titles() == ["Good", "No file", "Poor"]
    assert len(trip.files()) == 2


def test_a_second_time_brings_nothing_and_writes_nothing(trip: Trip) -> None:
    trip.fill()
    before = trip.written()
    again = trip.fill()
    assert (again.outcome, again.packs, again.files) == ("current", 0, 0)
    assert trip.written() == before


def test_the_timestamps_own_time_says_when_the_hubs_word_was_had(trip: Trip) -> None:
    """And it is never that of another second's file, as a web server makes its ETag of that."""
    trip.fill()
    timestamp = trip.to / "metadata" / "timestamp.json"
    os.utime(timestamp, (1_760_000_000, 1_760_000_000))
    began = time.time()
    trip.fill()
    first = timestamp.stat().st_mtime
    assert first >= began - 1
    trip.hub.take({"key": "new", "title": "New"})
    trip.hub.publish()
    trip.fill()
    assert int(timestamp.stat().st_mtime) > int(first)


def test_only_the_delta_and_the_new_file_come_and_what_is_withdrawn_goes(trip: Trip, tmp_path: Path) -> None:
    trip.fill()
    (tmp_path / "new.pdf").write_bytes(b"%PDF-1.7 new")
    trip.hub.take({"key": "new", "title": "New", "files": [{"path": "new.pdf"}]}, beside=tmp_path)
    trip.hub.take({"key": "poor", "title": "Poor, without its file"})
    trip.hub.publish()
    filled = trip.fill()
    assert (filled.outcome, filled.files) == ("updated", 1)
    assert trip.titles() == ["Good", "New", "No file", "Poor, without its file"]
    assert len(trip.files()) == 2 and trip.files()[0] == 12


def test_files_that_are_on_this_machine_are_not_fetched(trip: Trip) -> None:
    for blob in trip.hub.hub.folder.blobs.folder.glob("??/*"):
        place = trip.blobs.path(blob.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        blob.rename(place)
    assert trip.fill().files == 2


def test_a_damaged_pack_on_the_stick_is_brought_again(trip: Trip) -> None:
    trip.fill()
    pack = next((trip.to / "packs").iterdir())
    pack.write_bytes(pack.read_bytes()[:-1] + b"x")
    assert trip.fill().packs == 1
    assert trip.titles() == ["Good", "No file", "Poor"]


def test_a_damaged_file_on_the_stick_is_found_when_asked_to_look(trip: Trip) -> None:
    trip.fill()
    blob = next(trip.to.glob("blobs/??/*"))
    blob.write_bytes(b"x" * blob.stat().st_size)
    assert trip.fill().files == 0
    assert trip.fill(check=True).files == 1


def test_what_another_hub_signed_is_not_copied(trip: Trip, tmp_path: Path) -> None:
    trip.fill()
    other = TestHub(tmp_path / "other")
    other.take({"key": "evil", "title": "Send us your money"})
    other.publish()
    evil = FolderCarrier(other.folder / "catalogue")
    with pytest.raises(NotTrustedError):
        Mirror([evil], tmp_path / "trust", trip.root, trip.blobs).bring(trip.to)
    other.close()
    assert trip.titles() == ["Good", "No file", "Poor"]


def test_a_mirror_that_lags_does_not_take_a_stick_back(trip: Trip, tmp_path: Path) -> None:
    shutil.copytree(trip.hub.folder / "catalogue", tmp_path / "yesterday")
    trip.hub.take({"key": "new", "title": "New"})
    trip.hub.publish()
    trip.fill()
    lagging = Mirror([FolderCarrier(tmp_path / "yesterday")], tmp_path / "other-unit", trip.root, trip.blobs)
    assert lagging.bring(trip.to).outcome == "newer"
    assert "New" in trip.titles()


def test_a_stick_that_only_claims_to_be_newer_is_written_over(trip: Trip) -> None:
    trip.fill()
    timestamp = trip.to / "metadata" / "timestamp.json"
    said = json.loads(timestamp.read_bytes())
    said["signed"]["version"] = 9
    timestamp.write_text(json.dumps(said))
    assert trip.fill().outcome == "updated"
    assert trip.titles() == ["Good", "No file", "Poor"]


def test_an_old_root_reaches_a_kiosk_that_was_made_before_it_was_changed(trip: Trip) -> None:
    trip.fill()
    assert (trip.to / "metadata" / "1.root.json").read_bytes() == trip.root


@contextlib.contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[Path]:
    """A file system of that size."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)]).returncode:
        pytest.skip("needs to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_on_a_small_stick_the_best_items_files_come_first(
    trip: Trip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.client.sticks.mirror.RESERVE_BYTES", 50_000)
    with small_disk(tmp_path / "small", 600_000) as disk:
        trip.to = disk / "catalogue"
        filled = trip.fill()
        assert (filled.files, filled.files_left) == (1, 1)
        assert 399_000 < trip.files()[0] < 400_100
        assert trip.titles() == ["Good", "No file", "Poor"]
        assert trip.fill().outcome == "current"


def test_a_full_stick_says_so_and_what_is_on_it_stays_usable(trip: Trip, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 200_000) as disk:
        trip.to = disk / "catalogue"
        trip.fill()
        (disk / "holiday.jpg").write_bytes(b"x" * (shutil.disk_usage(disk).free - 4096))
        trip.hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": str(n) * 300} for n in range(400)))
        trip.hub.publish()
        with pytest.raises(StorageError, match="full"):
            trip.fill()
        assert trip.titles() == ["Good", "No file", "Poor"]
        (disk / "holiday.jpg").unlink()
        assert trip.fill().outcome == "updated"
        assert len(trip.titles()) == 403


def test_files_make_way_for_the_catalogue(trip: Trip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.client.sticks.mirror.RESERVE_BYTES", 0)
    with small_disk(tmp_path / "small", 760_000) as disk:
        trip.to = disk / "catalogue"
        assert trip.fill().files == 2
        trip.hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": _words(n)} for n in range(400)))
        trip.hub.publish()
        filled = trip.fill()
        assert (filled.outcome, filled.files_left) == ("updated", 1)
        assert len(trip.titles()) == 403


def _words(seed: int) -> str:
    import random

    return random.Random(seed).randbytes(150).hex()
