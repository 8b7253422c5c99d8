"""What this unit keeps of PINs: how often a wrong one was tried, and those that were chosen before a hub was heard."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.records import Records
from kiosk.store.schema import own_pin, pin_tries
from sync.messages import StaffMember

FREE: Final = 5
"""So many wrong tries in a row cost no wait."""
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 900.0
QUIET_S: Final = 86_400.0
"""After so long without a try the count begins anew."""
SETUP: Final = "setup"
OWN: Final = "own"


def wait_s(wrong: int) -> float:
    """How long the pad stays locked after so many wrong tries: nothing, then twice as long each time."""
    return 0.0 if wrong < FREE else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(wrong - FREE, 16))


class PinStore:
    """The tries and own PINs in `records.db`.

    Args:
        now: seconds since 1970 (injectable for tests).
    """

    def __init__(self, records: Records, now: Callable[[], float] = time.time) -> None:
        self._records = records
        self._now = now

    def locked_s(self) -> float:
        """Seconds until the next try is allowed; 0 when it is now."""
        with self._records.reading() as db:
            wrong, tried_at = _tries(db)
        if tried_at <= self._now() or not wait_s(wrong):
            return self._left_s(wrong, tried_at)
        with self._records.writing() as db:
            return self._left_s(*self._tries_till_now(db))

    def begin_try(self) -> tuple[float, int]:
        """Count a try as wrong before it is looked at, so that a power cut gives none for free.

        Returns the seconds to wait (then nothing was counted) or 0, and how many tries were wrong, this one among them.
        """
        with self._records.writing() as db:
            wrong, tried_at = self._tries_till_now(db)
            if left := self._left_s(wrong, tried_at):
                return left, wrong
            wrong = 1 if self._now() - tried_at > QUIET_S else wrong + 1
            _note(db, wrong, self._now())
            return 0.0, wrong

    def right(self) -> None:
        """The last try was right: the count begins anew."""
        with self._records.writing() as db:
            _note(db, 0, self._now())

    def own(self) -> list[tuple[StaffMember, str]]:
        """The PINs of this unit's own, each with its secret."""
        with self._records.reading() as db:
            return [
                (StaffMember(id=row.id, salt=row.salt, verifier=row.verifier), row.secret)
                for row in db.execute(select(own_pin).order_by(own_pin.c.id))
            ]

    def keep_own(self, member: StaffMember, secret: str) -> None:
        """Keep this one; one that was chosen takes the place of the one that opened the unit once."""
        with self._records.writing() as db:
            db.execute(delete(own_pin))
            db.execute(insert(own_pin).values(id=member.id, salt=member.salt, secret=secret, verifier=member.verifier))

    def forget_own(self) -> None:
        """The hub has said who its staff are: no other PIN counts any more."""
        with self._records.writing() as db:
            db.execute(delete(own_pin))

    def _tries_till_now(self, db: Connection) -> tuple[int, float]:
        """The tries; where the clock was put back since, the wait begins now, or it would have no end."""
        wrong, tried_at = _tries(db)
        if tried_at > self._now():
            tried_at = self._now()
            _note(db, wrong, tried_at)
        return wrong, tried_at

    def _left_s(self, wrong: int, tried_at: float) -> float:
        wait = wait_s(wrong)
        return max(0.0, min(wait, tried_at + wait - self._now()))


def _tries(db: Connection) -> tuple[int, float]:
    row = db.execute(select(pin_tries.c.wrong, pin_tries.c.tried_at)).one_or_none()
    return (row.wrong, row.tried_at) if row else (0, 0.0)


def _note(db: Connection, wrong: int, at: float) -> None:
    values = {"wrong": wrong, "tried_at": at}
    db.execute(
        insert(pin_tries).values(number=1, **values).on_conflict_do_update(index_elements=["number"], set_=values)
    )
