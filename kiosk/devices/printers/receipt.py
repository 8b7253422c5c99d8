"""Receipt printers that speak ESC/POS, over any line.

One that confirms says back a mark when a slip is out, counts its cuts, and forgets on demand what it holds: with these
three no slip is lost and none comes out twice, whatever fails in between. One that cannot is sent each slip at most
once, and nobody claims to know what came out.
"""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from kiosk.devices.printers import escpos
from kiosk.devices.printers.lines import Line, LineError, StalledError
from kiosk.devices.printers.printer import BUSY, FAULT, OFFLINE, UNKNOWN, Sending, Status, Wait
from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import Layout
from kiosk.domain.slips import Slip
from kiosk.errors import PrinterError

T = TypeVar("T")

ANSWER_S: Final = 0.6
"""So long a printer may take to answer; silence is no word that all is well."""
_LOOK_S: Final = 0.2
_CONFIRM_S: Final = 30.0
"""A printer that is well has a slip out within this time, or it has lost it."""
_SILENCE_S: Final = 10.0
"""So long one may be silent that holds a slip: what it is asked stands behind the slip, and its memory is small."""
_AT_THE_KNIFE: Final = "cut?"
"""The mark before the cut; no slip's mark is like it."""
_RUBBISH_BYTES: Final = 16
"""Nothing that a printer says unasked is longer."""
_MARK: Final = string.ascii_uppercase + string.digits
_MARK_LETTERS: Final = 4


