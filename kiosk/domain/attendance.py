"""The rules of the log: what a record may say, when it was, and which session is meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.errors import AttendanceError
from sync.attendance import FIRST_TIMES, MOST_MINUTES, MOST_PEOPLE, ROLES
from sync.records import Attendance

HALF_HOUR: Final = dt.timedelta(minutes=30)
AROUND: Final = dt.timedelta(minutes=30)
"""A session counts as being on from so long before it begins until so long after it ends."""
OLDEST: Final = dt.timedelta(days=400)
AD_HOC_LENGTH: Final = dt.timedelta(hours=2)
LONGEST_HELP: Final = dt.timedelta(hours=12)
MOST_COUNTED: Final = 10_000


@dataclass(frozen=True)
class LogSession:
    """A session to log in; `starts` and `ends` are aware local times, `event` is empty for an ad hoc one."""

    id: str
    title: str
    starts: dt.datetime
    ends: dt.datetime
    event: str = ""

    @property
    def day(self) -> dt.date:
        """The day it begins on."""
        return self.starts.date()

    def is_on(self, at: dt.datetime) -> bool:
        """Whether somebody who comes then comes to it."""
        return self.starts - AROUND <= at <= self.ends + AROUND

    def is_past(self, now: dt.datetime) -> bool:
        """Whether what is logged now was on paper till now: it was on an earlier day."""
        return self.day < now.date() and not self.is_on(now)


def half_hour(at: dt.datetime) -> dt.datetime:
    """The half hour that it is in: all that needs to be known of when a visitor came."""
    return at.replace(minute=at.minute - at.minute % 30, second=0, microsecond=0)


def meant(sessions: Sequence[LogSession], at: dt.datetime) -> LogSession | None:
    """The session that somebody who comes then most likely comes to: the one that began last of those that are on.

    Where none is on, the last ad hoc one of the day.
    """
    on = [one for one in sessions if one.is_on(at)]
    begun = [one for one in on if one.starts <= at]
    ad_hoc = [one for one in sessions if not one.event]
    found = begun or on[:1] or ad_hoc
    return found[-1] if found else None


def check(body: Attendance, topics: Iterable[str], outcomes: Iterable[str]) -> Attendance:
    """The record itself, if it says what it may.

    Raises:
        AttendanceError: saying which part is wrong, and what it can be.
    """
    _one_of("role", body.role, ROLES)
    _one_of("first_time", body.first_time, FIRST_TIMES)
    _one_of("outcome", body.outcome, ("", *outcomes))
    for topic in body.topics:
        _one_of("topic", topic, topics)
    if not 1 <= body.people <= MOST_PEOPLE:
        raise AttendanceError(f"people is {body.people}; it must be from 1 to {MOST_PEOPLE}")
    if body.minutes is not None and not 0 <= body.minutes <= MOST_MINUTES:
        raise AttendanceError(f"minutes is {body.minutes}; it must be from 0 to {MOST_MINUTES}")
    return body


def check_time(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The time itself, if something can have been then.

    Raises:
        AttendanceError: it is to come, or very long ago.
    """
    local = at.astimezone(now.tzinfo)
    if at > now + HALF_HOUR:
        raise AttendanceError(f"{local:%Y-%m-%d %H:%M} is yet to come; only what has been can be logged")
    if at < now - OLDEST:
        raise AttendanceError(f"{local:%Y-%m-%d} is over {OLDEST.days} days ago; nothing as old is logged")
    return at


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in (found := list(known)):
        raise AttendanceError(f"{what} is {value!r}; it can be {', '.join(filter(None, found))}")
