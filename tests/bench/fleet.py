"""Simulated kiosks without screens: each has an identity, a token and a folder of its own, and a kiosk's real code.

They share this process, and one replica where only reading it matters; a real kiosk has a machine of its own. So what a
turn takes is as much this machine's doing as the hub's: `Tally.answers_s` is from a request's end to its answer's head.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.agent.backoff import Backoff
from sync import outbox, sqlite
from sync.client import carriers, http, identity, sessions
from sync.client.carriers import HttpCarrier
from sync.client.clock import Clock
from sync.client.down.fetch import Limits
from sync.client.down.pull import Puller
from sync.client.identity import Identity, public_key_of
from sync.client.outcomes import told
from sync.client.passes import Passes, Report
from sync.client.up.upstream import Upstream
from sync.hub.hub import Hub
from sync.hub.publishing import roots
from sync.hub.store import devices
from sync.records import Usage
from sync.replica.blobs import Blobs
from sync.replica.folder import ReplicaFolder

POLL_S = 60.0
SPREAD = (0.9, 1.1)
"""A kiosk's agent waits so many times its interval: see `kiosk.agent.loop`."""


@dataclass
class Tally:
    """What a fleet met. Threads only ever append."""

    answers_s: list[float] = field(default_factory=list)
    turns_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    @property
    def failed(self) -> Counter[str]:
        """What turns ended in, other than well."""
        return Counter(outcome for outcome in self.outcomes if outcome not in ("current", "updated", "sent"))


class Unit(Protocol):
    """A simulated kiosk."""

    def turn(self, tally: Tally) -> float | None:
        """Do what is due; the seconds until the next turn, None when nothing is left to do."""

    def close(self) -> None:
        """Close connections and files."""


# -- belonging


def enrol(hub: Hub, folder: Path, count: int, url: str, shop: str = "Bench") -> list[Path]:
    """So many kiosks of a shop, enrolled by the hub's own code in one go: the paths of their identities."""
    shop_id, root = hub.set_shop(shop).id, roots.root_of(hub.folder.metadata).decode()
    paths = []
    with hub.database.writing() as db:
        for number in range(count):
            key = Ed25519PrivateKey.generate()
            made = devices.add(db, shop_id, public_key_of(key), f"kiosk {number}")
            mine = Identity(
                hub_url=url,
                device_id=made.id,
                token=devices.give_token(db, made.id),
                private_key=key.private_bytes_raw().hex(),
                shop_id=shop_id,
                shop_name=shop,
                root=root,
                hub_keys=hub.keys.public,
            )
            path = folder / f"{number // 1000:03}" / f"{number:06}" / "identity.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            identity.save(path, mine)
            paths.append(path)
    return paths


# -- kinds of kiosks


class Polling:
    """A kiosk that has everything and asks for news every minute.

    Args:
        like: a kiosk's folder that has synced; its replica is shared, its marks are copied.
        records: an outbox with nothing in it, shared too.
        beats: whether it tells how it is as often: where a fifth do, it is as if all did so every five minutes.
    """

    def __init__(self, path: Path, like: Path, records: Any, beats: bool) -> None:
        mine = identity.load(path)
        assert mine
        sync = path.parent / "sync"
        sync.mkdir()
        for name in ("mark.json", "hub-time"):
            if (like / "sync" / name).exists():
                (sync / name).write_bytes((like / "sync" / name).read_bytes())
        (sync / "metadata").symlink_to(like / "sync" / "metadata")
        clock = Clock(sync / "hub-time")
        self._carrier = HttpCarrier(mine.catalogues[-1], clock)
        self._puller = Puller(self._carrier, ReplicaFolder(like / "catalogue"), sync, mine.root.encode(), clock)
        self._upstream = None
        if beats:
            self._upstream = Upstream(path, sync, records.reading, records.writing, heartbeat_s=POLL_S, clock=clock)
        self._backoff = Backoff()

    def turn(self, tally: Tally) -> float | None:
        """A poll, and a heartbeat where one is due."""
        report, sent = Report(), None
        with told(report):
            report.outcome = self._puller.pull().outcome
        if self._upstream:
            sent = self._upstream.run()
        tally.outcomes.append(sent.outcome if sent and not sent.heard else report.outcome)
        if not report.heard or (sent and not sent.heard):
            return max(self._backoff.failed(), self._carrier.pause_s, sent.pause_s if sent else 0.0)
        self._backoff.worked()
        return max(POLL_S * random.uniform(*SPREAD), self._carrier.pause_s)

    def close(self) -> None:
        """See `Unit`."""
        self._carrier._session.close()
        if self._upstream:
            self._upstream.close()


