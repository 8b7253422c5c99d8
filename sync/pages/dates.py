"""The dates of an event as a calendar file.

Source: RFC 5545. Each session stands for itself in UTC, so that no reader has to know a time zone's rules or how
an event recurs; exceptions are simply not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sync.records import Place
from sync.sessions import Session

MOST: Final = 10
_LINE_BYTES: Final = 75


def calendar(sessions: Sequence[Session], *, title: str, summary: str, address: str, now: dt.datetime) -> bytes:
    """The sessions as an iCalendar file.

    Args:
        sessions: at least one.
        title: what the event is called, in the reader's language.
        summary: a line about it.
        address: where its page is; may be empty.
        now: when this was made, aware.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Touchpoint//Public pages//EN", "CALSCALE:GREGORIAN"]
    for session in sessions:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.id}",
            f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(session.starts)}",
            f"DTEND:{_utc(session.ends)}",
            f"SUMMARY:{_text(title)}",
        ]
        if summary:
            lines.append(f"DESCRIPTION:{_text(summary)}")
        if where := in_one_line(session.event.place):
            lines.append(f"LOCATION:{_text(where)}")
        if address:
            lines.append(f"URL:{address}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def in_one_line(place: Place | None) -> str:
    """A place as on an envelope: name, street, postcode."""
    return ", ".join(part for part in (place.name, place.address, place.postcode) if part) if place else ""


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """The value of a TEXT property: one line, with its special characters escaped (3.3.11)."""
    for special in ("\\", ";", ","):
        value = value.replace(special, "\\" + special)
    lines = ("".join(letter for letter in line if letter.isprintable()) for line in value.splitlines())
    return "\\n".join(lines)


def _folded(line: str) -> bytes:
    """A content line in pieces of at most 75 bytes, never cut inside a character (3.1)."""
    pieces = [b""]
    for letter in line:
        raw = letter.encode("utf-8", "replace")
        if len(pieces[-1]) + len(raw) > _LINE_BYTES:
            pieces.append(b" ")
        pieces[-1] += raw
    return b"\r\n".join(pieces) + b"\r\n"
