"""The `touchpoint-kiosk attendance` commands: the log of a surgery without the screen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
import msgspec

from kiosk.cli.options import data_option, open_unit

if TYPE_CHECKING:
    from kiosk.domain.attendance import LogSession
    from kiosk.services.services import Services
    from sync.attendance import Entry

_json = click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line.")
_session = click.option("--session", "session_id", metavar="ID", help="A session's id; see `attendance sessions`.")
BY_COMMAND = "command"
"""Who logged it, when somebody at the machine did."""


@click.group()
def attendance() -> None:
    """Log who came to a surgery, look at the log, take something back.

    The same log as on the screen. Names are never asked for. What is logged waits here until the hub has it.
    """


@attendance.command()
@data_option
@click.option("--topic", "topics", multiple=True, metavar="T", help="What it was about; may be given several times.")
@click.option(
    "--session",
    "session_id",
    metavar="ID",
    help="A session's id, see `attendance sessions`; a new UUID begins one that is in no diary. "
    "Default: the one that is on, else today's that is in no diary.",
)
@click.option("--people", default=1, show_default=True, metavar="N", help="How many came together.")
@click.option("--first-time", is_flag=True, help="They were here for the first time.")
@click.option("--again", is_flag=True, help="They had been here before.")
@click.option("--role", default="visitor", show_default=True, metavar="visitor|helper")
@click.option("--outcome", default="", metavar="O", help="What came of it.")
@click.option("--minutes", type=int, metavar="N", help="How long it took. A helper without it is still there.")
@click.option(
    "--at", metavar="ISO-TIME", help="When, such as 2026-11-24T11:30; local unless it says else. Default: now."
)
@_json
def add(
    data: Path | None,
    topics: tuple[str, ...],
    session_id: str | None,
    first_time: bool,
    again: bool,
    at: str | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Log one visit, and print the record's id once it is safe on disk."""
    if first_time and again:
        raise click.UsageError("--first-time and --again cannot both be so")
    if said["role"] == "visitor" and not topics:
        raise click.UsageError("what did they come about? Give --topic T")
    unit = open_unit(data)
    when = _time(unit, at) if at is not None else None
    session = _session_of(unit, session_id, when)
    came = "first" if first_time else "again" if again else ""
    entry = unit.log.add(session, topics=topics, first_time=came, staff=BY_COMMAND, at=when, **said)
    click.echo(msgspec.json.encode(_row(entry, session)).decode() if as_json else entry.id)


@attendance.command("list")
@data_option
@_session
@_json
def list_(data: Path | None, session_id: str | None, as_json: bool) -> None:
    """List what counts of the log that is here: after corrections, without what was taken back."""
    unit = open_unit(data)
    sessions: dict[str, LogSession | None] = {}
    found = unit.log.entries(session_id or "")
    words = unit.log.words()
    for entry in found:
        key = entry.body.session
        session = sessions[key] = sessions[key] if key in sessions else unit.log.session(key)
        row = _row(entry, session)
        if as_json:
            click.echo(msgspec.json.encode(row).decode())
            continue
        body = entry.body
        about = ", ".join(map(words.topic, body.topics)) or body.role
        people = f"{body.people} people" if body.people > 1 else "1 person"
        click.echo("  ".join([entry.id, body.at, row["title"], people, about, "sent" if entry.sent else "waiting"]))
    if not found and not as_json:
        click.echo("Nothing is logged here.")


@attendance.command()
@data_option
@_json
@click.argument("record_id", metavar="ID")
def void(data: Path | None, as_json: bool, record_id: str) -> None:
    """Take the record ID back, as with undo. It no longer counts; the hub keeps both for the audit."""
    unit = open_unit(data)
    entry = unit.log.void(record_id, BY_COMMAND)
    if as_json:
        click.echo(msgspec.json.encode({"id": entry.last_id, "voids": entry.id}).decode())
    else:
        click.echo(f"{entry.id} no longer counts.")


@attendance.command()
@data_option
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@_json
def sessions(data: Path | None, day: dt.datetime | None, as_json: bool) -> None:
    """List the sessions of a day that can be logged in, with how many came."""
    unit = open_unit(data)
    found = unit.log.sessions(day.date() if day else None)
    for one in found:
        sums = unit.log.view(one).totals
        if as_json:
            row = {
                "id": one.id,
                "title": one.title,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat(),
                "visits": sums.visits,
                "records": sums.records,
                "first_time": sums.first_time,
                "helpers": sums.helpers,
                "head_count": sums.head_count,
                "topics": dict(sums.topics),
            }
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo(f"{one.id}  {one.starts:%H:%M}-{one.ends:%H:%M}  {one.title}  {sums.visits} visits")
    if not found and not as_json:
        click.echo("No session is in the diary for that day. `attendance add` begins one.")


# -- inner -----------------------------------------------------------------------------------------------------


def _time(unit: Services, text: str) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(text)
        if ":" not in text:
            raise ValueError("a day alone")
        if not dt.MINYEAR < at.year < dt.MAXYEAR:
            raise ValueError("no zone could show it")
    except ValueError as error:
        raise click.BadParameter(f"{text!r} must look like 2026-11-24T11:30", param_hint="--at") from error
    return at if at.tzinfo else at.replace(tzinfo=unit.unit.now().tzinfo)


def _session_of(unit: Services, session_id: str | None, at: dt.datetime | None) -> LogSession:
    when = at or unit.unit.now()
    if session_id is None:
        return unit.log.session_at(when)
    try:
        session_id = str(UUID(session_id))
    except ValueError as error:
        raise click.BadParameter(
            f"{session_id!r} is no session's id; `attendance sessions` lists them", param_hint="--session"
        ) from error
    there = unit.log.session(session_id)
    return there or unit.log.new_session(when.astimezone(unit.unit.now().tzinfo).date(), session_id)


def _row(entry: Entry, session: LogSession | None) -> dict[str, Any]:
    body = entry.body
    return {
        "id": entry.id,
        "session": body.session,
        "title": session.title if session else "",
        "at": body.at,
        "role": body.role,
        "people": body.people,
        "first_time": body.first_time,
        "topics": body.topics,
        "outcome": body.outcome,
        "minutes": body.minutes,
        "paper": body.paper,
        "staff": body.staff,
        "corrected": entry.corrected,
        "sent": entry.sent,
    }
