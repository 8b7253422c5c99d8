"""How a hub's costs grow, in steps of ten, with its kiosks, records and items: processor time for each request."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import requests
import uuid_utils
from sqlalchemy import func, select

from sync.client import identity
from sync.hub.hub import Hub
from sync.hub.store import inbox
from sync.hub.store.schema import received
from sync.messages import Batch, Heartbeat
from sync.records import Upward
from tests.bench.fleet import enrol
from tests.bench.load import make
from tests.bench.processes import Server, answers, cores, served, until
from tests.bench.rig import row

TIMES = 200
POSTED = 100
"""Records a post."""
AT_ONCE = 500


def steps(most: int, first: int) -> list[int]:
    """From `first` on, ten times as many each time, up to `most`."""
    return list(itertools.takewhile(lambda size: size <= most, (first * 10**step for step in range(9))))


def figures(folder: Path, *, kiosks: int = 10_000, records: int = 1_000_000, items: int = 100_000) -> None:
    """Three tables."""
    by_kiosks(folder / "by-kiosks", steps(kiosks, 100))
    by_records(folder / "by-records", steps(records, 1_000))
    by_items(folder / "by-items", steps(items, 100))


def by_kiosks(folder: Path, sizes: list[int]) -> None:
    """Heartbeats, posts and the page of figures, with so many enrolled."""
    with contextlib.closing(make(folder, 10)) as hub:
        there = 0
        for size in sizes:
            paths = enrol(hub, folder / f"k{size}", size - there, "")
            there = size
            with served(hub.folder.root, 0, *cores()[0]) as server:
                _told(f"{size:,} kiosks", hub, server, paths[-1])


def by_records(folder: Path, sizes: list[int]) -> None:
    """The same, with so many records received."""
    with contextlib.closing(make(folder, 10)) as hub:
        (path,) = enrol(hub, folder / "kiosk", 1, "")
        mine, there = identity.load(path), 0
        assert mine
        for size in sizes:
            for at in range(there, size, AT_ONCE):
                with hub.database.writing() as db:
                    inbox.take(db, mine.device_id, list(_records(at, min(at + AT_ONCE, size))))
            there = size
            with served(hub.folder.root, 0, *cores()[0]) as server:
                _told(f"{size:,} records", hub, server, path)


def by_items(folder: Path, sizes: list[int]) -> None:
    """Polls, a phone's search and the publication of one change, with so many items."""
    for size in sizes:
        with contextlib.closing(make(folder / str(size), size)) as hub:
            with served(hub.folder.root, 0, *cores()[0]) as server, requests.Session() as session:
                polled, searched = _read(server, session)
            changed = [_publish_one(hub, number) for number in range(3)]
            row(
                f"{size:,} items",
                f"poll {polled:.0f} us",
                f"search page {searched / 1000:.1f} ms",
                f"one change published {sorted(changed)[1] * 1000:.0f} ms",
            )


def _read(server: Server, session: requests.Session) -> tuple[float, float]:
    """What a poll and a search cost, in microseconds."""
    poll, search = f"{server.url}/v1/catalogue/metadata/timestamp.json", f"{server.url}/search?q=garden"
    mark = {"If-None-Match": session.get(poll, timeout=5).headers["ETag"]}
    polled = _cost(server, lambda: session.get(poll, headers=mark, timeout=5), times=2000)
    return polled, _cost(server, lambda: session.get(search, timeout=30))


def _publish_one(hub: Hub, number: int) -> float:
    began = time.perf_counter()
    hub.set_shop("Bench", address=f"{number} Mill Lane")
    hub.publish()
    return time.perf_counter() - began


def _told(what: str, hub: Hub, server: Server, path: Path) -> None:
    mine = identity.load(path)
    assert mine
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {mine.token}"
        beat = msgspec.json.encode(Heartbeat(at="2026-11-24T11:00:00.000+00:00"))
        beats = _cost(server, lambda: _post(session, f"{server.url}/v1/heartbeat", beat))
        bodies = _bodies(hub, mine.device_id)
        posts = _cost(server, lambda: _post(session, f"{server.url}/v1/records", next(bodies)))
        page = _cost(server, lambda: session.get(f"{server.url}/metrics", timeout=30), times=5)
    row(what, f"heartbeat {beats:.0f} us", f"{POSTED} records {posts:.0f} us", f"/metrics {page / 1000:.1f} ms")


def _cost(server: Server, ask: Callable[[], requests.Response], times: int = TIMES) -> float:
    """Microseconds of the hub's processes for each time that it is asked, beside what it does of itself."""
    until(lambda: answers(f"{server.url}/readyz"))
    for _ in range(3):
        ask()
    idle = _idle(server)
    began, before = time.monotonic(), server.cpu_s()
    for _ in range(times):
        answer = ask()
        if answer.status_code >= 400:
            raise SystemExit(f"{answer.url} answered {answer.status_code}: {answer.text}")
    used = server.cpu_s() - before - idle * (time.monotonic() - began)
    return max(0.0, used) / times * 1e6


def _idle(server: Server) -> float:
    """How much of a core the hub uses when nobody asks, once it has settled."""
    for _ in range(20):
        before = server.cpu_s()
        time.sleep(1)
        if (idle := server.cpu_s() - before) < 0.05:
            return idle
    return idle


def _post(session: requests.Session, url: str, body: bytes) -> requests.Response:
    return session.post(url, data=gzip.compress(body, 6), headers={"Content-Encoding": "gzip"}, timeout=30)


def _bodies(hub: Hub, device_id: str) -> Iterator[bytes]:
    """Batches of records that follow those that are there."""
    with hub.database.reading() as db:
        last = select(func.max(received.c.seq)).where(received.c.device_id == device_id)
        there = db.execute(last).scalar() or 0
    while True:
        yield msgspec.json.encode(Batch(records=list(_records(there, there + POSTED))))
        there += POSTED


def _records(after: int, to: int) -> Iterator[Upward]:
    for seq in range(after + 1, to + 1):
        yield Upward(
            id=str(uuid_utils.uuid7()),
            seq=seq,
            kind="usage",
            recorded_at="2026-11-24T11:00:00.000+00:00",
            body={"day": "2026-11-24", "action": "open", "count": 1, "item": f"{seq:032x}"},
        )
