"""Push: send what waits in the outbox, and note what the hub says of each record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from sync import outbox
from sync.client.http import HubClient
from sync.messages import Answers, Batch

Transaction = Callable[[], AbstractContextManager[Connection]]


def push(client: HubClient, reading: Transaction, writing: Transaction) -> int:
    """Send every waiting record, a batch at a time; returns how many the hub has now acknowledged.

    Sending again what the hub already has is harmless, so a lost answer costs nothing.

    Raises:
        HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: what was not acknowledged goes on waiting.
    """
    acknowledged = 0
    while True:
        with reading() as db:
            waiting = outbox.waiting(db)
        if not waiting:
            return acknowledged
        answers = client.post("/v1/records", Batch(records=waiting), Answers)
        asked = {one.id for one in waiting}
        settled = [answer for answer in answers.records if answer.id in asked]
        with writing() as db:
            outbox.settle(db, settled)
        acknowledged += sum(outbox.STATES.get(answer.outcome) == "acknowledged" for answer in settled)
        if not all(answer.outcome in outbox.STATES for answer in settled) or len(settled) < len(waiting):
            return acknowledged
