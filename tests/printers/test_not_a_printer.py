"""Addresses where something listens that is no printer: it is found out soon, and keeps no slip from the next one."""

from __future__ import annotations

import contextlib
import http.server
import random
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.agent.spooler import Spooler
from kiosk.devices.printers import addresses, lines, receipt
from kiosk.devices.printers.addresses import open_printers
from kiosk.devices.printers.office import OfficePrinter
from kiosk.devices.printers.printer import BUSY, FAULT, OFFLINE, UNKNOWN, Printer, Sending, Status
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError
from kiosk.store import queue as queues
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from tests.printers.escpos_double import EscposDouble, symbols
from tests.printers.samples import a_slip, an_item
from tests.printers.test_office import IPP, Behaviour, answer, answering, listening, silence

SOON_S = 6.0
BUSY_S = 0.5  # so much later on a busy machine
PAGE = b"<!doctype html><title>400 Bad Request</title><h1>Bad Request</h1>" * 10


def page_at_once(line: socket.socket) -> None:
    """A web server that looks at every byte as it comes."""
    line.recv(65536)
    answer(line, PAGE, "text/html", "400 Bad Request")


class Pages(http.server.BaseHTTPRequestHandler):
    """Python's own web server: it waits until a line is whole, or is longer than any."""

    def log_message(self, *_words: object) -> None:
        pass


def page_after_a_line(line: socket.socket) -> None:
    Pages(line, ("127.0.0.1", 0), None)  # type: ignore[arg-type]


def noise(line: socket.socket) -> None:
    rng = random.Random(1)
    while True:
        line.sendall(rng.randbytes(4096))


def deaf(line: socket.socket) -> None:
    """It says nothing and reads nothing."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    time.sleep(20)


def dribble(line: socket.socket) -> None:
    for byte in PAGE:
        line.sendall(bytes([byte]))
        time.sleep(1)


def hanging_up(line: socket.socket) -> None:
    pass


SAY_RUBBISH: dict[str, Behaviour] = {"page at once": page_at_once, "noise": noise, "hanging up": hanging_up}
SAY_NOTHING_AT_FIRST: dict[str, Behaviour] = {
    "page after a line": page_after_a_line,
    "silence": silence,
    "deaf": deaf,
    "dribble": dribble,
}
NO_PRINTERS = SAY_RUBBISH | SAY_NOTHING_AT_FIRST


@contextlib.contextmanager
def no_printer(name: str, confirm: str) -> Iterator[str]:
    """The address of such a one."""
    with listening(NO_PRINTERS[name]) as port:
        yield f"tcp://127.0.0.1:{port}?confirm={confirm}"


@contextlib.contextmanager
def opened(address: str) -> Iterator[Printer]:
    (printer,) = open_printers(address, Path())
    with contextlib.closing(printer):
        yield printer


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[PrintQueue]:
    records = Records(tmp_path / "records.db")
    yield PrintQueue(records)
    records.close()


@contextlib.contextmanager
def in_time(seconds: float = SOON_S) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is waited for less long."""
    monkeypatch.setattr(receipt, "ANSWER_S", 0.1)
    monkeypatch.setattr(addresses, "_SEND_S", 0.2)
    monkeypatch.setattr(lines, "LEAVING_S", 0.2)


def give_up(_status: Status) -> bool:
    return False


# -- one by one


@pytest.mark.parametrize("confirm", ["auto", "yes"])
@pytest.mark.parametrize("name", NO_PRINTERS)
def test_every_question_ends_soon_and_with_nothing_but_a_printer_error(name: str, confirm: str, hasty: None) -> None:
    silent = confirm == "auto" and name in SAY_NOTHING_AT_FIRST
    with no_printer(name, confirm) as address, opened(address) as printer:
        with in_time():
            assert printer.status().state == (UNKNOWN if silent else OFFLINE)
        with in_time():
            if silent:
                assert printer.prepare("1").cuts is None
            else:
                with pytest.raises(PrinterError, match="cannot be reached") as caught:
                    printer.prepare("1")
                assert caught.value.sure
        with in_time(), pytest.raises(PrinterError) as caught:
            printer.print(a_slip(), Sending("MARK"), give_up)
        assert address in str(caught.value)
        if confirm == "auto" and not silent:
            assert caught.value.sure, "nothing was sent, as it had shown what it is"
        with in_time():
            assert printer.settle(Sending("MARK")) is None
        with in_time(), contextlib.suppress(PrinterError):
            assert printer.settle(Sending("MARK", 7)) is None


@pytest.mark.parametrize("confirm", ["auto", "yes"])
def test_how_one_is_that_says_nothing_is_known_within_two_seconds(confirm: str) -> None:
    with no_printer("silence", confirm) as address, opened(address) as printer, in_time(2 + BUSY_S):
        assert printer.status().state == (UNKNOWN if confirm == "auto" else OFFLINE)


def test_one_that_goes_between_the_question_and_the_slip_has_surely_nothing_of_it() -> None:
    with EscposDouble(confirms=False) as double, opened(f"tcp://127.0.0.1:{double.port}") as printer:
        sending = printer.prepare("1")
        heard = double.received
        double.drop_network()
        with pytest.raises(PrinterError, match="cannot be reached") as caught:
            printer.print(a_slip(), sending, give_up)
        assert caught.value.sure and double.received == heard


