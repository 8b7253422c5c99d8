"""SIGKILL at any moment: of the agent while records are written, of the hub while records are posted.

Nothing that was confirmed is lost, and nothing is at the hub twice.
"""

from __future__ import annotations

import random
import socket
import subprocess
import threading
import uuid
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from sync.client import enrol
from sync.client.http import HubClient
from sync.errors import SyncError
from sync.messages import Answers, Batch
from sync.records import NAMESPACE, Upward
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.processes import agent, kill, process, received
from tests.support.proxy import Proxy
from tests.support.tally import survived


@pytest.mark.timeout(1200)
def test_an_agent_killed_while_records_are_written_loses_and_doubles_nothing(
    hub: TestHub, shop: TestKiosk, tmp_path: Path, long: bool
) -> None:
    """Half of the kills come at a byte of what the hub answers, the others at any time of a life."""
    kills, dice = (250 if long else 18), random.Random(11)
    told = tmp_path / "told"
    with Proxy(lambda: hub.port) as line, told.open("w") as out:
        shop.services.close()
        moved(shop, line.url)
        for number in range(kills):
            hub.take({"key": f"k{number % 40}", "title": f"Thing {number}", "body": "word " * 300})
            hub.publish()
            with process("tests.faults.writer", str(shop.folder), stdout=out) as writer:
                live_and_die(shop.folder, line, dice)
                if number % 3 == 0:
                    kill(writer)
    shop.restart()
    shop.services.usage.send_finished_days(shop.services.unit.now().date())
    moved(shop, hub.url)
    shop.restart()
    assert shop.sync().heard
    writers_killed = kills  # every writer ends by a kill, and each may have had one that it had not told yet
    said = [text.split() for text in told.read_text().splitlines()]
    there = received(hub.folder)
    records = {record["id"]: record["body"] for record in there}
    confirmed = {words[1]: words[2] for words in said if words[0] == "record" and len(words) == 3}
    assert confirmed.items() <= {record_id: body.get("term", "") for record_id, body in records.items()}.items()
    terms = Counter(body["term"] for body in records.values() if body["action"] == "search_empty")
    assert set(terms.values()) == {1}, "a record is at the hub under two ids"
    assert len(terms) <= len(confirmed) + writers_killed
    counted = sum(body["count"] for body in records.values() if body["action"] == "open")
    counts = sum(words[0] == "count" for words in said)
    assert counts <= counted <= counts + writers_killed, "a count was lost or doubled"
    survived("agents killed", SIGKILLs=kills, records_confirmed=len(confirmed), counts_confirmed=counts)


def moved(kiosk: TestKiosk, url: str) -> None:
    """The hub is behind another address now."""
    from sync.client import identity

    path = kiosk.folder / "identity.json"
    mine = identity.load(path)
    assert mine
    identity.save(path, msgspec.structs.replace(mine, hub_url=url))


def live_and_die(folder: Path, line: Proxy, dice: random.Random) -> None:
    """An agent's life and its sudden end."""
    now = threading.Event()
    at_byte = line.passed_bytes + dice.randint(1, 12_000) if dice.random() < 0.5 else 1 << 60
    line.heard = lambda passed: now.set() if passed >= at_byte else None
    with agent(folder) as running:
        before = line.passed_bytes
        wait_for(lambda: line.passed_bytes > before or running.poll() is not None, 20)
        now.wait(dice.uniform(0.0, 0.4) if at_byte == 1 << 60 else 1.5)
        kill(running)


@pytest.mark.timeout(1200)
def test_a_hub_killed_while_records_are_posted_loses_and_doubles_nothing(
    hub: TestHub, tmp_path: Path, long: bool
) -> None:
    kills, dice = (80 if long else 5), random.Random(5)
    hub.publish()
    provision = tmp_path / "provision.json"
    provision.write_bytes(msgspec.json.encode(hub.hub.provision("Mill Lane")))
    hub.close()
    port = free_port()
    words = ["sync.hub", "serve", "--data", str(hub.folder), "--port", str(port)]
    poster = Poster(f"http://127.0.0.1:{port}", provision, tmp_path / "identity.json")
    try:
        for _ in range(kills):
            with process(*words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
                assert running.stdout and running.stdout.readline().startswith("http")
                poster.start()
                poster.wait_for_an_answer()
                threading.Event().wait(dice.uniform(0, 0.2))
                kill(running)
    finally:
        poster.stop()
    ids = Counter(record["id"] for record in received(hub.folder))
    assert poster.acknowledged <= set(ids), "a record that the hub acknowledged is gone"
    assert set(ids.values()) == {1}
    assert not poster.wrong
    survived(
        "hubs killed", SIGKILLs=kills, records_acknowledged=len(poster.acknowledged), posts_repeated=poster.repeated
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Poster:
    """Posts batches one after the other, each until it is answered."""

    def __init__(self, url: str, provision: Path, identity: Path) -> None:
        self.acknowledged: set[str] = set()
        self.wrong: list[object] = []
        self.repeated = 0
        self._url, self._provision, self._identity = url, provision, identity
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ending = threading.Event()

    def start(self) -> None:
        if not self._thread.is_alive() and not self.acknowledged:
            self._client = HubClient(self._url, enrol.enrol(self._provision, self._url, self._identity).token)
            self._thread.start()

    def wait_for_an_answer(self) -> None:
        before = len(self.acknowledged)
        wait_for(lambda: len(self.acknowledged) > before, 30)

    def stop(self) -> None:
        self._ending.set()
        if self._thread.ident:
            self._thread.join(30)

    def _run(self) -> None:
        seq = 0
        while not self._ending.is_set():
            batch = [a_record(seq + n) for n in range(20)]
            while not self._ending.is_set():
                try:
                    answers = self._client.post("/v1/records", Batch(records=batch), Answers).records
                except SyncError:
                    self.repeated += 1
                    self._ending.wait(0.02)
                    continue
                self.wrong += [answer for answer in answers if answer.outcome not in ("accepted", "duplicate")]
                self.acknowledged.update(answer.id for answer in answers)
                break
            seq += 20


def a_record(seq: int) -> Upward:
    return Upward(
        id=str(uuid.uuid5(NAMESPACE, f"proof:{seq}")),
        seq=seq + 1,
        kind="usage",
        recorded_at="2026-11-24T10:00:00.000+00:00",
        body={"day": "2026-11-23", "action": "qr", "count": seq + 1},
    )
