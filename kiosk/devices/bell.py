"""The bell between screen and agent: a datagram socket in the unit's folder.

The screen rings it when there is a slip to print or a record to send, when the catalogue cannot be read, when printers
are looked for or others are to be used, and every ten seconds when it has drawn a frame; the agent listens. Nothing
rests on a ring that is lost: the agent also looks by itself now and then, and who waits for an answer asks again.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Final

SLIP: Final = b"slip"
RECORD: Final = b"record"
SYNC: Final = b"sync"
DAMAGED: Final = b"damaged"
DRAWN: Final = b"drawn"
FIND: Final = b"find"
PRINTERS: Final = b"printers"
STOP: Final = b"stop"


def ring(path: Path, message: bytes) -> bool:
    """Send a word to whoever listens at `path`, without waiting; returns whether somebody does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.setblocking(False)
        try:
            bell.sendto(message, _address(path))
        except OSError:
            return False
    return True


class Bell:
    """Listens at `path`; only the unit's own user can ring."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        before = os.umask(0o177)
        try:
            self._socket.bind(_address(path))
        finally:
            os.umask(before)

    def wait(self, seconds: float) -> bytes | None:
        """The next word; None when none came in that time."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            return self._socket.recv(64)
        except TimeoutError:
            return None

    def __enter__(self) -> Bell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()


def _address(path: Path) -> str:
    """The socket's address, by way of the folder's descriptor where the path is over the system's 107 characters."""
    if len(os.fsencode(path)) < 108:
        return str(path)
    if path.parent not in _folders:
        _folders[path.parent] = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    return f"/proc/self/fd/{_folders[path.parent]}/{path.name}"


_folders: dict[Path, int] = {}
