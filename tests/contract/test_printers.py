"""What every printer does, whichever it is: the whole slip comes out, or the error says whether it may have."""

from __future__ import annotations

import os
import pty
import select
import shutil
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices.printers.addresses import open_printers
from kiosk.devices.printers.printer import OFFLINE, Printer, Sending
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError, SettingsError
from tests.printers import ql_double
from tests.printers.escpos_double import EscposDouble
from tests.printers.samples import a_slip, an_item


@dataclass
class Bench:
    """A printer on the bench: what came out of it, and a way to make it unable to print."""

    printer: Printer
    papers: Callable[[], list[Image.Image]]
    break_it: Callable[[], None]


def picture_bench(folder: Path, _open: ExitStack) -> Bench:
    slips = folder / "slips"

    def papers() -> list[Image.Image]:
        return [Image.open(path) for path in sorted(slips.glob("*.png"), key=lambda path: path.stat().st_mtime)]

    def break_it() -> None:
        shutil.rmtree(slips, ignore_errors=True)
        slips.write_text("in the way")

    (printer,) = open_printers("png", slips)
    return Bench(printer, papers, break_it)


def receipt_bench(_folder: Path, open_: ExitStack) -> Bench:
    double = open_.enter_context(EscposDouble())
    (printer,) = open_printers(f"tcp://127.0.0.1:{double.port}", Path())
    return Bench(printer, lambda: [paper.image for paper in double.papers], double.cut_power)


def serial_bench(_folder: Path, open_: ExitStack) -> Bench:
    double = open_.enter_context(EscposDouble(384))
    line = open_.enter_context(serial_line(double.port))
    (printer,) = open_printers(f"serial://{line}?baud=115200&layout=58mm", Path())
    return Bench(printer, lambda: [paper.image for paper in double.papers], double.cut_power)


@contextmanager
def serial_line(port: int) -> Iterator[str]:
    """The path of a serial line with a printer at its other end; hung up when the printer loses its power."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    printer = socket.create_connection(("127.0.0.1", port))

    def carry() -> None:
        with suppress(OSError):
            while True:
                for end in select.select([ours, printer], [], [])[0]:
                    if end is printer:
                        if not (said := printer.recv(4096)):
                            return
                        os.write(ours, said)
                    else:
                        printer.sendall(os.read(ours, 4096))

    def carry_and_hang_up() -> None:
        carry()
        os.close(ours)

    thread = threading.Thread(target=carry_and_hang_up, daemon=True)
    thread.start()
    yield os.ttyname(theirs)
    with suppress(OSError):
        printer.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    printer.close()
    os.close(theirs)


def label_bench(_folder: Path, open_: ExitStack) -> Bench:
    double = open_.enter_context(ql_double.QlOnNetwork())
    (printer,) = open_printers(f"{double.address}?model=QL-700", Path())

    def break_it() -> None:
        double.tape, double.fault = ql_double.NO_TAPE, ql_double.NO_MEDIA

    return Bench(printer, lambda: double.labels, break_it)


BENCHES = [picture_bench, receipt_bench, serial_bench, label_bench]


@pytest.fixture(params=BENCHES, ids=["picture", "receipt", "serial", "label"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as open_:
        there = request.param(tmp_path, open_)
        open_.callback(there.printer.close)
        yield there


def sent(printer: Printer, slip: Slip, job_id: str) -> Sending:
    sending = printer.prepare(job_id)
    printer.print(slip, sending, lambda status: status.at_work)
    return sending


def scanned(papers: list[Image.Image]) -> list[str]:
    return [symbol.text for paper in papers for symbol in zxingcpp.read_barcodes(paper.convert("L"))]


@pytest.mark.parametrize("count", [1, 6])
def test_the_whole_slip_comes_out_and_then_it_is_out(bench: Bench, count: int) -> None:
    items = [an_item(number, "Mend a bike: żółw, ünïcode and مرحبا") for number in range(count)]
    sent(bench.printer, a_slip(*items), "0190a1b2c3d4")
    assert scanned(bench.papers()) == [item.address for item in items]


def test_each_slip_has_a_mark_of_its_own_and_comes_out_once(bench: Bench) -> None:
    items = [an_item(number) for number in range(3)]
    marks = [sent(bench.printer, a_slip(item), f"0190a1b2c3d{number}").mark for number, item in enumerate(items)]
    assert len(set(marks)) == 3
    assert scanned(bench.papers()) == [item.address for item in items]


def test_a_printer_that_cannot_print_says_that_nothing_came_out_and_nothing_will(bench: Bench) -> None:
    bench.break_it()
    with pytest.raises(PrinterError) as told:
        sent(bench.printer, a_slip(), "0190a1b2c3d4")
    assert told.value.sure and str(told.value)


def test_one_that_was_never_there_is_offline(tmp_path: Path) -> None:
    with EscposDouble() as double:
        port = double.port
    for setting in (f"tcp://127.0.0.1:{port}", f"label://127.0.0.1:{port}?model=QL-700", "usb:///dev/usb/lp99"):
        (printer,) = open_printers(setting, tmp_path)
        assert printer.status().state == OFFLINE
        with pytest.raises(PrinterError, match=r"lp99|127") as told:
            printer.prepare("0190a1b2c3d4")
        assert told.value.sure and told.value.state == OFFLINE


@pytest.mark.parametrize(
    "setting",
    [
        "",
        " ",
        "lpt1",
        "tcp://",
        "tcp://host:notaport",
        "http://host:9100",
        "tcp://host?paper=58mm",
        "tcp://host?layout=a4",
        "usb://host/dev/usb/lp0",
        "usb:///etc/passwd",
        "serial:///dev/ttyS0?baud=fast",
        "label://host",
        "label://host?model=LaserJet",
        "ipp://",
        "png tcp://",
    ],
)
def test_a_setting_that_names_no_printer_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="printer"):
        open_printers(setting, tmp_path)


def test_pictures_of_old_slips_are_swept(tmp_path: Path) -> None:
    (printer,) = open_printers("png", tmp_path)
    for number in range(53):
        (tmp_path / f"20260101-0000{number:02}-aaaaaa.png").touch()
    path = printer.print(a_slip(), printer.prepare("0123456789ab"), lambda _status: True)
    assert Path(path).exists() and len(list(tmp_path.glob("*.png"))) == 50
