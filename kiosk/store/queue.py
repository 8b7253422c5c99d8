"""The print queue: every slip that was asked for, and what became of it.

queued -> sending -> printed | unknown | queued again. One that waits longer than its visitor would is `shown`: the
symbol on the screen was what they had. An unknown one is queued again when somebody asks for it.

`sending` is committed before the first byte goes to a printer, with what that printer knows the slip by, so that after
a crash the printer can be asked what came out.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Final

import msgspec
import uuid_utils
from sqlalchemy import Connection, delete, insert, or_, select, update

from kiosk.domain.slips import Slip
from kiosk.store.records import Records
from kiosk.store.schema import print_job

KEPT_S: Final = 3600.0
STALE_S: Final = 60.0
"""A slip that has waited longer than this is not printed any more: a stranger would find it.

Nor is one that is dated as far ahead: the clock was set back meanwhile, and nobody knows how long it has waited.
"""


@dataclass(frozen=True)
class Job:
    """A slip in the queue.

    Attributes:
        content: the slip as it is kept.
        reason: how the printer is that keeps it waiting or that stopped half way; empty where nothing is wrong.
        outcome: the picture's path where the printer writes pictures.
        printer: the address of the one that it was sent to last.
        mark: what that printer knows it by.
        cuts: how often that printer had cut its paper before; None where it does not count.
    """

    id: str
    state: str
    content: bytes
    made_at: float
    reason: str
    outcome: str
    attempt: int
    printer: str
    mark: str
    cuts: int | None

    @property
    def slip(self) -> Slip:
        """The slip itself; one that another version of this program left may not be readable, and keeps no other."""
        return msgspec.json.decode(self.content, type=Slip)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in ("queued", "sending")

    @property
    def stale(self) -> bool:
        """Whether it has waited so long that its visitor has gone."""
        return abs(time.time() - self.made_at) > STALE_S

    @property
    def forgotten(self) -> bool:
        """Whether nobody wants to know any more what became of it."""
        return abs(time.time() - self.made_at) > KEPT_S


class PrintQueue:
    """The queue in `records.db`."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, slip: Slip, db: Connection | None = None) -> str:
        """Put a slip into the queue, within the caller's transaction or one of its own; returns the job's id."""
        job_id, now = str(uuid_utils.uuid7()), time.time()
        values = {
            "id": job_id,
            "state": "queued",
            "slip": msgspec.json.encode(slip),
            "made_at": now,
            "changed_at": now,
        }
        with contextlib.nullcontext(db) if db else self._records.writing() as within:
            within.execute(insert(print_job).values(values))
        return job_id

    def again(self, job_id: str) -> bool:
        """Queue a slip once more of which nobody knows that it came out; returns whether it is such a one."""
        now = time.time()
        with self._records.writing() as db:
            done = db.execute(
                update(print_job)
                .where(print_job.c.id == job_id, print_job.c.state.in_(("unknown", "shown")))
                .values(state="queued", reason="", made_at=now, changed_at=now)
            )
        return bool(done.rowcount)

    def job(self, job_id: str) -> Job | None:
        """A job by its id."""
        with self._records.reading() as db:
            row = db.execute(select(print_job).where(print_job.c.id == job_id)).one_or_none()
        return _job(row) if row else None

    def next(self) -> Job | None:
        """The oldest queued slip; those that waited too long are `shown` from now on."""
        now = time.time()
        waiting = select(print_job).where(print_job.c.state == "queued").order_by(print_job.c.made_at).limit(1)
        with self._records.reading() as db:
            row = db.execute(waiting).one_or_none()
        if row is None or abs(now - row.made_at) <= STALE_S:
            return _job(row) if row else None
        stale = or_(print_job.c.made_at < now - STALE_S, print_job.c.made_at > now + STALE_S)
        with self._records.writing() as db:
            db.execute(
                update(print_job).where(print_job.c.state == "queued", stale).values(state="shown", changed_at=now)
            )
            row = db.execute(waiting).one_or_none()
        return _job(row) if row else None

    def sending(self, job_id: str, printer: str, mark: str, cuts: int | None) -> None:
        """Note that a slip goes to a printer now."""
        self._change(
            job_id,
            state="sending",
            reason="",
            attempt=print_job.c.attempt + 1,
            printer=printer,
            mark=mark,
            cuts=cuts,
        )

    def waits(self, job_id: str, reason: str) -> None:
        """Note how the printer is that keeps a slip waiting."""
        self._change(job_id, reason=reason)

    def back(self, job_id: str, reason: str = "") -> None:
        """Note that a slip did not come out and waits again."""
        self._change(job_id, state="queued", reason=reason)

    def end(self, job_id: str, state: str, *, reason: str = "", outcome: str = "") -> None:
        """Note what became of a slip."""
        self._change(job_id, state=state, reason=reason, outcome=outcome)

    def left_sending(self) -> list[Job]:
        """Slips of which a printer has to say what became of them, the oldest first."""
        with self._records.reading() as db:
            found = db.execute(select(print_job).where(print_job.c.state == "sending").order_by(print_job.c.made_at))
            return [_job(row) for row in found]

    def sweep(self, older_than_s: float = KEPT_S) -> int:
        """Delete slips that ended so long ago: what somebody took is nobody's business. Returns how many.

        One that is dated as far ahead is as old, for all that anybody knows.
        """
        ended, now = print_job.c.state.not_in(("queued", "sending")), time.time()
        kept = print_job.c.changed_at.between(now - older_than_s, now + older_than_s)
        with self._records.writing() as db:
            gone = db.execute(delete(print_job).where(ended, ~kept))
        return gone.rowcount

    def _change(self, job_id: str, **values: object) -> None:
        with self._records.writing() as db:
            db.execute(update(print_job).where(print_job.c.id == job_id).values(**values, changed_at=time.time()))


def _job(row: object) -> Job:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    del values["changed_at"]
    return Job(content=values.pop("slip"), **values)
