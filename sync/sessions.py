"""When an event takes place: its recurring rule, exceptions and time zone, as sessions.

Source: RFC 5545 recurrence rules, through python-dateutil. A rule is expanded in the event's local time, so that
"Mondays at 11" stays 11 o'clock across a change of the clocks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import uuid5
from zoneinfo import ZoneInfo

import msgspec

from sync.errors import RecordError
from sync.records import NAMESPACE, Item

DEFAULT_LENGTH: Final = dt.timedelta(hours=1)
_MOST: Final = 400
_WRONG: Final = (ValueError, KeyError, TypeError, OverflowError, OSError)
"""What the libraries raise for times that are none."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence of an event at a shop; `starts` and `ends` are aware local times."""

    id: str
    event: Item
    starts: dt.datetime
    ends: dt.datetime


def between(events: Iterable[Item], first: dt.date, last: dt.date, *, shop: str = "") -> list[Session]:
    """The sessions that start from `first` to `last`, both days included, in order of time.

    An event whose rule cannot be read is left out; `check_rule` refuses such at the hub.
    """
    found = [session for event in events for session in _of(event, first, last, shop)]
    return sorted(found, key=lambda session: (session.starts, session.event.title))


def session_id(event_id: str, shop: str, local_start: dt.datetime) -> str:
    """The id of a session: the same on every device, and it stays the same when the event's title changes."""
    return str(uuid5(NAMESPACE, f"session:{event_id}:{shop}:{local_start:%Y-%m-%dT%H:%M:%S}"))


def check_rule(item: Item) -> None:
    """Make sure that an event's times can be read.

    Raises:
        RecordError: saying which field is wrong and how it should be.
    """
    try:
        start, end, zone = _times(item)
        if item.rrule and not _comes(item.rrule, start, zone):
            raise ValueError(f"rrule {item.rrule[:80]!r} names days that never come")
        _starts(item, start, start + dt.timedelta(days=1))
        for day in item.exdates:
            if dt.datetime.fromisoformat(day).tzinfo:
                raise ValueError(f"the exdate {day} has a time zone; it must be local, as starts is")
    except _WRONG as error:
        raise RecordError(f"starts, ends, rrule, exdates or timezone cannot be read: {error}") from error
    if end <= start:
        raise RecordError(f"ends ({item.ends}) is not after starts ({item.starts})")


def _of(event: Item, first: dt.date, last: dt.date, shop: str) -> list[Session]:
    try:
        start, end, zone = _times(event)
        starts = _starts(event, dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last, dt.time.max))
        away = {_away(day) for day in event.exdates}
        return [
            Session(
                id=session_id(event.id, shop, at),
                event=event,
                starts=at.replace(tzinfo=zone),
                ends=(at + (end - start)).replace(tzinfo=zone),
            )
            for at in starts
            if at not in away and at.date() not in away
        ]
    except _WRONG:
        return []


def _away(text: str) -> dt.date:
    """A start that does not take place; of a date alone, such as a bank holiday, a day on which none does."""
    at = dt.datetime.fromisoformat(text)
    return at if len(text) > len("2026-12-28") else at.date()


def _times(event: Item) -> tuple[dt.datetime, dt.datetime, ZoneInfo]:
    start = dt.datetime.fromisoformat(event.starts)
    end = dt.datetime.fromisoformat(event.ends) if event.ends else start + DEFAULT_LENGTH
    return start.replace(tzinfo=None), end.replace(tzinfo=None), ZoneInfo(event.timezone or "Europe/London")


def _starts(event: Item, after: dt.datetime, before: dt.datetime) -> list[dt.datetime]:
    """Local starts in a range, both ends included."""
    start, _end, zone = _times(event)
    if not event.rrule:
        return [start] if after <= start <= before else []
    from dateutil.rrule import rrulestr  # a command that makes no sessions need not load it

    found: list[dt.datetime] = []
    rule = _joined(_local(event.rrule, zone))
    for steps, at in enumerate(rrulestr(rule, dtstart=start).xafter(after, inc=True)):
        if at > before or steps >= _MOST:
            break
        found.append(at)
    return found


def _comes(rule: str, start: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether a rule names any day, whenever it ends.

    Looking stops at the year 9999 alone, so this looks from 300 to 700 years before it: days repeat after 400 years.
    """
    from dateutil.rrule import rrulestr

    endless = {name: value for name, value in _local(rule, zone).items() if name != "UNTIL"}
    late = start.replace(year=9301 + (start.year - 9301) % 400)
    return next(iter(rrulestr(_joined(endless), dtstart=late)), None) is not None


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _local(rule: str, zone: ZoneInfo) -> dict[str, str]:
    """The parts of the rule in capitals, its end in local time.

    Raises:
        ValueError: it repeats more often than daily, or never moves on.
    """
    parts = dict(part.split("=", 1) for part in rule.upper().removeprefix("RRULE:").split(";") if part)
    if parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError(f"FREQ is {parts.get('FREQ')!r}; an event repeats DAILY, WEEKLY, MONTHLY or YEARLY")
    if int(parts.get("INTERVAL", "1")) < 1:
        raise ValueError(f"INTERVAL is {parts['INTERVAL']}; it must be 1 or more")
    if (until := parts.get("UNTIL", "")).endswith("Z"):
        utc = dt.datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        parts["UNTIL"] = f"{utc.astimezone(zone):%Y%m%dT%H%M%S}"
    return parts