def test_one_that_takes_no_more_is_left_when_nobody_wants_to_wait(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt, "draw", lambda _slip, _layout: [a_long_paper()])
    told: list[str] = []

    def twice(status: Status) -> bool:
        told.append(status.state)
        return len(told) < 2

    with no_printer("deaf", "auto") as address, opened(address) as printer:
        sending = printer.prepare("1")
        with in_time(), pytest.raises(PrinterError, match="takes nothing more") as caught:
            printer.print(a_slip(), sending, twice)
        assert told == [BUSY, BUSY] and not caught.value.sure
        with in_time(), pytest.raises(PrinterError, match="took nothing"):
            printer.prepare("2")
        assert printer.prepare("3"), "its line was closed and is opened again"


def a_long_paper() -> Image.Image:
    """More than the system holds for a connection."""
    return Image.new("1", (576, 90_000), 1)


# -- before a good one


def a_long_slip() -> Slip:
    """More than a line of any web page's address."""
    return a_slip(an_item(1), an_item(2))


def state_of(queue: PrintQueue, job_id: str) -> str:
    job = queue.job(job_id)
    assert job
    return job.state


@pytest.mark.parametrize(
    ("name", "confirm"), [(name, "auto") for name in SAY_RUBBISH] + [(name, "yes") for name in SAY_NOTHING_AT_FIRST]
)
def test_a_slip_comes_out_at_the_next_printer(name: str, confirm: str, queue: PrintQueue, hasty: None) -> None:
    slip = a_long_slip()
    with no_printer(name, confirm) as address, EscposDouble() as double:
        spooler = Spooler(queue, open_printers(f"{address} tcp://127.0.0.1:{double.port}", Path()))
        for count in (1, 2):
            job_id = queue.add(slip)
            with in_time():
                spooler.work()
            assert state_of(queue, job_id) == "printed"
            said = symbols(double.wait_for_papers(count)[-1])
            assert sorted(said) == [item.address for item in slip.items]
        assert len(double.papers) == 2


@pytest.mark.parametrize("name", SAY_NOTHING_AT_FIRST)
def test_what_could_be_a_printer_that_never_answers_has_the_slip_and_nobody_says_that_it_is_out(
    name: str, queue: PrintQueue, hasty: None
) -> None:
    """The next printer must not print it then: it might come out twice."""
    with no_printer(name, "auto") as address, EscposDouble() as double:
        spooler = Spooler(queue, open_printers(f"{address} tcp://127.0.0.1:{double.port}", Path()))
        job_id = queue.add(a_long_slip())
        with in_time():
            spooler.work()
        assert state_of(queue, job_id) == "unknown" and not double.papers
        if name != "page after a line":
            return
        assert queue.again(job_id)
        spooler.work()
        assert state_of(queue, job_id) == "printed", "it was seen by then that the first is none"
        assert len(double.wait_for_papers(1)) == 1


def test_one_that_takes_no_more_holds_the_queue_no_longer_than_a_visitor_waits(
    queue: PrintQueue, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt, "draw", lambda _slip, _layout: [a_long_paper()])
    monkeypatch.setattr(queues, "STALE_S", 1.5)
    with no_printer("deaf", "auto") as address, EscposDouble() as double:
        spooler = Spooler(queue, open_printers(f"{address} tcp://127.0.0.1:{double.port}", Path()))
        swallowed = queue.add(a_slip())
        with in_time(1.5 + SOON_S):
            spooler.work()
        assert state_of(queue, swallowed) == "unknown"
        monkeypatch.undo()
        following = queue.add(a_slip())
        with in_time():
            spooler.work()
        assert state_of(queue, following) == "printed" and len(double.papers) == 1


# -- an office printer's answers


def attribute(tag: int, name: bytes, value: bytes, length: int | None = None, name_length: int | None = None) -> bytes:
    lengths = [len(part) if said is None else said for part, said in ((name, name_length), (value, length))]
    return struct.pack(">Bh", tag, lengths[0]) + name + struct.pack(">h", lengths[1]) + value


HEAD = b"\1\1\0\0\0\0\0\1\1"
TEXT, COLLECTION, TEXT_IN_A_LANGUAGE = 0x41, 0x34, 0x35
LEADS_BACK: dict[str, bytes] = {
    "a value": attribute(TEXT, b"abc", b"", length=-8),
    "a name": attribute(TEXT, b"a", b"") + attribute(TEXT, b"", b"", name_length=-5, length=5),
    "a language": attribute(TEXT, b"a", b"\0\0")
    + attribute(TEXT, b"b", b"")
    + attribute(TEXT_IN_A_LANGUAGE, b"", struct.pack(">h", -15)),
    "a collection": attribute(COLLECTION, b"abc", b"", length=-8),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", LEADS_BACK)
def test_a_length_below_zero_does_not_lead_round_in_circles(name: str) -> None:
    body = HEAD + LEADS_BACK[name] + b"\3" * 9
    with listening(answering(body, IPP)) as port:
        printer: Any = OfficePrinter(f"ipp://127.0.0.1:{port}/ipp/print", lambda _slip, _paper: b"")
        with contextlib.closing(printer), in_time(3):
            assert printer.status().state == FAULT
            with pytest.raises(PrinterError, match="does not answer as a printer does"):
                printer.prepare("1")
