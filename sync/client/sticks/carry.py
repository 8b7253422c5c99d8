"""The trips of a stick: out to where there is a connection, in to a unit that has none.

Out: bundles are handed to the hub, its replies are put on the stick, and the catalogue on it is brought up to date.
In: replies are taken, waiting records are put on the stick, then the catalogue and its files are taken from it. What is
most precious goes first, as a stick may be pulled out at any moment; every step is safe by itself and may be repeated.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from sync import outbox
from sync.client import verified
from sync.client.carriers import FolderCarrier
from sync.client.clock import Clock
from sync.client.down.fetch import Limits, fetch, in_order_of_need
from sync.client.down.pull import Puller, alone, verify_replica
from sync.client.identity import Identity
from sync.client.sticks import bundles
from sync.client.sticks.carried import In, Out, counted
from sync.client.sticks.mirror import Mirror, Progress, Telling
from sync.client.up.push import Transaction
from sync.errors import HubRejectedError, NotTrustedError, RecordError, ReplicaError, StaleError, SyncError
from sync.messages import Heartbeat, Reply
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder, write_in_one_step
from sync.replica.read import Replica
from sync.replica.stock import ALL, Stock
from sync.stick import Posted, Stick

Answering = Callable[[bytes], bytes]
"""Hands a bundle to the hub and returns its reply."""

_TRY_LATER: Final = (408, 425, 429)


def quiet(_done: int, _all: int) -> None:
    """Tells nobody of progress."""


def out(stick: Stick, copy: Mirror, answer: Answering, *, progress: Progress = quiet, check: bool = False) -> Out:
    """One trip out; with `check` every file on the stick is read again."""
    report = Out(trouble=[])
    with told(report.trouble):
        _deliver(stick, answer, report)
    with told(report.trouble):
        done = copy.bring(stick.catalogue, progress=progress, check=check)
        for name in ("outcome", "revision", "records", "files", "files_left", "files_missing", "bytes"):
            setattr(report, name, getattr(done, name))
    with told(report.trouble):
        report.waiting = sum(1 for _ in stick.bundles()) - report.refused
        report.free_bytes = stick.free_bytes()
    return report


def _deliver(stick: Stick, answer: Answering, report: Out) -> None:
    """Hand every bundle to the hub. A refused one stays, with the reason beside it."""
    for bundle in list(stick.bundles()):
        try:
            reply = answer(bundle.read())
        except (HubRejectedError, RecordError) as error:
            status = getattr(error, "status", 400)
            if status >= 500 or status in _TRY_LATER:
                raise
            stick.refuse(bundle, f"The hub did not take this bundle: {error}")
            report.trouble.append(f"a bundle of the kiosk {bundle.device_id} was refused: {error}")
            report.refused += 1
            continue
        stick.put_reply(bundle, reply)
        report.bundles += 1


class Visit:
    """A stick's visit to a unit.

    Args:
        mine: who this unit is; asked for anew after each reply, as that may change it.
        folder: of what sync keeps.
        reading, writing: transactions on the database with the outbox.
        heartbeat: how this unit is.
        heard: acts on what replies say beside their answers; True when it completed the enrolment.
        budget_bytes: the room that there is for files.
        stock: what the shop stocks, for which files are taken.
    """

    def __init__(
        self,
        mine: Callable[[], Identity],
        folder: Path,
        replicas: ReplicaFolder,
        blobs: Blobs,
        reading: Transaction,
        writing: Transaction,
        *,
        heartbeat: Callable[[], Heartbeat],
        heard: Callable[[Reply], bool],
        budget_bytes: Callable[[], int],
        stock: Callable[[], Stock] = lambda: ALL,
    ) -> None:
        self._mine = mine
        self._folder = folder
        self._clock = Clock(folder / "hub-time")
        self._replicas = replicas
        self._blobs = blobs
        self._reading, self._writing = reading, writing
        self._heartbeat, self._heard = heartbeat, heard
        self._budget_bytes, self._stock = budget_bytes, stock

    def make(self, stick: Stick, *, progress: Progress = quiet) -> In:
        """The whole visit."""
        report = In(trouble=[])
        with told(report.trouble):
            self._take_replies(stick, report)
        with told(report.trouble):
            self._put_records(stick, report)
        with told(report.trouble), alone(self._folder):
            self._take_catalogue(stick, report)
            self._take_files(stick, report, progress)
        return report

    # -- records

    def _take_replies(self, stick: Stick, report: In) -> None:
        taken = sorted(self._replies(stick, report), key=lambda pair: pair[0].made_at)
        device_id, clones = self._mine().device_id, 0
        for reply, _posted in taken:
            with self._writing() as db:
                outbox.settle(db, reply.answers.records, device_id, at=self._clock.now())
            states = [outbox.STATES.get(one.outcome) for one in reply.answers.records]
            report.acknowledged += states.count("acknowledged")
            report.rejected += states.count("rejected")
            clones += sum(one.outcome == outbox.CLONE for one in reply.answers.records)
        heard_at = self._heard_at()
        if fresh := [reply for reply, _posted in taken if reply.made_at > heard_at]:
            report.enrolled = self._heard(_together(fresh))
            self._keep_heard_at(fresh[-1].made_at)
        report.replies = len(taken)
        if clones:
            report.trouble.append(
                "another unit speaks with this one's voice, so the hub did not take "
                f"{counted(clones, 'record')}, which must wait; set one of the two up anew, with "
                "`touchpoint-kiosk enrol --again`"
            )
        for _reply, posted in taken:
            stick.remove(posted)

    def _replies(self, stick: Stick, report: In) -> Iterator[tuple[Reply, Posted]]:
        mine = self._mine()
        for posted in stick.replies(mine.device_id):
            try:
                yield bundles.read_reply(mine, posted.read()), posted
            except (RecordError, NotTrustedError) as error:
                report.trouble.append(f"a reply on the stick was not taken: {error}")

    def _put_records(self, stick: Stick, report: In) -> None:
        mine = self._mine()
        with self._writing() as db:
            outbox.claim(db, mine.device_id)
        with self._reading() as db:
            report.waiting = outbox.count_waiting(db)
            records = outbox.waiting(db, mine.device_id, limit=max(report.waiting, 1))
        letters, report.records = bundles.make(mine, records, self._heartbeat())
        refused = stick.refusals(mine.device_id)
        stick.put_bundles(mine.device_id, letters)
        report.bundles = len(letters)
        report.trouble += refused

    def _heard_at(self) -> str:
        """When the last reply was made whose words were acted on: an older one only acknowledges records.

        A time after the end of what the hub has signed is left out: the hub's clock was ahead when it gave that.
        """
        try:
            kept = (self._folder / "stick-heard-at").read_text()
        except FileNotFoundError:
            return ""
        until = verified.signed_until(self._folder / "metadata")
        return "" if until and kept > until.isoformat() else kept

    def _keep_heard_at(self, made_at: str) -> None:
        write_in_one_step(self._folder / "stick-heard-at", made_at.encode())

    # -- catalogue

    def _take_catalogue(self, stick: Stick, report: In) -> None:
        there = stick.catalogue / "metadata" / "timestamp.json"
        if not there.is_file():
            report.outcome = "none"
            return
        report.as_of = there.stat().st_mtime
        root = self._mine().root.encode()
        puller = Puller(FolderCarrier(stick.catalogue), self._replicas, self._folder, root, self._clock)
        try:
            report.outcome = puller.pull(anew=self._is_damaged()).outcome
        except StaleError:
            report.outcome = "stale"  # this unit has had a later one: that is a late stick, not an attack

    def _is_damaged(self) -> bool:
        """Whether the replica here must be built again; it is looked at as a whole, as a stick comes seldom."""
        path = self._replicas.current()
        try:
            if path:
                verify_replica(path)
        except ReplicaError:
            return True
        return False

    def _take_files(self, stick: Stick, report: In, progress: Progress) -> None:
        path = self._replicas.current()
        if path is None:
            return
        with contextlib.closing(Replica(path, shop=self._mine().shop_name, stock=self._stock())) as replica:
            wanted = in_order_of_need(replica.wanted(), {})
            report.items, report.revision = replica.count(), replica.revision
        away = {file.sha256: file.size_bytes for file in wanted if self._blobs.find(file.sha256) is None}
        done, size = 0, sum(away.values())

        def tell(more: int) -> None:
            nonlocal done
            done += more
            progress(done, size)

        carrier = Telling(FolderCarrier(stick.catalogue), tell)
        fetched = fetch(wanted, carrier, self._blobs, Limits(self._budget_bytes()))
        report.files, report.files_missing = fetched.new, fetched.missing


@contextlib.contextmanager
def told(trouble: list[str]) -> Iterator[None]:
    """What goes wrong inside is told, and stops nothing after it."""
    try:
        yield
    except SyncError as error:
        trouble.append(str(error))
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        trouble.append(f"this machine's disk: {error}")


def _together(replies: list[Reply]) -> Reply:
    """What several replies, oldest first, say beside their answers: of each thing the last that was said."""

    def last(name: str) -> Any:
        return next((said for reply in reversed(replies) if (said := getattr(reply, name)) is not None), None)

    return msgspec.structs.replace(
        replies[-1], enrolled=last("enrolled"), device=last("device"), heartbeat=last("heartbeat")
    )
