"""What every printer does, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.domain.slips import Slip

READY: Final = "ready"
UNKNOWN: Final = "unknown"
"""It takes slips, and cannot say how it is."""
OFFLINE: Final = "offline"
PAPER_OUT: Final = "paper_out"
COVER_OPEN: Final = "cover_open"
BUSY: Final = "busy"
FAULT: Final = "fault"
PICTURES: Final = "png"
"""The address that stands for no printer: slips are pictures."""
STATES: Final = (READY, UNKNOWN, OFFLINE, PAPER_OUT, COVER_OPEN, BUSY, FAULT)


@dataclass(frozen=True)
class Status:
    """How a printer is.

    Attributes:
        state: one of `STATES`.
        paper_low: whether its paper is near its end.
        words: what it said itself, for the log; may be empty.
    """

    state: str
    paper_low: bool = False
    words: str = ""

    @property
    def takes_slips(self) -> bool:
        """Whether it is worth sending it one."""
        return self.state in (READY, UNKNOWN)

    @property
    def at_work(self) -> bool:
        """Whether one that holds a slip needs nobody's help to print it."""
        return self.takes_slips or self.state == BUSY


@dataclass(frozen=True)
class Sending:
    """What has to be known to find out what became of a slip; is kept on disk before the first byte goes out.

    Attributes:
        mark: what the printer knows this slip by: four characters, or a job's name.
        cuts: how often it had cut its paper until then; None where it does not count.
        job: whose slip it is.
    """

    mark: str
    cuts: int | None = None
    job: str = ""


Wait = Callable[[Status], bool]
"""Is told how a printer is that holds a slip, every second at the latest; whether to go on waiting for it."""


class Printer(Protocol):
    """Prints one slip at a time.

    Methods are called by one thread at a time, may take seconds, and raise `PrinterError` only.
    """

    address: str
    """As in the settings."""

    def status(self) -> Status:
        """How it is now, within two seconds; one that does not answer is `offline`, which is no error."""

    def prepare(self, job_id: str) -> Sending:
        """Get ready for a slip: it answers, it holds nothing of an earlier one, and it can print.

        Raises:
            PrinterError: it cannot print now (`sure`, as nothing was sent).
        """

    def print(self, slip: Slip, sending: Sending, wait: Wait) -> str:
        """Send a slip and wait until it is out; returns the path of its picture where it makes pictures, else nothing.

        Raises:
            PrinterError: it did not come out and will not (`sure`), or that is not known; then `settle` finds out.
        """

    def settle(self, sending: Sending) -> bool | None:
        """Whether that slip came out. What the printer still holds of it is cleared, so it cannot come out later.

        Returns:
            None where this printer cannot say.

        Raises:
            PrinterError: it cannot be asked just now.
        """

    def close(self) -> None:
        """Let go of its line."""
