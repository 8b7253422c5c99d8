"""Real processes of the project, for tests that end them in rude ways."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from sync.hub.folder import HubFolder
from sync.hub.store.database import Database
from sync.hub.store.schema import received as table


@contextlib.contextmanager
def process(*words: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A Python process of ours; killed at the end if it has not ended."""
    running = subprocess.Popen([sys.executable, "-m", *words], text=True, **options)
    try:
        yield running
    finally:
        kill(running)
        if running.stdout:
            running.stdout.close()


def kill(running: subprocess.Popen[str]) -> None:
    """SIGKILL, as a power cut or the out-of-memory killer has it."""
    if running.poll() is None:
        running.send_signal(signal.SIGKILL)
        running.wait(10)


def agent(folder: Path, poll_s: float = 0.05) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """The agent of a unit."""
    environment = {**os.environ, "TOUCHPOINT_POLL_S": str(poll_s)}
    return process("kiosk", "agent", "--data", str(folder), env=environment, stderr=subprocess.DEVNULL)


def received(hub_folder: Path) -> list[dict[str, Any]]:
    """Every record in a hub's database, its body read."""
    with contextlib.closing(Database(HubFolder(hub_folder).database_url)) as database, database.reading() as db:
        found = [dict(row._mapping) for row in db.execute(select(table))]
    return [{**row, "body": msgspec.json.decode(row["body"])} for row in found]
