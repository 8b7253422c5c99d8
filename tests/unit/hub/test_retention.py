"""What is past its date goes, what it added up to stays, and deleted bytes are nowhere on the disk."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import io
import json
import logging
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uuid_utils
import zstandard
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sync import sqlite
from sync.hub import backup, forgotten, keeper, retention
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import audit as audits
from sync.hub.store import erasing, follow_ups, months, suggestions
from sync.hub.store.database import Database
from sync.hub.store.schema import (
    attendance,
    attendance_month,
    audit,
    follow_up,
    head_count,
    metadata,
    quarantine,
    received,
    session_held,
    session_month,
)
from sync.hub.suggesting import contact as maker_contact
from sync.messages import Batch
from sync.records import Item
from tests.conftest import TestHub, wait_for
from tests.support.pen import Pen, outcomes
from tests.unit.hub.test_commands import hub as run

TODAY = dt.date(2026, 11, 24)
OLD, OLDER, KEPT = "2025-09", "2025-08", "2025-10"
"""Months on both sides of the thirteen that are kept."""


class Log:
    """A hub's tables as records fill them."""

    def __init__(self, database: Database, device: str = "d1", shop: str = "s1") -> None:
        self._database = database
        self.device, self.shop, self.seq = device, shop, 0

    def session(self, month: str, **changes: Any) -> str:
        """A session held in that month; returns its id."""
        session = changes.get("session") or str(uuid_utils.uuid7())
        said = {"session": session, "starts": f"{month}-15T10:00:00", "ends": f"{month}-15T12:00:00"}
        held = {"shop_id": self.shop, "event": "", "title": "Surgery", "timezone": "UTC", "received_at": f"{month}-16"}
        with self._database.writing() as db:
            self._received(db, "session", {**said, "timezone": "UTC"}, f"{month}-16")
            if not db.execute(select(session_held).where(session_held.c.session == session)).first():
                db.execute(insert(session_held).values({**said, **held, **changes}))
        return session

    def visit(self, month: str, session: str = "", **changes: Any) -> str:
        """A record of attendance in that month; returns its id."""
        with self._database.writing() as db:
            common = self._received(db, "attendance", {"session": session, "topics": ["secret"]}, f"{month}-16")
            values = {
                "root": common["id"],
                "counts": True,
                "void": False,
                "session": session,
                "at": f"{month}-15T10:00:00.000+00:00",
                "month": month,
                "role": "visitor",
                "people": 1,
                "first_time": "",
                "topics": "",
                "outcome": "",
                "minutes": None,
                "paper": False,
                "clock_wrong": False,
                "staff": "",
            }
            db.execute(insert(attendance).values({**common, **values, **changes}))
        return str(common["id"])

    def count(self, session: str, count: int, month: str = OLD, device: str = "") -> str:
        """A head count; returns its id."""
        with self._database.writing() as db:
            common = self._received(db, "head_count", {"session": session, "count": count}, f"{month}-16")
            mine = {"device_id": device or self.device}
            values = {"session": session, "count": count, "paper": False, "staff": ""}
            db.execute(insert(head_count).values({**common, **values, **mine}))
        return str(common["id"])

    def _received(self, db: Any, kind: str, body: dict[str, Any], at: str) -> dict[str, Any]:
        self.seq += 1
        times = {"recorded_at": f"{at}T10:00:00.000+00:00", "received_at": f"{at}T10:00:01.000+00:00"}
        row = {"id": str(uuid_utils.uuid7()), "device_id": self.device, "seq": self.seq, **times}
        extra = {"kind": kind, "boot": "b", "offset_s": 1.0, "body": msgspec.json.encode(body)}
        db.execute(insert(received).values({**row, **extra}))
        return {**row, "shop_id": self.shop}


@pytest.fixture
def log(hub: TestHub) -> Log:
    return Log(hub.hub.database)


