"""A hub served by several processes that share a socket: they are killed in turn, and nothing is lost by it."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import requests
import uuid_utils

from sync.client import enrol
from sync.client.http import HubClient
from sync.errors import SyncError
from sync.hub import settings
from sync.messages import Answers, Batch
from sync.records import Upward
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.processes import process, received
from tests.support.tally import survived

PROCESSES = 3


@contextlib.contextmanager
def serving(hub: TestHub, log: Path) -> Iterator[subprocess.Popen[str]]:
    words = ["sync.hub", "serve", "--data", str(hub.folder), "--port", "0", "--workers", str(PROCESSES)]
    with log.open("w") as err, process(*words, stdout=subprocess.PIPE, stderr=err) as running:
        assert running.stdout
        hub.url = running.stdout.readline().strip()
        wait_for(lambda: len(workers(running.pid)) == PROCESSES and answers(hub.url), 60)
        try:
            yield running
        finally:
            there = workers(running.pid)
            running.terminate()
            running.wait(30)
            assert not [one for one in there if Path(f"/proc/{one}/cmdline").exists() and cmdline(one)]


def workers(parent: int) -> list[int]:
    """The processes that serve."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in cmdline(int(child))]


def cmdline(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/healthz", timeout=2).ok
    return False


class Poster(threading.Thread):
    """A kiosk that posts records one batch after the other, and again what was not answered."""

    def __init__(self, url: str, folder: Path, provision: bytes) -> None:
        super().__init__(daemon=True)
        folder.mkdir()
        (folder / "provision.json").write_bytes(provision)
        self.mine = enrol.enrol(folder / "provision.json", url, folder / "identity.json")
        self.stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.repeated = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        client = HubClient(self.mine.hub_url, self.mine.token)
        seq = 0
        while not self.stopping.is_set():
            records = []
            for _ in range(20):
                seq += 1
                records.append(record(seq))
            while not self._post(client, records):
                self.repeated += 1
                time.sleep(0.05)
        client.close()

    def _post(self, client: HubClient, records: list[Upward]) -> bool:
        try:
            said = client.post("/v1/records", Batch(records=records), Answers)
        except SyncError:
            return False
        self.wrong += [one.reason or one.outcome for one in said.records if one.outcome in ("rejected", "clone")]
        self.acknowledged += [one.id for one in said.records]
        return True


def record(seq: int) -> Upward:
    return Upward(
        id=str(uuid_utils.uuid7()),
        seq=seq,
        kind="usage",
        recorded_at="2026-11-24T11:00:00.000+00:00",
        body={"day": "2026-11-24", "action": "open", "count": 1},
    )


@pytest.mark.timeout(600)
def test_processes_killed_while_many_post_lose_and_double_nothing(hub: TestHub, tmp_path: Path, long: bool) -> None:
    hub.publish()
    provisions = [msgspec.json.encode(hub.hub.provision("Mill Lane")) for _ in range(8)]
    hub.hub.close()
    kills = 40 if long else 4
    dice = random.Random(7)
    with serving(hub, tmp_path / "log") as running:
        posters = [Poster(hub.url, tmp_path / f"k{n}", one) for n, one in enumerate(provisions)]
        for poster in posters:
            poster.start()
        try:
            for _ in range(kills):
                time.sleep(dice.uniform(0.2, 0.6))
                there = workers(running.pid)
                os.kill(dice.choice(there), signal.SIGKILL)
                wait_for(lambda there=there: len(set(workers(running.pid)) - set(there)) == 1, 30)
        finally:
            for poster in posters:
                poster.stopping.set()
            for poster in posters:
                poster.join(60)
    ids = Counter(one["id"] for one in received(hub.folder))
    confirmed = [one for poster in posters for one in poster.acknowledged]
    assert set(confirmed) <= set(ids), "a record that was acknowledged is gone"
    assert set(ids.values()) == {1} and len(confirmed) == len(set(confirmed))
    assert not [why for poster in posters for why in poster.wrong]
    assert all(poster.acknowledged for poster in posters)
    survived(
        "processes of a hub killed",
        SIGKILLs=kills,
        records_acknowledged=len(confirmed),
        posts_repeated=sum(poster.repeated for poster in posters),
    )


@pytest.mark.timeout(300)
def test_one_process_keeps_the_folder_and_another_when_that_is_killed(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    with serving(hub, tmp_path / "log") as running:
        wait_for(lambda: "Cook for ten" in requests.get(hub.url, timeout=5).text, 20)
        for number in range(2):
            keeper = holder(hub.folder / "keeper.lock", workers(running.pid))
            os.kill(keeper, signal.SIGKILL)
            hub.take({"key": f"new{number}", "title": f"New {number}"})
            hub.publish()
            wait_for(lambda number=number: seen_by_all(hub.url, f"New {number}", 12), 30)
            wait_for(lambda: len(workers(running.pid)) == PROCESSES, 30)
        kiosk.enrol(hub)
        assert kiosk.sync().outcome == "updated" and "New 1" in kiosk.titles()
    assert "died" in (tmp_path / "log").read_text(), "nobody is told that a process died"


def seen_by_all(url: str, words: str, times: int) -> bool:
    """Whether whoever answers shows them: each request is a connection of its own, so any process may be met."""
    with contextlib.suppress(requests.RequestException):
        return all(words in requests.get(url, timeout=5).text for _ in range(times))
    return False


def holder(lock: Path, those: list[int]) -> int:
    """Which of them holds that lock."""
    inode = lock.stat().st_ino
    holding = re.findall(r"FLOCK\s+ADVISORY\s+WRITE (\d+) \S+?:(\d+) ", Path("/proc/locks").read_text())
    found = [int(number) for number, held in holding if int(held) == inode and int(number) in those]
    assert len(found) == 1, (found, those)
    return found[0]


@pytest.mark.timeout(120)
def test_every_process_asks_kiosks_to_stay_away_and_counts_for_all(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    hub.publish()
    with serving(hub, tmp_path / "log") as running:
        kiosk.enrol(hub)
        with hub.hub.database.writing() as db:
            settings.put(db, "backoff_s", "90")
        poll = f"{hub.url}/v1/catalogue/metadata/timestamp.json"
        wait_for(lambda: all(requests.get(poll, timeout=5).headers.get("Backoff") == "90" for _ in range(12)), 30)
        with hub.hub.database.writing() as db:
            settings.put(db, "backoff_s", "0")
        wait_for(lambda: all("Backoff" not in requests.get(poll, timeout=5).headers for _ in range(12)), 30)
        name = 'touchpoint_request_seconds_count{method="GET",route="/v1/catalogue/metadata/{name}",status="200"}'
        before = counted(hub.url, name)
        for _ in range(30):
            requests.get(poll, timeout=5)
        assert {counted(hub.url, name) for _ in range(6)} == {before + 30}, "each process counts for itself alone"
        victim = workers(running.pid)[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in workers(running.pid) and len(workers(running.pid)) == PROCESSES, 30)
        assert counted(hub.url, name) == before + 30, "what a killed process had counted is gone"
        wait_for(lambda: len(remembered(hub.url)) == PROCESSES, 30)
        assert remembered(hub.url) == set(workers(running.pid))


def remembered(url: str) -> set[int]:
    """The processes whose memory is shown."""
    page = requests.get(f"{url}/metrics", timeout=5).text
    return {int(number) for number in re.findall(r'touchpoint_memory_bytes\{pid="(\d+)"\}', page)}


def counted(url: str, name: str) -> float:
    page = requests.get(f"{url}/metrics", timeout=5).text
    return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(name))


@pytest.mark.timeout(60)
def test_processes_end_when_the_one_that_began_them_is_killed(hub: TestHub, tmp_path: Path) -> None:
    hub.publish()
    with (tmp_path / "log").open("w") as err:
        words = ["sync.hub", "serve", "--data", str(hub.folder), "--port", "0", "--workers", "2"]
        with process(*words, stdout=subprocess.PIPE, stderr=err) as running:
            assert running.stdout
            url = running.stdout.readline().strip()
            wait_for(lambda: len(workers(running.pid)) == 2 and answers(url), 30)
            there = workers(running.pid)
            running.kill()
            running.wait(10)
            wait_for(lambda: not any(b"spawn_main" in cmdline(one) for one in there), 20)
