"""Figures of what comes down: a first sync against the floor, a hundred changes, no change."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path

import zstandard
from sqlalchemy import event

from tests.bench.rig import (
    RUNS,
    command,
    copied,
    enrolled,
    median,
    ratio,
    row,
    static_server,
    sync_once,
)
from tests.conftest import TestHub
from tests.support.tap import Tap


def first_sync(folder: Path, hub: Path, url: str) -> Path:
    """A kiosk's first pass and the floor in turn, each from nothing; returns a kiosk that has synced."""
    www = folder / "www"
    www.mkdir()
    # a little at a time: a program counts the memory of whoever started it as its own
    with (folder / "items.ndjson").open("rb") as lines, (www / "items.zst").open("wb") as packed:
        zstandard.ZstdCompressor(level=9).copy_stream(lines, packed, size=(folder / "items.ndjson").stat().st_size)
    packed_bytes = (www / "items.zst").stat().st_size
    floors, ours = [], []
    with static_server(www) as there:
        for number in range(RUNS):
            floors.append(command("tests.bench.floor", f"{there}/items.zst", str(folder)))
            ours.append(sync_once(enrolled(folder / f"kiosk{number}", hub, url)))
    floor_s, floor_cpu_s = median([ran.wall_s for ran in floors]), median([ran.cpu_s for ran in floors])
    process_s, process_cpu_s = median([ran.wall_s for ran in ours]), median([ran.cpu_s for ran in ours])
    reports = [ran.report for ran in ours]
    browsable_s = median([report["browsable_s"] for report in reports])
    started_s = median([ran.wall_s - ran.report["seconds"] for ran in ours])
    size_bytes = reports[0]["bytes"]
    row("floor, whole process", f"{floor_s:.2f} s", f"{floor_cpu_s:.2f} s of processor", f"{packed_bytes / 1e6:.2f} MB")
    inside_s = median([ran.report["seconds"] for ran in floors])
    row("  inside", f"{inside_s:.2f} s", f"{max(ran.peak_bytes for ran in floors) / 1e6:.0f} MB of memory")
    row("first sync, whole process", f"{process_s:.2f} s", ratio(process_s, floor_s, "floor"))
    row("  processor", f"{process_cpu_s:.2f} s", ratio(process_cpu_s, floor_cpu_s, "floor's"))
    row("  browsable", f"{browsable_s:.2f} s", ratio(browsable_s, floor_s, "floor"))
    row(
        "  browsable, start-up counted",
        f"{browsable_s + started_s:.2f} s",
        ratio(browsable_s + started_s, floor_s, "floor"),
    )
    row("  bytes", f"{size_bytes / 1e6:.2f} MB", ratio(size_bytes, packed_bytes, "floor's"))
    row("  peak memory", f"{max(ran.peak_bytes for ran in ours) / 1e6:.0f} MB")
    return folder / "kiosk0"


def changes(folder: Path, hub: Path, kiosk: Path) -> None:
    """100 changes, and then none; how much of a pass is start-up shows in the pass without news."""
    lines = (folder / "items.ndjson").read_text().splitlines()
    picked = [json.loads(line) for line in random.Random(3).sample(lines, min(100, len(lines)))]
    changed = "\n".join(
        json.dumps({**line, "summary": "Changed: " + line["summary"]}, ensure_ascii=False, separators=(",", ":"))
        for line in picked
    )
    (folder / "changed.ndjson").write_text(changed)
    command("sync.hub", "import", "--data", str(hub), str(folder / "changed.ndjson"))
    command("sync.hub", "publish", "--data", str(hub))
    alone_bytes = len(zstandard.ZstdCompressor(level=9).compress(changed.encode()))
    news, none = [], []
    for number in range(5):
        other = copied(kiosk, f"changed{number}")
        news.append(sync_once(other))
        none.append(sync_once(other))
    report = news[0].report
    extra_s = median([ran.cpu_s for ran in news]) - median([ran.cpu_s for ran in none])
    row("100 changes, bytes", f"{report['bytes']:,}", ratio(report["bytes"], alone_bytes, "those records alone"))
    row("  the pass", f"{median([ran.report['seconds'] for ran in news]) * 1000:.0f} ms")
    row("  processor beyond a pass without news", f"{extra_s * 1000:.0f} ms")
    row("no change, the pass", f"{median([ran.report['seconds'] for ran in none]) * 1000:.0f} ms")


def no_change(hub: Path, kiosk: Path) -> None:
    """What goes over the line when there is no news, and what the hub asks its database then."""
    queries: list[str] = []
    served = TestHub(hub)

    @event.listens_for(served.hub.database.engine, "before_cursor_execute")
    def note(_db: object, _cursor: object, statement: str, *_: object) -> None:
        if not threading.current_thread().name.startswith("keeper"):  # what the hub does by itself, poll or no poll
            queries.append(statement)

    served.serve()
    other = copied(kiosk, "quiet")
    identity = other / "identity.json"
    with Tap(served.port) as tap:
        mine = json.loads(identity.read_text())
        identity.write_text(json.dumps({**mine, "hub_url": tap.url}))
        sync_once(other)  # the tap's address is new to the kiosk: it looks at everything once
        tap.up.clear()
        tap.down.clear()
        queries.clear()
        sync_once(other)
        requests, size_bytes = tap.up.count(b" HTTP/1.1\r\n"), len(tap.up) + len(tap.down)
    served.close()
    row(
        "no change, on the line",
        f"{requests} request",
        f"{size_bytes} bytes in all",
        f"{len(queries)} queries at the hub",
    )
