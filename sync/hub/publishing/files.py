"""Writing files of the published tree so that whoever serves them never shows half of one, or an old one for new."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from sync.replica.folder import sync_folder


def replace(path: Path, content: Iterable[bytes]) -> None:
    """Put a file in place in one step, safe on disk; it is dated at least one whole second after the one it replaces.

    nginx makes its ETag of size and whole seconds: two publications in one second must not look the same to it.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    with part.open("wb") as file:
        for chunk in content:
            file.write(chunk)
        file.flush()
        dated = max(time.time(), int(_dated(path)) + 1.0)
        os.utime(file.fileno(), (dated, dated))
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def _dated(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
