"""Who came to which session: what shops log, kept so that it can be counted.

A record and all that corrects it are a family, known by the first one's id (`root`). Its last word is the member with
the highest place in the sequence; that one counts, unless it is void. Records may come in any order, the correction
before what it corrects, so whenever a member comes in the family is looked at as a whole.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from sync.hub.store import bulk, catalogue
from sync.hub.store.schema import attendance, device, head_count, received, session_held
from sync.hub.store.succession import voices
from sync.records import Attendance, HeadCount, SessionHeld
from sync.sessions import session_id

log = logging.getLogger(__name__)

KINDS: Final = ("session", "attendance", "head_count")
HOME_ZONE: Final = ZoneInfo("Europe/London")
"""The time zone of a shop that the catalogue does not know."""
MOST_OFF: Final = dt.timedelta(hours=1)
"""A clock that is further from the truth than this is wrong, where the truth is known."""
MOST_AHEAD: Final = dt.timedelta(days=1)
MOST_BEHIND: Final = dt.timedelta(days=180)
"""A clock that is further from when the record came is wrong, where nothing better is known."""
LONGEST: Final = dt.timedelta(days=800)
"""What is said to have been further than this from when it came is believed of no clock, and of no sheet of paper."""
UNCHANGED: Final = dt.timedelta(minutes=30)
"""A correction that says a time no further from the first record's leaves it as it was, or to the half hour."""
_CHANGING: Final = ("root", "counts", "void", "at", "month", "clock_wrong")
"""What may change of a record when others of its family come."""
_LONGEST_BOOT_S: Final = 20 * 366 * 86_400


@dataclass(frozen=True)
class Post:
    """How a batch came: its sender's `boot` and the seconds since then (`offset_s`), and whose records it may bring."""

    voices: frozenset[str]
    boot: str = ""
    offset_s: float = 0.0


def take(db: Connection, rows: Sequence[dict[str, Any]], post: Post) -> None:
    """Fill the tables from rows of `received` that have just been accepted, within the caller's transaction."""
    mine = [row for row in rows if row["kind"] in KINDS]
    if not mine:
        return
    shops = _shops(db, {row["device_id"] for row in mine})
    _take_sessions(db, [row for row in mine if row["kind"] == "session"], shops)
    _take_attendance(db, [row for row in mine if row["kind"] == "attendance"], shops, post)
    _take_head_counts(db, [row for row in mine if row["kind"] == "head_count"], shops)


def corrected(kind: str, body: dict[str, Any]) -> str:
    """The id of the record that this one corrects; empty when it corrects none."""
    root = body.get("corrects", "") if kind == "attendance" else ""
    return root if isinstance(root, str) else ""


def is_clock_wrong(row: dict[str, Any], post: Post) -> bool:
    """Whether the clock that a record was made by was wrong.

    A record of the boot in which it was posted says how long ago it was made, whatever the clock said. Of any other
    nothing is known but when it came.
    """
    said, came = dt.datetime.fromisoformat(row["recorded_at"]), dt.datetime.fromisoformat(row["received_at"])
    ago_s = post.offset_s - row["offset_s"]
    if post.boot and row["boot"] == post.boot and 0 <= ago_s <= _LONGEST_BOOT_S:
        return abs(came - dt.timedelta(seconds=ago_s) - said) > MOST_OFF
    return said - came > MOST_AHEAD or came - said > MOST_BEHIND


# -- sessions and head counts


