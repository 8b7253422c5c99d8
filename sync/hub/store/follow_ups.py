"""Who asked to be rung back. What was typed lies here as it came, in a letter that only the hub's key opens.

A follow-up that its kiosk took back, or that somebody asked to have deleted, is gone from here and from `received`.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from sync import seal
from sync.errors import NOT_JSON, HubRejectedError, NotTrustedError, RecordError
from sync.hub import settings
from sync.hub.errors import UnknownError
from sync.hub.store import audit, devices, erasing, succession
from sync.hub.store.database import now
from sync.hub.store.schema import audit as audit_table
from sync.hub.store.schema import follow_up, quarantine, received
from sync.records import FollowUp, Upward

KIND: Final = "follow_up"
ADDRESSEE: Final = "hub"
DELETED: Final = "follow-up deleted"
WITHDRAWN: Final = "follow-up withdrawn"
MAKER_DELETED: Final = "maker's contact deleted"
"""How the audit calls the three ways in which somebody is forgotten on request."""


@dataclass(frozen=True)
class Kept:
    """A follow-up as it lies here. `delete_on` is the day on which it goes, `YYYY-MM-DD`."""

    id: str
    shop_id: str
    received_at: str
    delete_on: str
    sealed: bytes
    done_at: str | None = None
    done_by: str | None = None


@dataclass(frozen=True)
class Refused:
    """A letter among the records that were refused; `number` is its place there."""

    number: int
    sealed: bytes


# -- what arrives


def wrong(db: Connection, row: Mapping[str, Any]) -> str:
    """Why a record of this kind cannot be taken; empty when it can, or is of another kind. Opens nothing."""
    if row["kind"] != KIND:
        return ""
    try:
        body = msgspec.json.decode(row["body"], type=FollowUp)
        if bool(body.sealed) == bool(body.withdraws):
            raise RecordError("a follow-up either has a letter or takes an earlier one back")
        if body.withdraws:
            _check_id(body.withdraws)
        else:
            _check_letter(db, _letter(body), row["device_id"])
    except (RecordError, NotTrustedError) as error:
        return str(error)
    except NOT_JSON as error:
        return f"the body is no follow-up: {error}"
    return ""


def take(db: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep what freshly received records ask for, or take back, within the caller's writing transaction.

    It comes to the same in whichever order they arrive: what was taken back before it came is never kept.
    """
    mine = [(row, _read(row["body"])) for row in rows if row["kind"] == KIND]
    letters = [row for row, body in mine if body.sealed]
    pending = _pending(db, {row["device_id"] for row in letters}) if letters else {}
    for row in letters:
        by = pending.get(row["id"], {})
        own = {row["device_id"]} | (succession.heirs(db, row["device_id"]) if by else set())
        if takers := [record_id for record_id, device_id in by.items() if device_id in own]:
            _withdraw(db, row["id"], row["device_id"], takers)
        else:
            _keep(db, row)
    for row, body in mine:
        if body.withdraws:
            _take_back(db, body.withdraws, row)


def _check_id(text: str) -> None:
    try:
        if str(UUID(text)) == text:
            return
    except ValueError:
        pass
    raise RecordError("what a follow-up takes back must be named by its id")


def _read(body: bytes) -> FollowUp:
    """A body that was found right; of one that came before this version looked, nothing."""
    try:
        return msgspec.json.decode(body, type=FollowUp)
    except NOT_JSON:
        return FollowUp()


def _letter(body: FollowUp) -> bytes:
    try:
        return base64.b64decode(body.sealed, validate=True)
    except ValueError as error:
        raise RecordError("the letter of a follow-up must be in base64") from error


def _check_letter(db: Connection, letter: bytes, device_id: str) -> None:
    """Make sure that a letter is a follow-up to the hub, from that device or one that it came after."""
    closed = seal.read(letter)
    if (closed.purpose, closed.addressee) != (seal.FOLLOW_UP, ADDRESSEE):
        raise NotTrustedError(f"a {closed.purpose} for {closed.addressee} is not a {seal.FOLLOW_UP} for {ADDRESSEE}")
    if closed.sender not in succession.voices(db, device_id):
        raise NotTrustedError(f"a {seal.FOLLOW_UP} from {closed.sender} comes from another kiosk")
    try:
        known = devices.get(db, closed.sender).public_key
    except HubRejectedError as error:
        raise NotTrustedError(str(error)) from error
    if closed.signer.hex() != known:
        raise NotTrustedError(f"a {seal.FOLLOW_UP} that says it is from {closed.sender} is signed with another's key")


def _keep(db: Connection, row: Mapping[str, Any]) -> None:
    days = dt.timedelta(days=settings.number(db, "follow_up_days"))
    values = {
        "id": row["id"],
        "device_id": row["device_id"],
        "shop_id": devices.get(db, row["device_id"]).shop_id,
        "received_at": row["received_at"],
        "delete_on": (dt.datetime.fromisoformat(row["received_at"]).date() + days).isoformat(),
        "sealed": _letter(_read(row["body"])),
    }
    db.execute(insert(follow_up).values(values))


