"""The one place that knows every concrete class: puts a unit together from its settings."""

from __future__ import annotations

import datetime as dt
import logging
import platform
import shutil
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from kiosk.devices import bell, machine
from kiosk.devices.slips.layouts import ROLL_58, ROLL_80
from kiosk.errors import NotEnrolledError, SettingsError
from kiosk.services import keeping, state, stock
from kiosk.services.attendance import AttendanceLog
from kiosk.services.follow_ups import FollowUps
from kiosk.services.kept import Kept
from kiosk.services.printers import Printers
from kiosk.services.privacy import PrivacyWords
from kiosk.services.services import Services, bell_path
from kiosk.services.shelves import Shelves
from kiosk.services.staff import StaffDoor
from kiosk.services.take_away import TakeAway
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from kiosk.store.attendance import AttendanceStore
from kiosk.store.pins import PinStore
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import hours
from sync.client.clock import Clock
from sync.client.down.fetch import Limits
from sync.client.enrol_code import CodeEnrolment
from sync.client.http import HubClient
from sync.client.identity import Identity
from sync.client.passes import Passes
from sync.client.up import heard
from sync.client.up.upstream import Upstream
from sync.messages import Command
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder

log = logging.getLogger(__name__)

LEAST_BANDWIDTH: Final = 2_000
"""Bytes a second: slower than this a server takes a unit for gone."""
FIND_S: Final = 4.0
"""So long printers on the network have to show themselves."""
IDENTITY: Final = "identity.json"
RESERVE_BYTES: Final = 1_000_000_000
"""So much of the disk at most, and a tenth of a small one, is left free of files: records and news need room."""
SLICE_S: Final = 20.0
"""So long at most a pass of the agent fetches files; then news has its turn again."""

if TYPE_CHECKING:
    from kiosk.agent.loop import Agent
    from kiosk.devices.printers.printer import Printer
    from sync.client.sticks.carry import Visit
    from sync.client.sticks.mirror import Mirror


def services(settings: Settings, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> Services:
    """A unit's services, over its folder; `now` tells the time, aware (injectable for tests)."""
    data = settings.data
    records = Records(data / "records.db")
    replicas = ReplicaFolder(data / "catalogue")
    current = CurrentReplica(
        replicas,
        shop=Kept(data / IDENTITY, lambda: unit.shop_name),
        stock=Kept(heard.device_path(data / IDENTITY), lambda: stock.of(settings_here())),
        today=lambda: unit.now().date(),
    )
    blobs = Blobs(data / "blobs")
    queue, usage = PrintQueue(records), UsageCounts(records)
    unit = Unit(data, current, now)
    shelves = Shelves(current, blobs, unit, usage)

    def settings_here() -> Settings:
        return settings.with_hub(heard.load_device(data / IDENTITY).info.settings)

    def wake() -> None:
        bell.ring(bell_path(data), bell.SLIP)

    def wake_to_send() -> None:
        bell.ring(bell_path(data), bell.RECORD)

    take_away = TakeAway(current, unit, shelves, records, queue, usage, wake)
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
        door=StaffDoor(PinStore(records), lambda: heard.load_device(data / IDENTITY).info),
        log=AttendanceLog(AttendanceStore(records), current, unit, settings_here, wake_to_send),
        follow_ups=FollowUps(records, unit, wake_to_send),
        privacy=PrivacyWords(settings_here),
        printers=Printers(settings, lambda word: bell.ring(bell_path(data), word)),
    )


def upstream(
    unit: Services,
    obey: Callable[[Command], None] = lambda _command: None,
    drawn_at: Callable[[], dt.datetime | None] = lambda: None,
) -> Upstream:
    """What speaks with the hub for this unit; `obey` does what it asks, `drawn_at` tells of the screen's last frame."""
    return Upstream(
        _identity_path(unit),
        unit.settings.data / "sync",
        unit.records.reading,
        unit.records.writing,
        describe=lambda: state.describe(unit, drawn_at()),
        obey=obey,
        learn=unit.door.hear,
        name=platform.node(),
        serial=machine.serial(unit.settings.serial),
        heartbeat_s=unit.settings_now().heartbeat_s,
    )


def passes(unit: Services, slice_s: float = float("inf")) -> Passes | None:
    """What makes sync passes for this unit, each fetching files for at most `slice_s`; None before it is enrolled.

    Raises:
        NotEnrolledError: it is served by stick, and knows no address.
    """
    if (mine := _pulling(unit)) is None:
        return None
    return Passes(
        mine,
        unit.settings.data / "sync",
        unit.replicas,
        unit.blobs,
        upstream(unit),
        limits=lambda: _limits(unit, unit.settings_now(), slice_s),
        asked=unit.usage.asked,
        stock=lambda: stock.of(unit.settings_now()),
    )


def _limits(unit: Services, settings: Settings, slice_s: float) -> Limits:
    window = hours.parse_span(settings.fetch_window) if settings.fetch_window else None
    return Limits(
        budget_bytes=_room_for_files(unit, settings),
        bytes_per_s=settings.bandwidth_bytes_per_s and max(LEAST_BANDWIDTH, settings.bandwidth_bytes_per_s),
        open=lambda: window is None or window.holds(unit.unit.now().time()),
        slice_s=slice_s,
    )


