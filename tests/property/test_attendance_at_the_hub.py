"""Random histories of shops that log: however records arrive, the hub's sums are those of the shops' own screens."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from sync.attendance import Entry, Totals, in_force, totals
from sync.hub.reports import counting
from sync.hub.reports.attendance import Scope, Sums
from sync.hub.store.schema import attendance, head_count, quarantine, received, session_held
from sync.records import Attendance, Upward
from tests.conftest import TestHub
from tests.support.logging_shop import LoggingShop

SESSIONS = [f"01890000-0000-7000-8000-{n:012x}" for n in range(3)]
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
TABLES = (attendance, session_held, head_count, received, quarantine)

bodies = st.builds(
    Attendance,
    session=st.sampled_from(SESSIONS),
    at=st.sampled_from(["2026-11-01T10:00:00+00:00", "2026-10-31T23:30:00+00:00"]),
    role=st.sampled_from(["visitor", "visitor", "helper"]),
    people=st.integers(1, 6),
    first_time=st.sampled_from(["", "first", "again"]),
    topics=st.lists(st.sampled_from(["email", "jobs", "odd"]), max_size=3),
    outcome=st.sampled_from(["", "solved", "unmet", "unmet_money"]),
    minutes=st.none() | st.integers(0, 90),
)
steps = st.lists(
    st.tuples(st.integers(0, 1), bodies, st.none() | st.integers(0, 30), st.booleans()), min_size=1, max_size=25
)
"""Who logs (of two kiosks), what, which of its own records that corrects, and whether it is void."""


@pytest.fixture(scope="module")
def shops() -> Iterator[tuple[TestHub, list[LoggingShop]]]:
    root = Path(tempfile.mkdtemp(prefix="attendance-", dir=MEMORY))
    hub = TestHub(root / "hub")
    yield hub, [LoggingShop(hub.hub, name) for name in ("Mill Lane", "Brook Street")]
    hub.close()
    shutil.rmtree(root)


def logged(shops: list[LoggingShop], told: list[Any]) -> list[list[Upward]]:
    """What each kiosk has made, in its order."""
    made: list[list[Upward]] = [[], []]
    for kiosk, body, corrects, void in told:
        firsts = [one for one in made[kiosk] if not one.body.get("corrects")]
        if corrects is not None and firsts:
            body = msgspec.structs.replace(body, corrects=firsts[corrects % len(firsts)].id, void=void)
        made[kiosk].append(shops[kiosk].record("attendance", msgspec.to_builtins(body)))
    return made


def expected(made: list[list[Upward]]) -> dict[str, Totals]:
    """What the shops' own screens would say, by session."""
    by_session: dict[str, list[Entry]] = defaultdict(list)
    for records in made:
        entries = [Entry(one.id, one.id, one.seq, msgspec.convert(one.body, Attendance)) for one in records]
        for entry in in_force(entries):
            by_session[entry.body.session].append(entry)
    return {session: totals(entries) for session, entries in by_session.items()}


def same(sums: Sums, wanted: Totals) -> None:
    for name in ("visits", "records", "first_time", "again", "helpers", "helpers_in", "helper_minutes"):
        assert getattr(sums, name) == getattr(wanted, name), name
    assert +sums.topics == +wanted.topics and +sums.outcomes == +wanted.outcomes


@given(told=steps, described=st.booleans(), seed=st.integers(0, 1 << 32), batch=st.integers(1, 9))
@settings(max_examples=120)
def test_the_sums_are_those_of_the_shops(
    shops: tuple[TestHub, list[LoggingShop]], told: list[Any], described: bool, seed: int, batch: int
) -> None:
    hub, kiosks = shops
    with hub.hub.database.writing() as db:
        for table in TABLES:
            db.execute(table.delete())
    made = logged(kiosks, told)
    if described:
        kiosks[0].send(*(kiosks[0].held(session) for session in SESSIONS))
    chance = random.Random(seed)
    for kiosk, records in zip(kiosks, made, strict=True):
        mixed = [*records, *chance.sample(records, len(records) // 3)]  # some come twice
        chance.shuffle(mixed)
        for at in range(0, len(mixed), batch):
            outcomes = {answer.outcome for answer in kiosk.send(*mixed[at : at + batch])}
            assert outcomes <= {"accepted", "duplicate"}
    wanted = expected(made)
    with hub.hub.database.reading() as db:
        by_session = {row.key: row.sums for row in counting.figures(db, "session", Scope()).rows}
        for session in SESSIONS:
            same(by_session.get(session, Sums()), wanted.get(session, Totals()))
        every = [entry for records in made for entry in in_force(
            Entry(one.id, one.id, one.seq, msgspec.convert(one.body, Attendance)) for one in records
        )]  # fmt: skip
        _every_report(db, totals(every), every)


def _every_report(db: Connection, wanted: Totals, every: list[Entry]) -> None:
    for by in ("session", "shop", "topic", "month"):
        report = counting.figures(db, by, Scope())
        same(report.total, wanted)
        if by != "topic":
            assert sum(row.sums.visits for row in report.rows) == wanted.visits
            assert sum(row.sums.sessions for row in report.rows) == report.total.sessions
    topics = {row.key: row.sums for row in counting.figures(db, "topic", Scope()).rows}
    assert {key: sums.visits for key, sums in topics.items()} == dict(+wanted.topics)
    unmet: Counter[str] = Counter()
    for body in (entry.body for entry in every):
        if body.role == "visitor" and body.outcome in ("unmet", "unmet_money"):
            unmet.update(dict.fromkeys(set(body.topics), body.people))
    assert {key: sums.unmet for key, sums in topics.items() if sums.unmet} == dict(unmet)
    assert report.total.unmet_topics == unmet
