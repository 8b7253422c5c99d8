"""A bad line between a kiosk and its hub: a TCP proxy on loopback that does to each connection what a plan says."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final

CHUNK: Final = 16_384
KINDS: Final = ("cut", "cut request", "end early", "corrupt", "slow", "stall", "error page", "sign-in page", "busy")
_RESET: Final = struct.pack("ii", 1, 0)
_PAGES: Final = {
    "error page": b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>502</html>",
    "sign-in page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome to FreeWifi!</html>",
    "busy": b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}",
}


@dataclass(frozen=True)
class Fault:
    """What happens to a connection: `kind` as in `KINDS`, once `at` bytes have come the way it is about."""

    kind: str
    at: int = 0
    seconds: float = 0.0


class Proxy:
    """Listens on a port of its own and passes on to `to`.

    Args:
        to: the port of the real hub; asked for at every connection, as a hub may come back elsewhere.
        plan: what to do to a new connection; None does nothing to it.
        heard: told of every piece of an answer that was passed on, with all bytes passed so far.
    """

    def __init__(
        self,
        to: Callable[[], int],
        plan: Callable[[], Fault | None] = lambda: None,
        heard: Callable[[int], None] = lambda _bytes: None,
    ) -> None:
        self._to, self.plan, self.heard = to, plan, heard
        self.done: Counter[str] = Counter()
        self.passed_bytes = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._lines: set[socket.socket] = set()
        self._ending = threading.Event()

    def __enter__(self) -> Proxy:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _serve(self) -> None:
        while not self._ending.is_set():
            try:
                line, _address = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry, args=(line, self.plan()), daemon=True)
            thread.start()
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]

    def _carry(self, line: socket.socket, fault: Fault | None) -> None:
        self._lines.add(line)
        try:
            self._pass_on(line, fault)
        finally:
            self._lines.discard(line)

    def _pass_on(self, line: socket.socket, fault: Fault | None) -> None:
        with line, contextlib.suppress(OSError):
            if fault and (page := _PAGES.get(fault.kind)):
                self._note(fault)
                line.recv(CHUNK)
                line.sendall(page)
                return
            with socket.create_connection(("127.0.0.1", self._to()), 5) as hub:
                up = threading.Thread(target=self._pump, args=(line, hub, fault, True), daemon=True)
                up.start()
                self._pump(hub, line, fault, False)
                for each in (line, hub):
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)
                up.join(5)

    def _pump(self, source: socket.socket, sink: socket.socket, fault: Fault | None, upward: bool) -> None:
        """Pass on one direction until it ends or its fault comes."""
        mine = fault if fault and (fault.kind == "cut request") == upward else None
        passed = 0
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if mine and passed + len(chunk) > mine.at:
                    chunk, ends = self._do(mine, chunk, mine.at - passed, source, sink)
                    if ends:
                        return
                sink.sendall(chunk)
                passed += len(chunk)
                if not upward:
                    self.passed_bytes += len(chunk)
                    self.heard(self.passed_bytes)
            sink.shutdown(socket.SHUT_WR)

    def _do(
        self, fault: Fault, chunk: bytes, at: int, source: socket.socket, sink: socket.socket
    ) -> tuple[bytes, bool]:
        """The fault comes inside this chunk; returns what is to be passed on, and whether the connection has ended."""
        if at < 0:  # it has come already
            return (self._dribble(chunk, sink), False) if fault.kind == "slow" else (chunk, False)
        self._note(fault)
        if fault.kind in ("cut", "cut request", "end early"):
            sink.sendall(chunk[:at])
            if fault.kind != "end early":
                for each in (source, sink):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RD)  # wakes whoever reads from it, so that closing it counts
                    each.close()
            return b"", True
        if fault.kind == "corrupt":
            return chunk[:at] + bytes([chunk[at] ^ 1 << at % 8]) + chunk[at + 1 :], False
        if fault.kind == "stall":
            self._ending.wait(fault.seconds)
            return chunk, False
        return self._dribble(chunk, sink), False

    def _dribble(self, chunk: bytes, sink: socket.socket) -> bytes:
        """Pass it on a little at a time; returns the last of it."""
        pieces = [chunk[at : at + 700] for at in range(0, len(chunk), 700)]
        for piece in pieces[:-1]:
            sink.sendall(piece)
            time.sleep(0.0005)
        return pieces[-1]

    def _note(self, fault: Fault) -> None:
        self.done[fault.kind] += 1


def any_fault(dice: random.Random, *, most_bytes: int, chance: float = 0.7, stall_s: float = 0.5) -> Fault | None:
    """A fault of any kind at any byte; none, with the rest of the chance. Half of them come early."""
    if dice.random() > chance:
        return None
    at = dice.randint(0, 700) if dice.random() < 0.5 else dice.randint(0, most_bytes)
    return Fault(dice.choice(KINDS), at, stall_s)
