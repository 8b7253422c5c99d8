"""What a serving hub does by itself: its pages' replica, fresh signatures, new bases, its mirror, alerts, forgetting.

Each duty has a thread, so that a slow mirror holds nothing else up. A failure is logged once, and so is its end. Only
one server does them for a hub, whoever holds its lock; but for the replica: one on each machine that has its own.
"""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Final

from sync import locks as files
from sync.client.carriers import FolderCarrier
from sync.client.down.pull import Puller
from sync.errors import SyncError
from sync.hub import locks, retention
from sync.hub.errors import HubError
from sync.hub.fleet.alerts import Alerts
from sync.hub.hub import Hub
from sync.hub.importing import waiting
from sync.hub.items.editors import Editors
from sync.hub.publishing import compaction, mirror, roots
from sync.replica.folder import ReplicaFolder

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often the hub looks whether something was published."""
SIGN_EVERY_S: Final = 3600.0
STOP_S: Final = 10.0
"""A duty that is in the middle of something for longer is left there; each may be cut short at any moment."""
AGAIN_AFTER_S: Final = 30.0
LOOK_FOR_DAY_S: Final = 60.0
"""How often the hub looks whether a new day has begun."""
LOOK_FOR_QUIET_S: Final = 30.0
"""How often the hub looks whether a kiosk is quiet, or back."""
COMPACT_AGAIN_AFTER_S: Final = 600.0
"""How soon what failed is tried again; packing anew costs half a minute of both processors."""


class Keeper:
    """Keeps a hub's own replica, signatures, packs and mirror up to what is published."""

    def __init__(self, hub: Hub, replicas: ReplicaFolder) -> None:
        self._hub = hub
        self._folder = hub.folder
        self._puller = Puller(
            FolderCarrier(hub.folder.catalogue),
            replicas,
            hub.folder.replica / "trust",
            roots.root_of(hub.folder.metadata),
        )
        self._stopping = threading.Event()
        self._compacted = self._mirrored = b""
        self._alerts = Alerts(hub.database)
        self._forgotten_on: dt.date | None = None
        pages = {"the hub's own pages could not be kept fresh": (self._pull, LOOK_EVERY_S, LOOK_EVERY_S)}
        others = {
            "the signatures could not be renewed": (self._sign, SIGN_EVERY_S, AGAIN_AFTER_S),
            "the packs could not be merged": (self._compact, LOOK_EVERY_S, COMPACT_AGAIN_AFTER_S),
            "what was to appear could not be published": (self._appear, LOOK_FOR_DAY_S, AGAIN_AFTER_S),
            "nobody could be told of quiet kiosks": (self._alert, LOOK_FOR_QUIET_S, AGAIN_AFTER_S),
            "what is past its date could not be deleted": (self._forget, LOOK_FOR_DAY_S, AGAIN_AFTER_S),
            "what was uploaded could not be deleted": (self._sweep, LOOK_FOR_DAY_S, AGAIN_AFTER_S),
            "the mirror could not be brought up to date": (self._mirror, LOOK_EVERY_S, AGAIN_AFTER_S),
        }
        its_lock = hub.folder.replica / "pull.lock"
        self._threads = [
            threading.Thread(target=self._run, args=(lock, self._made(duties)), name=f"keeper of {name}", daemon=True)
            for name, lock, duties in (
                ("the replica", partial(files.held_if_free, its_lock), pages),
                ("the hub", partial(locks.held_if_free, hub.folder, locks.KEEPING), others),
            )
        ]

    def start(self) -> None:
        """Begin, in threads of its own."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    # -- inner

    def _made(self, duties: dict[str, tuple[Callable[[], None], float, float]]) -> list[threading.Thread]:
        return [
            threading.Thread(target=self._keep, args=(trouble, *duty), name=f"keeper {duty[0].__name__}", daemon=True)
            for trouble, duty in duties.items()
        ]

    def _run(self, lock: Callable[[], AbstractContextManager[bool]], duties: Sequence[threading.Thread]) -> None:
        """Wait until no other server does these duties, then do them until stopped."""
        failed = False
        while not self._stopping.is_set():
            try:
                self._keep_if_nobody_does(lock, duties)
            except (OSError, HubError) as error:
                if not failed:
                    log.error("this hub cannot look after its folder, and tries it again: %s", error)
                failed = True
            self._stopping.wait(LOOK_EVERY_S)

    def _keep_if_nobody_does(
        self, lock: Callable[[], AbstractContextManager[bool]], duties: Sequence[threading.Thread]
    ) -> None:
        with lock() as held:
            if held:
                for duty in duties:
                    duty.start()
                self._stopping.wait()
                for duty in duties:
                    duty.join(STOP_S)

    def _keep(self, trouble: str, duty: Callable[[], None], every_s: float, again_after_s: float) -> None:
        failed: type[Exception] | None = None
        while not self._stopping.is_set():
            try:
                if (self._folder.metadata / "timestamp.json").exists():
                    duty()
            except SyncError as error:
                if type(error) is not failed:
                    log.error("%s, and it is tried again: %s", trouble, error)
                failed = type(error)
            except Exception as error:
                if type(error) is not failed:
                    log.exception("%s; it is tried again", trouble)
                failed = type(error)
            else:
                if failed:
                    log.info("that is over: %s", trouble)
                failed = None
            self._stopping.wait(again_after_s if failed else every_s)

    def _pull(self) -> None:
        self._puller.pull()

    def _sign(self) -> None:
        self._hub.publisher.sign_anew_if_due()

    def _compact(self) -> None:
        """Have what is due made by another process, which gives way to this one."""
        published = self._timestamp()
        if published == self._compacted:
            return
        if compaction.due(self._hub.publisher.published()):
            command = [sys.executable, "-m", "sync.hub", "compact", "--data", str(self._folder.root)]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                while process.poll() is None:
                    if self._stopping.wait(0.1):
                        process.terminate()
                said = process.stderr.read().strip() if process.stderr else ""
            if process.returncode and not self._stopping.is_set():
                raise HubError(said.rpartition("\n")[2] or f"the compaction ended with {process.returncode}")
        self._compacted = published

    def _mirror(self) -> None:
        where, published = self._hub.publish_to, self._timestamp()
        if where and where.encode() + published != self._mirrored:
            mirror.bring_up_to_date(self._folder, mirror.at(where))
        self._mirrored = where.encode() + published

    def _appear(self) -> None:
        """Publish what editors want to appear by today, and what appeared before and could not be published."""
        appeared = Editors(self._hub.database).publish_due(dt.datetime.now(dt.UTC).date())
        published = self._hub.publisher.state()
        if published and published.revision < appeared:
            self._hub.publish()

    def _alert(self) -> None:
        """Tell who looks after kiosks which are quiet, and which are back."""
        self._alerts.run()

    def _forget(self) -> None:
        """Delete what is past its date, once a day and at every start."""
        today = dt.datetime.now(dt.UTC).date()
        if today != self._forgotten_on:
            retention.run(self._hub.database, self._folder, today=today)
            self._forgotten_on = today

    def _sweep(self) -> None:
        """Delete uploads whose hour is over."""
        waiting.sweep(self._folder)

    def _timestamp(self) -> bytes:
        return (self._folder.metadata / "timestamp.json").read_bytes()
