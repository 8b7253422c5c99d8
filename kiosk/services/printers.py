"""This unit's printers: which are in use, which were found, how each is.

The screen touches no printer and no network. It asks the agent by the bell, which leaves word in files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from kiosk.devices import bell
from kiosk.devices.printers.finding import Found
from kiosk.devices.printers.printer import READY, UNKNOWN, Status
from kiosk.settings import Settings
from sync.errors import NOT_JSON
from sync.replica.folder import write_in_one_step

_STATES: Final = "printers.json"
_FOUND: Final = "printers-found.json"
_CHOSEN: Final = "printer.txt"


class PrinterState(msgspec.Struct, frozen=True):
    """One printer; `state` is as in `kiosk.devices.printers.printer`, or empty while nothing is known."""

    address: str
    state: str
    paper_low: bool = False

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything."""
        return self.state in ("", READY, UNKNOWN)


class Printers:
    """The printers of the unit with these settings.

    Args:
        ring: tells the agent a word; whether it listens. Must not wait.
    """

    def __init__(self, settings: Settings, ring: Callable[[bytes], bool]) -> None:
        self._data, self._set, self._ring = settings.data, settings.printer, ring

    @property
    def in_use(self) -> str:
        """The addresses of those in use: what staff chose, else the setting."""
        try:
            return (self._data / _CHOSEN).read_text().strip() or self._set
        except FileNotFoundError:
            return self._set

    def states(self) -> list[PrinterState]:
        """How those in use are, in the order they are tried."""
        try:
            said = msgspec.json.decode((self._data / _STATES).read_bytes(), type=list[PrinterState])
        except (FileNotFoundError, *NOT_JSON):
            said = []
        heard = {printer.address: printer for printer in said}
        return [heard.get(address, PrinterState(address, "")) for address in self.in_use.split()]

    def use(self, addresses: str) -> None:
        """Print with these from now on.

        Raises:
            SettingsError: one of them is no printer that this program knows.
        """
        from kiosk.devices.printers.addresses import open_printers  # slow to import

        open_printers(addresses, self._data)
        write_in_one_step(self._data / _CHOSEN, addresses.encode())
        self._ring(bell.PRINTERS)

    def use_setting(self) -> None:
        """Forget what staff chose."""
        (self._data / _CHOSEN).unlink(missing_ok=True)

    def look_for(self) -> bool:
        """Have the agent look for printers; whether it listens."""
        (self._data / _FOUND).unlink(missing_ok=True)
        return self._ring(bell.FIND)

    def found(self) -> list[Found] | None:
        """What it found; None while it looks."""
        try:
            return msgspec.json.decode((self._data / _FOUND).read_bytes(), type=list[Found])
        except (FileNotFoundError, *NOT_JSON):
            return None

    def note(self, found: Mapping[str, Status]) -> None:
        """The agent leaves word how they are."""
        states = [PrinterState(address, status.state, status.paper_low) for address, status in found.items()]
        write_in_one_step(self._data / _STATES, msgspec.json.encode(states))

    def note_found(self, found: Iterable[Found]) -> None:
        """The agent leaves word what it found."""
        write_in_one_step(self._data / _FOUND, msgspec.json.encode(list(found)))
