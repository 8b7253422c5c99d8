"""Which follow-ups and makers' contacts were deleted on request, in a file beside the database and in no backup.

A backup brings back what was deleted after it was made. Who restores one into the folder that it came from, or puts
this file into the new one, has that deleted again. A line is an id, of a follow-up or of what a maker suggests, and the
day on which it was deleted.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from sync.hub import locks
from sync.hub.folder import HubFolder
from sync.hub.store import follow_ups, months
from sync.hub.store.database import Database
from sync.replica.folder import write_in_one_step

MONTHS: Final = 13
"""Longer than any follow-up may be kept."""


def read(folder: HubFolder) -> dict[str, str]:
    """The ids, and the day on which each was deleted, `YYYY-MM-DD`; lines that are no such thing are left out."""
    try:
        lines = folder.forgotten.read_bytes().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    return dict(words for line in lines if (words := _words(line)))


def write(database: Database, folder: HubFolder) -> None:
    """Bring the file up to what was deleted, which the audit knows, and forget what is older than `MONTHS`."""
    since = months.before(dt.datetime.now(dt.UTC).date(), MONTHS)
    with locks.held(folder, locks.FORGETTING):
        there = read(folder)
        with database.reading() as db:
            known = {**there, **follow_ups.forgotten(db, since)}
        wanted = {record_id: day for record_id, day in known.items() if day >= since}
        if wanted != there:
            lines = "".join(f"{record_id} {day}\n" for record_id, day in sorted(wanted.items()))
            write_in_one_step(folder.forgotten, lines.encode(), mode=0o600)


def _words(line: str) -> tuple[str, str] | None:
    try:
        record_id, day = line.split()
        return str(UUID(record_id)), dt.date.fromisoformat(day).isoformat()
    except ValueError:
        return None
