"""The bench's rig: programs run and measured from outside, a static server, and the lines of its table."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUNS = 3
"""How often what takes seconds is done; medians are printed."""


_MEASURE = Path(__file__).with_name("measure.py")


@dataclass(frozen=True)
class Ran:
    """A program that ended well: what it printed, its wall and processor time, and its greatest memory."""

    output: str
    wall_s: float
    cpu_s: float
    peak_bytes: int

    @property
    def report(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.output)


def command(module: str, *words: str) -> Ran:
    """Run one of our commands, or a module of the bench, as a process of its own."""
    program = [sys.executable, "-m", module, *words]
    done = subprocess.run([sys.executable, "-I", str(_MEASURE), *program], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    output, took = done.stdout.rstrip().rsplit("\n", 1)
    return Ran(output=output, **json.loads(took))


@contextlib.contextmanager
def serving(folder: Path, *before: str) -> Iterator[str]:
    """A hub on a free port while the block lasts, and its address; `before` are words such as `taskset -c 0`."""
    words = [*before, sys.executable, "-m", "sync.hub", "serve", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextlib.contextmanager
def static_server(folder: Path) -> Iterator[str]:
    """A plain server of a folder while the block lasts: its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def enrolled(folder: Path, hub: Path, url: str) -> Path:
    """A new kiosk in a folder, that has not synced yet."""
    provision = folder.with_suffix(".json")
    command("sync.hub", "provision", "--data", str(hub), "--shop", "Bench", "--out", str(provision))
    command("kiosk", "enrol", "--data", str(folder), "--provision", str(provision), "--hub", url)
    return folder


def sync_once(kiosk: Path) -> Ran:
    """One pass of a kiosk, as a process."""
    return command("kiosk", "sync", "--data", str(kiosk), "--once", "--json")


def copied(kiosk: Path, name: str) -> Path:
    """The same kiosk once more, down to the times of its files."""
    other = kiosk.with_name(name)
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(kiosk, other)
    os.sync()
    return other


def timed_s(work: Callable[[], Any]) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(values: Sequence[float]) -> float:
    """The one in the middle."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not pass."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def ratio(ours: float, theirs: float, name: str) -> str:
    """Ours as a multiple of theirs."""
    return f"{ours / theirs:.2f}x {name}"


def row(what: str, *figures: str) -> None:
    """Print one line of the table."""
    print(f"{what:40}" + "".join(f"{figure:<25} " for figure in figures).rstrip(), flush=True)


def slope(values: Sequence[float], kinds: int = 1) -> float:
    """By how much a line through these grows from one to the next; see `growth`."""
    return growth(values, kinds)[0]


def growth(values: Sequence[float], kinds: int = 1) -> tuple[float, float]:
    """By how much these grow from one to the next (least squares), and the standard error of that.

    Args:
        kinds: so many kinds of values follow each other by turns; like is compared with like, each about its own mean,
            if there are two of each.
    """
    kinds = kinds if len(values) >= 2 * kinds else 1
    across = both = apart = 0.0
    for kind in range(kinds):
        alike = list(enumerate(values))[kind::kinds]
        middle, mean = (sum(column) / len(alike) for column in zip(*alike, strict=True))
        across += sum((at - middle) ** 2 for at, _value in alike)
        both += sum((at - middle) * (value - mean) for at, value in alike)
        apart += sum((value - mean) ** 2 for _at, value in alike)
    grows = both / across
    return grows, math.sqrt(max(0.0, apart - grows * both) / max(1, len(values) - kinds - 1) / across)
