"""Lines to printers: real sockets and pseudo terminals, and what is known when they fail."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.printers import lines
from kiosk.devices.printers.lines import DeviceLine, Line, LineError, SocketLine, StalledError

MUCH = bytes(range(256)) * 65536  # 16 MB: more than the kernel holds for a socket
EVERY_BYTE = MUCH[:256]
STALL_S = 0.2


class Far:
    """The printer's end of a line, which does only what a test says."""

    address: str

    def line(self) -> Line:
        raise NotImplementedError

    def fd(self) -> int:
        raise NotImplementedError

    def say(self, content: bytes) -> None:
        os.write(self.fd(), content)

    def hear(self, count: int) -> bytes:
        """At least `count` bytes; fewer when no more come."""
        heard = bytearray()
        while len(heard) < count and select.select([self.fd()], [], [], 0.3)[0]:
            try:
                content = os.read(self.fd(), 1 << 16)
            except OSError:  # what a terminal says when nobody is there any more
                break
            if not content:
                break
            heard += content
        return bytes(heard)

    def go(self) -> None:
        raise NotImplementedError


class FarSocket(Far):
    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._client: socket.socket | None = None

    def line(self) -> Line:
        line = SocketLine("127.0.0.1", self.port, send_timeout_s=STALL_S)
        self._client = self._server.accept()[0]
        return line

    def fd(self) -> int:
        assert self._client
        return self._client.fileno()

    def go(self) -> None:
        for end in (self._client, self._server):
            if end:
                end.close()


