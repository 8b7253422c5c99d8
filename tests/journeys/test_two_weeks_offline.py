"""Two weeks of surgeries without a connection, then one pass: both ends agree on every session."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from kiosk import bootstrap
from kiosk.domain.attendance import LogSession
from kiosk.services.services import Services
from kiosk.settings import Settings
from sync import attendance, outbox
from sync.attendance import Entry, Totals
from sync.records import Attendance
from tests.conftest import TestHub, TestKiosk
from tests.support.processes import received
from tests.support.surgery import MEMORY, plain
from tests.support.tally import survived

RECORDS: Final = 2_000
FIRST: Final = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
DAYS: Final = 14
EVENTS: Final = (
    {"key": "morning", "title": "Surgery", "starts": "2026-11-02T10:00:00", "ends": "2026-11-02T13:00:00"},
    {"key": "beside", "title": "Tablet corner", "starts": "2026-11-02T11:30:00", "ends": "2026-11-02T14:00:00"},
    {"key": "evening", "title": "Evening surgery", "starts": "2026-11-02T17:00:00", "ends": "2026-11-02T19:00:00"},
)
"""Daily; the first two overlap."""


class Fortnight:
    """A unit whose clock goes through two weeks."""

    def __init__(self, folder: Path) -> None:
        self.now = FIRST
        self.unit: Services = bootstrap.services(Settings(data=folder), lambda: self.now)
        self.dice = random.Random(14)
        self.done: Counter[str] = Counter()
        self.sessions: dict[str, LogSession] = {}
        self.records = 0

    def live(self) -> None:
        """Log so much every day that it makes up the whole."""
        log = self.unit.log
        for day in range(DAYS):
            for number in range(RECORDS // DAYS + 1):
                minute = 30 + 600 * number * DAYS // RECORDS
                self.now = FIRST + dt.timedelta(days=day, minutes=minute)
                session = self._session(day)
                self.sessions[session.id] = session
                self._log(session)
                if self.records >= RECORDS:
                    return
            for session in log.sessions():
                log.count_heads(session, self.dice.randint(0, 40))
                self.done["head_counts"] += 1
                self.sessions[session.id] = session

    def _session(self, day: int) -> LogSession:
        log = self.unit.log
        if day and self.dice.random() < 0.04:
            earlier = dt.date(2026, 11, 16) + dt.timedelta(days=self.dice.randrange(day))
            self.done["from_paper"] += 1
            return self.dice.choice(log.sessions(earlier))
        return log.session_at(self.now)

    def _log(self, session: LogSession) -> None:
        log, dice = self.unit.log, self.dice
        entries = log.entries(session.id)
        deed = dice.random()
        if deed < 0.12 and entries:
            log.change(dice.choice(entries).id, "staff-2", people=dice.randint(1, 6), topics=["jobs"])
            what = "corrections"
        elif deed < 0.17 and entries:
            log.void(dice.choice(entries).id, "staff-1")
            what = "taken_away"
        elif deed < 0.22:
            log.add(session, role="helper", staff="staff-1")
            what = "helpers"
        elif deed < 0.26 and (helpers := [one for one in entries if one.body.role == "helper"]):
            log.helper_out(dice.choice(helpers).id, "staff-1")
            what = "helpers_out"
        else:
            topics = dice.sample(attendance.TOPICS, dice.randint(0, 3))
            first, outcome = dice.choice(attendance.FIRST_TIMES), dice.choice(("", *attendance.OUTCOMES))
            log.add(
                session,
                topics=topics,
                people=dice.choice((1, 1, 1, 2, 5)),
                first_time=first,
                outcome=outcome,
                staff="s",
            )
            what = "visits"
        self.done[what] += 1
        self.records += 1


@pytest.fixture
def kiosk() -> Iterator[TestKiosk]:
    """A kiosk whose folder is in memory, where there is such: a fortnight is about a clock, not about a disk."""
    with tempfile.TemporaryDirectory(prefix="fortnight-", dir=MEMORY) as folder:
        made = TestKiosk(Path(folder))
        yield made
        made.services.close()


@pytest.fixture
def fortnight(hub: TestHub, kiosk: TestKiosk) -> Iterator[Fortnight]:
    """A unit that was enrolled and has the diary; since then the hub is away."""
    every_day = {"kind": "event", "rrule": "FREQ=DAILY", "attendance": True, "timezone": "Europe/London"}
    hub.take(*(every_day | event for event in EVENTS))
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated"
    hub.stop()
    kiosk.services.close()
    made = Fortnight(kiosk.folder)
    yield made
    made.unit.close()


def test_two_weeks_offline_are_sent_in_one_pass(hub: TestHub, kiosk: TestKiosk, fortnight: Fortnight) -> None:
    fortnight.live()
    log = fortnight.unit.log
    sessions = list(fortnight.sessions.values())
    shown = {session.id: log.view(session).totals for session in sessions}
    with fortnight.unit.records.reading() as db:
        made = sum(len(outbox.made(db, kind)) for kind in ("session", "attendance", "head_count"))
    assert log.waiting() == made > RECORDS and len(sessions) > 2 * DAYS
    assert {session.event == "" for session in sessions} == {True, False}
    assert all(
        fortnight.done[what] > 5 for what in ("corrections", "taken_away", "helpers", "helpers_out", "from_paper")
    )

    hub.serve()
    kiosk.restart()
    report = kiosk.sync()
    assert (report.sent, report.outcome) == (made, "current"), report
    assert kiosk.services.log.waiting() == 0

    rows = received(hub.folder)
    assert len(rows) == made and len({row["id"] for row in rows}) == made
    assert Counter(row["kind"] for row in rows)["attendance"] == RECORDS
    there = at_hub(rows)
    for session in sessions:
        assert plain(there.get(session.id, Totals())) == plain(shown[session.id]), session
    held = {row["body"]["session"]: row["body"] for row in rows if row["kind"] == "session"}
    assert held.keys() == there.keys(), "the hub does not know when some session was"
    assert all(held[key]["title"] == fortnight.sessions[key].title for key in held)
    milliseconds = round(report.seconds * 1000)
    survived("two weeks offline", records=made, ms_of_the_pass=milliseconds, sessions=len(held), **fortnight.done)


def at_hub(rows: list[dict[str, Any]]) -> dict[str, Totals]:
    """The sums of each session, over what the hub received in any order."""
    entries: dict[str, list[Entry]] = {}
    for row in random.Random(2).sample(rows, len(rows)):
        if row["kind"] == "attendance":
            body = msgspec.convert(row["body"], Attendance)
            entries.setdefault(body.session, []).append(Entry(row["id"], row["id"], row["seq"], body))
    found = {session: attendance.totals(attendance.in_force(of)) for session, of in entries.items()}
    for row in sorted(rows, key=lambda one: one["seq"]):
        if row["kind"] == "head_count":
            found.setdefault(row["body"]["session"], Totals()).head_count = row["body"]["count"]
    return found
