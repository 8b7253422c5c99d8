"""What became of something that was tried, in one word and a sentence; the same words for the way up and down."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from sync.errors import (
    ClientTooOldError,
    HubAnsweredRubbishError,
    HubRejectedError,
    HubUnreachableError,
    NotTrustedError,
    ReplicaError,
    ShrinkRefusedError,
    StaleError,
    StorageError,
    SyncError,
)

OUTCOMES: Final[dict[type[SyncError], str]] = {
    HubUnreachableError: "unreachable",
    HubAnsweredRubbishError: "not_the_hub",
    HubRejectedError: "rejected",
    StaleError: "stale",
    NotTrustedError: "refused",
    ShrinkRefusedError: "refused",
    ClientTooOldError: "too_old",
    ReplicaError: "damaged",
    StorageError: "disk",
}


class Outcome(msgspec.Struct, kw_only=True):
    """`updated` or `current`, or one of `OUTCOMES`' values, then `message` says why."""

    outcome: str = "current"
    message: str = ""

    @property
    def heard(self) -> bool:
        """Whether the hub's word was had."""
        return self.outcome in ("updated", "current")


@contextlib.contextmanager
def told(what: Outcome) -> Iterator[None]:
    """What goes wrong inside is told in the outcome, the first trouble only, and stops nothing else."""
    try:
        yield
    except SyncError as error:
        _note(what, error)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        _note(what, StorageError(f"this unit's disk: {error}"))


def _note(what: Outcome, error: SyncError) -> None:
    if what.heard:
        kinds = (outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind))
        what.outcome, what.message = next(kinds, "failed"), str(error)
