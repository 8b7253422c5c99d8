"""A tap on the line between a kiosk and its hub: passes everything on and keeps it, to be counted."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Tap:
    """Listens on a port of its own and passes on to `port`; `up` and `down` are what went each way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.up, self.down = bytearray(), bytearray()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]

    def __enter__(self) -> Tap:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in (self._listening, *self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for line in (self._listening, *self._lines):
            line.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = self._listening.accept()
                hub = socket.create_connection(("127.0.0.1", self._port), 5)
                self._lines += [line, hub]
                for source, sink, kept in ((line, hub, self.up), (hub, line, self.down)):
                    thread = threading.Thread(target=_pump, args=(source, sink, kept), daemon=True)
                    thread.start()
                    self._threads.append(thread)


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(1 << 16):
            kept += chunk
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
