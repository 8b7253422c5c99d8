"""Slips as pictures, for a unit without a printer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from kiosk.devices.printers.printer import FAULT, READY, Sending, Status, Wait
from kiosk.devices.slips import documents
from kiosk.devices.slips.layouts import Layout
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError

_KEPT: Final = 50


class PicturePrinter:
    """See `Printer`. A slip is out when its file has its name; `mark` is that name."""

    def __init__(self, address: str, folder: Path, layout: Layout) -> None:
        self.address = address
        self._folder = folder
        self._layout = layout

    def status(self) -> Status:
        """See `Printer`."""
        return Status(READY)

    def prepare(self, job_id: str) -> Sending:
        """See `Printer`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._cannot(error) from error
        return Sending(f"{dt.datetime.now():%Y%m%d-%H%M%S}-{job_id[-6:]}")

    def print(self, slip: Slip, sending: Sending, wait: Wait) -> str:
        """See `Printer`."""
        path = self._path(sending)
        part = path.with_suffix(".part")
        try:
            part.write_bytes(documents.png(slip, self._layout.of(slip)))
            part.replace(path)
            self._sweep()
        except OSError as error:
            raise self._cannot(error) from error
        return str(path)

    def settle(self, sending: Sending) -> bool | None:
        """See `Printer`. A picture costs no paper: one that nobody was told of is drawn again."""
        try:
            self._path(sending).unlink(missing_ok=True)
        except OSError as error:
            raise self._cannot(error) from error
        return False

    def close(self) -> None:
        """See `Printer`."""

    def _path(self, sending: Sending) -> Path:
        return self._folder / f"{sending.mark}.png"

    def _cannot(self, error: OSError) -> PrinterError:
        return PrinterError(f"no picture of a slip can be written in {self._folder}: {error}", sure=True, state=FAULT)

    def _sweep(self) -> None:
        """Keep the latest pictures only."""
        for old in sorted(self._folder.glob("*.png"))[:-_KEPT]:
            old.unlink(missing_ok=True)
