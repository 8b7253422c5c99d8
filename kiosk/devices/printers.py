"""Printers: where a slip comes out."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from PIL import Image

from kiosk.devices import slip_picture
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError, SettingsError

TIMEOUT_S: Final = 5.0
_FEED_LINES: Final = 4


class Printer(Protocol):
    """Prints slips."""

    def print(self, job_id: str, slip: Slip) -> str:
        """Print a slip; returns where its picture is, for a printer that makes pictures, else nothing.

        Raises:
            PrinterError: it did not come out, or that is not known (`sure` tells which).
        """


class PicturePrinter:
    """Writes slips as PNG pictures, for a unit without a printer."""

    def __init__(self, folder: Path, width_dots: int) -> None:
        self._folder = folder
        self._width_dots = width_dots

    def print(self, job_id: str, slip: Slip) -> str:
        """See `Printer`."""
        path = self._folder / f"{dt.datetime.now():%Y%m%d-%H%M%S}-{job_id[-6:]}.png"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            slip_picture.draw(slip, self._width_dots).save(part, "PNG")
            part.replace(path)
        except OSError as error:
            raise PrinterError(f"the picture {path} cannot be written: {error}", sure=True) from error
        self._sweep()
        return str(path)

    def _sweep(self, keep: int = 50) -> None:
        """Keep the latest pictures only."""
        for old in sorted(self._folder.glob("*.png"))[:-keep]:
            old.unlink(missing_ok=True)


class NetworkPrinter:
    """An ESC/POS receipt printer on the network.

    python-escpos makes the bytes, all of them before the connection is opened. The line itself is ours: the library's
    hides what goes wrong after the first byte, and then nobody can know what came out; here the error says so.
    """

    def __init__(self, host: str, port: int, width_dots: int) -> None:
        self._host, self._port = host, port
        self._width_dots = width_dots

    def print(self, job_id: str, slip: Slip) -> str:
        """See `Printer`."""
        content = escpos_bytes(slip_picture.draw(slip, self._width_dots))
        try:
            line = socket.create_connection((self._host, self._port), TIMEOUT_S)
        except OSError as error:
            raise PrinterError(
                f"the printer at {self._host}:{self._port} does not answer: {error}", sure=True
            ) from error
        with contextlib.closing(line):
            try:
                line.sendall(content)
                line.shutdown(socket.SHUT_WR)
            except OSError as error:
                raise PrinterError(f"the printer went away while it printed: {error}", sure=False) from error
        return ""


def escpos_bytes(picture: Image.Image) -> bytes:
    """The commands that print a picture and cut the paper. Source: python-escpos 3, raster by `GS v 0`."""
    from escpos.printer import Dummy  # slow to import, and only this sort of printer needs it

    recorder = Dummy()
    recorder.hw("INIT")
    recorder.image(picture, impl="bitImageRaster", fragment_height=512)
    recorder.print_and_feed(_FEED_LINES)
    recorder.cut(feed=False)
    return bytes(recorder.output)


def open_printer(setting: str, slips: Path, width_dots: int) -> Printer:
    """The printer that the setting names.

    Raises:
        SettingsError: the setting names no printer this program knows.
    """
    if setting == "png":
        return PicturePrinter(slips, width_dots)
    parts = urlsplit(setting)
    try:
        port = parts.port or 9100
    except ValueError as error:
        raise SettingsError(f"printer is {setting!r}: {error}") from error
    if parts.scheme != "tcp" or not parts.hostname:
        raise SettingsError(f"printer is {setting!r}; it must be png, or tcp://HOST:9100 for a receipt printer")
    return NetworkPrinter(parts.hostname, port, width_dots)
