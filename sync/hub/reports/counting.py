"""The figures of attendance as the database has them: one query for each of what is added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Exists,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import Subquery

from sync.hub.reports.attendance import Figures, Group, OldGroup, OldSessions, Scope, Session, Tally
from sync.hub.store.schema import attendance, attendance_month, head_count, session_held, session_month

_DAY: Final = dt.timedelta(days=1)


def figures(db: Connection, by: str, scope: Scope) -> Figures:
    """The report by `session`, `shop`, `topic` or `month`, its rows in their natural order."""
    report = Tally(by)
    for one in sessions(db, scope):
        report.session(one)
    for month in _old_sessions(db, scope):
        report.old_sessions(month)
    for group in _logged(db, by, scope):
        report.logged(group)
    for old in _old(db, scope):
        report.old(old)
    return report.figures()


def sessions(db: Connection, scope: Scope) -> list[Session]:
    """Every session in scope, whether anybody came or not, in the order of time."""
    described = [
        Session(row.session, row.shop_id, row.starts[:10], row.title, row.starts, row.ends, row.heads)
        for row in db.execute(_described(scope))
    ]
    others = [
        Session(row.session, row.shop_id, _local_day(row.at, scope.zone), head_count=row.heads)
        for row in db.execute(_undescribed(scope))
    ]
    return sorted(described + others, key=lambda one: (one.starts or one.day, one.id))


# -- what the database says


def _logged(db: Connection, by: str, scope: Scope) -> Iterator[Group]:
    """What counts of the records that are kept, alike ones together."""
    here = attendance.c
    keys: dict[str, Column[str]] = {"session": here.session, "shop": here.shop_id, "month": here.month}
    key: ColumnElement[str] = keys[by] if by in keys else literal("")
    alike = (here.role, here.first_time, here.topics, here.outcome)
    person_minutes = func.sum(here.people * func.coalesce(here.minutes, 0))
    people_in = func.sum(case((here.minutes.is_(None), here.people), else_=0))
    clock_wrong = func.sum(case((here.clock_wrong, 1), else_=0))
    query = (
        select(key, *alike, func.count(), func.sum(here.people), person_minutes, people_in, clock_wrong)
        .where(*counts_within(scope))
        .group_by(*([keys[by]] if by in keys else []), *alike)
    )
    for at, role, first_time, topics, outcome, *sums in db.execute(query):
        yield Group(at, role, first_time, tuple(topics.split()), outcome, *(int(one) for one in sums))


def _old(db: Connection, scope: Scope) -> Iterator[OldGroup]:
    """What is left of older records: totals of the months that lie wholly in scope."""
    old = attendance_month
    for row in db.execute(select(old).where(*_months_within(scope, old.c.month, old.c.shop_id))):
        topics = (row.topic,) if row.topic else ()
        alike = ("", row.role, row.first_time, topics, row.outcome, row.records, row.people, row.minutes)
        yield OldGroup(*alike, month=row.month, shop_id=row.shop_id)


def _old_sessions(db: Connection, scope: Scope) -> list[OldSessions]:
    old = session_month
    query = select(old).where(*_months_within(scope, old.c.month, old.c.shop_id))
    return [OldSessions(row.month, row.shop_id, row.sessions, row.head_count) for row in db.execute(query)]


def _described(scope: Scope) -> Select[tuple[str, ...]]:
    heads = _head_counts()
    own = and_(heads.c.session == session_held.c.session, heads.c.shop_id == session_held.c.shop_id)
    query = select(session_held, heads.c.heads).outerjoin(heads, own)
    if scope.shop_id is not None:
        here = select(attendance.c.session).where(attendance.c.counts, attendance.c.shop_id == scope.shop_id)
        query = query.where(or_(session_held.c.shop_id == scope.shop_id, session_held.c.session.in_(here)))
    return query.where(*_held_within(scope))


def _undescribed(scope: Scope) -> Select[tuple[str, ...]]:
    """Sessions in which something was logged or counted, and of which nothing else is known."""
    heads = _head_counts()
    logged, counted = attendance.c, head_count.c
    marks = union_all(
        select(logged.session, logged.shop_id, logged.at).where(
            *_asked_for(scope, logged.session, logged.shop_id),
            *_logged_within(scope),
            logged.counts.is_(True),
            ~_described_at(logged.session),
        ),
        select(counted.session, counted.shop_id, counted.received_at).where(
            *_asked_for(scope, counted.session, counted.shop_id),
            *_instants_within(scope, counted.received_at),
            ~_described_at(counted.session),
        ),
    ).subquery()
    return (
        select(marks.c.session, func.min(marks.c.shop_id).label("shop_id"), func.min(marks.c.at).label("at"))
        .add_columns(func.max(heads.c.heads).label("heads"))
        .outerjoin(heads, and_(heads.c.session == marks.c.session, heads.c.shop_id == marks.c.shop_id))
        .group_by(marks.c.session)
    )


def _head_counts() -> Subquery:
    """The latest head count of each session at each shop: of a kiosk's the last, of several kiosks' the latest made."""
    here = head_count.c
    last = func.row_number().over(partition_by=(here.session, here.device_id), order_by=(here.seq.desc(), here.id))
    columns = (here.session, here.shop_id, here.recorded_at, here.id, here.count.label("heads"))
    each = select(*columns, last.label("place")).subquery().c
    latest = func.row_number().over(
        partition_by=(each.session, each.shop_id), order_by=(each.recorded_at.desc(), each.id.desc())
    )
    found = select(each.session, each.shop_id, each.heads, latest.label("among")).where(each.place == 1).subquery().c
    return select(found.session, found.shop_id, found.heads).where(found.among == 1).subquery()


# -- what is in scope


def counts_within(scope: Scope) -> list[ColumnElement[bool]]:
    """Which records count: by the day of their session, or by when they were logged where that is not known."""
    found = [attendance.c.counts.is_(True), *_asked_for(scope, attendance.c.session, attendance.c.shop_id)]
    if scope.first or scope.last:
        held = select(session_held.c.session).where(*_held_within(scope)).correlate(None)
        undescribed = and_(*_logged_within(scope), ~_described_at(attendance.c.session))
        found.append(or_(attendance.c.session.in_(held), undescribed))
    return found


def _described_at(session: Column[str]) -> Exists:
    """Whether the session in that column was described."""
    return (
        select(session_held.c.session).where(session_held.c.session == session).correlate_except(session_held).exists()
    )


def _asked_for(scope: Scope, session: Column[str], shop_id: Column[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [session == scope.session] if scope.session is not None else []
    return found + ([shop_id == scope.shop_id] if scope.shop_id is not None else [])


def _held_within(scope: Scope) -> list[ColumnElement[bool]]:
    starts, found = session_held.c.starts, list[ColumnElement[bool]]()
    if scope.session is not None:
        found.append(session_held.c.session == scope.session)
    if scope.first:
        found.append(starts >= scope.first.isoformat())
    if scope.last:
        found.append(starts < (scope.last + _DAY).isoformat())
    return found


def _logged_within(scope: Scope) -> list[ColumnElement[bool]]:
    """Records logged on the days in scope; by the month as well, as there is an index for that."""
    found = _instants_within(scope, attendance.c.at)
    if scope.first:
        found.append(attendance.c.month >= (scope.first - _DAY).isoformat()[:7])
    if scope.last:
        found.append(attendance.c.month <= (scope.last + _DAY).isoformat()[:7])
    return found


def _instants_within(scope: Scope, at: Column[str]) -> list[ColumnElement[bool]]:
    found = list[ColumnElement[bool]]()
    if scope.first:
        found.append(at >= _midnight(scope.first, scope.zone))
    if scope.last:
        found.append(at < _midnight(scope.last + _DAY, scope.zone))
    return found


def _months_within(scope: Scope, month: Column[str], shop_id: Column[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [shop_id == scope.shop_id] if scope.shop_id is not None else []
    if scope.session is not None:
        found.append(false())  # of a month's totals nobody knows which session they were
    if scope.first:
        begun = scope.first.replace(day=1) != scope.first
        found.append(month > scope.first.isoformat()[:7] if begun else month >= scope.first.isoformat()[:7])
    if scope.last:
        ended = (scope.last + _DAY).day == 1
        found.append(month <= scope.last.isoformat()[:7] if ended else month < scope.last.isoformat()[:7])
    return found


def _midnight(day: dt.date, zone: ZoneInfo) -> str:
    """When a local day begins, as the tables have it."""
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _local_day(at: str, zone: ZoneInfo) -> str:
    return dt.datetime.fromisoformat(at).astimezone(zone).date().isoformat()
