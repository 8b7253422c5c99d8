"""Office printers, against CUPS's own model printer and a real print server."""

from __future__ import annotations

import contextlib
import http.client
import io
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from kiosk.devices.printers import office
from kiosk.devices.printers.office import OfficePrinter
from kiosk.devices.printers.printer import (
    BUSY,
    COVER_OPEN,
    FAULT,
    OFFLINE,
    PAPER_OUT,
    READY,
    UNKNOWN,
    Sending,
    Status,
)
from kiosk.domain.slips import Slip, SlipItem
from kiosk.errors import PrinterError, SettingsError
from tests.conftest import wait_for
from tests.printers.ippeve import A4, A6, NOTHING, CupsQueue, IppPrinter, cups_queue, ipp_printer, read

ADDRESS = "HTTPS://GOOD.EXAMPLE/D/7K3M9QX2"
ITEM = SlipItem(item_id="1", code="7K3M-9QX2", title="Mend a bike", line="Guide · Free", address=ADDRESS)
SLIP = Slip(shop="Mill Lane", hours="", next_session="", items=[ITEM])
JOB = "0190a7c4-8d1e-7000-8000-123456789abc"
SIZES = {"a6": (105, 148), "a4": (210, 297)}


def document(slip: Slip, media: str) -> bytes:
    """A page of that size with the first item's symbol in its middle, 40 mm wide."""
    width, height = (side * mm for side in SIZES[media])
    symbol = QrCodeWidget(slip.items[0].address, barWidth=40 * mm, barHeight=40 * mm, barLevel="Q")
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(width, height), invariant=1)
    renderPDF.draw(Drawing(40 * mm, 40 * mm, symbol), canvas, (width - 40 * mm) / 2, (height - 40 * mm) / 2)
    canvas.drawCentredString(width / 2, 20 * mm, slip.items[0].title)
    canvas.save()
    return content.getvalue()


class Waiting:
    """Goes on waiting until it has been asked so often, and does something then."""

    def __init__(self, often: int, then: Callable[[], object], goes_on: bool = True) -> None:
        self.told: list[Status] = []
        self._often, self._then, self._goes_on = often, then, goes_on

    def __call__(self, status: Status) -> bool:
        self.told.append(status)
        if len(self.told) != self._often:
            return True
        self._then()
        return self._goes_on


def give_up(status: Status) -> bool:
    return False


def never(status: Status) -> bool:
    raise AssertionError(f"was told of {status}")


@contextlib.contextmanager
def office_printer(address: str) -> Iterator[OfficePrinter]:
    printer = OfficePrinter(address, document)
    with contextlib.closing(printer):
        yield printer


@pytest.fixture
def device() -> Iterator[IppPrinter]:
    with ipp_printer() as made:
        yield made


@pytest.fixture
def printer(device: IppPrinter) -> Iterator[OfficePrinter]:
    with office_printer(device.address) as made:
        yield made


@pytest.fixture
def queue() -> Iterator[CupsQueue]:
    with cups_queue() as made:
        yield made


# -- what comes out


@pytest.mark.parametrize(
    ("trays", "media", "name"), [((A4, A6), "a6", A6), ((A4, NOTHING), "a4", A4), ((NOTHING, NOTHING), "a6", A6)]
)
def test_a_slip_comes_out_on_the_smallest_paper_there_is(
    device: IppPrinter, printer: OfficePrinter, trays: tuple[str, str], media: str, name: str
) -> None:
    device.load(*trays)
    sending = printer.prepare(JOB)
    assert sending == Sending("slip-123456789abc")
    assert printer.print(SLIP, sending, never) == ""
    (printed,) = device.printed
    assert printed.read_bytes() == document(SLIP, media)
    assert read(printed) == (SIZES[media], ADDRESS)
    assert printed.with_suffix(".options").read_text().split() == [name, "none", "application/pdf"]
    assert printer.settle(sending) is True


def test_a_printer_can_be_spoken_to_in_secret(device: IppPrinter) -> None:
    with office_printer(device.address.replace("ipp://", "ipps://")) as printer:
        assert printer.status().state == READY
        printer.print(SLIP, printer.prepare(JOB), never)
    assert len(device.printed) == 1


def test_a_slow_printer_is_waited_for_and_told_of(device: IppPrinter, printer: OfficePrinter) -> None:
    device.be("slow", "2.5")
    waiting = Waiting(0, lambda: None)
    printer.print(SLIP, printer.prepare(JOB), waiting)
    assert 1 <= len(waiting.told) <= 3
    assert {status.state for status in waiting.told} == {READY}


