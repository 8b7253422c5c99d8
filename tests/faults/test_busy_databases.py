"""Another process that holds a database for long: everybody waits or says so, and nothing is lost."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from sync import outbox
from sync.client.down.pull import verify_replica
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk
from tests.support.processes import received
from tests.support.tally import survived

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
db.execute(sys.argv[2])
db.execute("SELECT count(*) FROM sqlite_master").fetchone()
print("held", flush=True)
sys.stdin.readline()
db.execute("ROLLBACK")
db.close()
"""


@contextlib.contextmanager
def held(path: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the database: `BEGIN IMMEDIATE` as a writer, `BEGIN` as a reader."""
    words = [sys.executable, "-c", HOLD, str(path), how]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdin
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            enough(holder)
            holder.wait(10)


def enough(holder: subprocess.Popen[str]) -> None:
    """Let go."""
    if holder.stdin and not holder.stdin.closed:
        holder.stdin.write("enough\n")
        holder.stdin.close()


def _add(kiosk: TestKiosk, term: str) -> str:
    with kiosk.services.records.writing() as db:
        return outbox.add(db, "usage", Usage(day="2026-11-23", action="search_empty", count=1, term=term))


def test_a_writer_waits_for_another_and_both_are_kept(hub: TestHub, shop: TestKiosk) -> None:
    with held(shop.folder / "records.db", "BEGIN IMMEDIATE") as holder:
        done: list[str] = []
        writing = threading.Thread(target=lambda: done.append(_add(shop, "patient")))
        writing.start()
        writing.join(0.5)
        assert not done, "it did not wait"
        enough(holder)
        writing.join(15)
    assert shop.sync().heard
    assert [record["id"] for record in received(hub.folder)] == done
    survived("busy databases", writers_that_waited=1)


def test_a_database_held_for_too_long_is_told_and_holds_up_no_pull(hub: TestHub, shop: TestKiosk) -> None:
    record_id = _add(shop, "kept")
    from sqlalchemy import event

    shop.services.records.engine.dispose()
    event.listen(shop.services.records.engine, "connect", lambda db, _: db.execute("PRAGMA busy_timeout=200"))
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    with held(shop.folder / "records.db", "BEGIN IMMEDIATE"):
        report = shop.sync()
        assert report.outcome == "disk" and "locked" in report.message, report
        assert "Something new" in shop.titles(), "the pull was held up"
        with pytest.raises(OperationalError, match="locked"):
            _add(shop, "refused")
    assert shop.sync().heard
    assert {record["id"] for record in received(hub.folder)} == {record_id}
    survived("busy databases", passes_without_a_database=1)


def test_a_long_reader_of_the_replica_holds_up_no_delta(hub: TestHub, shop: TestKiosk) -> None:
    """It goes on seeing what it saw, the screen sees the news, and its log does not grow for ever after it."""
    path = shop.services.replicas.current()
    assert path
    with held(path, "BEGIN"):
        for number in range(12):
            hub.take({"key": "pot", "title": f"Cook for {number}", "body": "word " * 2000})
            hub.publish()
            assert shop.sync().outcome == "updated"
            if shop.services.replicas.current() == path:
                verify_replica(path)
            assert f"Cook for {number}" in shop.titles()
    hub.take({"key": "bike", "title": "Mend two bikes"})
    hub.publish()
    assert shop.sync().outcome == "updated"
    survived("busy databases", deltas_beside_a_long_reader=13)


def test_a_writer_on_the_replica_is_told_and_the_delta_comes_later(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.replica import schema

    real = schema.open_for_writing

    def hasty(path: Path) -> sqlite3.Connection:
        db = real(path)
        db.execute("PRAGMA busy_timeout=200")
        return db

    monkeypatch.setattr(schema, "open_for_writing", hasty)
    path = shop.services.replicas.current()
    assert path
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    with held(path, "BEGIN IMMEDIATE"):
        report = shop.sync()
        assert report.outcome == "disk" and "locked" in report.message, report
        assert len(shop.titles()) == 2
    assert shop.sync().outcome == "updated"
    assert "Something new" in shop.titles()
    assert shop.services.replicas.current() == path, "another copy would not have helped"
    survived("busy databases", passes_without_a_database=1)
