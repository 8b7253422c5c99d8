"""Two servers of one hub behind one nginx, on one PostgreSQL: nothing is lost or doubled, and one of them keeps."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
import requests
from click.testing import CliRunner

from sync.hub import locks, moving
from sync.hub.cli import main
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.publishing import roots
from sync.hub.store import catalogue, devices, revisions
from sync.messages import Answers, Batch
from sync.records import Item, Upward
from tests import servers
from tests.conftest import TestHub, TestKiosk, use_database, wait_for
from tests.postgresql import PostgreSQL
from tests.replicas import Reader
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.processes import kill, process, received

THREADS, ROUNDS, EACH = 8, 6, 20


@contextlib.contextmanager
def serving(folder: Path, replica: Path | None = None) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process of its own; and its port."""
    words = ["sync.hub", "serve", "--data", str(folder), "--port", "0"]
    more = {"TOUCHPOINT_REPLICA_FOLDER": str(replica)} if replica else {}
    environment = {**os.environ, **more}
    with process(*words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as running:
        assert running.stdout
        yield running, int(running.stdout.readline().rpartition(":")[2])


@pytest.fixture
def hub(postgres: PostgreSQL, tmp_path: Path) -> Iterator[TestHub]:
    url = postgres.at_head()
    use_database(tmp_path / "hub", url)
    made = TestHub(tmp_path / "hub")
    yield made
    made.close()
    postgres.drop(url)


class Poster:
    """A kiosk that posts each of its records at least twice, as one does whose answers get lost."""

    def __init__(self, hub: TestHub, number: int, url: str) -> None:
        self.shop = LoggingShop(hub.hub, f"Shop {number}")
        with hub.hub.database.writing() as db:
            self.token = devices.give_token(db, self.shop.device_id)
        self.url = f"{url}/v1/records"
        self.sent: list[Upward] = []
        self.outcomes: Counter[str] = Counter()

    def run(self, rounds: int = ROUNDS) -> None:
        session = new_id()
        for _ in range(rounds):
            some = [self.shop.visit(session, topics=["email"]) for _ in range(EACH)]
            self.sent += some
            for _again in range(2):
                self._post(some)

    def _post(self, some: list[Upward]) -> None:
        content = msgspec.json.encode(Batch(records=some))
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(requests.ConnectionError):
                answer = requests.post(self.url, content, headers={"Authorization": f"Bearer {self.token}"}, timeout=60)
                if answer.status_code == 200:
                    found = msgspec.json.decode(answer.content, type=Answers).records
                    assert [one.id for one in found] == [one.id for one in some]
                    self.outcomes.update(one.outcome for one in found)
                    return
                assert answer.status_code in (502, 503), answer.text
            assert time.monotonic() < end, "nobody answers any more"
            time.sleep(0.05)


def check_each_record_once(hub: TestHub, posters: list[Poster]) -> None:
    sent = {one.id for poster in posters for one in poster.sent}
    found = [row["id"] for row in received(hub.folder)]
    assert len(found) == len(set(found)) == len(sent) and set(found) == sent
    assert sum((poster.outcomes for poster in posters), Counter()).keys() <= {"accepted", "duplicate"}


def test_posts_from_many_threads_lose_nothing_and_each_record_is_there_once(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    with (
        serving(hub.folder) as (_one, first),
        serving(hub.folder) as (_other, second),
        servers.nginx_before(tmp_path / "nginx", [first, second]) as url,
        ThreadPoolExecutor(THREADS + 2) as pool,
    ):
        posters = [Poster(hub, number, url) for number in range(THREADS)]
        posting = [pool.submit(poster.run) for poster in posters]
        publishing = [pool.submit(_publish_often, hub.folder, number) for number in range(2)]
        for one in [*posting, *publishing]:
            one.result()
        for port in (first, second):
            wait_for(lambda port=port: "Round 2" in requests.get(f"http://127.0.0.1:{port}/", timeout=10).text, 30)  # type: ignore[misc]
    check_each_record_once(hub, posters)
    assert sum((poster.outcomes for poster in posters), Counter()) == {
        "accepted": THREADS * ROUNDS * EACH,
        "duplicate": THREADS * ROUNDS * EACH,
    }
    _check_in_full(hub, tmp_path)


def _publish_often(folder: Path, number: int) -> None:
    """Another command of the hub's, beside the servers: changes and publications."""
    with contextlib.closing(Hub(HubFolder(folder))) as hub:
        for round_ in range(3):
            hub.set_shop(f"Shop {number}", hours=f"Mo-Sa 0{round_ + 7}:30-17:30")
            with hub.database.writing() as db:
                item = next(catalogue.live(db, "item"))
                changed = msgspec.convert({"id": item[0], **item[2], "title": f"Round {round_}"}, Item)
                catalogue.put(db, [changed], "test")
            hub.publish()


def _check_in_full(hub: TestHub, tmp_path: Path) -> None:
    published = hub.hub.publisher.published()
    assert published
    with hub.hub.database.reading() as db:
        right = revisions.digest(db, published.state.revision)
        assert catalogue.last_revision(db) == published.state.revision
    assert (published.state.count, published.state.digest) == (right.count, right.hex())
    Reader(tmp_path / "reader", hub.folder / "catalogue", roots.root_of(hub.hub.folder.metadata)).pull()


def test_a_server_that_is_killed_takes_nothing_with_it_and_the_other_keeps(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    dice = random.Random(5)
    with serving(hub.folder) as (keeping, first):
        wait_for(lambda: "Cook for ten" in requests.get(f"http://127.0.0.1:{first}/", timeout=10).text, 30)
        with (
            serving(hub.folder) as (_other, second),
            servers.nginx_before(tmp_path / "nginx", [first, second]) as url,
            ThreadPoolExecutor(THREADS) as pool,
        ):
            posters = [Poster(hub, number, url) for number in range(THREADS)]
            posting = [pool.submit(poster.run) for poster in posters]
            time.sleep(dice.uniform(0.2, 0.6))
            assert not any(one.done() for one in posting)
            kill(keeping)
            for one in posting:
                one.result()
            check_each_record_once(hub, posters)
            hub.take({"key": "new", "title": "Something new"})
            hub.publish()
            wait_for(lambda: "Something new" in requests.get(f"{url}/", timeout=10).text, 30)


# -- locks that hold for every machine


def on_another_machine(folder: Path, tmp_path: Path) -> HubFolder:
    """The same hub as a machine sees it that shares the folder by a network disk without locks of its own."""
    there = tmp_path / "mounted"
    there.mkdir()
    for path in folder.iterdir():
        if path.suffix != ".lock":
            (there / path.name).symlink_to(path)
    return HubFolder(there)


def test_a_lock_that_one_machine_holds_is_held_for_all(hub: TestHub, tmp_path: Path) -> None:
    here, there = hub.hub.folder, on_another_machine(hub.folder, tmp_path)
    with locks.held(here, locks.PUBLISHING):
        with locks.held_if_free(there, locks.PUBLISHING) as free:
            assert not free
        with locks.held_if_free(there, locks.COMPACTING) as free:
            assert free, "another lock is another matter"
        taken: list[float] = []

        def wait_for_it() -> None:
            with locks.held(there, locks.PUBLISHING):
                taken.append(time.monotonic())

        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
        waiting.join(0.5)
        assert not taken
        freed = time.monotonic()
    waiting.join(10)
    assert taken and taken[0] >= freed
    with locks.held_if_free(there, locks.PUBLISHING) as free:
        assert free


def test_publishers_on_two_machines_sign_one_after_the_other(hub: TestHub, tmp_path: Path) -> None:
    there = on_another_machine(hub.folder, tmp_path)
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(_publish_often, root, number) for number, root in enumerate((hub.folder, there.root))]:
            one.result()
    _check_in_full(hub, tmp_path)


def test_servers_on_two_machines_each_show_the_news_and_either_goes_on_alone(hub: TestHub, tmp_path: Path) -> None:
    """They share the folder on a network disk, and each has its pages' replica on its own disk."""
    there = on_another_machine(hub.folder, tmp_path)
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    with (
        serving(hub.folder, tmp_path / "replica1") as (one, first),
        serving(there.root, tmp_path / "replica2") as (_other, second),
        servers.nginx_before(tmp_path / "nginx", [first, second]) as url,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        for port in (first, second):
            wait_until_shown(f"http://127.0.0.1:{port}/", "Cook for ten")
        posters = [Poster(hub, number, url) for number in range(THREADS)]
        posting = [pool.submit(poster.run, 2) for poster in posters]
        hub.take({"key": "new", "title": "Something new"})
        hub.publish()
        for port in (first, second):
            wait_until_shown(f"http://127.0.0.1:{port}/", "Something new")
        kill(one)
        for each in posting:
            each.result()
        hub.take({"key": "more", "title": "Something more"})
        hub.publish()
        wait_until_shown(f"http://127.0.0.1:{second}/", "Something more")
        wait_for(lambda: _is_kept(hub), 30)
    check_each_record_once(hub, posters)
    assert not list((hub.folder / "replica").glob("replica-*.db"))


def wait_until_shown(address: str, words: str) -> None:
    wait_for(lambda: words in requests.get(address, timeout=10).text, 60)


def test_machines_do_not_share_a_replica(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(locks, "machine", lambda: "touchpoint on the other machine")
        held = locks.held(hub.hub.folder, locks.KEEPING)
        held.__enter__()
    try:
        said = CliRunner().invoke(main, ["serve", "--data", str(hub.folder), "--port", "0"])
        assert said.exit_code == 1 and "(touchpoint on the other machine): let each have" in said.output, said.output
        monkeypatch.setenv("TOUCHPOINT_REPLICA_FOLDER", str(hub.folder / "own"))
        locks.check_machine(HubFolder(hub.folder))
    finally:
        held.__exit__(None, None, None)
    monkeypatch.delenv("TOUCHPOINT_REPLICA_FOLDER")
    locks.check_machine(HubFolder(hub.folder))


def test_a_lock_whose_holder_dies_is_free(hub: TestHub) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from sync.hub import locks\nfrom sync.hub.folder import HubFolder\n"
        "with locks.held(HubFolder(Path(sys.argv[1])), locks.COMPACTING): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(hub.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        with locks.held_if_free(hub.hub.folder, locks.COMPACTING) as free:
            assert not free
        holder.kill()
        holder.wait(10)
    with locks.held(hub.hub.folder, locks.COMPACTING):
        pass


def test_a_copy_of_the_folder_is_no_second_server(hub: TestHub, kiosk: TestKiosk, tmp_path: Path) -> None:
    """Each copy would publish on its own, and kiosks would believe neither: it is refused as soon as it shows."""
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    shutil.copytree(hub.folder, tmp_path / "copy")
    copy = Hub(HubFolder(tmp_path / "copy"))
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    for refused in (copy.publish, copy.publisher.sign_anew_if_due, copy.publisher.sign_anew):
        with pytest.raises(HubError, match="it is a copy of the hub's folder"):
            refused()
    copy.close()
    said = CliRunner().invoke(main, ["publish", "--data", str(tmp_path / "copy")])
    assert said.exit_code == 1 and "Several servers of one hub share one folder" in said.output, said.output
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated" and "Something new" in kiosk.titles()


def test_a_database_is_not_moved_from_under_its_server(hub: TestHub, tmp_path: Path) -> None:
    with contextlib.closing(TestHub(tmp_path / "plain")) as other:
        for served in (hub, other):
            served.serve()
            wait_for(lambda served=served: _is_kept(served))  # type: ignore[misc]
            with pytest.raises(HubError, match=r"a server looks after .*: end it first"):
                moving.move(served.hub.database.url, f"sqlite:///{tmp_path}/to.db")
            served.stop()
        moving.move(other.hub.database.url, f"sqlite:///{tmp_path}/to.db")
    with pytest.raises(HubError, match="exists already"):
        moving.move(hub.hub.database.url, f"sqlite:///{tmp_path}/to.db")


def _is_kept(hub: TestHub) -> bool:
    with locks.held_if_free(hub.hub.folder, locks.KEEPING) as free:
        return not free
