"""Which replica file is the current one, and how a new one takes its place.

    FOLDER/current          the name of the replica in use, replaced in one step
    FOLDER/replica-7.db     that replica
    FOLDER/replica-8.db     the next one, while it is being built

A replica is never renamed over an open one: SQLite would then read the old write-ahead log into the new file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sync.errors import ReplicaError
from sync.replica.read import Replica
from sync.replica.stock import ALL, Stock

_NAME: Final = re.compile(r"replica-(\d+)\.db")


class ReplicaFolder:
    """The folder that holds a shop's replicas."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """The replica in use; None before the first sync."""
        try:
            name = (self.folder / "current").read_bytes().decode(errors="replace").strip()
        except FileNotFoundError:
            return None
        path = self.folder / name
        return path if _NAME.fullmatch(name) and path.exists() else None

    def next(self) -> Path:
        """Where the next replica is to be built; what interrupted builds left behind is removed.

        Its name was never used before, as readers may still hold any older one open.
        """
        current = self.current()
        there = list(self.folder.glob("replica-*.db"))
        for path in there:
            if current is None or _number(path) > _number(current):
                self.remove(path)
        return self.folder / f"replica-{max(map(_number, there), default=0) + 1}.db"

    def remove(self, path: Path) -> None:
        """Remove a replica with all that SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).unlink()

    def swap(self, path: Path) -> None:
        """Make `path`, which passed its check, the replica in use; readers open it when they look next."""
        write_in_one_step(self.folder / "current", path.name.encode())

    def sweep(self) -> None:
        """Remove every replica but the current one and the one before it, which readers may not have left yet."""
        current = self.current()
        others = sorted((path for path in self.folder.glob("replica-*.db") if path != current), key=_number)
        for path in others if current is None else others[:-1]:
            self.remove(path)


class CurrentReplica:
    """The replica in use, opened for reading; opened anew when another took its place, or the shop became another.

    Args:
        folder: where the replicas are.
        shop: tells the name of the shop whose shelves are read.
        stock: tells what the shop stocks. Both are asked for at every `get`, so they must be quick.
        today: see `Replica`.
    """

    def __init__(
        self,
        folder: ReplicaFolder,
        *,
        shop: Callable[[], str] = lambda: "",
        stock: Callable[[], Stock] = lambda: ALL,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self._folder = folder
        self._shop = shop
        self._stock = stock
        self._today = today
        self._lock = threading.Lock()
        self._replica: Replica | None = None
        self._before: Replica | None = None

    def get(self) -> Replica | None:
        """The replica to read from now; None while there is no catalogue yet.

        Raises:
            ReplicaError: there is one, but it is damaged.
        """
        with self._lock:
            path = self._folder.current()
            if path is None:
                return self._replica
            wanted = (path, self._shop(), self._stock())
            open_now = self._replica
            if open_now is None or (open_now.path, open_now.shop, open_now.stock) != wanted:
                fresh = Replica(path, shop=wanted[1], stock=wanted[2], today=self._today)
                if self._before:
                    self._before.close()
                self._before, self._replica = self._replica, fresh
            return self._replica

    def close(self) -> None:
        """Close what is open; the next `get` opens again."""
        with self._lock:
            for replica in (self._replica, self._before):
                if replica:
                    replica.close()
            self._replica = self._before = None

    def reading(self) -> Replica:
        """The replica to read from now.

        Raises:
            ReplicaError: there is none yet, or it is damaged.
        """
        if (replica := self.get()) is None:
            raise ReplicaError(f"no catalogue in {self._folder.folder} yet")
        return replica


def write_in_one_step(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace a small file so that it is at every moment the old one or the new one, power cuts included."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        error.filename = str(path)  # the name that whoever reads of it knows
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)  # a full disk needs the room
        error.filename, error.filename2 = str(path), None
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe on disk; some file systems of sticks have no such thing, and need none."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0
