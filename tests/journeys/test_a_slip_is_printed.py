"""From the tap to the paper, and from the paper to the page."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import zxingcpp
from PIL import Image

from kiosk import bootstrap
from kiosk.devices.bell import STOP, Bell, ring
from kiosk.errors import SettingsError
from kiosk.services.services import bell_path
from kiosk.settings import Settings
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.printers.escpos_double import EscposDouble, symbols
from tests.printers.ippeve import ipp_printer, read


@contextmanager
def agent_of(kiosk: TestKiosk) -> Iterator[None]:
    """The unit's agent, working in a thread."""
    worker = bootstrap.agent(kiosk.services)
    path = bell_path(kiosk.folder)
    with Bell(path) as bell:
        thread = threading.Thread(target=worker.run, args=(bell,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ring(path, STOP)
            thread.join(10)
            assert not thread.is_alive()


def with_printer(kiosk: TestKiosk, printer: str) -> None:
    kiosk.restart()
    kiosk.services.close()
    kiosk.services = bootstrap.services(Settings(data=kiosk.folder, poll_s=0.2, printer=printer))


def state(kiosk: TestKiosk, job_id: str) -> str:
    job = kiosk.services.take_away.job(job_id)
    assert job
    return job.state


def reason(kiosk: TestKiosk, job_id: str) -> str:
    job = kiosk.services.take_away.job(job_id)
    assert job
    return job.reason


def opened(address: str) -> str:
    """The page that a phone shows, once the hub has it."""
    wait_for(lambda: requests.get(address, timeout=5).ok)
    return requests.get(address, timeout=5).text


def test_without_a_printer_the_slip_is_a_picture_whose_code_opens_the_page(hub: TestHub, shop: TestKiosk) -> None:
    item = shop.item("Cook for ten")
    with agent_of(shop):
        job_id = shop.services.take_away.print_slip([item])
        wait_for(lambda: state(shop, job_id) == "printed")
    job = shop.services.take_away.job(job_id)
    assert job
    symbol = zxingcpp.read_barcodes(Image.open(job.outcome))[0]
    assert symbol.text == shop.services.take_away.address(item)
    assert "Cook for ten on £10" in opened(symbol.text)


def test_a_receipt_printer_has_the_slip_at_once(shop: TestKiosk) -> None:
    with EscposDouble() as double:
        with_printer(shop, f"tcp://127.0.0.1:{double.port}")
        items = [shop.item("Cook for ten"), shop.item("Mend a bike")]
        with agent_of(shop):
            began = time.monotonic()
            job_id = shop.services.take_away.print_slip(items)
            wait_for(lambda: state(shop, job_id) == "printed")
            wait_for(lambda: double.papers)
            assert time.monotonic() - began < 2, "the agent was not woken"
        addresses = symbols(double.papers[0])
        assert set(addresses) == {shop.services.take_away.address(item) for item in items}
        pages = "".join(opened(address) for address in addresses)
        assert "Cook for ten on £10" in pages and "Mend a bike" in pages


def test_an_office_printer_has_a_page_whose_code_opens_the_item(shop: TestKiosk) -> None:
    with ipp_printer() as printer:
        with_printer(shop, printer.address)
        item = shop.item("Mend a bike")
        with agent_of(shop):
            job_id = shop.services.take_away.print_slip([item])
            wait_for(lambda: state(shop, job_id) == "printed")
        _paper, address = read(printer.printed[0])
        assert address == shop.services.take_away.address(item)
        assert "Mend a bike" in opened(address)


def test_staff_choose_another_printer_and_it_prints_at_once(shop: TestKiosk) -> None:
    printers = shop.services.printers
    with EscposDouble() as double, agent_of(shop):
        wait_for(lambda: printers.states()[0].state == "ready")
        assert printers.in_use == "png"
        printers.use(f"tcp://127.0.0.1:{double.port}")
        job_id = shop.services.take_away.print_test_slip("staff")
        wait_for(lambda: state(shop, job_id) == "printed")
        assert symbols(double.wait_for_papers(1)[0]) == [shop.services.take_away.base_url()]
        double.near_end()
        wait_for(lambda: printers.states()[0].paper_low)
        printers.use("png")
        job_id = shop.services.take_away.print_test_slip("staff")
        wait_for(lambda: state(shop, job_id) == "printed")
    assert len(double.papers) == 1
    shop.restart()
    assert shop.services.printers.in_use == "png"


def test_staff_cannot_choose_what_cannot_be_opened(shop: TestKiosk) -> None:
    for address in ("label://labels.local:9100?model=QL-600R", "tcp://", "a printer"):
        with pytest.raises(SettingsError):
            shop.services.printers.use(address)
    assert shop.services.printers.in_use == "png"


def test_a_choice_that_cannot_be_opened_any_more_keeps_no_agent_from_starting(
    shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    (shop.folder / "printer.txt").write_text("label://labels.local:9100?model=QL-600R")
    assert shop.services.printers.in_use.startswith("label:")
    with agent_of(shop):
        job_id = shop.services.take_away.print_test_slip("staff")
        wait_for(lambda: state(shop, job_id) == "printed")
    assert shop.services.printers.in_use == "png"
    assert len([line for line in caplog.messages if "what staff chose cannot be used" in line]) == 1


def test_a_printer_that_is_away_costs_nobody_anything(shop: TestKiosk) -> None:
    with EscposDouble() as double:
        port = double.port
    with_printer(shop, f"tcp://127.0.0.1:{port}")
    with agent_of(shop):
        job_id = shop.services.take_away.print_slip([shop.item("Mend a bike")])
        wait_for(lambda: reason(shop, job_id) == "offline")
        assert shop.sync().outcome == "current"


def test_a_slip_that_waited_too_long_is_not_given_to_a_stranger(shop: TestKiosk, monkeypatch: object) -> None:
    job_id = shop.services.take_away.print_slip([shop.item("Mend a bike")])
    from sqlalchemy import update

    from kiosk.store.schema import print_job

    with shop.services.records.writing() as db:
        db.execute(update(print_job).values(made_at=time.time() - 61))
    with agent_of(shop):
        wait_for(lambda: state(shop, job_id) == "shown")
    assert not (shop.folder / "slips").exists()


def test_a_slip_that_was_being_printed_at_a_power_cut_is_in_doubt_not_printed_twice(shop: TestKiosk) -> None:
    with EscposDouble(confirms=False) as double:
        with_printer(shop, f"tcp://127.0.0.1:{double.port}")
        job_id = shop.services.take_away.print_slip([shop.item("Mend a bike")])
        shop.services.queue.sending(job_id, shop.services.settings.printer, "MARK", None)
        with agent_of(shop):
            wait_for(lambda: state(shop, job_id) == "unknown")
            assert not double.papers
            assert shop.services.take_away.print_again(job_id)
            double.wait_for_papers(1)
            wait_for(lambda: state(shop, job_id) == "unknown")
        assert not shop.services.take_away.print_again("another")


def test_what_was_taken_is_counted_by_day_and_reaches_the_hub_once(hub: TestHub, shop: TestKiosk) -> None:
    import datetime as dt

    from sync.hub.store import inbox

    item = shop.item("Mend a bike")
    for _ in range(3):
        shop.services.take_away.print_slip([item])
    shop.services.shelves.searched_in_vain("Flying lessons")
    shop.services.shelves.searched_in_vain("ann@example.org")
    today = shop.services.unit.now().date()
    assert shop.services.usage.send_finished_days(today) == 0
    assert shop.services.usage.send_finished_days(today + dt.timedelta(days=1)) == 2
    assert shop.sync().sent == 2
    assert shop.sync().sent == 0
    with hub.hub.database.reading() as db:
        found = {(row["body"]["action"], row["body"]["count"]) for row in inbox.everything(db)}
    assert found == {("slip", 3), ("search_empty", 1)}


def test_records_survive_the_screens_power_cut(shop: TestKiosk, tmp_path: Path) -> None:
    """What was confirmed is on disk: a copy of the bare files, as a power cut would leave them, has it."""
    import shutil

    job_id = shop.services.take_away.print_slip([shop.item("Mend a bike")])
    cut = tmp_path / "after"
    cut.mkdir()
    for name in ("records.db", "records.db-wal"):
        if (shop.folder / name).exists():
            shutil.copy(shop.folder / name, cut / name)
    after = bootstrap.services(Settings(data=cut))
    assert after.queue.job(job_id)
    after.close()
    assert (shop.folder / "records.db").stat().st_mode & 0o077 == 0


def test_a_picture_of_a_slip_is_a_whole_png(shop: TestKiosk) -> None:
    with agent_of(shop):
        job_id = shop.services.take_away.print_slip([shop.item("Mend a bike")])
        wait_for(lambda: state(shop, job_id) == "printed")
    job = shop.services.take_away.job(job_id)
    assert job
    picture = Image.open(io.BytesIO(Path(job.outcome).read_bytes()))
    assert picture.format == "PNG" and picture.width == 576


def test_a_slip_and_its_count_are_one(shop: TestKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted was asked for, and what was asked for is counted: there is nothing between the two."""

    def no_room(*_: object, **__: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as disk:
        disk.setattr(shop.services.usage, "add", no_room)
        with pytest.raises(OSError, match="no room"):
            shop.services.take_away.print_slip([shop.item("Mend a bike")])
    assert shop.services.queue.next() is None
    item = shop.item("Mend a bike")
    shop.services.take_away.print_slip([item])
    assert shop.services.queue.next() and shop.services.usage.asked()[item.id] == 1
