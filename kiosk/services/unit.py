"""This unit: whose it is, where its files are, and how fresh what it shows is."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from kiosk.services import enrolment
from kiosk.services.enrolment import EnrolmentState
from sync import days, hours
from sync.client import identity
from sync.client.identity import Identity
from sync.errors import NOT_JSON, RecordError, ReplicaError, SyncError
from sync.records import Shop
from sync.replica.folder import CurrentReplica, write_in_one_step
from sync.words import _

log = logging.getLogger(__name__)

DEFAULT_ZONE: Final = ZoneInfo("Europe/London")


class SyncStatus(msgspec.Struct, kw_only=True):
    """What the agent last said of itself, for the screen to read; times in seconds since 1970.

    `outcome` is `never`, `current`, `updated`, `unreachable`, `not_the_hub`, `refused`, `rejected`, `too_old`,
    `damaged`, `disk` or `failed`; `checked_at` is the last time the hub's word was had.
    """

    outcome: str = "never"
    checked_at: float = 0.0
    tried_at: float = 0.0
    message: str = ""
    files_missing: int = 0


class Unit:
    """One unit's folder and what is known of the unit as a whole.

    Args:
        data: the unit's folder.
        current: its replica.
        now: tells the time, aware (injectable for tests).
    """

    def __init__(self, data: Path, current: CurrentReplica, now: Callable[[], dt.datetime]) -> None:
        self.data = data
        self._current = current
        self._now = now
        self._said = ""

    @property
    def identity(self) -> Identity | None:
        """Who this unit is; None before enrolment, and when its file is damaged, which is logged once."""
        try:
            return identity.load(self.data / "identity.json")
        except SyncError as error:
            if str(error) != self._said:
                log.error("%s", error)
            self._said = str(error)
            return None

    @property
    def shop_name(self) -> str:
        """The name of the shop that this unit was enrolled at, or nothing."""
        return mine.shop_name if (mine := self.identity) else ""

    @property
    def shop(self) -> Shop:
        """The shop this unit stands in, as the catalogue has it; its id and name alone before that is here."""
        mine = self.identity
        if mine is None:
            return Shop(id="", name="")
        try:
            replica = self._current.get()
            there = replica.shop_by_id(mine.shop_id) if replica else None
        except ReplicaError:
            there = None
        return there or Shop(id=mine.shop_id, name=mine.shop_name)

    def now(self) -> dt.datetime:
        """The shop's local time, aware."""
        try:
            zone = ZoneInfo(self.shop.timezone)
        except (KeyError, ValueError, OSError):
            zone = DEFAULT_ZONE
        return self._now().astimezone(zone)

    def opening(self) -> str:
        """Whether the shop is open, in words: `open until 17:00`, `opens tomorrow at 09:30`, or nothing."""
        try:
            return hours.parse(self.shop.hours).state(self.now())
        except RecordError:
            return ""

    def opening_hours(self) -> str:
        """The shop's week in words, or nothing."""
        try:
            return hours.parse(self.shop.hours).in_words()
        except RecordError:
            return ""

    # -- freshness

    def sync_status(self) -> SyncStatus:
        """What the agent last said of the way down: whether there is news for the shelves."""
        return _status(self.data / "sync-status.json")

    def note_sync(
        self, outcome: str, message: str, *, heard: bool, files_missing: int = 0, as_of: float | None = None
    ) -> None:
        """Leave word of a pass for the screen; `heard` tells whether the hub's word was had.

        `as_of` is how old that word was, in seconds since 1970, where it came by stick and is not from now.
        """
        path = self.data / "sync-status.json"
        self._note(path, outcome, message, heard=heard, files_missing=files_missing, as_of=as_of)

    def sending_status(self) -> SyncStatus:
        """What the agent last said of the way up: whether the hub takes what is sent."""
        return _status(self.data / "sending-status.json")

    def note_sending(self, outcome: str, message: str, *, heard: bool) -> None:
        """Leave word of the way up."""
        self._note(self.data / "sending-status.json", outcome, message, heard=heard)

    def _note(
        self,
        path: Path,
        outcome: str,
        message: str,
        *,
        heard: bool,
        files_missing: int = 0,
        as_of: float | None = None,
    ) -> None:
        now = self._now().timestamp()
        checked_at = min(now, as_of or now) if heard else _status(path).checked_at
        status = SyncStatus(
            outcome=outcome, checked_at=checked_at, tried_at=now, message=message, files_missing=files_missing
        )
        write_in_one_step(path, msgspec.json.encode(status))

    def enrolment(self) -> EnrolmentState | None:
        """How far this unit has come in being enrolled by a code; None when it is not on its way."""
        return enrolment.load(self.data)

    def freshness(self) -> tuple[bool, str]:
        """Whether the hub's word is fresh, and how old what is shown is, in a visitor's words."""
        status = self.sync_status()
        if not status.checked_at:
            return False, _("Waiting for the first delivery") if not self._has_catalogue() else _("Not checked yet")
        checked = dt.datetime.fromtimestamp(status.checked_at, dt.UTC).astimezone(self.now().tzinfo)
        when = _when(checked, self.now())
        if status.outcome in ("current", "updated") and self.now() - checked < dt.timedelta(hours=1):
            return True, _("Updated {when}").format(when=when)
        return False, _("Showing what we had {when}").format(when=when)

    def _has_catalogue(self) -> bool:
        try:
            return self._current.get() is not None
        except ReplicaError:
            return False


def _status(path: Path) -> SyncStatus:
    try:
        return msgspec.json.decode(path.read_bytes(), type=SyncStatus)
    except (FileNotFoundError, *NOT_JSON):
        return SyncStatus()


def _when(then: dt.datetime, now: dt.datetime) -> str:
    away = (now.date() - then.date()).days
    if away <= 0:
        return _("at {time}").format(time=f"{then:%H:%M}")
    if away == 1:
        return _("yesterday at {time}").format(time=f"{then:%H:%M}")
    if away < 7:
        return _("on {day}").format(day=days.weekday(then))
    if then.year == now.year:
        return _("on {day}").format(day=_("{day} {month}").format(day=then.day, month=days.month(then)))
    return _("on {day}").format(day=days.with_year(then))
