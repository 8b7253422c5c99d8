"""The print queue is worked: in order, by the first printer that can, and nobody gets a stranger's slip."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import event

from kiosk.agent import spooler as spoolers
from kiosk.agent.spooler import Spooler
from kiosk.devices.printers import escpos, receipt
from kiosk.devices.printers.addresses import open_printers
from kiosk.devices.printers.picture import PicturePrinter
from kiosk.devices.printers.printer import FAULT, Sending, Status, Wait
from kiosk.devices.printers.receipt import ReceiptPrinter
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError
from kiosk.store import queue as queues
from kiosk.store.queue import Job, PrintQueue
from kiosk.store.records import Records
from tests.conftest import wait_for
from tests.printers import ql_double
from tests.printers.escpos_double import RASTER, EscposDouble, symbols
from tests.printers.ql_double import QlOnNetwork
from tests.printers.samples import a_slip, an_item
from tests.support import processes

SLOW = 2_500
"""Rows a second: a slip takes a third of a second."""
HALF = 300
"""Rows after which a slip is not whole yet."""

Trouble = Callable[[EscposDouble], None]
NO_PAPER: tuple[str, Trouble, Trouble] = ("paper_out", EscposDouble.paper_out, EscposDouble.paper_in)
LID_OPEN: tuple[str, Trouble, Trouble] = ("cover_open", EscposDouble.open_cover, EscposDouble.close_cover)
NO_POWER: tuple[str, Trouble, Trouble] = ("offline", EscposDouble.cut_power, EscposDouble.power_on)
STANDS_STILL = pytest.mark.parametrize(("state", "breaks", "mends"), [NO_PAPER, LID_OPEN], ids=["paper", "lid"])
TROUBLES = pytest.mark.parametrize(
    ("state", "breaks", "mends"), [NO_PAPER, LID_OPEN, NO_POWER], ids=["paper", "lid", "power"]
)


class Shop:
    """A unit's queue, and the spooler that works it in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records = Records(folder / "records.db")
        self.queue = PrintQueue(self.records)
        self.told: list[dict[str, tuple[str, bool]]] = []
        self.spooler: Spooler | None = None

    def start(self, *printers: EscposDouble | QlOnNetwork | str) -> None:
        setting = " ".join(address(printer) for printer in printers)
        self.spooler = Spooler(self.queue, open_printers(setting, self.folder / "slips"), self.note)
        self._thread = threading.Thread(target=self.spooler.run, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Returns the seconds that it took."""
        assert self.spooler
        began = time.monotonic()
        self.spooler.stop()
        self._thread.join(10)
        assert not self._thread.is_alive(), "it does not stop"
        self.spooler = None
        return time.monotonic() - began

    def close(self) -> None:
        if self.spooler:
            self.stop()
        self.records.close()

    def note(self, found: Mapping[str, Status]) -> None:
        self.told.append({address: (status.state, status.paper_low) for address, status in found.items()})

    def knows(self, printer: EscposDouble | QlOnNetwork, state: str) -> bool:
        return bool(self.told) and self.told[-1].get(address(printer), ("",))[0] == state

    def ask(self, *numbers: int, wakes: bool = True) -> str:
        job_id = self.queue.add(a_slip(*(an_item(number) for number in numbers)))
        if wakes and self.spooler:
            self.spooler.wake()
        return job_id

    def again(self, job_id: str) -> bool:
        return self.queue.again(job_id)

    def job(self, job_id: str) -> Job:
        job = self.queue.job(job_id)
        assert job
        return job

    def state(self, job_id: str) -> tuple[str, str]:
        job = self.job(job_id)
        return job.state, job.reason

    def becomes(self, job_id: str, state: str, reason: str | None = None, seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        while (found := self.state(job_id))[0] != state or reason not in (None, found[1]):
            assert time.monotonic() < deadline, f"it is {found}, not {(state, reason)}"
            time.sleep(0.01)

    def move(self, job_id: str, seconds: float) -> None:
        """Let a slip have been made so much earlier."""
        with closing(sqlite3.connect(self.records.path)) as db, db:
            db.execute("UPDATE print_job SET made_at = made_at - ? WHERE id = ?", (seconds, job_id))


class Watched(EscposDouble):
    """Notes when it is given the first row of a slip."""

    raster_at = 0.0

    def _take_in(self, content: bytes) -> None:
        if not self.raster_at and RASTER in content:
            self.raster_at = time.monotonic()
        super()._take_in(content)


class Small(EscposDouble):
    """Takes no more than it has room for, so that what it is asked waits behind what it is to print."""

    def _hear(self) -> None:
        assert self._line
        if (room := 4096 - len(self._buffer)) <= 0:
            time.sleep(0.002)
            return
        content = self._line.recv(room)
        if content:
            self._take_in(content)
        else:
            self._hang_up()


class Starting(EscposDouble):
    """Takes what it is sent and says nothing, until it has started."""

    started = False

    def _take_in(self, content: bytes) -> None:
        if self.started:
            super()._take_in(content)


def address(printer: EscposDouble | QlOnNetwork | str) -> str:
    if isinstance(printer, str):
        return printer
    if isinstance(printer, QlOnNetwork):
        return f"{printer.address}?model=QL-820NWB"
    return f"tcp://127.0.0.1:{printer.port}"


def said(number: int) -> str:
    return an_item(number).address


def out(double: EscposDouble) -> list[str]:
    """What the papers say that came out."""
    return [text for paper in list(double.papers) for text in dict.fromkeys(symbols(paper))]


def out_of(double: QlOnNetwork) -> list[str]:
    return [found.text for label in double.labels for found in zxingcpp.read_barcodes(label.convert("L"))]


def stays(so: Callable[[], Any], seconds: float = 0.2) -> None:
    """It is so, for all of this time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert so(), "it does not stay so"
        time.sleep(0.02)


@contextmanager
def locked(records: Records) -> Iterator[None]:
    """Somebody else writes."""
    with closing(sqlite3.connect(records.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def impatient(records: Records) -> None:
    """Have it wait for other writers for a tenth of a second only."""

    @event.listens_for(records.engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    records.engine.dispose()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoolers, "LOOK_S", 0.05)
    monkeypatch.setattr(spoolers, "_AWAY_LOOK_S", 0.2)
    monkeypatch.setattr(receipt, "ANSWER_S", 0.25)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with closing(Shop(tmp_path)) as made:
        yield made


@pytest.fixture
def first() -> Iterator[EscposDouble]:
    with EscposDouble() as double:
        yield double


@pytest.fixture
def second() -> Iterator[EscposDouble]:
    with EscposDouble() as double:
        yield double


@pytest.fixture
def label() -> Iterator[QlOnNetwork]:
    with QlOnNetwork() as double:
        yield double


# -- in order, by the first that can


def test_slips_come_out_in_the_order_they_were_asked_for(shop: Shop, first: EscposDouble) -> None:
    jobs = [shop.ask(number) for number in range(6)]
    shop.start(first)
    for job_id in jobs:
        shop.becomes(job_id, "printed", "")
    assert out(first) == [said(number) for number in range(6)]
    assert first.cuts == 6 and not first.faults


@TROUBLES
def test_a_slip_goes_to_the_second_printer_while_the_first_cannot_print(
    shop: Shop, first: EscposDouble, second: EscposDouble, state: str, breaks: Trouble, mends: Trouble
) -> None:
    breaks(first)
    shop.start(first, second)
    shop.becomes(shop.ask(1), "printed", "")
    wait_for(lambda: shop.knows(first, state))
    mends(first)
    wait_for(lambda: shop.knows(first, "ready"))
    shop.becomes(shop.ask(2), "printed")
    assert (out(first), out(second)) == ([said(2)], [said(1)])


def test_a_label_stands_in_for_a_receipt_and_the_other_way_round(
    shop: Shop, first: EscposDouble, label: QlOnNetwork
) -> None:
    first.paper_out()
    shop.start(first, label)
    shop.becomes(shop.ask(1), "printed", "")
    label.fault = ql_double.COVER_OPEN
    first.paper_in()
    wait_for(lambda: shop.knows(first, "ready") and shop.knows(label, "cover_open"))
    shop.becomes(shop.ask(2), "printed", "")
    assert (out_of(label), out(first), label.wrong) == ([said(1)], [said(2)], [])


def test_a_slip_the_first_printer_cannot_end_goes_to_the_second_and_is_cleared_from_the_first(
    shop: Shop, first: EscposDouble, second: EscposDouble
) -> None:
    first.paper_out_at(HALF)
    shop.start(first, second)
    shop.becomes(shop.ask(1), "printed", "")
    assert out(second) == [said(1)]
    first.paper_in()
    stays(lambda: not first.cuts)


def test_while_one_printer_holds_a_slip_it_is_seen_that_another_works_again(
    shop: Shop, first: EscposDouble, second: EscposDouble
) -> None:
    second.paper_out()
    first.paper_out_at(HALF)
    shop.start(first, second)
    job_id = shop.ask(1)
    shop.becomes(job_id, "sending", "paper_out")
    second.paper_in()
    shop.becomes(job_id, "printed", "")
    assert out(second) == [said(1)] and not first.cuts


def test_a_slip_is_not_given_to_another_printer_before_the_first_is_known_to_have_forgotten_it(
    shop: Shop, first: EscposDouble, second: EscposDouble
) -> None:
    first.slow(SLOW)
    shop.start(first, second)
    job_id = shop.ask(1)
    wait_for(lambda: first.received > 10_000)
    first.drop_network()
    shop.becomes(job_id, "sending", "offline")
    for number in (2, 3):
        shop.becomes(shop.ask(number), "printed", "")
    assert shop.state(job_id) == ("sending", "offline")
    assert out(second) == [said(2), said(3)]
    first.network_back()
    shop.becomes(job_id, "printed")
    assert (out(first) + out(second)).count(said(1)) == 1


@pytest.mark.parametrize("it_came_out", [True, False])
def test_a_slip_on_a_printer_that_is_away_is_settled_by_its_cuts(
    shop: Shop, first: EscposDouble, second: EscposDouble, it_came_out: bool
) -> None:
    first.paper_out_at(HALF)
    shop.start(first, second)
    second.open_cover()
    job_id = shop.ask(1)
    shop.becomes(job_id, "sending", "paper_out")
    if it_came_out:
        first.drop_network()
        shop.becomes(job_id, "sending", "offline")
        first.paper_in()
        first.wait_for_papers(1)
        first.network_back()
    else:
        first.cut_power()
        first.paper_in()
        shop.becomes(job_id, "sending", "offline")
        first.power_on()
    shop.becomes(job_id, "printed")
    stays(lambda: first.cuts == 1, 0.2)
    assert shop.job(job_id).attempt == (1 if it_came_out else 2)


# -- nobody gets a stranger's slip


@STANDS_STILL
def test_a_slip_that_is_held_too_long_is_cleared_and_never_comes_out(
    shop: Shop,
    first: EscposDouble,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    breaks: Trouble,
    mends: Trouble,
) -> None:
    first.slow(SLOW)
    shop.start(first)
    job_id = shop.ask(1)
    wait_for(lambda: first.received > 10_000)
    breaks(first)
    shop.becomes(job_id, "sending", state)
    monkeypatch.setattr(queues, "STALE_S", 0.2)
    shop.becomes(job_id, "shown")
    mends(first)
    stays(lambda: not first.cuts)
    assert shop.state(job_id)[0] == "shown"
    monkeypatch.setattr(queues, "STALE_S", 60.0)
    assert shop.again(job_id)
    shop.becomes(job_id, "printed", "")
    assert out(first) == [said(1)]


def test_a_label_that_is_held_too_long_is_forgotten(
    shop: Shop, label: QlOnNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.start(label)
    wait_for(lambda: shop.knows(label, "ready"))
    label.fault_while_printing = ql_double.COVER_OPEN
    job_id = shop.ask(1)
    shop.becomes(job_id, "sending", "cover_open")
    monkeypatch.setattr(queues, "STALE_S", 0.2)
    shop.becomes(job_id, "unknown", "cover_open")
    label.fault = ql_double.WELL
    stays(lambda: not label.labels and not label.holds)


def test_a_slip_that_waited_too_long_is_shown_and_the_next_one_is_printed(shop: Shop, first: EscposDouble) -> None:
    old, new = shop.ask(1), shop.ask(2)
    shop.move(old, 61)
    shop.start(first)
    shop.becomes(new, "printed")
    assert shop.state(old)[0] == "shown"
    assert out(first) == [said(2)]


@pytest.mark.parametrize("forward_s", [3600, -3600])
def test_a_slip_whose_age_nobody_knows_after_the_clock_was_set_is_offered_again_and_not_kept(
    shop: Shop, first: EscposDouble, forward_s: float
) -> None:
    first.paper_out()
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "queued", "paper_out")
    shop.move(job_id, forward_s)
    shop.becomes(job_id, "shown")
    first.paper_in()
    stays(lambda: not first.cuts, 0.2)
    assert shop.again(job_id)
    shop.becomes(job_id, "printed")


def test_a_second_that_the_clock_was_put_right_by_costs_no_slip(shop: Shop, first: EscposDouble) -> None:
    jobs = [shop.ask(1), shop.ask(2)]
    shop.move(jobs[0], -2)
    shop.start(first)
    for job_id in jobs:
        shop.becomes(job_id, "printed")


def test_a_slip_that_went_stale_on_its_way_is_not_taken_for_the_next_ones_paper(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints, jobs = ReceiptPrinter.print, []
    second.paper_out()

    def fails_late(self: ReceiptPrinter, slip: Slip, sending: Sending, wait: Wait) -> str:
        if jobs:
            return prints(self, slip, sending, wait)
        monkeypatch.setattr(queues, "STALE_S", 0.5)
        time.sleep(0.6)
        jobs.append(shop.ask(2))
        raise PrinterError("it took nothing", sure=True)

    monkeypatch.setattr(ReceiptPrinter, "print", fails_late)
    shop.start(first, second)
    wait_for(lambda: shop.knows(second, "paper_out"))
    job_id = shop.ask(1)
    wait_for(lambda: jobs)
    shop.becomes(jobs[0], "printed")
    shop.becomes(job_id, "shown")
    assert out(first) == [said(2)]


def test_the_next_visitors_paper_bears_nothing_of_a_slip_that_was_cleared_half_way(
    shop: Shop, first: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    first.slow(SLOW)
    shop.start(first)
    old = shop.ask(1)
    wait_for(lambda: first.received > 10_000)
    first.open_cover()
    shop.becomes(old, "sending", "cover_open")
    monkeypatch.setattr(queues, "STALE_S", 0.2)
    shop.becomes(old, "shown")
    monkeypatch.setattr(queues, "STALE_S", 60.0)
    first.close_cover()
    shop.becomes(shop.ask(2), "printed")
    shop.becomes(shop.ask(2), "printed")
    one, other = (paper.image for paper in first.papers[-2:])
    assert one.size == other.size


# -- killed, stopped, and started again


@contextmanager
def worker(shop: Shop, double: EscposDouble) -> Iterator[subprocess.Popen[str]]:
    words = ("tests.printers.spooling", str(shop.folder), address(double))
    with processes.process(*words, stderr=subprocess.DEVNULL) as running:
        yield running


@pytest.mark.parametrize("it_came_out", [True, False])
def test_a_slip_under_way_when_the_worker_is_killed_is_settled_by_its_cuts(
    shop: Shop, first: EscposDouble, it_came_out: bool
) -> None:
    first.paper_out_at(HALF)
    job_id = shop.ask(1)
    with worker(shop, first) as running:
        shop.becomes(job_id, "sending", "paper_out", 20)
        processes.kill(running)
    if it_came_out:
        first.paper_in()
        first.wait_for_papers(1)
    shop.start(first)
    if not it_came_out:
        wait_for(lambda: shop.knows(first, "paper_out"))
        first.paper_in()
    shop.becomes(job_id, "printed")
    stays(lambda: first.cuts == 1, 0.2)
    assert shop.job(job_id).attempt == (1 if it_came_out else 2)
    assert set(out(first)) == {said(1)}


def test_stopping_takes_back_a_slip_that_a_printer_holds(shop: Shop, first: EscposDouble) -> None:
    first.paper_out_at(HALF)
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "sending", "paper_out")
    assert shop.stop() < 2
    assert shop.state(job_id) == ("queued", "paper_out")
    first.paper_in()
    stays(lambda: not first.cuts, 0.2)
    shop.start(first)
    shop.becomes(job_id, "printed", "")
    assert first.cuts == 1


def test_stopping_with_a_printer_away_is_soon(shop: Shop, first: EscposDouble) -> None:
    first.cut_power()
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "queued", "offline")
    assert shop.stop() < 2
    assert shop.state(job_id)[0] == "queued"


def test_a_slip_sent_to_a_printer_that_is_no_longer_in_the_settings_is_offered_again(
    shop: Shop, first: EscposDouble
) -> None:
    job_id = shop.ask(1)
    shop.queue.sending(job_id, "tcp://192.0.2.1", "GONE", 7)
    shop.start(first)
    shop.becomes(job_id, "unknown", "offline")
    stays(lambda: not first.cuts, 0.2)
    assert shop.again(job_id)
    shop.becomes(job_id, "printed", "")
    assert out(first) == [said(1)]


def test_a_picture_that_nobody_was_told_of_is_drawn_again(shop: Shop) -> None:
    there, away = shop.ask(1), shop.ask(2)
    (shop.folder / "slips").mkdir()
    for job_id, mark in ((there, "there"), (away, "away")):
        shop.queue.sending(job_id, "png", mark, None)
    (shop.folder / "slips" / "there.png").write_bytes(b"a picture")
    shop.start("png")
    for job_id, number in ((there, 1), (away, 2)):
        shop.becomes(job_id, "printed")
        picture = zxingcpp.read_barcodes(Image.open(shop.job(job_id).outcome))
        assert [found.text for found in picture] == [said(number)]
    assert not (shop.folder / "slips" / "there.png").exists()


def test_pictures_that_cannot_be_written_wait_for_room(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    prints = PicturePrinter.print

    def no_room(self: PicturePrinter, slip: Slip, sending: Sending, wait: Wait) -> str:
        raise PrinterError("no room", sure=True, state=FAULT)

    monkeypatch.setattr(PicturePrinter, "print", no_room)
    shop.start("png")
    job_id = shop.ask(1)
    shop.becomes(job_id, "queued", "fault")
    monkeypatch.setattr(PicturePrinter, "print", prints)
    shop.becomes(job_id, "printed", "")


# -- printers that do not confirm, or not at once


def test_an_unknown_slip_is_offered_again_and_printed_once(shop: Shop) -> None:
    with EscposDouble(confirms=False) as plain:
        shop.start(plain)
        wait_for(lambda: shop.knows(plain, "ready"))
        plain.cut_power_at(10_000)
        job_id = shop.ask(1)
        shop.becomes(job_id, "unknown")
        plain.power_on()
        stays(lambda: not plain.cuts, 0.3)
        assert shop.again(job_id) and not shop.again(job_id)
        plain.wait_for_papers(1)
        shop.becomes(job_id, "unknown", "unknown")
        stays(lambda: plain.cuts == 2, 0.2)
        assert [one for one in out(plain) if one] == [said(1)] and not plain.rubbish


def test_a_printer_that_stands_still_when_it_is_met_is_known_later_for_one_that_confirms(
    shop: Shop, first: EscposDouble
) -> None:
    first.open_cover()
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "queued", "cover_open")
    first.close_cover()
    shop.becomes(job_id, "printed", "")
    assert shop.job(job_id).cuts == 0


def test_a_long_slip_comes_out_once_of_a_printer_that_answers_only_when_it_has_room(shop: Shop) -> None:
    with Small(rows_per_s=3_000) as small:
        shop.start(small)
        wait_for(lambda: shop.knows(small, "ready"))
        job_id = shop.ask(*range(7))
        shop.becomes(job_id, "printed", "", 10)
        assert shop.job(job_id).attempt == 1 and small.cuts == 1 and not small.faults
        assert sorted(out(small)) == sorted(said(number) for number in range(7))
        assert {state for told in shop.told for state, _low in told.values()} == {"ready"}


def test_a_printer_that_falls_silent_with_a_slip_is_given_up_in_the_end(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt, "_SILENCE_S", 0.5)
    with Small(rows_per_s=100) as stuck:
        shop.start(stuck, second)
        wait_for(lambda: shop.knows(stuck, "ready"))
        job_id = shop.ask(1)
        shop.becomes(job_id, "sending", "offline")
        shop.becomes(shop.ask(2), "printed", "")
        assert shop.state(job_id)[0] == "sending" and out(second) == [said(2)]
        stuck.slow(20_000)
        shop.becomes(job_id, "printed")
        assert (out(stuck) + out(second)).count(said(1)) == 1


def test_a_printer_that_says_nothing_until_it_has_started_is_asked_anew_whether_it_confirms(shop: Shop) -> None:
    with Starting() as double:
        shop.start(double)
        wait_for(lambda: shop.knows(double, "unknown"))
        double.started = True
        wait_for(lambda: shop.knows(double, "ready"))
        shop.becomes(shop.ask(1), "printed", "")
        assert out(double) == [said(1)]


@pytest.mark.parametrize("hours", [0, 2])
def test_a_printer_that_says_nothing_is_asked_for_an_hour_what_came_out(
    shop: Shop, second: EscposDouble, hours: int
) -> None:
    with Starting() as double:
        job_id = shop.ask(1)
        shop.queue.sending(job_id, address(double), "SENT", 0)
        shop.move(job_id, 3600 * hours)
        shop.start(double)
        wait_for(lambda: shop.told)
        if hours:
            shop.becomes(job_id, "unknown", "offline")
        else:
            stays(lambda: shop.state(job_id)[0] == "sending", 0.2)
            double.started = True
            shop.becomes(job_id, "printed")
            assert double.cuts == 1


# -- what is told


@TROUBLES
def test_why_a_slip_waits_is_told_while_it_does_and_not_while_it_prints(
    shop: Shop, first: EscposDouble, state: str, breaks: Trouble, mends: Trouble
) -> None:
    breaks(first)
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "queued", state)
    first.slow(SLOW)
    mends(first)
    shop.becomes(job_id, "sending", "")
    shop.becomes(job_id, "printed", "")


def test_why_a_slip_stopped_half_way_is_told_until_it_goes_on(shop: Shop, first: EscposDouble) -> None:
    first.slow(SLOW)
    shop.start(first)
    job_id = shop.ask(1)
    wait_for(lambda: first.received > 10_000)
    first.open_cover()
    shop.becomes(job_id, "sending", "cover_open")
    first.close_cover()
    shop.becomes(job_id, "sending", "")
    shop.becomes(job_id, "printed", "")
    assert shop.job(job_id).attempt == 1 and out(first) == [said(1)]


def test_how_printers_are_is_told_when_it_changes_and_never_else(
    shop: Shop, first: EscposDouble, second: EscposDouble, label: QlOnNetwork
) -> None:
    first.near_end()
    shop.start(first, label)
    wait_for(lambda: shop.knows(first, "ready") and shop.knows(label, "ready"))
    before = len(shop.told)
    for number in range(2):
        shop.becomes(shop.ask(number), "printed")
    stays(lambda: len(shop.told) == before, 0.3)
    first.paper_out()
    wait_for(lambda: shop.knows(first, "paper_out"))
    shop.becomes(shop.ask(2), "printed")
    label.fault = ql_double.COVER_OPEN
    wait_for(lambda: shop.knows(label, "cover_open"))
    job_id = shop.ask(3)
    shop.becomes(job_id, "queued", "paper_out")
    stays(lambda: len(shop.told) == before + 2, 0.3)
    label.fault = ql_double.WELL
    shop.becomes(job_id, "printed")
    assert all(one != other for one, other in zip(shop.told, shop.told[1:], strict=False))


@pytest.mark.parametrize("count", [1, 10, 900, 10_000])
def test_what_broke_off_at_a_plain_printer_is_ended_before_the_next_slip(shop: Shop, count: int) -> None:
    with EscposDouble(confirms=False) as plain:
        held = shop.ask(0)
        shop.queue.sending(held, address(plain), "HELD", None)
        with socket.create_connection(("127.0.0.1", plain.port)) as line:
            line.sendall(escpos.slip(Image.new("1", (576, 600)))[:count])
        wait_for(lambda: plain.received == count)
        shop.start(plain)
        shop.becomes(held, "unknown")
        shop.becomes(shop.ask(1), "unknown")
        shop.becomes(shop.ask(2), "unknown")
        wait_for(lambda: len(plain.papers) >= 2 and out(plain)[-2:] == [said(1), said(2)])
        assert not plain.rubbish and plain.cuts == 3


def test_a_plain_printer_is_told_of_once_however_many_slips_it_takes(shop: Shop) -> None:
    with EscposDouble(confirms=False) as plain:
        shop.start(plain)
        for number in range(3):
            shop.becomes(shop.ask(number), "unknown", "unknown")
        stays(lambda: shop.told == [{address(plain): ("ready", False)}], 0.2)


def test_who_is_told_may_fail_and_is_told_later(shop: Shop, first: EscposDouble) -> None:
    note, failures = shop.note, []

    def fails(found: Mapping[str, Status]) -> None:
        if len(failures) < 3:
            failures.append(found)
            raise OSError("no room")
        note(found)

    shop.note = fails  # type: ignore[method-assign]
    shop.start(first)
    shop.becomes(shop.ask(1), "printed")
    wait_for(lambda: shop.told == [{address(first): ("ready", False)}])
    assert len(failures) == 3 and first.cuts == 1


def test_a_printer_that_was_away_is_noticed_when_it_is_back(shop: Shop, first: EscposDouble) -> None:
    first.cut_power()
    shop.start(first)
    wait_for(lambda: shop.knows(first, "offline"))
    first.power_on()
    wait_for(lambda: shop.knows(first, "ready"), 2)
    first.drop_network()
    wait_for(lambda: shop.knows(first, "offline"), 2)
    first.network_back()
    wait_for(lambda: shop.knows(first, "ready"), 2)
    assert not first.received or not first.cuts


# -- at once


def test_a_slip_is_on_its_way_as_soon_as_it_is_asked_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoolers, "LOOK_S", 30.0)
    took = []
    with Watched() as watched:
        shop.start(watched)
        wait_for(lambda: shop.knows(watched, "ready"))
        for number in range(5):
            watched.raster_at = 0.0
            job_id = shop.ask(number, wakes=False)
            asked_at = time.monotonic()
            assert shop.spooler
            shop.spooler.wake()
            shop.becomes(job_id, "printed")
            took.append(watched.raster_at - asked_at)
    assert max(took) < 0.5, took


def test_a_slip_waits_for_no_look_at_a_printer_that_does_not_answer(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, status = threading.Event(), ReceiptPrinter.status

    def slow(self: ReceiptPrinter) -> Status:
        if self.address == address(first):
            looks.set()
            time.sleep(1)
        return status(self)

    monkeypatch.setattr(ReceiptPrinter, "status", slow)
    shop.start(first, second)
    assert looks.wait(5)
    shop.becomes(shop.ask(1), "printed", seconds=0.7)


def test_a_printer_that_cannot_say_for_hours_what_came_out_keeps_no_other_waiting(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoolers, "_AWAY_LOOK_S", 30.0)
    asked = []

    def never(self: ReceiptPrinter, sending: Sending) -> bool | None:
        asked.append(sending.mark)
        time.sleep(0.6)
        raise PrinterError("it does not answer", sure=False, state="offline")

    monkeypatch.setattr(ReceiptPrinter, "settle", never)
    held = shop.ask(0)
    shop.queue.sending(held, address(first), "HELD", 0)
    shop.start(first, second)
    shop.becomes(held, "sending", "offline")
    began = time.monotonic()
    for number in range(1, 5):
        shop.becomes(shop.ask(number), "printed")
    assert time.monotonic() - began < 2, "each slip waited for the printer that is away"
    assert asked == ["HELD"]
    assert out(second) == [said(number) for number in range(1, 5)] and not first.cuts


# -- what nobody foresaw


def fails_at(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have slips of this title impossible to draw."""
    draw = receipt.draw

    def fails(slip: Slip, layout: Any) -> list[Image.Image]:
        if slip.items[0].title == title:
            raise ZeroDivisionError(title)
        return draw(slip, layout)

    monkeypatch.setattr(receipt, "draw", fails)


def test_a_slip_that_cannot_be_drawn_is_in_doubt_and_the_next_one_is_printed(
    shop: Shop, first: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_at("Bad", monkeypatch)
    bad, good = shop.queue.add(a_slip(an_item(1, "Bad"))), shop.ask(2)
    shop.start(first)
    shop.becomes(good, "printed")
    assert shop.state(bad) == ("unknown", "fault") and shop.job(bad).attempt == 1
    assert out(first) == [said(2)]


def test_a_slip_of_another_version_that_cannot_be_read_keeps_no_other_waiting(shop: Shop, first: EscposDouble) -> None:
    queued, sent, good = (shop.ask(number) for number in range(3))
    shop.queue.sending(sent, address(first), "SENT", 0)
    with closing(sqlite3.connect(shop.records.path)) as db, db:
        db.execute("UPDATE print_job SET slip = '{}' WHERE id IN (?, ?)", (queued, sent))
    shop.start(first)
    shop.becomes(good, "printed")
    assert (shop.state(queued)[0], shop.state(sent)[0]) == ("unknown", "unknown")


def test_what_fails_half_way_for_no_known_reason_is_cleared_so_that_no_stranger_gets_it(
    shop: Shop, first: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        wait_for(lambda: not first._has_paper)
        raise ZeroDivisionError

    first.paper_out_at(HALF)
    monkeypatch.setattr(ReceiptPrinter, "_until_out", fails)
    shop.start(first)
    job_id = shop.ask(1)
    shop.becomes(job_id, "unknown", "fault")
    first.paper_in()
    stays(lambda: not first.cuts, 0.2)


@pytest.mark.parametrize("method", ["status", "prepare", "settle"])
def test_a_printer_with_a_fault_of_its_own_keeps_no_slip_from_the_next(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    works = getattr(ReceiptPrinter, method)

    def fails(self: ReceiptPrinter, *words: object) -> object:
        if self.address == address(first):
            raise UnicodeError("nobody thought of this")
        return works(self, *words)

    monkeypatch.setattr(ReceiptPrinter, method, fails)
    held = shop.ask(0)
    shop.queue.sending(held, address(first), "HELD", 0)
    shop.start(first, second)
    shop.becomes(shop.ask(1), "printed", "")
    wait_for(lambda: shop.knows(second, "ready"))
    if method == "settle":
        assert shop.state(held) == ("sending", "fault") and out(second) == [said(1)]


@pytest.mark.parametrize("bytes_left", [1, 8, 20, 30])
def test_a_line_that_breaks_while_a_printer_is_made_ready_costs_no_slip(
    shop: Shop, first: EscposDouble, bytes_left: int
) -> None:
    job_id = shop.ask(1)
    first.cut_power_at(bytes_left)
    shop.start(first)
    shop.becomes(job_id, "queued", "offline")
    first.power_on()
    shop.becomes(job_id, "printed", "")
    assert out(first) == [said(1)] and shop.job(job_id).attempt == 1


def test_what_the_screen_is_told_costs_no_slip_when_it_cannot_be_written(shop: Shop, first: EscposDouble) -> None:
    impatient(shop.records)
    first.paper_out_at(HALF)
    shop.start(first)
    job_id = shop.ask(1)
    wait_for(lambda: first.received > 50_000)
    shop.becomes(job_id, "sending", "paper_out")
    with locked(shop.records):
        first.paper_in()
        first.wait_for_papers(1)
        time.sleep(0.3)
    shop.becomes(job_id, "printed")
    stays(lambda: first.cuts == 1, 0.2)
    assert shop.job(job_id).attempt == 1


def test_a_held_slip_goes_on_being_held_while_nothing_can_be_written(shop: Shop, first: EscposDouble) -> None:
    impatient(shop.records)
    first.slow(SLOW)
    shop.start(first)
    job_id = shop.ask(1)
    wait_for(lambda: first.received > 10_000)
    with locked(shop.records):
        first.open_cover()
        time.sleep(0.4)
        assert shop.state(job_id) == ("sending", "")
    shop.becomes(job_id, "sending", "cover_open")
    first.close_cover()
    shop.becomes(job_id, "printed")
    assert shop.job(job_id).attempt == 1 and first.cuts == 1


def test_a_slip_asked_for_while_nothing_can_be_written_is_printed_once_when_it_can(
    shop: Shop, first: EscposDouble
) -> None:
    impatient(shop.records)
    job_id = shop.ask(1)
    with locked(shop.records):
        shop.start(first)
        stays(lambda: shop.state(job_id) == ("queued", ""), 0.5)
        assert not first.cuts
    shop.becomes(job_id, "printed")
    assert shop.job(job_id).attempt == 1 and first.cuts == 1


def test_waiting_for_a_printer_costs_little(
    shop: Shop, first: EscposDouble, second: EscposDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoolers, "LOOK_S", 0.1)
    prepares = ReceiptPrinter.prepare
    tries = []

    def counted(self: ReceiptPrinter, job_id: str) -> Sending:
        tries.append(self.address)
        return prepares(self, job_id)

    monkeypatch.setattr(ReceiptPrinter, "prepare", counted)
    first.paper_out()
    second.cut_power()
    shop.start(first, second)
    for number in range(3):
        shop.ask(number)
    time.sleep(0.6)
    assert 4 <= len(tries) <= 20, "it goes round and round"
