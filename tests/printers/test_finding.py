"""Printers that are found on USB, on serial lines, and by their own word on the network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from zeroconf import DNSOutgoing, DNSPointer, ServiceInfo, Zeroconf, const

from kiosk.cli import main
from kiosk.devices.printers import finding
from kiosk.devices.printers.addresses import open_printers
from kiosk.devices.printers.finding import Found
from tests.conftest import wait_for

LOOPBACK = "127.0.0.1"
LISTEN_S = 3.5  # loopback answers the second question, after a second, or on a busy machine the third
FIND = finding.find
RAW, IPP, IPPS = "_pdl-datastream._tcp.local.", "_ipp._tcp.local.", "_ipps._tcp.local."


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Nobody else speaks on loopback: tests in other processes wait here."""
    with socket.socket(socket.AF_UNIX) as place:

        def is_mine() -> bool:
            try:
                place.bind("\0touchpoint: who tests DNS-SD on loopback")
            except OSError:
                return False
            return True

        wait_for(is_mine, 60)
        yield


@pytest.fixture(autouse=True)
def on_loopback_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    if "heard" in request.fixturenames:
        yield
        return
    with alone():
        yield


class Machine:
    """Folders as the kernel and udev fill them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.usb = folder / "class" / "usbmisc"
        self.serial = folder / "by-id"
        self.usb.mkdir(parents=True)
        self.serial.mkdir()

    def usb_printer(self, port: str, **words: str | bytes) -> None:
        """One at that port; the kernel has a link to the printer's interface there, and its words a folder above."""
        device = self._folder / "devices" / f"usb-{port}"
        interface = device / "1-1:1.0"
        interface.mkdir(parents=True)
        (self.usb / port).mkdir()
        (self.usb / port / "device").symlink_to(interface)
        for name, word in words.items():
            (device / name).write_bytes((word if isinstance(word, bytes) else word.encode()) + b"\n")

    def serial_line(self, name: str) -> None:
        (self.serial / name).symlink_to("/dev/null")

    def finds(self, seconds: float = 0) -> list[Found]:
        return list(FIND(seconds, usb=self.usb, serial=self.serial, network=LOOPBACK))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class Air:
    """What others say on the network, which is loopback."""

    def __init__(self, zeroconf: Zeroconf) -> None:
        self._zeroconf = zeroconf
        self._known: dict[str, ServiceInfo] = {}
        self._telling: list[threading.Thread] = []

    def announce(
        self, name: str, kind: str, port: int, host: str | None = None, ip: str = LOOPBACK, **said: str | bytes
    ) -> None:
        """Begin to tell of a service."""
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        info = ServiceInfo(
            kind, f"{name}.{kind}", addresses=[socket.inet_pton(family, ip)], port=port, properties=said, server=host
        )
        self._known[name] = info
        telling = threading.Thread(
            target=self._zeroconf.register_service, args=(info,), kwargs={"cooperating_responders": True}
        )
        telling.start()
        self._telling.append(telling)

    def known_to_all(self) -> None:
        """Wait until everything is told of."""
        for telling in self._telling:
            telling.join()

    def take_back(self, name: str) -> None:
        self._zeroconf.unregister_service(self._known[name])

    def say_there_is(self, name: str) -> None:
        """Tell of an IPP printer by a name that may be none."""
        answer = DNSOutgoing(const._FLAGS_QR_RESPONSE | const._FLAGS_AA)
        answer.add_answer_at_time(DNSPointer(IPP, const._TYPE_PTR, const._CLASS_IN, 120, name), 0)
        self._zeroconf.send(answer)


@pytest.fixture
def air() -> Iterator[Air]:
    with Zeroconf(interfaces=[LOOPBACK]) as zeroconf:
        yield Air(zeroconf)


@contextlib.contextmanager
def in_a_while(seconds: float, something: Callable[[], None]) -> Iterator[None]:
    """Do something while the test does what it does."""
    timer = threading.Timer(seconds, something)
    timer.start()
    try:
        yield
    finally:
        timer.join()


# -- on this machine


def test_a_usb_printer_is_told_by_its_maker_and_its_name(machine: Machine) -> None:
    machine.usb_printer("lp0", manufacturer="EPSON", product="TM-T20III")
    assert machine.finds() == [Found("usb:///dev/usb/lp0", "EPSON TM-T20III")]