class ReceiptPrinter:
    """See `Printer`.

    Args:
        address: as in the settings.
        open_line: opens the line to it; raises `LineError`.
        confirms: whether it is one that confirms; None to find out. It is asked to forget what it holds: no letter is
            in that question, so one that does not know it prints nothing.
    """

    def __init__(
        self, address: str, open_line: Callable[[], Line], layout: Layout, *, confirms: bool | None = None
    ) -> None:
        self.address = address
        self._open_line = open_line
        self._layout = layout
        self._set = confirms
        self._confirms = bool(confirms)
        self._line: Line | None = None
        self._mute = False
        """Whether it said nothing at all when the line was opened: it may have been starting."""
        self._ear = escpos.Ear()
        self._holds = True
        """Whether it may hold something of an earlier slip."""
        self._whole = ""
        """The mark of the last slip that was sent to its end, on a line that was still there then."""
        self._sent = ""
        """The mark of the last slip, as long as all that was said of it was heard: on one line."""
        self._broken_off = False
        """Whether a slip may have broken off in the middle, at a printer that can neither say so nor forget it."""
        self._remains = ""
        """Whose slip may stand on its paper in part, or whole and not cut off."""

    def status(self) -> Status:
        """See `Printer`."""
        try:
            status = self._status(self._ready_line())
            if self._mute and status.state != UNKNOWN:
                self.close()  # and so asked anew whether it confirms
            return status
        except LineError as error:
            self.close()
            return Status(OFFLINE, words=str(error))

    def prepare(self, job_id: str) -> Sending:
        """See `Printer`."""
        try:
            line = self._ready_line()
            status = self._status(line)
            if not status.takes_slips:
                raise self._cannot(status)
            if self._holds and self._confirms:
                self._clear(line)
            cuts = self._cuts_after_remains(line, job_id) if self._confirms else None
        except LineError as error:
            raise self._gone(error, sure=True) from error
        return Sending("".join(secrets.choice(_MARK) for _letter in range(_MARK_LETTERS)), cuts, job_id)

    def print(self, slip: Slip, sending: Sending, wait: Wait) -> str:
        """See `Printer`."""
        papers = draw(slip, self._layout.of(slip))
        try:
            line = self._ready_line()
        except LineError as error:
            raise self._gone(error, sure=True) from error
        try:
            self._holds, self._sent = True, sending.mark
            self._ear.heard.marks.clear()
            before_cut, at_end = map(self._say_back, (_AT_THE_KNIFE, sending.mark))
            first = escpos.REST if self._broken_off and not self._confirms else b""
            self._send(line, first + b"".join(escpos.slip(paper, before_cut) for paper in papers) + at_end, wait)
            if self._confirms:
                self._until_out(line, sending.mark, wait)
                self._holds = False
                return ""
            status = self._until_well(line, wait)
            self._whole, self._broken_off = sending.mark, False
        except LineError as error:
            raise self._gone(error, sure=False) from error
        raise PrinterError(
            f"{self.address} took the slip; it is a printer that does not say what came out", sure=False, state=status
        )

    def settle(self, sending: Sending) -> bool | None:
        """See `Printer`."""
        if sending.cuts is None:
            self._broken_off |= sending.mark != self._whole
            return None
        try:
            line = self._ready_line()
            if self._mute:
                raise LineError("it says nothing, and did when that slip was sent")
            if not self._confirms:
                return None
            self._clear(line)
            out = self._is_out(line, sending)
            self._remains = "" if out else sending.job
            return out
        except LineError as error:
            raise self._gone(error, sure=False) from error

    def _is_out(self, line: Line, sending: Sending) -> bool:
        """Whether the paper was cut after that slip."""
        try:
            return self._cuts(line) > (sending.cuts or 0)
        except PrinterError:
            if sending.mark == self._sent and _AT_THE_KNIFE not in self._ear.heard.marks:
                return False
            raise

    def _cuts_after_remains(self, line: Line, job_id: str) -> int:
        """How often it has cut, once what may stand on its paper of another's slip is cut off."""
        if self._remains not in ("", job_id):
            line.send(escpos.CUT)
        self._remains = ""
        return self._cuts(line)

    def close(self) -> None:
        """See `Printer`."""
        if self._line:
            self._line.close()
        self._line, self._holds, self._sent = None, True, ""

    # -- its parts

    def _say_back(self, mark: str) -> bytes:
        return escpos.say_back(mark) if self._confirms else b""

    def _ready_line(self) -> Line:
        """The line; one that has died meanwhile is opened again."""
        if self._line:
            try:
                self._ear.take(self._line.receive(0))
                return self._line
            except LineError:
                self.close()
        line = self._line = self._open_line()
        self._ear = escpos.Ear()
        self._confirms, self._mute = bool(self._set), False
        if self._set is None:
            self._confirms = self._can_confirm(line)
        return line

    def _can_confirm(self, line: Line) -> bool:
        if not self._ask(line, escpos.CLEAR, lambda heard: heard.cleared):
            self._mute = self._status(line).state == UNKNOWN
            if self._mute or not self._ask(line, escpos.CLEAR, lambda heard: heard.cleared):
                return False
        self._holds = False
        if self._ask(line, escpos.CUTS, lambda heard: heard.words):
            return True
        return not self._status(line).takes_slips  # it counts when it works again, or `prepare` finds that it does not

    def _status(self, line: Line, more_time: Callable[[], bool] = lambda: False) -> Status:
        answers: list[int] = []
        for question in escpos.STATUS:
            said = self._ask(line, question, lambda heard: heard.statuses, more_time)
            if not said:
                if answers or self._confirms:
                    raise LineError("it answers no more")
                return Status(UNKNOWN)
            answers.append(said[-1])
        return escpos.status(answers)

    def _clear(self, line: Line) -> None:
        if not self._ask(line, escpos.CLEAR, lambda heard: heard.cleared):
            raise LineError("it does not say that it forgot what it held")
        self._holds = False

    def _cuts(self, line: Line) -> int:
        """How often it cut its paper; raises `PrinterError` where it stands still, and so does not say."""
        said = self._ask(line, escpos.CUTS, lambda heard: heard.words)
        if not said or not said[-1].isdigit():
            if not (status := self._status(line)).takes_slips:
                raise self._cannot(status)
            raise LineError("it does not say how often it cut its paper")
        return int(said[-1])

    def _send(self, line: Line, content: bytes, wait: Wait) -> None:
        sent = 0
        while sent < len(content):
            try:
                line.send(content[sent:])
                return
            except StalledError as error:
                sent += error.sent
                if not wait(Status(BUSY, words=str(error))):
                    raise PrinterError(f"{self.address} takes nothing more", sure=not sent, state=BUSY) from error
            except LineError as error:
                raise self._gone(error, sure=not sent + error.sent) from error

    def _until_out(self, line: Line, mark: str, wait: Wait) -> None:
        """Wait until it says that the slip is out."""
        deadline = time.monotonic() + _CONFIRM_S
        while True:
            if mark not in self._ear.heard.marks:
                self._ear.take(line.receive(_LOOK_S))
            if mark in self._ear.heard.marks:
                self._ear.heard.marks.clear()
                return
            silent_until = time.monotonic() + _SILENCE_S
            status = self._status(line, partial(self._may_be_at_work, wait, silent_until))
            if not status.takes_slips:
                deadline = time.monotonic() + _CONFIRM_S
            if not wait(status) or time.monotonic() > deadline:
                raise PrinterError(
                    f"{self.address} holds a slip and does not print it: {status.state}",
                    sure=False,
                    state=status.state if not status.takes_slips else FAULT,
                )

    def _may_be_at_work(self, wait: Wait, silent_until: float) -> bool:
        return time.monotonic() < silent_until and wait(Status(BUSY, words="it does not answer while it prints"))

    def _until_well(self, line: Line, wait: Wait) -> str:
        """Wait while there is something wrong with it, after it has taken a slip; returns how it is then."""
        while not (status := self._status(line)).takes_slips:
            if not wait(status):
                return status.state
            time.sleep(_LOOK_S)
        return UNKNOWN

    def _cannot(self, status: Status) -> PrinterError:
        return PrinterError(
            f"{self.address} cannot print: {status.state} ({status.words})", sure=True, state=status.state
        )

    def _gone(self, error: LineError, *, sure: bool) -> PrinterError:
        self.close()
        return PrinterError(f"the printer {self.address} cannot be reached: {error}", sure=sure, state=OFFLINE)

    def _ask(
        self,
        line: Line,
        question: bytes,
        answer: Callable[[escpos.Heard], T],
        more_time: Callable[[], bool] = lambda: False,
    ) -> T:
        """Ask something; returns what is heard of the answer by the time it is there, or is late.

        When it is late, `more_time` is asked whether to go on listening. Asking anew would be heard twice.
        """
        self._ear.forget()
        line.send(question)
        deadline = time.monotonic() + ANSWER_S
        while not answer(self._ear.heard):
            if (left := deadline - time.monotonic()) > 0:
                self._ear.take(line.receive(left))
            elif more_time():
                deadline = time.monotonic() + ANSWER_S
            else:
                break
        if self._ear.heard.rubbish > _RUBBISH_BYTES:
            raise LineError("what answers there is no receipt printer; is this the right address?")
        return answer(self._ear.heard)
