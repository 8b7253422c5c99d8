"""What shops have sent: each record once, for ever under the device that made it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, union_all, update

from sync.hub.store import attendance, bodies, bulk, facts, follow_ups, succession, usage
from sync.hub.store.database import now
from sync.hub.store.schema import attendance as attendance_table
from sync.hub.store.schema import device, follow_up, head_count, quarantine, received
from sync.messages import Answer, Span
from sync.records import Upward

MOST_BODY_BYTES: Final = 64_000
QUARANTINED: Final = 1_000
"""At most so many refused records are kept for each device, the latest."""
MOST_SPANS: Final = 100
_AT_ONCE: Final = 500
_LARGEST: Final = 1 << 63


def take(
    db: Connection, device_id: str, records: Sequence[Upward], *, boot: str = "", offset_s: float = 0.0
) -> list[Answer]:
    """Take a batch in, within the caller's writing transaction; answers in the batch's order.

    A record that is here already is a duplicate, whoever brings it; one that was made empty since is so whatever it
    says now, if it comes from where it came from before. What cannot be taken is kept apart for somebody to
    look at. A place in a device's sequence that another record has means that two units speak with one voice; then no
    later place goes to this one either, as the other unit would find it taken and take itself for the copy.

    Args:
        boot: the sender's at the moment of the post, with the seconds since then (`offset_s`); empty: not known.
    """
    at = now()
    there, places = _there(db, records), _places(db, device_id, records)
    others = any(one.device for one in records) or any(row["device_id"] != device_id for row in there.values())
    voices = succession.voices(db, device_id) if others else {device_id}
    answers: list[Answer] = []
    fresh: list[dict[str, Any]] = []
    doubled: set[str] = set()
    for one in records:
        row = _row(one, device_id, at)
        voice = row["device_id"]
        known, place = there.get(one.id), (voice, one.seq)
        if reason := _wrong(db, one, row, voices, known) or ("" if known else _wrong_body(db, one, row, voices, there)):
            _put_apart(db, one, device_id, at, reason)
            answers.append(Answer(id=one.id, outcome="rejected", reason=reason))
        elif known:
            answers.append(Answer(id=one.id, outcome="duplicate"))
        elif voice in doubled or places.get(place, one.id) != one.id:
            doubled.add(voice)
            answers.append(Answer(id=one.id, outcome="clone"))
        else:
            there[one.id], places[place] = row, one.id
            fresh.append(row)
            answers.append(Answer(id=one.id, outcome="accepted"))
    if fresh:
        bulk.insert_rows(db, received, fresh)
        attendance.take(db, fresh, attendance.Post(frozenset(voices), boot, offset_s))
        follow_ups.take(db, fresh)
        usage.take(db, fresh)
    db.execute(update(device).where(device.c.id == device_id).values(seen_at=at))
    return answers


def take_up(db: Connection) -> int:
    """Take in what came before this hub knew what attendance and follow-ups are, within the caller's transaction.

    Kiosks may be newer than their hub: what they send it keeps and acknowledges, and nobody sends it again. This is
    done once; what cannot be taken stays as it lies. Returns how many were taken.
    """
    if facts.get(db, facts.TAKEN_UP):
        return 0
    facts.put(db, facts.TAKEN_UP, now())
    there = union_all(select(attendance_table.c.id), select(head_count.c.id), select(follow_up.c.id)).subquery()
    query = (
        select(received)
        .join(device, device.c.id == received.c.device_id)
        .where(received.c.kind.in_((*attendance.KINDS, follow_ups.KIND)), received.c.erased_at.is_(None))
        .where(received.c.id.not_in(select(there.c.id)))
        .order_by(received.c.device_id, received.c.seq)
    )
    taken = 0
    for device_id, rows in groupby(
        (dict(row._mapping) for row in db.execute(query).all()), lambda row: row["device_id"]
    ):
        voices = succession.voices(db, device_id)
        while some := list(islice(rows, _AT_ONCE)):
            firsts = _firsts(db, some)
            right = [row for row in some if _is_right(db, row, voices, firsts)]
            attendance.take(db, right, attendance.Post(frozenset(voices)))
            follow_ups.take(db, right)
            taken += len(right)
    return taken


def missing(db: Connection, device_id: str, spans: Sequence[Span]) -> list[Span]:
    """Those of the acknowledged records that are not here, as after a restore from a backup."""
    voices = succession.voices(db, device_id) if spans else set()
    found: list[Span] = []
    for span in spans[:MOST_SPANS]:
        if span.device in voices and len(found) < MOST_SPANS and _count(db, span) < span.count:
            found += islice(_gaps(db, span), MOST_SPANS)
    return found[:MOST_SPANS]


def everything(db: Connection) -> Iterator[dict[str, Any]]:
    """Every record received and not erased, oldest first, with the shop and device it came from."""
    query = (
        select(received, device.c.shop_id, device.c.name.label("device_name"))
        .join(device, device.c.id == received.c.device_id)
        .where(received.c.erased_at.is_(None))
        .order_by(received.c.received_at, received.c.device_id, received.c.seq)
    )
    for row in db.execute(query):
        values = dict(row._mapping)
        values["body"] = msgspec.json.decode(values["body"])
        yield values


def quarantined(db: Connection) -> Iterator[dict[str, Any]]:
    """Every record that was refused, latest first: why, from where, and the record as it came."""
    query = (
        select(quarantine, device.c.shop_id, device.c.name.label("device_name"))
        .join(device, device.c.id == quarantine.c.device_id)
        .order_by(quarantine.c.number.desc())
    )
    for row in db.execute(query):
        values = dict(row._mapping)
        values["record"] = msgspec.json.decode(values.pop("body"))
        yield values


# -- what is right


def _wrong(db: Connection, one: Upward, row: dict[str, Any], voices: set[str], known: dict[str, Any] | None) -> str:
    """Why a record cannot be taken; empty when it can."""
    if not bodies.is_uuid(one.id):
        return "id must be a UUID, in lower case"
    if not 0 <= one.seq < _LARGEST:
        return f"seq must be from 0 to {_LARGEST - 1}"
    if not (0 < len(one.kind) <= 64 and one.kind.isprintable()):
        return "kind must have 1 to 64 letters"
    if not _is_time(one.recorded_at):
        return "recorded_at must be a time with its zone, ISO 8601"
    if len(one.boot) > 64 or not (one.boot == "" or one.boot.isprintable()) or not math.isfinite(one.offset_s):
        return "boot or offset_s is not what a kiosk measures"
    if len(row["body"]) > MOST_BODY_BYTES:
        return f"the body has over {MOST_BODY_BYTES} bytes"
    if row["device_id"] not in voices:
        return "it is another device's record, and nothing proves that this one came after it"
    if known and not _same(db, known, row):
        return "another record has this id"
    return ""


def _wrong_body(
    db: Connection, one: Upward, row: dict[str, Any], voices: set[str], there: dict[str, dict[str, Any]]
) -> str:
    """Why what a record says cannot be taken; empty when it can. `there` has the record that it corrects, if any is."""
    if reason := bodies.wrong(one.kind, one.body):
        return reason
    first = there.get(attendance.corrected(one.kind, one.body))
    if first and first["device_id"] not in voices:
        return "it corrects another kiosk's record"
    if first and attendance.corrected(first["kind"], msgspec.json.decode(first["body"])):
        return "it names a correction in corrects; it must name the first record"
    return follow_ups.wrong(db, row)


def _is_right(db: Connection, row: dict[str, Any], voices: set[str], firsts: dict[str, str]) -> bool:
    """Whether a record that is here already would be taken today; `firsts` has whose those are that are corrected."""
    body = msgspec.json.decode(row["body"])
    if not _is_time(row["recorded_at"]) or bodies.wrong(row["kind"], body):
        return False
    whose = firsts.get(attendance.corrected(row["kind"], body))
    return (whose is None or whose in voices) and not follow_ups.wrong(db, row)


def _firsts(db: Connection, rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Whose records these correct, by their ids."""
    ids = {attendance.corrected(row["kind"], msgspec.json.decode(row["body"])) for row in rows}
    query = select(received.c.id, received.c.device_id).where(received.c.id.in_(ids))
    return {row.id: row.device_id for row in db.execute(query)}


