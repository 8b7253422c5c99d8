"""When a replica was last read as a whole and found right.

Reading it all takes longer than most passes, so it is done once a day, after every start of the machine, and whenever
the file is not as the last pass left it: then some other program, or a repair of the disk, has been at it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import msgspec

EVERY_S: Final = 24 * 3600.0
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class _Note(msgspec.Struct, kw_only=True):
    """`at` in seconds since 1970; `files` are sizes and times of change in nanoseconds."""

    name: str = ""
    at: float = 0.0
    boot: str = ""
    files: list[tuple[int, int]] = []


class WholeCheck:
    """Remembers, from process to process, until when a replica need not be read as a whole.

    Args:
        note: the small file to remember it in.
    """

    def __init__(self, note: Path) -> None:
        self._path = note

    def is_due(self, replica: Path) -> bool:
        """Whether the replica is to be read as a whole before it is relied on."""
        note = self._read()
        as_left = note.name == replica.name and note.boot == _boot() and note.files == _files(replica)
        return not as_left or not 0 <= time.time() - note.at < EVERY_S

    def passed(self, replica: Path) -> None:
        """Note that it was read as a whole and is right."""
        self._write(_Note(name=replica.name, at=time.time(), boot=_boot(), files=_files(replica)))

    def left(self, replica: Path) -> None:
        """Note how a pass that relied on the replica, or built it anew, leaves it."""
        note = self._read()
        at = note.at if note.name == replica.name else time.time()
        now = _Note(name=replica.name, at=at, boot=_boot(), files=_files(replica))
        if now != note:
            self._write(now)

    def forget(self) -> None:
        """Let the next pass read it all, because somebody could not read a part."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> _Note:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Note)
        except (FileNotFoundError, msgspec.DecodeError):
            return _Note()

    def _write(self, note: _Note) -> None:
        # not synced: if a power cut takes it, the replica is read as a whole, as after every start of the machine
        self._path.write_bytes(msgspec.json.encode(note))


def _files(replica: Path) -> list[tuple[int, int]]:
    """What the replica and its write-ahead log look like from outside; an empty log is as none."""
    found = []
    for path in (replica, replica.with_name(replica.name + "-wal")):
        there = path.stat() if path.exists() else None
        found.append((there.st_size, there.st_mtime_ns) if there and there.st_size else (0, 0))
    return found


def _boot() -> str:
    """Which start of the machine this is; nothing where the system does not tell."""
    return _BOOT.read_text().strip() if _BOOT.exists() else ""
