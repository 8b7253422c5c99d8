"""What is worked out of a file, and asked for far more often than the file changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What `make` says, asked anew only when the file is another; looking costs some microseconds.

    Args:
        path: a file that is always replaced as a whole.
    """

    def __init__(self, path: Path, make: Callable[[], Made]) -> None:
        self._path = path
        self._make = make
        self._kept: tuple[tuple[int, int], Made] | None = None

    def __call__(self) -> Made:
        """What it says now."""
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
        except FileNotFoundError:
            stamp = (0, 0)
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, self._make())
        return self._kept[1]
