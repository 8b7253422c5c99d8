"""One pass of sync: push, pull, check, fetch."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from sync.client.carriers import Carrier, HttpCarrier
from sync.client.clock import Clock
from sync.client.fetch import Limits, fetch, in_order_of_need
from sync.client.http import HubClient
from sync.client.identity import Identity
from sync.client.pull import FULL_CHECK_S, Pulled, Puller, verify_replica
from sync.client.push import Transaction, push
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
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.read import Replica

log = logging.getLogger(__name__)

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


class Report(msgspec.Struct, kw_only=True):
    """What one pass did.

    `outcome` is `updated` or `current`, or one of `OUTCOMES`' values, then `message` says why. `bytes` counts what
    came; `browsable_s` is the time to the first usable catalogue, where one was built anew. With `more` there are files
    that the next pass can fetch at once.
    """

    outcome: str
    seconds: float = 0.0
    bytes: int = 0
    items: int = 0
    revision: int = 0
    sent: int = 0
    files: int = 0
    files_missing: int = 0
    more: bool = False
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
        limits: what the shop gives for files; asked for at every pass.
        asked: how often each item was asked for lately, by its id.
        carriers: bring the catalogue, the first that can; by default the mirror that the identity names, then the hub.
        clock: this unit's; by default one kept in `folder`.
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
        limits: Callable[[], Limits],
        asked: Callable[[], Mapping[str, int]] = dict,
        carriers: Sequence[Carrier] = (),
        clock: Clock | None = None,
    ) -> None:
        clock = clock or Clock(folder / "hub-time")
        self._own = identity.catalogues[-1]
        self._carriers = carriers or [HttpCarrier(url, clock) for url in identity.catalogues]
        self._client = HubClient(identity.hub_url, identity.token, clock)
        root = identity.root.encode()
        self._pullers = [Puller(carrier, replicas, folder, root, clock) for carrier in self._carriers]
        self._replicas = replicas
        self._blobs = blobs
        self._shop = identity.shop_name
        self._reading, self._writing = reading, writing
        self._limits, self._asked = limits, asked
        self._folder = folder
        self._checked_at = 0.0
        self._said = ""
        self._files_missing = True

    def run(self) -> Report:
        """One pass, alone on this unit. What fails is told in the report and holds nothing else up."""
        began, before = time.monotonic(), self._received_bytes()
        report, pushed = Report(outcome="current"), Report(outcome="current")
        with _told(pushed):
            pushed.sent = push(self._client, self._reading, self._writing)
        with _told(report), self._alone():
            pulled, carrier = self._pull(report)
            report.outcome, report.browsable_s = pulled.outcome, pulled.browsable_s
            self._fetch(report, carrier)
        with _told(report):
            self._count(report)
        report.sent = pushed.sent
        if report.heard and not pushed.heard:
            report.outcome, report.message = pushed.outcome, pushed.message
        report.bytes = self._received_bytes() - before
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

    def _pull(self, report: Report) -> tuple[Pulled, Carrier]:
        """Pull from the first carrier that can; one that lags or is away does not matter while another is there."""
        failed: SyncError | None = None
        anew = self._damaged()
        for carrier, puller in zip(self._carriers, self._pullers, strict=True):
            try:
                pulled = puller.pull(anew=anew)
            except (HubUnreachableError, HubAnsweredRubbishError, HubRejectedError, NotTrustedError) as error:
                failed = failed or self._in_full(error, carrier)
                continue
            report.message = f"{failed}; {carrier.where} was used instead" if failed else ""
            return pulled, carrier
        assert failed  # noqa: S101 (there is always a carrier)
        raise failed

    def _in_full(self, error: SyncError, carrier: Carrier) -> SyncError:
        """A mirror may lag behind; the hub itself never goes back, unless it was not restored as it should be."""
        if isinstance(error, StaleError) and carrier.where == self._own:
            return NotTrustedError(f"{error}; was the hub restored without `touchpoint-hub restore`?")
        return error

    def _received_bytes(self) -> int:
        return sum(carrier.received_bytes for carrier in self._carriers)

    def _fetch(self, report: Report, carrier: Carrier) -> None:
        if report.outcome != "updated" and not self._files_missing:
            return
        path = self._replicas.current()
        if path is None:
            return
        self._files_missing = True
        with contextlib.closing(Replica(path, shop=self._shop)) as replica:
            wanted = in_order_of_need(replica.wanted(), self._asked())
        fetched = fetch(wanted, carrier, self._blobs, self._limits())
        report.files, report.files_missing, report.more = fetched.new, fetched.missing, fetched.more
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
