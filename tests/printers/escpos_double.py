"""A receipt printer of our own on loopback: takes ESC/POS over TCP and keeps what came out of it as pictures.

`Mechanism` is the printer: it knows no connections, and goes on printing when they end. `EscposDouble` puts it on the
network and does to it, from the test's thread, what happens to printers. Source: Epson's ESC/POS command reference.
"""

from __future__ import annotations

import functools
import math
import queue
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Concatenate, Final, NamedTuple, ParamSpec

from PIL import Image

HOST: Final = "127.0.0.1"
MODEL: Final = b"TM-T20III"
LINE_DOTS: Final = 30
BATCH_S: Final = 0.02
"""A slow printer prints the rows of so long at a time."""

RASTER: Final = b"\x1dv0"
MARK: Final = b"\x1d(H\x06\x00\x30\x30"
ASK_MAKER: Final = b"\x1dI\x42"
ASK_MODEL: Final = b"\x1dI\x43"
ASK_CUTS: Final = b"\x1dg2\x00\x32\x00"
ASK_STATUS: Final = b"\x10\x04"
CLEAR: Final = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"

CUTS: Final = {b"\x1dV" + bytes([form]): 3 for form in (0, 1, 48, 49)} | {
    b"\x1dV" + bytes([form]): 4 for form in (65, 66, 97, 98, 103, 104)
}
PLAIN: Final = {b"\x1b@": 2, b"\x1bd": 3, b"\x1bJ": 3, RASTER: 8, **CUTS}
"""How commands begin that every printer knows, and how long they are; a raster's rows follow it."""
CONFIRMING: Final = PLAIN | {MARK: 11, ASK_MAKER: 3, ASK_MODEL: 3, ASK_CUTS: 6}

_P = ParamSpec("_P")


@dataclass(frozen=True)
class Paper:
    """What came out with one cut, in black and white (1); not `whole` if some of it was lost before it was printed."""

    image: Image.Image
    whole: bool


class Fault(NamedTuple):
    """Bytes that are no command this printer knows, and how many came before them (real-time commands left out)."""

    position: int
    content: bytes

    @property
    def end(self) -> int:
        return self.position + len(self.content)


class Mark(NamedTuple):
    """A process id that was answered, and when (`time.monotonic`)."""

    id: bytes
    at: float


def symbols(paper: Paper) -> list[str]:
    """What the QR symbols on a paper say."""
    import zxingcpp

    if not paper.image.height:
        return []
    found = zxingcpp.read_barcodes(paper.image.convert("L"))
    return [symbol.text for symbol in found if symbol.format == zxingcpp.BarcodeFormat.QRCode]


