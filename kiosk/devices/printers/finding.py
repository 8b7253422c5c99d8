"""Looks for printers: on USB, on serial lines, and by their own word on the network (DNS-SD)."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec

from kiosk.errors import SettingsError

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

log = logging.getLogger(__name__)

_USB: Final = Path("/sys/class/usbmisc")
_SERIAL: Final = Path("/dev/serial/by-id")
_SERVICES: Final[Mapping[str, str]] = {
    "_pdl-datastream._tcp.local.": "tcp",
    "_ipp._tcp.local.": "ipp",
    "_ipps._tcp.local.": "ipps",
}
_RESOLVE_MS: Final = 1000
_BROTHER_LABELS: Final = re.compile(r"\bQL-[0-9]+[A-Z]*")
_HOST: Final = re.compile(r"[A-Za-z0-9-]+\.local")
"""What a system looks up as a host's name, and what an address of a printer can hold; some say more."""


class Found(msgspec.Struct, frozen=True):
    """A printer, by the address that goes into the settings and by what it calls itself."""

    address: str
    name: str


def find(seconds: float, *, usb: Path = _USB, serial: Path = _SERIAL, network: str | None = None) -> Iterator[Found]:
    """All printers that show themselves and that this program can print on.

    Args:
        seconds: how long to listen on the network.
        usb: where the system lists USB printers.
        serial: where it lists serial lines by what is at their end.
        network: address of the one interface to listen on; all where none is given.
    """
    yield from filter(_opens, _on_usb(usb))
    yield from _on_serial(serial)
    yield from filter(_opens, _on_network(seconds, network))


def _opens(found: Found) -> bool:
    """Whether its address would do in the settings: not every label printer is one that this program knows."""
    from kiosk.devices.printers.addresses import open_printers  # the screen needs none of it

    try:
        open_printers(found.address, Path())
    except SettingsError as error:
        log.warning("%s was found, and is left out: %s", found.name, error)
        return False
    return True


def _on_usb(folder: Path) -> Iterator[Found]:
    for port in sorted(folder.glob("lp*")):
        device = port / "device" / ".."
        name = _one_line(" ".join(_read(device / part) for part in ("manufacturer", "product"))) or "a printer"
        model = _label_model(name)
        address = f"label:///dev/usb/{port.name}?model={model}" if model else f"usb:///dev/usb/{port.name}"
        yield Found(address, name)


def _on_serial(folder: Path) -> Iterator[Found]:
    for line in sorted(folder.glob("*")):
        yield Found(f"serial://{line}", "a serial line; a printer's speed stands in its manual, as in ?baud=19200")


def _on_network(seconds: float, network: str | None) -> Iterator[Found]:
    from zeroconf import (  # only this needs it
        BadTypeInNameException,
        InterfaceChoice,
        ServiceBrowser,
        ServiceStateChange,
        Zeroconf,
    )

    there: set[tuple[str, str]] = set()

    def heard(service_type: str, name: str, state_change: ServiceStateChange, **_more: object) -> None:
        if state_change is ServiceStateChange.Removed:
            there.discard((service_type, name))
        else:
            there.add((service_type, name))

    try:
        listening = Zeroconf(interfaces=[network] if network else InterfaceChoice.All)
    except OSError:
        return  # this unit is on no network
    with listening as air:
        ServiceBrowser(air, list(_SERVICES), handlers=[heard])
        time.sleep(seconds)
        offices = set()
        for service_type, name in sorted(there.copy()):
            with contextlib.suppress(BadTypeInNameException):  # anybody on the network may say anything
                info = air.get_service_info(service_type, name, _RESOLVE_MS)
                if info is None or not info.port:
                    continue
                if _SERVICES[service_type] != "tcp":
                    offices.add(info.server)
                elif info.server in offices:
                    continue  # it takes bytes at port 9100 too, and would print ours as rubbish
                yield _told(info, service_type, name)


def _told(info: ServiceInfo, service_type: str, name: str) -> Found:
    said = {key: value or "" for key, value in info.decoded_properties.items()}
    called = _one_line(said.get("ty", "")) or _one_line(name.removesuffix(f".{service_type}"))
    scheme, more = _SERVICES[service_type], ""
    if scheme != "tcp":
        more = f"/{quote(said.get('rp', 'ipp/print').lstrip('/'))}"
    elif model := _label_model(called):
        scheme, more = "label", f"?model={model}"
    return Found(f"{scheme}://{_host(info)}:{info.port}{more}", called)


def _host(info: ServiceInfo) -> str:
    """Its name, which stays when its number changes; the number where the name is no host's."""
    name = (info.server or "").rstrip(".")
    if _HOST.fullmatch(name):
        return name
    return next((f"[{number}]" if ":" in number else number for number in info.parsed_addresses()), "")


def _label_model(name: str) -> str:
    """The model of a Brother label printer; empty for all others."""
    found = _BROTHER_LABELS.search(name)
    return found.group() if found else ""


def _one_line(text: str) -> str:
    """What a printer calls itself, fit for a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
