"""What the screen says of the unit: how fresh it is, and whether the shop is open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kiosk.agent.backoff import MOST_S, Backoff
from kiosk.services.unit import Unit
from sync.replica.folder import CurrentReplica, ReplicaFolder

NOW = dt.datetime(2026, 11, 23, 10, 32, tzinfo=dt.UTC)


def a_unit(folder: Path, at: dt.datetime = NOW) -> Unit:
    return Unit(folder, CurrentReplica(ReplicaFolder(folder / "catalogue")), lambda: at)


@pytest.mark.parametrize(
    ("ago", "outcome", "says"),
    [
        (dt.timedelta(minutes=2), "current", (True, "Updated at 10:30")),
        (dt.timedelta(minutes=2), "updated", (True, "Updated at 10:30")),
        (dt.timedelta(hours=2), "current", (False, "Showing what we had at 08:32")),
        (dt.timedelta(minutes=2), "unreachable", (False, "Showing what we had at 10:30")),
        (dt.timedelta(minutes=2), "not_the_hub", (False, "Showing what we had at 10:30")),
        (dt.timedelta(days=1), "unreachable", (False, "Showing what we had yesterday at 10:32")),
        (dt.timedelta(days=3), "unreachable", (False, "Showing what we had on Friday")),
        (dt.timedelta(days=20), "unreachable", (False, "Showing what we had on 3 November")),
        (dt.timedelta(days=400), "refused", (False, "Showing what we had on 19 October 2025")),
    ],
)
def test_how_old_what_is_shown_is(tmp_path: Path, ago: dt.timedelta, outcome: str, says: tuple[bool, str]) -> None:
    a_unit(tmp_path, NOW - ago).note_sync("current", "", heard=True)
    a_unit(tmp_path, NOW - ago).note_sync(outcome, "", heard=False)
    assert a_unit(tmp_path).freshness() == says


def test_a_damaged_word_from_the_agent_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "sync-status.json").write_text("{half a")
    assert a_unit(tmp_path).freshness() == (False, "Waiting for the first delivery")


def test_waiting_grows_and_is_bounded_and_starts_again() -> None:
    later = Backoff(chance=lambda: 1.0)
    waits = [later.failed() for _ in range(12)]
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0] and waits[-1] == MOST_S
    later.worked()
    assert later.failed() == 2.0
    assert Backoff(chance=lambda: 0.0).failed() == 1.0
