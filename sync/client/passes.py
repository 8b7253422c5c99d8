"""One pass of sync: push, pull, check, fetch."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sync.client.carriers import Carrier, HttpCarrier
from sync.client.clock import Clock
from sync.client.down.fetch import Limits, Refused, fetch, in_order_of_need
from sync.client.down.pull import Pulled, Puller, alone, verify_replica
from sync.client.identity import Identity
from sync.client.outcomes import Outcome, told
from sync.client.up.upstream import Upstream
from sync.errors import (
    HubAnsweredRubbishError,
    HubRejectedError,
    HubUnreachableError,
    NotTrustedError,
    ReplicaError,
    StaleError,
    SyncError,
)
from sync.records import File
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder
from sync.replica.read import Replica
from sync.replica.stock import ALL, Stock
from sync.replica.whole import WholeCheck

log = logging.getLogger(__name__)


class Report(Outcome, kw_only=True):
    """What one pass did.

    `bytes` counts what came; `browsable_s` is the time to the first usable catalogue, where one was built anew. With
    `more` there are files that the next pass can fetch at once. `pause_s` is how long the server asks us to stay away.
    """

    seconds: float = 0.0
    bytes: int = 0
    items: int = 0
    revision: int = 0
    sent: int = 0
    files: int = 0
    files_missing: int = 0
    more: bool = False
    browsable_s: float | None = None
    pause_s: float = 0.0


class Passes:
    """Makes passes for one kiosk.

    Args:
        identity: who it is.
        folder: for metadata and packs on their way.
        upstream: says what there is to say to the hub.
        limits: what the shop gives for files; asked for at every pass.
        asked: how often each item was asked for lately, by its id.
        stock: what the shop stocks, for which files are fetched; asked for at every pass.
        carriers: bring the catalogue, the first that can; by default the mirror that the identity names, then the hub.
        clock: this unit's; by default one kept in `folder`.
    """

    def __init__(
        self,
        identity: Identity,
        folder: Path,
        replicas: ReplicaFolder,
        blobs: Blobs,
        upstream: Upstream,
        *,
        limits: Callable[[], Limits],
        asked: Callable[[], Mapping[str, int]] = dict,
        stock: Callable[[], Stock] = lambda: ALL,
        carriers: Sequence[Carrier] = (),
        clock: Clock | None = None,
    ) -> None:
        clock = clock or Clock(folder / "hub-time")
        self._own = identity.catalogues[-1]
        self._carriers = carriers or [HttpCarrier(url, clock) for url in identity.catalogues]
        self._servers = [carrier for carrier in self._carriers if isinstance(carrier, HttpCarrier)]
        root = identity.root.encode()
        self._pullers = [Puller(carrier, replicas, folder, root, clock) for carrier in self._carriers]
        self._refused = {carrier.where: Refused() for carrier in self._carriers}
        self._replicas = replicas
        self._blobs = blobs
        self._shop, self._stock = identity.shop_name, stock
        self._fetched_for = stock()
        self._upstream = upstream
        self._limits, self._asked = limits, asked
        self._folder = folder
        self._whole = WholeCheck(folder / "whole.json")
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
        began, before = time.monotonic(), self._received_bytes()
        report = Report()
        for server in self._servers:
            server.pause_s = 0.0
        with told(report), alone(self._folder):
            pulled, carrier = self._pull(report)
            report.outcome, report.browsable_s = pulled.outcome, pulled.browsable_s
            if path := self._replicas.current():
                self._whole.left(path)
            self._fetch(report, carrier)
        with told(report):
            self._count(report)
        report.bytes = self._received_bytes() - before
        report.pause_s = max((server.pause_s for server in self._servers), default=0.0)
        report.seconds = round(time.monotonic() - began, 4)
        return report

    def damaged(self) -> None:
        """The next pass looks at the whole replica again, because somebody could not read it."""
        self._whole.forget()

    def _damaged(self) -> bool:
        """Whether the replica is damaged: read as a whole when that is due.

        It stays in use, as most of it can still be read, until another has been built.
        """
        path = self._replicas.current()
        if path is None or not self._whole.is_due(path):
            return False
        try:
            verify_replica(path)
        except ReplicaError as error:
            if str(error) != self._said:
                log.warning("the catalogue on this unit is damaged and is built again: %s", error)
            self._said = str(error)
            return True
        self._whole.passed(path)
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
        stock = self._stock()
        if report.outcome != "updated" and not self._files_missing and stock == self._fetched_for:
            return
        path = self._replicas.current()
        if path is None:
            return
        self._files_missing, self._fetched_for = True, stock
        with contextlib.closing(Replica(path, shop=self._shop, stock=stock)) as replica:
            wanted = in_order_of_need(replica.wanted(), self._asked())
        self._fetch_from(carrier, report, wanted)
        self._files_missing = report.files_missing > 0

    def _fetch_from(self, carrier: Carrier, report: Report, wanted: Sequence[File]) -> None:
        """Bring files from the carrier of this pass; what it lacks or has spoilt, another may have.

        Raises:
            HubUnreachableError: that carrier is away or busy, and the others have not everything.
        """
        failed: SyncError | None = None
        for one in sorted(self._carriers, key=lambda one: one is not carrier):
            try:
                fetched = fetch(wanted, one, self._blobs, self._limits(), self._refused[one.where])
            except HubUnreachableError as error:
                failed = error if one is carrier else failed
                continue
            report.files += fetched.new
            report.files_missing, report.more = fetched.missing, fetched.more
            if report.more or not report.files_missing:
                return
        if failed:
            raise failed

    def _count(self, report: Report) -> None:
        if path := self._replicas.current():
            with contextlib.closing(Replica(path, shop=self._shop, stock=self._stock())) as replica:
                report.items, report.revision = replica.count(), replica.revision
