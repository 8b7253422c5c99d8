"""The print queue: every slip that was asked for, and what became of it.

queued -> sending -> printed | failed | unknown; `dropped` for one that waited so long that its visitor has gone.
`sending` is committed before the first byte goes to a printer, so that after a crash it is known which slip may or may
not have come out.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Final

import msgspec
import uuid_utils
from sqlalchemy import Connection, delete, insert, select, update

from kiosk.domain.slips import Slip
from kiosk.store.records import Records
from kiosk.store.schema import print_job

KEPT_S: Final = 3600.0
STALE_S: Final = 60.0
"""A slip that has waited longer than this is not printed any more: a stranger would find it."""


@dataclass(frozen=True)
class Job:
    """A slip in the queue; `outcome` is the picture's path where the printer writes pictures."""

    id: str
    state: str
    slip: Slip
    message: str
    outcome: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in ("queued", "sending")


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

    def job(self, job_id: str) -> Job | None:
        """A job by its id."""
        with self._records.reading() as db:
            row = db.execute(select(print_job).where(print_job.c.id == job_id)).one_or_none()
        return _job(row) if row else None

    def take(self) -> Job | None:
        """The oldest queued slip, now `sending`; slips that waited too long are dropped on the way."""
        now = time.time()
        with self._records.writing() as db:
            db.execute(
                update(print_job)
                .where(print_job.c.state == "queued", print_job.c.made_at < now - STALE_S)
                .values(state="dropped", changed_at=now)
            )
            row = db.execute(
                select(print_job).where(print_job.c.state == "queued").order_by(print_job.c.made_at).limit(1)
            ).one_or_none()
            if row is None:
                return None
            db.execute(update(print_job).where(print_job.c.id == row.id).values(state="sending", changed_at=now))
        return _job(row)

    def end(self, job_id: str, state: str, *, message: str = "", outcome: str = "") -> None:
        """Note what became of a slip."""
        with self._records.writing() as db:
            db.execute(
                update(print_job)
                .where(print_job.c.id == job_id)
                .values(state=state, message=message, outcome=outcome, changed_at=time.time())
            )

    def sweep(self, older_than_s: float = KEPT_S) -> int:
        """Delete slips that ended so long ago: what somebody took is nobody's business. Returns how many."""
        ended = print_job.c.state.not_in(("queued", "sending"))
        with self._records.writing() as db:
            gone = db.execute(delete(print_job).where(ended, print_job.c.changed_at < time.time() - older_than_s))
        return gone.rowcount

    def recover(self) -> int:
        """After a start: slips that were being sent when the agent ended are `unknown`; returns how many."""
        with self._records.writing() as db:
            ended = db.execute(
                update(print_job)
                .where(print_job.c.state == "sending")
                .values(state="unknown", changed_at=time.time(), message="the agent ended while sending it")
            )
        return ended.rowcount


def _job(row: object) -> Job:
    values = row._mapping  # type: ignore[attr-defined]
    return Job(
        id=values["id"],
        state=values["state"],
        slip=msgspec.json.decode(values["slip"], type=Slip),
        message=values["message"],
        outcome=values["outcome"],
    )
