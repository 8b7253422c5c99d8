"""A hub's server, and nginx before it, as processes whose cost is known."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path


class Server:
    """A hub's server process with those that it began, by what they cost."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def cpu_s(self) -> float:
        """Processor time used so far."""
        return cpu_s(self.process.pid)

    def memory_bytes(self) -> int:
        """Resident memory, of all its processes."""
        pages = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in family(self.process.pid)]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_s(pid: int) -> float:
    """Processor time that a process and its children used so far: their own clocks, as Linux names them."""
    return sum(time.clock_gettime(~one << 3 | 2) for one in family(pid))


@contextlib.contextmanager
def served(folder: Path, port: int = 0, *before: str) -> Iterator[Server]:
    """A hub that serves while the block lasts."""
    words = [*before, sys.executable, "-m", "sync.hub", "serve", "--data", str(folder), "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            url = process.stdout.readline().strip()
            until(lambda: answers(f"{url}/healthz"))
            yield Server(process, url)
        finally:
            process.terminate()


def answers(url: str) -> bool:
    """Whether it says yes."""
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"it did not come about within {seconds:.0f} s")
        time.sleep(0.05)


def cores() -> tuple[list[str], set[int]]:
    """Words that keep the hub on the first core, and where the load goes."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2 or shutil.which("taskset") is None:
        return [], set(mine)
    return ["taskset", "-c", str(mine[0])], {mine[1]}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
