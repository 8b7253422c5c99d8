"""The figures of attendance by session, shop, topic or month, and how they are added up.

Of what is kept record by record and what is left of older ones as monthly totals, both are counted. The sums are those
of `sync.attendance`, which a shop's own screen shows. What the database has of them `sync.hub.reports.counting` says.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from sync.attendance import UNMET, Totals
from sync.hub.store.attendance import HOME_ZONE

BYS: Final = ("session", "shop", "topic", "month")


@dataclass(frozen=True)
class Scope:
    """What is counted: sessions of these local days, both included, what was logged at this shop, or in this session.

    None is all.

    What belongs to a session that nobody described counts on the day it was logged, by the clocks of `zone`.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    shop_id: str | None = None
    zone: ZoneInfo = HOME_ZONE
    session: str | None = None


@dataclass
class Sums(Totals):
    """The sums of one row of a report. `unmet_topics` counts people whom nobody could help, by what they came about;
    `clock_wrong` records made by a clock that was wrong.
    """

    sessions: int = 0
    clock_wrong: int = 0
    unmet_topics: Counter[str] = field(default_factory=Counter)

    @property
    def not_asked(self) -> int:
        """Visits of which nobody knows whether they were the first."""
        return self.visits - self.first_time - self.again

    @property
    def unmet(self) -> int:
        """People whom nobody could help."""
        return sum(people for outcome, people in self.outcomes.items() if is_unmet(outcome))


@dataclass(frozen=True)
class Session:
    """A session in which something was logged or counted.

    `starts` and `ends` are local; both and the title are empty of one that nobody described, and `day` is then that on
    which something was first logged. `id` is empty for what is left of a month.
    """

    id: str
    shop_id: str
    day: str
    title: str = ""
    starts: str = ""
    ends: str = ""
    head_count: int | None = None


@dataclass(frozen=True)
class Row:
    """One row of a report: a session's, shop's, topic's or month's (`key` is its id, or YYYY-MM)."""

    key: str
    sums: Sums
    session: Session | None = None


@dataclass(frozen=True)
class Figures:
    """A report. In the rows by topic, whoever came about two things is in both; in `total` only once."""

    by: str
    rows: list[Row]
    total: Sums


def is_unmet(outcome: str) -> bool:
    """Whether an outcome says that nobody could help."""
    return outcome == UNMET or outcome.startswith(f"{UNMET}_")


# -- adding up


class Group(msgspec.Struct, frozen=True):
    """Records that are alike in all that is counted. `people_in` are those whose minutes are not known yet."""

    key: str
    role: str
    first_time: str
    topics: tuple[str, ...]
    outcome: str
    records: int
    people: int
    minutes: int
    people_in: int = 0
    clock_wrong: int = 0


class OldGroup(Group, frozen=True):
    """What a month's totals say; `topics` is empty where it is about all, and has one where it is about that alone."""

    month: str = ""
    shop_id: str = ""


@dataclass(frozen=True)
class OldSessions:
    """The sessions of a month of which only totals are left."""

    month: str
    shop_id: str
    sessions: int
    head_count: int


class Tally:
    """A report that is being added up."""

    def __init__(self, by: str) -> None:
        self.by = by
        self.rows: dict[str, Row] = {}
        self.total = Sums()

    def figures(self) -> Figures:
        """The report as it is now, its rows in the order of time or of their ids."""
        return Figures(self.by, sorted(self.rows.values(), key=_order), self.total)

    def session(self, one: Session) -> None:
        """Count a session and the heads in it."""
        keys = {"session": one.id, "shop": one.shop_id, "month": one.day[:7]}
        self._sessions(keys.get(self.by), 1, one.head_count, one)

    def old_sessions(self, old: OldSessions) -> None:
        """Count the sessions of a month of which only totals are left."""
        heads = old.head_count or None
        self._sessions(self._old_key(old.month, old.shop_id), old.sessions, heads, _rest(old.month, old.shop_id))

    def logged(self, group: Group) -> None:
        """Count records."""
        _add(self.total, group, group.topics)
        if self.by == "topic":
            for topic in group.topics if group.role == "visitor" else ():
                _add(self._row(topic), group, (topic,))
        else:
            _add(self._row(group.key), group, group.topics)

    def old(self, old: OldGroup) -> None:
        """Count what is left of a month."""
        key = self._old_key(old.month, old.shop_id)
        for sums in (self.total, *([self._row(key, _rest(old.month, old.shop_id))] if key is not None else [])):
            if old.topics:
                _add_topics(sums, old, old.topics)
            else:
                _add(sums, old, ())
        if self.by == "topic":
            for topic in old.topics:
                _add(self._row(topic), old, (topic,))

    def _old_key(self, month: str, shop_id: str) -> str | None:
        return {"session": f"{month} {shop_id}", "shop": shop_id, "month": month}.get(self.by)

    def _sessions(self, key: str | None, count: int, heads: int | None, session: Session) -> None:
        for sums in (self.total, *([self._row(key, session)] if key is not None else [])):
            sums.sessions += count
            if heads is not None:
                sums.head_count = (sums.head_count or 0) + heads

    def _row(self, key: str, session: Session | None = None) -> Sums:
        if key not in self.rows:
            self.rows[key] = Row(key, Sums(), session if self.by == "session" else None)
        return self.rows[key].sums


def _add(sums: Sums, group: Group, topics: Sequence[str]) -> None:
    """Add alike records to the sums, as `sync.attendance.totals` adds one."""
    sums.records += group.records
    sums.clock_wrong += group.clock_wrong
    if group.role == "helper":
        sums.helpers += group.people
        sums.helpers_in += group.people_in
        sums.helper_minutes += group.minutes
        return
    sums.visits += group.people
    sums.first_time += group.people if group.first_time == "first" else 0
    sums.again += group.people if group.first_time == "again" else 0
    if group.outcome:
        sums.outcomes[group.outcome] += group.people
    _add_topics(sums, group, topics)


def _add_topics(sums: Sums, group: Group, topics: Sequence[str]) -> None:
    if group.role != "visitor":
        return
    for topic in topics:
        sums.topics[topic] += group.people
        if is_unmet(group.outcome):
            sums.unmet_topics[topic] += group.people


def _rest(month: str, shop_id: str) -> Session:
    """What stands in the place of the sessions of a month of which only totals are left."""
    return Session("", shop_id, month)


def _order(row: Row) -> tuple[str, str]:
    return (row.session.starts or row.session.day if row.session else row.key, row.key)
