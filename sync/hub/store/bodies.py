"""What a record must say to be taken: one function for each kind, with the reason why not.

Usage stays unchecked, as it always was, and so does every kind that this version does not know.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

import msgspec

from sync.attendance import FIRST_TIMES, MOST_MINUTES, MOST_PEOPLE, ROLES
from sync.records import Attendance, FollowUp, HeadCount, SessionHeld

MOST_COUNT: Final = 10_000
MOST_ID_LETTERS: Final = 40
MOST_TITLE_LETTERS: Final = 400
MOST_TOPICS: Final = 50
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def wrong(kind: str, body: dict[str, Any]) -> str:
    """Why a record of that kind cannot say this; empty when it can."""
    if (check := _CHECKS.get(kind)) is None:
        return ""
    try:
        return check(body)
    except msgspec.ValidationError as error:
        return f"the body is not that of the kind {kind}: {error}"


# -- one for each kind


def _session(body: dict[str, Any]) -> str:
    said = msgspec.convert(body, SessionHeld)
    if not is_uuid(said.session):
        return "session must be a UUID, in lower case"
    if not _is_uuid_or_empty(said.event):
        return "event must be empty or a UUID, in lower case"
    if len(said.title) > MOST_TITLE_LETTERS or any(unicodedata.category(letter) == "Cc" for letter in said.title):
        return f"title must have at most {MOST_TITLE_LETTERS} letters, all on one line"
    if said.timezone not in _timezones():
        return "timezone must be one such as Europe/London"
    if not (_is_local(said.starts) and _is_local(said.ends)):
        return "starts and ends must be local times such as 2026-11-24T10:30:00"
    return "" if said.starts < said.ends else "ends must be after starts"


def _attendance(body: dict[str, Any]) -> str:
    said = msgspec.convert(body, Attendance)
    if not is_uuid(said.session):
        return "session must be a UUID, in lower case"
    if not _is_uuid_or_empty(said.corrects):
        return "corrects must be empty or a UUID, in lower case"
    if _instant(said.at) is None:
        return "at must be a time with its zone, ISO 8601"
    if said.role not in ROLES:
        return f"role must be {_either(ROLES)}"
    if said.first_time not in FIRST_TIMES:
        return f"first_time must be {_either(FIRST_TIMES)}"
    if not 1 <= said.people <= MOST_PEOPLE:
        return f"people must be from 1 to {MOST_PEOPLE}"
    if said.minutes is not None and not 0 <= said.minutes <= MOST_MINUTES:
        return f"minutes must be from 0 to {MOST_MINUTES}, or nothing"
    if len(said.topics) > MOST_TOPICS or not all(map(_is_name, said.topics)):
        return f"topics must be at most {MOST_TOPICS} ids of 1 to {MOST_ID_LETTERS} letters without blanks"
    if not all(one == "" or _is_name(one) for one in (said.outcome, said.staff)):
        return f"outcome and staff must be empty or ids of at most {MOST_ID_LETTERS} letters without blanks"
    return ""


def _head_count(body: dict[str, Any]) -> str:
    said = msgspec.convert(body, HeadCount)
    if not is_uuid(said.session):
        return "session must be a UUID, in lower case"
    if not 0 <= said.count <= MOST_COUNT:
        return f"count must be from 0 to {MOST_COUNT}"
    if said.staff and not _is_name(said.staff):
        return f"staff must be empty or an id of at most {MOST_ID_LETTERS} letters without blanks"
    return ""


def _follow_up(body: dict[str, Any]) -> str:
    said = msgspec.convert(body, FollowUp)
    if bool(said.sealed) == bool(said.withdraws):
        return "either sealed or withdraws must be there"
    if not _is_uuid_or_empty(said.withdraws):
        return "withdraws must be a UUID, in lower case"
    try:
        base64.b64decode(said.sealed, validate=True)
    except (binascii.Error, ValueError):
        return "sealed must be base64"
    return ""


_CHECKS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "session": _session,
    "attendance": _attendance,
    "head_count": _head_count,
    "follow_up": _follow_up,
}


# -- what a field must be


def is_uuid(text: str) -> bool:
    """Whether it is a UUID as we write them, in lower case."""
    return _UUID.fullmatch(text) is not None


def _is_uuid_or_empty(text: str) -> bool:
    return text == "" or is_uuid(text)


def _is_name(text: str) -> bool:
    """Whether it is the id of a topic, an outcome or somebody, known or not: printable, and of one piece."""
    return 0 < len(text) <= MOST_ID_LETTERS and text.isprintable() and " " not in text


def _is_local(text: str) -> bool:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return at.tzinfo is None and at.isoformat(timespec="seconds") == text


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _instant(text: str) -> dt.datetime | None:
    """A time with its zone, as UTC; None where it is none, or so far away that no zone could show it."""
    try:
        at = dt.datetime.fromisoformat(text)
        if len(text) > MOST_ID_LETTERS or at.tzinfo is None or not 1 < at.year < dt.MAXYEAR:
            return None
        return at.astimezone(dt.UTC)
    except ValueError:
        return None


def _either(words: Collection[str]) -> str:
    return " or ".join(word or "empty" for word in words)
