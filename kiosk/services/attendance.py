"""Logging a surgery: which sessions there are, who came, what was corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import uuid_utils

from kiosk.domain import attendance as rules
from kiosk.domain.attendance import LogSession
from kiosk.errors import AttendanceError, GoneError
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from kiosk.store.attendance import AttendanceStore
from sync import attendance, sessions
from sync.attendance import Entry, Totals
from sync.errors import ReplicaError
from sync.records import Attendance, HeadCount, SessionHeld
from sync.replica.folder import CurrentReplica

WHOLE_DAYS: Final = 31
"""So many days back a paper sheet can be logged by the screen."""
_WINDOW: Final = dt.timedelta(days=31)
"""The diary is looked through in such pieces, as `sync.sessions` bounds how many of one event it names."""
CHANGEABLE: Final = frozenset({"at", "role", "people", "first_time", "topics", "outcome", "minutes", "void"})
"""What a correction may say anew. A record stays in its session: it is taken away, and logged in the other."""


@dataclass(frozen=True)
class SessionView:
    """A session as it stands: what counts in it, oldest first, and the sums.

    `partial` tells that it is so long ago that some of it may be at the hub alone.
    """

    session: LogSession
    entries: list[Entry]
    totals: Totals
    partial: bool = False


@dataclass(frozen=True)
class Words:
    """What things are called here, in one language; `topics` and `outcomes` are ids with their words, in order."""

    session: str
    sessions: str
    visitor: str
    visitors: str
    helper: str
    helpers: str
    topics: dict[str, str]
    outcomes: dict[str, str]

    def topic(self, topic: str) -> str:
        """A topic's word, also of one that is not in the list any more."""
        return self.topics.get(topic) or attendance.word({}, f"topic.{topic}")

    def outcome(self, outcome: str) -> str:
        """An outcome's word."""
        return self.outcomes.get(outcome) or attendance.word({}, f"outcome.{outcome}")


def words_in(settings: Settings, language: str) -> Words:
    """What things are called by these settings, and in our own words where they do not say."""

    def word(name: str) -> str:
        return attendance.word(settings.words, name, language)

    named = {name: word(name) for name in ("session", "sessions", "visitor", "visitors", "helper", "helpers")}
    topics = {topic: word(f"topic.{topic}") for topic in settings.topics.split()}
    outcomes = {outcome: word(f"outcome.{outcome}") for outcome in settings.outcomes.split()}
    return Words(**named, topics=topics, outcomes=outcomes)


