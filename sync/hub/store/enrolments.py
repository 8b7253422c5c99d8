"""Codes that kiosks show and staff type. Only hashes of them are kept. Source: RFC 8628."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from sync.errors import HubRejectedError
from sync.hub.errors import UnknownError
from sync.hub.store import devices, succession
from sync.hub.store.devices import Device, hashed
from sync.hub.store.schema import enrol_code
from sync.messages import CodeRequest

ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; no digits, so no look-alikes. Source: RFC 8628 section 6.1."""
LETTERS: Final = 8
LASTS: Final = dt.timedelta(minutes=10)
FETCHED_WITHIN: Final = dt.timedelta(days=1)
"""How long a kiosk may take to fetch what was approved; its connection may have gone just then."""
INTERVAL_S: Final = 5
MOST_INTERVAL_S: Final = 60
MOST_WAITING: Final = 10_000


@dataclass(frozen=True)
class Asked:
    """What became of a code: `pending`, `slow_down`, `approved`, `denied` or `expired`."""

    state: str
    interval_s: int = INTERVAL_S
    device_id: str = ""


def issue(db: Connection, request: CodeRequest) -> tuple[str, str]:
    """A new user code and device code for a kiosk.

    Raises:
        HubRejectedError: 403, a proof of succession is not right; 503, too many codes wait.
    """
    _sweep(db)
    succession.check(db, request.former, request.public_key)
    if db.execute(select(func.count()).select_from(enrol_code)).scalar_one() >= MOST_WAITING:
        raise HubRejectedError("too many kiosks wait to be enrolled; try again in some minutes", 503)
    device_code, user_code = secrets.token_urlsafe(32), _new_code(db)
    db.execute(
        insert(enrol_code).values(
            device_code_hash=hashed(device_code),
            user_code_hash=hashed(user_code),
            request=msgspec.json.encode(request),
            state="pending",
            expires_at=_in(LASTS),
            interval_s=INTERVAL_S,
        )
    )
    return user_code, device_code


def asked(db: Connection, device_code: str) -> Asked:
    """What became of a code, asked by the kiosk that shows it; one that asks too often is told to slow down."""
    mine = enrol_code.c.device_code_hash == hashed(device_code)
    row = db.execute(select(enrol_code).where(mine)).one_or_none()
    if row is None or row.expires_at <= _in():
        return Asked("expired")
    if row.state != "pending":
        return Asked(row.state, row.interval_s, row.device_id or "")
    too_soon = row.polled_at is not None and row.polled_at > _in(dt.timedelta(seconds=1 - row.interval_s))
    interval_s = min(row.interval_s + INTERVAL_S, MOST_INTERVAL_S) if too_soon else row.interval_s
    db.execute(update(enrol_code).where(mine).values(polled_at=_in(), interval_s=interval_s))
    return Asked("slow_down" if too_soon else "pending", interval_s)


def approve(db: Connection, user_code: str, shop_id: str) -> Device:
    """The kiosk that shows this code becomes a device of that shop; what it was before, it succeeds.

    Raises:
        UnknownError: no kiosk shows it now, or it was answered already.
    """
    row = pending(db, user_code)
    request = msgspec.json.decode(row.request, type=CodeRequest)
    succession.check(db, request.former, request.public_key)
    there = devices.unheard_with_key(db, request.public_key, shop_id)
    made = there or devices.add(db, shop_id, request.public_key, request.name, request.serial)
    succession.note(db, request.former, made)
    _answer(db, row, "approved", made.id)
    return made


def deny(db: Connection, user_code: str) -> str:
    """The kiosk that shows this code is turned away; returns the name it gave.

    Raises:
        UnknownError: no kiosk shows it now, or it was answered already.
    """
    row = pending(db, user_code)
    _answer(db, row, "denied", None)
    return msgspec.json.decode(row.request, type=CodeRequest).name


def pending(db: Connection, typed: str) -> Row[Any]:
    """The row of a code that waits for an answer.

    Raises:
        UnknownError: no kiosk shows it now, or it was answered already.
    """
    code = read_code(typed)
    row = db.execute(select(enrol_code).where(enrol_code.c.user_code_hash == hashed(code))).one_or_none()
    if row is None or row.expires_at <= _in():
        raise UnknownError(
            f"no kiosk shows the code {show_code(code)} now; a code lasts ten minutes, so look at its screen again"
        )
    if row.state != "pending":
        raise UnknownError(f"the code {show_code(code)} was {row.state} already")
    return row


def read_code(typed: str) -> str:
    """A code as a person types it, with or without the dash, in any case.

    Raises:
        UnknownError: it is none.
    """
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) != LETTERS or set(letters) - set(ALPHABET):
        raise UnknownError(
            f"{typed!r} is not a kiosk's code; it has eight letters, none of them a vowel, such as BCDF-GHJK"
        )
    return letters


def show_code(code: str) -> str:
    """A code as a person reads it."""
    return f"{code[:4]}-{code[4:]}"


def _new_code(db: Connection) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
        if db.execute(select(enrol_code).where(enrol_code.c.user_code_hash == hashed(code))).first() is None:
            return code


def _answer(db: Connection, row: Row[Any], state: str, device_id: str | None) -> None:
    mine = enrol_code.c.device_code_hash == row.device_code_hash
    db.execute(update(enrol_code).where(mine).values(state=state, device_id=device_id, expires_at=_in(FETCHED_WITHIN)))


def _sweep(db: Connection) -> None:
    db.execute(delete(enrol_code).where(enrol_code.c.expires_at <= _in()))


def _in(time: dt.timedelta = dt.timedelta(0)) -> str:
    return (dt.datetime.now(dt.UTC) + time).isoformat(timespec="milliseconds")
