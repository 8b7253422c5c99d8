"""The worker is killed, power and network go, paper ends, all at once: no slip is lost, and none comes twice."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kiosk.store.queue import Job, PrintQueue
from kiosk.store.records import Records
from tests.printers.escpos_double import EscposDouble, symbols
from tests.printers.samples import a_slip, an_item
from tests.support import processes

COUNT, LONG_COUNT = 40, 1_000
AT_ONCE = 3
"""So many slips wait at most; more would wait longer than their visitors."""
SETTLED_S = 60.0
MENDED_S = 0.5

pytestmark = pytest.mark.timeout(3000)


class Worker:
    """The spooler's process, which can be killed and comes again."""

    def __init__(self, folder: Path, address: str) -> None:
        self._words = ("tests.printers.spooling", str(folder), address)
        self._open = ExitStack()
        self.kills = 0
        self.start()

    def start(self) -> None:
        running = processes.process(*self._words, stderr=subprocess.DEVNULL)
        self._running = self._open.enter_context(running)

    def kill(self) -> None:
        self.kills += 1
        processes.kill(self._running)
        self.start()

    def end(self) -> None:
        self._open.close()


@contextmanager
def shop(folder: Path, double: EscposDouble) -> Iterator[tuple[PrintQueue, Worker]]:
    records = Records(folder / "records.db")
    worker = Worker(folder, f"tcp://127.0.0.1:{double.port}")
    try:
        yield PrintQueue(records), worker
    finally:
        worker.end()
        records.close()


def mischief(
    double: EscposDouble, worker: Worker, rng: random.Random
) -> list[tuple[Callable[[], None], Callable[[], None]]]:
    """What goes wrong, each with what puts it right."""

    def nothing() -> None:
        pass

    return [
        (worker.kill, nothing),
        (double.cut_power, double.power_on),
        (lambda: double.cut_power_at(rng.randrange(60_000)), double.power_on),
        (double.paper_out, double.paper_in),
        (lambda: double.paper_out_at(rng.randrange(1, 900)), double.paper_in),
        (double.open_cover, double.close_cover),
        (double.drop_network, double.network_back),
        (double.answer_busy, lambda: double.answer_busy(False)),
    ]


def torment(queue: PrintQueue, double: EscposDouble, worker: Worker, count: int, seed: int) -> list[Job]:
    """Print so many slips while all that goes wrong goes wrong; returns the jobs as they end."""
    rng = random.Random(seed)
    wrong = mischief(double, worker, rng)
    ids: list[str] = []

    def mends_all() -> None:
        for _breaks, mends in wrong:
            mends()

    for number in range(count):
        ids.append(queue.add(a_slip(an_item(number))))
        if rng.random() < 0.5:
            breaks, mends = rng.choice(wrong)
            time.sleep(rng.uniform(0, 0.1))
            breaks()
            time.sleep(rng.uniform(0.02, 0.4))
            mends()
        until(lambda: sum(not job.ended for job in jobs(queue, ids[-20:])) < AT_ONCE, mends_all)
    until(lambda: all(job.ended for job in jobs(queue, ids)), mends_all)
    return jobs(queue, ids)


def jobs(queue: PrintQueue, ids: list[str]) -> list[Job]:
    return [job for job_id in ids if (job := queue.job(job_id))]


def until(so: Callable[[], bool], mends: Callable[[], None]) -> None:
    """Waits; what was to go wrong at some byte or row may do so meanwhile, and is put right."""
    deadline, mends_at = time.monotonic() + SETTLED_S, time.monotonic() + MENDED_S
    while not so():
        assert time.monotonic() < deadline, "the queue is stuck"
        if time.monotonic() > mends_at:
            mends()
            mends_at += MENDED_S
        time.sleep(0.02)


def out(double: EscposDouble) -> Counter[str]:
    """On how many papers each slip is."""
    return Counter(said for paper in double.papers for said in set(symbols(paper)))


def test_with_a_printer_that_confirms_none_is_lost_and_none_comes_twice(tmp_path: Path, long: bool) -> None:
    with EscposDouble() as double, shop(tmp_path, double) as (queue, worker):
        double.slow(20_000)
        ended = torment(queue, double, worker, LONG_COUNT if long else COUNT, seed=11)
    papers = out(double)
    assert Counter(job.state for job in ended) == {"printed": len(ended)}
    assert {job.slip.items[0].address: 1 for job in ended} == papers
    assert not double.faults
    assert worker.kills and any(job.attempt > 1 for job in ended), "nothing went wrong: the test is toothless"


def test_with_a_plain_printer_none_comes_twice_and_each_unknown_one_is_offered_again(
    tmp_path: Path, long: bool
) -> None:
    with EscposDouble(confirms=False) as double, shop(tmp_path, double) as (queue, worker):
        double.slow(20_000)
        ended = torment(queue, double, worker, LONG_COUNT if long else COUNT, seed=12)
        papers = out(double)
        assert max(papers.values()) == 1
        assert {job.state for job in ended} <= {"unknown", "shown"}
        assert not double.rubbish, "a command was printed as text"
        worker.end()
        lost = [job for job in ended if not papers[job.slip.items[0].address]]
        assert lost, "nothing went wrong: the test is toothless"
        assert all(queue.again(job.id) for job in lost)
