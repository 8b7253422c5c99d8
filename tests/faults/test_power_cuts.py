"""Power cuts, not only kills: after each confirmation, what had reached the disk alone still holds what was confirmed.

The real programs run under strace; `tests.support.disk` works out what the drive may hold. Each check can fail: the
controls at the end do the same deeds without syncing, and are found out.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import uuid
from pathlib import Path

import msgspec
import pytest

from sync import attendance
from sync.attendance import Entry
from sync.client import enrol, identity
from sync.client.down.pull import verify_replica
from sync.client.http import HubClient
from sync.messages import Answers, Batch
from sync.records import NAMESPACE, Attendance, Upward
from sync.replica.blobs import Blobs, digest
from sync.replica.folder import ReplicaFolder
from tests.conftest import TestHub, TestKiosk
from tests.support.disk import Recorder, Step, power_cuts, would_notice
from tests.support.tally import survived

VISIT = "attendance"


@pytest.fixture
def unit(tmp_path: Path) -> Recorder:
    """A recorder over an empty folder that is safe on disk itself."""
    (tmp_path / "unit").mkdir()
    return Recorder(tmp_path / "unit", tmp_path / "trace")


def opened(path: Path) -> sqlite3.Connection:
    """The database as it is after the power came back; it must be whole."""
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    return db


def confirmed(said: list[bytes]) -> dict[str, list[str]]:
    """What was told, by its first word."""
    found: dict[str, list[str]] = {}
    for line in b"".join(said).decode().splitlines():
        word, _, rest = line.partition(" ")
        found.setdefault(word, []).append(rest)
    return found


def check_records(folder: Path, said: list[bytes]) -> None:
    told = confirmed(said)
    if not told:
        return
    with contextlib.closing(opened(folder / "records.db")) as db:
        outbox = dict(db.execute("SELECT id, state FROM outbox"))
        assert set(told.get("record", [])) <= set(outbox), "a record that was confirmed is gone"
        assert {outbox[one] for one in told.get("settled", [])} <= {"acknowledged"}, "it would be sent once more"
        slips = {job_id for (job_id,) in db.execute("SELECT id FROM print_job")}
        assert set(told.get("slip", [])) <= slips, "a slip that was confirmed is gone"
        counts = [n for (n,) in db.execute("SELECT count FROM usage")]
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM outbox")]
        sent = [body["count"] for body in bodies if body["action"] == "open"]
        assert len(counts) + len(sent) <= 1, "counted twice"
        assert sum(counts + sent) >= int(told.get("count", ["0"])[-1]), "something counted is gone"


def check_attendance(folder: Path, said: list[bytes]) -> None:
    """What was told of is there and counts, what was told to be taken away does not, and at most one more was begun."""
    lines = [line.split() for line in b"".join(said).decode().splitlines()]
    if not lines:
        return
    with contextlib.closing(opened(folder / "records.db")) as db:
        rows = db.execute("SELECT kind, id, seq, body FROM outbox ORDER BY seq").fetchall()
    visits = [words[1:] for words in lines if words[0] in ("visit", "changed", "void")]
    told = {record_id for record_id, _root, _people in visits}
    there = [
        Entry(key, key, seq, msgspec.json.decode(body, type=Attendance)) for k, key, seq, body in rows if k == VISIT
    ]
    assert told <= {one.id for one in there}, "a visit, a correction or a void that was confirmed is gone"
    assert {words[1] for words in lines if words[0] == "contact"} <= {row[1] for row in rows}, "a contact is gone"
    assert len(there) - len(told) <= 1
    if visits:
        assert [row[0] for row in rows].index("session") == 0, "its session is gone"
    expected = {root: int(people) for _id, root, people in visits}
    counted = {one.id: one.body.people for one in attendance.in_force(one for one in there if one.id in told)}
    assert counted == {root: people for root, people in expected.items() if people}
    begun = sum(one.body.people for one in there if one.id not in told)
    shown = [int(words[1]) for words in lines if words[0] == "shown"]
    if shown and lines[-1][0] == "shown":
        assert sum(counted.values()) == shown[-1], "the screen showed more than is here"
        assert attendance.totals(attendance.in_force(there)).visits == shown[-1] + begun
    counts = [json.loads(body)["count"] for kind, _id, _seq, body in rows if kind == "head_count"]
    heads = [int(words[1]) for words in lines if words[0] == "heads"]
    assert counts[: len(heads)] == heads and len(counts) - len(heads) <= 1, "a head count is gone"


def check_identity(folder: Path, said: list[bytes]) -> None:
    mine = identity.load(folder / "identity.json")
    if told := confirmed(said).get("identity"):
        assert mine and int(mine.token) >= int(told[-1])


def check_blobs(folder: Path, said: list[bytes]) -> None:
    blobs = Blobs(folder / "blobs")
    for path in (folder / "blobs").glob("??/*"):
        if not path.suffix:
            with path.open("rb") as file:
                assert digest(file) == path.name, "something stands under a hash that is not its own"
    for sha256 in confirmed(said).get("blob", []):
        assert blobs.find(sha256), "a file that was kept is gone"


CHECKS = {"records": check_records, "attendance": check_attendance, "identity": check_identity, "blobs": check_blobs}


@pytest.mark.parametrize("name", CHECKS)
def test_what_was_confirmed_is_on_the_disk(unit: Recorder, tmp_path: Path, name: str, long: bool) -> None:
    unit.run("tests.faults.deeds", unit.root, name, "150" if long else "12")
    cuts = power_cuts(unit, tmp_path / "after", CHECKS[name], between=3000 if long else 150)
    survived("power cuts, " + name, power_cuts=cuts, confirmations=sum(step.what == "say" for step in unit.steps))


@pytest.mark.parametrize("name", CHECKS)
def test_this_would_notice_a_program_that_does_not_sync(unit: Recorder, tmp_path: Path, name: str) -> None:
    unit.run("tests.faults.deeds", unit.root, name + "+unsafe", "4")
    with pytest.raises(Exception, match=r"gone|no such|unable to open|damaged|once more|hash|None|malformed|database"):
        power_cuts(unit, tmp_path / "after", CHECKS[name], between=150)


def check_printed(folder: Path, said: list[bytes]) -> None:
    printed = re.findall(rb"^[0-9a-f-]{36}$", b"".join(said), re.M)
    if printed:
        with contextlib.closing(opened(folder / "records.db")) as db:
            there = {key.encode(): json.loads(body) for key, body in db.execute("SELECT id, body FROM outbox")}
        assert set(printed) <= there.keys(), "an id was printed whose record is gone"
        for root in re.findall(rb"([0-9a-f-]{36}) no longer counts", b"".join(said)):
            assert any(one.get("corrects", "").encode() == root and one.get("void") for one in there.values()), "gone"


def test_an_id_is_printed_once_its_record_is_on_the_disk(unit: Recorder, tmp_path: Path, long: bool) -> None:
    for number in range(10 if long else 2):
        words = ["attendance", "add", "--data", unit.root, "--topic", "email", "--people", str(number + 1)]
        record_id = unit.run("kiosk", *words).strip()
    unit.run("kiosk", "attendance", "void", "--data", unit.root, record_id)
    cuts = power_cuts(unit, tmp_path / "after", check_printed, between=1000 if long else 60)
    assert would_notice(unit, tmp_path / "after", check_printed)
    survived("power cuts, the commands of the log", power_cuts=cuts)


BY_HAND = b"\nthe file `current` was removed by hand\n"


def check_kiosk(folder: Path, said: list[bytes]) -> None:
    """Whatever `current` names can be used, and is at least what the command reported."""
    told = b"".join(said)
    if b"now belongs" in told:
        assert identity.load(folder / "identity.json"), "the command said that it is enrolled"
    reports = [json.loads(line) for line in told.splitlines() if line.startswith(b"{") and b"outcome" in line]
    current = ReplicaFolder(folder / "catalogue").current()
    if current is None:
        assert not reports or BY_HAND in told, "the catalogue is gone"
        return
    verify_replica(current)
    if reports:
        with contextlib.closing(sqlite3.connect(current)) as db:
            (revision,) = db.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
        assert revision >= reports[0]["revision"], "the first catalogue that was taken is gone"
    if (folder / "records.db").exists() and (folder / "records.db").stat().st_size:
        opened(folder / "records.db").close()
    check_blobs(folder, [])


def test_a_kiosks_catalogue_is_whole_at_every_moment(hub: TestHub, unit: Recorder, tmp_path: Path, long: bool) -> None:
    """Enrolment, first sync with its swap, deltas, a rebuild: by the kiosk's own commands."""
    dice = random.Random(3)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 " * 3000)
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": "word " * 60} for n in range(60)))
    hub.take({"key": "file", "title": "File", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    provision = tmp_path / "provision.json"
    provision.write_bytes(msgspec.json.encode(hub.hub.provision("Mill Lane")))
    unit.run("kiosk", "enrol", "--data", unit.root, "--provision", str(provision), "--hub", hub.url)
    for number in range(8 if long else 2):
        unit.run("kiosk", "sync", "--once", "--json", "--data", unit.root)
        hub.take(*({"key": f"k{n}", "title": f"Thing {n}, {number}", "body": "word " * 60} for n in range(number, 9)))
        hub.publish()
    unit.run("kiosk", "sync", "--once", "--json", "--data", unit.root)
    (Path(unit.root) / "sync" / "mark.json").unlink()
    (Path(unit.root) / "catalogue" / "current").unlink()
    unit.steps.append(Step("say", data=BY_HAND))
    unit.steps.append(Step("unlink", unit.root + "/catalogue/current"))
    unit.steps.append(Step("sync names", unit.root + "/catalogue"))
    unit.run("kiosk", "sync", "--once", "--json", "--data", unit.root)
    goes_on = 0

    def check(folder: Path, said: list[bytes]) -> None:
        nonlocal goes_on
        check_kiosk(folder, said)
        if dice.random() < 0.1 and identity.load(folder / "identity.json"):
            there = TestKiosk(folder)
            report = there.sync()
            there.services.close()
            assert report.heard and report.items == 61, report
            goes_on += 1

    cuts = power_cuts(unit, tmp_path / "after", check, between=3000 if long else 150)
    assert would_notice(unit, tmp_path / "after", check_kiosk)
    survived("power cuts, the kiosk's commands", power_cuts=cuts, clean_passes_afterwards=goes_on)


def check_hub(folder: Path, said: list[bytes]) -> None:
    """Every record that the hub answered for is in its database, once."""
    answered = set(re.findall(rb'"id":"([0-9a-f-]{36})","outcome":"(?:accepted|duplicate)"', b"".join(said)))
    with contextlib.closing(opened(folder / "hub.db")) as db:
        there = [record_id.encode() for (record_id,) in db.execute("SELECT id FROM received")]
    assert answered <= set(there), "a record that the hub answered for is gone"
    assert len(there) == len(set(there))


def a_record(number: int, n: int) -> Upward:
    return Upward(
        id=str(uuid.uuid5(NAMESPACE, f"{number}.{n}")),
        seq=number * 10 + n + 1,
        kind="usage",
        recorded_at="2026-11-24T10:00:00.000+00:00",
        body={"day": "2026-11-23", "action": "qr", "count": number + 1},
    )


def test_what_the_hub_answered_for_is_on_its_disk(hub: TestHub, tmp_path: Path, long: bool) -> None:
    posts = 300 if long else 15
    hub.publish()
    provision = tmp_path / "provision.json"
    provision.write_bytes(msgspec.json.encode(hub.hub.provision("Mill Lane")))
    hub.close()
    disk = Recorder(hub.folder, tmp_path / "trace")
    process = subprocess.Popen(
        disk.words(["sync.hub", "serve", "--data", str(hub.folder), "--port", "0"]), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        mine = enrol.enrol(provision, url, tmp_path / "identity.json")
        client = HubClient(url, mine.token)
        for number in range(posts):
            client.post("/v1/records", Batch(records=[a_record(number, n) for n in range(1 + number % 4)]), Answers)
    finally:
        for pid in disk.children(process):
            os.kill(pid, signal.SIGTERM)
        process.wait(20)
        if process.stdout:
            process.stdout.close()
    disk.take_up()
    cuts = power_cuts(disk, tmp_path / "after", check_hub, between=1000 if long else 50)
    answers = sum(b'"accepted"' in step.data for step in disk.steps if step.what == "say")
    assert answers >= posts
    assert would_notice(disk, tmp_path / "after", check_hub)
    survived("power cuts, the hub taking records", power_cuts=cuts, answers=answers)
