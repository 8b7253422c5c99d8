"""When a kiosk that is not heard of should be: in its shop's opening hours, after so many minutes of them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sync import hours
from sync.errors import RecordError
from sync.hours import Hours
from sync.records import Shop

ALWAYS: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
HEARTBEAT_S: Final = 300.0
"""How often kiosks say by themselves that they are there."""
_BEATS: Final = 2.5
"""So many heartbeats may be missing, however soon somebody wants to know."""


def after_s(minutes: float, heartbeat_s: float = HEARTBEAT_S) -> float:
    """Seconds of silence that count as quiet, where kiosks are to be heard of every `heartbeat_s`."""
    return max(60.0 * minutes, _BEATS * heartbeat_s)


def open_since(shop: Shop | None, at: dt.datetime) -> dt.datetime | None:
    """Since when the shop is open, aware UTC; None while it is closed.

    `ALWAYS` for one without hours, or with such as cannot be understood, and for one that never closes.
    """
    week = _week(shop.hours) if shop else None
    if shop is None or week is None or not any(week.week):
        return ALWAYS
    zone = zone_of(shop)
    local = at.astimezone(zone)
    start = next((start for start, end in week.today(local) if start <= local.time() < end), None)
    for away in range(8):
        if start is None:
            return None
        day = local.date() - dt.timedelta(days=away)
        before = week.week[(day.weekday() - 1) % 7]
        if start != dt.time.min or not before or before[-1][1] != dt.time.max:
            return dt.datetime.combine(day, start, zone).astimezone(dt.UTC)
        start = before[-1][0]
    return ALWAYS


def is_quiet(heard_at: dt.datetime, shop: Shop | None, at: dt.datetime, silence_s: float) -> bool:
    """Whether nothing came for so many seconds in which the shop was open without a break."""
    opened = open_since(shop, at)
    return opened is not None and (at - max(heard_at, opened)).total_seconds() >= silence_s


@lru_cache(maxsize=1_000)
def _week(text: str) -> Hours | None:
    try:
        return hours.parse(text)
    except RecordError:
        return None


def zone_of(shop: Shop | None) -> ZoneInfo:
    """A shop's time zone; London's where it has none that is known."""
    try:
        return ZoneInfo(shop.timezone if shop else "Europe/London")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("Europe/London")
