"""Random histories of a log: what a screen shows is always what a simple model says, and what is on disk."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.domain.attendance import LogSession
from kiosk.errors import AttendanceError
from sync import attendance, outbox
from sync.attendance import Entry
from sync.messages import Answer
from sync.records import Attendance
from tests.support.surgery import MEMORY, Surgery, plain
from tests.support.tally import survived

FIELDS: Final = {
    "topics": st.lists(st.sampled_from(attendance.TOPICS), max_size=3),
    "people": st.integers(1, 6),
    "first_time": st.sampled_from(attendance.FIRST_TIMES),
    "outcome": st.sampled_from(("", *attendance.OUTCOMES)),
    "minutes": st.none() | st.integers(0, 240),
    "role": st.sampled_from(attendance.ROLES),
}
visits = st.fixed_dictionaries(FIELDS)
changes = st.fixed_dictionaries({}, optional=FIELDS)
numbers = st.integers(0, 10_000)
which = st.integers(0, 2)


class Logs(RuleBasedStateMachine):
    """Three sessions at once, one of them in no diary; two processes' worth of services over one file."""

    done: ClassVar[Counter[str]] = Counter()
    processes: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="logs-", dir=MEMORY))
        self.unit = Surgery(self.folder)
        self.unit.diary({}, {"id": "01890000-0000-7000-8000-0000000000b0", "r": 3, "title": "Beside it"})
        self.sessions: list[LogSession] = [*self.unit.log.sessions(), self.unit.log.new_session()]
        self.counts: dict[str, tuple[str, dict[str, Any]]] = {}
        self.ids: dict[str, list[str]] = {}
        self.gone: list[str] = []
        self.heads: dict[str, int] = {}

    def teardown(self) -> None:
        self.unit.close()
        if self.counts and Logs.processes < 8:
            Logs.processes += 1
            self._what_another_process_says()
        shutil.rmtree(self.folder)

    # -- what is done

    @initialize(first=st.lists(st.tuples(which, visits), min_size=2, max_size=6))
    def begin(self, first: list[tuple[int, dict[str, Any]]]) -> None:
        for session, said in first:
            self.add(session, said)

    @rule(session=which, said=visits)
    def add(self, session: int, said: dict[str, Any]) -> None:
        entry = self.unit.log.add(self.sessions[session], **said)
        self.counts[entry.id] = (self.sessions[session].id, said)
        self.ids[entry.id] = [entry.id]
        self.done["records"] += 1

    @precondition(lambda self: self.counts)
    @rule(several=st.lists(st.tuples(numbers, numbers, changes), min_size=1, max_size=4))
    def change(self, several: list[tuple[int, int, dict[str, Any]]]) -> None:
        for number, by, said in several:
            root, record_id = self._one(number, by)
            entry = self.unit.log.change(record_id, **said)
            assert entry.id == root
            session, before = self.counts[root]
            self.counts[root] = (session, before | said)
            self.ids[root].append(entry.last_id)
            self.done["corrections"] += 1

    @precondition(lambda self: self.counts)
    @rule(number=numbers, by=numbers)
    def void(self, number: int, by: int) -> None:
        root, record_id = self._one(number, by)
        self.unit.log.void(record_id)
        del self.counts[root]
        self.gone += self.ids.pop(root)
        self.done["taken_away"] += 1

    @precondition(lambda self: self.gone)
    @rule(number=numbers, said=changes)
    def change_what_is_gone(self, number: int, said: dict[str, Any]) -> None:
        with pytest.raises(AttendanceError):
            self.unit.log.change(self.gone[number % len(self.gone)], **said)

    @rule(session=which, people=st.sampled_from([0, 501]))
    def add_what_cannot_be(self, session: int, people: int) -> None:
        with pytest.raises(AttendanceError):
            self.unit.log.add(self.sessions[session], people=people)

    @rule(session=which, count=st.integers(0, 40))
    def count_heads(self, session: int, count: int) -> None:
        self.unit.log.count_heads(self.sessions[session], count)
        self.heads[self.sessions[session].id] = count

    @rule(number=numbers)
    def the_hub_answers_for_some(self, number: int) -> None:
        with self.unit.services.records.writing() as db:
            waiting = outbox.waiting(db, "d", limit=1 + number % 7)
            outbox.settle(db, [Answer(id=one.id, outcome="accepted") for one in waiting], "d")

    @rule()
    def restart(self) -> None:
        self.unit.restart()

    # -- what must hold

    @invariant()
    def what_is_shown_is_what_the_model_says(self) -> None:
        for session in self.sessions:
            expected = self._model(session)
            assert plain(self.unit.log.view(session).totals) == expected
            assert [entry.id for entry in self.unit.log.view(session).entries] == self._roots(session)

    @invariant()
    def what_is_shown_is_what_is_on_disk(self) -> None:
        fresh = Surgery(self.folder)
        for session in self.sessions:
            assert plain(fresh.log.view(session).totals) == plain(self.unit.log.view(session).totals)
            if self._touched(session):
                assert fresh.log.session(session.id) == session
        fresh.close()

    @invariant()
    def it_is_the_same_in_whatever_order_the_hub_reads_it(self) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "records.db")) as db:
            rows = db.execute("SELECT id, seq, body FROM outbox WHERE kind = 'attendance'").fetchall()
        random.Random(len(rows)).shuffle(rows)
        entries = [Entry(key, key, seq, msgspec.json.decode(body, type=Attendance)) for key, seq, body in rows]
        for session in self.sessions:
            sums = attendance.totals(attendance.in_force(one for one in entries if one.body.session == session.id))
            assert plain(sums) == self._model(session) | {"head_count": None}

    # -- inner

    def _one(self, number: int, by: int) -> tuple[str, str]:
        """A record that counts, and one of the ids that it is known by."""
        root = sorted(self.counts)[number % len(self.counts)]
        return root, self.ids[root][by % len(self.ids[root])]

    def _roots(self, session: LogSession) -> list[str]:
        return [root for root, (of, _said) in self.counts.items() if of == session.id]

    def _touched(self, session: LogSession) -> bool:
        return bool(self._roots(session)) or session.id in self.heads or session.event != ""

    def _model(self, session: LogSession) -> dict[str, Any]:
        said = [fields for of, fields in self.counts.values() if of == session.id]
        visitors = [one for one in said if one["role"] == "visitor"]
        helpers = [one for one in said if one["role"] == "helper"]
        topics: dict[str, int] = {}
        outcomes: dict[str, int] = {}
        for one in visitors:
            for topic in set(one["topics"]):
                topics[topic] = topics.get(topic, 0) + one["people"]
            if one["outcome"]:
                outcomes[one["outcome"]] = outcomes.get(one["outcome"], 0) + one["people"]
        return {
            "visits": sum(one["people"] for one in visitors),
            "records": len(said),
            "first_time": sum(one["people"] for one in visitors if one["first_time"] == "first"),
            "again": sum(one["people"] for one in visitors if one["first_time"] == "again"),
            "helpers": sum(one["people"] for one in helpers),
            "helpers_in": sum(one["people"] for one in helpers if one["minutes"] is None),
            "helper_minutes": sum(one["people"] * one["minutes"] for one in helpers if one["minutes"]),
            "topics": topics,
            "outcomes": outcomes,
            "head_count": self.heads.get(session.id),
        }

    def _what_another_process_says(self) -> None:
        words = [sys.executable, "-m", "kiosk", "attendance", "list", "--data", str(self.folder), "--json"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
        listed = {row["id"]: row for row in map(msgspec.json.decode, done.stdout.splitlines())}
        assert listed.keys() == self.counts.keys()
        for root, (session, said) in self.counts.items():
            assert listed[root]["session"] == session
            assert listed[root]["topics"] == list(dict.fromkeys(said["topics"]))
            same = ("people", "first_time", "outcome", "minutes", "role")
            assert {name: listed[root][name] for name in same} == {name: said[name] for name in same}


@pytest.mark.timeout(1200)
def test_the_totals_are_those_of_a_simple_model(long: bool) -> None:
    Logs.done, Logs.processes = Counter(), 0
    run_state_machine_as_test(
        Logs,
        settings=settings(
            max_examples=400 if long else 12,
            stateful_step_count=60 if long else 25,
            deadline=None,
            derandomize=not long,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # making a history shorter takes minutes
        ),
    )
    assert len(Logs.done) == 3 and Logs.processes
    survived("histories of a log", **Logs.done)
