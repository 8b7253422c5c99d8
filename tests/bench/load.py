"""Figures of a hub under load (`python -m tests.bench --hub`): fleets of kiosks that poll, arrive and post.

Processor time is what the hub's and nginx's processes used by the system's account. The hub has the first core and the
load the second, where there are two.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from sync.client.identity import load
from sync.hub import hub as hubs
from sync.hub import importing
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.importing import items as items_format
from sync.hub.store.schema import received
from tests.bench import catalogue
from tests.bench.fleet import POLL_S, Arriving, Outbox, Polling, Posting, Schedule, Tally, Unit, enrol, noting
from tests.bench.processes import Server, cores, free_port, served
from tests.bench.rig import percentile, row

Kind = TypeVar("Kind", bound=Unit)

THREADS = 64
ARRIVING_THREADS = 16
MOST_S = 240.0
"""No fleet is driven for longer."""


@dataclass(frozen=True)
class Sizes:
    """How large each fleet is."""

    polling: int = 10_000
    first_syncs: int = 500
    posting: int = 1_000
    records: int = 200
    items: int = 2_000
    polling_s: float = 130.0
    outage_s: float = 20.0


def make(folder: Path, count: int) -> Hub:
    """A hub with so many items, published."""
    hubs.make(HubFolder(folder))
    hub = Hub(HubFolder(folder))
    source = folder / "items.ndjson"
    catalogue.write(str(source), count)
    importing.take_in(items_format.read([source]), hub.database, hub.folder.blobs, who="bench")
    hub.publish()
    return hub


def fleets(folder: Path, sizes: Sizes) -> dict[str, Counter[str]]:
    """All three fleets; what went wrong in each, for whoever wants to be sure."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before, there = cores()
    everywhere = os.sched_getaffinity(0)
    hub = make(folder / "fleet-hub", sizes.items)
    try:
        os.sched_setaffinity(0, there)
        with served(hub.folder.root, 0, *before) as server:
            wrong = {"first syncs": first_syncs(folder, hub, server, sizes)}
            wrong["polling"] = polling(folder, hub, server, sizes)
        wrong["posting"] = posting(folder, hub, before, sizes)
    finally:
        os.sched_setaffinity(0, everywhere)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        hub.close()
    return wrong


def first_syncs(folder: Path, hub: Hub, server: Server, sizes: Sizes) -> Counter[str]:
    """Kiosks that sync for the first time, all at once."""
    tally, paths = Tally(), enrol(hub, folder / "arriving", sizes.first_syncs, server.url)
    with noting(tally), closing([Arriving(path, shutil.rmtree) for path in paths]) as units:
        cpu = server.cpu_s()
        took_s = Schedule(units).drive(tally, threads=ARRIVING_THREADS, seconds=MOST_S)
        cpu = server.cpu_s() - cpu
    row(
        f"{len(paths):,} first syncs, {sizes.items:,} items",
        f"{took_s:.0f} s, most of it theirs",
        f"{cpu / len(paths) * 1e3:.1f} ms of the hub each",
    )
    tell(tally)
    return tally.failed + Counter(unfinished=len(paths) - tally.outcomes.count("updated"))


def polling(folder: Path, hub: Hub, server: Server, sizes: Sizes) -> Counter[str]:
    """Kiosks that have everything, each asking once a minute on a connection that it keeps."""
    (path,) = enrol(hub, folder / "like", 1, server.url)
    Arriving(path, lambda _folder: None).turn(Tally())
    tally, paths = Tally(), enrol(hub, folder / "polling", sizes.polling, server.url)
    empty = Outbox(folder / "empty.db")
    with (
        noting(tally),
        closing([Polling(one, path.parent, empty, beats=at % 5 == 0) for at, one in enumerate(paths)]) as units,
    ):
        cpu = server.cpu_s()
        schedule = Schedule(units, over_s=min(POLL_S, sizes.polling_s / 2))
        took_s = schedule.drive(tally, threads=THREADS, seconds=sizes.polling_s)
        cpu, memory = server.cpu_s() - cpu, server.memory_bytes()
    empty.close()
    asked = max(1, len(tally.answers_s))
    row(
        f"{len(paths):,} kiosks polling and beating",
        f"{asked / took_s:.0f} requests a second",
        f"{cpu / took_s:.1%} of a core",
        f"{cpu / asked * 1e6:.0f} us each",
        f"{memory / 1e6:.0f} MB",
    )
    tell(tally)
    return tally.failed


def posting(folder: Path, hub: Hub, before: Sequence[str], sizes: Sizes) -> Counter[str]:
    """Kiosks that could not reach the hub for a while, and all have records when it is back."""
    port = free_port()
    tally, paths = Tally(), enrol(hub, folder / "posting", sizes.posting, f"http://127.0.0.1:{port}")
    with noting(tally), closing([Posting(path, sizes.records) for path in paths]) as units:
        schedule = Schedule(units, over_s=sizes.outage_s / 2)
        schedule.drive(tally, threads=THREADS, seconds=sizes.outage_s)
        tries, tally.outcomes, tally.late_s = len(tally.outcomes), [], []
        with served(hub.folder.root, port, *before) as server:
            back, cpu = time.monotonic(), server.cpu_s()
            schedule.drive(tally, threads=THREADS, seconds=MOST_S)
            cpu = server.cpu_s() - cpu
        made = {record for unit in units for record in unit.ids}
        done = [unit.done_at - back for unit in units if unit.done_at]
    ours = {mine.device_id for path in paths if (mine := load(path))}
    with hub.database.reading() as db:
        rows = [one.id for one in db.execute(select(received.c.id, received.c.device_id)) if one.device_id in ours]
    lost, doubled = made - set(rows), len(rows) - len(set(rows))
    row(
        f"{len(paths):,} kiosks posting, {len(made):,} records",
        f"{tries:,} tries while it was away",
        f"{cpu / max(1, len(made)) * 1e6:.0f} us of the hub a record",
    )
    if done:
        parts = [f"p{share * 100:.0f} {percentile(done, share):.1f} s" for share in (0.5, 0.95, 0.99)]
        row("  a kiosk's all there, from its return", *parts, f"worst {max(done):.1f} s")
    row("  records lost, and there twice", f"{len(lost)}, {doubled}", f"asked to wait {len(tally.pauses)} times")
    tell(tally)
    return tally.failed + Counter(lost=len(lost), doubled=doubled, unsent=len(units) - len(done))


def tell(tally: Tally) -> None:
    """How long answers took, and what went wrong."""
    if tally.answers_s:
        parts = [f"p{share * 100:.0f} {percentile(tally.answers_s, share) * 1e3:.1f} ms" for share in (0.5, 0.95, 0.99)]
        row("  answers", *parts, f"worst {max(tally.answers_s) * 1e3:.0f} ms")
    statuses = Counter(tally.statuses)
    row(
        "  which",
        ", ".join(f"{count:,} x {status}" for status, count in sorted(statuses.items())) or "none",
        "turns failed: " + (", ".join(f"{count:,} {what}" for what, count in tally.failed.items()) or "none"),
        f"begun late by p99 {percentile(tally.late_s, 0.99):.2f} s",
    )


@contextlib.contextmanager
def closing(units: Sequence[Kind]) -> Iterator[Sequence[Kind]]:
    """The units, closed at the end."""
    try:
        yield units
    finally:
        for unit in units:
            unit.close()