class FarTerminal(Far):
    """The program's end is a terminal in its usual mode, which would change what is sent."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        self.address = os.ttyname(self._slave)

    def line(self) -> Line:
        return DeviceLine(self.address, None, send_timeout_s=STALL_S)

    def fd(self) -> int:
        return self._master

    def flags(self) -> list[int | list[bytes | int]]:
        return termios.tcgetattr(self._slave)

    def go(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._master)
            os.close(self._slave)


@pytest.fixture(params=[FarSocket, FarTerminal])
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    far = request.param()
    yield far
    far.go()


@pytest.fixture
def terminal() -> Iterator[FarTerminal]:
    terminal = FarTerminal()
    yield terminal
    terminal.go()


@pytest.fixture
def line(far: Far) -> Iterator[Line]:
    with contextlib.closing(far.line()) as line:
        yield line


def test_every_byte_goes_as_it_is_both_ways(far: Far, line: Line) -> None:
    line.send(EVERY_BYTE)
    assert far.hear(256) == EVERY_BYTE
    far.say(EVERY_BYTE)
    assert line.receive(1) == EVERY_BYTE
    assert line.receive(0) == b""


def test_a_long_content_goes_in_pieces(far: Far, line: Line) -> None:
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(far.hear(300_000)))
    reader.start()
    line.send(MUCH[:300_000])
    reader.join()
    assert heard == [MUCH[:300_000]]


def test_silence_ends_at_the_time_out_and_what_is_there_comes_at_once(far: Far, line: Line) -> None:
    began = time.monotonic()
    assert line.receive(0.15) == b""
    assert 0.14 < time.monotonic() - began < 0.5
    far.say(b"ready")
    began = time.monotonic()
    assert line.receive(5) == b"ready"
    assert time.monotonic() - began < 1


def test_no_more_than_4096_bytes_come_at_a_time_and_none_is_lost(far: Far, line: Line) -> None:
    threading.Thread(target=far.say, args=(MUCH[:10_000],)).start()
    heard = [line.receive(1)]
    while len(b"".join(heard)) < 10_000 and heard[-1]:
        heard.append(line.receive(1))
    assert b"".join(heard) == MUCH[:10_000]
    assert max(map(len, heard)) <= 4096


def test_one_that_takes_no_more_ends_the_sending_with_the_count(far: Far, line: Line) -> None:
    began = time.monotonic()
    with pytest.raises(StalledError, match=r"took nothing for 0\.2 s") as told:
        line.send(MUCH)
    assert time.monotonic() - began < 5
    assert far.address in str(told.value)
    assert 0 < told.value.sent < len(MUCH)
    heard = far.hear(told.value.sent)
    assert heard == MUCH[: told.value.sent]
    # It takes bytes again: the line goes on where it stopped, and is as good as ever.
    line.send(b"and on")
    line.close()
    assert far.hear(6) == b"and on"


def test_a_second_go_at_one_that_still_takes_nothing_sent_nothing(terminal: FarTerminal) -> None:
    with contextlib.closing(terminal.line()) as line:
        with pytest.raises(StalledError):
            line.send(MUCH)
        with pytest.raises(StalledError) as told:
            line.send(b"x")
        assert told.value.sent == 0


def test_the_time_out_is_for_silence_not_for_the_whole(terminal: FarTerminal) -> None:
    """A printer that takes its bytes slowly, longer than the time-out in all, is well."""
    heard = bytearray()

    def take_slowly() -> None:
        while len(heard) < 40_000:
            time.sleep(STALL_S / 8)
            heard.extend(os.read(terminal.fd(), 2000))

    taker = threading.Thread(target=take_slowly)
    taker.start()
    with contextlib.closing(terminal.line()) as line:
        began = time.monotonic()
        line.send(MUCH[:40_000])
        assert time.monotonic() - began > STALL_S
        taker.join()
    assert bytes(heard) == MUCH[:40_000]


def test_what_it_said_before_it_went_is_read_first() -> None:
    far = FarSocket()
    with contextlib.closing(far.line()) as line:
        far.say(b"last words")
        far.go()
        assert line.receive(1) == b"last words"
        with pytest.raises(LineError, match="closed the line"):
            line.receive(1)


def test_one_that_is_gone_is_noticed_at_once_and_nothing_was_sent(far: Far, line: Line) -> None:
    far.go()
    began = time.monotonic()
    with pytest.raises(LineError) as told:
        line.receive(5)
    assert time.monotonic() - began < 1
    assert far.address in str(told.value)
    with pytest.raises(LineError) as told:
        line.send(b"slip")
    assert (told.value.sent, isinstance(told.value, StalledError)) == (0, False)


def test_one_that_goes_half_way_ends_the_sending_with_the_count(far: Far, line: Line) -> None:
    def take_some_and_go() -> None:
        far.hear(1000)
        far.go()

    goer = threading.Thread(target=take_some_and_go)
    goer.start()
    with pytest.raises(LineError) as told:
        line.send(MUCH)
    goer.join()
    assert not isinstance(told.value, StalledError)
    assert 1000 <= told.value.sent < len(MUCH)


def test_closing_lets_the_last_bytes_leave(far: Far) -> None:
    line = far.line()
    line.send(MUCH[:3000])
    line.close()
    line.close()
    assert far.hear(3000) == MUCH[:3000]


def test_a_closed_line_says_so(far: Far) -> None:
    line = far.line()
    line.close()
    with pytest.raises(LineError, match="closed already") as told:
        line.send(b"x")
    assert told.value.sent == 0
    with pytest.raises(LineError, match="closed already"):
        line.receive(0)


def test_what_was_not_taken_is_thrown_away_when_the_line_is_closed(far: Far) -> None:
    """Else it would come out of the printer whenever it has paper again, for somebody else."""
    line = far.line()
    with pytest.raises(StalledError) as told:
        line.send(MUCH)
    began = time.monotonic()
    line.close()
    assert time.monotonic() - began < 0.5
    assert len(far.hear(told.value.sent)) < told.value.sent


def test_closing_throws_away_what_does_not_leave_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending had no fault, as the kernel took it all; the printer did not."""
    monkeypatch.setattr(lines, "LEAVING_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line = SocketLine("127.0.0.1", server.getsockname()[1])
        client, _ = server.accept()
        with client:
            line.send(MUCH[:100_000])
            began = time.monotonic()
            line.close()
            assert 0.15 < time.monotonic() - began < 1
            with pytest.raises(ConnectionResetError):
                while client.recv(1 << 16):
                    pass


# -- sockets


def test_a_host_that_does_not_listen_is_told_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(LineError, match=f"127.0.0.1:{port}: no connection") as told:
        SocketLine("127.0.0.1", port)
    assert told.value.sent == 0


def test_a_host_that_does_not_answer_ends_at_the_time_out() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        try:
            for client in waiting:  # fill the queue of those who wait to be let in
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", port))
            began = time.monotonic()
            with pytest.raises(LineError, match="no connection"):
                SocketLine("127.0.0.1", port, connect_timeout_s=0.3)
            assert 0.2 < time.monotonic() - began < 1
        finally:
            for client in waiting:
                client.close()


# -- devices


def test_a_serial_line_has_the_speed_and_the_flow_it_was_given(terminal: FarTerminal) -> None:
    with contextlib.closing(DeviceLine(terminal.address, 19200, hardware_flow=True)):
        incoming, outgoing, control, local, *speeds, _ = terminal.flags()
        assert (incoming, outgoing, local, speeds) == (0, 0, 0, [termios.B19200] * 2)
        assert isinstance(control, int)
        assert control & termios.CRTSCTS
    with contextlib.closing(DeviceLine(terminal.address, None)):
        _, _, control, _, *speeds, _ = terminal.flags()
        assert speeds == [termios.B19200] * 2
        assert isinstance(control, int)
        assert not control & termios.CRTSCTS


def test_a_speed_that_is_none_is_told(terminal: FarTerminal) -> None:
    with pytest.raises(LineError, match=f"{terminal.address}: cannot be set up for 12345 baud"):
        DeviceLine(terminal.address, 12345)


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_what_is_no_device_is_not_written_to(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "lp0"
    if kind == "file":
        path.write_text("somebody's work")
    with pytest.raises(LineError, match=f"{path}: there is no such device"):
        DeviceLine(str(path), None)
    assert kind == "missing" or path.read_text() == "somebody's work"


def test_a_device_that_is_no_terminal_reads_empty_while_it_has_nothing_to_say() -> None:
    """As usblp does; `/dev/null` reads empty too."""
    with contextlib.closing(DeviceLine("/dev/null", None)) as line:
        line.send(b"slip")
        began = time.monotonic()
        assert line.receive(0.1) == b""
        assert 0.09 < time.monotonic() - began < 0.5


def test_lines_leave_no_open_files_behind(far: Far) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    line = far.line()
    line.close()
    with pytest.raises(LineError):
        DeviceLine("/dev/tty-none", None)
    kept = 1 if isinstance(far, FarSocket) else 0  # the far end's own
    assert len(list(Path("/proc/self/fd").iterdir())) == before + kept
