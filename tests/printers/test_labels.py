"""Label printers: what comes out, and what is known of it when something fails."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices import qr
from kiosk.devices.printers import labels, printer
from kiosk.devices.printers.labels import LabelPrinter
from kiosk.devices.printers.lines import SocketLine
from kiosk.devices.printers.printer import Sending, Status
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError, SettingsError
from tests.printers import ql_double
from tests.printers.ql_double import QlDouble, QlOnNetwork, QlOnTerminal

ADDRESSES = ["HTTPS://GOOD.EXAMPLE/D/7K3M9QX2", "HTTPS://GOOD.EXAMPLE/D/0000000Z", "HTTPS://GOOD.EXAMPLE/D/9QX27K3M"]
SLIP = Slip(shop="Good Stuff", hours="", next_session="", items=[])
SENDING = Sending("42ab")


def picture(address: str, height: int = 400, width: int = 696) -> Image.Image:
    """A label with its QR symbol left of the middle, so that a mirrored one is another picture."""
    modules = qr.matrix(address)
    symbol = Image.new("1", (len(modules), len(modules)))
    symbol.putdata([0 if dark else 1 for row in modules for dark in row])
    label = Image.new("1", (width, height), 1)
    label.paste(symbol.resize((symbol.width * 8, symbol.height * 8), Image.Resampling.NEAREST), (20, 10))
    return label


def read(label: Image.Image) -> str:
    found = zxingcpp.read_barcodes(label.convert("L"), formats=zxingcpp.BarcodeFormat.QRCodeModel2)
    return found[0].text if found else ""


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


def patient(_: Status) -> bool:
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 3
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextlib.contextmanager
def opened(double: QlDouble, *pictures: Image.Image, model: str = "QL-820NWB") -> Iterator[LabelPrinter]:
    with double, contextlib.closing(printer_at(double, *pictures, model=model)) as it:
        yield it


def printer_at(double: QlDouble, *pictures: Image.Image, model: str = "QL-820NWB") -> LabelPrinter:
    return LabelPrinter("label://here", double.open_line, model, lambda slip: list(pictures))


class Impatient:
    """Looks at what it is told, and gives up at a state, or after some words."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.told: list[Status] = []

    def __call__(self, status: Status) -> bool:
        self.told.append(status)
        return status.state != self.at


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "ANSWER_S", 0.3)
    monkeypatch.setattr(labels, "SILENT_S", 0.4)
    monkeypatch.setattr(labels, "PATIENCE_S", 0.8)


@pytest.mark.parametrize("kind", [QlOnNetwork, QlOnTerminal])
@pytest.mark.parametrize("model", ["QL-820NWB", "QL-700"])
def test_each_label_comes_out_as_it_was_drawn_and_is_cut(kind: type[QlDouble], model: str) -> None:
    double, pictures = kind(), [picture(address) for address in ADDRESSES]
    with opened(double, *pictures, model=model) as it:
        assert it.status().state == printer.READY
        sending = it.prepare("0199aabb-42ab")
        assert sending == Sending("42ab")
        assert it.print(SLIP, sending, patient) == ""
        assert [read(label) for label in double.labels] == ADDRESSES
        assert all(map(same, double.labels, pictures))
        assert (double.cuts, double.wrong, double.holds) == (3, [], False)


def test_a_label_that_is_too_short_is_made_longer() -> None:
    double, small = QlOnNetwork(), Image.new("1", (696, 40))
    with opened(double, small) as it:
        it.print(SLIP, it.prepare("1"), patient)
        (label,) = double.labels
        assert (label.height, double.wrong) == (150, [])
        assert same(label.crop((0, 0, 696, 40)), small)
        assert label.crop((0, 40, 696, 150)).getextrema() == (255, 255)


