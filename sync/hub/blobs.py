"""The files that items offer, in a bucket: the same to those who ask as a folder of them, but streamed.

s3://BUCKET/PREFIX/ab/abcdef...     a blob under the SHA-256 of its content, checked before it got there
DIR/catalogue/blobs/                what is on its way there, and copies of what a stick or a page needed as a file
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sync.errors import ReplicaError
from sync.hub import buckets
from sync.hub.errors import HubError
from sync.replica.blobs import Blobs, digest, is_sha256

if TYPE_CHECKING:
    from obstore.store import S3Store

_CHUNK: Final = 1 << 20
_SURE: Final = 100_000
"""Of so many blobs it is remembered that they are there; a blob never goes, and never changes."""


class BucketError(HubError, ReplicaError):
    """The bucket with the files that items offer cannot be reached, or said no."""


def own_part(blobs: Blobs, sha256: str) -> Path:
    """Where a blob is put together before it is kept, by a name that nobody else has who brings the same one now."""
    return blobs.partial(sha256).with_suffix(f".{secrets.token_hex(8)}.part")


class BucketBlobs(Blobs):
    """Blobs in a bucket.

    Args:
        where: s3://BUCKET/PREFIX.
        folder: for what is on its way there, and for copies.
    """

    def __init__(self, where: str, folder: Path) -> None:
        super().__init__(folder)
        self._where = where
        self._sizes: dict[str, int] = {}

    def has(self, sha256: str) -> bool:
        """See `Blobs`.

        Raises:
            BucketError: it cannot be asked.
        """
        return self._size(sha256) is not None

    def content(self, sha256: str) -> Streamed | None:
        """See `Blobs`.

        Raises:
            BucketError: it cannot be asked.
        """
        size_bytes = self._size(sha256)
        return None if size_bytes is None else Streamed(self._store, self._where, _key(sha256), size_bytes)

    def find(self, sha256: str) -> Path | None:
        """A copy of the blob as a file of this machine, fetched if need be.

        Raises:
            BucketError: it cannot be fetched.
        """
        if (here := super().find(sha256)) is not None or not self.has(sha256):
            return here
        part = own_part(self, sha256)
        try:
            self._fetch(sha256, part)
            is_right = super().keep(part, sha256)
        finally:
            part.unlink(missing_ok=True)
        if not is_right:
            raise BucketError(f"{self._where}/{_key(sha256)} is not what its name says: put it back from a backup")
        return super().find(sha256)

    @contextlib.contextmanager
    def at_hand(self, sha256: str) -> Iterator[Path]:
        """See `Blobs`; a copy that goes again.

        Raises:
            FileNotFoundError: it is not there. BucketError: it cannot be fetched.
        """
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".at-hand-")
        os.close(descriptor)
        try:
            self._fetch(sha256, Path(name))
            yield Path(name)
        finally:
            Path(name).unlink()

    def keep(self, part: Path, sha256: str) -> bool:
        """See `Blobs`; it is in the bucket afterwards, and no longer here.

        Raises:
            BucketError: it cannot be put there; what there is of it stays, to be gone on with.
        """
        import obstore

        with part.open("rb") as file:
            right = digest(file) == sha256
        if right:
            kind = {"Content-Type": "application/octet-stream", "Cache-Control": "public, max-age=31536000, immutable"}
            size_bytes = part.stat().st_size
            with buckets.told_as(self._trouble):
                obstore.put(self._store, _key(sha256), part, attributes=kind)
            self._note(sha256, size_bytes)
        part.unlink()
        return right

    def sizes(self) -> dict[str, int]:
        """See `Blobs`.

        Raises:
            BucketError: it cannot be listed.
        """
        import obstore

        found: dict[str, int] = {}
        with buckets.told_as(self._trouble):
            for page in obstore.list(self._store, chunk_size=1000):
                found |= {Path(str(one["path"])).name: one["size"] for one in page}
        return {sha256: size for sha256, size in found.items() if is_sha256(sha256)}

    # -- inner

    @cached_property
    def _store(self) -> S3Store:
        return buckets.opened(self._where)

    def _trouble(self, line: str) -> BucketError:
        return BucketError(f"the files in {self._where}: {line}")

    def _size(self, sha256: str) -> int | None:
        self.path(sha256)  # which only a SHA-256 has
        if (known := self._sizes.get(sha256)) is not None:
            return known
        import obstore

        try:
            with buckets.told_as(self._trouble):
                size_bytes = obstore.head(self._store, _key(sha256))["size"]
        except FileNotFoundError:
            return None
        self._note(sha256, size_bytes)
        return size_bytes

    def _note(self, sha256: str, size_bytes: int) -> None:
        if len(self._sizes) >= _SURE:
            self._sizes.clear()
        self._sizes[sha256] = size_bytes

    def _fetch(self, sha256: str, to: Path) -> None:
        import obstore

        self.path(sha256)
        with buckets.told_as(self._trouble), to.open("wb") as file:
            for chunk in obstore.get(self._store, _key(sha256)).stream(min_chunk_size=_CHUNK):
                file.write(chunk)


class Streamed:
    """A blob in a bucket, read piece by piece by whoever asks for it; see `sync.replica.blobs.Content`."""

    def __init__(self, store: S3Store, where: str, key: str, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._store, self._where, self._key = store, where, key

    async def read(self, part: range) -> AsyncIterator[bytes]:
        """These of its bytes.

        Raises:
            BucketError: the bucket went away; whoever asked sees the answer break off.
        """
        import obstore

        if not part:
            return
        with buckets.told_as(lambda line: BucketError(f"{self._where}/{self._key}: {line}")):
            found = await obstore.get_async(self._store, self._key, options={"range": (part.start, part.stop)})
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
