"""The signed set: reading the one that is published, and putting the next in its place.

Everything is written under new names first; replacing `timestamp.json` is the one step that makes it so. A kiosk that
pulls meanwhile sees the old set or the new one, never half of each. Source: The Update Framework, specification 1.0.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp

from sync.client.down.published import Pack
from sync.hub import keys
from sync.hub.folder import HubFolder
from sync.hub.publishing import files
from sync.records import State

STATE_FIELD: Final = "x-touchpoint-state"
"""Where the signed `State` stands in the targets metadata."""

LIFETIME: Final = {
    "root": dt.timedelta(days=3650),
    "targets": dt.timedelta(days=365),
    "snapshot": dt.timedelta(days=30),
    "timestamp": dt.timedelta(days=30),
}
GRACE: Final = dt.timedelta(days=7)
"""So long what a newer publication no longer names stays, for kiosks in the middle of a pass."""


@dataclass(frozen=True)
class SignedSet:
    """A set of packs as it was signed, in `version` of the metadata."""

    state: State
    packs: tuple[Pack, ...]
    version: int
    expires: dt.datetime

    @property
    def names(self) -> set[str]:
        """The files it consists of, but for the timestamp: `packs/...` and `metadata/...`."""
        metadata = {f"metadata/{self.version}.targets.json", f"metadata/{self.version}.snapshot.json"}
        return metadata | {f"packs/{pack.file_name}" for pack in self.packs}


def read(folder: HubFolder) -> SignedSet | None:
    """The set that is published now; None before the first publication."""
    try:
        content = (folder.metadata / "timestamp.json").read_bytes()
    except FileNotFoundError:
        return None
    return named_by(folder, content)


@lru_cache(maxsize=4)
def named_by(folder: HubFolder, timestamp: bytes) -> SignedSet:
    """The set that a timestamp file names; kept in memory, as it is asked for again and again and never changes."""
    signed = Metadata[Timestamp].from_bytes(timestamp).signed
    snapshot_path = folder.metadata / f"{signed.snapshot_meta.version}.snapshot.json"
    snapshot = Metadata[Snapshot].from_file(str(snapshot_path)).signed
    version = snapshot.meta["targets.json"].version
    targets = Metadata[Targets].from_file(str(folder.metadata / f"{version}.targets.json")).signed
    return SignedSet(
        state=msgspec.convert(targets.unrecognized_fields[STATE_FIELD], State),
        packs=tuple(Pack.of(target.path, target) for target in targets.targets.values()),
        version=signed.version,
        expires=signed.expires,
    )


def write(folder: HubFolder, state: State, packs: Sequence[Pack], *, least_version: int = 1) -> SignedSet:
    """Sign a set and put it in the place of the one before, whose files now have their time of grace.

    Every online key that is in the folder signs, so that a set is believed before, during and after a rotation.
    """
    before = read(folder)
    version = max(before.version + 1 if before else 1, least_version)
    signed = Targets(
        version=version,
        expires=expires("targets"),
        targets={pack.path: _target(pack) for pack in packs},
        unrecognized_fields={STATE_FIELD: msgspec.to_builtins(state)},
    )
    targets_meta = _write(folder, signed, f"{version}.targets.json")
    snapshot = Snapshot(version=version, expires=expires("snapshot"), meta={"targets.json": targets_meta})
    snapshot_meta = _write(folder, snapshot, f"{version}.snapshot.json")
    timestamp = Timestamp(version=version, expires=expires("timestamp"), snapshot_meta=snapshot_meta)
    after = SignedSet(state, tuple(packs), version, timestamp.expires)
    if before:
        _date_now(folder.catalogue / name for name in before.names - after.names)
    _write(folder, timestamp, "timestamp.json")
    _prune(folder, after)
    return after


def expires(role: str) -> dt.datetime:
    """When what is signed now for that role runs out."""
    return (dt.datetime.now(dt.UTC) + LIFETIME[role]).replace(microsecond=0)


# -- inner -----------------------------------------------------------------------------------------------------


def _write(folder: HubFolder, signed: Targets | Snapshot | Timestamp, name: str) -> MetaFile:
    metadata: Metadata[Any] = Metadata(signed)
    for signer in keys.online(folder.keys, signed.type):
        metadata.sign(signer, append=True)
    content = metadata.to_bytes()
    files.replace(folder.metadata / name, [content])
    return MetaFile(signed.version, length=len(content), hashes={"sha256": hashlib.sha256(content).hexdigest()})


def _date_now(paths: Iterable[Path]) -> None:
    """Let the time of grace begin now: these files are about to be no longer named."""
    now = time.time()
    for path in paths:
        if path.exists():
            os.utime(path, (now, now))


def _prune(folder: HubFolder, signed: SignedSet) -> None:
    """Remove what no set of the last days named; what interrupted publishers left behind goes as well."""
    keep = {name.partition("/")[2] for name in signed.names} | {"timestamp.json"}
    before = time.time() - GRACE.total_seconds()
    for path in [*folder.packs.iterdir(), *folder.metadata.iterdir()]:
        if path.name not in keep and not path.name.endswith(".root.json"):
            with contextlib.suppress(FileNotFoundError):  # a compaction beside this has just given it its own name
                if path.stat().st_mtime < before:
                    path.unlink()


def _target(pack: Pack) -> TargetFile:
    custom: dict[str, Any] = {"shape": pack.shape, "from": pack.from_, "to": pack.to}
    if pack.shape == "base":
        custom |= {"piece": pack.piece, "pieces": pack.pieces}
    if pack.quick:
        custom["quick"] = True
    return TargetFile(pack.length, {"sha256": pack.sha256}, pack.path, {"custom": custom})
