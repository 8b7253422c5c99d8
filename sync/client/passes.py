"""One pass of sync: push, pull, check, fetch."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sync.client.carriers import Carrier, HttpCarrier
from sync.client.fetch import fetch
from sync.client.identity import Identity
from sync.client.outcomes import Outcome, told
from sync.client.pull import FULL_CHECK_S, Puller, verify_replica
from sync.client.upstream import Upstream
from sync.errors import ReplicaError
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.read import Replica

log = logging.getLogger(__name__)


class Report(Outcome, kw_only=True):
    """What one pass did.

    `bytes` counts what came; `browsable_s` is the time to the first usable catalogue, where one was built anew.
    `pause_s` is how long the server asks us to stay away.
    """

    seconds: float = 0.0
    bytes: int = 0
    items: int = 0
    revision: int = 0
    sent: int = 0
    files: int = 0
    files_missing: int = 0
    browsable_s: float | None = None
    pause_s: float = 0.0


class Passes:
    """Makes passes for one kiosk.

    Args:
        identity: who it is.
        folder: for metadata and packs on their way.
        upstream: says what there is to say to the hub.
        carrier: brings the catalogue; by default over HTTP from where the identity says.
    """

    def __init__(
        self,
        identity: Identity,
        folder: Path,
        replicas: ReplicaFolder,
        blobs: Blobs,
        upstream: Upstream,
        *,
        budget_bytes: int,
        carrier: Carrier | None = None,
    ) -> None:
        self._carrier = carrier or HttpCarrier(identity.catalogue)
        self._puller = Puller(self._carrier, replicas, folder, identity.root.encode())
        self._replicas = replicas
        self._blobs = blobs
        self._shop = identity.shop_name
        self._upstream = upstream
        self._budget_bytes = budget_bytes
        self._folder = folder
        self._checked_at = 0.0
        self._said = ""
        self._files_missing = True

    def run(self) -> Report:
        """One pass, up and down beside each other. What fails is told in the report and holds nothing else up."""
        began = time.monotonic()
        with ThreadPoolExecutor(1, "upstream") as beside:
            sending = beside.submit(self._upstream.run)
            report = self.pull()
            sent = sending.result()
        report.sent = sent.records
        if report.heard and not sent.heard:
            report.outcome, report.message = sent.outcome, sent.message
        report.seconds = round(time.monotonic() - began, 4)
        return report

    def pull(self) -> Report:
        """The way down alone."""
        began, before = time.monotonic(), self._carrier.received_bytes
        report = Report()
        with told(report), self._alone():
            pulled = self._puller.pull(anew=self._damaged())
            report.outcome, report.browsable_s = pulled.outcome, pulled.browsable_s
            self._fetch(report)
        with told(report):
            self._count(report)
        report.bytes = self._carrier.received_bytes - before
        report.pause_s = self._carrier.pause_s if isinstance(self._carrier, HttpCarrier) else 0.0
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