@pytest.mark.parametrize(
    ("product", "model"), [("QL-700", "QL-700"), ("QL-820NWBc", "QL-820NWB"), ("P-touch QL-1110NWB", "QL-1110NWB")]
)
def test_a_brother_ql_on_usb_is_a_label_printer_of_its_model(machine: Machine, product: str, model: str) -> None:
    machine.usb_printer("lp1", manufacturer="Brother", product=product)
    assert machine.finds() == [Found(f"label:///dev/usb/lp1?model={model}", f"Brother {product}")]


def test_a_brother_ql_that_nobody_can_print_on_is_not_offered(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.usb_printer("lp0", manufacturer="EPSON", product="TM-T20III")
    machine.usb_printer("lp1", manufacturer="Brother", product="QL-600R")
    assert machine.finds() == [Found("usb:///dev/usb/lp0", "EPSON TM-T20III")]
    assert "Brother QL-600R" in caplog.text


def test_a_usb_printer_that_says_nothing_or_no_text_is_found_all_the_same(machine: Machine) -> None:
    machine.usb_printer("lp0")
    machine.usb_printer("lp1", product=b"\xff\xfe POS\x1b[2J\n58")
    machine.usb_printer("lp2", manufacturer="Bürotechnik  GmbH ", product="")
    assert machine.finds() == [
        Found("usb:///dev/usb/lp0", "a printer"),
        Found("usb:///dev/usb/lp1", "\ufffd\ufffd POS [2J 58"),
        Found("usb:///dev/usb/lp2", "Bürotechnik GmbH"),
    ]


def test_what_is_at_usb_and_no_printer_is_left_out(machine: Machine) -> None:
    machine.usb_printer("hiddev0", manufacturer="APC", product="Back-UPS")
    assert machine.finds() == []


def test_a_serial_line_is_found_by_what_is_at_its_end(machine: Machine) -> None:
    machine.serial_line("usb-Prolific_USB-Serial_Controller-if00-port0")
    machine.serial_line("usb-FTDI_FT232R_A50285BI-if00-port0")
    found = machine.finds()
    assert [printer.address for printer in found] == [
        f"serial://{machine.serial}/usb-FTDI_FT232R_A50285BI-if00-port0",
        f"serial://{machine.serial}/usb-Prolific_USB-Serial_Controller-if00-port0",
    ]
    assert all("baud" in printer.name for printer in found), "its speed has to be given, and nobody says so"


def test_where_there_are_no_such_folders_and_nobody_speaks_nothing_is_found(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    began = time.monotonic()
    assert list(FIND(0.5, usb=nowhere, serial=nowhere, network=LOOPBACK)) == []
    assert 0.5 <= time.monotonic() - began < 2


# -- on the network


@pytest.fixture(scope="module")
def heard() -> dict[int, Found]:
    """What is found where all sorts of things are said, by the ports they stand for."""
    nowhere = Path("/nowhere")
    with alone(), Zeroconf(interfaces=[LOOPBACK]) as zeroconf:
        air = Air(zeroconf)
        air.announce("Front desk – café", IPP, 6001, "Buero-2.local.", rp="ipp/front desk", ty="Bürodrucker  2000")
        air.announce("Plain.office v2.0", IPP, 6002, "plain.local.")
        air.announce("Slashed", IPPS, 6003, "slashed.local.", rp="/printers/Üben", ty="Zweiter")
        air.announce("Till one", RAW, 6004, "till.local.", ty=b"")
        air.announce("Labels", RAW, 6005, "labels.local.", ty="Brother QL-810W")
        air.announce("a", RAW, 6011, "Front desk.local.")
        air.announce("b", RAW, 6012, "büro.local.")
        air.announce("its host is the service itself", RAW, 6013)
        air.announce("d", RAW, 6014, "no.mdns.example.")
        air.announce("e", RAW, 6015, "of six.local.", ip="fe80::1")
        air.announce("f", RAW, 6021, "f.local.", ty="Good\ntcp://evil:9100  Better\x1b[31m\u202e")
        air.announce("g", RAW, 6022, "g.local.", ty=b"\xff\xfe\x00")
        air.announce("h", IPP, 6023, "h.local.", rp="x?layout=58mm#y z\ntcp://evil")
        air.announce("i", RAW, 6024, "i.local.", ty="QL-700&layout=58mm tcp://evil")
        air.announce("takes nothing", IPP, 0, "j.local.")
        air.announce("k", IPP, 6025, "both.local.")
        air.announce("l", RAW, 6026, "both.local.")
        air.known_to_all()

        def lie() -> None:
            for name in ("evil.example.", "b._http._tcp.local.", f"{'x' * 60}._IPP._tcp.local."):
                air.say_there_is(name)

        with in_a_while(0.3, lie):
            found = list(FIND(LISTEN_S, usb=nowhere, serial=nowhere, network=LOOPBACK))
    by_port = {urlsplit(printer.address).port or 0: printer for printer in found}
    assert len(by_port) == len(found), "one was found twice"
    return by_port


def test_printers_on_the_network_are_found_by_what_they_say(heard: dict[int, Found]) -> None:
    assert [heard.get(port) for port in range(6001, 6006)] == [
        Found("ipp://Buero-2.local:6001/ipp/front%20desk", "Bürodrucker 2000"),
        Found("ipp://plain.local:6002/ipp/print", "Plain.office v2.0"),
        Found("ipps://slashed.local:6003/printers/%C3%9Cben", "Zweiter"),
        Found("tcp://till.local:6004", "Till one"),
        Found("label://labels.local:6005?model=QL-810W", "Brother QL-810W"),
    ]


def test_a_host_whose_name_cannot_be_looked_up_is_told_by_its_number(heard: dict[int, Found]) -> None:
    hosts = dict.fromkeys(range(6011, 6015), LOOPBACK) | {6015: "[fe80::1]"}
    assert [heard[port].address for port in hosts] == [f"tcp://{host}:{port}" for port, host in hosts.items()]


def test_what_a_stranger_says_is_one_line_without_tricks(heard: dict[int, Found]) -> None:
    assert [heard[port].address for port in range(6021, 6025)] == [
        "tcp://f.local:6021",
        "tcp://g.local:6022",
        "ipp://h.local:6023/x%3Flayout%3D58mm%23y%20z%0Atcp%3A//evil",
        "label://i.local:6024?model=QL-700",
    ]
    assert heard[6021].name == "Good tcp://evil:9100 Better [31m"
    assert all(printer.name.isprintable() for printer in heard.values())


def test_an_office_printer_is_not_told_of_as_one_for_receipts(heard: dict[int, Found]) -> None:
    assert 6025 in heard and 6026 not in heard


def test_what_has_no_port_takes_no_slips(heard: dict[int, Found]) -> None:
    assert 0 not in heard


def test_one_that_goes_away_while_it_is_listened_for_is_not_told_of(machine: Machine, air: Air) -> None:
    air.announce("stays", RAW, 9100, "stays.local.")
    air.announce("goes", RAW, 9101, "goes.local.")
    air.known_to_all()
    with in_a_while(LISTEN_S, lambda: air.take_back("goes")):
        began = time.monotonic()
        assert [printer.name for printer in machine.finds(LISTEN_S + 1.6)] == ["stays"]
        assert time.monotonic() - began < LISTEN_S + 2.4, "it was asked for after it had said that it goes"


# -- the command


def find(monkeypatch: pytest.MonkeyPatch, machine: Machine, seconds: float) -> Result:
    """The command; it looks at that machine, and listens on loopback alone."""
    monkeypatch.setattr(finding, "find", machine.finds)
    return CliRunner().invoke(main, ["printers", "find", "--seconds", str(seconds)])


def test_what_the_command_finds_can_be_put_into_the_settings_as_it_is(
    monkeypatch: pytest.MonkeyPatch, machine: Machine, air: Air, tmp_path: Path
) -> None:
    machine.usb_printer("lp0", manufacturer="EPSON", product="TM-T20III")
    machine.usb_printer("lp1", manufacturer="Brother", product="QL-820NWBc")
    air.announce("Front desk", IPP, 6310, "front desk.local.", rp="ipp/front desk")
    air.announce("Till one", RAW, 9100, ip="fe80::1", ty="Till 1")
    air.announce("Labels", RAW, 9102, "labels.local.", ty="Brother QL-810W")
    air.known_to_all()
    result = find(monkeypatch, machine, LISTEN_S)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    lines = [line.split("  ") for line in result.stdout.splitlines()]
    assert [name for _address, name in lines] == [
        "EPSON TM-T20III",
        "Brother QL-820NWBc",
        "Front desk",
        "Brother QL-810W",
        "Till 1",
    ]
    addresses = [address for address, _name in lines]
    assert [printer.address for printer in open_printers(" ".join(addresses), tmp_path)] == addresses


def test_the_command_says_that_nothing_was_found(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> None:
    result = find(monkeypatch, machine, 0.5)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No printer was found" in result.stderr
