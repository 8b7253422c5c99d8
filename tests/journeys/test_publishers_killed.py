"""Publishers as processes: two at a time, and killed at any moment. A client looks at the set all the while."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.hub.publishing import plan, roots
from sync.hub.store import catalogue, revisions
from tests.conftest import TestHub
from tests.replicas import Reader


def hub_command(hub: TestHub, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sync.hub", *words, "--data", str(hub.folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that is to succeed."""
    _out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said.decode()


@contextmanager
def watching(hub: TestHub, folder: Path) -> Iterator[list[int]]:
    """A client that pulls all the time, sometimes from nothing; the revisions it saw. Fails if it ever is refused."""
    seen: list[int] = []
    done = threading.Event()
    root = roots.root_of(hub.hub.folder.metadata)

    def watch() -> None:
        reader = Reader(folder / "watcher", hub.folder / "catalogue", root)
        while not done.wait(0.02):
            reader.pull()
            seen.append(reader.revision)
            Reader(folder / f"fresh{len(seen)}", hub.folder / "catalogue", root).pull()

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(watch)
        try:
            yield seen
        finally:
            done.set()
        watcher.result()


def content(number: int) -> dict[str, object]:
    return {"key": f"k{number}", "title": f"Thing {number}", "body": random.Random(number).randbytes(300).hex()}


def check_in_full(hub: TestHub, folder: Path) -> None:
    """What is published is what is in the database, and a fresh kiosk gets it."""
    published = hub.hub.publisher.published()
    assert published
    with hub.hub.database.reading() as db:
        right = revisions.digest(db, published.state.revision)
        assert catalogue.last_revision(db) == published.state.revision
    assert (published.state.count, published.state.digest) == (right.count, right.hex())
    Reader(folder / "last", hub.folder / "catalogue", roots.root_of(hub.hub.folder.metadata)).pull()


@pytest.mark.both_databases
def test_two_publishers_and_a_compaction_at_once_are_safe(hub: TestHub, tmp_path: Path) -> None:
    hub.take(*(content(n) for n in range(plan.SMALL_RECORDS + 50)))
    hub.publish()
    with watching(hub, tmp_path) as seen:
        compacting = hub_command(hub, "compact")
        for round_ in range(5):
            hub.take(content(round_) | {"title": f"Round {round_}"})
            both = [hub_command(hub, "publish", "--no-compact") for _ in range(2)]
            for process in both:
                end(process)
        end(compacting)
    assert seen == sorted(seen) and len(set(seen)) > 1
    check_in_full(hub, tmp_path)


@pytest.mark.parametrize("times", [10, pytest.param(200, marks=pytest.mark.long)])
def test_a_publisher_killed_at_any_moment_leaves_a_whole_set_and_the_next_goes_on(
    hub: TestHub, tmp_path: Path, times: int
) -> None:
    dice = random.Random(times)
    hub.take(*(content(n) for n in range(plan.SMALL_RECORDS + 50)))
    hub.publish()
    killed = 0
    with watching(hub, tmp_path) as seen:
        for round_ in range(times):
            hub.take(*(content(n) | {"title": f"Round {round_}"} for n in range(dice.randint(1, 300))))
            process = hub_command(hub, "publish")
            try:
                process.communicate(timeout=dice.uniform(0.25, 2.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += 1
    assert killed, "nothing was killed"
    assert seen == sorted(seen) and len(set(seen)) > 1
    print(f"{killed} of {times} publishers killed")
    end(hub_command(hub, "publish"))
    check_in_full(hub, tmp_path)
