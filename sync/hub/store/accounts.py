"""Who may sign in at the hub: their accounts, invitations, sign-ins, and the tries that failed.

Somebody who was removed stays as a row with a name, so that the history still says who changed what.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import uuid_utils
from sqlalchemy import Connection, delete, insert, select, update

from sync.hub.store.database import now
from sync.hub.store.schema import account, account_shop, failed_sign_in, invitation, sign_in

ADMINISTRATOR: Final = "administrator"
EDITOR: Final = "editor"
COORDINATOR: Final = "coordinator"
ROLES: Final = (ADMINISTRATOR, EDITOR, COORDINATOR)
PUBLISHERS: Final = (ADMINISTRATOR, EDITOR)

IDLE: Final = dt.timedelta(hours=8)
"""Whoever does nothing for so long has to sign in again."""
LONGEST: Final = dt.timedelta(days=7)
INVITED: Final = dt.timedelta(days=7)
_SEEN_EVERY: Final = dt.timedelta(minutes=5)
_FORGIVEN: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in; `shops` are the ids of a coordinator's."""

    id: str
    name: str
    email: str
    role: str
    shops: tuple[str, ...]
    made_at: str
    password: str

    @property
    def publishes(self) -> bool:
        """Whether they decide what stands on the shelves."""
        return self.role in PUBLISHERS


# -- who there is


def everybody(db: Connection) -> list[Account]:
    """Everybody who was not removed, by name."""
    return list(_accounts(db, account.c.removed_at.is_(None)))


def by_id(db: Connection, account_id: str) -> Account | None:
    """Somebody by their id."""
    return next(_accounts(db, account.c.id == account_id, account.c.removed_at.is_(None)), None)


def by_email(db: Connection, email: str) -> Account | None:
    """Somebody by their e-mail address, however it is written."""
    return next(_accounts(db, account.c.email == email.strip().lower(), account.c.removed_at.is_(None)), None)


def names(db: Connection) -> dict[str, str]:
    """The name of everybody who is or was there, by id."""
    return {row.id: row.name for row in db.execute(select(account.c.id, account.c.name))}


# -- changes; each within the caller's writing transaction


def add(db: Connection, name: str, email: str, role: str, shop_ids: Iterable[str] = ()) -> Account:
    """Somebody new, who has no password yet."""
    made = str(uuid_utils.uuid7())
    values = {"id": made, "name": name, "email": email.strip().lower(), "role": role, "password": "", "made_at": now()}
    db.execute(insert(account).values(values))
    _put_shops(db, made, shop_ids)
    return next(_accounts(db, account.c.id == made))


def change(db: Connection, account_id: str, name: str, role: str, shop_ids: Iterable[str]) -> None:
    """Another name, role or shops."""
    db.execute(update(account).where(account.c.id == account_id).values(name=name, role=role))
    db.execute(delete(account_shop).where(account_shop.c.account_id == account_id))
    _put_shops(db, account_id, shop_ids)


def remove(db: Connection, account_id: str) -> None:
    """They may not sign in any more, and are signed out everywhere; only their name is kept."""
    gone = {"email": account_id, "password": "", "removed_at": now()}
    db.execute(update(account).where(account.c.id == account_id).values(gone))
    db.execute(delete(account_shop).where(account_shop.c.account_id == account_id))
    db.execute(delete(invitation).where(invitation.c.account_id == account_id))
    sign_out_everywhere(db, account_id)


def set_password(db: Connection, account_id: str, kept: str) -> None:
    """Another password; invitations are used up, and whoever was signed in has to do so again."""
    db.execute(update(account).where(account.c.id == account_id).values(password=kept))
    db.execute(delete(invitation).where(invitation.c.account_id == account_id))
    db.execute(delete(failed_sign_in).where(failed_sign_in.c.key.startswith(account_id)))
    sign_out_everywhere(db, account_id)


# -- invitations


def invite(db: Connection, account_id: str) -> str:
    """The secret of a link with which they choose a password; earlier links are worth nothing any more."""
    token = secrets.token_urlsafe(32)
    expires_at = _text(_now() + INVITED)
    db.execute(delete(invitation).where(invitation.c.account_id == account_id))
    db.execute(insert(invitation).values(token_hash=_hash(token), account_id=account_id, expires_at=expires_at))
    return token


