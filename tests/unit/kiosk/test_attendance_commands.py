"""The commands of the log as a person types them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result

from kiosk import bootstrap
from kiosk.cli import main
from kiosk.settings import Settings
from tests.support.surgery import SURGERY, Surgery

NOW = dt.datetime(2026, 11, 24, 11, 10, tzinfo=dt.UTC)


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A unit's folder with a surgery in its diary; for its commands it is a Tuesday, ten past eleven."""
    made = Surgery(tmp_path)
    made.belongs()
    made.diary({})
    made.close()
    services = bootstrap.services
    monkeypatch.setattr(bootstrap, "services", lambda settings, now=lambda: NOW: services(settings, now))
    yield tmp_path


def run(unit: Path, command: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["attendance", command, "--data", str(unit), *words])


def said(unit: Path, command: str, *words: str) -> str:
    result = run(unit, command, *words)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def told(unit: Path, command: str, *words: str) -> list[dict[str, Any]]:
    """What it says as JSON, a mapping a line."""
    return [json.loads(line) for line in said(unit, command, "--json", *words).splitlines()]


def rows(unit: Path) -> dict[str, dict[str, Any]]:
    """The records on disk, by id."""
    db = sqlite3.connect(unit / "records.db")
    found = db.execute("SELECT id, body FROM outbox WHERE kind = 'attendance'").fetchall()
    db.close()
    return {key: json.loads(body) for key, body in found}


# -- add


def test_add_prints_the_id_of_what_is_on_disk(unit: Path) -> None:
    printed = said(unit, "add", "--topic", "email", "--topic", "jobs", "--people", "2", "--first-time").strip()
    assert str(UUID(printed)) == printed
    assert rows(unit)[printed] == {
        "session": Surgery(unit).session(day="2026-11-24").id,
        "at": "2026-11-24T11:00+00:00",
        "people": 2,
        "first_time": "first",
        "topics": ["email", "jobs"],
        "staff": "command",
    }


def test_add_as_json_says_all_of_it(unit: Path) -> None:
    (row,) = told(unit, "add", "--topic", "email", "--again", "--outcome", "solved", "--minutes", "20")
    assert row.pop("id") in rows(unit) and UUID(row.pop("session"))
    assert row == {
        "title": "Social media surgery",
        "at": "2026-11-24T11:00+00:00",
        "role": "visitor",
        "people": 1,
        "first_time": "again",
        "topics": ["email"],
        "outcome": "solved",
        "minutes": 20,
        "paper": False,
        "staff": "command",
        "corrected": False,
        "sent": False,
    }