def test_its_line_can_be_let_go_of_at_any_time(device: IppPrinter, printer: OfficePrinter) -> None:
    printer.close()
    assert printer.status().state == READY
    printer.close()
    printer.print(SLIP, printer.prepare(JOB), never)


# -- how it is


def test_an_empty_tray_is_a_fault_only_when_a_slip_needs_it(device: IppPrinter, printer: OfficePrinter) -> None:
    assert printer.status() == Status(READY, words="Idle.")
    device.load(A6, A4, sheets=(5, 250))
    assert printer.status() == Status(READY, paper_low=True, words="Idle.; media-low-report")
    device.load(A6, A4, sheets=(250, 0))
    assert printer.status() == Status(READY, paper_low=True, words="Idle.; media-empty-report")
    waiting = Waiting(2, lambda: device.load(A6, A4))
    printer.print(SLIP, printer.prepare(JOB), waiting)
    assert {status.state for status in waiting.told} == {PAPER_OUT}
    assert printer.status() == Status(READY, words="Idle.")
    assert len(device.printed) == 1


IDLE, PROCESSING, STOPPED = 3, 4, 5
PRINTING = {"job-state": 5}


@pytest.mark.parametrize(
    ("state", "reasons", "job", "before", "expected", "low"),
    [
        (IDLE, "none", None, (), READY, False),
        (IDLE, "marker-supply-low-warning", None, (), READY, False),
        (IDLE, "media-empty", None, (), PAPER_OUT, True),
        (IDLE, "media-empty-error", None, (), PAPER_OUT, True),
        (IDLE, "media-needed-error", None, (), PAPER_OUT, True),
        (IDLE, "media-empty-warning", None, (), READY, True),
        (PROCESSING, "media-empty-warning", None, (), PAPER_OUT, True),
        (PROCESSING, "media-empty-warning", PRINTING, (), PAPER_OUT, True),
        (PROCESSING, "media-empty-warning", PRINTING, ("media-empty",), READY, True),
        (PROCESSING, "media-empty-error", PRINTING, ("media-empty",), PAPER_OUT, True),
        (PROCESSING, ["media-empty-error", "media-empty-report"], PRINTING, ("media-empty",), PAPER_OUT, True),
        (PROCESSING, ["media-empty-warning", "media-needed-warning"], PRINTING, ("media-empty",), PAPER_OUT, True),
        (STOPPED, ["paused", "media-low-warning"], None, (), FAULT, True),
        (STOPPED, "door-open", None, (), COVER_OPEN, False),
        (PROCESSING, "fuser-over-temp-error", None, (), FAULT, False),
        (PROCESSING, "none", {"job-state": 6}, (), FAULT, False),
    ],
)
def test_what_a_printer_says_is_understood(
    state: int, reasons: object, job: dict[str, Any] | None, before: tuple[str, ...], expected: str, low: bool
) -> None:
    found = office._status({"printer-state": state, "printer-state-reasons": reasons}, job, before)
    assert (found.state, found.paper_low) == (expected, low)


@pytest.mark.parametrize(("state", "expected"), [(PROCESSING, BUSY), (IDLE, FAULT)])
def test_one_that_takes_no_jobs_is_busy_while_it_prints(state: int, expected: str) -> None:
    said = {"printer-state": state, "printer-state-reasons": "none", "printer-is-accepting-jobs": False}
    assert office._status(said).state == expected


