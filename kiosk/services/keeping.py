"""How long this unit keeps what was sent: a few days, then nothing of it is left here."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from kiosk.store.records import Records
from sync import outbox

log = logging.getLogger(__name__)

REJECTED: Final = dt.timedelta(days=90)
"""What the hub refused is kept longer, as somebody has to look at it."""


def delete_what_is_due(records: Records, keep_days: int, now: dt.datetime) -> dict[str, int]:
    """Delete what the hub acknowledged `keep_days` ago, or refused long ago; returns and logs how many of each kind.

    Args:
        now: the time by which answers are dated, aware.
    """
    with records.writing() as db:
        gone = outbox.sweep(db, now - dt.timedelta(days=keep_days), now=now)
        refused = outbox.sweep(db, now - REJECTED, "rejected", now=now)
    if gone:
        log.info("deleted here, as the hub has them: %s", _counts(gone))
    if refused:
        log.info("deleted here, as the hub refused them long ago: %s", _counts(refused))
    return {kind: gone.get(kind, 0) + refused.get(kind, 0) for kind in gone | refused}


def _counts(gone: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(gone.items()))
