"""What was heard from the hub and is kept: the commands that were done, what it says of this device.

SYNC/heard.json    when it was last told how we are, and which commands were done
DATA/device.json   what it says of this device, settings among it; for the unit's own user alone
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from sync.errors import NOT_JSON
from sync.messages import DeviceInfo
from sync.replica.folder import write_in_one_step


class Heard(msgspec.Struct, kw_only=True):
    """`at`: the last heartbeat, in seconds since 1970; `done`: ids of commands, as long as the hub names them."""

    at: float = -1.0
    done: list[str] = []


class KnownDevice(msgspec.Struct, kw_only=True):
    """What the hub says of this device, with its mark."""

    mark: str = ""
    info: DeviceInfo = msgspec.field(default_factory=lambda: DeviceInfo(device_id="", shop_id=""))


def load(folder: Path) -> Heard:
    """What is kept of heartbeats; as if there had been none where that cannot be read."""
    with contextlib.suppress(FileNotFoundError, *NOT_JSON):
        return msgspec.json.decode((folder / "heard.json").read_bytes(), type=Heard)
    return Heard()


def save(folder: Path, heard: Heard) -> None:
    """Keep it, safe on disk."""
    write_in_one_step(folder / "heard.json", msgspec.json.encode(heard))


def load_device(identity_path: Path) -> KnownDevice:
    """What the hub said last of the device beside whose identity it is kept; empty where that cannot be read."""
    with contextlib.suppress(FileNotFoundError, *NOT_JSON):
        return msgspec.json.decode(device_path(identity_path).read_bytes(), type=KnownDevice)
    return KnownDevice()


def save_device(identity_path: Path, known: KnownDevice) -> None:
    """Keep it, safe on disk."""
    write_in_one_step(device_path(identity_path), msgspec.json.encode(known), mode=0o600)


def device_path(identity_path: Path) -> Path:
    """Where it is kept."""
    return identity_path.with_name("device.json")
