"""What lies where on a stick that goes from unit to unit, and how it is written so that it may be pulled out any time.

    DIR/touchpoint/catalogue/                the tree that a hub serves: metadata, packs, blobs
    DIR/touchpoint/up/DEVICE/NAME.sealed     a bundle: records on their way to the hub
    DIR/touchpoint/up/DEVICE/NAME.txt        why the hub refused that bundle
    DIR/touchpoint/down/DEVICE/NAME.sealed   the hub's reply to it

Names are short and plain, as the file system may be FAT. A stick is not trusted: what it brings is checked by signature
and hash, and links on it are not followed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync import seal
from sync.errors import RecordError, StorageError
from sync.replica.folder import sync_folder, write_in_one_step

FOLDER: Final = "touchpoint"
_SUFFIX: Final = ".sealed"
_DEVICE: Final = re.compile(r"[0-9a-f-]{1,64}")
_MOST_LETTERS: Final = 10_000


@dataclass(frozen=True)
class Posted:
    """A letter that lies on a stick."""

    device_id: str
    path: Path

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            RecordError: it is too large for a letter. StorageError: the stick cannot be read.
        """
        with _spoken(self.path):
            if (size := self.path.stat().st_size) > seal.MAX_LETTER_BYTES:
                raise RecordError(f"{self.path.name} has {size} bytes; at most {seal.MAX_LETTER_BYTES} are taken")
            return self.path.read_bytes()


class Stick:
    """A stick, plugged in at a folder.

    Args:
        folder: where it is mounted.
        make: begin one where there is none yet.

    Raises:
        StorageError: there is no such folder, no stick of ours in it, or something on it that does not belong there.
    """

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        if not folder.is_dir():
            raise StorageError(f"{folder} is not a folder: is the stick plugged in and mounted there?")
        self.root = folder / FOLDER
        if not make and not self.root.is_dir():
            raise StorageError(
                f"there is no folder {FOLDER!r} in {folder}: is this the right stick? `touchpoint-kiosk carry out` at "
                "a unit with a connection, or `touchpoint-hub carry`, makes one"
            )
        self._tidy()

    @property
    def catalogue(self) -> Path:
        """The published tree."""
        return self.root / "catalogue"

    def free_bytes(self) -> int:
        """How much room is left."""
        return shutil.disk_usage(self.root.parent).free

    # -- letters

    def bundles(self) -> Iterator[Posted]:
        """Every bundle, of every device."""
        return self._letters("up", "*")

    def replies(self, device_id: str) -> list[Posted]:
        """The replies for a device."""
        return list(self._letters("down", device_id))

    def put_bundles(self, device_id: str, letters: list[bytes]) -> None:
        """Write a device's bundles, which stand for all that it has to say; the older ones go when these are safe.

        Raises:
            StorageError: the stick is full or cannot be written; what was on it is still there.
        """
        folder = self.root / "up" / device_id
        fresh = {f"{_name_of(letter)}{_SUFFIX}": letter for letter in letters}
        for name, letter in fresh.items():
            self.write(folder / name, letter)
        for posted in self._letters("up", device_id):
            if posted.path.name not in fresh:
                self.remove(posted)

    def put_reply(self, bundle: Posted, letter: bytes) -> None:
        """Write the hub's reply to a bundle; the bundle goes when it is safe."""
        self.write(self.root / "down" / bundle.device_id / f"{_name_of(letter)}{_SUFFIX}", letter)
        self.remove(bundle)

    def refuse(self, bundle: Posted, why: str) -> None:
        """Write beside a bundle why it was refused."""
        self.write(bundle.path.with_suffix(".txt"), f"{why}\n".encode())

    def remove(self, posted: Posted) -> None:
        """Take a letter away, and what was written beside it."""
        with _spoken(posted.path):
            posted.path.with_suffix(".txt").unlink(missing_ok=True)
            posted.path.unlink(missing_ok=True)
            sync_folder(posted.path.parent)

    def refusals(self, device_id: str) -> list[str]:
        """Why the hub refused this device's bundles, where it did; words to show, not to act on."""
        found = []
        for posted in self._letters("up", device_id):
            beside = posted.path.with_suffix(".txt")
            if beside.is_file() and beside.stat().st_size < 2000:
                found.append(beside.read_text("utf-8", errors="replace").strip())
        return found

    # -- writing

    def write(self, path: Path, content: bytes) -> None:
        """Write a file in one step: whenever the stick is pulled out, there is the old one, the new one or none.

        Raises:
            StorageError: the stick is full or cannot be written.
        """
        with _spoken(path, len(content)):
            _make_folder(path.parent)
            write_in_one_step(path, content)

    # -- inner

    def _letters(self, way: str, device: str) -> Iterator[Posted]:
        for number, path in enumerate(sorted((self.root / way).glob(f"{device}/*{_SUFFIX}"))):
            if number >= _MOST_LETTERS:
                raise StorageError(f"over {_MOST_LETTERS} letters on the stick: {self.root / way}")
            if _DEVICE.fullmatch(path.parent.name) and not path.name.startswith("."):
                yield Posted(path.parent.name, path)

    def _tidy(self) -> None:
        """Refuse what would lead elsewhere; remove what an interrupted trip had begun."""
        with _spoken(self.root):
            for path in [self.root, *self.root.rglob("*")] if self.root.exists() else []:
                mode = path.lstat().st_mode
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    raise StorageError(f"{path} is a link or no file at all: this stick is not used")
                if path.name.startswith(".") and path.suffix == ".new":
                    path.unlink()


@contextlib.contextmanager
def _spoken(path: Path, size_bytes: int = 0) -> Iterator[None]:
    """The system's errors, in words about the stick."""
    try:
        yield
    except OSError as error:
        raise full_or_broken(path, error, size_bytes) from error


def _make_folder(folder: Path) -> None:
    """Make a folder, its name safe on disk before anything goes into it."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(exist_ok=True)
        sync_folder(missing.parent)


def full_or_broken(path: Path, error: OSError, size_bytes: int = 0) -> StorageError:
    """What to say of a stick that could not be written or read."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what = f" ({path.name}, {size_bytes:,} bytes)" if size_bytes else ""
        return StorageError(f"the stick is full{what}: what is on it stays usable; make room and carry again")
    return StorageError(f"the stick cannot be used: {path}: {error.strerror or error}")


def block_bytes(folder: Path) -> int:
    """The least room that a file takes there."""
    return max(os.statvfs(folder).f_frsize, 1)


def _name_of(letter: bytes) -> str:
    return hashlib.sha256(letter).hexdigest()[:16]
