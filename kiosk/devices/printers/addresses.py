"""Printers by their addresses, as they stand in the settings.

| address | printer |
|---|---|
| `png` | none: slips are pictures in `DIR/slips` |
| `tcp://HOST[:9100]` | receipt printer on the network |
| `usb:///dev/usb/lp0` | receipt printer on USB |
| `serial:///dev/ttyUSB0?baud=19200` | receipt printer on a serial line |
| `ipp://HOST[:631]/ipp/print`, `ipps://` | office printer |
| `label://HOST[:9100]?model=QL-810W`, `label:///dev/usb/lp1?model=QL-700` | Brother QL label printer |

Several, with spaces between them, are tried in that order. Options: `layout=58mm|80mm|large` of a receipt printer;
`confirm=yes|no` where it should not be asked whether it is one that confirms; `flow=rtscts` of a serial line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlsplit

from kiosk.devices.printers.lines import DeviceLine, Line, SocketLine
from kiosk.devices.printers.picture import PicturePrinter
from kiosk.devices.printers.printer import PICTURES, Printer
from kiosk.devices.printers.receipt import ReceiptPrinter
from kiosk.devices.slips import documents
from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import LABEL_62, LARGE, LAYOUTS, ROLL_58, ROLL_80, Layout
from kiosk.domain.slips import Slip
from kiosk.errors import SettingsError

V = TypeVar("V")

RAW_PORT: Final = 9100
_SEND_S: Final = 1.0
_BAUD: Final = "9600"
_CONFIRM: Final = {"auto": None, "yes": True, "no": False}
_ROLLS: Final = (ROLL_58, ROLL_80, LARGE)


def open_printers(setting: str, slips: Path, roll: Layout = ROLL_80) -> list[Printer]:
    """The printers that the setting names, in their order; nothing is opened or asked yet.

    Args:
        slips: folder of pictures.
        roll: of receipt printers that name no layout.

    Raises:
        SettingsError: the setting names no printer this program knows.
    """
    if not setting.split():
        raise SettingsError("printer is empty; it must be png or a printer's address, such as tcp://192.168.1.50")
    return [_open(address, slips, roll) for address in setting.split()]


def _open(text: str, slips: Path, roll: Layout) -> Printer:
    if text == PICTURES:
        return PicturePrinter(text, slips, roll)
    address = _Address(text)
    make = _MAKERS.get(address.parts.scheme)
    if make is None:
        raise address.wrong(f"it must be png, or begin with {', '.join(f'{scheme}://' for scheme in _MAKERS)}")
    printer = make(address, roll)
    if address.options:
        raise address.wrong(f"it has no option {', '.join(address.options)}")
    return printer


class _Address:
    """One address, taken apart; `options` are those that nobody has asked for yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.parts = urlsplit(text)
            self.port = self.parts.port
        except ValueError as error:
            raise self.wrong(str(error)) from error
        self.options = dict(parse_qsl(self.parts.query, keep_blank_values=True))

    def wrong(self, why: str) -> SettingsError:
        return SettingsError(f"printer is {self.text!r}: {why}")

    def option(self, name: str, values: Mapping[str, V], default: V) -> V:
        given = self.options.pop(name, None)
        if given is not None and given not in values:
            raise self.wrong(f"{name} must be {' or '.join(values)}")
        return default if given is None else values[given]

    def host(self) -> str:
        if not self.parts.hostname:
            raise self.wrong("it names no host")
        return self.parts.hostname

    def network(self) -> Callable[[], Line]:
        """Opens a line over the network."""
        return partial(SocketLine, self.host(), self.port or RAW_PORT, send_timeout_s=_SEND_S)

    def device(self, baud: int | None = None, *, flow: bool = False) -> Callable[[], Line]:
        """Opens a line to a device."""
        if self.parts.hostname or not self.parts.path.startswith("/dev/"):
            raise self.wrong("it names no device, such as in usb:///dev/usb/lp0")
        return partial(DeviceLine, self.parts.path, baud, hardware_flow=flow, send_timeout_s=_SEND_S)


def _on_network(address: _Address, roll: Layout) -> Printer:
    return _receipt(address, address.network(), roll)


def _on_usb(address: _Address, roll: Layout) -> Printer:
    return _receipt(address, address.device(), roll)


def _on_serial(address: _Address, roll: Layout) -> Printer:
    speed = address.options.pop("baud", _BAUD)
    if not speed.isdigit():
        raise address.wrong("baud must be a number, such as 19200")
    flow = address.option("flow", {"rtscts": True, "none": False}, default=False)
    return _receipt(address, address.device(int(speed), flow=flow), roll)


def _receipt(address: _Address, line: Callable[[], Line], roll: Layout) -> Printer:
    layout = address.option("layout", {layout.name: layout for layout in _ROLLS}, default=roll)
    return ReceiptPrinter(address.text, line, layout, confirms=address.option("confirm", _CONFIRM, default=None))


def _office(address: _Address, _roll: Layout) -> Printer:
    from kiosk.devices.printers.office import OfficePrinter  # slow to import, as the next

    address.host()
    return OfficePrinter(address.text, _document)


def _label(address: _Address, _roll: Layout) -> Printer:
    from kiosk.devices.printers.labels import LabelPrinter

    line = address.network() if address.parts.hostname else address.device()
    model = address.options.pop("model", "")
    if not model:
        raise address.wrong("it names no model, such as in ?model=QL-700")
    return LabelPrinter(address.text, line, model, lambda slip: draw(slip, LABEL_62))


def _document(slip: Slip, media: str) -> bytes:
    return documents.pdf(slip, LAYOUTS[media].of(slip))


_MAKERS: Final[Mapping[str, Callable[[_Address, Layout], Printer]]] = {
    "tcp": _on_network,
    "usb": _on_usb,
    "serial": _on_serial,
    "ipp": _office,
    "ipps": _office,
    "label": _label,
}