class Mechanism:
    """Takes bytes, prints them in order while it can, and answers. Is worked by one thread.

    Attributes:
        papers: what came out, one for each cut.
        cuts: how often it cut, ever.
        received: how many bytes came in, ever.
        marks: the process ids that it answered.
        faults: what a confirming printer did not know.
        rubbish: what a plain printer did not know and printed as text.
    """

    def __init__(self, width_dots: int, confirms: bool, silent: bool, maker: bytes, rows_per_s: float) -> None:
        self.papers: list[Paper] = []
        self.cuts = 0
        self.received = 0
        self.marks: list[Mark] = []
        self.faults: list[Fault] = []
        self.rubbish = ""
        self._width_dots, self._confirms, self._silent, self._maker = width_dots, confirms, silent, maker
        self._rows_per_s = rows_per_s
        self._commands = CONFIRMING if confirms else PLAIN
        self._openings = (*self._commands, ASK_STATUS, *([CLEAR] if confirms else []))
        self._real_time = re.compile(ASK_STATUS + b"[\1-\4]" + (b"|" + re.escape(CLEAR) if confirms else b""))
        self._has_paper, self._paper_low, self._cover_open, self._jammed = True, False, False, False
        self._rows_of_paper = math.inf
        self._came_out = threading.Condition()
        self._buffer = bytearray()
        self._executed = 0
        self._across, self._rows = 0, 0
        self._strip = bytearray()
        self._broken = False
        self._busy_until = 0.0
        self._just_heard = b""

    def _answer(self, content: bytes) -> bool:
        """Send something back; whether anyone is there."""
        raise NotImplementedError

    @property
    def _stopped(self) -> bool:
        return not self._has_paper or self._cover_open or self._jammed

    def _status(self, kind: int) -> int:
        if kind == 1:  # bit 2 is the level of the cash drawer's pin and says nothing of the printer
            return 0x1A if self._stopped else 0x16
        if kind == 2:
            return 0x12 | 0x04 * self._cover_open | 0x20 * (not self._has_paper) | 0x40 * self._jammed
        if kind == 3:
            return 0x12 | 0x08 * self._jammed
        return 0x12 | 0x0C * (self._paper_low or not self._has_paper) | 0x60 * (not self._has_paper)

    def _take_in(self, content: bytes) -> None:
        """Put bytes in the receive buffer, but obey real-time commands at once, wherever they are."""
        self.received += len(content)
        at = len(self._just_heard)
        content, end = self._just_heard + content, 0
        for found in self._real_time.finditer(content):
            end = found.end()
            if found.start() < at:  # it began in what came before: take back what is not executed yet
                del self._buffer[max(0, len(self._buffer) - (at - found.start())) :]
            self._buffer += content[at : found.start()]
            at = end
            self._work()  # that what came before is printed, if it can be, is not left to how the bytes were packed
            if found.group() == CLEAR:
                self._forget()
                self._answer(b"\x37\x25\x00")
            elif not self._silent:
                self._answer(bytes([self._status(content[end - 1])]))
        self._buffer += content[at:]
        self._just_heard = content[end:][1 - len(CLEAR) :]

    def _forget(self) -> None:
        """Lose all that is not printed; what is half printed stays on the paper."""
        self._executed += len(self._buffer)
        self._buffer.clear()
        self._rows, self._busy_until = 0, 0.0
        self._broken = self._broken or any(self._strip)

    def _work(self) -> float | None:
        """Do what can be done now; seconds until there is more to do, None if that is up to others."""
        while not self._stopped:
            if (pause := self._busy_until - time.monotonic()) > 0:
                return pause
            if not (self._print_rows() if self._rows else self._execute()):
                break
        return None

    def _execute(self) -> bool:
        """Execute one command of the buffer, if one is there in full."""
        head = bytes(self._buffer[: max(self._commands.values())])
        opening = next((known for known in self._commands if head.startswith(known)), None)
        if opening is not None:
            if len(head) < self._commands[opening]:
                return False
            self._obey(opening, self._next(self._commands[opening]))
            return True
        if any(known.startswith(head) for known in self._openings):
            return False
        self._wonder(self._next(1))
        return True

    def _obey(self, opening: bytes, command: bytes) -> None:
        if opening == b"\x1bd":
            self._feed(command[2] * LINE_DOTS)
        elif opening == b"\x1bJ":
            self._feed(command[2])
        elif opening == RASTER:
            mode, self._across, down = struct.unpack("<BHH", command[3:])
            self._rows = down if self._across else 0
            if mode not in (0, 48) or not self._rows:
                self._wonder(command)
        elif opening in CUTS:
            self._feed(sum(command[3:]))
            self._cut()
        elif opening == MARK:
            mark = command[-4:]
            if not mark.isascii() or not mark.decode().isprintable():
                self._wonder(command)
                return
            self.marks.append(Mark(mark, time.monotonic()))  # first: who has the answer finds it here
            if not self._answer(b"\x37\x22" + mark + b"\x00"):
                self.marks.pop()
        elif opening in (ASK_MAKER, ASK_MODEL, ASK_CUTS):
            told = {ASK_MAKER: self._maker.removeprefix(b"_"), ASK_MODEL: MODEL, ASK_CUTS: b"%d" % self.cuts}
            self._answer(b"\x5f" + told[opening] + b"\x00")

    def _next(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._executed += count
        return taken

    def _wonder(self, content: bytes) -> None:
        """Note what was taken last and is not understood; what follows on the last of these is added to it."""
        if not self._confirms:
            self.rubbish += "".join(chr(byte) for byte in content if 0x20 <= byte <= 0x7E)
            return
        position = self._executed - len(content)
        if self.faults and self.faults[-1].end == position:
            position, before = self.faults.pop()
            content = before + content
        self.faults.append(Fault(position, content))

    def _print_rows(self) -> bool:
        """Print the rows of a raster that are there, as far as paper and time allow."""
        there = len(self._buffer) // self._across
        count = int(min(self._rows, there, max(1, self._rows_per_s * BATCH_S), self._rows_of_paper))
        width = self._width_dots // 8
        for _ in range(count):
            self._strip += self._next(self._across)[:width].ljust(width, b"\0")
        self._rows -= count
        self._rows_of_paper -= count
        if not self._rows_of_paper:
            self._has_paper, self._rows_of_paper = False, math.inf
        self._pass(count)
        return count > 0

    def _feed(self, rows: int) -> None:
        self._strip += bytes(rows * self._width_dots // 8)
        self._pass(rows)

    def _pass(self, rows: int) -> None:
        self._busy_until = time.monotonic() + rows / self._rows_per_s

    def _cut(self) -> None:
        size = self._width_dots, len(self._strip) * 8 // self._width_dots
        image = Image.frombytes("1", size, bytes(255 - byte for byte in self._strip))
        with self._came_out:
            self.papers.append(Paper(image, whole=not self._broken))
            self.cuts += 1
            self._came_out.notify_all()
        self._strip.clear()
        self._broken = False


def _by_its_thread(
    method: Callable[Concatenate[EscposDouble, _P], None],
) -> Callable[Concatenate[EscposDouble, _P], None]:
    """Have the printer's own thread do it, and wait until it has taken effect."""

    @functools.wraps(method)
    def ordered(self: EscposDouble, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        self._order(functools.partial(method, self, *args, **kwargs))

    return ordered


class EscposDouble(Mechanism):
    """A printer that listens on a `port` of its own and serves one connection at a time.

    Arguments:
        confirms: it knows process ids, counts its cuts and can be cleared; a plain one prints such commands as text.
        silent: it does not even answer how it is.
        busy: it refuses a second connection while one is open; else that waits its turn.
        rows_per_s: how fast it prints.
    """

    def __init__(
        self,
        width_dots: int = 576,
        *,
        confirms: bool = True,
        silent: bool = False,
        busy: bool = False,
        maker: bytes = b"_EPSON",
        rows_per_s: float = math.inf,
    ) -> None:
        super().__init__(width_dots, confirms, silent, maker, rows_per_s)
        self._busy = busy
        self._powered, self._networked, self._turns_away, self._ended = True, True, False, False
        self._bytes_of_power: int | None = None
        self._line: socket.socket | None = None
        self._listening: socket.socket | None = None
        self._place = socket.socket()  # is never listened on, and keeps the port ours while nothing listens
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind((HOST, 0))
        self.port: int = self._place.getsockname()[1]
        self._orders: queue.SimpleQueue[tuple[Callable[[], None], threading.Event]] = queue.SimpleQueue()
        self._bell, self._bell_rope = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="escpos double", daemon=True)

    def __enter__(self) -> EscposDouble:
        self._settle()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()
        self._thread.join(5)
        for end in (self._place, self._bell, self._bell_rope):
            end.close()

    def wait_for_papers(self, count: int, timeout_s: float = 5) -> list[Paper]:
        """The papers, once there are so many."""
        with self._came_out:
            came = self._came_out.wait_for(lambda: len(self.papers) >= count, timeout_s)
            assert came, f"{len(self.papers)} papers of {count} came out in {timeout_s} s"
            return list(self.papers)

    @_by_its_thread
    def paper_out(self) -> None:
        """The paper ends; what is not printed is held."""
        self._has_paper = False

    @_by_its_thread
    def paper_out_at(self, rows: int) -> None:
        """The paper ends after so many more rows of rasters."""
        self._has_paper, self._rows_of_paper = rows > 0, rows or math.inf

    @_by_its_thread
    def paper_in(self) -> None:
        """A new roll; what is held is printed."""
        self._has_paper, self._paper_low, self._rows_of_paper = True, False, math.inf

    @_by_its_thread
    def near_end(self) -> None:
        """The paper is nearly at its end."""
        self._paper_low = True

    @_by_its_thread
    def open_cover(self) -> None:
        """Somebody opens the cover; what is not printed is held."""
        self._cover_open = True

    @_by_its_thread
    def close_cover(self) -> None:
        """Somebody closes it; what is held is printed."""
        self._cover_open = False

    @_by_its_thread
    def jam_cutter(self) -> None:
        """The cutter is stuck, an error; what is not printed is held."""
        self._jammed = True

    @_by_its_thread
    def free_cutter(self) -> None:
        """The cutter moves again; what is held is printed."""
        self._jammed = False

    @_by_its_thread
    def slow(self, rows_per_s: float) -> None:
        """Print at this speed from now on."""
        self._rows_per_s, self._busy_until = rows_per_s, 0.0

    @_by_its_thread
    def cut_power(self) -> None:
        """Pull the plug: connections are reset and all that is not printed is lost."""
        self._lose_power()

    @_by_its_thread
    def cut_power_at(self, count: int) -> None:
        """Pull the plug when so many more bytes have come in."""
        self._bytes_of_power = count

    @_by_its_thread
    def power_on(self) -> None:
        """Plug it in again."""
        self._powered = True

    @_by_its_thread
    def drop_network(self) -> None:
        """Connections are reset and new ones refused; what came in is still printed."""
        self._networked = False

    @_by_its_thread
    def network_back(self) -> None:
        """Connections are possible again."""
        self._networked = True

    @_by_its_thread
    def answer_busy(self, busy: bool = True) -> None:
        """Take new connections and close them at once."""
        self._turns_away = busy

    @_by_its_thread
    def _end(self) -> None:
        self._ended = True

    def _order(self, change: Callable[[], None]) -> None:
        done = threading.Event()
        self._orders.put((change, done))
        self._bell_rope.send(b"!")
        assert done.wait(5), "the printer's thread does not run"

    def _run(self) -> None:
        while not self._ended:
            place = self._line or self._listening
            ready = wait([self._bell, place] if place else [self._bell], self._work())
            if place in ready and not self._line:
                self._accept()
            if self._line and wait([self._line], 0):
                self._hear()
            self._settle()
            if self._bell in ready:  # last: what was sent before an order was given is there when it is carried out
                self._follow()

    def _follow(self) -> None:
        self._bell.recv(1)
        change, done = self._orders.get()
        change()
        self._settle()
        self._work()
        done.set()

    def _accept(self) -> None:
        assert self._listening
        line, _address = self._listening.accept()
        if self._turns_away:
            line.close()
        else:
            line.settimeout(5)
            self._line, self._just_heard = line, b""

    def _hear(self) -> None:
        assert self._line
        try:
            content = self._line.recv(65536)
        except OSError:
            content = b""
        if not content:
            self._hang_up()
            return
        content = content[: self._bytes_of_power]
        self._take_in(content)
        if self._bytes_of_power is not None:
            self._bytes_of_power -= len(content)
            if not self._bytes_of_power:
                self._work()
                self._lose_power()

    def _hang_up(self) -> None:
        assert self._line
        self._line.close()
        self._line = None

    def _answer(self, content: bytes) -> bool:
        try:
            if self._line:
                self._line.sendall(content)
        except OSError:
            return False
        return self._line is not None

    def _lose_power(self) -> None:
        self._powered, self._bytes_of_power = False, None
        self._forget()

    def _settle(self) -> None:
        """Have the sockets as power and network are."""
        reachable = self._powered and self._networked and not self._ended
        listens = reachable and not (self._busy and self._line)
        if listens and not self._listening:
            self._listening = socket.create_server((HOST, self.port))
        elif self._listening and not listens:
            self._listening.close()
            self._listening = None
        if self._line and not reachable:  # last: who sees the connection end finds no way back
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed by a reset
            self._hang_up()
