"""How this unit's printers are: the agent leaves word of it, the screen and the heartbeat read it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from kiosk.devices.printers.printer import READY, UNKNOWN, Status
from sync.errors import NOT_JSON
from sync.replica.folder import write_in_one_step

_FILE: Final = "printers.json"


class PrinterState(msgspec.Struct, frozen=True):
    """One printer.

    `state` is as in `kiosk.devices.printers.printer`, or empty while nothing is known; `since` is seconds since 1970.
    """

    address: str
    state: str
    paper_low: bool = False
    since: float = 0.0

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything."""
        return self.state in ("", READY, UNKNOWN)


def note(data: Path, found: Mapping[str, Status]) -> None:
    """Leave word."""
    now, before = time.time(), _heard(data)
    states = []
    for address, status in found.items():
        was = before.get(address)
        since = was.since if was and was.state == status.state else now
        states.append(PrinterState(address, status.state, status.paper_low, since))
    write_in_one_step(data / _FILE, msgspec.json.encode(states))


def known(data: Path, setting: str) -> list[PrinterState]:
    """What the agent last said of each printer in the setting, in their order."""
    heard = _heard(data)
    return [heard.get(address, PrinterState(address, "")) for address in setting.split()]


def _heard(data: Path) -> dict[str, PrinterState]:
    try:
        said = msgspec.json.decode((data / _FILE).read_bytes(), type=list[PrinterState])
    except (FileNotFoundError, *NOT_JSON):
        return {}
    return {printer.address: printer for printer in said}