def retain(hub: TestHub, today: dt.date = TODAY, **options: Any) -> retention.Report:
    return retention.run(hub.hub.database, hub.hub.folder, today=today, **options)


def rows(hub: TestHub, table: Any) -> list[dict[str, Any]]:
    with hub.hub.database.reading() as db:
        return [dict(row._mapping) for row in db.execute(select(table))]


def sums(hub: TestHub) -> dict[tuple[str, ...], tuple[int, int, int]]:
    keys = ("month", "shop_id", "role", "topic", "first_time", "outcome")
    return {
        tuple(row[key] for key in keys): (row["records"], row["people"], row["minutes"])
        for row in rows(hub, attendance_month)
    }


def held(hub: TestHub) -> dict[tuple[str, str], tuple[int, int]]:
    return {(row["month"], row["shop_id"]): (row["sessions"], row["head_count"]) for row in rows(hub, session_month)}


def full(hub: TestHub) -> set[str]:
    """The ids of received records that are not empty."""
    return {row["id"] for row in rows(hub, received) if row["erased_at"] is None}


# -- months


def test_a_month_is_added_up_and_then_goes(hub: TestHub, log: Log) -> None:
    session = log.session(OLD)
    log.visit(OLD, session, topics="email jobs", first_time="first", outcome="solved", people=2, minutes=30)
    log.visit(OLD, session, topics="email", first_time="first", outcome="solved")
    log.visit(OLD, session, role="helper", minutes=90)
    log.visit(OLD, session, role="helper")
    log.count(session, 7)
    stays = log.visit(KEPT, log.session(KEPT))
    report = retain(hub)
    assert report == retention.Report(attendance=4, sessions=1, head_counts=1, months=1)
    assert sums(hub) == {
        (OLD, "s1", "visitor", "", "first", "solved"): (2, 3, 60),
        (OLD, "s1", "visitor", "email", "first", "solved"): (2, 3, 60),
        (OLD, "s1", "visitor", "jobs", "first", "solved"): (1, 2, 60),
        (OLD, "s1", "helper", "", "", ""): (2, 2, 90),
    }
    assert held(hub) == {(OLD, "s1"): (1, 7)}
    assert [row["id"] for row in rows(hub, attendance)] == [stays] and not rows(hub, head_count)
    assert len(rows(hub, session_held)) == 1 and len(full(hub)) == 2
    assert all(row["body"] == b"{}" for row in rows(hub, received) if row["erased_at"])
    before = (sums(hub), held(hub))
    assert retain(hub) == retention.Report() and (sums(hub), held(hub)) == before


@pytest.mark.parametrize(
    ("kept_months", "today", "gone"), [(13, "2026-10-31", 0), (13, "2026-11-01", 1), (1, "2025-11-30", 1)]
)
def test_a_month_goes_when_so_many_whole_ones_have_passed(
    hub: TestHub, log: Log, tmp_path: Path, kept_months: int, today: str, gone: int
) -> None:
    run(tmp_path, "settings set", "attendance_months", str(kept_months))
    log.visit(OLD)
    assert retain(hub, dt.date.fromisoformat(today)).attendance == gone


def test_only_what_counts_is_added_up_and_corrections_go_with_their_first(hub: TestHub, log: Log) -> None:
    first = log.visit(OLDER, counts=False)
    log.visit(KEPT, root=first, counts=False, people=4)
    log.visit(OLD, root=first, people=3)
    void = log.visit(OLD, counts=False)
    log.visit(OLD, root=void, counts=False, void=True, people=9)
    waits = log.visit(OLD, counts=False)
    corrected = log.visit(KEPT, root=waits, people=5)
    assert retain(hub).attendance == 5
    assert sums(hub) == {(OLD, "s1", "visitor", "", "", ""): (1, 3, 0)}
    assert {row["id"] for row in rows(hub, attendance)} == {waits, corrected} == full(hub)
    assert retain(hub, dt.date(2026, 12, 1)).attendance == 2
    assert sums(hub)[KEPT, "s1", "visitor", "", "", ""] == (1, 5, 0)