def _take_sessions(db: Connection, rows: Sequence[dict[str, Any]], shops: dict[str, _Shop]) -> None:
    """The shop whose diary a session's id was made from has it, else the first to speak of it; its later words take the
    place of its earlier ones.
    """
    said = [(msgspec.json.decode(row["body"], type=SessionHeld), row) for row in rows]
    if not said:
        return
    ids = [body.session for body, _row in said]
    known = select(session_held.c.session, session_held.c.shop_id).where(session_held.c.session.in_(ids))
    owners = {row.session: row.shop_id for row in db.execute(known)}
    there = set(owners)
    latest: dict[str, dict[str, Any]] = {}
    for body, row in sorted(said, key=lambda each: each[1]["seq"]):
        shop_id = shops[row["device_id"]].id
        if _is_of_diary(body, shop_id):
            owners[body.session] = shop_id
        if owners.setdefault(body.session, shop_id) == shop_id:
            words = msgspec.structs.asdict(body)
            latest[body.session] = {**words, "shop_id": shop_id, "received_at": row["received_at"]}
    if new := [values for session, values in latest.items() if session not in there]:
        bulk.insert_rows(db, session_held, new)
    if again := [{**values, "mine": session} for session, values in latest.items() if session in there]:
        changes: dict[str, Any] = {
            name: bindparam(name) for name in ("shop_id", "event", "title", "starts", "ends", "timezone", "received_at")
        }
        for values in again:
            del values["session"]
        db.execute(update(session_held).where(session_held.c.session == bindparam("mine")).values(changes), again)


def _is_of_diary(body: SessionHeld, shop_id: str) -> bool:
    """Whether its id is the one that an occurrence of its event at that shop has: no other shop can say this of it."""
    starts = dt.datetime.fromisoformat(body.starts)
    return bool(body.event) and body.session == session_id(body.event, shop_id, starts)


def _take_head_counts(db: Connection, rows: Sequence[dict[str, Any]], shops: dict[str, _Shop]) -> None:
    values = [
        {**msgspec.structs.asdict(msgspec.json.decode(row["body"], type=HeadCount)), **_common(row, shops)}
        for row in rows
    ]
    bulk.insert_rows(db, head_count, values)


# -- attendance


def _take_attendance(db: Connection, rows: Sequence[dict[str, Any]], shops: dict[str, _Shop], post: Post) -> None:
    new = [_values(row, shops, post) for row in rows]
    if not new:
        return
    members = _families(db, {row["root"] for row in new})
    families: dict[str, list[dict[str, Any]]] = {}
    for member in (*members, *new):
        families.setdefault(member["root"], []).append(member)
    before = {member["id"]: dict(member) for member in members}
    _part_strangers(db, new, families, post)
    _keep_times(db, rows, families)
    settled = _settled(db, [row["root"] for row in new if row["root"] != row["id"] and row["root"] not in before])
    for root, family in families.items():
        last = max(family, key=lambda member: (member["seq"], member["id"]))
        for member in family:
            member["counts"] = member is last and not member["void"] and root not in settled
    bulk.insert_rows(db, attendance, new)
    _change(db, [member for member in members if before[member["id"]] != member])


def _values(row: dict[str, Any], shops: dict[str, _Shop], post: Post) -> dict[str, Any]:
    body = msgspec.json.decode(row["body"], type=Attendance)
    came, said = (dt.datetime.fromisoformat(time) for time in (row["received_at"], body.at))
    wrong = is_clock_wrong(row, post) or abs(came - said) > LONGEST
    at = (came if wrong else said).astimezone(dt.UTC)
    return {
        **_common(row, shops),
        "root": body.corrects or row["id"],
        "counts": False,  # until its family was looked at
        "void": body.void,
        "session": body.session,
        "at": at.isoformat(timespec="milliseconds"),
        "month": at.astimezone(shops[row["device_id"]].zone).date().isoformat()[:7],
        "role": body.role,
        "people": body.people,
        "first_time": body.first_time,
        "topics": " ".join(dict.fromkeys(body.topics)),
        "outcome": body.outcome,
        "minutes": body.minutes,
        "paper": body.paper,
        "clock_wrong": wrong,
        "staff": body.staff,
    }


