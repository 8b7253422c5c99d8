"""Prints what is in the queue, one slip at a time, on a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from kiosk.agent.questions import Questions
from kiosk.devices.printers.printer import BUSY, FAULT, OFFLINE, READY, UNKNOWN, Printer, Sending, Status
from kiosk.errors import PrinterError
from kiosk.store.queue import Job, PrintQueue

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How often the queue and the printers are looked at when nobody asks for a slip."""
_AWAY_LOOK_S: Final = 10.0
"""How often a printer is that does not answer, or cannot say what came out: that takes a second, or more."""
_GRACE_S: Final = 0.2
"""So long a slip waits for a printer that could print and is being asked something; most answer in a tenth of it."""
SWEEP_EVERY_S: Final = 600.0
Told = Callable[[Mapping[str, Status]], None]


class Spooler:
    """Works the print queue.

    A slip goes to the first printer that can print it now. Where one fails half way, it is asked what came out, and
    only after it has said that nothing did and nothing will, the slip goes on to the next, or waits.

    Args:
        printers: in the order they are tried.
        told: is told how the printers are, by their addresses, whenever one has changed.
    """

    def __init__(self, queue: PrintQueue, printers: Sequence[Printer], told: Told = lambda _found: None) -> None:
        self._queue = queue
        self._printers = printers
        self._told = told
        self._found: dict[str, Status] = {}
        self._looked_at: dict[str, float] = {}
        self._said: dict[str, tuple[str, bool]] = {}
        self._unsettled: dict[str, float] = {}
        """The printers that could not say what became of a slip, each with when it is asked again."""
        self._others: list[Sequence[Printer]] = []
        """Printers to be used from now on, at most one such list; put in and taken out in one step, by two threads."""
        self._woken = threading.Event()
        self._asked = Questions(self._woken.set)
        self._stopping = threading.Event()
        self._sweep_at = 0.0

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopping.is_set():
            try:
                self._change()
                self.work()
                self.look()
            except Exception:
                log.exception("the print queue could not be worked; it is tried again")
            self._woken.wait(LOOK_S)
            self._woken.clear()
        self._asked.end()
        for printer in self._printers:
            printer.close()

    def use(self, printers: Sequence[Printer]) -> None:
        """Print with others from now on; what one of them holds now is out, or taken back, before."""
        self._others[:] = [printers]
        self._woken.set()

    def wake(self) -> None:
        """There is a slip to print."""
        self._woken.set()

    def stop(self) -> None:
        """End soon: a slip that is not out yet is taken back, and waits for the next start."""
        self._stopping.set()
        self._woken.set()

    def work(self) -> None:
        """Find out about slips that were being sent, then print what can be printed now."""
        if time.monotonic() >= self._sweep_at:
            self._queue.sweep()
            self._sweep_at = time.monotonic() + SWEEP_EVERY_S
        self._settle_what_was_left()
        self._asked.hear((printer.address for printer in self._printers if self._can_print(printer)), _GRACE_S)
        while not self._stopping.is_set() and (job := self._queue.next()):
            if not self._print(job):
                return

    def look(self) -> None:
        """Ask the printers how they are."""
        for printer in self._printers:
            self._look_at(printer)

    def _change(self) -> None:
        if self._others:
            self._settle_what_was_left()
            self._asked.hear((printer.address for printer in self._printers), None)
            for printer in self._printers:
                printer.close()
            self._printers = self._others.pop()
            self._found.clear()
            self._looked_at.clear()
            self._said.clear()
            self._unsettled.clear()

    # -- one slip

    def _print(self, job: Job) -> bool:
        """Try every printer in turn; returns whether the slip is out of the queue."""
        reasons = []
        for printer in self._in_order():
            asked = printer.address in self._asked
            self._asked.hear([printer.address], None)
            if job.stale:
                return True  # the queue shows it from now on
            if printer.address in self._unsettled or (asked and not self._can_print(printer)):
                reasons.append(self._state(printer))
                continue
            try:
                self._hand_over(job, printer)
                return True
            except PrinterError as error:
                self._failed(printer, error)
                reasons.append(error.state)
        self._queue.back(job.id, next(filter(None, reasons), OFFLINE))
        return False

    def _in_order(self) -> list[Printer]:
        """First those that could print when they were last looked at, and last those that have yet to answer.

        One that holds something of an earlier slip is none of them, unless it is just being asked about that.
        """
        asked = self._asked
        some = [one for one in self._printers if one.address in asked or one.address not in self._unsettled]
        return sorted(some, key=lambda printer: (printer.address in asked, not self._can_print(printer)))

    def _hand_over(self, job: Job, printer: Printer) -> None:
        """Print a slip there, and note what became of it.

        Raises:
            PrinterError: nothing came out there, and nothing will; the slip is queued again.
        """
        with _foreseen(printer, sure=True):
            sending = printer.prepare(job.id)
        self._queue.sending(job.id, printer.address, sending.mark, sending.cuts)
        try:
            outcome = printer.print(job.slip, sending, lambda status: self._goes_on(job, printer, status))
        except PrinterError as error:
            if error.sure:
                self._queue.back(job.id, error.state)
            elif self._settle(job, printer, lambda: _came_out(printer, sending), error.state) is not False:
                self._failed(printer, error)
                return
            raise
        except Exception:
            log.exception("a slip could not be printed for a reason that nobody foresaw; it is not tried again")
            self._settle(job, printer, lambda: _came_out(printer, sending), FAULT, again=False)
        else:
            self._queue.end(job.id, "printed", outcome=outcome)
            self._note(printer, Status(READY, self._low(printer)))

    def _goes_on(self, job: Job, printer: Printer, status: Status) -> bool:
        """Whether to go on waiting for a printer that holds a slip."""
        busy_with_it = status.state == BUSY and self._can_print(printer)
        if status.state != self._state(printer) and not busy_with_it:
            try:
                self._queue.waits(job.id, "" if status.at_work else status.state)
            except Exception:
                log.exception("how the printer is that keeps a slip waiting could not be noted; it is tried again")
            else:
                self._note(printer, status)
        if self._stopping.is_set() or self._others or job.stale:
            return False
        if status.at_work:
            return True
        others = [one for one in self._printers if one is not printer and one.address not in self._unsettled]
        for other in others:
            self._look_at(other)
        self._asked.hear()
        return not any(self._can_print(other) and other.address not in self._asked for other in others)

    # -- what came out

    def _settle_what_was_left(self) -> None:
        by_address = {printer.address: printer for printer in self._printers}
        left = self._queue.left_sending()
        self._unsettled = {job.printer: self._unsettled.get(job.printer, 0.0) for job in left}
        for job in left:
            if job.printer not in by_address:
                self._queue.end(job.id, "unknown", reason=OFFLINE)
            elif job.printer not in self._asked and time.monotonic() >= self._unsettled[job.printer]:
                self._ask_about(job, by_address[job.printer])

    def _ask_about(self, job: Job, printer: Printer) -> None:
        sending = Sending(job.mark, job.cuts, job.id)
        self._asked.ask(
            printer.address,
            lambda: _came_out(printer, sending),
            lambda answer: self._settle(job, printer, answer.result, job.reason),
        )

    def _settle(
        self, job: Job, printer: Printer, answer: Callable[[], bool | None], reason: str, *, again: bool = True
    ) -> bool | None:
        """Note whether a slip came out, as its printer says; None where that is not known, or not yet.

        Args:
            answer: returns what the printer says, or raises its error.
            again: whether it is queued again where it did not.
        """
        try:
            out = answer()
        except PrinterError as error:
            self._failed(printer, error)
            self._unsettled[printer.address] = time.monotonic() + _AWAY_LOOK_S
            if job.forgotten:
                self._queue.end(job.id, "unknown", reason=error.state)
            else:
                self._queue.waits(job.id, error.state)
            return None
        self._unsettled.pop(printer.address, None)
        if out is False and again:
            self._queue.back(job.id, reason)
        else:
            self._queue.end(job.id, "printed" if out else "unknown", reason=reason)
        return out

    # -- how the printers are

    def _state(self, printer: Printer) -> str:
        found = self._found.get(printer.address)
        return found.state if found else ""

    def _can_print(self, printer: Printer) -> bool:
        found = self._found.get(printer.address)
        return found is None or found.takes_slips

    def _low(self, printer: Printer) -> bool:
        found = self._found.get(printer.address)
        return found is not None and found.paper_low

    def _look_at(self, printer: Printer) -> None:
        """Ask a printer how it is, unless that was seen just now, or it is being asked."""
        if printer.address in self._asked:
            return
        every_s = _AWAY_LOOK_S if self._state(printer) == OFFLINE else LOOK_S
        if time.monotonic() < self._looked_at.get(printer.address, -every_s) + every_s:
            return
        self._asked.ask(
            printer.address, lambda: _status(printer), lambda answer: self._note_answer(printer, answer.result)
        )

    def _note_answer(self, printer: Printer, answer: Callable[[], Status]) -> None:
        try:
            self._note(printer, answer())
        except PrinterError as error:
            self._failed(printer, error)

    def _failed(self, printer: Printer, error: PrinterError) -> None:
        if error.state == UNKNOWN and self._can_print(printer):
            return  # it never says what came out, and is none the worse for it
        if error.state != self._state(printer):
            log.warning("a slip was not printed: %s", error)
        self._note(printer, Status(error.state, self._low(printer), str(error)))

    def _note(self, printer: Printer, status: Status) -> None:
        before = self._found.get(printer.address)
        self._found[printer.address], self._looked_at[printer.address] = status, time.monotonic()
        if before and status.takes_slips and not before.takes_slips:
            log.info("the printer %s works again", printer.address)
            if printer.address in self._unsettled:
                self._unsettled[printer.address] = 0.0
                self._woken.set()
        self._tell()

    def _tell(self) -> None:
        found = {address: (status.state, status.paper_low) for address, status in self._found.items()}
        if found != self._said:
            try:
                self._told(dict(self._found))
                self._said = found
            except Exception:
                log.exception("how the printers are could not be told; it is tried again")


def _status(printer: Printer) -> Status:
    with _foreseen(printer, sure=True):
        return printer.status()


def _came_out(printer: Printer, sending: Sending) -> bool | None:
    with _foreseen(printer, sure=False):
        return printer.settle(sending)


@contextmanager
def _foreseen(printer: Printer, *, sure: bool) -> Iterator[None]:
    """Whatever a printer ends in that nobody foresaw is an error of that printer, and none of the queue's."""
    try:
        yield
    except PrinterError:
        raise
    except Exception as error:
        log.exception("the printer %s failed in a way that nobody foresaw", printer.address)
        raise PrinterError(f"{printer.address} failed: {error}", sure=sure) from error
