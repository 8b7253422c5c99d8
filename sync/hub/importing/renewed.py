"""An old catalogue as if it had been written this week: what a demonstration or an exercise begins with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from sync.hub.importing import Found, Skipped
from sync.records import Item


def renewed(entries: Iterable[Found | Skipped], today: dt.date) -> Iterator[Found | Skipped]:
    """The same entries with their days moved on by whole weeks, till the newest was looked at in the last seven days.

    Moved are `checked_on`, `expires_on` and the time of what takes place once. What comes again by a rule stays, as
    it goes on for ever, and so do the days it leaves out.
    """
    known = list(entries)
    checked = [day for one in known if isinstance(one, Found) and (day := _day(one.item.checked_on))]
    weeks = max(0, (today - max(checked, default=today)).days // 7)
    for one in known:
        yield dataclasses.replace(one, item=_later(one.item, weeks)) if isinstance(one, Found) and weeks else one


def _later(item: Item, weeks: int) -> Item:
    days = ("checked_on", "expires_on") if item.rrule else ("checked_on", "expires_on", "starts", "ends")
    moved = {name: _moved(there, weeks) for name in days if (there := getattr(item, name))}
    return msgspec.structs.replace(item, **moved)


def _moved(day: str, weeks: int) -> str:
    """A day, with or without a time, so many weeks later; what is no day stays, as whoever takes it in refuses it."""
    there = _day(day[:10])
    return (there + dt.timedelta(weeks=weeks)).isoformat() + day[10:] if there else day


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
