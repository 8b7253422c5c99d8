"""Looks for printers: on USB, on serial lines, and by their own word on the network (DNS-SD)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

_USB: Final = Path("/sys/class/usbmisc")
_SERIAL: Final = Path("/dev/serial/by-id")
_SERVICES: Final[Mapping[str, str]] = {
    "_pdl-datastream._tcp.local.": "tcp",
    "_ipp._tcp.local.": "ipp",
    "_ipps._tcp.local.": "ipps",
}
_RESOLVE_MS: Final = 1000
_BROTHER_LABELS: Final = "QL-"


@dataclass(frozen=True)
class Found:
    """A printer, by the address that goes into the settings and by what it calls itself."""

    address: str
    name: str


def find(seconds: float, *, usb: Path = _USB, serial: Path = _SERIAL, network: str | None = None) -> Iterator[Found]:
    """All printers that show themselves.

    Args:
        seconds: how long to listen on the network.
        usb: where the system lists USB printers.
        serial: where it lists serial lines by what is at their end.
        network: address of the one interface to listen on; all where none is given.
    """
    yield from _on_usb(usb)
    yield from _on_serial(serial)
    yield from _on_network(seconds, network)


def _on_usb(folder: Path) -> Iterator[Found]:
    for port in sorted(folder.glob("lp*")):
        device = port / "device" / ".."
        name = " ".join(_read(device / part) for part in ("manufacturer", "product")).strip() or "a printer"
        model = next((word for word in name.split() if word.startswith(_BROTHER_LABELS)), "")
        address = f"label:///dev/usb/{port.name}?model={model}" if model else f"usb:///dev/usb/{port.name}"
        yield Found(address, name)


def _on_serial(folder: Path) -> Iterator[Found]:
    for line in sorted(folder.glob("*")):
        yield Found(f"serial://{line}", "a serial line; a printer's speed stands in its manual, as in ?baud=19200")


def _on_network(seconds: float, network: str | None) -> Iterator[Found]:
    from zeroconf import InterfaceChoice, ServiceBrowser, Zeroconf  # only this needs it

    heard: list[tuple[str, str]] = []

    def added(service_type: str, name: str, **_more: object) -> None:
        heard.append((service_type, name))

    with Zeroconf(interfaces=[network] if network else InterfaceChoice.All) as air:
        ServiceBrowser(air, list(_SERVICES), handlers=[added])
        time.sleep(seconds)
        for service_type, name in sorted(set(heard)):
            if info := air.get_service_info(service_type, name, _RESOLVE_MS):
                yield _told(info, service_type, name)


def _told(info: ServiceInfo, service_type: str, name: str) -> Found:
    scheme = _SERVICES[service_type]
    said = {name: value or "" for name, value in info.decoded_properties.items()}
    host = (info.server or "").rstrip(".") or next(iter(info.parsed_addresses()), "")
    path = f"/{quote(said.get('rp', 'ipp/print'))}" if scheme != "tcp" else ""
    return Found(f"{scheme}://{host}:{info.port}{path}", said.get("ty") or name.removesuffix(f".{service_type}"))


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
