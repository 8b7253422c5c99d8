"""records.db: its schema, its versions, and what happens when it is not one."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import inspect

from kiosk.domain.slips import Slip
from kiosk.errors import StoreError
from kiosk.store import migrations, schema
from kiosk.store import records as store
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import outbox, sqlite

A_SLIP = Slip(shop="Mill Lane", hours="", next_session="", items=[])


def shape(engine: object) -> dict[str, object]:
    """Tables, columns, indexes and constraints, as a mapping that can be compared."""
    found = inspect(engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((index["name"], tuple(index["column_names"])) for index in found.get_indexes(table)),
            sorted((one["name"], one["sqltext"]) for one in found.get_check_constraints(table)),
        )
        for table in sorted(found.get_table_names())
    }


def test_the_steps_lead_to_what_the_code_says(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.db")
    fresh = sqlite.engine(f"sqlite:///{tmp_path}/fresh.db")
    with fresh.begin() as db:
        schema.metadata.create_all(db)
    assert shape(records.engine) == shape(fresh)
    records.close()
    fresh.dispose()


def test_a_file_of_the_first_release_keeps_its_records(tmp_path: Path) -> None:
    old = sqlite.engine(f"sqlite:///{tmp_path / 'records.db'}")
    with old.begin() as db:
        migrations.STEPS[0](db)
        for number, state in enumerate(("waiting", "acknowledged", "rejected"), start=1):
            db.exec_driver_sql(
                "INSERT INTO outbox (id, kind, recorded_at, boot, offset_s, body, state, reason)"
                " VALUES (?, 'usage', '2026-01-01T10:00:00.000+00:00', 'b', 1.5, '{}', ?, '')",
                (f"0189000{number}-0000-7000-8000-000000000000", state),
            )
        db.exec_driver_sql("PRAGMA user_version=1")
    old.dispose()
    records = Records(tmp_path / "records.db")
    with records.writing() as db:
        assert [outbox.count(db, state) for state in ("waiting", "acknowledged", "rejected")] == [1, 1, 1]
        outbox.claim(db, "the device that it always was")
        assert outbox.waiting(db, "the device that it always was")[0].device == ""
        assert [(one.first, one.last) for one in outbox.acknowledged(db)] == [(2, 2)]
        now = dt.datetime.now(dt.UTC)
        assert not outbox.sweep(db, now - dt.timedelta(days=7)), "it was acknowledged who knows when"
        assert outbox.sweep(db, now + dt.timedelta(seconds=5)) == {"usage": 1}
    records.close()


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "records.db")
    db.execute(f"PRAGMA user_version={store.VERSION + 1}")
    db.close()
    with pytest.raises(StoreError, match="please update"):
        Records(tmp_path / "records.db")


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"these are somebody's notes, not a database" * 100)
    with pytest.raises(StoreError, match=r"records\.db"):
        Records(path)
    assert path.read_bytes().startswith(b"these are")


def test_the_file_is_for_its_user_alone(tmp_path: Path) -> None:
    records = Records(tmp_path / "unit" / "records.db")
    records.close()
    assert (tmp_path / "unit" / "records.db").stat().st_mode & 0o077 == 0


def test_slips_are_taken_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.db")
    queue = PrintQueue(records)
    jobs = [queue.add(A_SLIP) for _ in range(5)]
    taken = []
    while job := queue.next():
        queue.sending(job.id, "tcp://printer", f"M{len(taken)}", len(taken))
        taken.append(job.id)
    assert taken == jobs
    assert [(left.mark, left.cuts, left.attempt) for left in queue.left_sending()] == [
        (f"M{number}", number, 1) for number in range(5)
    ]
    records.close()


@pytest.mark.parametrize(("dated_s", "kept"), [(-10, True), (10, True), (-4000, False), (5e7, False)])
def test_a_slip_that_ended_goes_in_an_hour_whatever_the_clock_said(tmp_path: Path, dated_s: float, kept: bool) -> None:
    records = Records(tmp_path / "records.db")
    queue = PrintQueue(records)
    job_id = queue.add(A_SLIP)
    queue.end(job_id, "printed")
    with records.writing() as db:
        db.execute(schema.print_job.update().values(changed_at=time.time() + dated_s))
    assert (queue.sweep(), queue.job(job_id) is not None) == (0 if kept else 1, kept)
    records.close()


def test_the_counts_of_a_day_that_has_yet_to_come_are_sent(tmp_path: Path) -> None:
    """The clock was years ahead, and was put right."""
    records = Records(tmp_path / "records.db")
    counts, today = UsageCounts(records), dt.date(2026, 11, 24)
    for day in (today, today.replace(year=2031), today - dt.timedelta(days=1)):
        counts.add(day, "open", item="i")
    assert counts.send_finished_days(today) == 2
    with records.reading() as db:
        assert {body["day"] for body in outbox.bodies(db, "usage")} == {"2026-11-23", "2031-11-24"}
    assert counts.send_finished_days(today) == 0
    records.close()


def test_only_a_slip_that_may_not_be_out_is_queued_again(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.db")
    queue = PrintQueue(records)
    asked = {state: queue.add(A_SLIP) for state in ("queued", "sending", "printed", "unknown", "shown")}
    for state, job_id in asked.items():
        queue.end(job_id, state)
    assert {state for state, job_id in asked.items() if queue.again(job_id)} == {"unknown", "shown"}
    records.close()