def test_a_helper_needs_no_topic(unit: Path) -> None:
    (row,) = told(unit, "add", "--role", "helper")
    assert (row["role"], row["minutes"], row["at"]) == ("helper", None, "2026-11-24T11:10+00:00")


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        ([], 2, "what did they come about? Give --topic T"),
        (["--topic", "email", "--first-time", "--again"], 2, "--first-time and --again cannot both be so"),
        (["--topic", "gardening"], 1, "topic is 'gardening'; it can be email, phone, social"),
        (["--topic", "email", "--people", "0"], 1, "people is 0; it must be from 1 to 500"),
        (["--topic", "email", "--people", "some"], 2, "'some' is not a valid integer"),
        (["--topic", "email", "--minutes", "-5"], 1, "minutes is -5; it must be from 0 to 1440"),
        (["--topic", "email", "--outcome", "cured"], 1, "outcome is 'cured'; it can be solved"),
        (["--role", "trainer"], 1, "role is 'trainer'; it can be visitor, helper"),
        (
            ["--topic", "email", "--session", "monday"],
            2,
            "'monday' is no session's id; `attendance sessions` lists them",
        ),
        (["--topic", "email", "--at", "noon"], 2, "'noon' must look like 2026-11-24T11:30"),
        (["--topic", "email", "--at", "2026-11-24"], 2, "'2026-11-24' must look like 2026-11-24T11:30"),
        (["--topic", "email", "--at", "2026-11-31T10:00"], 2, "'2026-11-31T10:00' must look like"),
        (["--topic", "email", "--at", ""], 2, "'' must look like"),
        (["--topic", "email", "--at", "0001-01-01T00:00"], 2, "'0001-01-01T00:00' must look like"),
        (["--topic", "email", "--at", "9999-12-31T23:59-05:00"], 2, "'9999-12-31T23:59-05:00' must look like"),
        (["--topic", "email", "--session", ""], 2, "'' is no session's id"),
        (["--topic", "email", "--at", "2026-11-24T12:00"], 1, "2026-11-24 12:00 is yet to come"),
        (["--topic", "email", "--at", "2027-11-24T10:00"], 1, "2027-11-24 10:00 is yet to come"),
        (["--topic", "email", "--at", "2025-10-20T10:00"], 1, "2025-10-20 is over 400 days ago"),
        (["--topic", "email", "--name", "Ann"], 2, "No such option"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_kept(
    unit: Path, words: list[str], code: int, complaint: str
) -> None:
    result = run(unit, "add", *words)
    assert result.exit_code == code and complaint in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == "" and rows(unit) == {}


@pytest.mark.parametrize(
    ("at", "kept", "title", "paper"),
    [
        ("2026-11-24T10:45", "2026-11-24T10:30+00:00", "Social media surgery", False),
        ("2026-11-24T12:45+02:00", "2026-11-24T10:30+00:00", "Social media surgery", False),
        ("2026-11-24T10:45Z", "2026-11-24T10:30+00:00", "Social media surgery", False),
        ("2026-11-24 08:05", "2026-11-24T08:00+00:00", "Surgery", False),
        ("2026-11-17T12:10", "2026-11-17T12:00+00:00", "Social media surgery", True),
        ("2026-07-07T11:40", "2026-07-07T10:30+00:00", "Social media surgery", True),
        ("2026-07-07T11:40Z", "2026-07-07T11:30+00:00", "Social media surgery", True),
        ("2026-11-23T15:00", "2026-11-23T15:00+00:00", "Surgery", True),
        ("2025-11-18T11:40", "2025-11-18T11:30+00:00", "Surgery", True),
    ],
)
def test_at_is_local_unless_it_says_else_and_an_earlier_day_was_on_paper(
    unit: Path, at: str, kept: str, title: str, paper: bool
) -> None:
    (row,) = told(unit, "add", "--topic", "email", "--at", at)
    assert (row["at"], row["title"], row["paper"]) == (kept, title, paper)


def test_a_new_uuid_begins_a_session_and_the_same_one_goes_on(unit: Path) -> None:
    new = str(uuid4())
    for form in (new, new.upper(), new.replace("-", "")):
        (row,) = told(unit, "add", "--topic", "email", "--session", form)
        assert (row["session"], row["title"]) == (new, "Surgery")
    (session,) = [one for one in told(unit, "sessions") if one["id"] == new]
    assert (session["visits"], session["title"]) == (3, "Surgery")
    db = sqlite3.connect(unit / "records.db")
    assert db.execute("SELECT count(*) FROM outbox WHERE kind = 'session'").fetchone() == (1,)
    db.close()


def test_a_session_of_the_diary_is_named_by_its_id_on_another_day(unit: Path) -> None:
    (last_week,) = told(unit, "sessions", "--day", "2026-11-17")
    (row,) = told(unit, "add", "--topic", "email", "--session", last_week["id"])
    assert (row["session"], row["title"]) == (last_week["id"], "Social media surgery")
    assert (row["at"], row["paper"]) == ("2026-11-17T11:00+00:00", True)


# -- list


def test_list_shows_what_counts(unit: Path) -> None:
    assert said(unit, "list") == "Nothing is logged here.\n" and said(unit, "list", "--json") == ""
    one = said(unit, "add", "--topic", "email", "--topic", "jobs", "--people", "3").strip()
    two = said(unit, "add", "--role", "helper").strip()
    gone = said(unit, "add", "--topic", "phone").strip()
    said(unit, "void", gone)
    assert said(unit, "list").splitlines() == [
        f"{one}  2026-11-24T11:00+00:00  Social media surgery  3 people  Email, Job search  waiting",
        f"{two}  2026-11-24T11:10+00:00  Social media surgery  1 person  helper  waiting",
    ]
    assert [row["id"] for row in told(unit, "list")] == [one, two]


def test_list_of_one_session(unit: Path) -> None:
    here = told(unit, "add", "--topic", "email")[0]
    there = told(unit, "add", "--topic", "email", "--session", str(uuid4()))[0]
    assert [row["id"] for row in told(unit, "list", "--session", there["session"])] == [there["id"]]
    assert [row["id"] for row in told(unit, "list", "--session", here["session"])] == [here["id"]]
    assert said(unit, "list", "--session", str(uuid4())) == "Nothing is logged here.\n"


def test_list_shows_a_correction_once(unit: Path) -> None:
    record_id = said(unit, "add", "--topic", "email").strip()
    services = bootstrap.services(Settings(data=unit))
    services.log.change(record_id, people=4)
    services.close()
    (row,) = told(unit, "list")
    assert (row["id"], row["people"], row["corrected"]) == (record_id, 4, True)


# -- void


def test_void_takes_it_back_once(unit: Path) -> None:
    record_id = said(unit, "add", "--topic", "email").strip()
    assert said(unit, "void", record_id) == f"{record_id} no longer counts.\n"
    assert [body.get("void", False) for body in rows(unit).values()] == [False, True]
    again = run(unit, "void", record_id)
    assert again.exit_code == 1 and again.stdout == ""
    assert f"no record here has the id {record_id}, or it was deleted" in again.stderr


def test_void_as_json_names_both_records(unit: Path) -> None:
    record_id = said(unit, "add", "--topic", "email").strip()
    (row,) = told(unit, "void", record_id)
    assert row["voids"] == record_id and rows(unit)[row["id"]]["corrects"] == record_id


@pytest.mark.parametrize("words", [[], ["nonsense"], [str(uuid4())]])
def test_void_of_nothing_is_said(unit: Path, words: list[str]) -> None:
    result = run(unit, "void", *words)
    assert result.exit_code == (1 if words else 2) and result.stderr


# -- sessions


def test_sessions_of_today_and_of_a_day(unit: Path) -> None:
    (line,) = said(unit, "sessions").splitlines()
    assert line.endswith("  11:00-13:00  Social media surgery  0 visits")
    (other,) = told(unit, "sessions", "--day", "2026-07-07")
    assert (other["starts"], other["ends"]) == ("2026-07-07T11:00:00+01:00", "2026-07-07T13:00:00+01:00")
    assert other["title"] == SURGERY["title"]
    none = said(unit, "sessions", "--day", "2026-11-25")
    assert none == "No session is in the diary for that day. `attendance add` begins one.\n"
    assert said(unit, "sessions", "--day", "2026-11-25", "--json") == ""
    wrong = run(unit, "sessions", "--day", "tomorrow")
    assert wrong.exit_code == 2 and "'tomorrow' does not match the format" in wrong.stderr


def test_sessions_say_how_many_came(unit: Path) -> None:
    said(unit, "add", "--topic", "email", "--people", "3", "--first-time")
    said(unit, "add", "--topic", "email", "--topic", "jobs")
    said(unit, "add", "--role", "helper")
    (row,) = told(unit, "sessions")
    sums = {name: row[name] for name in ("visits", "records", "first_time", "helpers", "head_count", "topics")}
    assert sums == {
        "visits": 4,
        "records": 3,
        "first_time": 3,
        "helpers": 1,
        "head_count": None,
        "topics": {"email": 4, "jobs": 1},
    }
    assert said(unit, "sessions").endswith("  4 visits\n")


# -- all


@pytest.mark.parametrize("command", ["add", "list", "void", "sessions"])
def test_each_has_help_that_names_no_one(unit: Path, command: str) -> None:
    text = said(unit, command, "--help")
    assert "Usage" in text and "--json" in text


def test_the_real_command_in_an_empty_folder(tmp_path: Path) -> None:
    """By process, with this machine's clock: an ad hoc session, listed and taken back."""
    add = ["add", "--topic", "email", "--json"]
    row = json.loads(_process(tmp_path, *add).stdout)
    assert row["title"] == "Surgery" and row["id"] in rows(tmp_path)
    assert json.loads(_process(tmp_path, *add).stdout)["session"] == row["session"]
    refused = _process(tmp_path, "add", "--topic", "nonsense")
    assert (refused.returncode, refused.stdout) == (1, "") and "topic is 'nonsense'" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert _process(tmp_path, "void", row["id"]).returncode == 0
    assert len(rows(tmp_path)) == 3


def _process(unit: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", "attendance", words[0], "--data", str(unit), *words[1:]]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)
