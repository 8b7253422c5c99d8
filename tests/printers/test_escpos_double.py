"""The double of a receipt printer does what a driver is tested against: each of its behaviours, over a real socket."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import qrcode
from PIL import Image

from tests.printers.escpos_double import CLEAR, HOST, EscposDouble, Fault, symbols

START = b"\x1b@"
CUT = b"\x1dV\x42\x00"
ASK_CUTS = b"\x1dg2\x00\x32\x00"
CLEARED = b"\x37\x25\x00"
READY = "16121212"


def mark(name: bytes) -> bytes:
    return b"\x1d(H\x06\x00\x30\x30" + name


def printed(name: bytes) -> bytes:
    return b"\x37\x22" + name + b"\x00"


def raster(image: Image.Image) -> bytes:
    across = image.width // 8
    head = b"\x1dv0\x00" + across.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    return head + bytes(255 - byte for byte in image.convert("1").tobytes())


def black(rows: int, across: int = 72) -> bytes:
    return raster(Image.new("1", (8 * across, rows), 0))


def symbol(content: str) -> bytes:
    code = qrcode.QRCode(box_size=8, border=4)
    code.add_data(content)
    return raster(code.make_image().get_image())


@pytest.fixture
def printer() -> Iterator[EscposDouble]:
    with EscposDouble() as printer:
        yield printer
        assert printer.faults == []


def connected(printer: EscposDouble) -> socket.socket:
    return socket.create_connection((HOST, printer.port), 5)


def heard(line: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        more = line.recv(count - len(content))
        assert more, f"only {content.hex(' ')}"
        content += more
    return content


def status(line: socket.socket) -> str:
    answers = b""
    for kind in (1, 2, 3, 4):
        line.sendall(b"\x10\x04" + bytes([kind]))
        answers += heard(line, 1)
    return answers.hex()


def ended(line: socket.socket) -> None:
    with pytest.raises(ConnectionResetError):
        line.recv(1)


def refused(printer: EscposDouble) -> None:
    with pytest.raises(ConnectionRefusedError):
        connected(printer)


def test_a_slip_comes_out_as_a_picture_and_is_confirmed(printer: EscposDouble) -> None:
    job = START + symbol("HTTPS://HUB.EXAMPLE/D/7K3M9QX2") + b"\x1bd\x02\x1bJ\x05" + CUT + mark(b"s001")
    with connected(printer) as line:
        line.sendall(job)
        assert heard(line, 7) == printed(b"s001")
        line.sendall(ASK_CUTS + b"\x1dI\x42" + b"\x1dI\x43")
        assert heard(line, 3) == b"_1\x00"
        assert heard(line, 8) == b"_EPSON\x00_"
    [paper] = printer.wait_for_papers(1)
    assert symbols(paper) == ["HTTPS://HUB.EXAMPLE/D/7K3M9QX2"]
    assert paper.whole and paper.image.mode == "1"
    assert paper.image.size == (576, (25 + 8) * 8 + 60 + 5)
    assert printer.received == len(job) + 6 + 3 + 3
    assert [name for name, _at in printer.marks] == [b"s001"]


@pytest.mark.parametrize("cut", ["00", "01", "30", "31", "4107", "4207", "6107", "6207", "6707", "6807"])
def test_every_form_of_cutting_cuts(printer: EscposDouble, cut: str) -> None:
    with connected(printer) as line:
        line.sendall(black(3) + b"\x1dV" + bytes.fromhex(cut) + black(2) + b"\x1dV\x00")
    first, second = printer.wait_for_papers(2)
    assert (first.image.height, second.image.height) == (3 if len(cut) == 2 else 10, 2)
    assert first.image.getextrema() == (0, 255 if len(cut) > 2 else 0)
    assert printer.cuts == 2


def test_a_raster_is_as_wide_as_the_paper(printer: EscposDouble) -> None:
    with connected(printer) as line:
        line.sendall(black(1, across=100) + black(1, across=2) + CUT)
    [paper] = printer.wait_for_papers(1)
    assert [sum(1 for x in range(576) if not paper.image.getpixel((x, y))) for y in (0, 1)] == [576, 16]


def test_a_stream_is_understood_byte_by_byte(printer: EscposDouble) -> None:
    with connected(printer) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in START + black(2, across=3) + b"\x10\x04\x01" + b"\x1bJ\x10" + CUT + mark(b"abcd"):
            line.sendall(bytes([byte]))
        assert heard(line, 8) == b"\x16" + printed(b"abcd")
    assert printer.wait_for_papers(1)[0].image.height == 18


@pytest.mark.parametrize(
    ("happens", "is_over", "says"),
    [
        (EscposDouble.paper_out, EscposDouble.paper_in, "1a32127e"),
        (EscposDouble.open_cover, EscposDouble.close_cover, "1a161212"),
        (EscposDouble.jam_cutter, EscposDouble.free_cutter, "1a521a12"),
        (EscposDouble.near_end, EscposDouble.paper_in, "1612121e"),
    ],
)
def test_it_says_how_it_is_and_holds_what_it_cannot_print(
    printer: EscposDouble,
    happens: Callable[[EscposDouble], None],
    is_over: Callable[[EscposDouble], None],
    says: str,
) -> None:
    with connected(printer) as line:
        assert status(line) == READY
        happens(printer)
        line.sendall(black(5) + CUT + mark(b"held"))
        if says.startswith("1a"):
            assert status(line) == says
            assert (printer.papers, printer.marks) == ([], [])
            is_over(printer)
            assert heard(line, 7) == printed(b"held")
        else:
            assert heard(line, 7) == printed(b"held")
            assert status(line) == says
            is_over(printer)
        assert status(line) == READY
    assert [paper.image.height for paper in printer.wait_for_papers(1)] == [5]


def test_paper_ends_in_a_slip_and_the_rest_is_printed_on_the_next_roll(printer: EscposDouble) -> None:
    printer.paper_out_at(30)
    with connected(printer) as line:
        line.sendall(black(20) + black(20) + CUT + mark(b"late"))
        assert status(line) == "1a32127e"
        printer.paper_in()
        assert heard(line, 7) == printed(b"late")
        assert status(line) == READY
    [paper] = printer.papers
    assert (paper.image.height, paper.whole) == (40, True)


def test_what_is_held_is_cleared_at_once_and_half_a_slip_stays_on_the_paper(printer: EscposDouble) -> None:
    with connected(printer) as line:
        printer.paper_out_at(0)
        assert status(line) == "1a32127e"
        printer.paper_in()
        printer.paper_out_at(12)
        line.sendall(black(20) + CUT + mark(b"gone"))
        assert status(line) == "1a32127e"
        line.sendall(CLEAR[:-1])
        printer.near_end()  # takes effect after what was sent before is taken in
        line.sendall(CLEAR[-1:])
        assert heard(line, 3) == CLEARED
        printer.paper_in()
        line.sendall(ASK_CUTS)
        assert heard(line, 3) == b"_0\x00"
        line.sendall(black(5) + CUT + black(6) + CUT + mark(b"next"))
        assert heard(line, 7) == printed(b"next")
    assert [(paper.image.height, paper.whole) for paper in printer.papers] == [(17, False), (6, True)]


def test_clearing_an_idle_printer_breaks_nothing(printer: EscposDouble) -> None:
    with connected(printer) as line:
        line.sendall(b"\x1bd\x01")
        assert status(line) == READY
        line.sendall(CLEAR)
        assert heard(line, 3) == CLEARED
        line.sendall(black(5) + CUT)
        assert printer.wait_for_papers(1)[0].whole


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("apart", [11, 12, 13])
def test_a_status_request_in_a_raster_is_answered_and_damages_it(apart: int, pieces: int) -> None:
    with EscposDouble(width_dots=48) as printer, connected(printer) as line:
        picture = b"\x1dv0\x00\x06\x00\x02\x00" + b"\xff" * 3 + b"\x10\x04\x04" + b"\xff" * 6
        line.sendall(picture[:apart])
        if pieces == 2:
            printer.paper_in()  # takes effect after what was sent before is taken in
        line.sendall(picture[apart:] + CUT)
        assert heard(line, 1) == b"\x12"
        line.sendall(black(1, across=6) + CUT + mark(b"then"))
        assert heard(line, 7) == printed(b"then")
        [paper] = printer.papers  # the raster took three bytes of the cut for its own
        assert paper.image.height == 2 + 1
        assert [fault.content for fault in printer.faults] == [b"\x00"]


def test_half_a_request_is_not_completed_by_the_next_connection() -> None:
    with EscposDouble() as printer:
        with connected(printer) as line:
            line.sendall(b"\x1bJ\x10")
            printer.paper_in()
        with connected(printer) as line:
            line.sendall(b"\x04\x01")
            assert status(line) == READY
        assert printer.faults == [Fault(3, b"\x04\x01")]


def test_a_clearing_in_a_raster_is_obeyed() -> None:
    with EscposDouble(width_dots=80) as printer, connected(printer) as line:
        line.sendall(b"\x1dv0\x00\x0a\x00\x03\x00" + b"\xff" * 15 + CLEAR + b"\x00" * 10 + CUT + CUT)
        assert heard(line, 3) == CLEARED
        damaged, empty = printer.wait_for_papers(2)
        assert (damaged.image.height, damaged.whole) == (1, False)
        assert (empty.image.height, empty.whole, symbols(empty)) == (0, True, [])
        assert printer.faults == [Fault(8 + 15, b"\x00" * 10)]


def test_unknown_commands_are_noted_with_their_place() -> None:
    with EscposDouble() as printer, connected(printer) as line:
        line.sendall(START + b"\x1dV\x07" + START + b"hello" + mark(b"\x07abc") + START + b"\x1dI\x01")
        assert status(line) == READY
        assert printer.faults == [
            Fault(2, b"\x1dV\x07"),
            Fault(7, b"hello" + mark(b"\x07abc")),
            Fault(25, b"\x1dI\x01"),
        ]
        assert printer.marks == []


def test_a_raster_in_another_size_or_of_none_is_noted() -> None:
    with EscposDouble() as printer, connected(printer) as line:
        doubled, empty = b"\x1dv0\x01\x01\x00\x01\x00", b"\x1dv0\x00\x00\x00\x01\x00"
        line.sendall(doubled + b"\xff" + empty + START)
        assert status(line) == READY
        assert printer.faults == [Fault(0, doubled), Fault(9, empty)]


def test_a_plain_printer_prints_what_it_does_not_know_and_answers_only_how_it_is() -> None:
    with EscposDouble(384, confirms=False) as printer, connected(printer) as line:
        line.sendall(START + mark(b"abcd") + ASK_CUTS + b"\x1dI\x42" + CLEAR + black(3, across=48) + CUT)
        assert status(line) == READY
        [paper] = printer.wait_for_papers(1)
        assert paper.image.size == (384, 3)
        assert printer.rubbish == "(H00abcd" + "g22" + "IB"
        assert (printer.faults, printer.marks) == ([], [])


def test_a_silent_printer_says_nothing() -> None:
    with EscposDouble(confirms=False, silent=True) as printer, connected(printer) as line:
        line.sendall(b"\x10\x04\x01" + black(1) + CUT)
        assert printer.wait_for_papers(1)
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_maker_and_width_are_chosen() -> None:
    with EscposDouble(384, maker=b"_ACME") as printer, connected(printer) as line:
        line.sendall(b"\x1dI\x42" + black(1, across=48) + CUT)
        assert heard(line, 6) == b"_ACME\x00"
        assert printer.wait_for_papers(1)[0].image.width == 384


def test_a_power_cut_loses_what_is_held_and_keeps_paper_and_count(printer: EscposDouble) -> None:
    with connected(printer) as line:
        line.sendall(black(4) + CUT)
        printer.wait_for_papers(1)
        printer.paper_out_at(7)
        line.sendall(black(20) + CUT + mark(b"lost"))
        assert status(line) == "1a32127e"
        printer.cut_power()
        ended(line)
    refused(printer)
    printer.paper_in()
    printer.power_on()
    with connected(printer) as line:
        assert status(line) == READY
        line.sendall(ASK_CUTS + black(5) + CUT + mark(b"next"))
        assert heard(line, 10) == b"_1\x00" + printed(b"next")
    assert [(paper.image.height, paper.whole) for paper in printer.papers] == [(4, True), (12, False)]


def test_power_is_cut_at_a_byte(printer: EscposDouble) -> None:
    printer.cut_power_at(8 + 72 * 6 + 5)
    with connected(printer) as line:
        line.sendall(black(20) + CUT)
        ended(line)
    refused(printer)
    assert printer.received == 8 + 72 * 6 + 5
    printer.power_on()
    with connected(printer) as line:
        line.sendall(CUT)
        [paper] = printer.wait_for_papers(1)
    assert (paper.image.height, paper.whole) == (6, False)


def test_without_a_network_it_goes_on_printing_and_answers_nobody(printer: EscposDouble) -> None:
    printer.open_cover()
    with connected(printer) as line:
        line.sendall(black(9) + CUT + mark(b"mine"))
        printer.drop_network()
        ended(line)
    refused(printer)
    printer.close_cover()
    assert printer.wait_for_papers(1)[0].image.height == 9
    refused(printer)
    printer.network_back()
    with connected(printer) as line:
        line.sendall(ASK_CUTS)
        assert heard(line, 3) == b"_1\x00"
    assert printer.marks == []


def test_what_is_held_outlives_its_connection_and_is_confirmed_to_the_next(printer: EscposDouble) -> None:
    printer.paper_out()
    with connected(printer) as line:
        line.sendall(black(2) + CUT + mark(b"mine"))
        assert status(line) == "1a32127e"
    with connected(printer) as line:
        assert status(line) == "1a32127e"
        printer.paper_in()
        assert heard(line, 7) == printed(b"mine")


def test_it_says_that_it_is_busy_by_hanging_up(printer: EscposDouble) -> None:
    printer.answer_busy()
    with connected(printer) as line:
        assert line.recv(1) == b""
    printer.answer_busy(False)
    with connected(printer) as line:
        assert status(line) == READY


def test_a_second_connection_waits_its_turn(printer: EscposDouble) -> None:
    with connected(printer) as first, connected(printer) as second:
        assert status(first) == READY
        second.sendall(b"\x10\x04\x01")
        second.settimeout(0.1)
        with pytest.raises(TimeoutError):
            second.recv(1)
        first.close()
        second.settimeout(5)
        assert heard(second, 1) == b"\x16"


def test_a_busy_printer_refuses_a_second_connection() -> None:
    with EscposDouble(busy=True) as printer:
        with connected(printer) as first:
            assert status(first) == READY
            refused(printer)
            assert status(first) == READY
            first.shutdown(socket.SHUT_WR)
            assert first.recv(1) == b""
        printer.near_end()  # takes effect after what was closed before
        with connected(printer) as second:
            assert status(second) == "1612121e"


def test_a_slow_printer_takes_its_time_but_says_how_it_is_at_once(printer: EscposDouble) -> None:
    printer.slow(60)
    with connected(printer) as line:
        began = time.monotonic()
        line.sendall(black(30) + CUT + mark(b"slow"))
        assert status(line) == READY
        assert printer.papers == []
        assert heard(line, 7) == printed(b"slow")
        [(name, at)] = printer.marks
        assert name == b"slow" and 0.49 < at - began < 5
        line.sendall(black(400) + CUT)
        assert status(line) == READY
        printer.cut_power()
        printer.power_on()
    with connected(printer) as line:
        printer.slow(10**6)
        line.sendall(CUT)
        [_, paper] = printer.wait_for_papers(2)
    assert 0 < paper.image.height < 400 and not paper.whole


def test_waiting_for_paper_that_does_not_come_fails(printer: EscposDouble) -> None:
    with pytest.raises(AssertionError, match="0 papers of 1"):
        printer.wait_for_papers(1, timeout_s=0.05)


def test_nothing_is_left_of_it() -> None:
    before = threading.active_count()
    with contextlib.ExitStack() as until_the_end:
        with EscposDouble() as printer:
            line = until_the_end.enter_context(connected(printer))
            assert status(line) == READY
            assert threading.active_count() == before + 1
        assert threading.active_count() == before
        ended(line)
        refused(printer)
