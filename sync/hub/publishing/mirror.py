"""Mirrors: the published tree, copied to where any static server shows it.

What a set consists of goes first and `timestamp.json` last, so that whoever reads the mirror sees the old set or the
new one. Then goes what the hub itself has let go after its time of grace.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sync.hub import buckets, locks
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.publishing import files, signing

if TYPE_CHECKING:
    from obstore.store import S3Store

TIMESTAMP: Final = "metadata/timestamp.json"
FIRST_ROOT: Final = "metadata/1.root.json"
_OURS: Final = re.compile(
    r"packs/[0-9a-f]{64}\.[\w.-]+\.pack|blobs/[0-9a-f]{2}/[0-9a-f]{64}|metadata/\d+\.(?:snapshot|targets|root)\.json"
)
_CHUNK: Final = 1 << 20


class MirrorError(HubError):
    """A mirror could not be reached, or said no; the hub itself is as it should be."""


class Mirror(Protocol):
    """A place that holds a copy of the published tree."""

    def sizes(self) -> dict[str, int]:
        """The path and bytes of every file there.

        Raises:
            MirrorError: it cannot be listed.
        """

    def read(self, path: str) -> bytes | None:
        """What a small file holds; None where there is none.

        Raises:
            MirrorError: it cannot be read.
        """

    def put(self, path: str, source: Path | bytes) -> None:
        """Put a file there in one step.

        Raises:
            MirrorError: it cannot be written.
        """

    def remove(self, path: str) -> None:
        """Remove a file.

        Raises:
            MirrorError: it cannot be removed.
        """


@dataclass(frozen=True)
class Copied:
    """What was brought to a mirror."""

    files: int
    bytes: int
    removed: int


def at(where: str) -> Mirror:
    """The mirror of that address: a folder, or s3://BUCKET/PREFIX.

    Raises:
        MirrorError: it is neither.
    """
    scheme, separator, _rest = where.partition("://")
    if separator and scheme != "s3":
        raise MirrorError(f"a mirror is a folder or s3://BUCKET/PREFIX, not {where!r}")
    return S3Mirror(where) if separator else FolderMirror(Path(where))


def bring_up_to_date(folder: HubFolder, mirror: Mirror) -> Copied | None:
    """Copy what the mirror lacks and remove what is past its grace; None before the first publication.

    One at a time, so that no older set ever takes the place of a newer one.

    Raises:
        MirrorError: it is another hub's, or failed; trying again goes on where this stopped.
    """
    with locks.held(folder, locks.MIRRORING):
        try:
            timestamp = (folder.catalogue / TIMESTAMP).read_bytes()
        except FileNotFoundError:
            return None
        _check_ours(folder, mirror)
        there = mirror.sizes()
        wanted = _wanted(folder, timestamp)
        missing = {path: size for path, size in wanted.items() if there.get(path) != size}
        for path in missing:
            with _at_hand(folder, path) as source:
                mirror.put(path, source)
        if mirror.read(TIMESTAMP) != timestamp:
            mirror.put(TIMESTAMP, timestamp)
            missing[TIMESTAMP] = len(timestamp)
        gone = [path for path in there if path not in wanted and _past_grace(folder, path)]
        for path in gone:
            mirror.remove(path)
    return Copied(len(missing), sum(missing.values()), len(gone))


class FolderMirror:
    """A folder on this machine, as a web server shows it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self) -> dict[str, int]:
        """See `Mirror`."""
        with _disk(self._folder):
            found = (path for path in self._folder.rglob("*") if path.is_file() and not path.name.startswith("."))
            return {path.relative_to(self._folder).as_posix(): path.stat().st_size for path in found}

    def read(self, path: str) -> bytes | None:
        """See `Mirror`."""
        there = self._folder / path
        with _disk(self._folder):
            return there.read_bytes() if there.exists() else None

    def put(self, path: str, source: Path | bytes) -> None:
        """See `Mirror`."""
        with _disk(self._folder):
            there = self._folder / path
            there.parent.mkdir(parents=True, exist_ok=True)
            files.replace(there, [source] if isinstance(source, bytes) else _chunks(source))

    def remove(self, path: str) -> None:
        """See `Mirror`."""
        with _disk(self._folder):
            (self._folder / path).unlink(missing_ok=True)


class S3Mirror:
    """An S3 bucket, or what speaks like one; credentials and endpoint come from the usual AWS_... environment.

    Args:
        where: s3://BUCKET/PREFIX.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    @cached_property
    def _store(self) -> S3Store:
        return buckets.opened(self._where)

    def _told(self) -> AbstractContextManager[None]:
        return buckets.told_as(lambda line: MirrorError(f"the mirror {self._where}: {line}"))

    def sizes(self) -> dict[str, int]:
        """See `Mirror`."""
        import obstore

        with self._told():
            pages = obstore.list(self._store, chunk_size=1000)
            return {str(found["path"]): found["size"] for page in pages for found in page}

    def read(self, path: str) -> bytes | None:
        """See `Mirror`."""
        import obstore

        try:
            with self._told():
                return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def put(self, path: str, source: Path | bytes) -> None:
        """See `Mirror`; what never changes may be kept by caches for ever."""
        import obstore

        kind = "application/json" if path.endswith(".json") else "application/octet-stream"
        cache = "no-cache" if path == TIMESTAMP else "public, max-age=31536000, immutable"
        with self._told():
            obstore.put(self._store, path, source, attributes={"Content-Type": kind, "Cache-Control": cache})

    def remove(self, path: str) -> None:
        """See `Mirror`."""
        import obstore

        with self._told():
            obstore.delete(self._store, path)


# -- inner -----------------------------------------------------------------------------------------------------


def _check_ours(folder: HubFolder, mirror: Mirror) -> None:
    """Another hub's kiosks would believe nothing there any more, so their mirror is left alone."""
    there = mirror.read(FIRST_ROOT)
    if there is not None and there != (folder.catalogue / FIRST_ROOT).read_bytes():
        raise MirrorError("what is there comes from another hub: give another place, or empty this one first")


def _wanted(folder: HubFolder, timestamp: bytes) -> dict[str, int]:
    """The path and bytes of all that the set consists of, in the order in which it is to be copied."""
    roots = {f"metadata/{path.name}" for path in folder.metadata.glob("*.root.json")}
    blobs = {f"blobs/{sha256[:2]}/{sha256}": size for sha256, size in folder.blobs.sizes().items()}
    named = signing.named_by(folder, timestamp).names
    sizes = blobs | {path: (folder.catalogue / path).stat().st_size for path in named | roots}
    return {path: sizes[path] for path in sorted(sizes, key=_turn)}


def _at_hand(folder: HubFolder, path: str) -> AbstractContextManager[Path]:
    is_blob = path.startswith("blobs/")
    return folder.blobs.at_hand(path.rpartition("/")[2]) if is_blob else nullcontext(folder.catalogue / path)


def _turn(path: str) -> tuple[bool, str]:
    return path.startswith("metadata/"), path


def _past_grace(folder: HubFolder, path: str) -> bool:
    """Whether the hub no longer has it; a root stays for ever, and so does what is not the hub's to remove."""
    ours = _OURS.fullmatch(path) is not None and not path.endswith(".root.json")
    return ours and not (folder.catalogue / path).exists()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MirrorError(f"the mirror {folder}: {error.filename or folder}: {error.strerror or error}") from error
