"""python -m tests.bench [--items 20000]: first sync against the floor, a change, no change, search.

All figures are whole processes or calls on this machine, in one run; only their ratios travel.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zstandard

from sync.replica.read import Replica
from tests.bench import catalogue

RUNS = 3


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--catalogue", type=Path, help="an items file to use instead of a made-up one")
    options = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options.items, options.catalogue)


def run(folder: Path, count: int, given: Path | None) -> None:
    """All measurements, in a folder of their own."""
    source = folder / "items.ndjson"
    if given:
        shutil.copy(given, source)
    else:
        catalogue.write(str(source), count)
    lines = source.read_bytes().count(b"\n")
    print(f"{lines:,} items, {source.stat().st_size / 1e6:.1f} MB as NDJSON")
    floor = measure_floor(folder, source)
    row("floor, whole process", f"{floor['process']:.2f} s", f"{floor['bytes'] / 1e6:.2f} MB")
    hub = ["--data", str(folder / "hub")]
    command("sync.hub", "init", *hub)
    row("import", f"{timed(lambda: command('sync.hub', 'import', *hub, str(source))):.2f} s")
    row("publish, base and all", f"{timed(lambda: command('sync.hub', 'publish', *hub)):.2f} s")
    server, url = serve(hub)
    try:
        first_sync(folder, hub, url, floor)
        a_change(folder, hub)
    finally:
        server.terminate()
        server.wait()
    search(folder)


def first_sync(folder: Path, hub: list[str], url: str, floor: dict[str, float]) -> None:
    """A kiosk's first pass, several times from nothing."""
    reports, whole = [], []
    for number in range(RUNS):
        kiosk = ["--data", str(folder / f"kiosk{number}")]
        command("sync.hub", "provision", *hub, "--shop", "Bench", "--out", str(folder / "p.json"))
        command("kiosk", "enrol", *kiosk, "--provision", str(folder / "p.json"), "--hub", url)
        began = time.perf_counter()
        reports.append(json.loads(command("kiosk", "sync", *kiosk, "--once", "--json")))
        whole.append(time.perf_counter() - began)
    process = statistics.median(whole)
    complete = statistics.median(report["seconds"] for report in reports)
    browsable = statistics.median(report["browsable_s"] for report in reports)
    row("first sync, whole process", f"{process:.2f} s", ratio(process, floor["process"], "floor"))
    row("  inside: complete", f"{complete:.2f} s", ratio(complete, floor["complete"], "floor"))
    row("  inside: browsable", f"{browsable:.2f} s", ratio(browsable, floor["complete"], "floor"))
    row("  bytes", f"{reports[0]['bytes'] / 1e6:.2f} MB", ratio(reports[0]["bytes"], floor["bytes"], "zstd-9 NDJSON"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    row("  largest process so far", f"{peak:.0f} MB")


def a_change(folder: Path, hub: list[str]) -> None:
    """100 changes, and then none."""
    lines = [json.loads(line) for line in (folder / "items.ndjson").read_text().splitlines()]
    picked = random.Random(3).sample(lines, min(100, len(lines)))
    changed = [{**line, "summary": "Changed: " + line["summary"]} for line in picked]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in changed)
    (folder / "changed.ndjson").write_text(content)
    command("sync.hub", "import", *hub, str(folder / "changed.ndjson"))
    row("publish 100 changes", f"{timed(lambda: command('sync.hub', 'publish', *hub)):.2f} s")
    kiosk = ["--data", str(folder / "kiosk0")]
    report = json.loads(command("kiosk", "sync", *kiosk, "--once", "--json"))
    alone = len(zstandard.ZstdCompressor(level=9).compress(content.encode()))
    row("100 changes", f"{report['seconds'] * 1000:.0f} ms", ratio(report["bytes"], alone, "those records alone"))
    report = json.loads(command("kiosk", "sync", *kiosk, "--once", "--json"))
    row("no change", f"{report['seconds'] * 1000:.0f} ms", f"{report['bytes']} bytes of content")


def search(folder: Path) -> None:
    """Every key press of 200 queries."""
    current = (folder / "kiosk0" / "catalogue" / "current").read_text()
    replica = Replica(folder / "kiosk0" / "catalogue" / current)
    titles = [card.title for card in replica.shelf(limit=5000).cards]
    dice = random.Random(4)
    queries = [" ".join(dice.sample(title.split(), 2)) for title in dice.sample(titles, 150)]
    queries += [misspelt(dice.choice(title.split()), dice) for title in dice.sample(titles, 50)]
    replica.search("warm up")
    times = []
    for query in queries:
        for end in range(1, len(query) + 1):
            times.append(timed(functools.partial(replica.search, query[:end])) * 1000)
    times.sort()
    p99, p50 = times[int(len(times) * 0.99)], times[len(times) // 2]
    row(f"search, {len(times):,} key presses", f"p50 {p50:.2f} ms", f"p99 {p99:.2f} ms, worst {times[-1]:.1f} ms")


def misspelt(word: str, dice: random.Random) -> str:
    """The word with two neighbours swapped."""
    at = dice.randrange(max(1, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def measure_floor(folder: Path, source: Path) -> dict[str, float]:
    """The floor's medians; `process` is the whole process."""
    (folder / "www").mkdir()
    (folder / "www" / "items.zst").write_bytes(zstandard.ZstdCompressor(level=9).compress(source.read_bytes()))
    handler = functools.partial(Quiet, directory=str(folder / "www"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = []
        for _run in range(RUNS):
            began = time.perf_counter()
            said = json.loads(
                command("tests.bench.floor", f"http://127.0.0.1:{server.server_port}/items.zst", str(folder))
            )
            found.append(said | {"process": time.perf_counter() - began})
        server.shutdown()
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(hub: list[str]) -> tuple[subprocess.Popen[str], str]:
    """A hub on a free port, and its address."""
    words = [sys.executable, "-m", "sync.hub", "serve", *hub, "--port", "0"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    return server, server.stdout.readline().strip()


def command(module: str, *words: str) -> str:
    """What a command prints."""
    done = subprocess.run([sys.executable, "-m", module, *words], check=True, capture_output=True, text=True)
    return done.stdout


def timed(work: Callable[[], Any]) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(ours: float, theirs: float, name: str) -> str:
    """Ours as a multiple of theirs."""
    return f"{ours / theirs:.2f}x {name}"


def row(what: str, *figures: str) -> None:
    """Print one line of the table."""
    print(f"{what:28}" + "".join(f"{figure:>18}   " for figure in figures), flush=True)


if __name__ == "__main__":
    main()
