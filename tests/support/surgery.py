"""A unit of a shop that holds surgeries, whose clock and diary a test sets; without a hub."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import bootstrap
from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import AttendanceLog
from kiosk.services.services import Services
from kiosk.settings import Settings
from sync import packs
from sync.attendance import Totals
from sync.client import identity
from sync.client.identity import Identity
from sync.client.up import heard
from sync.client.up.heard import KnownDevice
from sync.messages import DeviceInfo, HubKeys
from sync.replica import base

MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where a folder is best that nothing is about the disk of."""
SHOP: Final = "01890000-0000-7000-8000-00000000005a"
SURGERY: Final[dict[str, Any]] = {
    "id": "01890000-0000-7000-8000-0123456789ab",
    "r": 2,
    "kind": "event",
    "title": "Social media surgery",
    "starts": "2026-01-06T11:00:00",
    "ends": "2026-01-06T13:00:00",
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "attendance": True,
}
"""Tuesdays from 11 to 1."""


class Surgery:
    """The unit.

    Args:
        now: its clock's local time.
        zone: the shop's.
    """

    def __init__(self, folder: Path, now: str = "2026-11-24T11:10", zone: str = "Europe/London") -> None:
        self.folder, self.zone = folder, zone
        self.now = self.local(now)
        self.services = self._services()

    def _services(self) -> Services:
        return bootstrap.services(Settings(data=self.folder), lambda: self.now)

    @property
    def log(self) -> AttendanceLog:
        return self.services.log

    def local(self, time: str) -> dt.datetime:
        """That time in the shop, aware."""
        return dt.datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(self.zone))

    def at(self, time: str) -> None:
        """Set the clock."""
        self.now = self.local(time)

    def restart(self) -> None:
        """What a new process would see."""
        self.services.close()
        self.services = self._services()

    def belongs(self, hub_keys: HubKeys | None = None) -> None:
        """The unit is enrolled at the shop."""
        mine = Identity(
            hub_url="http://hub.test",
            device_id="01890000-0000-7000-8000-00000000000d",
            token="t",
            private_key=Ed25519PrivateKey.generate().private_bytes_raw().hex(),
            shop_id=SHOP,
            shop_name="Mill Lane",
            root="{}",
            hub_keys=hub_keys or HubKeys(),
        )
        identity.save(self.folder / "identity.json", mine)

    def diary(self, *events: dict[str, Any], shop: bool = True) -> None:
        """These events are the catalogue now, with the shop or without."""
        tables = [packs.table_of("item", [{**SURGERY, **event} for event in events])] if events else []
        if shop:
            fields = {"id": SHOP, "r": 1, "name": "Mill Lane", "timezone": self.zone}
            tables.append(packs.table_of("shop", [fields]))
        piece = packs.Piece(format=packs.BASE_FORMAT, to=9, piece=0, pieces=1, tables=tables)
        path = self.services.replicas.next()
        base.build(path, [packs.read_piece(packs.write_piece(piece))])
        self.services.replicas.swap(path)

    def hub_says(self, **info: Any) -> None:
        """The hub said this of the unit; `settings`, `staff` and whatever else it says."""
        info = {"device_id": "d", "shop_id": SHOP, **info}
        heard.save_device(self.folder / "identity.json", KnownDevice(info=DeviceInfo(**info)))

    def session(self, title: str = "Social media surgery", day: str = "") -> LogSession:
        """The session of that title on a day, or today."""
        found = self.log.sessions(dt.date.fromisoformat(day) if day else None)
        return next(one for one in found if one.title == title)

    def close(self) -> None:
        self.services.close()


def plain(sums: Totals) -> dict[str, Any]:
    """As a mapping; a count of nothing is none."""
    found = {name: getattr(sums, name) for name in Totals.__dataclass_fields__}
    return found | {name: dict(+found[name]) for name in ("topics", "outcomes")}