def test_a_tray_that_was_empty_before_does_not_hold_a_slip(
    device: IppPrinter, printer: OfficePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This printer prints nothing while any tray is empty, so one that is nearly empty stands for it."""
    monkeypatch.setattr(office, "_NO_PAPER", ("media-low",))
    device.load(A6, A4, sheets=(250, 5))
    device.be("slow", "0.5")
    printer.print(SLIP, printer.prepare(JOB), never)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("media-empty-error", PAPER_OUT),
        ("media-needed-error", PAPER_OUT),
        ("cover-open-error", COVER_OPEN),
        ("media-jam-error", FAULT),
    ],
)
def test_what_holds_a_slip_is_told_and_it_comes_out_when_that_is_over(
    device: IppPrinter, printer: OfficePrinter, reason: str, state: str
) -> None:
    device.hold(reason)
    sending = printer.prepare(JOB)
    waiting = Waiting(2, device.release)
    with office_printer(device.address) as other:
        seen: list[str] = []
        waiting_and_seen = Waiting(1, lambda: seen.append(other.status().state))
        printer.print(SLIP, sending, lambda status: waiting(status) and waiting_and_seen(status))
    assert {status.state for status in waiting.told} == {state}
    assert seen == [state]
    assert len(device.printed) == 1
    assert printer.settle(sending) is True
    assert printer.status().state == READY


def test_one_that_prints_for_another_is_busy(device: IppPrinter, printer: OfficePrinter) -> None:
    device.be("slow", "1.5")
    sending, other = printer.prepare(JOB), OfficePrinter(device.address, document)
    first = threading.Thread(target=other.print, args=(SLIP, Sending("somebody else's"), lambda status: True))
    first.start()
    wait_for(lambda: any((device.folder / "spool").iterdir()))
    with pytest.raises(PrinterError, match=r"busy.*ERROR_BUSY") as caught:
        printer.print(SLIP, sending, never)
    assert (caught.value.sure, caught.value.state) == (True, BUSY)
    first.join(10)
    other.close()
    assert len(device.printed) == 1
    assert printer.settle(sending) is None


def test_one_that_takes_no_pdf_gets_no_slip() -> None:
    with ipp_printer("image/pwg-raster") as device, office_printer(device.address) as printer:
        with pytest.raises(PrinterError, match=r"takes no PDF, only .*image/pwg-raster") as caught:
            printer.prepare(JOB)
        assert caught.value.sure
        assert device.address in str(caught.value)


# -- what goes wrong half way


@pytest.mark.parametrize(
    ("job", "printed", "queued"),
    [
        ({"job-state": 9, "job-impressions-completed": 0}, True, None),
        ({"job-state": 7, "job-impressions-completed": 0}, False, None),
        ({"job-state": 8, "job-media-sheets-completed": 0}, False, None),
        ({"job-state": 7, "job-impressions-completed": 0, "job-media-sheets-completed": 1}, None, None),
        ({"job-state": 7}, None, None),
        ({"job-state": 7, "time-at-processing": 12}, None, None),
        ({"job-state": 7, "time-at-processing": ""}, False, False),
    ],
)
def test_what_became_of_a_job_is_understood(job: dict[str, Any], printed: bool | None, queued: bool | None) -> None:
    assert (office._came_out(job, False), office._came_out(job, True)) == (printed, queued)


def test_a_slip_given_up_never_comes_out(device: IppPrinter, printer: OfficePrinter) -> None:
    device.hold("media-empty-error")
    sending = printer.prepare(JOB)
    with pytest.raises(PrinterError, match="media-empty") as caught:
        printer.print(SLIP, sending, give_up)
    assert (caught.value.sure, caught.value.state) == (False, PAPER_OUT)
    assert printer.settle(sending) is False
    device.release()
    time.sleep(0.5)
    assert device.printed == []
    printer.print(SLIP, printer.prepare(JOB), never)
    assert len(device.printed) == 1
    assert printer.settle(sending) is True, "the same slip, sent again under the same name"


def test_a_slip_that_cannot_be_taken_back_stays_open(
    device: IppPrinter, printer: OfficePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_CANCEL_S", 0.5)
    device.hold("media-empty-error")
    device.be("deaf")
    sending = printer.prepare(JOB)
    with pytest.raises(PrinterError):
        printer.print(SLIP, sending, give_up)
    with pytest.raises(PrinterError, match="still holds") as caught:
        printer.settle(sending)
    assert not caught.value.sure
    device.release()
    wait_for(lambda: device.printed)
    assert printer.settle(sending) is None, "cancelled, and a page came out"


@pytest.mark.parametrize(("flaw", "sure", "outcome"), [("fails", True, False), ("spoils", False, None)])
def test_a_slip_the_printer_gives_up_is_lost_for_sure_only_if_no_page_came_out(
    device: IppPrinter, printer: OfficePrinter, flaw: str, sure: bool, outcome: bool | None
) -> None:
    device.be(flaw)
    sending = printer.prepare(JOB)
    with pytest.raises(PrinterError, match="gave the slip up") as caught:
        printer.print(SLIP, sending, never)
    assert caught.value.sure is sure
    assert printer.settle(sending) is outcome


def test_nobody_knows_of_a_slip_when_the_power_is_cut(
    device: IppPrinter, printer: OfficePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_SILENCE_S", 1.0)
    device.hold("media-empty-error")
    sending = printer.prepare(JOB)
    waiting = Waiting(1, device.cut_power)
    with pytest.raises(PrinterError, match="cannot be reached") as caught:
        printer.print(SLIP, sending, waiting)
    assert (caught.value.sure, caught.value.state) == (False, OFFLINE)
    assert {status.state for status in waiting.told[1:]} == {OFFLINE}
    assert printer.status().state == OFFLINE
    with pytest.raises(PrinterError, match="cannot be reached") as caught:
        printer.settle(sending)
    assert not caught.value.sure
    device.release()
    device.switch_on()
    assert printer.settle(sending) is None
    assert device.printed == []


def test_a_short_silence_is_waited_for(device: IppPrinter) -> None:
    silent_until = 0.0

    def switched(line: socket.socket) -> None:
        if time.monotonic() > silent_until:
            passed_on(line, device.port)

    def fall_silent() -> None:
        nonlocal silent_until
        silent_until = time.monotonic() + 1
        device.release()

    device.hold("media-empty-error")
    waiting = Waiting(1, fall_silent)
    with listening(switched) as port, office_printer(f"ipp://localhost:{port}/ipp/print") as printer:
        printer.print(SLIP, printer.prepare(JOB), waiting)
    assert OFFLINE in {status.state for status in waiting.told}
    assert len(device.printed) == 1


def test_a_slip_whose_answer_is_lost_is_found_by_its_name(device: IppPrinter) -> None:
    def swallow(line: socket.socket) -> None:
        passed_on(line, device.port, but_for=PRINT_JOB)

    with listening(swallow) as port, office_printer(f"ipp://localhost:{port}/ipp/print") as printer:
        sending = printer.prepare(JOB)
        with pytest.raises(PrinterError, match="broke off") as caught:
            printer.print(SLIP, sending, never)
        assert not caught.value.sure
        wait_for(lambda: device.printed)
        assert printer.settle(sending) is True


# -- print servers


def test_a_print_server_prints_and_cannot_say_so(queue: CupsQueue) -> None:
    with office_printer(queue.address) as printer:
        sending = printer.prepare(JOB)
        with pytest.raises(PrinterError, match="cannot say whether it came out") as caught:
            printer.print(SLIP, sending, lambda status: True)
        assert (caught.value.sure, caught.value.state) == (False, UNKNOWN)
        assert printer.settle(sending) is None
        wait_for(lambda: queue.printed)
        assert read(queue.printed[0]) == (SIZES["a4"], ADDRESS)


def test_what_a_print_server_has_not_passed_on_is_taken_back(queue: CupsQueue) -> None:
    with office_printer(queue.address) as printer:
        sending = printer.prepare(JOB)
        queue.pause()
        with pytest.raises(PrinterError) as caught:
            printer.print(SLIP, sending, give_up)
        assert (caught.value.sure, caught.value.state) == (False, FAULT)
        assert printer.settle(sending) is False
        with pytest.raises(PrinterError, match=r"cannot print now: .*paused") as caught:
            printer.prepare(JOB)
        assert caught.value.sure
        queue.resume()
        time.sleep(1)
        assert queue.printed == []


# -- what is no printer

PRINT_JOB = b"\0\x02"
IPP = "application/ipp"
Behaviour = Callable[[socket.socket], None]


@contextlib.contextmanager
def listening(behaviour: Behaviour) -> Iterator[int]:
    """A port where everybody who connects is met by that; it may break off at any time."""

    def meet(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            behaviour(line)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=meet, args=(door.accept()[0],), daemon=True).start()

    door = socket.create_server(("127.0.0.1", 0))
    port: int = door.getsockname()[1]
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield port
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join(5)


def asked(line: socket.socket) -> bytes:
    """What somebody asks by IPP."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += line.recv(65536)
    head, _, body = request.partition(b"\r\n\r\n")
    (length,) = [int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")]
    while len(body) < length:
        body += line.recv(65536)
    return body


def answer(line: socket.socket, body: bytes, kind: str, status: str = "200 OK", length: int | None = None) -> None:
    length = len(body) if length is None else length
    line.sendall(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode() + body)


def answering(body: bytes, kind: str = "text/html", status: str = "200 OK", length: int | None = None) -> Behaviour:
    def behave(line: socket.socket) -> None:
        asked(line)
        answer(line, body, kind, status, length)

    return behave


def passed_on(line: socket.socket, port: int, but_for: bytes = b"") -> None:
    """Pass a question on to a printer and its answer back; not that to one operation."""
    question = asked(line)
    with contextlib.closing(http.client.HTTPConnection("localhost", port, timeout=5)) as onward:
        onward.request("POST", "/ipp/print", question, {"Content-Type": IPP})
        content = onward.getresponse().read()
    if question[2:4] != but_for:
        answer(line, content, IPP)


def rubbish(line: socket.socket) -> None:
    line.sendall(bytes(range(256)) * 4)


def silence(line: socket.socket) -> None:
    line.settimeout(20)
    while line.recv(65536):
        pass


def dribble(line: socket.socket) -> None:
    """An answer that has always begun, and never ends."""
    answering(b"\2\0\0\0", IPP, length=100_000)(line)
    for _ in range(200):
        line.sendall(b"\0")
        time.sleep(0.1)


def hanging_up(line: socket.socket) -> None:
    asked(line)


NOISE = random.Random(1).randbytes(2000)
NO_PRINTERS: dict[str, tuple[Behaviour, str, str]] = {
    "a web page": (answering(b"<!doctype html><title>Welcome</title>" * 20), FAULT, "does not answer as a printer"),
    "a page that is not there": (answering("Weiß nicht".encode("latin-1"), status="404 No"), FAULT, "address is right"),
    "a failing server": (answering(b"oops", status="500 Oops"), FAULT, "HTTP 500"),
    "one that wants TLS": (answering(b"", status="426 Upgrade Required"), FAULT, "ipps://"),
    "noise in good form": (answering(NOISE, IPP), FAULT, "does not answer as a printer"),
    "nothing in good form": (answering(b"", IPP), FAULT, "does not answer as a printer"),
    "an answer cut short": (answering(b"\2\0\0\0", IPP, length=900), OFFLINE, "broke off"),
    "noise": (rubbish, OFFLINE, "broke off"),
    "hanging up": (hanging_up, OFFLINE, "broke off"),
    "silence": (silence, OFFLINE, "did not answer within"),
    "dribble": (dribble, OFFLINE, "did not answer within"),
}


@pytest.mark.parametrize("name", NO_PRINTERS)
def test_what_is_no_printer_is_said_so_in_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    behaviour, state, words = NO_PRINTERS[name]
    monkeypatch.setattr(office, "_ASK_S", 0.5)
    with listening(behaviour) as port, office_printer(f"ipp://127.0.0.1:{port}/ipp/print") as printer:
        began = time.monotonic()
        assert printer.status().state == state
        assert time.monotonic() - began < 2
        for action, sure in [
            (lambda: printer.prepare(JOB), True),
            (lambda: printer.print(SLIP, Sending("slip-1"), never), True),
            (lambda: printer.settle(Sending("slip-1")), False),
        ]:
            with pytest.raises(PrinterError, match=words) as caught:
                action()
            assert f"127.0.0.1:{port}" in str(caught.value)
            assert caught.value.sure is sure
        assert time.monotonic() - began < 5


def test_a_name_that_can_be_nobodys_is_a_fault() -> None:
    for address in ("ipp://ho st/", f"ipp://{'a' * 70}.invalid/", "ipp://a..b/"):
        with office_printer(address) as printer:
            assert printer.status().state in (FAULT, OFFLINE)


@pytest.mark.parametrize("address", ["ipp://127.0.0.1:1/ipp/print", "ipp://nobody.invalid", "ipps://127.0.0.1:1/"])
def test_where_nobody_is_the_printer_is_offline(address: str) -> None:
    with office_printer(address) as printer:
        assert printer.status().state == OFFLINE
        with pytest.raises(PrinterError, match=rf"{address} cannot be reached") as caught:
            printer.prepare(JOB)
        assert (caught.value.sure, caught.value.state) == (True, OFFLINE)


def test_an_answer_that_never_comes_to_a_slip_leaves_it_open(
    device: IppPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_SEND_S", 0.5)

    def stall(line: socket.socket) -> None:
        passed_on(line, device.port, but_for=PRINT_JOB)
        silence(line)

    with listening(stall) as port, office_printer(f"ipp://localhost:{port}/ipp/print") as printer:
        sending = printer.prepare(JOB)
        with pytest.raises(PrinterError, match=r"did not answer within 0.5 s") as caught:
            printer.print(SLIP, sending, never)
        assert not caught.value.sure
        wait_for(lambda: device.printed)
        assert printer.settle(sending) is True


@pytest.mark.parametrize(
    "address", ["", "ipp://", "ipp:///ipp/print", "ipp://host:many/", "http://host/", "ipp://host:0", "ipp://[::1"]
)
def test_an_address_that_is_none_is_a_mistake_in_the_settings(address: str) -> None:
    with pytest.raises(SettingsError, match="ipp://HOST"):
        OfficePrinter(address, document)
