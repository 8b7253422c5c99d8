"""Locks between the hub's processes, as files in its folder: the system frees them when a process ends, in any way."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from typing import Final

from sync.hub.folder import HubFolder

PUBLISHING: Final = "publish.lock"
"""Held for short times, by whoever changes the published set."""
MAKING: Final = "make.lock"
"""Held while a hub is made or restored."""
COMPACTING: Final = "compact.lock"
MIRRORING: Final = "mirror.lock"
KEEPING: Final = "keeper.lock"
"""Held by a server for as long as it looks after this folder."""


@contextlib.contextmanager
def held(folder: HubFolder, name: str) -> Iterator[None]:
    """Wait for the lock and hold it."""
    with (folder.root / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def held_if_free(folder: HubFolder, name: str) -> Iterator[bool]:
    """Hold the lock unless somebody else does; says which."""
    with (folder.root / name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
