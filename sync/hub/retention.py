"""How long anything about people is kept at the hub: one function for each rule, all of them run together.

A rule is one transaction, or one for each month, so that a run that is cut short leaves nothing half done, and the next
one goes on where it ended.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, select

from sync.hub import forgotten, settings
from sync.hub.folder import HubFolder
from sync.hub.store import facts, follow_ups, months, suggestions, usage
from sync.hub.store.database import Database, now
from sync.hub.store.schema import audit, quarantine, received

log = logging.getLogger(__name__)

QUARANTINE: Final = dt.timedelta(days=90)
AUDIT_MONTHS: Final = 25
NOT_SCRUBBED: Final = (
    "the database is in use or its disk is full, so that traces of what was deleted may be on the disk until tomorrow"
)


class Report(msgspec.Struct, kw_only=True):
    """How much was deleted of what; `months` are those that were added up."""

    follow_ups: int = 0
    maker_contacts: int = 0
    attendance: int = 0
    sessions: int = 0
    head_counts: int = 0
    months: int = 0
    refused: int = 0
    audit: int = 0
    terms: int = 0

    def in_words(self) -> str:
        """What there was to delete, with commas between; empty where there was nothing."""
        named = (
            (self.follow_ups, "follow-up", "follow-ups"),
            (self.maker_contacts, "maker's contact", "makers' contacts"),
            (self.attendance, "attendance record", "attendance records"),
            (self.sessions, "session", "sessions"),
            (self.head_counts, "head count", "head counts"),
            (self.refused, "refused record", "refused records"),
            (self.audit, "audit entry", "audit entries"),
            (self.terms, "search term", "search terms"),
        )
        return ", ".join(f"{count:,} {one if count == 1 else several}" for count, one, several in named if count)


def run(database: Database, folder: HubFolder, *, today: dt.date | None = None, dry_run: bool = False) -> Report:
    """Delete whatever is past its date; one line of counts is logged if there was anything.

    Args:
        today: by UTC, unless another day is meant.
        dry_run: only count; everything is as it was afterwards.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    asked = forgotten.read(folder)
    if dry_run:
        with _rolled_back(database) as all_at_once:
            return _delete(database, all_at_once, day, asked)
    report = _delete(database, Database.writing, day, asked)
    forgotten.write(database, folder)
    if said := report.in_words():
        log.info("retention: deleted %s", said)
    if (report.refused or report.maker_contacts or report.terms or _is_scrubbing_due(database)) and not scrub(database):
        log.warning("retention: %s", NOT_SCRUBBED)
    return report


def forget_follow_ups(db: Connection, asked: Collection[str], today: dt.date) -> int:
    """Delete those whose day has come, and those that somebody asked to have deleted before this hub was restored."""
    return len(follow_ups.remove(db, sorted({*follow_ups.overdue(db, today.isoformat()), *asked})))


def scrub(database: Database) -> bool:
    """See to it that nothing that was deleted is left on the disk; False when it must be tried again."""
    at = now()
    if not database.scrub():
        return False
    with database.writing() as db:
        facts.put(db, facts.SCRUBBED, at)
    return True


# -- the rules


_Transaction = Callable[[Database], AbstractContextManager[Connection]]


def _delete(database: Database, transaction: _Transaction, day: dt.date, asked: Collection[str]) -> Report:
    """All rules, one after the other; each sees what those before it left."""
    report = Report(follow_ups=_follow_ups(database, transaction, day, asked))
    report.maker_contacts = _maker_contacts(database, transaction, day, asked)
    for gone in _months(database, transaction, day):
        report.months += 1
        report.attendance += gone.attendance
        report.sessions += gone.sessions
        report.head_counts += gone.head_counts
    report.refused = _refused(database, transaction, day)
    report.audit = _audit(database, transaction, day)
    report.terms = _terms(database, transaction, day)
    return report


def _follow_ups(database: Database, transaction: _Transaction, today: dt.date, asked: Collection[str]) -> int:
    with transaction(database) as db:
        return forget_follow_ups(db, asked, today)


def _maker_contacts(database: Database, transaction: _Transaction, today: dt.date, asked: Collection[str]) -> int:
    with transaction(database) as db:
        return suggestions.forget_contacts(db, asked, today.isoformat())


def _months(database: Database, transaction: _Transaction, today: dt.date) -> Iterator[months.Gone]:
    """Attendance, sessions and head counts, month by month."""
    with database.reading() as db:
        first = months.before(today, settings.number(db, "attendance_months"))
        over = months.older(db, first)
    for month in over:
        with transaction(database) as db:
            gone = months.close(db, month)
        if gone != months.Gone():
            yield gone


def _refused(database: Database, transaction: _Transaction, today: dt.date) -> int:
    before = (today - QUARANTINE).isoformat()
    with transaction(database) as db:
        return db.execute(delete(quarantine).where(quarantine.c.received_at < before)).rowcount


def _audit(database: Database, transaction: _Transaction, today: dt.date) -> int:
    before = months.before(today, AUDIT_MONTHS)
    with transaction(database) as db:
        return db.execute(delete(audit).where(audit.c.at < before)).rowcount


def _terms(database: Database, transaction: _Transaction, today: dt.date) -> int:
    with transaction(database) as db:
        return usage.forget_terms(db, today)


def _is_scrubbing_due(database: Database) -> bool:
    """Whether anything was deleted since, here or because a kiosk took it back."""
    with database.reading() as db:
        since = facts.get(db, facts.SCRUBBED)
        return db.execute(select(received.c.id).where(received.c.erased_at >= since).limit(1)).first() is not None


@contextmanager
def _rolled_back(database: Database) -> Iterator[_Transaction]:
    """One transaction for all rules, of which nothing is left."""
    with database.writing() as db:
        yield lambda _database: nullcontext(db)
        db.rollback()
