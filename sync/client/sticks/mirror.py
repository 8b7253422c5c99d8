"""Bringing a copy of the published tree up to date: onto a stick, or into any folder that others read.

Everything is verified before it is written, and `timestamp.json` is written last of its set: whoever reads the copy at
any moment finds the old publication or the new one. When room is short, the catalogue comes first, then pictures and
files, best items first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from sync.client.carriers import Carrier, FolderCarrier
from sync.client.clock import Clock
from sync.client.down import trust
from sync.client.down.fetch import Limits, fetch
from sync.client.down.offers import offered
from sync.client.down.published import Pack, Published
from sync.client.down.pull import alone
from sync.errors import (
    NOT_JSON,
    HubAnsweredRubbishError,
    HubRejectedError,
    HubUnreachableError,
    NotTrustedError,
    StorageError,
    SyncError,
)
from sync.records import File
from sync.replica.blobs import Blobs, digest
from sync.replica.folder import write_in_one_step
from sync.stick import block_bytes, full_or_broken

RESERVE_BYTES: Final = 8_000_000
"""So much is left free for the next records and replies."""

Progress = Callable[[int, int], None]
"""Told how many bytes of how many were brought."""


@dataclass(frozen=True)
class Mirrored:
    """What a copy now has.

    `outcome` is `current`, `updated`, or `newer` when the copy has a later publication than its source, and is left.
    `files` came, `files_left` did not fit, `files_missing` could not be had.
    """

    outcome: str
    revision: int = 0
    records: int = 0
    packs: int = 0
    files: int = 0
    files_left: int = 0
    files_missing: int = 0
    bytes: int = 0


class Mirror:
    """Copies what a carrier brings.

    Args:
        sources: bring the published tree; the first that can is copied.
        folder: for metadata that was verified, from one time to the next.
        root: the pinned TUF root.
        blobs: files that are on this machine and need not be fetched.
        clock: this machine's; by default one kept in `folder`.
    """

    def __init__(
        self, sources: Sequence[Carrier], folder: Path, root: bytes, blobs: Blobs, clock: Clock | None = None
    ) -> None:
        self._sources = sources
        self._clock = clock or Clock(folder / "hub-time")
        self._folder = folder
        self._root = root
        self._blobs = blobs

    def bring(self, to: Path, *, progress: Progress = lambda _done, _all: None, check: bool = False) -> Mirrored:
        """Bring the copy in the folder `to` up to what the source has; with `check` read again what is there.

        Raises:
            HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: every source failed.
            NotTrustedError, ClientTooOldError: it brought what cannot be verified.
            StorageError: the catalogue does not fit, or the folder cannot be written; what was there stays usable.
        """
        with alone(self._folder):
            failed: SyncError | None = None
            for source in self._sources:
                try:
                    return self._bring(source, to, progress, check=check)
                except (HubUnreachableError, HubAnsweredRubbishError, HubRejectedError, NotTrustedError) as error:
                    failed = failed or error
        assert failed  # noqa: S101 (there is always a source)
        raise failed

    def _bring(self, source: Carrier, to: Path, progress: Progress, *, check: bool) -> Mirrored:
        timestamp = _timestamp(source)
        if newer := self._newer(to, timestamp):
            return Mirrored("newer", newer.state.revision, newer.state.count)
        published = trust.verify(source, self._folder, self._root, timestamp, self._clock.for_signatures)
        with _spoken(to):
            return _Copy(to, source, self._blobs, progress, check=check).bring(published, self._metadata())

    def _newer(self, to: Path, timestamp: bytes) -> Published | None:
        """What the copy has, if that is a later publication than the source's and verifies."""
        copy = FolderCarrier(to)
        with contextlib.suppress(SyncError):
            there = _timestamp(copy)
            if version_of(there) > version_of(timestamp):
                return trust.verify(copy, self._folder / "copy", self._root, there, self._clock.for_signatures)
        return None

    def _metadata(self) -> dict[str, bytes]:
        """The verified metadata by the names it is published under, `timestamp.json` last."""
        found = {path.name: path.read_bytes() for path in sorted((self._folder / "root_history").glob("*.root.json"))}
        for role in ("targets", "snapshot"):
            content = (self._folder / f"{role}.json").read_bytes()
            found[f"{version_of(content)}.{role}.json"] = content
        return found | {"timestamp.json": (self._folder / "timestamp.json").read_bytes()}