def _is_time(text: str) -> bool:
    try:
        return len(text) <= 40 and dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _same(db: Connection, known: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether it is the same record, though perhaps brought by a copy of the unit that made it.

    Of one that was made empty nobody can tell any more what it said: its id counts, from one who may speak for it.
    """
    if known.get("erased_at"):
        then, now_ = known["device_id"], row["device_id"]
        return then in succession.voices(db, now_) or now_ in succession.voices(db, then)
    return all(known[name] == row[name] for name in ("kind", "recorded_at", "body"))


def _row(one: Upward, device_id: str, at: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "device_id": one.device or device_id,
        "seq": one.seq,
        "kind": one.kind,
        "recorded_at": one.recorded_at,
        "received_at": at,
        "boot": one.boot,
        "offset_s": one.offset_s,
        "body": msgspec.json.encode(one.body, order="deterministic"),
    }


def _put_apart(db: Connection, one: Upward, device_id: str, at: str, reason: str) -> None:
    """Keep what was refused, once, and forget the oldest beyond the bound."""
    body = msgspec.json.encode(one)
    if len(body) > 2 * MOST_BODY_BYTES:
        short = Upward(id=one.id[:64], seq=one.seq, kind=one.kind[:64], recorded_at=one.recorded_at[:40], body={})
        body = msgspec.json.encode(short)
    record_id = one.id.replace("\0", "")[:64]  # PostgreSQL keeps no zero letters
    mine = quarantine.c.device_id == device_id
    if db.execute(select(quarantine.c.number).where(mine, quarantine.c.body == body)).first():
        return
    values = {"id": record_id, "device_id": device_id, "received_at": at, "reason": reason, "body": body}
    db.execute(insert(quarantine).values(values))
    beyond = select(quarantine.c.number).where(mine).order_by(quarantine.c.number.desc()).offset(QUARANTINED).limit(1)
    if (last := db.execute(beyond).scalar()) is not None:
        db.execute(delete(quarantine).where(mine, quarantine.c.number <= last))


# -- what is here


def _there(db: Connection, records: Sequence[Upward]) -> dict[str, dict[str, Any]]:
    """Which of these records are here, and which of those that they correct."""
    ids = {one.id for one in records} | {attendance.corrected(one.kind, one.body) for one in records}
    rows = db.execute(select(received).where(received.c.id.in_([one for one in ids if bodies.is_uuid(one)])))
    return {row.id: dict(row._mapping) for row in rows}


def _places(db: Connection, device_id: str, records: Sequence[Upward]) -> dict[tuple[str, int], str]:
    """Which record has each place that the batch names."""
    by_origin: dict[str, list[int]] = {}
    for one in records:
        if 0 <= one.seq < _LARGEST and "\0" not in one.device:  # PostgreSQL knows no zero letters
            by_origin.setdefault(one.device or device_id, []).append(one.seq)
    return {
        (origin, row.seq): row.id
        for origin, places in by_origin.items()
        for row in db.execute(
            select(received.c.seq, received.c.id).where(received.c.device_id == origin, received.c.seq.in_(places))
        )
    }


def _count(db: Connection, span: Span) -> int:
    query = select(func.count()).select_from(received).where(*_within(span))
    return int(db.execute(query).scalar_one())


def _gaps(db: Connection, span: Span) -> Iterator[Span]:
    """The parts of a span of which nothing is here."""
    at = span.first
    for seq in db.execute(select(received.c.seq).where(*_within(span)).order_by(received.c.seq)).scalars():
        if seq > at:
            yield Span(device=span.device, first=at, last=seq - 1, count=seq - at)
        at = seq + 1
    if at <= span.last:
        yield Span(device=span.device, first=at, last=span.last, count=span.last - at + 1)


def _within(span: Span) -> tuple[Any, ...]:
    bounded = received.c.seq.between(max(span.first, 0), min(span.last, _LARGEST - 1))
    return received.c.device_id == span.device, bounded
