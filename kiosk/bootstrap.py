"""The one place that knows every concrete class: puts a unit together from its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.devices import bell
from kiosk.services.services import Services, bell_path
from kiosk.services.shelves import Shelves
from kiosk.services.take_away import TakeAway
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import hours
from sync.client.fetch import Limits
from sync.client.passes import Passes
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder

if TYPE_CHECKING:
    from kiosk.agent.loop import Agent


def services(settings: Settings, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> Services:
    """A unit's services, over its folder; `now` tells the time, aware (injectable for tests)."""
    data = settings.data
    records = Records(data / "records.db")
    replicas = ReplicaFolder(data / "catalogue")
    current = CurrentReplica(replicas, shop=lambda: unit.shop_name, today=lambda: unit.now().date())
    blobs = Blobs(data / "blobs")
    queue, usage = PrintQueue(records), UsageCounts(records)
    unit = Unit(data, current, now)
    shelves = Shelves(current, blobs, unit, usage)

    def wake() -> None:
        bell.ring(bell_path(data), bell.SLIP)

    take_away = TakeAway(current, unit, shelves, queue, usage, wake)
    return Services(
        settings=settings,
        records=records,
        replicas=replicas,
        current=current,
        blobs=blobs,
        queue=queue,
        usage=usage,
        unit=unit,
        shelves=shelves,
        take_away=take_away,
    )


def passes(unit: Services, slice_s: float = float("inf")) -> Passes | None:
    """What makes sync passes for this unit, each fetching files for at most `slice_s`; None before it is enrolled."""
    mine = unit.unit.identity
    if mine is None:
        return None
    return Passes(
        mine,
        unit.settings.data / "sync",
        unit.replicas,
        unit.blobs,
        unit.records.reading,
        unit.records.writing,
        limits=lambda: _limits(unit, slice_s),
        asked=unit.usage.asked,
    )


def _limits(unit: Services, slice_s: float) -> Limits:
    window = hours.parse_span(unit.settings.fetch_window) if unit.settings.fetch_window else None
    return Limits(
        budget_bytes=unit.settings.blob_budget_bytes,
        bytes_per_s=unit.settings.bandwidth_bytes_per_s,
        open=lambda: window is None or window.holds(unit.unit.now().time()),
        slice_s=slice_s,
    )


def agent(unit: Services) -> Agent:
    """The unit's agent, ready to run."""
    from kiosk.agent.loop import SLICE_S, Agent  # the screen and the commands need none of it
    from kiosk.agent.spooler import Spooler
    from kiosk.devices.printers import open_printer

    printer = open_printer(unit.settings.printer, unit.settings.data / "slips", unit.settings.slip_dots)
    made: list[Passes] = []

    def ask() -> Passes | None:
        if not made and (new := passes(unit, SLICE_S)):
            made.append(new)
        return made[0] if made else None

    return Agent(unit.unit, Spooler(unit.queue, printer), unit.usage, ask, unit.settings.poll_s)
