"""What carries a published catalogue to a replica: the hub over HTTP, or a folder.

A carrier is not trusted: everything it brings is checked against signatures and hashes by who uses it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import requests

from sync.client import pauses
from sync.client.clock import Clock
from sync.client.patience import pieces
from sync.client.sessions import open_session
from sync.errors import HubAnsweredRubbishError, HubRejectedError, HubUnreachableError

CHUNK: Final = 1 << 16
TIMEOUT_S: Final = (5.0, 20.0)
"""Seconds to connect, and between two pieces of an answer."""
SMALL_BYTES: Final = 1 << 16
SMALL_S: Final = 30.0
LEAST_BYTES_PER_S: Final = 500
_BUSY: Final = (429, 502, 503, 504)
"""A no that is about the server as a whole, and not about the file."""


class Carrier(Protocol):
    """Brings files of the tree `metadata/`, `packs/`, `blobs/`."""

    where: str
    """Its address or folder, for people."""
    received_bytes: int
    """Bytes of content brought so far."""

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """The content of a file from byte `start` on, in pieces.

        Raises:
            HubRejectedError: there is no such file (status 404), or another no.
            HubUnreachableError: nothing answered, or somebody who is busy, or the answer broke off.
        """

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        """A small file and its new mark; None while it is the one that `mark` stands for.

        Raises:
            HubUnreachableError, HubRejectedError: as `read`. HubAnsweredRubbishError: it is not small.
        """


class HttpCarrier:
    """A hub, mirror or any static server.

    Args:
        url: of the tree. No token is ever sent here: mirrors would collect it.
        clock: this unit's; see `sessions.open_session`.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = self.where = url.rstrip("/")
        self.received_bytes = 0
        self.pause_s = 0.0
        """How long the last answer asks us to stay away."""
        self._session = open_session(clock)
        # nothing that says nothing: it is sent every minute of every day
        self._session.headers.clear()
        self._session.headers.update({"User-Agent": "touchpoint", "Accept-Encoding": "identity"})

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """See `Carrier`."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._get(path, headers) as answer:
            skip = start if answer.status_code == 200 else 0
            try:
                for chunk in _flowing(pieces(answer, CHUNK), f"{self.url}/{path}"):
                    self.received_bytes += len(chunk)
                    if skip >= len(chunk):
                        skip -= len(chunk)
                        continue
                    yield chunk[skip:]
                    skip = 0
            except requests.RequestException as error:
                raise HubUnreachableError(f"{self.url}/{path}: the answer broke off: {error}") from error

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        """See `Carrier`; the mark is the server's ETag."""
        with self._get(path, {"If-None-Match": mark} if mark else {}) as answer:
            if answer.status_code == 304:
                if mark:
                    return None
                raise HubAnsweredRubbishError(
                    f"{self.url}/{path} answered 304 (not changed) to somebody who has nothing"
                )
            content = b"".join(bounded(answer, SMALL_BYTES))
            self.received_bytes += len(content)
            return content, answer.headers.get("ETag", "")

    def _get(self, path: str, headers: dict[str, str]) -> requests.Response:
        url = f"{self.url}/{path}"
        self.pause_s = 0.0
        try:
            answer = self._session.get(url, headers=headers, stream=True, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            raise HubUnreachableError(f"{url}: {reason(error)}") from error
        self.pause_s = pauses.asked_s(answer.status_code, answer.headers)
        if answer.is_redirect or answer.status_code in (301, 302, 303, 307, 308, 511):
            answer.close()
            raise HubAnsweredRubbishError(f"{url} sends us elsewhere, as a Wi-Fi sign-in page does")
        if answer.status_code in _BUSY:
            answer.close()
            raise HubUnreachableError(f"{url} answered {answer.status_code}: it is busy or away")
        if answer.status_code >= 400:
            answer.close()
            raise HubRejectedError(f"{url} answered {answer.status_code}", answer.status_code)
        return answer


class FolderCarrier:
    """A folder on this machine: the hub's own tree, a mounted stick."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = str(folder)
        self.received_bytes = 0

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        """See `Carrier`."""
        try:
            with (self.folder / path).open("rb") as file:
                file.seek(start)
                while chunk := file.read(CHUNK):
                    self.received_bytes += len(chunk)
                    yield chunk
        except FileNotFoundError as error:
            raise HubRejectedError(f"{self.folder / path} is not there", 404) from error
        except OSError as error:
            raise HubUnreachableError(f"{self.folder / path}: {error}") from error

    def read_if_changed(self, path: str, mark: str) -> tuple[bytes, str] | None:
        """See `Carrier`; the mark is the content's hash."""
        taken = bytearray()
        for chunk in self.read(path):
            taken += chunk
            if len(taken) > SMALL_BYTES:
                raise HubAnsweredRubbishError(f"{self.folder / path} has more than {SMALL_BYTES} bytes")
        content = bytes(taken)
        fresh = hashlib.sha256(content).hexdigest()
        return None if fresh == mark else (content, fresh)


def bounded(answer: requests.Response, most: int) -> Iterator[bytes]:
    """What an answer holds, up to `most` bytes and for `SMALL_S` at the longest; an endless one is not swallowed.

    Raises:
        HubAnsweredRubbishError: it is longer. HubUnreachableError: it broke off or took too long.
    """
    taken, end = 0, time.monotonic() + SMALL_S
    try:
        for chunk in pieces(answer, 1 << 13):
            if time.monotonic() > end:
                raise HubUnreachableError(f"{answer.url}: a small answer took over {SMALL_S:.0f} s")
            taken += len(chunk)
            if taken > most:
                raise HubAnsweredRubbishError(f"{answer.url} answered with more than {most} bytes")
            yield chunk
    except requests.RequestException as error:
        raise HubUnreachableError(f"{answer.url}: the answer broke off: {error}") from error


def _flowing(chunks: Iterator[bytes], url: str) -> Iterator[bytes]:
    """The chunks, as long as they come at `LEAST_BYTES_PER_S` on the whole."""
    began, taken = time.monotonic(), 0
    for chunk in chunks:
        taken += len(chunk)
        passed = time.monotonic() - began
        if passed > SMALL_S and taken < passed * LEAST_BYTES_PER_S:
            raise HubUnreachableError(f"{url}: too slow, {taken} bytes in {passed:.0f} s")
        yield chunk


def reason(error: requests.RequestException) -> str:
    """The innermost reason, in the system's own words, without addresses in memory."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return str(cause) or type(error).__name__
