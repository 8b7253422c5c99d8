"""The files that items offer, each under the SHA-256 of its content: `FOLDER/ab/abcdef...`."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Container, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from sync.replica.folder import sync_folder

_CHUNK: Final = 1 << 20
_HEX: Final = frozenset("0123456789abcdef")


class Content(Protocol):
    """Bytes that never change and are on no disk of this machine."""

    size_bytes: int

    def read(self, part: range) -> AsyncIterator[bytes]:
        """These of them, in pieces."""


class Blobs:
    """A folder of blobs. What stands under a hash has that hash: it is checked before it gets there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the blob is, or would be.

        Raises:
            ValueError: that is not a SHA-256 in lower-case hex; nothing else may become a path.
        """
        if not is_sha256(sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def find(self, sha256: str) -> Path | None:
        """The blob's file, if it is here."""
        path = self.path(sha256)
        return path if path.exists() else None

    def has(self, sha256: str) -> bool:
        """Whether the blob is here."""
        return self.find(sha256) is not None

    def content(self, sha256: str) -> Path | Content | None:
        """What can be served of the blob, if it is here."""
        return self.find(sha256)

    @contextlib.contextmanager
    def at_hand(self, sha256: str) -> Iterator[Path]:
        """The blob as a file, only to be read, and only while inside.

        Raises:
            FileNotFoundError: it is not there.
        """
        if (path := self.find(sha256)) is None:
            raise FileNotFoundError(f"there is no blob {sha256}")
        yield path

    def sizes(self) -> dict[str, int]:
        """The hash and the bytes of every blob that is here."""
        whole = (path for path in self.folder.glob("??/*") if is_sha256(path.name))
        return {path.name: path.stat().st_size for path in whole}

    def partial(self, sha256: str) -> Path:
        """Where an unfinished download of the blob is kept, to be gone on with."""
        path = self.path(sha256).with_suffix(".part")
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            for above in (self.folder, self.folder.parent):
                sync_folder(above)  # else a power cut may take a new folder with all that was kept in it
        return path

    def keep(self, part: Path, sha256: str) -> bool:
        """Give a finished download its place if its content has that hash; else remove it and return False."""
        with part.open("rb") as file:
            right = digest(file) == sha256
            os.fsync(file.fileno())
        if not right:
            part.unlink()
            return False
        part.replace(self.path(sha256))
        sync_folder(part.parent)
        return True

    def begun_bytes(self, sha256: str) -> int:
        """How much of an unfinished download is here."""
        part = self.path(sha256).with_suffix(".part")
        return part.stat().st_size if part.exists() else 0

    def sweep(self, wanted: Container[str]) -> None:
        """Remove every blob, whole or begun, that is not wanted."""
        for path in self.folder.glob("??/*"):
            if path.stem not in wanted:
                path.unlink()

    def size_bytes(self) -> int:
        """How much room all blobs take."""
        return sum(path.stat().st_size for path in self.folder.glob("??/*"))


def is_sha256(text: str) -> bool:
    """Whether it is a SHA-256 in lower-case hex."""
    return len(text) == 64 and set(text) <= _HEX


def digest(file: BinaryIO) -> str:
    """The SHA-256 of what is left to read of a file, in hex."""
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()
