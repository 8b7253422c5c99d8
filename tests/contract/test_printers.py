"""What every printer does, whichever it is: the whole slip comes out, or the error says whether it may have."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import uuid_utils
from PIL import Image

from kiosk.devices import slip_picture
from kiosk.devices.printers import Printer, open_printer
from kiosk.domain.slips import Slip, SlipItem
from kiosk.errors import PrinterError
from tests.conftest import wait_for
from tests.escpos_double import EscposDouble

WIDTHS = (384, 576)


@dataclass
class Bench:
    """A printer on the bench: what came out of it, and a way to make it unable to print."""

    printer: Printer
    width_dots: int
    papers: Callable[[], list[Image.Image]]
    break_it: Callable[[], None]


def picture_bench(folder: Path, width_dots: int, _open: ExitStack) -> Bench:
    slips = folder / "slips"

    def papers() -> list[Image.Image]:
        return [Image.open(path).convert("1") for path in sorted(slips.glob("*.png"), key=lambda p: p.stat().st_mtime)]

    def break_it() -> None:
        shutil.rmtree(slips, ignore_errors=True)
        slips.write_text("in the way")

    return Bench(open_printer("png", slips, width_dots), width_dots, papers, break_it)


def network_bench(folder: Path, width_dots: int, open_: ExitStack) -> Bench:
    double = EscposDouble(width_dots)
    listening = ExitStack()
    listening.enter_context(double)
    open_.callback(listening.close)
    printer = open_printer(f"tcp://127.0.0.1:{double.port}", folder, width_dots)
    return Bench(printer, width_dots, lambda: double.papers, listening.close)


@pytest.fixture(params=[picture_bench, network_bench], ids=["picture", "network"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, width_dots: int) -> Iterator[Bench]:
    with ExitStack() as open_:
        yield request.param(tmp_path, width_dots, open_)


@pytest.fixture(params=WIDTHS)
def width_dots(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def a_slip(items: int) -> Slip:
    there = [
        SlipItem(
            item_id=str(number),
            code="7K3M9QX2",
            title=f"Mend a bike, {number}: żółw, ünïcode and مرحبا",
            line="Guide, free, by Brook Street",
            address=f"HTTPS://HUB.TEST/D/{number}",
        )
        for number in range(items)
    ]
    return Slip(shop="Mill Lane", hours="Mo-Fr 09:00-17:00", next_session="", items=there)


@pytest.mark.parametrize("items", [1, 12])
def test_the_whole_slip_comes_out_as_it_was_drawn(bench: Bench, items: int) -> None:
    slip = a_slip(items)
    bench.printer.print(str(uuid_utils.uuid7()), slip)
    wait_for(bench.papers)
    drawn = slip_picture.draw(slip, bench.width_dots).convert("1")
    (paper,) = bench.papers()
    assert paper.width == drawn.width == bench.width_dots
    assert paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()


def test_each_slip_is_a_paper_of_its_own(bench: Bench) -> None:
    for count in (1, 2, 3):
        bench.printer.print(str(uuid_utils.uuid7()), a_slip(count))
    wait_for(lambda: len(bench.papers()) == 3)
    heights = [paper.height for paper in bench.papers()]
    assert heights == sorted(heights) and len(set(heights)) == 3


def test_a_printer_that_cannot_print_says_that_nothing_came_out(bench: Bench) -> None:
    bench.break_it()
    with pytest.raises(PrinterError) as told:
        bench.printer.print(str(uuid_utils.uuid7()), a_slip(1))
    assert told.value.sure and str(told.value)
