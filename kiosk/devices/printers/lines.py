"""Byte lines to a printer: over the network, over USB (the kernel's usblp), over a serial cable.

Once a line is closed, what the printer did not take by then is thrown away, not kept for the next visitor.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import select
import socket
import struct
import termios
import time
from pathlib import Path
from typing import Final, Protocol

LEAVING_S: Final = 1.0  # how long `close` waits for the last bytes to leave, as long as none does
_PIECE_BYTES: Final = 8192  # what usblp takes in one go
_PAUSE_S: Final = 0.01  # usblp says "go ahead" to a poll and "not now" to the read or write after it
_TCP_OPTIONS: Final = {socket.TCP_NODELAY: 1, socket.TCP_KEEPIDLE: 5, socket.TCP_KEEPINTVL: 2, socket.TCP_KEEPCNT: 3}


class LineError(Exception):
    """A line to a printer failed; `sent` bytes of this `send` were handed over before, 0 if surely none came."""

    def __init__(self, message: str, sent: int = 0) -> None:
        super().__init__(message)
        self.sent = sent


class StalledError(LineError):
    """The printer took nothing for too long; the line is still there, and what was not sent may be sent later."""


class Line(Protocol):
    """A line to a printer, used by one thread."""

    def send(self, content: bytes) -> None:
        """Hand over all of it. Raises `LineError` when the printer is gone, or took nothing for too long."""

    def receive(self, timeout_s: float) -> bytes:
        """What is there, or empty after that time. Raises `LineError` when the printer is gone, and all is read."""

    def close(self) -> None:
        """Let the last bytes leave, and close. A second time does nothing."""


class _OpenLine:
    """What all lines share: an open file that never blocks; `stream` is whether it is a socket or a serial line."""

    def __init__(self, where: str, fd: int, send_timeout_s: float, stream: bool) -> None:
        self._where, self._fd, self._send_timeout_s, self._stream = where, fd, send_timeout_s, stream
        self._failed = False

    def send(self, content: bytes) -> None:
        """See `Line`."""
        sent, deadline = 0, time.monotonic() + self._send_timeout_s
        while sent < len(content):
            events = self._poll(select.POLLOUT | select.POLLRDHUP, deadline - time.monotonic())
            try:
                if events & select.POLLRDHUP:
                    raise BrokenPipeError("the printer closed the line")
                taken = os.write(self._fd, content[sent : sent + _PIECE_BYTES]) if events else 0
            except BlockingIOError:
                taken = 0
                time.sleep(_PAUSE_S)
            except OSError as error:
                raise self._failure(f"sending failed: {error}", sent) from error
            if taken:
                sent, deadline = sent + taken, time.monotonic() + self._send_timeout_s
            elif time.monotonic() >= deadline:
                raise self._failure(f"the printer took nothing for {self._send_timeout_s:g} s", sent, StalledError)
        self._failed = False

    def receive(self, timeout_s: float) -> bytes:
        """See `Line`."""
        deadline = time.monotonic() + timeout_s
        while self._poll(select.POLLIN, deadline - time.monotonic()):
            try:
                content = os.read(self._fd, 4096)
                if not content and self._stream:  # usblp reads empty whenever the printer has nothing to say
                    raise self._failure("the printer closed the line")
            except BlockingIOError:
                content = b""
            except OSError as error:
                raise self._failure(f"receiving failed: {error}") from error
            if content or time.monotonic() >= deadline:
                return content
            time.sleep(_PAUSE_S)
        return b""

    def close(self) -> None:
        """See `Line`."""
        if self._fd >= 0:
            with contextlib.suppress(OSError, termios.error):
                if self._failed or not self._all_left():
                    self._drop()
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = -1

    def _all_left(self) -> bool:
        """Whether the last bytes left; waits as long as some do."""
        least, deadline = math.inf, time.monotonic() + LEAVING_S
        while (waiting := self._waiting()) and time.monotonic() < deadline and not self._poll(0, 0):
            if waiting < least:
                least, deadline = waiting, time.monotonic() + LEAVING_S
            time.sleep(_PAUSE_S)
        return not waiting

    def _waiting(self) -> int:
        """How many bytes are still here. Source: ioctl_tty(2) TIOCOUTQ, which tcp(7) calls SIOCOUTQ."""
        if self._stream:
            return int(struct.unpack("i", fcntl.ioctl(self._fd, termios.TIOCOUTQ, bytes(4)))[0])
        return int(not self._poll(select.POLLOUT, 0) & select.POLLOUT)

    def _drop(self) -> None:
        """Throw away what did not leave; usblp does so by itself."""
        if self._stream and os.isatty(self._fd):
            termios.tcflush(self._fd, termios.TCOFLUSH)
        elif self._stream:
            with socket.socket(fileno=os.dup(self._fd)) as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _poll(self, events: int, timeout_s: float) -> int:
        if self._fd < 0:
            raise LineError(f"{self._where}: the line is closed already")
        poll = select.poll()
        poll.register(self._fd, events)
        return sum(found for _, found in poll.poll(max(0, math.ceil(timeout_s * 1000))))

    def _failure(self, words: str, sent: int = 0, kind: type[LineError] = LineError) -> LineError:
        self._failed = True  # what it did not take is not kept for later, should the line be closed
        return kind(f"{self._where}: {words}", sent)


class SocketLine(_OpenLine):
    """A printer on the network. Sending gives up when the printer took nothing for `send_timeout_s`."""

    def __init__(self, host: str, port: int, connect_timeout_s: float = 1.0, send_timeout_s: float = 5.0) -> None:
        try:
            line = socket.create_connection((host, port), connect_timeout_s)
        except OSError as error:
            raise LineError(f"{host}:{port}: no connection: {error}") from error
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _TCP_OPTIONS.items():
            line.setsockopt(socket.IPPROTO_TCP, option, value)
        super().__init__(f"{host}:{port}", line.detach(), send_timeout_s, stream=True)


class DeviceLine(_OpenLine):
    """A printer behind `/dev/usb/lp0`, or a serial line: its speed (None leaves it), and whether it has RTS and CTS."""

    def __init__(self, path: str, baud: int | None, hardware_flow: bool = False, send_timeout_s: float = 5.0) -> None:
        try:
            if not Path(path).is_char_device():
                raise LineError(f"{path}: there is no such device")
            fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise LineError(f"{path}: cannot be opened: {error.strerror}") from error
        super().__init__(path, fd, send_timeout_s, stream=os.isatty(fd))
        if self._stream:
            self._make_raw(baud, termios.CRTSCTS if hardware_flow else 0)

    def _make_raw(self, baud: int | None, flow: int) -> None:
        """Bytes as they are, 8 bits, no parity. Source: termios(3)."""
        try:
            *_, speed_in, speed_out, characters = termios.tcgetattr(self._fd)
            characters[termios.VMIN], characters[termios.VTIME] = 1, 0
            speeds = [speed_in, speed_out] if baud is None else [getattr(termios, f"B{baud}")] * 2
            mode = [0, 0, termios.CS8 | termios.CREAD | termios.CLOCAL | flow, 0, *speeds, characters]
            termios.tcsetattr(self._fd, termios.TCSANOW, mode)
        except (AttributeError, termios.error) as error:
            self.close()
            raise LineError(f"{self._where}: cannot be set up for {baud} baud: {error}") from error