def _pending(db: Connection, device_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """What these devices, or those that came after them, take back and what has not come yet: by which records.

    Those that did their work are empty, so these are few.
    """
    own = {heir for device_id in device_ids for heir in succession.heirs(db, device_id) | {device_id}}
    query = select(received.c.id, received.c.device_id, received.c.body).where(
        received.c.kind == KIND, received.c.device_id.in_(own), received.c.erased_at.is_(None)
    )
    found: dict[str, dict[str, str]] = {}
    for row in db.execute(query):
        if wanted := _read(row.body).withdraws:
            found.setdefault(wanted, {})[row.id] = row.device_id
    return found


def _take_back(db: Connection, wanted: str, row: Mapping[str, Any]) -> None:
    """Do what a record asks for that takes another back; it waits where that one has not come yet."""
    own = succession.voices(db, row["device_id"])
    db.execute(delete(quarantine).where(quarantine.c.id == wanted, quarantine.c.device_id.in_(own)))
    mine = (received.c.kind == KIND, received.c.device_id.in_(own))
    if there := db.execute(select(received.c.device_id).where(received.c.id == wanted, *mine)).scalar():
        _withdraw(db, wanted, there, [row["id"]])


def _withdraw(db: Connection, wanted: str, device_id: str, by: Sequence[str]) -> None:
    """Leave nothing of a follow-up, nor of the records that took it back."""
    db.execute(delete(follow_up).where(follow_up.c.id == wanted))
    if erasing.erase(db, [wanted]):
        audit.note(db, device_id, WITHDRAWN, wanted)
    erasing.erase(db, by)


# -- what is kept


def kept(db: Connection, shop_id: str | None = None, *, done: bool = False) -> list[Kept]:
    """What is kept, of one shop or of all, the longest waiting first; those that are done too if `done`."""
    query = select(follow_up).order_by(follow_up.c.received_at, follow_up.c.id)
    if shop_id is not None:
        query = query.where(follow_up.c.shop_id == shop_id)
    if not done:
        query = query.where(follow_up.c.done_at.is_(None))
    return [_kept(row) for row in db.execute(query)]


def refused(db: Connection) -> list[Refused]:
    """The letters among the records that were refused: whoever asks what is kept of him means those as well."""
    found = []
    for row in db.execute(select(quarantine.c.number, quarantine.c.body).order_by(quarantine.c.number)):
        record = msgspec.json.decode(row.body, type=Upward)
        sealed = record.body.get("sealed")
        if record.kind == KIND and isinstance(sealed, str):
            with contextlib.suppress(RecordError):
                found.append(Refused(row.number, _letter(FollowUp(sealed=sealed))))
    return found


def telling_letters(db: Connection) -> int:
    """How many letters of an id tell every one that is kept from the others."""
    ids = sorted(db.execute(select(follow_up.c.id)).scalars())
    alike = (
        sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(*pair, strict=True))) for pair in pairwise(ids)
    )
    return max(devices.LEAST_OF_ID, max(alike, default=0) + 1)


def find(db: Connection, wanted: str) -> Kept:
    """The follow-up that a person means by its id, or the beginning of that.

    Raises:
        UnknownError: none or several are meant.
    """
    begins = follow_up.c.id.startswith(wanted, autoescape=True)
    query = select(follow_up).where(begins if len(wanted) >= devices.LEAST_OF_ID else follow_up.c.id == wanted)
    found = [_kept(row) for row in db.execute(query.order_by(follow_up.c.id))]
    if len(found) != 1:
        which = f"several follow-ups: {', '.join(one.id for one in found)}" if found else "no follow-up"
        raise UnknownError(f"{wanted!r} means {which}; `touchpoint-hub followups --all` lists them")
    return found[0]


def mark(db: Connection, wanted: str, who: str, *, done: bool) -> Kept:
    """Somebody was rung back, or was not after all.

    Raises:
        UnknownError: no follow-up is meant, or several.
    """
    found = find(db, wanted)
    values = {"done_at": now() if done else None, "done_by": who if done else None}
    db.execute(update(follow_up).where(follow_up.c.id == found.id).values(values))
    audit.note(db, who, "follow-up done" if done else "follow-up open again", found.id)
    return found


def forget(db: Connection, ids: Iterable[str], who: str) -> int:
    """Delete these on request, leaving nothing but that it was done; returns how many there were."""
    gone = remove(db, ids)
    for record_id in gone:
        audit.note(db, who, DELETED, record_id)
    return len(gone)


def forget_refused(db: Connection, numbers: Iterable[int], who: str) -> int:
    """Delete these refused records on request; returns how many there were."""
    gone = [
        number for number in numbers if db.execute(delete(quarantine).where(quarantine.c.number == number)).rowcount
    ]
    if gone:
        audit.note(db, who, "refused records deleted", str(len(gone)))
    return len(gone)


def remove(db: Connection, ids: Iterable[str]) -> list[str]:
    """Delete these and empty their records; returns those that were there."""
    gone = [record_id for record_id in ids if db.execute(delete(follow_up).where(follow_up.c.id == record_id)).rowcount]
    erasing.erase(db, gone)
    return gone


def overdue(db: Connection, today: str) -> list[str]:
    """Those whose day has come, `YYYY-MM-DD`."""
    return list(db.execute(select(follow_up.c.id).where(follow_up.c.delete_on <= today)).scalars())


def forgotten(db: Connection, since: str) -> dict[str, str]:
    """What was deleted on request since that time, and on which day: ids of follow-ups, and of what makers suggest."""
    asked = audit_table.c.what.in_((DELETED, WITHDRAWN, MAKER_DELETED))
    query = select(audit_table.c.about, audit_table.c.at).where(asked, audit_table.c.at >= since)
    return {row.about: row.at[:10] for row in db.execute(query)}


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.id, row.shop_id, row.received_at, row.delete_on, row.sealed, row.done_at, row.done_by)
