"""The attendance log: records in the outbox, found again by their session for as long as they are here.

There is no second copy: what a screen counts is what is going to be sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import Connection

from kiosk.store.records import Records
from sync import attendance, outbox
from sync.attendance import Entry, Totals
from sync.outbox import Made
from sync.records import Attendance, HeadCount, SessionHeld

ATTENDANCE: Final = "attendance"
SESSION: Final = "session"
HEAD_COUNT: Final = "head_count"


class AttendanceStore:
    """The log in `records.db`."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, session: SessionHeld, body: Attendance) -> str:
        """Keep a record, safe on disk, and its session with the first one; returns its id."""
        with self._records.writing() as db:
            _hold(db, session)
            return outbox.add(db, ATTENDANCE, body, about=body.session)

    def count(self, session: SessionHeld, body: HeadCount) -> str:
        """Keep a head count in the same way."""
        with self._records.writing() as db:
            _hold(db, session)
            return outbox.add(db, HEAD_COUNT, body, about=body.session)

    def correct(self, root: str, session: str, body: Attendance) -> str:
        """Keep a correction of that record, unless it is void by now; returns its id, or nothing.

        The look and the write are one transaction, so that two who correct at once do not bring back what is void.
        """
        with self._records.writing() as db:
            if not any(entry.id == root for entry in _entries(db, session)):
                return ""
            return outbox.add(db, ATTENDANCE, body, about=session)

    def entries(self, *sessions: str) -> list[Entry]:
        """What counts in these sessions, in the order it was made."""
        with self._records.reading() as db:
            return _entries(db, *sessions)

    def view(self, session: str) -> tuple[list[Entry], Totals]:
        """What counts in a session, and its sums."""
        with self._records.reading() as db:
            entries, counted = _entries(db, session), outbox.made(db, HEAD_COUNT, session)
        sums = attendance.totals(entries)
        if counted:
            sums.head_count = msgspec.json.decode(counted[-1].body, type=HeadCount).count
        return entries, sums

    def find(self, record_id: str) -> Entry | None:
        """What counts of the record with that id, or of the one that it corrects; None where nothing is here."""
        with self._records.reading() as db:
            there = outbox.find(db, record_id, ATTENDANCE)
            if there is None:  # the first one may have been sent and deleted while its correction is still here
                return next((entry for entry in _entries(db) if entry.id == record_id), None)
            body = msgspec.json.decode(there.body, type=Attendance)
            root = body.corrects or there.id
            return next((entry for entry in _entries(db, body.session) if entry.id == root), None)

    def sessions(self, day: str = "") -> list[SessionHeld]:
        """The sessions of a day, or all that are here, in which something was logged."""
        with self._records.reading() as db:
            return _held(outbox.made(db, SESSION, *filter(None, [day])))

    def waiting(self) -> int:
        """How many records of any kind the hub has not acknowledged."""
        with self._records.reading() as db:
            return outbox.count_waiting(db)


def _hold(db: Connection, session: SessionHeld) -> None:
    day = session.starts[:10]
    if session.session not in {one.session for one in _held(outbox.made(db, SESSION, day))}:
        outbox.add(db, SESSION, session, about=day)


def _held(made: Iterable[Made]) -> list[SessionHeld]:
    found = {one.session: one for one in (msgspec.json.decode(row.body, type=SessionHeld) for row in made)}
    return list(found.values())


def _entries(db: Connection, *sessions: str) -> list[Entry]:
    return attendance.in_force(
        Entry(one.id, one.id, one.seq, msgspec.json.decode(one.body, type=Attendance), one.state == "acknowledged")
        for one in outbox.made(db, ATTENDANCE, *sessions)
    )
