"""One process a window size, as Kivy has one window: starts them, and gathers what they drew."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import IO, Final

import msgspec

from kiosk.errors import DisplayError
from kiosk.ui.contact_sheet.display import a_display
from kiosk.ui.contact_sheet.pairs import Row
from kiosk.ui.contact_sheet.shots import Job, Shot

PART: Final = (sys.executable, "-m", "kiosk", "contact-sheet", "--part")
"""Draws the job it reads, and writes a shot a line."""
_MOST_AT_ONCE: Final = 4
_LAST_LINES: Final = 6
_END_S: Final = 10.0


def jobs(
    rows: Sequence[Row], *, scenes: Sequence[str] = (), data: Path | None = None, out: Path | None = None
) -> list[Job]:
    """What each process has to draw; `rows` stand by their panels."""
    return [
        Job(panel=panel, rows=list(there), scenes=list(scenes), data=str(data or ""), out=str(out or ""))
        for panel, there in groupby(rows, key=lambda row: row.panel)
    ]


def draw(jobs: Sequence[Job], tell: Callable[[Shot], None]) -> list[Shot]:
    """Draw them all, as many at once as there are processors; returns the shots in the order of the jobs.

    Args:
        tell: is called with every shot as it comes, from several threads but one at a time.

    Raises:
        DisplayError: there is nothing to draw on, or a process ended before its job was done.
    """
    one_at_a_time = threading.Lock()
    running: list[subprocess.Popen[bytes]] = []

    def heard(shot: Shot) -> None:
        with one_at_a_time:
            tell(shot)

    at_once = max(1, min(_MOST_AT_ONCE, os.cpu_count() or 1, len(jobs)))
    with a_display() as display, ThreadPoolExecutor(at_once) as pool:
        try:
            answers = [pool.submit(_draw_one, job, display, running, heard) for job in jobs]
            return [shot for answer in answers for shot in answer.result()]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in running:
                if process.poll() is None:
                    process.terminate()
            raise


def _draw_one(
    job: Job, display: str, running: list[subprocess.Popen[bytes]], tell: Callable[[Shot], None]
) -> list[Shot]:
    with tempfile.TemporaryFile() as said, _started(display, said) as process:
        running.append(process)
        assert process.stdin and process.stdout  # noqa: S101 (both are pipes)
        with process.stdin as job_text:
            job_text.write(msgspec.json.encode(job))
        shots = []
        for line in process.stdout:
            shots.append(msgspec.json.decode(line, type=Shot))
            tell(shots[-1])
        if process.wait(_END_S):
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-_LAST_LINES:]
            raise DisplayError(f"the screen of {job.panel.name} ended after {len(shots)} pictures: {' / '.join(last)}")
    return shots


def _started(display: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        PART,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env={**os.environ, "DISPLAY": display},
    )
