"""Fetching the files that items offer: resumed where they stopped, checked by their hash, within a budget."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sync.client.carriers import Carrier
from sync.errors import HubAnsweredRubbishError, HubRejectedError
from sync.records import File
from sync.replica.blobs import Blobs

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetched:
    """What was fetched: how many blobs came, and how many are still away."""

    new: int
    missing: int


def fetch(wanted: Iterable[File], carrier: Carrier, blobs: Blobs, *, budget_bytes: int) -> Fetched:
    """Bring every wanted blob that is not here, in the order given, until the budget is used up.

    When room is short, what no item offers any more makes way first.

    A blob that is refused or is not what it should be is left for the next time; it stops no other.

    Raises:
        HubUnreachableError: nothing answers any more; what had come of the current blob is kept.
    """
    files = list({file.sha256: file for file in wanted}.values())
    away = [file for file in files if blobs.find(file.sha256) is None]
    if away and blobs.size_bytes() + sum(file.size_bytes for file in away) > budget_bytes:
        blobs.sweep({file.sha256 for file in files})
    room = budget_bytes - blobs.size_bytes()
    new = missing = 0
    for file in away:
        needed = file.size_bytes - blobs.begun_bytes(file.sha256)
        if needed > room or not _bring(file, carrier, blobs):
            missing += 1
            continue
        room -= needed
        new += 1
    return Fetched(new, missing)


def _bring(file: File, carrier: Carrier, blobs: Blobs) -> bool:
    part = blobs.partial(file.sha256)
    have = part.stat().st_size if part.exists() else 0
    if have > file.size_bytes:
        part.unlink()
        have = 0
    if have < file.size_bytes:
        try:
            with part.open("ab") as out:
                for chunk in carrier.read(f"blobs/{file.sha256[:2]}/{file.sha256}", start=have):
                    have += len(chunk)
                    if have > file.size_bytes:
                        break
                    out.write(chunk)
        except (HubRejectedError, HubAnsweredRubbishError) as error:
            log.warning("a file could not be fetched: %s", error)
            return False
    if have < file.size_bytes or not part.exists():
        return False
    if have > file.size_bytes or not blobs.keep(part, file.sha256):
        part.unlink(missing_ok=True)
        log.warning("a file that came is not the one the hub signed (%s); it was thrown away", file.sha256)
        return False
    return True