class Arriving:
    """A kiosk that has nothing yet and syncs for the first time; its folder is removed when that is done."""

    def __init__(self, path: Path, done: Callable[[Path], None]) -> None:
        mine = identity.load(path)
        assert mine
        self._folder = path.parent
        self._done = done
        records = Outbox(path.parent / "records.db")
        upstream = Upstream(path, path.parent / "sync", records.reading, records.writing)
        self._upstream, self._records = upstream, records
        self._passes = Passes(
            mine,
            path.parent / "sync",
            ReplicaFolder(path.parent / "catalogue"),
            Blobs(path.parent / "blobs"),
            upstream,
            limits=lambda: Limits(budget_bytes=1 << 30),
        )
        self._backoff = Backoff()

    def turn(self, tally: Tally) -> float | None:
        """A whole pass, up and down."""
        report = self._passes.run()
        tally.outcomes.append(report.outcome)
        if not report.heard:
            return max(self._backoff.failed(), report.pause_s)
        if report.more:
            return report.pause_s
        return None

    def close(self) -> None:
        """See `Unit`."""
        self._upstream.close()
        self._records.close()
        for carrier in self._passes._carriers:
            carrier._session.close()  # type: ignore[attr-defined]
        self._done(self._folder)


class Posting:
    """A kiosk that has records to send, and tries until all are acknowledged; see `kiosk.agent.speaking`."""

    def __init__(self, path: Path, count: int) -> None:
        self._records = Outbox(path.parent / "records.db")
        with self._records.writing() as db:
            self.ids = {
                outbox.add(db, "usage", Usage(day="2026-11-24", action="open", count=number + 1, item=f"{number:032x}"))
                for number in range(count)
            }
        self._upstream = Upstream(path, path.parent / "sync", self._records.reading, self._records.writing)
        self._backoff = Backoff()
        self.done_at = 0.0

    def turn(self, tally: Tally) -> float | None:
        """Send what waits."""
        sent = self._upstream.run()
        if sent.pause_s:
            tally.pauses.append(sent.pause_s)
        tally.outcomes.append("sent" if sent.heard else sent.outcome)
        if not sent.heard:
            return max(self._backoff.failed(), sent.pause_s)
        self._backoff.worked()
        with self._records.reading() as db:
            if outbox.count_waiting(db):
                return max(POLL_S * random.uniform(*SPREAD), sent.pause_s)
        self.done_at = time.monotonic()
        return None

    def close(self) -> None:
        """See `Unit`."""
        self._upstream.close()
        self._records.close()


class Outbox:
    """An outbox in a file of its own, without the rest of what a kiosk keeps."""

    def __init__(self, path: Path) -> None:
        self._engine = sqlite.engine(f"sqlite:///{path}")
        outbox.table.metadata.create_all(self._engine)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """See `kiosk.store.records.Records`."""
        with self._engine.begin() as db:
            yield db

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        """See `kiosk.store.records.Records`."""
        with self._engine.connect().execution_options(**sqlite.READ) as db:
            yield db

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


# -- driving them


@contextlib.contextmanager
def noting(tally: Tally) -> Iterator[None]:
    """Every answer that the clients' code gets is noted while the block lasts."""

    def note(answer: requests.Response, *_: Any, **__: Any) -> None:
        tally.answers_s.append(answer.elapsed.total_seconds())
        tally.statuses.append(answer.status_code)

    def open_session(clock: Clock | None = None) -> requests.Session:
        session = sessions.open_session(clock)
        session.hooks["response"].append(note)
        return session

    before = http.open_session, carriers.open_session
    http.open_session = carriers.open_session = open_session  # type: ignore[attr-defined]
    try:
        yield
    finally:
        http.open_session, carriers.open_session = before  # type: ignore[attr-defined]


class Schedule:
    """When each unit of a fleet has its next turn; it may be driven for a while, and then on.

    Args:
        over_s: the first turns are spread evenly over this.
    """

    def __init__(self, units: Sequence[Unit], over_s: float = 0.0) -> None:
        now = time.monotonic()
        self._number = itertools.count()
        self._due = [(now + over_s * at / len(units), next(self._number), unit) for at, unit in enumerate(units)]
        self._left = len(units)
        self._changed = threading.Condition()

    def drive(self, tally: Tally, *, threads: int, seconds: float) -> float:
        """Let every unit have its turns when they are due, for at most so long; returns the seconds that it took."""
        began = time.monotonic()
        words = (tally, began + seconds)
        workers = [threading.Thread(target=self._work, args=words, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.monotonic() - began

    def _work(self, tally: Tally, end: float) -> None:
        while (found := self._next(end)) is not None:
            due, unit = found
            began = time.monotonic()
            tally.late_s.append(began - due)
            wait_s = unit.turn(tally)
            after = time.monotonic()
            tally.turns_s.append(after - began)
            with self._changed:
                if wait_s is None:
                    self._left -= 1
                else:
                    heapq.heappush(self._due, (after + wait_s, next(self._number), unit))
                self._changed.notify()

    def _next(self, end: float) -> tuple[float, Unit] | None:
        with self._changed:
            while self._left and (now := time.monotonic()) < end:
                if self._due and self._due[0][0] <= now:
                    due, _, unit = heapq.heappop(self._due)
                    return due, unit
                self._changed.wait(min(0.2, end - now, self._due[0][0] - now if self._due else 0.2))
            return None