class AttendanceLog:
    """The log of this unit. What a method returns is safe on disk. Call them off the screen's thread.

    Args:
        settings: those that count now.
        wake_agent: tells the agent that there is something to send; must not wait.
    """

    def __init__(
        self,
        store: AttendanceStore,
        current: CurrentReplica,
        unit: Unit,
        settings: Callable[[], Settings],
        wake_agent: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._current = current
        self._unit = unit
        self._settings = settings
        self._wake = wake_agent

    def words(self, language: str = "") -> Words:
        """What things are called, as the hub's people have it."""
        return words_in(self._settings(), language)

    # -- sessions

    def sessions(self, day: dt.date | None = None) -> list[LogSession]:
        """The sessions of a day (today) that can be logged in, in order of time: of the diary, and those logged in.

        Today's begin with those of last night that are still on.
        """
        now = self._unit.now()
        if day is not None and day != now.date():
            return self._begun_on(day)
        late = [one for one in self._begun_on(now.date() - dt.timedelta(days=1)) if one.is_on(now)]
        return [*late, *self._begun_on(now.date())]

    def session(self, session_id: str) -> LogSession | None:
        """The session of that id: one that something was logged in, or one of the diary within a year."""
        held = next((one for one in self._store.sessions() if one.session == session_id), None)
        if held:
            return _as_session(held)
        last = self._unit.now().date() + dt.timedelta(days=1)
        oldest = last - rules.OLDEST
        while last > oldest:
            diary = self._of_diary(last - _WINDOW, last)
            if found := next((one for one in diary if one.id == session_id), None):
                return found
            last -= _WINDOW
        return None

    def new_session(self, day: dt.date | None = None, session_id: str = "") -> LogSession:
        """A session that stands in no diary; it is kept once something is logged in it."""
        now = self._unit.now()
        starts = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
        if day and day != now.date():
            starts = dt.datetime.combine(day, dt.time(12), now.tzinfo)
        title = self.words().session
        return LogSession(session_id or str(uuid_utils.uuid7()), title, starts, starts + rules.AD_HOC_LENGTH)

    def session_at(self, at: dt.datetime) -> LogSession:
        """The session that somebody who comes then most likely comes to, or one that stands in no diary."""
        local = at.astimezone(self._unit.now().tzinfo)
        late = [one for one in self._begun_on(local.date() - dt.timedelta(days=1)) if one.is_on(local)]
        return rules.meant([*late, *self._begun_on(local.date())], local) or self.new_session(local.date())

    # -- records

    def add(
        self,
        session: LogSession,
        *,
        topics: Sequence[str] = (),
        staff: str = "",
        role: str = "visitor",
        people: int = 1,
        first_time: str = "",
        outcome: str = "",
        minutes: int | None = None,
        at: dt.datetime | None = None,
    ) -> Entry:
        """Log one visit, or a helper who comes in.

        Args:
            at: when, aware; now, or for a session of an earlier day, when that began.

        Raises:
            AttendanceError: something is not what it can be.
        """
        now = self._unit.now()
        paper = session.is_past(now)
        body = Attendance(
            session=session.id,
            at=_time(rules.check_time(at or (session.starts if paper else now), now), role),
            role=role,
            people=people,
            first_time=first_time,
            topics=_once_each(topics),
            outcome=outcome,
            minutes=minutes,
            paper=paper,
            staff=staff,
        )
        record_id = self._store.add(_as_held(session), self._checked(body))
        self._wake()
        return Entry(record_id, record_id, 0, body)

    def change(self, record_id: str, staff: str = "", **changes: Any) -> Entry:
        """Correct a record: a new one that says what is right.

        Args:
            changes: fields of `Attendance` (`CHANGEABLE`), `at` as an aware time; what is not named stays.

        Raises:
            GoneError: it is not here (any more).
            AttendanceError: something is not what it can be, or cannot be changed.
        """
        if others := sorted(changes.keys() - CHANGEABLE):
            raise AttendanceError(f"{others[0]} cannot be changed; delete the record and log it anew")
        entry = self._there(record_id)
        before = entry.body
        at = dt.datetime.fromisoformat(before.at)
        if "at" in changes:
            at = rules.check_time(changes["at"], self._unit.now())
        role, topics = changes.get("role", before.role), changes.get("topics", before.topics)
        exact = changes | {"at": _time(at, role), "topics": _once_each(topics)}
        body = msgspec.structs.replace(before, **exact, corrects=entry.id, staff=staff)
        return self._correct(entry, body if body.void else self._checked(body, before))

    def void(self, record_id: str, staff: str = "") -> Entry:
        """Take a record away, as with undo: a new one that says so.

        Raises:
            GoneError: it is not here (any more).
        """
        return self.change(record_id, staff, void=True)

    def helper_out(self, record_id: str, staff: str = "") -> Entry:
        """A helper goes: the minutes since he came are his; those to the session's end where that would be half a day.

        Raises:
            GoneError: it is not here (any more).
        """
        body = self._there(record_id).body
        came, until = dt.datetime.fromisoformat(body.at), self._unit.now()
        if not dt.timedelta() <= until - came <= rules.LONGEST_HELP and (session := self.session(body.session)):
            until = session.ends  # forgotten till another day, or the clock was put right meanwhile
        minutes = round((until - came).total_seconds() / 60)
        known = 0 <= minutes <= rules.LONGEST_HELP.total_seconds() / 60
        return self.change(record_id, staff, minutes=minutes if known else 0)

    def count_heads(self, session: LogSession, count: int, staff: str = "") -> None:
        """Note how many were counted in the room.

        Raises:
            AttendanceError: nobody can count so many.
        """
        if not 0 <= count <= rules.MOST_COUNTED:
            raise AttendanceError(f"the head count is {count}; it must be from 0 to {rules.MOST_COUNTED}")
        paper = session.is_past(self._unit.now())
        self._store.count(_as_held(session), HeadCount(session=session.id, count=count, paper=paper, staff=staff))
        self._wake()

    # -- what there is

    def view(self, session: LogSession) -> SessionView:
        """A session as it stands in the database."""
        entries, sums = self._store.view(session.id)
        kept = dt.timedelta(days=self._settings().keep_days)
        return SessionView(session, entries, sums, partial=session.day < self._unit.now().date() - kept)

    def entries(self, session_id: str = "") -> list[Entry]:
        """What counts of all that is here, or of one session."""
        return self._store.entries(*filter(None, [session_id]))

    def waiting(self) -> int:
        """How many records the hub has not acknowledged."""
        return self._store.waiting()

    # -- inner

    def _begun_on(self, day: dt.date) -> list[LogSession]:
        found = {one.id: one for one in self._of_diary(day, day)}
        for held in self._store.sessions(day.isoformat()):
            found.setdefault(held.session, _as_session(held))
        return sorted(found.values(), key=lambda one: (one.starts, one.title, one.id))

    def _of_diary(self, first: dt.date, last: dt.date) -> list[LogSession]:
        """Occurrences of events that are logged; none while the catalogue cannot be read."""
        try:
            replica = self._current.get()
            events = [event for event in replica.events(stocked=False) if event.attendance] if replica else []
        except ReplicaError:
            events = []
        found = sessions.between(events, first, last, shop=self._unit.shop.id)
        return [LogSession(one.id, one.event.title, one.starts, one.ends, one.event.id) for one in found]

    def _there(self, record_id: str) -> Entry:
        if entry := self._store.find(record_id):
            return entry
        raise GoneError(f"no record here has the id {record_id}, or it was deleted, or is at the hub alone now")

    def _correct(self, entry: Entry, body: Attendance) -> Entry:
        new = self._store.correct(entry.id, entry.body.session, body)
        if not new:
            raise GoneError(f"the record {entry.id} was deleted meanwhile")
        self._wake()
        return Entry(entry.id, new, 0, body)

    def _checked(self, body: Attendance, before: Attendance | None = None) -> Attendance:
        """The record itself, if it is right; what it said before may have left the lists since."""
        settings = self._settings()
        topics, outcomes = settings.topics.split(), settings.outcomes.split()
        if before:
            topics, outcomes = [*topics, *before.topics], [*outcomes, before.outcome]
        return rules.check(body, topics, outcomes)


def _time(at: dt.datetime, role: str) -> str:
    """When it was, as it is kept: a helper's to the minute, as his hours are summed, a visitor's to the half hour."""
    at = at.astimezone(dt.UTC)
    at = at.replace(second=0, microsecond=0) if role == "helper" else rules.half_hour(at)
    return at.isoformat(timespec="minutes")


def _once_each(topics: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(topics))


def _as_held(session: LogSession) -> SessionHeld:
    return SessionHeld(
        session=session.id,
        starts=f"{session.starts:%Y-%m-%dT%H:%M:%S}",
        ends=f"{session.ends:%Y-%m-%dT%H:%M:%S}",
        timezone=str(session.starts.tzinfo),
        event=session.event,
        title=session.title,
    )


def _as_session(held: SessionHeld) -> LogSession:
    zone = ZoneInfo(held.timezone)
    starts, ends = (dt.datetime.fromisoformat(time).replace(tzinfo=zone) for time in (held.starts, held.ends))
    return LogSession(held.session, held.title, starts, ends, held.event)
