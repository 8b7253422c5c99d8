"""A unit that never has a connection lives by a stick: its catalogue comes, its records go, each is at the hub once."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import select

from kiosk import bootstrap
from sync import outbox, seal
from sync.client import enrol, identity
from sync.client.clock import BUILT
from sync.client.sticks import carry
from sync.client.sticks.carry import In, Out
from sync.errors import StorageError
from sync.hub.store import inbox
from sync.messages import REPLY_FORMAT, Answer, Answers, Reply
from sync.records import Usage
from sync.replica.folder import write_in_one_step
from sync.stick import Stick
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_a_stick_carries_the_catalogue import small_disk

BOTH = ["Cook for ten on £10", "Mend a bike"]


@pytest.fixture
def near(hub: TestHub, kiosk: TestKiosk, tmp_path: Path) -> TestKiosk:
    """A kiosk with a connection to a hub that has two items and a file."""
    (tmp_path / "pot.pdf").write_bytes(b"%PDF-1.7 " + b"soup " * 1000)
    hub.take({"key": "pot", "title": BOTH[0], "files": [{"path": "pot.pdf"}]}, beside=tmp_path)
    hub.take({"key": "bike", "title": BOTH[1]})
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated"
    return kiosk


@pytest.fixture
def far(hub: TestHub, near: TestKiosk, tmp_path: Path) -> Iterator[TestKiosk]:
    """A kiosk that was set up by a file and never had a connection."""
    made = set_up(hub, tmp_path / "far")
    yield made
    made.services.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Where a new stick is plugged in."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def set_up(hub: TestHub, folder: Path, shop: str = "Far End") -> TestKiosk:
    made = TestKiosk(folder)
    provision = folder / "provision.json"
    write_in_one_step(provision, msgspec.json.encode(hub.hub.provision(shop)), mode=0o600)
    enrol.enrol_offline(provision, "", folder / "identity.json")
    assert not provision.exists()
    return made


def out(kiosk: TestKiosk, stick: Path) -> Out:
    """The stick's visit to a kiosk with a connection."""
    copy, client = bootstrap.mirror(kiosk.services), bootstrap.hub_client(kiosk.services)
    assert copy and client
    return carry.out(Stick(stick, make=True), copy, lambda letter: client.post_bytes("/v1/bundles", letter))


def in_(kiosk: TestKiosk, stick: Path) -> In:
    """The stick's visit to a kiosk without."""
    visit = bootstrap.visit(kiosk.services)
    assert visit
    return visit.make(Stick(stick))


def record(kiosk: TestKiosk, number: int = 1, term: str = "") -> list[str]:
    """Record something; returns the records' ids."""
    with kiosk.services.records.writing() as db:
        usage = Usage(day="2026-11-20", action="search_empty", count=1, term=term)
        return [outbox.add(db, "usage", usage) for _ in range(number)]


def waiting(kiosk: TestKiosk) -> int:
    with kiosk.services.records.reading() as db:
        return outbox.count_waiting(db)