def invited(db: Connection, token: str) -> Account | None:
    """Who was invited with that secret; None once it is used or too old."""
    query = select(invitation.c.account_id).where(
        invitation.c.token_hash == _hash(token), invitation.c.expires_at > now()
    )
    found = db.execute(query).scalar()
    return by_id(db, found) if found else None


# -- sign-ins


def begin(db: Connection, account_id: str) -> str:
    """The secret of a new sign-in; those that have ended are forgotten."""
    token = secrets.token_urlsafe(32)
    at = _now()
    ended = (sign_in.c.made_at < _text(at - LONGEST)) | (sign_in.c.seen_at < _text(at - IDLE))
    db.execute(delete(sign_in).where(ended))
    db.execute(insert(sign_in).values(token_hash=_hash(token), account_id=account_id, made_at=now(), seen_at=now()))
    return token


def signed_in(db: Connection, token: str) -> tuple[Account | None, bool]:
    """Who is signed in with that secret, and whether it is time for `seen`."""
    at = _now()
    query = select(sign_in.c.account_id, sign_in.c.seen_at).where(
        sign_in.c.token_hash == _hash(token),
        sign_in.c.made_at > _text(at - LONGEST),
        sign_in.c.seen_at > _text(at - IDLE),
    )
    row = db.execute(query).one_or_none()
    return (by_id(db, row.account_id), row.seen_at < _text(at - _SEEN_EVERY)) if row else (None, False)


def seen(db: Connection, token: str) -> None:
    """They have done something."""
    db.execute(update(sign_in).where(sign_in.c.token_hash == _hash(token)).values(seen_at=now()))


def sign_out(db: Connection, token: str) -> None:
    """That sign-in ends."""
    db.execute(delete(sign_in).where(sign_in.c.token_hash == _hash(token)))


def sign_out_everywhere(db: Connection, account_id: str) -> None:
    """All their sign-ins end."""
    db.execute(delete(sign_in).where(sign_in.c.account_id == account_id))


# -- tries that failed


def locked_s(db: Connection, key: str, allowed: int) -> int:
    """Seconds for which nobody is let in under that key: after `allowed` failures a minute, then twice as long each.

    Never more than an hour.
    """
    row = db.execute(select(failed_sign_in).where(failed_sign_in.c.key == key)).one_or_none()
    if row is None or row.failures < allowed:
        return 0
    wait = dt.timedelta(minutes=min(60, 2 ** min(row.failures - allowed, 6)))
    return max(0, int((dt.datetime.fromisoformat(row.last_at) + wait - _now()).total_seconds()))


def failed(db: Connection, key: str) -> int:
    """One more failed try, of how many; a day after the last they are forgotten."""
    db.execute(delete(failed_sign_in).where(failed_sign_in.c.last_at < _text(_now() - _FORGIVEN)))
    more = {"failures": failed_sign_in.c.failures + 1, "last_at": now()}
    if not db.execute(update(failed_sign_in).where(failed_sign_in.c.key == key).values(more)).rowcount:
        db.execute(insert(failed_sign_in).values(key=key, failures=1, last_at=now()))
    return int(db.execute(select(failed_sign_in.c.failures).where(failed_sign_in.c.key == key)).scalar_one())


def forgive(db: Connection, key: str) -> None:
    """Somebody got in."""
    db.execute(delete(failed_sign_in).where(failed_sign_in.c.key == key))


# -- inner


def _accounts(db: Connection, *where: Any) -> Iterator[Account]:
    rows = db.execute(select(account).where(*where).order_by(account.c.name, account.c.id)).all()
    shops: dict[str, list[str]] = {}
    there = select(account_shop).where(account_shop.c.account_id.in_([row.id for row in rows]))
    for row in db.execute(there.order_by(account_shop.c.shop_id)):
        shops.setdefault(row.account_id, []).append(row.shop_id)
    for row in rows:
        yield Account(row.id, row.name, row.email, row.role, tuple(shops.get(row.id, ())), row.made_at, row.password)


def _put_shops(db: Connection, account_id: str, shop_ids: Iterable[str]) -> None:
    if values := [{"account_id": account_id, "shop_id": shop_id} for shop_id in dict.fromkeys(shop_ids)]:
        db.execute(insert(account_shop), values)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _text(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds")