class _Copy:
    """One copy, while it is brought up to date."""

    def __init__(self, folder: Path, source: Carrier, blobs: Blobs, progress: Progress, *, check: bool) -> None:
        for name in ("metadata", "packs", "blobs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._blobs = Blobs(folder / "blobs")
        self._source = source
        self._here = blobs
        self._progress = progress
        self._check = check
        self._done = self._all = 0

    def bring(self, published: Published, metadata: dict[str, bytes]) -> Mirrored:
        timestamp = self._folder / "metadata" / "timestamp.json"
        before = timestamp.stat().st_mtime if timestamp.exists() else 0.0
        same = _holds(timestamp, metadata["timestamp.json"])
        self._all = sum(pack.length for pack in published.packs)
        contents = {pack: self._pack(pack) for pack in published.packs}
        fresh = {
            pack.carried_as: content
            for pack, content in contents.items()
            if not _holds(self._folder / pack.carried_as, content)
        }
        needed = sum(self._room(len(content)) for content in fresh.values())
        wanted = offered(contents)
        kept = self._that_fit(wanted, needed)
        self._make_room(needed, kept)
        signed = {f"metadata/{name}": content for name, content in metadata.items()}
        self._write(fresh | signed)
        _touch(timestamp, before)
        self._tidy({pack.carried_as for pack in contents} | set(signed))
        self._blobs.sweep({file.sha256 for file in kept})
        if self._check:
            self._remove_wrong_files()
        new, missing = self._files(kept)
        return Mirrored(
            outcome="current" if same else "updated",
            revision=published.state.revision,
            records=published.state.count,
            packs=len(fresh),
            files=new,
            files_left=len(wanted) - len(kept),
            files_missing=missing,
            bytes=self._done,
        )

    # -- packs and metadata

    def _pack(self, pack: Pack) -> bytes:
        """A pack, from the copy if it is there and whole, else from the source; checked either way."""
        content = b""
        with contextlib.suppress(HubRejectedError):
            content = _read(FolderCarrier(self._folder), pack)
        if not _is(pack, content):
            content = _read(self._source, pack)
        if not _is(pack, content):
            raise NotTrustedError(f"the pack {pack.path} is not the one the hub signed")
        self._tell(pack.length)
        return content

    def _write(self, files: dict[str, bytes]) -> None:
        """Write what is new of these, in their order."""
        for name, content in files.items():
            path = self._folder / name
            if not _holds(path, content):
                write_in_one_step(path, content)

    def _tidy(self, named: set[str]) -> None:
        """Remove what this publication does not name: nobody is in the middle of reading a stick."""
        for path in [*(self._folder / "metadata").iterdir(), *(self._folder / "packs").iterdir()]:
            if f"{path.parent.name}/{path.name}" not in named:
                path.unlink()

    # -- room

    def _make_room(self, needed: int, kept: list[File]) -> None:
        if needed and self._free() < needed:
            self._blobs.sweep({file.sha256 for file in kept})
        if self._free() < needed:
            raise StorageError(
                f"the stick is full: the catalogue needs {needed:,} bytes and {self._free():,} are free; what is on "
                "it stays usable. Make room, or take a larger one"
            )

    def _that_fit(self, wanted: list[File], taken: int) -> list[File]:
        """The files for which there is room beside the catalogue, in the order given."""
        there = sum(self._room(path.stat().st_size) for path in self._blobs.folder.glob("??/*"))
        room, kept = self._free() + there - taken - RESERVE_BYTES, []
        for file in wanted:
            if (size := self._room(file.size_bytes)) <= room:
                kept.append(file)
                room -= size
        return kept

    def _room(self, size: int) -> int:
        block = block_bytes(self._folder)
        return -(-size // block) * block

    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free

    # -- files

    def _files(self, kept: list[File]) -> tuple[int, int]:
        """Bring the files that are not there; returns how many came and how many could not be had."""
        away = [file for file in kept if self._blobs.find(file.sha256) is None]
        self._all = self._done + sum(file.size_bytes for file in away)
        carrier = Telling(Nearest(self._here, self._source), self._tell)
        fetched = fetch(away, carrier, self._blobs, Limits(budget_bytes=1 << 62))
        return fetched.new, fetched.missing

    def _remove_wrong_files(self) -> None:
        for path in self._blobs.folder.glob("??/*"):
            with path.open("rb") as file:
                right = digest(file) == path.name
            if not right and path.suffix != ".part":
                path.unlink()

    def _tell(self, more: int) -> None:
        self._done += more
        self._progress(self._done, self._all)


class Nearest:
    """Brings a blob from a folder of blobs where it is there, else from the source."""

    def __init__(self, here: Blobs, source: Carrier) -> None:
        self._blobs = here
        self._here = FolderCarrier(here.folder)
        self._source = source
        self.where = source.where
        self.received_bytes = 0

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """See `Carrier`."""
        inside = path.removeprefix("blobs/")
        near = path != inside and self._blobs.find(path.rpartition("/")[2]) is not None
        for chunk in self._here.read(inside, start=start) if near else self._source.read(path, start=start):
            self.received_bytes += len(chunk)
            yield chunk

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        """See `Carrier`."""
        return self._source.read_if_changed(path, mark)


class Telling:
    """Tells of every piece that another carrier brings."""

    def __init__(self, carrier: Carrier, tell: Callable[[int], None]) -> None:
        self._carrier = carrier
        self._tell = tell
        self.where = carrier.where
        self.received_bytes = 0

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """See `Carrier`."""
        for chunk in self._carrier.read(path, start=start):
            self.received_bytes += len(chunk)
            self._tell(len(chunk))
            yield chunk

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        """See `Carrier`."""
        return self._carrier.read_if_changed(path, mark)


def _touch(timestamp: Path, before: float) -> None:
    """Let the file's time say when the hub's word was had; a web server's ETag may be whole seconds and the size."""
    now = max(time.time(), float(int(before)) + 1)
    os.utime(timestamp, (now, now))


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file is there and has that content; a larger one, as a hostile stick may hold, is not even read."""
    return path.exists() and path.stat().st_size == len(content) and path.read_bytes() == content


def _read(carrier: Carrier, pack: Pack) -> bytes:
    taken = bytearray()
    for chunk in carrier.read(pack.carried_as):
        taken += chunk
        if len(taken) > pack.length:
            break
    return bytes(taken)


def _is(pack: Pack, content: bytes) -> bool:
    return len(content) == pack.length and hashlib.sha256(content).hexdigest() == pack.sha256


def version_of(metadata: bytes) -> int:
    """The version that TUF metadata says it has; 0 when it says none. Not to be believed before it is verified."""
    try:
        version = msgspec.json.decode(metadata)["signed"]["version"]
    except (KeyError, TypeError, *NOT_JSON):
        return 0
    return version if isinstance(version, int) else 0


def _timestamp(carrier: Carrier) -> bytes:
    found = carrier.read_if_changed("metadata/timestamp.json", "")
    if found is None or not trust.is_timestamp(found[0]):
        raise trust.not_the_hub("what was to be copied")
    return found[0]


@contextlib.contextmanager
def _spoken(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise full_or_broken(folder, error) from error