def test_whoever_comes_late_is_added_to_what_is_there(hub: TestHub, log: Log) -> None:
    session = log.session(OLD)
    log.visit(OLD, session, topics="email")
    log.count(session, 3)
    retain(hub)
    late = Log(hub.hub.database, "d2")
    other = late.session(OLD)
    late.visit(OLD, other, topics="email", people=2)
    late.count(other, 2)
    assert retain(hub).attendance == 1
    assert sums(hub) == {
        (OLD, "s1", "visitor", "", "", ""): (2, 3, 0),
        (OLD, "s1", "visitor", "email", "", ""): (2, 3, 0),
    }
    assert held(hub) == {(OLD, "s1"): (2, 5)}


def test_what_corrects_a_record_that_was_added_up_changes_nothing(hub: TestHub, log: Log) -> None:
    session = log.session(OLD)
    first = log.visit(OLD, session)
    log.count(session, 3)
    retain(hub)
    before = (sums(hub), held(hub))
    log.visit(
        OLD, session, root=first, counts=False, people=9
    )  # as it is taken in: nothing counts after its first went
    log.visit(OLD, session, root=first, counts=False, void=True)
    log.count(session, 99)
    retain(hub)
    assert (sums(hub), held(hub)) == before and not rows(hub, attendance) and not rows(hub, head_count)
    assert not full(hub)


def test_of_each_session_the_last_head_count_counts(hub: TestHub, log: Log) -> None:
    session = log.session(OLD)
    log.count(session, 9)
    log.count(session, 4)
    log.count(session, 2, device="d2")
    log.count(str(uuid_utils.uuid7()), 50)
    assert retain(hub).head_counts == 4
    assert held(hub) == {(OLD, "s1"): (1, 2)}


def test_a_session_that_nobody_described_counts_where_something_was_logged_in_it(hub: TestHub, log: Log) -> None:
    session, stays = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
    log.visit(OLD, session)
    log.visit(OLD, session, counts=False, void=True)
    log.visit(OLD, stays)
    log.visit(KEPT, stays)
    log.count(session, 3)
    assert retain(hub).sessions == 1
    assert held(hub) == {(OLD, "s1"): (1, 3)}
    log.visit(OLD, session)
    assert retain(hub).attendance == 1
    assert held(hub) == {(OLD, "s1"): (1, 3)}, "that session was counted"


def test_a_session_stays_as_long_as_somebodys_attendance_of_it(hub: TestHub, log: Log) -> None:
    session = log.session("1970-01")  # by a clock that was wrong
    log.visit(KEPT, session)
    log.count(session, 4)
    assert retain(hub) == retention.Report() and len(full(hub)) == 3
    retain(hub, dt.date(2026, 12, 1))
    assert held(hub) == {("1970-01", "s1"): (1, 4)} and not full(hub)


def test_what_another_shop_said_of_a_session_goes_too(hub: TestHub, log: Log) -> None:
    session = log.session(OLD)
    Log(hub.hub.database, "d2", "s2").session(OLD, session=session)
    retain(hub)
    assert held(hub) == {(OLD, "s1"): (1, 0)} and not full(hub)


def test_months_and_shops_are_added_up_apart(hub: TestHub, log: Log) -> None:
    log.visit(OLD)
    log.visit(OLDER)
    Log(hub.hub.database, "d2", "s2").visit(OLD)
    assert retain(hub).months == 2
    assert {key[:2] for key in sums(hub)} == {(OLD, "s1"), (OLDER, "s1"), (OLD, "s2")}


