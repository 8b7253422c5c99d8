"""One pass of sync: push, pull, check, fetch."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from sync.client.carriers import Carrier, HttpCarrier
from sync.client.fetch import fetch
from sync.client.http import HubClient
from sync.client.identity import Identity
from sync.client.pull import FULL_CHECK_S, Puller, verify_replica
from sync.client.push import Transaction, push
from sync.errors import (
    ClientTooOldError,
    HubAnsweredRubbishError,
    HubRejectedError,
    HubUnreachableError,
    NotTrustedError,
    ReplicaError,
    ShrinkRefusedError,
    StorageError,
    SyncError,
)
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.read import Replica

log = logging.getLogger(__name__)

OUTCOMES: Final[dict[type[SyncError], str]] = {
    HubUnreachableError: "unreachable",
    HubAnsweredRubbishError: "not_the_hub",
    HubRejectedError: "rejected",
    NotTrustedError: "refused",
    ShrinkRefusedError: "refused",
    ClientTooOldError: "too_old",
    ReplicaError: "damaged",
    StorageError: "disk",
}


class Report(msgspec.Struct, kw_only=True):
    """What one pass did.

    `outcome` is `updated` or `current`, or one of `OUTCOMES`' values, then `message` says why. `bytes` counts what
    came; `browsable_s` is the time to the first usable catalogue, where one was built anew.
    """

    outcome: str
    seconds: float = 0.0
    bytes: int = 0
    items: int = 0
    revision: int = 0
    sent: int = 0
    files: int = 0
    files_missing: int = 0
    browsable_s: float | None = None
    message: str = ""

    @property
    def heard(self) -> bool:
        """Whether the hub's word was had."""
        return self.outcome in ("updated", "current")


class Passes:
    """Makes passes for one kiosk.

    Args:
        identity: who it is.
        folder: for metadata and packs on their way.
        reading, writing: transactions on the database with the outbox.
        carrier: brings the catalogue; by default over HTTP from where the identity says.
    """

    def __init__(
        self,
        identity: Identity,
        folder: Path,
        replicas: ReplicaFolder,
        blobs: Blobs,
        reading: Transaction,
        writing: Transaction,
        *,
        budget_bytes: int,
        carrier: Carrier | None = None,
    ) -> None:
        self._carrier = carrier or HttpCarrier(identity.catalogue)
        self._client = HubClient(identity.hub_url, identity.token)
        self._puller = Puller(self._carrier, replicas, folder, identity.root.encode())
        self._replicas = replicas
        self._blobs = blobs
        self._shop = identity.shop_name
        self._reading, self._writing = reading, writing
        self._budget_bytes = budget_bytes
        self._folder = folder
        self._checked_at = 0.0
        self._said = ""
        self._files_missing = True

    def run(self) -> Report:
        """One pass, alone on this unit. What fails is told in the report and holds nothing else up."""
        began, before = time.monotonic(), self._carrier.received_bytes
        report, pushed = Report(outcome="current"), Report(outcome="current")
        with _told(pushed):
            pushed.sent = push(self._client, self._reading, self._writing)
        with _told(report), self._alone():
            pulled = self._puller.pull(anew=self._damaged())
            report.outcome, report.browsable_s = pulled.outcome, pulled.browsable_s
            self._fetch(report)
        with _told(report):
            self._count(report)
        report.sent = pushed.sent
        if report.heard and not pushed.heard:
            report.outcome, report.message = pushed.outcome, pushed.message
        report.bytes = self._carrier.received_bytes - before
        report.seconds = round(time.monotonic() - began, 4)
        return report

    def damaged(self) -> None:
        """The next pass looks at the whole replica again, because somebody could not read it."""
        self._checked_at = 0.0

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The agent and a command by hand do not build at the same time: one waits for the other."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _damaged(self) -> bool:
        """Whether the replica is damaged: read as a whole once a day and at the start.

        It stays in use, as most of it can still be read, until another has been built.
        """
        path = self._replicas.current()
        if path is None or (self._checked_at and time.monotonic() - self._checked_at < FULL_CHECK_S):
            return False
        try:
            verify_replica(path)
        except ReplicaError as error:
            if str(error) != self._said:
                log.warning("the catalogue on this unit is damaged and is built again: %s", error)
            self._said = str(error)
            return True
        self._checked_at = time.monotonic()
        return False

    def _fetch(self, report: Report) -> None:
        if report.outcome != "updated" and not self._files_missing:
            return
        path = self._replicas.current()
        if path is None:
            return
        self._files_missing = True
        with contextlib.closing(Replica(path, shop=self._shop)) as replica:
            fetched = fetch(replica.blobs(), self._carrier, self._blobs, budget_bytes=self._budget_bytes)
        report.files, report.files_missing = fetched.new, fetched.missing
        self._files_missing = fetched.missing > 0

    def _count(self, report: Report) -> None:
        if path := self._replicas.current():
            with contextlib.closing(Replica(path, shop=self._shop)) as replica:
                report.items, report.revision = replica.count(), replica.revision


@contextlib.contextmanager
def _told(report: Report) -> Iterator[None]:
    """What goes wrong inside is told in the report, the first trouble only, and stops nothing else."""
    try:
        yield
    except SyncError as error:
        _note(report, error)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        _note(report, StorageError(f"this unit's disk: {error}"))


def _note(report: Report, error: SyncError) -> None:
    if report.heard:
        kinds = (outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind))
        report.outcome, report.message = next(kinds, "failed"), str(error)
