"""SIGKILL at any moment of whoever logs a surgery and of the agent that sends it, while the hub is served.

What was confirmed is at the hub once; what the screen showed was never more than what is on the disk; and both ends add
it up to the same.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import msgspec
import pytest

from sync import attendance
from sync.attendance import Entry
from sync.records import Attendance
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.faults.test_kills import moved
from tests.support.processes import agent, kill, process, received
from tests.support.proxy import Proxy
from tests.support.surgery import plain
from tests.support.tally import survived

LIVES = 5
"""So many lives of whoever logs share a session."""


@dataclass
class Logger:
    """Whoever logs, life after life, and what he was told."""

    kiosk: TestKiosk
    told: Path
    out: IO[str]
    dice: random.Random
    lives: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    halfway: Counter[str] = field(default_factory=Counter)
    shown: int = 0
    _read: int = 0

    @property
    def session(self) -> str:
        return str(UUID(int=0x0189_0000_0000_7000_8000_0000_0000_0000 + self.lives // LIVES))

    def live(self) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
        words = ("tests.faults.visitors", str(self.kiosk.folder), self.session, str(self.dice.random()))
        return process(*words, stdout=self.out)

    def has_told(self) -> bool:
        return self.told.stat().st_size > self._read

    def wait_till_he_begins(self) -> None:
        """Until he is in the middle of something, or half a second has gone."""
        end = time.monotonic() + 0.5
        with self.told.open("rb") as file:
            while time.monotonic() < end:
                file.seek(max(self._read, self.told.stat().st_size - 200))
                if file.read().rpartition(b"\n")[0].rpartition(b"\n")[2].startswith(b"begin"):
                    return

    def died(self) -> None:
        """Compare what he was told with what is on the disk now."""
        with self.told.open("rb") as file:
            file.seek(self._read)
            said = file.read()
        self._read += len(said)
        lines = [line.split() for line in said.decode().splitlines()]
        counts, begun = self.counts.setdefault(self.session, {}), list[str]()
        for word, *rest in lines:
            if word == "begin":
                begun = rest
            elif word == "done":
                begun = []
                self._done(counts, *rest)
            else:
                self.shown += 1
                assert rest == [str(sum(counts.values())), str(len(counts))], "the screen showed something else"
        self._compare(counts, begun)
        self.lives += 1

    def _done(self, counts: dict[str, int], what: str, root: str, people: str, record_id: str) -> None:
        self.confirmed.add(record_id)
        if what == "void":
            del counts[root]
        else:
            counts[root] = int(people)

    def _compare(self, counts: dict[str, int], begun: list[str]) -> None:
        """All that was confirmed counts, and of what was begun all or nothing."""
        self.kiosk.restart()
        entries = self.kiosk.services.log.entries(self.session)
        there = {entry.id: entry.body.people for entry in entries}
        if begun and there != counts:
            what, root, people = begun
            self.halfway[what] += 1
            if what == "add":
                (root,) = there.keys() - counts.keys()
            before = sum(counts.values())
            self._done(counts, what, root, people, entries[-1].last_id if what == "add" else root)
            assert what != "add" or sum(there.values()) > before, "the screen had shown more than is here"
        assert there == counts
        assert self.kiosk.services.log.waiting() >= 0


@pytest.mark.timeout(1800)
def test_kills_while_logging_lose_and_double_nothing(hub: TestHub, shop: TestKiosk, tmp_path: Path, long: bool) -> None:
    kills, dice = (300 if long else 20), random.Random(23)
    told, killed, passed = tmp_path / "told", Counter[str](), 0
    with Proxy(lambda: hub.port) as line, contextlib.ExitStack() as lives:
        logger = Logger(shop, told, lives.enter_context(told.open("a")), dice)
        moved(shop, line.url)
        running: dict[str, subprocess.Popen[str]] = {}
        while killed.total() < kills:
            if "logger" not in running:
                running["logger"] = lives.enter_context(logger.live())
            if "agent" not in running:
                running["agent"] = lives.enter_context(agent(shop.folder))
                passed = line.passed_bytes
            wait_for(logger.has_told, 30)
            wait_for(partial(_has_passed, line, passed), 30)
            threading.Event().wait(dice.uniform(0, 0.4))
            if dice.random() < 0.6:
                logger.wait_till_he_begins()
            for victim in dice.choice((["logger"], ["agent"], ["agent", "logger"], ["logger", "agent"])):
                assert running[victim].poll() is None, f"the {victim} ended by itself"
                kill(running.pop(victim))
                killed[victim] += 1
            if "logger" not in running:
                logger.died()
        for left in running.values():
            kill(left)
        if "logger" in running:
            logger.died()
    moved(shop, hub.url)
    shop.restart()
    assert shop.sync().heard and shop.services.log.waiting() == 0
    rows = [row for row in received(hub.folder) if row["kind"] == "attendance"]
    ids = Counter(row["id"] for row in rows)
    assert logger.confirmed <= ids.keys(), "a visit that was confirmed is not at the hub"
    assert set(ids.values()) == {1} and len({(row["device_id"], row["seq"]) for row in rows}) == len(rows)
    assert len(rows) <= len(logger.confirmed) + logger.lives
    assert len(logger.counts) == -(-logger.lives // LIVES)
    both_ends_agree(shop, rows, logger.counts)
    survived(
        "kills while a surgery is logged",
        SIGKILLs=killed.total(),
        of_the_agent=killed["agent"],
        records_confirmed=len(logger.confirmed),
        totals_shown=logger.shown,
        kept_but_never_told=logger.halfway.total(),
        sessions=len(logger.counts),
    )


def _has_passed(line: Proxy, before: int) -> bool:
    return line.passed_bytes > before


def both_ends_agree(shop: TestKiosk, rows: list[dict[str, Any]], counts: dict[str, dict[str, int]]) -> None:
    """The sums over what the hub received are those that the screen shows, of every session."""
    entries = [
        Entry(row["id"], row["id"], row["seq"], msgspec.convert(row["body"], Attendance))
        for row in random.Random(1).sample(rows, len(rows))
    ]
    for session_id, people in counts.items():
        session = shop.services.log.session(session_id)
        here = plain(shop.services.log.view(session).totals) if session else None
        there = attendance.totals(attendance.in_force(one for one in entries if one.body.session == session_id))
        assert here == plain(there) and there.visits == sum(people.values())