def many(hub: TestHub, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than goes into one statement, over two months."""
    monkeypatch.setattr(erasing, "AT_ONCE", 3)
    for month in (OLDER, OLD):
        session = log.session(month)
        for _ in range(7):
            log.visit(month, session, topics="email")
        log.count(session, 7)


@pytest.mark.parametrize("where", ["_add", "_close_sessions", "_close_lost_counts"])
def test_a_run_that_is_cut_short_neither_loses_nor_doubles(
    hub: TestHub, log: Log, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    many(hub, log, monkeypatch)
    inner, calls = getattr(months, where), 0

    def failing(*words: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise InterruptedError
        return inner(*words)

    with monkeypatch.context() as patch:
        patch.setattr(months, where, failing)
        with pytest.raises(InterruptedError):
            retain(hub)
    done = {month for month, *_ in sums(hub)}
    assert {row["month"] for row in rows(hub, attendance)} == {OLDER, OLD} - done
    assert {month for month, _shop in held(hub)} == done
    retain(hub)
    assert sums(hub)[OLDER, "s1", "visitor", "", "", ""] == (7, 7, 0)
    assert sums(hub)[OLD, "s1", "visitor", "email", "", ""] == (7, 7, 0)
    assert held(hub) == {(OLDER, "s1"): (1, 7), (OLD, "s1"): (1, 7)} and not full(hub)


DYING = """
import datetime as dt, os, signal, sys
from pathlib import Path
from sync.hub import retention
from sync.hub.folder import HubFolder
from sync.hub.store import erasing
from sync.hub.store.database import Database

left, erase = int(sys.argv[2]), erasing.erase

def dying(db, ids):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return erase(db, ids)

erasing.erase = dying
folder = HubFolder(Path(sys.argv[1]))
retention.run(Database(folder.database_url), folder, today=dt.date(2026, 11, 24))
"""


def test_a_run_that_is_killed_neither_loses_nor_doubles(
    hub: TestHub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(hub, log, monkeypatch)
    for dies_at in (2, 3, 5):  # before the first month is whole, within it, and in the second
        words = [sys.executable, "-c", DYING, str(hub.folder), str(dies_at)]
        assert subprocess.run(words, timeout=60).returncode == -signal.SIGKILL
        assert {month for month, *_ in sums(hub)}.isdisjoint(row["month"] for row in rows(hub, attendance))
    retain(hub)
    assert {key[0]: count for key, count in sums(hub).items() if not key[3]} == {OLDER: (7, 7, 0), OLD: (7, 7, 0)}
    assert held(hub) == {(OLDER, "s1"): (1, 7), (OLD, "s1"): (1, 7)} and not full(hub)


# -- the other rules


def days(hub: TestHub, table: Any, column: str, *ages: dt.timedelta) -> None:
    """Rows of these ages, by that column."""
    today = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    at = [(today - age).isoformat(timespec="milliseconds") for age in ages]
    with hub.hub.database.writing() as db:
        for one in at:
            others = {each.name: "x" for each in table.c if each.name not in (column, "number")}
            others |= {"body": b"{}"} if "body" in others else {}
            db.execute(insert(table).values({**others, column: one}))


def test_refused_records_go_after_90_days_and_audit_entries_after_25_months(hub: TestHub) -> None:
    days(hub, quarantine, "received_at", dt.timedelta(89), dt.timedelta(92))
    days(hub, audit, "at", dt.timedelta(30 * 24), dt.timedelta(31 * 27))
    report = retain(hub)
    assert (report.refused, report.audit) == (1, 1)
    assert len(rows(hub, quarantine)) == len(rows(hub, audit)) == 1


def test_a_follow_up_goes_on_its_day(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    asked = pen.asks()
    outcomes(hub.hub, pen.id, asked)
    day = dt.date.fromisoformat(rows(hub, follow_up)[0]["delete_on"])
    assert retain(hub, day - dt.timedelta(1)) == retention.Report()
    assert retain(hub, day) == retention.Report(follow_ups=1)
    assert not rows(hub, follow_up) and not full(hub)
    assert outcomes(hub.hub, pen.id, asked) == ["duplicate"] and not rows(hub, follow_up)
    assert not rows(hub, audit), "nobody asked for it"


def test_usage_and_kinds_that_nobody_knows_stay(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    long_ago = "2019-01-01T00:00:00.000+00:00"
    records = [pen.record("usage", {"n": 1}, long_ago), pen.record("other", {"n": 2}, long_ago)]
    outcomes(hub.hub, pen.id, *records)
    with hub.hub.database.writing() as db:
        db.execute(update(received).values(received_at=long_ago))
    assert retain(hub) == retention.Report() and full(hub) == {one.id for one in records}


def everything_old(hub: TestHub, log: Log) -> Pen:
    pen = Pen(hub.hub)
    outcomes(hub.hub, pen.id, pen.asks(contact="secret@example.org"))
    with hub.hub.database.writing() as db:
        db.execute(update(follow_up).values(delete_on="2020-01-01"))
    session = log.session(OLD)
    log.visit(OLD, session)
    log.visit(OLD, session)
    log.count(session, 4)
    days(hub, quarantine, "received_at", dt.timedelta(1000))
    days(hub, audit, "at", dt.timedelta(1000))
    return pen


def test_the_command_says_what_goes_and_what_would(hub: TestHub, log: Log, tmp_path: Path) -> None:
    everything_old(hub, log)
    before = {table.name: rows(hub, table) for table in metadata.sorted_tables}
    words = "1 follow-up, 2 attendance records, 1 session, 1 head count, 1 refused record, 1 audit entry."
    assert run(tmp_path, "retention", "--dry-run").output == f"Would delete {words}\n"
    counted = json.loads(run(tmp_path, "retention", "--dry-run", "--json").output)
    assert {table.name: rows(hub, table) for table in metadata.sorted_tables} == before
    assert json.loads(run(tmp_path, "retention", "--json").output) == counted
    assert counted["months"] == 1 and counted["follow_ups"] == 1
    assert run(tmp_path, "retention").output == "Nothing is past its date.\n"


def test_a_dry_run_counts_once_what_several_months_could_take(hub: TestHub, log: Log) -> None:
    """What nobody's attendance is left of may go with its own month or with a later one."""
    first = log.visit(OLDER, log.session(OLDER), counts=False, void=True)
    log.visit(OLDER, root=first, counts=False, void=True)
    log.count(log.session(OLDER), 3)
    log.count(str(uuid_utils.uuid7()), 5, OLDER)
    log.visit(OLD, log.session(OLD))
    said = retain(hub, dry_run=True)
    assert said == retain(hub)
    assert (said.attendance, said.sessions, said.head_counts, said.months) == (3, 3, 2, 2)


def test_one_line_of_counts_is_logged_and_only_if_there_were_any(
    hub: TestHub, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    everything_old(hub, log)
    retain(hub, dry_run=True)
    retain(hub)
    retain(hub)
    assert [line for line in caplog.messages if line.startswith("retention")] == [
        "retention: deleted 1 follow-up, 2 attendance records, 1 session, 1 head count, 1 refused record, 1 audit entry"
    ]


def test_a_serving_hub_forgets_by_itself_every_day(hub: TestHub, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LOOK_FOR_DAY_S", 0.05)
    runs: list[dt.date] = []
    whole = retention.run

    def counted(*words: Any, today: dt.date) -> retention.Report:
        runs.append(today)
        return whole(*words, today=today)

    monkeypatch.setattr(retention, "run", counted)
    everything_old(hub, log)
    hub.publish()
    hub.serve()
    wait_for(lambda: not rows(hub, follow_up))
    wait_for(lambda: not rows(hub, attendance))
    hub.stop()
    assert len(runs) == 1 or len(set(runs)) == len(runs), "once a day is enough"


# -- deleted means deleted


def files_of(hub: TestHub) -> dict[str, bytes]:
    """The database's files as they lie on the disk."""
    return {path.name: path.read_bytes() for path in hub.folder.glob("hub.db*")}


def anywhere(hub: TestHub, *wanted: bytes) -> list[str]:
    return [name for name, content in files_of(hub).items() for one in wanted if one in content]


@pytest.mark.sqlite
@pytest.mark.parametrize("way", ["delete", "forget", "withdraw", "retention"])
def test_the_letter_of_a_deleted_follow_up_is_nowhere_in_the_files(hub: TestHub, tmp_path: Path, way: str) -> None:
    pen = Pen(hub.hub)
    asked = [pen.asks(f"Ann{n}", "ann@example.org" if n % 2 else "x" * (n * 7 % 900)) for n in range(60)]
    hub.hub.take(pen.id, Batch(records=asked))
    letters = [base64.b64decode(one.body["sealed"]) for one in asked]
    marks = [[raw[-40:], base64.b64encode(raw)[-60:-4]] for raw in letters]
    assert all(anywhere(hub, *both) for both in marks)
    gone = asked if way == "retention" else asked[1::2]
    if way == "withdraw":
        hub.hub.take(pen.id, Batch(records=[pen.withdraws(one) for one in gone]))
        retain(hub)
    elif way == "delete":
        for one in gone[:4]:
            assert "Note" not in run(tmp_path, "followups delete", one.id).output
        gone = gone[:4]
    elif way == "forget":
        assert "Deleted 30" in run(tmp_path, "followups forget", "--yes", "ann@example.org").output
    else:
        retain(hub, dt.date(2036, 1, 1))
    for close in (lambda: None, hub.hub.close):
        close()
        left = [one.id for one, both in zip(asked, marks, strict=True) if anywhere(hub, *both)]
        assert sorted(left) == sorted({one.id for one in asked} - {one.id for one in gone})


@pytest.mark.sqlite
def test_attendance_that_was_added_up_is_nowhere_in_the_files(hub: TestHub, log: Log) -> None:
    marks = [str(uuid_utils.uuid7()) for _ in range(50)]
    for mark in marks:
        log.visit(OLD, mark, staff=mark)
    assert anywhere(hub, *(mark.encode() for mark in marks))
    retain(hub)
    assert not anywhere(hub, *(mark.encode() for mark in marks))


@pytest.mark.sqlite
def test_a_refused_letter_that_went_is_nowhere_in_the_files(hub: TestHub) -> None:
    pen, stranger = Pen(hub.hub), Pen(hub.hub)
    asked = stranger.asks()
    assert outcomes(hub.hub, pen.id, pen.record("follow_up", asked.body)) == ["rejected"]
    mark = asked.body["sealed"][-60:-4].encode()
    assert anywhere(hub, mark)
    assert retain(hub, dt.datetime.now(dt.UTC).date() + dt.timedelta(92)) == retention.Report(refused=1)
    assert not anywhere(hub, mark)


def test_no_deletion_is_left_out_because_the_files_were_scrubbed_before(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    for name in ("Ann", "Bob"):
        asked = pen.asks(name)
        outcomes(hub.hub, pen.id, asked, pen.withdraws(asked))
        retain(hub)
        assert not anywhere(hub, asked.body["sealed"][-60:-4].encode())


def test_no_log_no_backup_and_no_file_has_what_somebody_typed(
    hub: TestHub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pen = Pen(hub.hub)
    typed = [b"Annabella", b"annabella@example.org"]
    asked = pen.asks("Annabella", "annabella@example.org")
    outcomes(hub.hub, pen.id, asked, asked)
    run(tmp_path, "followups")
    run(tmp_path, "followups find", "Annabella")
    run(tmp_path, "followups done", asked.id)
    backup.backup(hub.hub, tmp_path / "b")
    with zstandard.ZstdDecompressor().stream_reader((tmp_path / "b").read_bytes()) as unpacked:
        whole = unpacked.read()
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        assert "hub.db" in tar.getnames()
    assert base64.b64decode(asked.body["sealed"]) in whole
    places = {"the backup": whole, "the log": caplog.text.encode(), **files_of(hub)}
    places |= {path.name: path.read_bytes() for path in hub.folder.rglob("*") if path.is_file()}
    assert [name for name, content in places.items() if any(word in content for word in typed)] == []
    if not hub.hub.database.is_server:
        assert base64.b64decode(asked.body["sealed"])[-40:] in b"".join(files_of(hub).values())


def test_a_failing_statement_does_not_say_what_was_in_it(hub: TestHub) -> None:
    pen = Pen(hub.hub)
    asked = pen.asks()
    outcomes(hub.hub, pen.id, asked)
    with pytest.raises(IntegrityError, match=r"(?i)unique") as failed, hub.hub.database.writing() as db:
        db.execute(insert(received).values({**rows(hub, received)[0], "boot": "secret boot"}))
    assert "secret boot" not in str(failed.value) and asked.id not in str(failed.value)


@pytest.mark.sqlite
def test_the_files_are_for_the_hubs_own_user(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    asked = pen.asks()
    outcomes(hub.hub, pen.id, asked)
    run(tmp_path, "followups delete", asked.id)
    outcomes(hub.hub, pen.id, pen.asks())
    found = {path.name: path.stat().st_mode & 0o077 for path in [*hub.folder.glob("hub.db*"), hub.folder / "forgotten"]}
    assert set(found) >= {"hub.db", "hub.db-wal", "forgotten"} and not any(found.values()), found


# -- a backup brings back what was deleted since


@contextlib.contextmanager
def restored(file: Path, folder: Path) -> Iterator[Hub]:
    backup.restore(file, HubFolder(folder))
    with contextlib.closing(Hub(HubFolder(folder))) as hub:
        yield hub


def ids(hub: Hub) -> list[str]:
    with hub.database.reading() as db:
        return list(db.execute(select(follow_up.c.id).order_by(follow_up.c.id)).scalars())


def makers(hub: Hub) -> list[str]:
    with hub.database.reading() as db:
        return [item_id for item_id, _sealed in suggestions.contacts(db)]


def test_what_was_deleted_on_request_does_not_come_back_with_a_backup(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    deleted, taken_back, stays = (pen.asks(name) for name in ("Ann", "Bob", "Cid"))
    outcomes(hub.hub, pen.id, deleted, taken_back, stays)
    backup.backup(hub.hub, tmp_path / "b")
    outcomes(hub.hub, pen.id, pen.withdraws(taken_back))
    run(tmp_path, "followups delete", deleted.id)
    listed = (hub.folder / "forgotten").read_text().split()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert listed == [word for one in sorted([deleted.id, taken_back.id]) for word in (one, today)]
    with restored(tmp_path / "b", tmp_path / "without") as other:
        assert ids(other) == sorted([deleted.id, taken_back.id, stays.id])
        (tmp_path / "without" / "forgotten").write_bytes((hub.folder / "forgotten").read_bytes() + b"no line\n\xff x\n")
        retention.run(other.database, other.folder)
        assert ids(other) == [stays.id]
        assert set(forgotten.read(other.folder)) == {deleted.id, taken_back.id}, "the next restore needs it as well"
    (tmp_path / "with").mkdir()
    (tmp_path / "with" / "forgotten").write_bytes((hub.folder / "forgotten").read_bytes())
    with restored(tmp_path / "b", tmp_path / "with") as other:
        assert ids(other) == [stays.id]


def test_a_makers_contact_that_was_deleted_on_request_does_not_come_back_either(hub: TestHub, tmp_path: Path) -> None:
    ann, bob = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
    with hub.hub.database.writing() as db:
        for one, said in ((ann, "ann@example.org"), (bob, "bob@example.org")):
            letter = maker_contact.seal_(said, hub.hub.keys)
            suggestions.add(db, Item(id=one, kind="guide", title="Soup"), letter)
    backup.backup(hub.hub, tmp_path / "b")
    assert "Deleted 1" in run(tmp_path, "followups forget", "--yes", "ann@example.org").output
    assert set(forgotten.read(hub.hub.folder)) == {ann}
    with restored(tmp_path / "b", tmp_path / "without") as other:
        assert makers(other) == sorted([ann, bob])
        (tmp_path / "without" / "forgotten").write_bytes((hub.folder / "forgotten").read_bytes())
        assert retention.run(other.database, other.folder).maker_contacts == 1 and makers(other) == [bob]
    (tmp_path / "with").mkdir()
    (tmp_path / "with" / "forgotten").write_bytes((hub.folder / "forgotten").read_bytes())
    with restored(tmp_path / "b", tmp_path / "with") as other:
        assert makers(other) == [bob]


def test_restore_says_what_comes_back_and_deletes_what_is_past_its_day(hub: TestHub, tmp_path: Path) -> None:
    pen = Pen(hub.hub)
    old, new = pen.asks("Ann"), pen.asks("Bob")
    outcomes(hub.hub, pen.id, old, new)
    with hub.hub.database.writing() as db:
        db.execute(update(follow_up).where(follow_up.c.id == old.id).values(delete_on="2020-01-01"))
    backup.backup(hub.hub, tmp_path / "b")
    (tmp_path / "other").mkdir()
    said = run(tmp_path / "other", "restore", str(tmp_path / "b")).output
    assert "1 follow-ups were past their day" in said and "run `touchpoint-hub retention`" in said
    with contextlib.closing(Hub(HubFolder(tmp_path / "other" / "hub"))) as other:
        assert ids(other) == [new.id]
        with other.database.reading() as db:
            assert db.execute(select(func.count()).where(received.c.erased_at.is_not(None))).scalar_one() == 1


def test_the_list_of_the_forgotten_forgets_too(hub: TestHub) -> None:
    path = hub.folder / "forgotten"
    now = dt.datetime.now(dt.UTC).date()
    old, young = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
    path.write_text(f"{old} {now - dt.timedelta(430)}\n{young} {now - dt.timedelta(300)}\n")
    with hub.hub.database.writing() as db:
        audits.note(db, "test", follow_ups.DELETED, "01890000-0000-7000-8000-00000000000a")
    forgotten.write(hub.hub.database, hub.hub.folder)
    assert set(forgotten.read(hub.hub.folder)) == {young, "01890000-0000-7000-8000-00000000000a"}
    stamp = path.stat().st_mtime_ns
    forgotten.write(hub.hub.database, hub.hub.folder)
    assert path.stat().st_mtime_ns == stamp


@pytest.mark.sqlite
def test_a_reader_in_the_way_is_no_trouble(
    hub: TestHub, log: Log, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Database, "scrub", lambda database: sqlite.scrub(database.engine, timeout_s=0.1))
    everything_old(hub, log)
    with hub.hub.database.reading() as db:
        db.execute(select(follow_up)).all()
        assert retain(hub).follow_ups == 1
    assert any("until tomorrow" in line for line in caplog.messages)
    retain(hub)
    assert (hub.folder / "hub.db-wal").stat().st_size < 50_000, "it was tried again"


def test_a_month_keeps_its_own_shops_latest_count(hub: TestHub, log: Log) -> None:
    """Of two kiosks the one that counted last, not the one that has sent more; another shop's counts nothing."""
    session = log.session(OLD)
    late, other = Log(hub.hub.database, "d2", "s1"), Log(hub.hub.database, "d3", "s2")
    log.seq = other.seq = 5_000
    log.count(session, 3)
    late.count(session, 40, KEPT)
    other.count(session, 9_999, KEPT)
    assert retain(hub).head_counts == 3
    assert [(row["shop_id"], row["head_count"]) for row in rows(hub, session_month)] == [("s1", 40)]
