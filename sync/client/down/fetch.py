"""Fetching the files that items offer: in order of need, resumed where they stopped, checked by their hash, and within
the room, the bandwidth and the hours that a shop gives for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sync.client.carriers import Carrier
from sync.errors import HubAnsweredRubbishError, HubRejectedError
from sync.records import File
from sync.replica.blobs import Blobs
from sync.replica.read import Wanted

log = logging.getLogger(__name__)

_NAP_S: Final = 0.5
"""No longer is slept at once, so that the end of the time is not slept over."""
_PASSED_OVER_S: Final = 600.0
"""So long a carrier is not asked once more for a file that it did not have."""


@dataclass(frozen=True)
class Limits:
    """What a shop gives for files.

    `bytes_per_s` is a cap, 0 for none. `open` tells whether this is a time of day for fetching. `slice_s` is how long
    one pass may fetch; what is left is for the next, so that hours of files hold up neither news nor records.
    """

    budget_bytes: int
    bytes_per_s: int = 0
    open: Callable[[], bool] = lambda: True
    slice_s: float = float("inf")


@dataclass(frozen=True)
class Fetched:
    """How many files came, how many are still away, and whether the next pass can go on with those at once."""

    new: int
    missing: int
    more: bool = False


class Refused:
    """The files that one carrier does not have, or has spoilt: each is told once, and passed over for a while."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._at and time.monotonic() - self._at[sha256] < _PASSED_OVER_S

    def note(self, sha256: str, why: str) -> None:
        """That file could not be had."""
        if sha256 not in self._at:
            log.warning("a file could not be fetched: %s", why)
        self._at[sha256] = time.monotonic()


def in_order_of_need(wanted: Iterable[Wanted], asked: Mapping[str, int]) -> list[File]:
    """Pictures first, as every card has one; then the files of what people asked for most, then the newest.

    Args:
        asked: how often each item was asked for lately, by its id.
    """
    ordered = sorted(wanted, key=lambda one: (not one.picture, -asked.get(one.item, 0), -one.revision))
    return list({one.file.sha256: one.file for one in ordered}.values())


def fetch(
    wanted: Sequence[File], carrier: Carrier, blobs: Blobs, limits: Limits, refused: Refused | None = None
) -> Fetched:
    """Bring what is wanted and not here, in the order given, within the limits.

    Where there is not room for everything, what comes first in the order is kept and the rest makes way. A file that is
    refused or is not what it should be is left for another time; it stops no other.

    Args:
        refused: what this carrier refused before, kept from time to time.

    Raises:
        HubUnreachableError: nothing answers any more; what had come of the current file is kept.
        OSError: the disk is full, or broken.
    """
    refused = refused or Refused()
    held = _that_fit(wanted, limits.budget_bytes)
    away = [file for file in held if blobs.find(file.sha256) is None]
    if away and blobs.size_bytes() + sum(file.size_bytes for file in away) > limits.budget_bytes:
        blobs.sweep({file.sha256 for file in held})
    pace, new = _Pace(limits), 0
    for file in away:
        if pace.over:
            break
        if file.sha256 not in refused:
            new += _bring(file, carrier, blobs, pace, refused)
    missing = sum(blobs.find(file.sha256) is None for file in wanted)
    return Fetched(new, missing, more=pace.over and pace.passed_bytes > 0 and limits.open())


def _that_fit(files: Sequence[File], budget_bytes: int) -> list[File]:
    """Those for which there is room, the first first."""
    held, room = [], budget_bytes
    for file in files:
        if file.size_bytes <= room:
            held.append(file)
            room -= file.size_bytes
    return held


class _Pace:
    """Lets content through no faster and no longer than the limits say."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._began = time.monotonic()
        self.passed_bytes = 0

    @property
    def over(self) -> bool:
        """Whether this pass has fetched for long enough, or the hours for it have ended."""
        return time.monotonic() - self._began >= self._limits.slice_s or not self._limits.open()

    def __call__(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            yield chunk
            self.passed_bytes += len(chunk)
            if self._too_fast_until_over():
                return

    def _too_fast_until_over(self) -> bool:
        """Sleep off what came too fast; returns whether the time is over."""
        cap = self._limits.bytes_per_s
        while not self.over:
            ahead_s = self.passed_bytes / cap - (time.monotonic() - self._began) if cap else 0.0
            if ahead_s <= 0:
                return False
            time.sleep(min(ahead_s, _NAP_S))
        return True


def _bring(file: File, carrier: Carrier, blobs: Blobs, pace: _Pace, refused: Refused) -> bool:
    """Bring the rest of one file; returns whether it is whole and here."""
    part = blobs.partial(file.sha256)
    have = part.stat().st_size if part.exists() else 0
    if have > file.size_bytes:
        part.unlink()
        have = 0
    if have < file.size_bytes:
        try:
            with part.open("ab") as out:
                for chunk in pace(carrier.read(f"blobs/{file.sha256[:2]}/{file.sha256}", start=have)):
                    have += len(chunk)
                    if have > file.size_bytes:
                        break
                    out.write(chunk)
        except (HubRejectedError, HubAnsweredRubbishError) as error:
            refused.note(file.sha256, str(error))
            return False
        except OSError:
            part.unlink(missing_ok=True)  # on a full disk it would stand in the way of records
            raise
    if have < file.size_bytes or not part.exists():
        return False
    if have > file.size_bytes or not blobs.keep(part, file.sha256):
        part.unlink(missing_ok=True)
        refused.note(file.sha256, f"what came is not what the hub signed ({file.sha256}); it was thrown away")
        return False
    return True
