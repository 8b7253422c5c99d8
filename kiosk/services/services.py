"""All services of one unit, together: what a screen or a command is handed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.devices import bell
from kiosk.services.attendance import AttendanceLog
from kiosk.services.follow_ups import FollowUps
from kiosk.services.printers import Printers
from kiosk.services.privacy import PrivacyWords
from kiosk.services.shelves import Shelves
from kiosk.services.staff import StaffDoor
from kiosk.services.take_away import TakeAway
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from kiosk.store.queue import PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync.client.up import heard
from sync.replica.blobs import Blobs
from sync.replica.folder import CurrentReplica, ReplicaFolder


@dataclass(frozen=True)
class Services:
    """All that screens and commands work with."""

    settings: Settings
    records: Records
    replicas: ReplicaFolder
    current: CurrentReplica
    blobs: Blobs
    queue: PrintQueue
    usage: UsageCounts
    unit: Unit
    shelves: Shelves
    take_away: TakeAway
    door: StaffDoor
    log: AttendanceLog
    follow_ups: FollowUps
    privacy: PrivacyWords
    printers: Printers

    def close(self) -> None:
        """Close every file that is open."""
        self.current.close()
        self.records.close()

    def settings_now(self) -> Settings:
        """The settings that count now: the unit's own, and under them what the hub last said."""
        return self.settings.with_hub(heard.load_device(self.settings.data / "identity.json").info.settings)

    def wake_agent(self, word: bytes) -> bool:
        """Ring the agent; returns whether it listens."""
        return bell.ring(bell_path(self.settings.data), word)


def bell_path(data: Path) -> Path:
    """Where the agent of the unit in that folder listens."""
    return data / "agent.sock"