def at_hub(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return [row["id"] for row in inbox.everything(db)]


def bundles_on(stick: Path) -> list[Path]:
    return sorted((stick / "touchpoint" / "up").glob("*/*.sealed"))


# -- as it should go


def test_the_whole_round(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    filled = out(near, stick)
    assert (filled.outcome, filled.bundles, filled.files, filled.trouble) == ("updated", 0, 1, [])
    ids = record(far, 7)
    first = in_(far, stick)
    assert (first.outcome, first.items, first.files, first.records, first.trouble) == ("updated", 2, 1, 7, [])
    assert sorted(far.titles()) == BOTH
    assert far.services.shelves.file_here(far.item(BOTH[0]).files[0])
    assert waiting(far) == 7 and not first.enrolled
    home = out(near, stick)
    assert (home.bundles, home.refused, home.trouble) == (1, 0, [])
    assert sorted(at_hub(hub)) == sorted(ids)
    assert waiting(far) == 7
    second = in_(far, stick)
    assert (second.replies, second.acknowledged, second.enrolled, second.outcome) == (1, 7, True, "current")
    assert waiting(far) == 0
    mine = identity.load(far.folder / "identity.json")
    assert mine and mine.pending is None and mine.token and mine.shop_name == "Far End"
    assert out(near, stick).trouble == [] and in_(far, stick).replies == 1
    assert sorted(at_hub(hub)) == sorted(ids)


def test_both_commands_say_in_plain_words_what_was_carried(near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    record(far, 1)
    said = [_said("out", stick, near), _said("in", stick, far), _said("out", stick, near), _said("in", stick, far)]
    assert "There was no bundle of records on the stick." in said[0]
    assert "The catalogue on the stick was brought up to date: revision " in said[0]
    assert "Put 1 record on the stick; it waits here too until the hub's reply comes." in said[1]
    assert "Took the catalogue from the stick." in said[1]
    assert "1 picture or file came." in said[1]
    assert "Handed 1 bundle of records to the hub; the reply is on the stick." in said[2]
    assert "This kiosk is enrolled now." in said[3]
    assert "Took 1 reply: the hub has 1 record from here." in said[3]
    fresh, words = far.services.unit.freshness()
    assert fresh and words.startswith("Updated")


def _said(way: str, stick: Path, kiosk: TestKiosk) -> str:
    command = [sys.executable, "-m", "kiosk", "carry", way, str(stick), "--data", str(kiosk.folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_a_stick_brought_is_as_old_as_the_stick(near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    timestamp = stick / "touchpoint" / "catalogue" / "metadata" / "timestamp.json"
    os.utime(timestamp, (1_760_000_000, 1_760_000_000))
    _said("in", stick, far)
    assert far.services.unit.freshness() == (False, "Showing what we had on 9 October 2025")


def test_more_than_one_bundle_of_records(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    ids = record(far, 1203)
    assert in_(far, stick).bundles == 3
    assert out(near, stick).bundles == 3
    done = in_(far, stick)
    assert (done.replies, done.acknowledged, done.waiting, done.trouble) == (3, 1203, 0, [])
    assert sorted(at_hub(hub)) == sorted(ids)


def test_the_token_of_the_last_of_several_replies_works(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    """Each bundle of a unit that is being enrolled is answered with a token, and the last of them counts."""
    out(near, stick)
    record(far, 1203)
    in_(far, stick)
    out(near, stick)
    in_(far, stick)
    mine = identity.load(far.folder / "identity.json")
    assert mine and hub.hub.kiosks.by_token(mine.token).id == mine.device_id


def test_two_units_on_one_stick(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path, tmp_path: Path) -> None:
    further = set_up(hub, tmp_path / "further", "Further End")
    out(near, stick)
    ids = record(far, 3)
    in_(far, stick)
    ids += record(further, 2)
    in_(further, stick)
    assert out(near, stick).bundles == 2
    assert in_(further, stick).acknowledged == 2 and waiting(far) == 3
    assert in_(far, stick).acknowledged == 3
    assert sorted(at_hub(hub)) == sorted(ids)
    further.services.close()


def test_the_hubs_own_command_is_a_trip_out(hub: TestHub, far: TestKiosk, stick: Path) -> None:
    command = [sys.executable, "-m", "sync.hub", "carry", str(stick), "--data", str(hub.folder), "--json"]
    first = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (first["outcome"], first["files"], first["bundles"]) == ("updated", 1, 0)
    ids = record(far, 2)
    assert in_(far, stick).outcome == "updated"
    assert json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["bundles"] == 1
    assert in_(far, stick).acknowledged == 2
    assert sorted(at_hub(hub)) == sorted(ids)


# -- as it may go


def test_a_stick_that_is_lost_costs_a_trip_and_no_record(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    ids = record(far, 2)
    in_(far, stick)
    shutil.rmtree(stick / "touchpoint")
    out(near, stick)
    ids += record(far, 1)
    in_(far, stick)
    out(near, stick)
    assert in_(far, stick).acknowledged == 3 and waiting(far) == 0
    assert sorted(at_hub(hub)) == sorted(ids)


def test_a_reply_that_is_lost_is_given_again(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    ids = record(far, 2)
    in_(far, stick)
    out(near, stick)
    shutil.rmtree(stick / "touchpoint" / "down")
    in_(far, stick)
    out(near, stick)
    done = in_(far, stick)
    assert (done.acknowledged, done.enrolled) == (2, True)
    assert sorted(at_hub(hub)) == sorted(ids)


def test_every_visit_twice_changes_nothing(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick), out(near, stick)
    ids = record(far, 3)
    in_(far, stick), in_(far, stick)
    assert len(bundles_on(stick)) == 1
    copy = stick.parent / "copy"
    shutil.copytree(stick, copy)
    assert out(near, stick).bundles == 1 and out(near, stick).bundles == 0
    assert out(near, copy).bundles == 1
    assert in_(far, stick).acknowledged == 3 and in_(far, copy).trouble == []
    assert waiting(far) == 0
    assert sorted(at_hub(hub)) == sorted(ids)


def test_two_sticks_in_the_wrong_order(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    other = stick.parent / "other"
    other.mkdir()
    out(near, stick), out(near, other)
    ids = record(far, 2)
    in_(far, stick)
    ids += record(far, 2)
    in_(far, other)
    out(near, other), out(near, stick)
    assert in_(far, stick).acknowledged == 2
    assert in_(far, other).acknowledged == 4
    assert waiting(far) == 0
    mine = identity.load(far.folder / "identity.json")
    assert mine and mine.pending is None
    assert sorted(at_hub(hub)) == sorted(ids)


def test_a_stick_from_yesterday_is_late_and_no_attack(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    in_(far, stick)
    yesterday = stick.parent / "yesterday"
    shutil.copytree(stick, yesterday)
    hub.take({"key": "bike", "title": "Mend a bike, today"})
    hub.publish()
    out(near, stick)
    in_(far, stick)
    late = in_(far, yesterday)
    assert (late.outcome, late.trouble) == ("stale", [])
    assert "Mend a bike, today" in far.titles()
    assert any("older" in sentence for sentence in late.in_words())


def test_files_come_even_from_a_late_stick(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    yesterday = stick.parent / "yesterday"
    shutil.copytree(stick, yesterday)
    hub.take({"key": "new", "title": "New"})
    hub.publish()
    out(near, stick)
    shutil.rmtree(stick / "touchpoint" / "catalogue" / "blobs")
    assert in_(far, stick).files_missing == 1
    late = in_(far, yesterday)
    assert (late.outcome, late.files, late.files_missing) == ("stale", 1, 0)


def test_the_hub_is_away_and_the_catalogue_comes_from_a_mirror(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    record(far)
    in_(far, stick)
    hub.stop()
    away = out(near, stick)
    assert (away.bundles, away.waiting, away.outcome) == (0, 1, "failed") and away.trouble
    assert len(bundles_on(stick)) == 1
    hub.serve()
    assert out(near, stick).bundles == 1


def test_a_damaged_catalogue_is_built_again_from_the_stick(near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    in_(far, stick)
    path = far.services.replicas.current()
    assert path
    far.services.current.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 50_000)
    assert (in_(far, stick).outcome, sorted(far.titles())) == ("updated", BOTH)


def test_a_full_stick_says_so_and_nothing_is_lost(
    hub: TestHub, near: TestKiosk, far: TestKiosk, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small", 400_000) as disk:
        out(near, disk)
        ids = record(far, 400)
        (disk / "holiday.jpg").write_bytes(b"x" * (shutil.disk_usage(disk).free - 4096))
        full = in_(far, disk)
        assert len(full.trouble) == 1 and "full" in full.trouble[0]
        assert (full.bundles, full.outcome) == (0, "updated")
        assert waiting(far) == 400 and sorted(far.titles()) == BOTH
        assert out(near, disk).trouble == []
        (disk / "holiday.jpg").unlink()
        assert in_(far, disk).bundles == 1
        assert out(near, disk).bundles == 1
        assert in_(far, disk).acknowledged == 400
    assert sorted(at_hub(hub)) == sorted(ids)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rounds", [8, pytest.param(100, marks=pytest.mark.long)])
def test_pulled_out_at_any_moment(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path, rounds: int) -> None:
    """SIGKILL at a random step of each visit; whatever the stick is left with, the next one goes on from there."""
    ids: list[str] = []
    chance = random.Random(7)
    cut = 0
    out(near, stick)
    for number in range(rounds):
        ids += record(far, 60)
        if number % 4 == 2:
            hub.take({"key": f"k{number}", "title": f"Thing {number}"})
            hub.publish()
        cut += _killed(stick, chance.randint(1, 24), "in", far)
        cut += _killed(stick, chance.randint(1, 40), "out", near)
    print(f"{cut} of {2 * rounds} visits were cut off")
    assert out(near, stick).trouble == []
    assert in_(far, stick).trouble == []
    assert out(near, stick).trouble == []
    done = in_(far, stick)
    assert (done.trouble, done.waiting) == ([], 0)
    assert sorted(far.titles()) == sorted([*BOTH, *(f"Thing {number}" for number in range(2, rounds, 4))])
    assert sorted(at_hub(hub)) == sorted(ids)
    assert cut > rounds / 2


KILLED = """
import os, signal, sys
stick, left = sys.argv.pop(1), int(sys.argv.pop(1))
def hook(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "os.mkdir") and str(arguments[0]).startswith(stick):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from kiosk.cli import main
main()
"""


def _killed(stick: Path, step: int, way: str, kiosk: TestKiosk) -> bool:
    """A visit that is killed when it opens, renames or removes on the stick for the `step`th time; whether it was."""
    command = [sys.executable, "-c", KILLED, str(stick / "touchpoint"), str(step), "carry", way, str(stick)]
    visit = subprocess.run([*command, "--data", str(kiosk.folder)], capture_output=True, text=True)
    assert visit.returncode in (0, -signal.SIGKILL), visit.stderr
    return visit.returncode == -signal.SIGKILL


# -- as somebody may wish


def test_nothing_of_a_record_can_be_read_on_the_stick(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    ids = record(far, 30, term="xylophone lessons")
    in_(far, stick)
    before = _raw(stick)
    out(near, stick)
    mine = identity.load(far.folder / "identity.json")
    assert mine and mine.pending
    for raw in (before, _raw(stick)):
        for secret in ("xylophone", "search_empty", "recorded_at", "accepted", mine.pending.secret, *ids):
            assert secret.encode() not in raw
    in_(far, stick)
    mine = identity.load(far.folder / "identity.json")
    assert mine and mine.token.encode() not in _raw(stick)


def _raw(stick: Path) -> bytes:
    files = [path for path in stick.rglob("*") if path.is_file() and "catalogue" not in path.parts]
    assert any(path.suffix == ".sealed" for path in files)
    return b"\n".join(path.read_bytes() for path in files)


def test_a_forged_reply_settles_nothing(hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    ids = record(far, 3)
    in_(far, stick)
    down = put_reply(stick, far, ids, Ed25519PrivateKey.generate())
    (down / "junk.sealed").write_bytes(b"junk")
    (down / "bundle.sealed").write_bytes(bundles_on(stick)[0].read_bytes())
    refused = in_(far, stick)
    assert (refused.replies, refused.waiting, len(refused.trouble)) == (0, 3, 3)
    assert waiting(far) == 3
    assert out(near, stick).bundles == 1
    assert in_(far, stick).acknowledged == 3


def put_reply(stick: Path, kiosk: TestKiosk, ids: list[str], signer: Ed25519PrivateKey) -> Path:
    """A reply dated years ahead that says that these records were taken; returns the folder that it lies in."""
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
    down = stick / "touchpoint" / "down" / mine.device_id
    down.mkdir(parents=True)
    said = Reply(
        format=REPLY_FORMAT,
        device_id=mine.device_id,
        made_at="2099-01-01T00:00:00.000000+00:00",
        answers=Answers(records=[Answer(id=record_id, outcome="accepted") for record_id in ids]),
    )
    letter = seal.seal(
        msgspec.json.encode(said),
        purpose=seal.REPLY,
        sender="hub",
        addressee=mine.device_id,
        signer=signer,
        to=X25519PublicKey.from_public_bytes(seal.reply_key(key).public_key().public_bytes_raw()),
    )
    (down / "ahead.sealed").write_bytes(letter)
    return down


def test_a_reply_of_a_hub_whose_clock_was_ahead_deafens_nobody(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    put_reply(stick, far, [], hub.hub.keys.sign)
    assert (in_(far, stick).replies, out(near, stick).bundles) == (1, 1)
    assert in_(far, stick).enrolled


def test_anothers_reply_is_not_taken(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path, tmp_path: Path
) -> None:
    further = set_up(hub, tmp_path / "further", "Further End")
    out(near, stick)
    record(far, 1), record(further, 1)
    in_(far, stick), in_(further, stick)
    out(near, stick)
    down = stick / "touchpoint" / "down"
    one, two = sorted(down.iterdir())
    one.rename(down / "aside"), two.rename(one), (down / "aside").rename(two)
    for kiosk in (far, further):
        refused = in_(kiosk, stick)
        assert (refused.replies, refused.waiting, len(refused.trouble)) == (0, 1, 1)
    further.services.close()


def test_a_reply_that_is_played_again_takes_nothing_back(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    record(far, 1)
    in_(far, stick)
    out(near, stick)
    old = stick.parent / "old"
    shutil.copytree(stick, old)
    in_(far, stick)
    hub.hub.set_shop("Far End", address="1 High Street")
    hub.hub.kiosks.ask(_device(far), "test_slip")
    out(near, stick)
    in_(far, stick)
    before = identity.load(far.folder / "identity.json")
    again = in_(far, old)
    assert (again.replies, again.trouble) == (1, [])
    assert identity.load(far.folder / "identity.json") == before
    assert not again.enrolled


def _device(kiosk: TestKiosk) -> str:
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine
    return mine.device_id


def test_a_revoked_unit_is_told_why_and_keeps_its_records(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path
) -> None:
    out(near, stick)
    in_(far, stick), out(near, stick), in_(far, stick)
    hub.hub.kiosks.revoke(_device(far))
    record(far, 2)
    in_(far, stick)
    refused = out(near, stick)
    assert (refused.bundles, refused.refused) == (0, 1) and "revoked" in refused.trouble[0]
    beside = bundles_on(stick)[0].with_suffix(".txt")
    assert "revoked" in beside.read_text()
    told = in_(far, stick)
    assert any("revoked" in trouble for trouble in told.trouble)
    assert waiting(far) == 2 and at_hub(hub) == []


def test_a_copied_unit_is_told_apart_and_its_records_wait(
    hub: TestHub, near: TestKiosk, far: TestKiosk, stick: Path, tmp_path: Path
) -> None:
    far.services.close()
    shutil.copytree(far.folder, tmp_path / "copy")
    far.restart()
    copy, other = TestKiosk(tmp_path / "copy"), tmp_path / "other"
    other.mkdir()
    ids = record(far, 1)
    record(copy, 1)
    for kiosk, its_own in ((far, stick), (copy, other)):
        out(near, its_own)
        in_(kiosk, its_own)
        out(near, its_own)
    assert in_(far, stick).trouble == []
    told = in_(copy, other)
    assert (waiting(far), waiting(copy), at_hub(hub)) == (0, 1, ids)
    assert ["another unit speaks" in trouble for trouble in told.trouble] == [True]
    copy.services.close()


def test_what_a_reply_acknowledges_is_kept_a_week_though_the_clock_says_1970(
    near: TestKiosk, far: TestKiosk, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(far)
    out(near, stick), in_(far, stick), out(near, stick)

    class Long(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return cls(1970, 1, 1, tzinfo=tz)

    with monkeypatch.context() as wrong:
        wrong.setattr(dt, "datetime", Long)
        assert in_(far, stick).acknowledged == 1
    with far.services.records.reading() as db:
        kept = db.execute(select(outbox.table.c.acknowledged_at)).scalar_one()
    assert dt.datetime.fromisoformat(kept) >= BUILT


def test_a_stick_with_an_endless_file_is_not_swallowed(near: TestKiosk, far: TestKiosk, stick: Path) -> None:
    out(near, stick)
    timestamp = stick / "touchpoint" / "catalogue" / "metadata" / "timestamp.json"
    os.truncate(timestamp, 1 << 40)
    with memory_of(1 << 30):
        report = in_(far, stick)
        assert report.outcome == "failed" and "bytes" in str(report.trouble)
        assert out(near, stick).outcome == "updated"
    assert in_(far, stick).outcome == "updated"


@contextlib.contextmanager
def memory_of(size_bytes: int) -> Iterator[None]:
    """So much more may be taken than now."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_the_wrong_folder_is_an_error_in_plain_words(far: TestKiosk, tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        visit = subprocess.run(
            [sys.executable, "-m", "kiosk", "carry", "in", str(folder), "--data", str(far.folder)],
            capture_output=True,
            text=True,
        )
        assert visit.returncode == 1 and visit.stdout == ""
        assert visit.stderr.startswith("Error: ") and "stick" in visit.stderr and len(visit.stderr.splitlines()) == 1
    with pytest.raises(StorageError):
        Stick(tmp_path)


# -- as the disk has it


@contextlib.contextmanager
def plugged_in(image: Path, at: Path) -> Iterator[Path]:
    """A stick as an image of a real file system, mounted."""
    at.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(at)], capture_output=True).returncode:
        pytest.skip("needs to mount an image")
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def test_pulled_out_right_after_the_last_word_it_has_all(
    hub: TestHub, near: TestKiosk, far: TestKiosk, tmp_path: Path
) -> None:
    """What the image holds at that moment, without unmounting or waiting, is what a stick pulled out then holds."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("needs Debian's e2fsprogs")
    image, pulled, place = tmp_path / "stick.img", tmp_path / "pulled.img", tmp_path / "mounted"
    image.touch()
    os.truncate(image, 32_000_000)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    ids = record(far, 600)
    for kiosk, visit in ((near, out), (far, in_), (near, out)):
        with plugged_in(image, place) as stick:
            assert visit(kiosk, stick).trouble == []
            shutil.copy(image, pulled)
        shutil.move(pulled, image)
    with plugged_in(image, place) as stick:
        done = in_(far, stick)
        assert (done.replies, done.acknowledged, done.outcome, done.trouble) == (2, 600, "current", [])
    assert sorted(at_hub(hub)) == sorted(ids) and sorted(far.titles()) == BOTH
