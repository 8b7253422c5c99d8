"""What was logged, in words."""

from __future__ import annotations

import datetime as dt
import sqlite3

from kiosk.errors import GoneError, KioskError
from kiosk.services.attendance import Words
from sync.records import Attendance
from sync.words import _, count_of


def people(count: int) -> str:
    """`1 person`, `4 people`."""
    return count_of(count, "{} person", "{} people")


def counted(count: int, one: str, many: str) -> str:
    """`5 helpers`: of things whose names the hub chooses, which other languages put beside the number as they can."""
    return _("{count} {word}").format(count=f"{count:,}", word=(one if count == 1 else many).lower())


def minutes(count: int) -> str:
    """`1 minute`, `45 minutes`."""
    return count_of(count, "{} minute", "{} minutes")


def hours(count: int) -> str:
    """So many minutes as `45 minutes`, `2 hours`, `1 hour 15 minutes`."""
    whole, rest = divmod(count, 60)
    said = [count_of(whole, "{} hour", "{} hours")] if whole else []
    return " ".join([*said, minutes(rest)] if rest or not whole else said)


def first_time(value: str) -> str:
    """Whether somebody was there before."""
    return {"first": _("First time"), "again": _("Been before")}.get(value, _("Not asked"))


def topics(body: Attendance, words: Words) -> str:
    """What it was about."""
    return ", ".join(words.topic(topic) for topic in body.topics) or _("No topic")


def known(body: Attendance, words: Words) -> list[str]:
    """What else is known of a visit, in short."""
    said = [people(body.people)]
    if body.first_time:
        said.append(first_time(body.first_time))
    if body.outcome:
        said.append(words.outcome(body.outcome))
    if body.minutes is not None:
        said.append(minutes(body.minutes))
    return said


def visit(body: Attendance, words: Words) -> str:
    """A visit in a line: `Email, 2 people, First time, 45 minutes`; one person goes without saying."""
    said = known(body, words)
    return ", ".join([topics(body, words), *(said if body.people > 1 else said[1:])])


def time(body: Attendance, zone: dt.tzinfo | None) -> str:
    """When it was, by the shop's clock."""
    return f"{dt.datetime.fromisoformat(body.at).astimezone(zone):%H:%M}"


def trouble(error: Exception) -> str:
    """Why something was not written down, in a sentence; in brackets, for whoever is rung up, where there is none."""
    if isinstance(error, GoneError):
        return _("This visit was deleted, or is at the hub alone now. Please tell the hub's team.")
    cause = getattr(error, "orig", None)
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        said = _("the disk is full. Please ring the hub.")
        return said[:1].upper() + said[1:]
    return f"({error if isinstance(error, KioskError) else cause or type(error).__name__})"