@pytest.mark.parametrize(("width", "height"), [(697, 400), (576, 400), (696, 11812)])
def test_a_label_the_tape_has_no_room_for_is_not_sent(width: int, height: int) -> None:
    double = QlOnNetwork()
    with opened(double, Image.new("1", (width, height), 1)) as it, pytest.raises(PrinterError) as told:
        it.print(SLIP, SENDING, patient)
    assert f"{width} x {height} dots" in str(told.value)
    assert (told.value.sure, told.value.state, double.taken) == (True, printer.FAULT, 0)


def test_an_unknown_model_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match=r"label://here.*QL-820NWB"):
        LabelPrinter("label://here", lambda: SocketLine("127.0.0.1", 1), "QL-9000", lambda slip: [])


@pytest.mark.parametrize(
    ("fault", "tape", "state", "words"),
    [
        (ql_double.NO_MEDIA, ql_double.NO_TAPE, printer.PAPER_OUT, "No media when printing"),
        (ql_double.WELL, ql_double.NO_TAPE, printer.PAPER_OUT, "No media"),
        ((0, 0x40), ql_double.TAPE_62, printer.PAPER_OUT, "Media cannot be fed"),
        (ql_double.COVER_OPEN, ql_double.TAPE_62, printer.COVER_OPEN, "Cover opened"),
        (ql_double.CUTTER_JAM, ql_double.TAPE_62, printer.FAULT, "cutter jam"),
        (ql_double.WELL, (29, 0x0A), printer.FAULT, "29 mm Continuous"),
        (ql_double.WELL, (62, 0x0B), printer.FAULT, "62 mm Die-cut"),
        (ql_double.WELL, (62, 0x77), printer.UNKNOWN, "80 20 42"),  # the library knows no such tape, and fails
        (ql_double.WELL, (62, 0x4A), printer.READY, "62 mm Continuous"),
    ],
)
def test_what_is_wrong_with_it_is_told_in_our_words(
    fault: tuple[int, int], tape: tuple[int, int], state: str, words: str
) -> None:
    double = QlOnNetwork()
    double.fault, double.tape = fault, tape
    with opened(double) as it:
        status = it.status()
        assert status.state == state
        assert words in status.words
        if not status.takes_slips:
            with pytest.raises(PrinterError, match=words) as told:
                it.prepare("1")
            assert (told.value.sure, told.value.state) == (True, state)


def test_one_that_is_off_is_offline_and_is_found_again() -> None:
    double = QlOnNetwork()
    with opened(double, picture(ADDRESSES[0])) as it:
        assert it.status().state == printer.READY
        double.close()
        began = time.monotonic()
        status = it.status()
        assert time.monotonic() - began < 2
        assert status.state == printer.OFFLINE
        assert str(double.port) in status.words
        for attempt in (lambda: it.prepare("1"), lambda: it.print(SLIP, SENDING, patient)):
            with pytest.raises(PrinterError) as told:
                attempt()
            assert (told.value.sure, told.value.state) == (True, printer.OFFLINE)
        with pytest.raises(PrinterError) as told:
            it.settle(SENDING)
        assert (told.value.sure, told.value.state) == (False, printer.OFFLINE)
        with QlOnNetwork(double.port) as again:
            it.print(SLIP, it.prepare("1"), patient)
            assert read(again.labels[0]) == ADDRESSES[0]


def test_a_line_that_was_closed_meanwhile_is_opened_again() -> None:
    double = QlOnNetwork()
    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        double.hang_up()
        wait_for(lambda: not double.connected)
        it.print(SLIP, SENDING, patient)
        assert ([read(label) for label in double.labels], double.lines) == ([ADDRESSES[0]], 2)


def test_the_tape_is_changed_while_it_holds_a_label() -> None:
    double = QlOnNetwork()
    told: list[str] = []

    def change_the_tape(status: Status) -> bool:
        told.append(status.state)
        if told.count(printer.PAPER_OUT) == 3:
            double.tape, double.fault = ql_double.TAPE_62, ql_double.WELL
        return True

    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        double.tape = ql_double.NO_TAPE
        it.print(SLIP, SENDING, change_the_tape)
        assert [read(label) for label in double.labels] == [ADDRESSES[0]]
        assert told.count(printer.PAPER_OUT) >= 3


