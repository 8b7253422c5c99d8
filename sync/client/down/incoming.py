"""Packs on their way: kept until the replica that needs them is whole, so that an interrupted pass goes on where it
stopped, within a pack too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sync.client.carriers import Carrier
from sync.client.down.published import Pack
from sync.errors import NotTrustedError

T = TypeVar("T")


class Incoming:
    """Fetches packs into a folder; what stands there under a hash is what is left of an earlier try.

    Args:
        carrier: brings them, from any byte on.
        folder: where they are kept until `clear`.
    """

    def __init__(self, carrier: Carrier, folder: Path) -> None:
        self._carrier = carrier
        self._folder = folder

    def fetch(self, pack: Pack) -> bytes:
        """A pack's content; only what is not here yet is fetched.

        Raises:
            NotTrustedError: what came is not what the hub signed.
            HubUnreachableError, HubRejectedError: the carrier failed; what had come is kept.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / pack.sha256
        there = path.read_bytes() if path.exists() else b""
        if there and (content := self._filled(path, there, pack)) is not None:
            return content
        path.unlink(missing_ok=True)  # what was left of it was damaged
        if (content := self._filled(path, b"", pack)) is not None:
            return content
        path.unlink(missing_ok=True)
        raise NotTrustedError(f"the pack {pack.path} is not the one the hub signed")

    def clear(self) -> None:
        """Remove what was kept, now that it is not needed any more."""
        for path in self._folder.glob("*"):
            path.unlink()

    def _filled(self, path: Path, there: bytes, pack: Pack) -> bytes | None:
        """The content, with what was missing at its end; None when it is not what it should be."""
        content = bytearray(there)
        if len(content) < pack.length:
            with path.open("ab") as file:
                for chunk in self._carrier.read(pack.carried_as, start=len(there)):
                    content += chunk
                    if len(content) > pack.length:
                        return None
                    file.write(chunk)
        return bytes(content) if hashlib.sha256(content).hexdigest() == pack.sha256 else None


def ahead(made: Iterator[T]) -> Iterator[T]:
    """The same, the next one being made in another thread while one is used: never more than two are held."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        coming = thread.submit(next, made, None)
        while (one := coming.result()) is not None:
            coming = thread.submit(next, made, None)
            yield one
