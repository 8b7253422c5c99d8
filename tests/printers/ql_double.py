"""A Brother QL-820NWB label printer that is none: it takes the raster language on a TCP port or a pseudo terminal.

Source: Brother's "Raster Command Reference QL-800/810W/820NWB". It is strict: what the reference does not know, and
what does not fit together, is kept in `wrong`; tests look there. What the reference leaves open is taken as the worst:
a label that could not be printed comes out as soon as the fault is over, unless the printer was told to forget it.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import struct
import threading
import time
import tty

from PIL import Image, ImageChops, ImageOps

from kiosk.devices.printers.lines import DeviceLine, Line, SocketLine

ROW_BYTES = 90
FIRST_DOT, END_DOT = 12, 708  # of 62 mm tape under the head
SHORTEST_ROWS = 150
LEAST_ZEROS = 100  # that must come before ESC @; a row that was broken off swallows up to 90 of 200

REPLY, DONE, ERROR, PHASE_CHANGE = 0, 1, 2, 6
RECEIVING, PRINTING = 0, 1

WELL = (0, 0)
NO_MEDIA = (0x01, 0)
CUTTER_JAM = (0x04, 0)
REPLACE_MEDIA = (0, 0x01)
COVER_OPEN = (0, 0x10)

TAPE_62 = (62, 0x0A)
NO_TAPE = (0, 0)

_ARGUMENTS = {b"\x1b@": 0, b"\x1biS": 0, b"\x1bia": 1, b"\x1bi!": 1, b"\x1biM": 1, b"\x1biK": 1, b"\x1biA": 1}
_ARGUMENTS |= {b"\x1bid": 2, b"\x1biz": 10, b"M": 1, b"Z": 0, b"\x0c": 0, b"\x1a": 0, b"\0": 0, b"g": 2, b"G": 2}


class QlDouble:
    """The printer, at `address`.

    These may be set at any time, and are what a test looks at:

    Attributes:
        fault: what is wrong with it, as in a status packet.
        fault_while_printing: what goes wrong in the middle of the next label.
        tape: width in mm and kind of what is in it.
        silent: whether it says nothing, as some do over the network.
        deaf: whether it takes no more bytes.
        gone_after: after how many bytes from now it loses its power.
        gone_while_printing: whether it loses its power in the middle of the next label.
        gone_when_done: whether it does so as soon as it said that a label is out.
        noise: what it says before each answer.
        print_s: how long it takes over a label.
        labels: what came out: 696 dots wide, mode `1`.
        cuts: how often it cut the tape.
        wrong: what it did not understand.
        holds: whether it holds a label that could not be printed yet.
    """

    def __init__(self) -> None:
        self.fault = self.fault_while_printing = WELL
        self.tape = TAPE_62
        self.silent = self.deaf = self.gone_while_printing = self.gone_when_done = False
        self.noise = b""
        self.gone_after: int | None = None
        self.print_s = 0.02
        self.labels: list[Image.Image] = []
        self.cuts = self.taken = self._zeros = 0
        self.wrong: list[str] = []
        self._buffer = b""
        self._held: list[bytes] = []
        self._initialise()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ql-double")
        self._thread.start()

    @property
    def holds(self) -> bool:
        return bool(self._held)

    def open_line(self) -> Line:
        raise NotImplementedError

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> QlDouble:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the line

    def _fd(self) -> int:
        """Of the line, or -1 while nobody is there."""
        raise NotImplementedError

    def _hang_up(self, for_good: bool) -> None:
        raise NotImplementedError

    def _work(self) -> None:
        while not self._stop.is_set():
            if self._held and self.fault == WELL:
                self._print(self._held)
            fd = -1 if self.deaf else self._fd()
            if fd < 0:
                time.sleep(0.005)
            elif select.select([fd], [], [], 0.01)[0]:
                self._take(fd)
        self._hang_up(for_good=True)

    def _take(self, fd: int) -> None:
        try:
            content = os.read(fd, 4096 if self.gone_after is None else min(4096, self.gone_after))
        except OSError:
            content = b""
        self.taken += len(content)
        self._buffer += content
        self._parse()
        if self.gone_after is not None:
            self.gone_after -= len(content)
            if not self.gone_after:
                self._power_off()
        elif not content:
            self._hang_up(for_good=False)

    def _power_off(self) -> None:
        self._stop.set()
        self._buffer = b""

    def _say(self, kind: int, phase: int = RECEIVING) -> None:
        one, two = self.fault
        width, media = self.tape
        packet = bytearray(32)
        packet[:7] = b"\x80\x20B4A00"
        packet[8:12] = bytes((one, two, width, media))
        packet[18:20] = bytes((kind, phase))
        if not self.silent:
            with contextlib.suppress(OSError):
                os.write(self._fd(), self.noise + packet)

    # -- the language

    def _initialise(self) -> None:
        self._packed = self._cuts = False
        self._media: tuple[int, int] | None = None
        self._announced = 0
        self._rows: list[bytes] = []
        self._held = []

    def _parse(self) -> None:
        while self._buffer:
            start = next((start for start in _ARGUMENTS if self._buffer.startswith(start)), None)
            if start is None:
                if self._buffer in (b"\x1b", b"\x1bi"):
                    return
                self.wrong.append(f"no command: {self._buffer[:8].hex(' ')}")
                self._buffer = self._buffer[1:]
                continue
            length = len(start) + _ARGUMENTS[start]
            if len(self._buffer) >= length and start in b"gG":
                length += self._buffer[2] if start == b"g" else int.from_bytes(self._buffer[1:3], "little")
            if len(self._buffer) < length:
                return
            arguments, self._buffer = self._buffer[len(start) : length], self._buffer[length:]
            self._obey(start, arguments)

    def _obey(self, command: bytes, arguments: bytes) -> None:
        if command == b"\x1b@" and self._zeros < LEAST_ZEROS:
            self.wrong.append(f"only {self._zeros} zero bytes before ESC @")
        self._zeros = self._zeros + 1 if command == b"\0" else 0
        if command == b"\x1b@":
            self._initialise()
        elif command == b"\x1biS":
            self._say(REPLY)
        elif command == b"\x1bia" and arguments != b"\x01":
            self.wrong.append("not the raster mode")
        elif command == b"\x1biz":
            kind, width, _length, self._announced = struct.unpack("<xBBBLxx", arguments)
            self._media = (width, kind)
        elif command == b"\x1biM":
            self._cuts = bool(arguments[0] & 0x40)
        elif command == b"M":
            self._packed = arguments == b"\x02"
        elif command in (b"g", b"G"):
            self._add(unpacked(arguments[2:]) if self._packed else arguments[2:])
        elif command == b"Z":
            self._add(bytes(ROW_BYTES))
        elif command in (b"\x0c", b"\x1a"):
            self._print_page()

    def _add(self, row: bytes) -> None:
        if len(row) != ROW_BYTES:
            self.wrong.append(f"a row of {len(row)} bytes")
        self._rows.append(row)

    def _print_page(self) -> None:
        rows, self._rows = self._rows, []
        if len(rows) != self._announced or len(rows) < SHORTEST_ROWS:
            self.wrong.append(f"{len(rows)} rows, {self._announced} announced")
        if self.fault == WELL and self._media != self.tape:
            self.fault = NO_MEDIA if self.tape == NO_TAPE else REPLACE_MEDIA
        if self.fault == WELL:
            self._print(rows)
        else:
            self._held = rows
            self._say(ERROR)

    def _print(self, rows: list[bytes]) -> None:
        self._held = []
        self._say(PHASE_CHANGE, PRINTING)
        time.sleep(self.print_s)
        if self.gone_while_printing:
            self._power_off()
            return
        if self.fault_while_printing != WELL:
            self._held, self.fault, self.fault_while_printing = rows, self.fault_while_printing, WELL
            self._say(ERROR, PRINTING)
            return
        picture = Image.frombytes("1", (ROW_BYTES * 8, len(rows)), b"".join(rows))
        label = ImageOps.mirror(ImageChops.invert(picture.convert("L")).convert("1"))
        self.labels.append(label.crop((FIRST_DOT, 0, END_DOT, label.height)))
        self.cuts += self._cuts
        self._say(DONE, PRINTING)
        if self.gone_when_done:
            self._power_off()
            return
        self._say(PHASE_CHANGE, RECEIVING)


class QlOnNetwork(QlDouble):
    """One on a TCP port; a single line at a time, as theirs."""

    def __init__(self, port: int = 0) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self._server.setblocking(False)
        self.port: int = self._server.getsockname()[1]
        self.address = f"label://127.0.0.1:{self.port}"
        self._client: socket.socket | None = None
        self.lines = 0
        super().__init__()

    def open_line(self) -> Line:
        return SocketLine("127.0.0.1", self.port, send_timeout_s=0.3)

    def _fd(self) -> int:
        if self._client is None:
            try:
                self._client = self._server.accept()[0]
            except BlockingIOError:
                return -1
            self.lines += 1
        return self._client.fileno()

    @property
    def connected(self) -> bool:
        return self._client is not None

    def hang_up(self) -> None:
        """Close the line that is open, as they do when nothing came over it for minutes."""
        if self._client:
            self._client.shutdown(socket.SHUT_RDWR)

    def _hang_up(self, for_good: bool) -> None:
        if self._client:
            self._client.close()
        self._client = None
        if for_good:
            self._server.close()


class QlOnTerminal(QlDouble):
    """One on a pseudo terminal, which stands for a USB or serial line."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.address = os.ttyname(self._slave)
        super().__init__()

    def open_line(self) -> Line:
        return DeviceLine(self.address, None, send_timeout_s=0.3)

    def _fd(self) -> int:
        return self._master

    def _hang_up(self, for_good: bool) -> None:
        if for_good:
            os.close(self._master)
            os.close(self._slave)


def unpacked(content: bytes) -> bytes:
    """PackBits undone. Source: TIFF 6.0, section 9."""
    out = bytearray()
    at = 0
    while at < len(content):
        count = content[at]
        if count < 128:
            out += content[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            out += content[at + 1 : at + 2] * (257 - count if count > 128 else 0)
            at += 2 if count > 128 else 1
    return bytes(out)
