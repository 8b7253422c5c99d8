"""How this unit is, for the people who look after it: what waits, when the hub was heard, what is here."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from dataclasses import dataclass

from kiosk.services import state
from kiosk.services.printers import PrinterState
from kiosk.services.services import Services
from kiosk.services.unit import SyncStatus
from sync import outbox
from sync.errors import ReplicaError


@dataclass(frozen=True)
class Overview:
    """A unit as it is now. `waiting` counts the records that the hub does not have yet, by their kind.

    `contact` is whom staff ring, or nothing. `by_stick` tells that no address is known here, so that a stick brings and
    takes everything.
    """

    now: dt.datetime
    shop: str
    device_id: str
    program: str
    contact: str
    waiting: dict[str, int]
    refused: int
    fetching: SyncStatus
    sending: SyncStatus
    by_stick: bool
    revision: int
    items: int
    printers: list[PrinterState]
    free_bytes: int


def overview(unit: Services) -> Overview:
    """Look; off the screen's thread."""
    mine, settings = unit.unit.identity, unit.settings_now()
    with unit.records.reading() as db:
        waiting, refused = outbox.counts(db, "waiting"), outbox.count(db, "rejected")
    revision, items = _catalogue(unit)
    return Overview(
        now=unit.unit.now(),
        shop=unit.unit.shop_name,
        device_id=mine.device_id if mine else "",
        program=state.program(),
        contact=settings.help_contact or settings.privacy_contact,
        waiting=waiting,
        refused=refused,
        fetching=unit.unit.sync_status(),
        sending=unit.unit.sending_status(),
        by_stick=mine is not None and not (mine.has_address or unit.settings.catalogue_url),
        revision=revision,
        items=items,
        printers=unit.printers.states(),
        free_bytes=shutil.disk_usage(unit.settings.data).free,
    )


def _catalogue(unit: Services) -> tuple[int, int]:
    """Its revision and how many things are in it; zeros where there is none that can be read."""
    with contextlib.suppress(ReplicaError):
        if replica := unit.current.get():
            return replica.revision, replica.count()
    return 0, 0
