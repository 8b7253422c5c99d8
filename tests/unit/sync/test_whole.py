"""A replica is read as a whole when that is due, and only then."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sync.replica import whole
from sync.replica.whole import EVERY_S, WholeCheck


@pytest.fixture
def replica(tmp_path: Path) -> Path:
    path = tmp_path / "replica-1.db"
    path.write_bytes(b"content")
    return path


def test_due_until_it_passed_and_then_once_a_day(
    replica: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = WholeCheck(tmp_path / "whole.json")
    assert check.is_due(replica)
    check.passed(replica)
    assert not check.is_due(replica)
    assert not WholeCheck(tmp_path / "whole.json").is_due(replica), "another process knows it too"
    now = time.time()
    for later_s in (EVERY_S + 1, -3600.0):
        monkeypatch.setattr(time, "time", lambda later_s=later_s: now + later_s)
        assert check.is_due(replica), "a day has passed, or the clock went back"


@pytest.mark.parametrize("deed", ["grown", "touched", "log", "gone", "forgotten", "note damaged", "machine restarted"])
def test_due_when_somebody_else_has_been_at_it(
    replica: Path, tmp_path: Path, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "whole.json"
    check = WholeCheck(note)
    check.passed(replica)
    if deed == "grown":
        replica.write_bytes(b"content and more")
    elif deed == "touched":
        os.utime(replica, ns=(0, replica.stat().st_mtime_ns + 1))
    elif deed == "log":
        replica.with_name("replica-1.db-wal").write_bytes(b"more")
    elif deed == "gone":
        replica.unlink()
    elif deed == "forgotten":
        check.forget()
    elif deed == "note damaged":
        note.write_bytes(note.read_bytes()[:-5])
    else:
        monkeypatch.setattr(whole, "_boot", lambda: "another")
    assert check.is_due(replica)


def test_what_a_pass_does_itself_does_not_make_it_due_nor_put_the_day_off(
    replica: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = WholeCheck(tmp_path / "whole.json")
    check.passed(replica)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + EVERY_S - 60)
    replica.write_bytes(b"a delta came")
    check.left(replica)
    assert not check.is_due(replica)
    monkeypatch.setattr(time, "time", lambda: now + EVERY_S + 60)
    check.left(replica)
    assert check.is_due(replica)


def test_one_built_anew_was_checked_as_it_was_built(replica: Path, tmp_path: Path) -> None:
    check = WholeCheck(tmp_path / "whole.json")
    check.passed(replica)
    fresh = replica.with_name("replica-2.db")
    fresh.write_bytes(b"new")
    check.left(fresh)
    assert not check.is_due(fresh)
