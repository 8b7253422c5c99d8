"""How long an answer may take as a whole: the library bounds only the time between two bytes of it.

Whoever sends a byte every few seconds, a broken line or a hostile mirror, would otherwise hold a pass up for ever, and
no other carrier would be asked.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

HEAD_S: Final = 30.0
"""An answer's status and headers are there within this."""


def pieces(answer: requests.Response, most_bytes: int) -> Iterator[bytes]:
    """What an answer holds, as it comes; the library's own way waits until a piece is full.

    Raises:
        requests.ConnectionError: it broke off.
    """
    try:
        while piece := answer.raw.read1(most_bytes, decode_content=True):
            yield piece
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error


class Impatient(HTTPAdapter):
    """Breaks off where an answer does not begin in time."""

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """As the library, with connections of our own."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Connection(HTTPConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        with _broken_off_after(HEAD_S, self.sock):
            return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        with _broken_off_after(HEAD_S, self.sock):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@contextlib.contextmanager
def _broken_off_after(time_s: float, line: socket.socket) -> Iterator[None]:
    """End the connection if what is inside takes longer: whoever reads from it finds its end."""
    late = threading.Event()

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):  # it ended by itself just then
            line.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(time_s, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if late.is_set():
        raise TimeoutError(f"no answer within {time_s:.0f} s")
