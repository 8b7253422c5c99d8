"""Weekly events as iCalendar (RFC 5545) files that a phone can add to its calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from bodies import to_plain
from catalogue import Item
from sheets import Sheet

LONDON = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""


def make_calendar(item: Item, sheet: Sheet, path: Path) -> None:
    """Write one event with its rule and the days it does not happen."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Touchpoint//Demo catalogue//EN",
        "CALSCALE:GREGORIAN",
        *LONDON.splitlines(),
        *_event_lines(item),
        "END:VCALENDAR",
    ]
    path.write_bytes("".join(_fold(line) + "\r\n" for line in lines).encode())


def _event_lines(item: Item) -> list[str]:
    place = item["place"]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, 'https://example.org/' + item['key'])}@example.org",
        f"DTSTAMP:{item['checked_on']:%Y%m%d}T120000Z",
        f"DTSTART;TZID=Europe/London:{_stamp(item['starts'])}",
        f"DTEND;TZID=Europe/London:{_stamp(item['ends'])}",
        f"RRULE:{item['rrule']}",
        *[f"EXDATE;TZID=Europe/London:{_stamp(day)}" for day in item.get("exdates", [])],
        f"SUMMARY:{_escape(item['title'])}",
        f"DESCRIPTION:{_escape(item['summary'])}\\n\\n{_escape(to_plain(item['body']))}",
        f"LOCATION:{_escape(place['name'] + ', ' + place['address'])}",
    ]
    if "lat" in place and "lon" in place:
        lines.append(f"GEO:{place['lat']};{place['lon']}")
    return [*lines, f"CATEGORIES:{','.join(_escape(tag) for tag in item['tags'])}", "END:VEVENT"]


def _stamp(when: dt.datetime) -> str:
    return f"{when:%Y%m%dT%H%M%S}"


def _escape(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "\\n")


def _fold(line: str) -> str:
    """Break a line so that none is over 75 bytes, never inside a character."""
    folded, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            folded, size = folded + "\r\n ", 1
        folded, size = folded + character, size + width
    return folded
