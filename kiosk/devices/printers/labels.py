"""Brother QL label printers: a slip is a label or more on 62 mm endless tape.

Many a QL answers over USB but never over the network: then nobody claims to know what came out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from brother_ql.conversion import convert
from brother_ql.devicedependent import min_max_length_dots
from brother_ql.raster import BrotherQLRaster
from brother_ql.reader import interpret_response
from PIL import Image, ImageOps

from kiosk.devices.printers import printer
from kiosk.devices.printers.lines import Line, LineError, StalledError
from kiosk.devices.printers.printer import Sending, Status, Wait
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError, SettingsError

MODELS: Final = [model for model in min_max_length_dots if model.startswith("QL-")]
WIDTH_DOTS: Final = 696
ANSWER_S: Final = 1.0  # so long it may take to answer
PATIENCE_S: Final = 20.0  # one that answers has a label out within this time, or it has lost it
SILENT_S: Final = 5.0  # so long one that never answered is left alone with a slip
_TAPE_MM, _ENDLESS = 62, (0x0A, 0x4A)
_QUESTION: Final = bytes(400) + b"\x1b@\x1biS"  # forget, initialise, say how you are
_HEAD, _PACKET_BYTES = b"\x80\x20\x42", 32
_ONE, _TWO, _WIDTH, _MEDIA, _KIND, _PHASE = 8, 9, 10, 11, 18, 19  # places in a packet; two for errors
_REPLY, _DONE, _OFF, _PHASE_CHANGE, _RECEIVING, _PRINTING = 0, 1, 4, 6, 0, 1  # kinds of packets; phases

logging.getLogger("brother_ql.reader").setLevel(logging.CRITICAL)  # what it would log of a packet is in our `Status`


class LabelPrinter:
    """See `Printer`. `draw` makes one picture a label, `WIDTH_DOTS` wide, 300 dots to the inch."""

    def __init__(
        self, address: str, open_line: Callable[[], Line], model: str, draw: Callable[[Slip], list[Image.Image]]
    ) -> None:
        if model not in MODELS:
            raise SettingsError(f"printer is {address!r}: its model must be one of {', '.join(MODELS)}")
        self.address, self._open_line, self._model, self._draw = address, open_line, model, draw
        self._line: Line | None = None
        self._said, self._answers = b"", False

    def status(self) -> Status:
        """See `Printer`. Before every question it is made to forget what it holds."""
        try:
            line = self._ready_line()
            line.send(_QUESTION)
            if packet := self._packet(line, ANSWER_S):
                return _status(packet)
        except LineError as error:
            self.close()
            return Status(printer.OFFLINE, words=str(error))
        return Status(printer.OFFLINE if self._answers else printer.UNKNOWN, words="it does not answer")

    def prepare(self, job_id: str) -> Sending:
        """See `Printer`."""
        status = self.status()
        if not status.takes_slips:
            raise self._error("cannot print", status, sure=True)
        return Sending(job_id[-4:])

    def print(self, slip: Slip, sending: Sending, wait: Wait) -> str:
        """See `Printer`. One that answers gets each label when the one before is out, as Brother wants it."""
        labels = [self._fitting(label) for label in self._draw(slip)]
        for number, part in enumerate([[label] for label in labels] if self._answers else [labels]):
            raster = BrotherQLRaster(self._model)
            raster.exception_on_warning = True  # `convert` relies on it; else it logs what a model cannot do
            job = convert(raster, part, str(_TAPE_MM), cut=True, rotate=0, compress=True)
            self._print(job, len(part), wait, first=not number)
        return ""

    def settle(self, sending: Sending) -> bool | None:
        """See `Printer`."""
        status = self.status()
        if status.state in (printer.OFFLINE, printer.BUSY):
            raise self._error("cannot be asked", status, sure=False)
        return None

    def close(self) -> None:
        """See `Printer`."""
        if self._line:
            self._line.close()
        self._line = None

    def _ready_line(self) -> Line:
        """The line, with nothing old in it; one that has died meanwhile is opened again."""
        try:
            while self._line and self._line.receive(0):
                pass
        except LineError:
            self.close()
        self._said = b""
        self._line = self._line or self._open_line()
        return self._line

    def _packet(self, line: Line, timeout_s: float) -> bytes:
        """What it says next; empty when nothing came in time."""
        deadline = time.monotonic() + timeout_s
        while True:
            start = self._said.find(_HEAD)
            if 0 <= start <= len(self._said) - _PACKET_BYTES:
                packet, self._said = self._said[start:][:_PACKET_BYTES], self._said[start + _PACKET_BYTES :]
                self._answers = True
                return packet
            if (left := deadline - time.monotonic()) <= 0:
                return b""
            self._said += line.receive(left)

    def _fitting(self, label: Image.Image) -> Image.Image:
        """A label as long as the printer needs it; one of another width the library would squeeze or stretch."""
        least, most = min_max_length_dots[self._model]
        if label.width != WIDTH_DOTS or label.height > most:
            raise self._error(f"cannot print {label.width} x {label.height} dots", Status(printer.FAULT), sure=True)
        return ImageOps.expand(label, (0, 0, 0, max(0, least - label.height)), 255)

    def _print(self, job: bytes, labels: int, wait: Wait, first: bool) -> None:
        """Send a job, and wait until its labels are out."""
        sent, began = 0, False
        status, heard_at = Status(printer.BUSY), time.monotonic()
        try:
            line = self._ready_line()
            while True:
                try:
                    if sent < len(job):
                        line.send(job[sent:])
                        sent, heard_at = len(job), time.monotonic()
                except StalledError as error:
                    sent += error.sent
                if packet := self._packet(line, 0.5):
                    status, heard_at = _status(packet), time.monotonic()
                    labels -= packet[_KIND] == _DONE
                    began = began or packet[_PHASE] == _PRINTING
                if labels < 1 and (not packet or (packet[_KIND], packet[_PHASE]) == (_PHASE_CHANGE, _RECEIVING)):
                    return
                if status.takes_slips or status.state == printer.BUSY:
                    status = Status(printer.BUSY)
                    if sent == len(job) and time.monotonic() - heard_at > (PATIENCE_S if self._answers else SILENT_S):
                        self.close()
                        raise self._error("does not say whether a label came out", Status(printer.UNKNOWN), sure=False)
                if labels > 0 and not wait(status):
                    forgot = self.status().state not in (printer.OFFLINE, printer.UNKNOWN, printer.BUSY)
                    raise self._error("did not print a label", status, sure=first and not began and forgot)
        except LineError as error:
            self.close()
            if labels > 0:
                sure = first and not sent + error.sent
                raise self._error(f"went away ({error})", Status(printer.OFFLINE), sure=sure) from error

    def _error(self, words: str, status: Status, *, sure: bool) -> PrinterError:
        return PrinterError(f"{self.address} {words}: {status.words or status.state}", sure=sure, state=status.state)


def _status(packet: bytes) -> Status:
    """What it says of itself. Source: Brother's "Raster Command Reference QL-800/810W/820NWB", 4. Status."""
    try:
        said = interpret_response(packet)
    except (KeyError, NameError):  # a value that the library does not know ends in one of these
        return Status(printer.UNKNOWN, words=f"it says {packet.hex(' ')}")
    wrong_tape = packet[_WIDTH] != _TAPE_MM or packet[_MEDIA] not in _ENDLESS
    found = (
        (packet[_TWO] & 0x10, printer.COVER_OPEN),
        (packet[_ONE] & 0x03 or packet[_TWO] & 0x40, printer.PAPER_OUT),
        (packet[_ONE] & 0x20 or packet[_KIND] == _OFF, printer.OFFLINE),
        (said["errors"], printer.FAULT),
        (packet[_PHASE] == _PRINTING, printer.BUSY),
        (packet[_KIND] == _REPLY and not packet[_MEDIA], printer.PAPER_OUT),
        (packet[_KIND] == _REPLY and wrong_tape, printer.FAULT),
    )
    words = ", ".join([*said["errors"], f"{packet[_WIDTH]} mm {said['media_type']}"])
    return Status(next((state for is_so, state in found if is_so), printer.READY), words=words)