def _room_for_files(unit: Services, settings: Settings) -> int:
    """The bytes that pictures and files may take here, those that are here among them."""
    disk = shutil.disk_usage(unit.settings.data)
    there = unit.blobs.size_bytes() + disk.free - min(RESERVE_BYTES, disk.total // 10)
    return min(settings.blob_budget_bytes, there)


def mirror(unit: Services) -> Mirror | None:
    """What fills a stick from where this unit pulls its catalogue; None before it is enrolled.

    Raises:
        NotEnrolledError: it is served by stick itself, and knows no address.
    """
    from sync.client.carriers import HttpCarrier  # only a stick's trips need it
    from sync.client.sticks.mirror import Mirror

    if (mine := _pulling(unit)) is None:
        return None
    folder = unit.settings.data / "sync"
    clock = Clock(folder / "hub-time")
    sources = [HttpCarrier(url, clock) for url in mine.catalogues]
    return Mirror(sources, folder / "carry", mine.root.encode(), unit.blobs, clock)


def hub_client(unit: Services) -> HubClient | None:
    """What hands others' bundles to the hub; it speaks for nobody, so it has no token. None before enrolment."""
    mine = unit.unit.identity
    return HubClient(mine.hub_url, clock=Clock(unit.settings.data / "sync" / "hub-time")) if mine else None


def visit(unit: Services) -> Visit | None:
    """What takes and gives when a stick comes to this unit; None before it was set up."""
    from sync.client.sticks.carry import Visit  # only a stick's trips need it

    if unit.unit.identity is None:
        return None
    speaking = upstream(unit)
    return Visit(
        lambda: _identity(unit),
        unit.settings.data / "sync",
        unit.replicas,
        unit.blobs,
        unit.records.reading,
        unit.records.writing,
        heartbeat=speaking.describe,
        heard=speaking.hear,
        budget_bytes=lambda: _room_for_files(unit, unit.settings_now()),
        stock=lambda: stock.of(unit.settings_now()),
    )


def enrolling(unit: Services, hub_url: str, *, again: bool = False) -> CodeEnrolment:
    """Enrols this unit at that hub, by a code."""
    serial, claim = machine.serial(unit.settings.serial), unit.records.claim if again else None
    return CodeEnrolment(hub_url, _identity_path(unit), name=platform.node(), serial=serial, again=claim)


def printers(unit: Services, setting: str = "") -> list[Printer]:
    """The unit's printers, in the order they are tried, or those of another setting.

    Raises:
        SettingsError: the setting names no printer this program knows.
    """
    from kiosk.devices.printers.addresses import open_printers  # the screen needs none of it

    roll = ROLL_58 if unit.settings.slip_dots < ROLL_80.width_dots else ROLL_80
    return open_printers(setting or unit.printers.in_use, unit.settings.data / "slips", roll)


def _printers_to_begin_with(unit: Services) -> list[Printer]:
    """The unit's printers; where staff chose one that cannot be opened, those of the setting from now on."""
    try:
        return printers(unit)
    except SettingsError as error:
        if unit.printers.in_use == unit.settings.printer:
            raise
        log.error("what staff chose cannot be used, so the setting is: %s", error)
        unit.printers.use_setting()
        return printers(unit)


def agent(unit: Services) -> Agent:
    """The unit's agent, ready to run."""
    from kiosk.agent.loop import Agent  # the screen and the commands need none of it
    from kiosk.agent.speaking import Speaking
    from kiosk.agent.spooler import Spooler
    from kiosk.agent.troubles import Troubles

    spooler = Spooler(unit.queue, _printers_to_begin_with(unit), unit.printers.note)

    def obey(command: Command) -> None:
        if command.name == "sync":
            made.sync_now()
        elif command.name == "test_slip":
            unit.take_away.print_test_slip()

    def settings() -> Settings:
        return unit.settings_now()

    troubles = Troubles()
    speaks = upstream(unit, obey, lambda: made.drawn_at)

    clock = Clock(unit.settings.data / "sync" / "hub-time")

    def tidy() -> None:
        unit.usage.send_finished_days(unit.unit.now().date())
        keeping.delete_what_is_due(unit.records, settings().keep_days, clock.now())

    speaking = Speaking(unit.unit, tidy, speaks, settings, partial(enrolling, unit), troubles)

    def find() -> None:
        from kiosk.devices.printers import finding

        unit.printers.note_found(finding.find(FIND_S))

    asked = {
        bell.FIND: lambda: threading.Thread(target=find, name="find", daemon=True).start(),
        bell.PRINTERS: lambda: spooler.use(printers(unit)),
    }
    made = Agent(unit.unit, spooler, _PassesNow(unit), speaking, settings, troubles, asked)
    return made


class _PassesNow:
    """The passes of whoever this unit is now, made anew when that or its settings changed."""

    def __init__(self, unit: Services) -> None:
        self._unit = unit
        self._made: Passes | None = None
        self._made_for: object = None

    def __call__(self) -> Passes | None:
        mine = self._unit.unit.identity
        settings = self._unit.settings_now()
        if mine and not (mine.has_address or settings.catalogue_url):
            return None
        who = mine and (msgspec.structs.replace(mine, token=""), settings)
        if who != self._made_for:
            self._made, self._made_for = passes(self._unit, SLICE_S), who
        return self._made


def _pulling(unit: Services) -> Identity | None:
    """Who this unit is, with where it pulls from by its settings."""
    mine = unit.unit.identity
    if mine and (url := unit.settings_now().catalogue_url):
        mine = msgspec.structs.replace(mine, catalogue_url=url)
    if mine and not mine.has_address:
        raise NotEnrolledError(
            "this kiosk knows no hub's address, as a stick serves it: `touchpoint-kiosk carry in DIR`; "
            "where there is a connection now, run `touchpoint-kiosk moved --hub URL`"
        )
    return mine


def _identity(unit: Services) -> Identity:
    if (mine := unit.unit.identity) is None:
        raise NotEnrolledError("this unit was set up a moment ago, and its identity is gone")
    return mine


def _identity_path(unit: Services) -> Path:
    return unit.settings.data / IDENTITY
