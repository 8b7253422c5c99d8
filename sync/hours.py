"""Opening hours: a small, much used part of OpenStreetMap's `opening_hours`.

Understood: `Mo-Fr 09:30-17:00; Sa 10:00-16:00; Su off`, several times with commas (`09:00-12:00,13:00-17:00`),
lists of days (`Mo,We`), `24/7`, and English day names of any length. A later rule replaces an earlier one for its days.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from sync import days
from sync.errors import RecordError
from sync.words import _

_DAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Hours:
    """A week of opening times: for each day, Monday first, its (opens, closes) pairs in order."""

    week: tuple[tuple[tuple[dt.time, dt.time], ...], ...]

    def today(self, at: dt.datetime) -> tuple[tuple[dt.time, dt.time], ...]:
        """The opening times of a day."""
        return self.week[at.weekday()]

    def closes(self, at: dt.datetime) -> dt.time | None:
        """When it closes, if it is open at that moment."""
        now = at.time()
        return next((end for start, end in self.today(at) if start <= now < end), None)

    def opens(self, at: dt.datetime) -> dt.datetime | None:
        """When it opens next, within a week; None when it never does."""
        for away in range(8):
            day = at.date() + dt.timedelta(days=away)
            for start, _end in self.week[day.weekday()]:
                if (opening := dt.datetime.combine(day, start, at.tzinfo)) > at:
                    return opening
        return None

    def in_words(self) -> str:
        """`Monday–Saturday 09:30 to 17:30, Sunday 11:00 to 16:00`; closed days are left out."""
        return ", ".join(f"{names} {times}" for names, times in self.by_days() if times)

    def by_days(self) -> list[tuple[str, str]]:
        """The week as lines: `Monday–Saturday` and `09:30 to 17:30`; the times of closed days are empty."""
        lines, day = [], 0
        while day < 7:
            last = day
            while last < 6 and self.week[last + 1] == self.week[day]:
                last += 1
            between = "–" if last > day + 1 else ", "
            names = between.join(dict.fromkeys((days.name(day), days.name(last))))
            times = ", ".join(
                _("{starts} to {ends}").format(starts=f"{start:%H:%M}", ends=_shown(end))
                for start, end in self.week[day]
            )
            lines.append((names, times))
            day = last + 1
        return lines

    def state(self, at: dt.datetime) -> str:
        """Whether it is open at that moment: `open until 17:00`, `opens tomorrow at 09:30`, or nothing."""
        if closes := self.closes(at):
            return _("open until {time}").format(time=f"{closes:%H:%M}") if closes != dt.time.max else _("open all day")
        if not (opens := self.opens(at)):
            return ""
        away, time = (opens.date() - at.date()).days, f"{opens:%H:%M}"
        if away == 0:
            return _("opens at {time}").format(time=time)
        if away == 1:
            return _("opens tomorrow at {time}").format(time=time)
        return _("opens {weekday} at {time}").format(weekday=days.weekday(opens), time=time)


@dataclass(frozen=True)
class Span:
    """A part of every day, such as 22:00 to 06:00."""

    start: dt.time
    end: dt.time

    def holds(self, time: dt.time) -> bool:
        """Whether that time of day is in it; one that starts later than it ends goes over midnight."""
        if self.start <= self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end


def parse_span(text: str) -> Span:
    """The part of the day that `22:00-06:00` means.

    Raises:
        RecordError: it cannot be understood.
    """
    match = _SPAN.fullmatch(text.strip())
    try:
        start, end = (dt.time(int(match[at]) % 24, int(match[at + 1])) for at in (1, 3)) if match else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None or start == end:
        raise RecordError(f"{text!r} is no part of a day; it should look like 22:00-06:00")
    return Span(start, end)


def parse(text: str) -> Hours:
    """The week that an opening_hours text describes.

    Raises:
        RecordError: naming the part that cannot be understood.
    """
    week: list[tuple[tuple[dt.time, dt.time], ...]] = [()] * 7
    if text.strip() == "24/7":
        return Hours(tuple(((dt.time.min, dt.time.max),) for _day in range(7)))
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = re.match(r"[A-Za-z ,\-]*", part)
        names = (match[0] if match else "").strip(" ,")
        rest = part[len(names) :].strip()
        if names.lower().endswith((" off", " closed")):
            names, rest = names.rsplit(" ", 1)
        spans = () if rest.lower() in ("off", "closed") else _spans(rest, part)
        for day in _days(names, part) if names else range(7):
            week[day] = spans
    return Hours(tuple(week))


def _days(names: str, part: str) -> list[int]:
    days: list[int] = []
    for name in names.replace(" ", "").split(","):
        ends = [_day(end, part) for end in name.split("-")]
        first, last = ends[0], ends[-1]
        days += [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    return days


def _day(name: str, part: str) -> int:
    if (short := name[:2].lower()) not in _DAYS:
        raise RecordError(f"opening hours: {name!r} in {part!r} is not a day; write Mo, Tu, We, Th, Fr, Sa or Su")
    return _DAYS.index(short)


def _spans(text: str, part: str) -> tuple[tuple[dt.time, dt.time], ...]:
    spans = []
    for span in text.split(","):
        match = _SPAN.fullmatch(span.strip())
        try:
            if not match:
                raise ValueError("not a span")
            hour, minute, end_hour, end_minute = map(int, match.groups())
            ends = dt.time.max if (end_hour, end_minute) == (24, 0) else dt.time(end_hour, end_minute)
            spans.append((dt.time(hour, minute), ends))
        except ValueError as error:
            raise RecordError(f"opening hours: {part!r} needs times such as 09:30-17:00") from error
    return tuple(sorted(spans))


def _shown(end: dt.time) -> str:
    return "24:00" if end == dt.time.max else f"{end:%H:%M}"
