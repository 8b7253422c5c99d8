"""Prints what is in the queue, one slip at a time."""

from __future__ import annotations

import logging
import time
from typing import Final

from kiosk.devices.printers import Printer
from kiosk.errors import PrinterError
from kiosk.store.queue import Job, PrintQueue

log = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 600.0


class Spooler:
    """Works the print queue. A printer that fails is told of once, and once again when it works."""

    def __init__(self, queue: PrintQueue, printer: Printer) -> None:
        self._queue = queue
        self._printer = printer
        self._failing = False
        self._sweep_at = 0.0
        if left := queue.recover():
            log.warning("%d slip(s) were being printed when the agent ended; they may or may not have come out", left)

    def work(self) -> int:
        """Print every queued slip; returns how many were tried."""
        tried = 0
        if time.monotonic() >= self._sweep_at:
            self._queue.sweep()
            self._sweep_at = time.monotonic() + SWEEP_EVERY_S
        while job := self._queue.take():
            self._print(job)
            tried += 1
        return tried

    def _print(self, job: Job) -> None:
        try:
            outcome = self._printer.print(job.id, job.slip)
        except PrinterError as error:
            self._queue.end(job.id, "failed" if error.sure else "unknown", message=str(error))
            if not self._failing:
                log.error("a slip was not printed: %s", error)
            self._failing = True
            return
        except Exception:
            log.exception("a slip could not be printed for a reason that nobody foresaw")
            self._queue.end(job.id, "unknown", message="an unforeseen error; see the log")
            return
        self._queue.end(job.id, "printed", outcome=outcome)
        if self._failing:
            log.info("the printer works again")
        self._failing = False
