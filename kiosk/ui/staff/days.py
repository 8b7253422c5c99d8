"""Days and times as they are said on the staff's screens."""

from __future__ import annotations

import datetime as dt

from kiosk.domain.attendance import LogSession
from sync import days
from sync.words import _


def day(of: dt.date, today: dt.date) -> str:
    """`Today`, `Yesterday`, `Monday 16 November`; with the year when it is another."""
    away = (of - today).days
    if away in (0, -1, 1):
        return {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}[away]
    return days.day(of) if of.year == today.year else f"{days.weekday(of)} {days.with_year(of)}"


def span(session: LogSession, today: dt.date) -> str:
    """`Today, 11:00 to 13:00`."""
    return _("{day}, {starts} to {ends}").format(
        day=day(session.day, today), starts=f"{session.starts:%H:%M}", ends=f"{session.ends:%H:%M}"
    )
