"""Which locks the hub's processes have between them, in its folder."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

from sync import locks
from sync.hub.folder import HubFolder

PUBLISHING: Final = "publish.lock"
"""Held for short times, by whoever changes the published set."""
MAKING: Final = "make.lock"
"""Held while a hub is made or restored."""
COMPACTING: Final = "compact.lock"
FORGETTING: Final = "forgotten.lock"
"""Held while the list of what was deleted on request is written."""
MIRRORING: Final = "mirror.lock"
KEEPING: Final = "keeper.lock"
"""Held by a server for as long as it looks after this folder."""


def held(folder: HubFolder, name: str) -> AbstractContextManager[None]:
    """Wait for the lock and hold it."""
    return locks.held(folder.root / name)


def held_if_free(folder: HubFolder, name: str) -> AbstractContextManager[bool]:
    """Hold the lock unless somebody else does; says which."""
    return locks.held_if_free(folder.root / name)
