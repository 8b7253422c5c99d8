"""Office printers, which speak IPP, and print servers (CUPS), which do so too and know less."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Container, Iterable
from typing import Any, Final

from pyipp.enums import IppJobState, IppOperation, IppPrinterState

from kiosk.devices.printers.ipp import Line
from kiosk.devices.printers.printer import BUSY, COVER_OPEN, FAULT, PAPER_OUT, READY, UNKNOWN, Sending, Status, Wait
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError

_STATUS_S: Final = 1.8
_ASK_S: Final = 5.0
_SEND_S: Final = 15.0
_SILENCE_S: Final = 10.0
"""How long a printer may be silent while it holds a slip."""
_CANCEL_S: Final = 10.0
_POLLS_S: Final = (0.1, 1.0)
_TELL_S: Final = 1.0

_PDF: Final = "application/pdf"
_MEDIA: Final = {"a6": "iso_a6_105x148mm", "a4": "iso_a4_210x297mm"}
_SEVERITY: Final = re.compile("-(error|warning|report)$")
_NO_ERROR: Final = ("-warning", "-report")
_NO_PAPER: Final = ("media-empty", "media-needed")
_OPEN: Final = ("cover-open", "door-open", "interlock-open")
_JAM: Final = "media-jam"
_ENDED: Final = (IppJobState.CANCELED, IppJobState.ABORTED, IppJobState.COMPLETED)
_ABOUT_PRINTER: Final = (
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-supported",
    "media-ready",
    "cups-version",
)
_IMPRESSIONS: Final = ("job-impressions-completed", "job-media-sheets-completed")
_ABOUT_JOB: Final = ("job-id", "job-name", "job-state", "job-state-reasons", "time-at-processing", *_IMPRESSIONS)


class OfficePrinter:
    """A printer that takes PDF by IPP, without a driver.

    Its certificate is not looked at (ipps://): office printers sign their own.
    """

    def __init__(self, address: str, document: Callable[[Slip, str], bytes]) -> None:
        """`document` makes a slip into PDF, for the paper "a6" or "a4"."""
        self.address = address
        self._document = document
        self._line = Line(address)

    def status(self) -> Status:
        """See `Printer`."""
        try:
            return _status(self._printer(_STATUS_S))
        except PrinterError as error:
            return Status(error.state, words=str(error))

    def prepare(self, job_id: str) -> Sending:
        """See `Printer`."""
        printer = self._printer(_ASK_S)
        formats = _words(printer.get("document-format-supported"))
        if _PDF not in formats:
            raise PrinterError(
                f"the printer at {self.address} takes no PDF, only {', '.join(formats) or 'nothing it tells of'}: "
                "choose another, or one that a print server stands before",
                sure=True,
            )
        status = _status(printer)
        if not status.takes_slips:
            raise PrinterError(
                f"the printer at {self.address} cannot print now: {status.words}", sure=True, state=status.state
            )
        return Sending(mark=f"slip-{job_id[-12:]}")

    def print(self, slip: Slip, sending: Sending, wait: Wait) -> str:
        """See `Printer`."""
        printer = self._printer(_ASK_S)
        server, paper = _is_server(printer), _paper(printer)
        answer = self._line.ask(
            IppOperation.PRINT_JOB,
            _SEND_S,
            {"job-name": sending.mark, "document-format": _PDF},
            {"media": _MEDIA[paper], "print-scaling": "none"},
            self._document(slip, paper),
        )
        number = next((job["job-id"] for job in answer["jobs"] if isinstance(job.get("job-id"), int)), None)
        if number is None:
            raise PrinterError(f"the printer at {self.address} took a slip and gave it no number", sure=False)
        job = self._ended(number, wait, _reasons(printer))
        if job["job-state"] != IppJobState.COMPLETED:
            raise PrinterError(
                f"the printer at {self.address} gave the slip up ({', '.join(_words(job.get('job-state-reasons')))}): "
                "see what it shows",
                sure=_came_out(job, server) is False,
            )
        if server:
            raise PrinterError(
                f"the print server at {self.address} took the slip and cannot say whether it came out: "
                "look in the printer's tray",
                sure=False,
                state=UNKNOWN,
            )
        return ""

    def settle(self, sending: Sending) -> bool | None:
        """See `Printer`."""
        try:
            server = _is_server(self._printer(_ASK_S))
            self._cancel(sending.mark)
            outcomes = [_came_out(job, server) for job in self._jobs("completed", sending.mark)]
        except PrinterError as error:
            raise PrinterError(str(error), sure=False, state=error.state) from error
        if True in outcomes:
            return True
        return None if None in outcomes or not outcomes else False

    def close(self) -> None:
        """See `Printer`."""
        self._line.close()

    def _printer(self, seconds: float) -> dict[str, Any]:
        answer = self._line.ask(
            IppOperation.GET_PRINTER_ATTRIBUTES, seconds, {"requested-attributes": list(_ABOUT_PRINTER)}
        )
        return dict(next(iter(answer["printers"]), {}))

    def _job(self, number: int, seconds: float) -> dict[str, Any]:
        answer = self._line.ask(
            IppOperation.GET_JOB_ATTRIBUTES, seconds, {"job-id": number, "requested-attributes": list(_ABOUT_JOB)}
        )
        return dict(next(iter(answer["jobs"]), {}))

    def _jobs(self, which: str, mark: str) -> list[dict[str, Any]]:
        answer = self._line.ask(
            IppOperation.GET_JOBS, _ASK_S, {"which-jobs": which, "requested-attributes": list(_ABOUT_JOB)}
        )
        return [job for job in answer["jobs"] if job.get("job-name") == mark and isinstance(job.get("job-id"), int)]

    def _ended(self, number: int, wait: Wait, before: Container[str]) -> dict[str, Any]:
        """Follow a job to its end, and as long as `wait` says; `before` is what ailed the printer until then."""
        pause, longest = _POLLS_S
        told = heard = time.monotonic()
        while True:
            try:
                job = self._job(number, _STATUS_S)
                if job.get("job-state") in _ENDED:
                    return job
                status = _status(self._printer(_STATUS_S), job, before)
                heard = time.monotonic()
            except PrinterError as error:
                status = Status(error.state, words=str(error))
                if time.monotonic() - heard > _SILENCE_S:
                    raise PrinterError(str(error), sure=False, state=error.state) from error
            if not status.takes_slips or time.monotonic() - told >= _TELL_S:
                told = time.monotonic()
                if not wait(status):
                    raise PrinterError(
                        f"the printer at {self.address} holds the slip and does not print it: {status.words}",
                        sure=False,
                        state=BUSY if status.takes_slips else status.state,
                    )
            time.sleep(pause)
            pause = min(pause * 1.5, longest)

    def _cancel(self, mark: str) -> None:
        """Cancel what it holds under that name, and wait until it holds nothing of it."""
        end = time.monotonic() + _CANCEL_S
        while jobs := self._jobs("not-completed", mark):
            if time.monotonic() > end:
                raise PrinterError(
                    f"the printer at {self.address} still holds a slip that was cancelled: cancel it there", sure=False
                )
            for job in jobs:
                with contextlib.suppress(PrinterError):  # it may have ended; that is read next
                    self._line.ask(IppOperation.CANCEL_JOB, _ASK_S, {"job-id": job["job-id"]})
            time.sleep(_POLLS_S[0])


def _status(printer: dict[str, Any], job: dict[str, Any] | None = None, before: Container[str] = frozenset()) -> Status:
    """How a printer is by its own words, and by those of a job it holds.

    An empty tray that is no error may be one of several, and another has paper: so it is while the printer idles, and
    where the tray was empty `before` the job.
    """
    state = printer.get("printer-state")
    reasons = _reasons(printer)
    no_paper = [name for name in _NO_PAPER if name in reasons]
    others = before if job is not None else no_paper if state == IppPrinterState.IDLE else ()
    failed = state == IppPrinterState.STOPPED or any(reason.endswith("-error") for reason in reasons.values())
    stuck = job is not None and job.get("job-state") == IppJobState.STOPPED
    words = "; ".join([*_words(printer.get("printer-state-message")), *reasons.values()])
    found = READY
    if any(name not in others or not reasons[name].endswith(_NO_ERROR) for name in no_paper):
        found = PAPER_OUT
    elif any(name in reasons for name in _OPEN):
        found = COVER_OPEN
    elif failed or stuck or _JAM in reasons:
        found = FAULT
    elif printer.get("printer-is-accepting-jobs") is False:
        found = BUSY if state == IppPrinterState.PROCESSING else FAULT
        words = f"it takes no jobs; {words}"
    return Status(found, paper_low=bool(no_paper) or "media-low" in reasons, words=words)


def _reasons(printer: dict[str, Any]) -> dict[str, str]:
    """Why it is as it is: each reason's name, and the reason with how grave it is, the gravest where there are two."""
    reasons = [reason for reason in _words(printer.get("printer-state-reasons")) if reason != "none"]
    reasons.sort(key=lambda reason: not reason.endswith(_NO_ERROR))
    return {_SEVERITY.sub("", reason): reason for reason in reasons}


def _is_server(printer: dict[str, Any]) -> bool:
    """Whether it is a CUPS queue: "completed" there means that the job has left the queue."""
    return "cups-version" in printer


def _paper(printer: dict[str, Any]) -> str:
    """The smallest that is in the printer."""
    small = _MEDIA["a6"]
    ready = _words(printer.get("media-ready"))
    return "a6" if small in _words(printer.get("media-supported")) and (not ready or small in ready) else "a4"


def _came_out(job: dict[str, Any], server: bool) -> bool | None:
    """Whether an ended job was printed; None where nobody counted, or a part was."""
    if job.get("job-state") == IppJobState.COMPLETED:
        return None if server else True
    if job.get("time-at-processing") == "":
        return False  # said to be without a value: it never began
    counts = [job[name] for name in _IMPRESSIONS if isinstance(job.get(name), int)]
    return False if counts and not any(counts) and not server else None


def _words(value: object) -> list[str]:
    """An attribute of one or more words as a list; empty where it has none."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(word) for word in value] if isinstance(value, Iterable) else []