def test_waiting_for_the_tape_is_told_every_second_and_is_not_given_up() -> None:
    """Longer than one that is well may take; silence is no fault then."""
    double, begun = QlOnNetwork(), time.monotonic()
    told: list[float] = []

    def for_a_while(status: Status) -> bool:
        told.append(time.monotonic())
        return told[-1] - begun < labels.PATIENCE_S + 0.3

    with opened(double, picture(ADDRESSES[0])) as it, pytest.raises(PrinterError) as error:
        it.prepare("1")
        double.tape = ql_double.NO_TAPE
        it.print(SLIP, SENDING, for_a_while)
    assert error.value.state == printer.PAPER_OUT
    assert max(later - earlier for earlier, later in itertools.pairwise(told)) < 1


def test_no_tape_and_nobody_comes_it_is_sure_that_nothing_comes_out_later() -> None:
    double = QlOnNetwork()
    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        double.tape = ql_double.NO_TAPE
        with pytest.raises(PrinterError, match="No media") as told:
            it.print(SLIP, SENDING, Impatient(at=printer.PAPER_OUT))
        assert (told.value.sure, told.value.state) == (True, printer.PAPER_OUT)
        double.tape, double.fault = ql_double.TAPE_62, ql_double.WELL
        assert it.status().state == printer.READY
        assert (double.labels, double.holds, double.wrong) == ([], False, [])


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (ql_double.COVER_OPEN, printer.COVER_OPEN),
        (ql_double.NO_MEDIA, printer.PAPER_OUT),
        (ql_double.CUTTER_JAM, printer.FAULT),
    ],
)
def test_a_fault_in_the_middle_of_a_label_leaves_nothing_sure(fault: tuple[int, int], state: str) -> None:
    double, waiting = QlOnNetwork(), Impatient(at=state)
    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        double.fault_while_printing = fault
        with pytest.raises(PrinterError) as told:
            it.print(SLIP, SENDING, waiting)
        assert (told.value.sure, told.value.state) == (False, state)
        assert [status.state for status in waiting.told if status.state != printer.BUSY] == [state]
        assert it.settle(SENDING) is None
        double.fault = ql_double.WELL
        it.status()
        assert (double.labels, double.holds) == ([], False)


def test_a_fault_at_the_second_label_leaves_nothing_sure() -> None:
    double, pictures = QlOnNetwork(), [picture(address) for address in ADDRESSES]

    def take_the_tape_out(status: Status) -> bool:
        if double.labels:
            double.tape = ql_double.NO_TAPE
        return status.state != printer.PAPER_OUT

    with opened(double, *pictures) as it:
        it.prepare("1")
        double.print_s = 0.6
        with pytest.raises(PrinterError) as told:
            it.print(SLIP, SENDING, take_the_tape_out)
        assert len(double.labels) in (1, 2)
        assert (told.value.sure, told.value.state) == (False, printer.PAPER_OUT)


@pytest.mark.parametrize("kind", [QlOnNetwork, QlOnTerminal])
@pytest.mark.parametrize("how", ["while it takes the label", "while it prints"])
def test_one_that_goes_half_way_leaves_nothing_sure(kind: type[QlDouble], how: str) -> None:
    double = kind()
    with opened(double, picture(ADDRESSES[0], height=3000)) as it:
        it.prepare("1")
        if how == "while it prints":
            double.gone_while_printing = True
        else:
            double.gone_after = 2000
        with pytest.raises(PrinterError, match="went away") as told:
            it.print(SLIP, SENDING, patient)
        assert (told.value.sure, told.value.state) == (False, printer.OFFLINE)
        with pytest.raises(PrinterError, match="cannot be asked") as told:
            it.settle(SENDING)
        assert (told.value.sure, double.labels) == (False, [])


