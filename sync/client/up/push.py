"""Push: send what waits in the outbox, and note what the hub says of each record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from sync import outbox
from sync.client.http import HubClient
from sync.errors import HubRejectedError
from sync.messages import Answer, Answers, Batch
from sync.records import Upward

Transaction = Callable[[], AbstractContextManager[Connection]]

UNREADABLE: Final = (400, 413)
"""The hub could not read a post as a whole; one record of it may be to blame."""


@dataclass
class Pushed:
    """What a push did: how many records the hub has now acknowledged, and how many it has refused for good.

    `cloned`: another unit speaks with this device's voice. `relabelled`: how many records became this device's own, and
    wait to be sent once more.
    """

    acknowledged: int = 0
    rejected: int = 0
    cloned: bool = False
    relabelled: int = 0


def push(
    client: HubClient,
    device_id: str,
    reading: Transaction,
    writing: Transaction,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Pushed:
    """Send every waiting record once, a batch at a time, oldest first.

    Sending again what the hub already has is harmless, so a lost answer costs nothing.

    Raises:
        HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: what was not acknowledged goes on waiting.
    """
    done, after = Pushed(), -1
    while True:
        with reading() as db:
            waiting = outbox.waiting(db, device_id, after=after)
        if not waiting:
            return done
        after = waiting[-1].seq
        by_id = {one.id: one for one in waiting}
        for answers in _post(client, waiting):
            settled = [answer for answer in answers if answer.id in by_id]
            with writing() as db:
                outbox.settle(db, settled, device_id, at=now())
            _add_up(done, settled, by_id)


def _post(client: HubClient, records: list[Upward]) -> list[list[Answer]]:
    """Post records; where the hub cannot read them together, by halves, until the one to blame is alone."""
    try:
        return [client.post("/v1/records", _batch(records), Answers).records]
    except HubRejectedError as error:
        if error.status not in UNREADABLE:
            raise
    if len(records) == 1:
        return [_once_more(client, records)]
    half = len(records) // 2
    return _post(client, records[:half]) + _post(client, records[half:])


def _batch(records: list[Upward]) -> Batch:
    return Batch(records=records, boot=outbox.boot(), offset_s=outbox.since_boot_s())


def _once_more(client: HubClient, records: list[Upward]) -> list[Answer]:
    """It may have been garbled on its way; what the hub cannot read a second time is to blame itself."""
    try:
        return client.post("/v1/records", _batch(records), Answers).records
    except HubRejectedError as error:
        if error.status not in UNREADABLE:
            raise
        return [Answer(id=records[0].id, outcome="rejected", reason=str(error))]


def _add_up(done: Pushed, settled: list[Answer], by_id: dict[str, Upward]) -> None:
    for answer in settled:
        state = outbox.STATES.get(answer.outcome)
        done.acknowledged += state == "acknowledged"
        done.rejected += state == "rejected"
        if answer.outcome == outbox.CLONE:
            former = by_id[answer.id].device != ""
            done.relabelled += former
            done.cloned |= not former