def _families(db: Connection, roots: Iterable[str]) -> list[dict[str, Any]]:
    """What is here already of these families."""
    columns = [attendance.c[name] for name in ("id", "device_id", "seq", *_CHANGING)]
    return [dict(row._mapping) for row in db.execute(select(*columns).where(attendance.c.root.in_(roots)))]


def _part_strangers(
    db: Connection, new: Sequence[dict[str, Any]], families: dict[str, list[dict[str, Any]]], post: Post
) -> None:
    """Corrections that came before a record which turns out to be another kiosk's count for nothing."""
    for first in new:
        family = families[first["root"]]
        if first["id"] != first["root"] or len(family) == 1:
            continue
        strangers = {member["device_id"] for member in family} - post.voices - {first["device_id"]}
        strangers = {one for one in strangers if first["device_id"] not in voices(db, one)}
        for member in [each for each in family if each["device_id"] in strangers]:
            log.warning("%s corrects %s, which is another kiosk's; it does not count", member["id"], first["id"])
            family.remove(member)
            member.update(root=member["id"], void=True, counts=False)


def _keep_times(db: Connection, rows: Sequence[dict[str, Any]], families: dict[str, list[dict[str, Any]]]) -> None:
    """A correction repeats the time of the record that it corrects: where that was a wrong clock's, both count for when
    the first one came, though the clock may have been right by the time of the correction.
    """
    came = {row["id"] for row in rows}
    said = {row["id"]: row["body"] for row in rows}
    for root, family in families.items():
        first = next((member for member in family if member["id"] == root), None)
        if first is None or not first["clock_wrong"]:
            continue
        looked_at = [member for member in family if root in came or member["id"] in came]
        missing = [record_id for record_id in (root, *(one["id"] for one in looked_at)) if record_id not in said]
        bodies = select(received.c.id, received.c.body).where(received.c.id.in_(missing))
        said.update({row.id: row.body for row in db.execute(bodies)} if missing else {})
        for member in looked_at:
            if abs(_said_at(said[member["id"]]) - _said_at(said[root])) < UNCHANGED:
                member.update(at=first["at"], month=first["month"], clock_wrong=True)


def _said_at(body: bytes) -> dt.datetime:
    return dt.datetime.fromisoformat(msgspec.json.decode(body, type=Attendance).at)


def _settled(db: Connection, roots: Sequence[str]) -> set[str]:
    """Those of these records that were here and of which only monthly totals are left: nothing changes them now."""
    if not roots:
        return set()
    gone = select(received.c.id).where(received.c.id.in_(roots), received.c.erased_at.is_not(None))
    return set(db.execute(gone).scalars())


def _change(db: Connection, members: Sequence[dict[str, Any]]) -> None:
    if not members:
        return
    changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _CHANGING}
    values = [{"mine": each["id"], **{f"new_{name}": each[name] for name in changes}} for each in members]
    db.execute(update(attendance).where(attendance.c.id == bindparam("mine")).values(changes), values)


# -- where from


@dataclass(frozen=True)
class _Shop:
    """The shop of a device, as the hub has it."""

    id: str
    zone: ZoneInfo


def _shops(db: Connection, devices: set[str]) -> dict[str, _Shop]:
    rows = db.execute(select(device.c.id, device.c.shop_id).where(device.c.id.in_(devices))).all()
    zones = {row.shop_id: zone_of(db, row.shop_id) for row in rows}
    return {row.id: _Shop(row.shop_id, zones[row.shop_id]) for row in rows}


def zone_of(db: Connection, shop_id: str) -> ZoneInfo:
    """A shop's time zone."""
    shop = catalogue.shop_by_id(db, shop_id)
    return ZoneInfo(shop.timezone) if shop and shop.timezone else HOME_ZONE


def _common(row: dict[str, Any], shops: dict[str, _Shop]) -> dict[str, Any]:
    same = {name: row[name] for name in ("id", "device_id", "seq", "recorded_at", "received_at")}
    return {**same, "shop_id": shops[row["device_id"]].id}