def test_one_that_goes_when_the_label_is_out_has_printed_it() -> None:
    double = QlOnNetwork()
    double.gone_when_done = True
    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        assert it.print(SLIP, SENDING, patient) == ""


def test_a_silent_one_prints_and_nobody_claims_to_know() -> None:
    double, pictures = QlOnNetwork(), [picture(address) for address in ADDRESSES]
    double.silent = True
    with opened(double, *pictures) as it:
        assert it.status().state == printer.UNKNOWN
        sending = it.prepare("0199aabb-42ab")
        with pytest.raises(PrinterError, match="does not say") as told:
            it.print(SLIP, sending, patient)
        assert (told.value.sure, told.value.state) == (False, printer.UNKNOWN)
        assert it.settle(sending) is None
        assert [read(label) for label in double.labels] == ADDRESSES
        assert (double.cuts, double.wrong) == (3, [])


def test_one_that_answers_late_has_a_slip_out_when_its_last_label_is() -> None:
    double, pictures = QlOnNetwork(), [picture(address) for address in ADDRESSES]
    double.silent = True
    with opened(double, *pictures) as it:
        sending = it.prepare("1")
        double.silent = False
        it.print(SLIP, sending, patient)
        assert [read(label) for label in double.labels] == ADDRESSES


def test_nobody_is_asked_to_wait_for_a_label_that_is_out() -> None:
    double = QlOnNetwork()
    double.print_s = 0.3
    with opened(double, picture(ADDRESSES[0])) as it:
        assert it.print(SLIP, it.prepare("1"), lambda status: not double.labels) == ""


def test_one_that_falls_silent_is_offline_and_cannot_be_asked() -> None:
    double = QlOnNetwork()
    with opened(double, picture(ADDRESSES[0])) as it:
        it.prepare("1")
        double.silent = True
        began = time.monotonic()
        with pytest.raises(PrinterError, match="does not say") as told:
            it.print(SLIP, SENDING, patient)
        assert not told.value.sure
        assert time.monotonic() - began > labels.PATIENCE_S
        assert it.status().state == printer.OFFLINE
        with pytest.raises(PrinterError, match="cannot be asked"):
            it.settle(SENDING)


def test_one_that_takes_no_more_is_waited_for_and_then_sent_the_rest() -> None:
    double, waits = QlOnTerminal(), []
    long = picture(ADDRESSES[0], height=11000).rotate(180)

    def hear_again(status: Status) -> bool:
        waits.append(status.state)
        double.deaf = len(waits) < 2
        return True

    with opened(double, long, model="QL-700") as it:
        it.prepare("1")
        double.deaf = True
        it.print(SLIP, SENDING, hear_again)
        assert waits[:2] == [printer.BUSY, printer.BUSY]
        assert same(double.labels[0], long)
        assert double.wrong == []


def test_what_one_that_takes_no_more_did_not_take_never_comes_out() -> None:
    double = QlOnTerminal()
    with opened(double, picture(ADDRESSES[0], height=11000).rotate(180), model="QL-700") as it:
        it.prepare("1")
        double.deaf = True
        with pytest.raises(PrinterError) as told:
            it.print(SLIP, SENDING, lambda status: False)
        assert (told.value.sure, told.value.state) == (False, printer.BUSY)
        double.deaf = False
        assert it.settle(SENDING) is None
        assert it.status().state == printer.READY
        assert (double.labels, double.holds) == ([], False)


def test_noise_on_the_line_is_no_answer() -> None:
    double = QlOnNetwork()
    double.noise = b"\x80\x20\x00noise"
    with opened(double, picture(ADDRESSES[0])) as it:
        assert it.status().state == printer.READY
        assert it.print(SLIP, it.prepare("1"), patient) == ""
        assert read(double.labels[0]) == ADDRESSES[0]
