"""What time it is, as far as this unit can know.

A shop unit may have no battery for its clock: after a power cut it may say 1970. So the clock is never believed when it
says less than what is known for certain: when this program was built, what the hub signed last, what the hub said last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sync.replica.folder import write_in_one_step

BUILT: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
"""No clock that says less than this is believed."""


def _utc() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Clock:
    """This unit's clock, and the least that it can be.

    Args:
        path: where the latest time heard of is kept, from start to start.
        utc: tells what the machine's own clock says (injectable for tests).
    """

    def __init__(self, path: Path, utc: Callable[[], dt.datetime] = _utc) -> None:
        self._path = path
        self._utc = utc

    @property
    def floor(self) -> dt.datetime:
        """It is certainly later than this."""
        return max(BUILT, _read(self._path))

    @property
    def behind(self) -> bool:
        """Whether the machine's clock is certainly wrong, in the past."""
        return self._utc() < self.floor

    def now(self) -> dt.datetime:
        """The machine's clock, but never less than the floor."""
        return max(self._utc(), self.floor)

    @property
    def for_signatures(self) -> dt.datetime:
        """The time that the expiry of signatures is held against; what the hub said plays no part in it.

        That is never later than the end of what it signed last, so it could make only what a hub signed that had put
        its clock back look expired, and for good.
        """
        return max(self._utc(), BUILT)

    def heard(self, time: str, *, not_after: dt.datetime) -> None:
        """Note a time that the hub gave, in ISO 8601; what is no time is left out.

        One after `not_after`, the end of what the hub has signed, is not believed: an answer that somebody forged could
        otherwise keep certificates' dates unchecked for good. So a time before takes its place if it was believed once:
        the hub's clock was ahead then, and is not any more.
        """
        given = _parse(time)
        if given and given <= not_after and not given <= self.floor <= not_after:
            write_in_one_step(self._path, given.isoformat().encode())


def _read(path: Path) -> dt.datetime:
    try:
        return _parse(path.read_text()) or BUILT
    except (FileNotFoundError, UnicodeDecodeError):
        return BUILT


def _parse(text: str) -> dt.datetime | None:
    try:
        time = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return time.astimezone(dt.UTC) if time.tzinfo else None
