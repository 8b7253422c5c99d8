"""What the hub counts, for Prometheus, at `/metrics`. Source: the Prometheus exposition format 0.0.4.

Only this machine may ask, and not by way of a proxy. No label has anything that came from outside: of an address its
template (`/d/{code}`), of a method one that is known.

Where several processes serve, each writes its counts into small files in one folder (`PROMETHEUS_MULTIPROC_DIR`), and
whichever is asked adds all of them up.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.hub.hub import Hub
from sync.hub.operating.health import room_bytes
from sync.hub.store.schema import device, quarantine
from sync.messages import Answers

disable_created_metrics()  # type: ignore[no-untyped-call]

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
FRESH_S: Final = 900
"""A kiosk that was heard of within this is fresh: three heartbeats."""
_BUCKETS_S: Final = (0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PROXIED: Final = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class Figures:
    """Counts of one process, and the page that shows them."""

    def __init__(self, hub: Hub) -> None:
        self._registry = CollectorRegistry()
        self._shared = FOLDER in os.environ
        self._requests = Histogram(
            "touchpoint_request_seconds",
            "Requests answered, from the request's head to its answer's end.",
            ["route", "method", "status"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._records = Counter(
            "touchpoint_records",
            "Records that shops sent, by what became of them.",
            ["outcome"],
            registry=self._registry,
        )
        self._memory = Gauge(
            "touchpoint_memory_bytes",
            "Resident memory of each serving process.",
            registry=self._registry,
            multiprocess_mode="liveall",
        )
        self._known: dict[tuple[str, str, int], Histogram] = {}  # to look one up by its words costs as much as a count
        self._stored = _Stored(hub)
        self.note_memory()

    def routes(self) -> list[Route]:
        """The one address, for the hub's application."""
        return [Route("/metrics", self.page, methods=["GET"])]

    async def page(self, request: Request) -> Response:
        """All figures; for anybody but this machine there is no such page."""
        if not is_from_here(request):
            raise HTTPException(404)
        content = await run_in_threadpool(self._all)
        return Response(content, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the address's template."""
        key = (route, method if method in _METHODS else "other", status)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._requests.labels(*map(str, key))
        known.observe(seconds)

    def taken(self, answers: Answers) -> None:
        """A batch of records was answered so."""
        for one in answers.records:
            self._records.labels(one.outcome).inc()

    def note_memory(self) -> None:
        """Look how much memory this process has."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self._memory.set(pages * os.sysconf("SC_PAGE_SIZE"))

    def _all(self) -> bytes:
        self.note_memory()
        if not self._shared:
            return generate_latest(self._registry) + generate_latest(_registry_of(self._stored))
        together = _registry_of(self._stored)
        _forget_the_dead(Path(os.environ[FOLDER]))
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class _Stored(Collector):
    """What the database and the folder say, looked up when somebody asks."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = dt.datetime.now(dt.UTC)
        fresh = (now - dt.timedelta(seconds=FRESH_S)).isoformat(timespec="milliseconds")
        with self._hub.database.reading() as db:
            living = select(func.count()).select_from(device).where(device.c.revoked_at.is_(None))
            kiosks = db.execute(living).scalar_one()
            heard = db.execute(living.where(device.c.seen_at >= fresh)).scalar_one()
            apart = db.execute(select(func.count()).select_from(quarantine)).scalar_one()
        yield GaugeMetricFamily("touchpoint_kiosks", "Kiosks that are enrolled.", kiosks)
        yield GaugeMetricFamily("touchpoint_kiosks_fresh", f"Those heard of within {FRESH_S} seconds.", heard)
        yield GaugeMetricFamily("touchpoint_quarantined_records", "Refused records kept for somebody to see.", apart)
        yield GaugeMetricFamily("touchpoint_disk_free_bytes", "Room on the hub's disk.", room_bytes(self._hub))
        state = self._hub.publisher.state()
        if state and state.published_at:
            age_s = (now - dt.datetime.fromisoformat(state.published_at)).total_seconds()
            yield GaugeMetricFamily("touchpoint_publication_age_seconds", "Since the last publication.", age_s)
            yield GaugeMetricFamily("touchpoint_publication_revision", "What it brought kiosks to.", state.revision)


def is_from_here(request: Request) -> bool:
    """Whether a program on this machine asks, and not for somebody else."""
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _registry_of(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry


def _forget_the_dead(folder: Path) -> None:
    """Whoever was killed has no memory any more; what it counted still counts."""
    for path in folder.glob("gauge_live*_*.db"):
        number = path.stem.rpartition("_")[2]
        if not Path(f"/proc/{number}").exists():
            multiprocess.mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]
