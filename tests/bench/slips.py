"""Figures of slips: drawn, from the tap to the printer, and what ten thousand of them leave behind."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import time
from pathlib import Path

from kiosk.bootstrap import services
from kiosk.devices.printers import escpos
from kiosk.devices.slips import documents
from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import A4, A6, LAYOUTS, ROLL_58
from kiosk.settings import Settings
from tests.bench.rig import median, percentile, row, slope, timed_s
from tests.printers.escpos_double import EscposDouble
from tests.printers.samples import a_slip, an_item
from tests.support import processes
from tests.ui import units

TRIES = 30
TAPS = 100
SLIPS = 10_000
WARM = 1_000
LOOK_EVERY = 250


def figures(folder: Path) -> None:
    """All of them."""
    drawing()
    tapped(folder / "slips")
    said = subprocess.run([sys.executable, "-m", "tests.bench.slips"], check=True, capture_output=True, text=True)
    row(f"{SLIPS:,} slips drawn", f"{float(said.stdout):+,.0f} bytes a slip")


def drawing() -> None:
    """A slip of one thing on each paper."""
    for layout in LAYOUTS.values():
        slips = [a_slip(an_item(number, f"Thing number {number}")) for number in range(TRIES)]
        times = [timed_s(functools.partial(draw, slip, layout)) * 1000 for slip in slips]
        row(f"a slip drawn, {layout.name}", f"p50 {median(times):.1f}, worst {max(times):.1f} ms")
    for layout in (A6, A4):
        times = [timed_s(functools.partial(documents.pdf, a_slip(an_item(n)), layout)) * 1000 for n in range(TRIES)]
        row(f"a slip as PDF, {layout.name}", f"p50 {median(times):.1f} ms")


def tapped(folder: Path) -> None:
    """From the tap, in one process, until the agent's printer has its first and its last byte."""
    folder.mkdir(parents=True)
    units.enrol(folder)
    units.deliver(folder, units.some_items())
    with EscposDouble() as double:
        os.environ["TOUCHPOINT_PRINTER"] = f"tcp://127.0.0.1:{double.port}"
        unit = services(Settings(data=folder))
        item = unit.shelves.item(code=unit.shelves.shelf(limit=1).cards[0].code)
        assert item
        with processes.agent(folder):
            del os.environ["TOUCHPOINT_PRINTER"]
            firsts, lasts, outs = [], [], []
            for number in range(TAPS + 3):
                time.sleep(0.05)
                before, began = double.received, time.monotonic()
                unit.take_away.print_slip([item])
                first = _until(lambda now=before: double.received > now + 100)  # more than a question how it is
                double.wait_for_papers(number + 1, 10)
                last = time.monotonic()
                _until(lambda sent=number: len(double.marks) > sent)
                if number >= 3:
                    firsts.append((first - began) * 1000)
                    lasts.append((last - began) * 1000)
                    outs.append((double.marks[-1].at - began) * 1000)
        unit.close()
    row("tap to the printer's first dots", f"p50 {median(firsts):.1f}, p95 {percentile(firsts, 0.95):.1f} ms")
    row("tap to the last", f"p50 {median(lasts):.1f}, p95 {percentile(lasts, 0.95):.1f} ms")


def _until(so: object) -> float:
    deadline = time.monotonic() + 10
    while not so():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.0005)
    return time.monotonic()


def grown() -> float:
    """By how many bytes a process grows with a slip, after the first thousand."""
    looks = []
    for number in range(SLIPS):
        for paper in draw(a_slip(an_item(number, f"Thing number {number}")), ROLL_58):
            escpos.slip(paper)
        if number >= WARM and number % LOOK_EVERY == 0:
            looks.append(float(_resident_bytes()))
    return slope(looks) / LOOK_EVERY


def _resident_bytes() -> int:
    with Path("/proc/self/statm").open() as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    print(grown())
