"""Publishing: packs what changed and signs the set.

Everything is written under new names first; replacing `timestamp.json` is the one step that makes it so. A kiosk that
pulls meanwhile sees the old set or the new one, never half of each.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from sync import packs
from sync.hub import keys
from sync.hub.folder import HubFolder
from sync.hub.store import catalogue
from sync.hub.store.database import Database
from sync.records import CATALOGUE, OLDEST_CLIENT, Item, State
from sync.replica.folder import write_in_one_step
from sync.replica.rank import rank

STATE_FIELD: Final = "x-touchpoint-state"
"""Where the signed `State` stands in the targets metadata."""

LIFETIME: Final = {
    "root": dt.timedelta(days=3650),
    "targets": dt.timedelta(days=365),
    "snapshot": dt.timedelta(days=30),
    "timestamp": dt.timedelta(days=30),
}
SIGN_ANEW_AFTER: Final = dt.timedelta(days=1)
MOST_DELTAS: Final = 8
GRACE: Final = dt.timedelta(days=7)
"""So long what a newer publication no longer names stays, for kiosks in the middle of a pass."""


@dataclass(frozen=True)
class Published:
    """What a publication did: `revision` it brings kiosks to, and the packs it added."""

    revision: int
    count: int
    new_packs: tuple[str, ...]
    new_bytes: int


def first_metadata(folder: HubFolder) -> bytes:
    """Make all keys and the first signed, still empty set; returns the root metadata."""
    root_signers = [keys.get(folder.offline / name) for name in ("root.pem", "root-spare.pem")]
    online = {role: keys.get(folder.keys / f"{role}.pem") for role in keys.ONLINE}
    root = Root(
        version=1,
        expires=_expires("root"),
        keys={signer.public_key.keyid: signer.public_key for signer in [*root_signers, *online.values()]},
        roles={
            "root": Role([signer.public_key.keyid for signer in root_signers], 1),
            **{role: Role([signer.public_key.keyid], 1) for role, signer in online.items()},
        },
        consistent_snapshot=True,
    )
    signed = Metadata(root)
    signed.sign(root_signers[0])
    content = signed.to_bytes()
    write_in_one_step(folder.metadata / "1.root.json", content)
    return content


class Publisher:
    """Publishes one hub's catalogue."""

    def __init__(self, folder: HubFolder, database: Database) -> None:
        self._folder = folder
        self._database = database

    def state(self) -> State | None:
        """What is published now; None before the first publication."""
        targets = self._targets()
        return msgspec.convert(targets.unrecognized_fields[STATE_FIELD], State) if targets else None

    def publish(self, *, base_url: str = "", allow_shrink: bool = False) -> Published | None:
        """Publish what changed since the last time; None when nothing did.

        With `allow_shrink` kiosks take it even if it empties more than half of their shelves.

        Safe against a second publisher: one waits for the other.
        """
        with self._alone():
            before = self._targets()
            old = msgspec.convert(before.unrecognized_fields[STATE_FIELD], State) if before else None
            with self._database.reading() as db:
                revision = catalogue.last_revision(db)
                allow_shrink_to = revision if allow_shrink else 0
                same = old is not None and (old.revision, old.base_url) == (revision, base_url)
                if old and same and (not allow_shrink or old.allow_shrink_to == revision):
                    return None
                added = self._new_packs(db, revision, old, before)
                digest = catalogue.digest(db)
            state = State(
                revision=revision,
                count=digest.count,
                digest=digest.hex(),
                published_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                base_url=base_url,
                min_client=OLDEST_CLIENT,
                allow_shrink_to=allow_shrink_to,
            )
            kept = _kept(before, added)
            self._sign(state, kept | added, (before.version if before else 0) + 1)
            self._prune(kept | added, (before.version if before else 0) + 1)
            return Published(
                revision=revision,
                count=digest.count,
                new_packs=tuple(added),
                new_bytes=sum(target.length for target in added.values()),
            )

    def sign_anew_if_due(self) -> bool:
        """Sign timestamp and snapshot again when they are a day old, so that they never expire while the hub runs."""
        with self._alone():
            targets = self._targets()
            if targets is None:
                return False
            timestamp = Metadata[Timestamp].from_file(str(self._folder.metadata / "timestamp.json")).signed
            if timestamp.expires - dt.datetime.now(dt.UTC) > LIFETIME["timestamp"] - SIGN_ANEW_AFTER:
                return False
            state = msgspec.convert(targets.unrecognized_fields[STATE_FIELD], State)
            self._sign(state, targets.targets, targets.version + 1)
            return True

    # -- packs

    def _new_packs(self, db: Any, revision: int, old: State | None, before: Targets | None) -> dict[str, TargetFile]:
        """The packs that a kiosk at the last publication lacks: one delta, or a new base when deltas outgrew it."""
        if old is None or before is None:
            return self._base(db, revision)
        if old.revision == revision:
            return {}
        delta = self._keep(
            packs.write_delta(catalogue.changed_since(db, old.revision)),
            f"delta-{old.revision}-{revision}.pack",
            {"shape": "delta", "from": old.revision, "to": revision},
        )
        deltas = [target for target in before.targets.values() if target.custom["shape"] == "delta"]
        bases = [target for target in before.targets.values() if target.custom["shape"] == "base"]
        outgrown = sum(d.length for d in deltas) + delta.length > sum(b.length for b in bases) / 2
        if len(deltas) + 1 > MOST_DELTAS or outgrown:
            return {delta.path: delta} | self._base(db, revision)
        return {delta.path: delta}

    def _base(self, db: Any, revision: int) -> dict[str, TargetFile]:
        pieces = list(_pieces(db, revision))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            packed = pool.map(packs.write_piece, pieces)
            targets = [
                self._keep(
                    content,
                    f"base-{revision}-{piece.piece}.pack",
                    {"shape": "base", "from": 0, "to": revision, "piece": piece.piece, "pieces": piece.pieces},
                )
                for piece, content in zip(pieces, packed, strict=True)
            ]
        return {target.path: target for target in targets}

    def _keep(self, content: bytes, path: str, custom: dict[str, Any]) -> TargetFile:
        target = TargetFile.from_data(path, content, ["sha256"])
        target.unrecognized_fields["custom"] = custom
        name = f"{hashlib.sha256(content).hexdigest()}.{path}"
        write_in_one_step(self._folder.packs / name, content)
        return target

    def _prune(self, named: dict[str, TargetFile], version: int) -> None:
        """Remove packs and metadata that no publication of the last days names; a slow kiosk may still want those."""
        keep = {f"{target.hashes['sha256']}.{path}" for path, target in named.items()}
        keep |= {f"{version}.targets.json", f"{version}.snapshot.json", "timestamp.json"}
        before = time.time() - GRACE.total_seconds()
        for path in [*self._folder.packs.iterdir(), *self._folder.metadata.iterdir()]:
            if path.name not in keep and not path.name.endswith(".root.json") and path.stat().st_mtime < before:
                path.unlink()

    # -- signing

    def _sign(self, state: State, targets: dict[str, TargetFile], version: int) -> None:
        signed = Targets(
            version=version,
            expires=_expires("targets"),
            targets=targets,
            unrecognized_fields={STATE_FIELD: msgspec.to_builtins(state)},
        )
        targets_meta = self._write(signed, f"{version}.targets.json")
        snapshot = Snapshot(version=version, expires=_expires("snapshot"), meta={"targets.json": targets_meta})
        snapshot_meta = self._write(snapshot, f"{version}.snapshot.json")
        timestamp = Timestamp(version=version, expires=_expires("timestamp"), snapshot_meta=snapshot_meta)
        self._write(timestamp, "timestamp.json")

    def _write(self, signed: Targets | Snapshot | Timestamp, name: str) -> MetaFile:
        metadata: Metadata[Any] = Metadata(signed)
        metadata.sign(keys.load(self._folder.keys / f"{signed.type}.pem"))
        content = metadata.to_bytes()
        path = self._folder.metadata / name
        before = path.stat().st_mtime if path.exists() else 0.0
        write_in_one_step(path, content)
        # nginx makes its ETag of size and whole seconds: two publications in one second must not look the same
        after = max(path.stat().st_mtime, float(int(before)) + 1)
        os.utime(path, (after, after))
        return MetaFile(signed.version, length=len(content), hashes={"sha256": hashlib.sha256(content).hexdigest()})

    def _targets(self) -> Targets | None:
        path = self._folder.metadata / "timestamp.json"
        if not path.exists():
            return None
        timestamp = Metadata[Timestamp].from_file(str(path)).signed
        snapshot_path = self._folder.metadata / f"{timestamp.snapshot_meta.version}.snapshot.json"
        snapshot = Metadata[Snapshot].from_file(str(snapshot_path)).signed
        version = snapshot.meta["targets.json"].version
        return Metadata[Targets].from_file(str(self._folder.metadata / f"{version}.targets.json")).signed

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._folder.root / "publish.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _pieces(db: Any, revision: int) -> Iterator[packs.Piece]:
    """Everything in force, best-ranked items first, in pieces."""
    tables = []
    for collection in CATALOGUE:
        records = catalogue.as_lines(catalogue.live(db, collection))
        if collection == "item":
            records.sort(key=lambda fields: -rank(msgspec.convert(fields, Item)))
        for at in range(0, len(records), packs.PIECE_RECORDS):
            tables.append(packs.table_of(collection, records[at : at + packs.PIECE_RECORDS]))
    groups = _grouped(tables)
    for number, group in enumerate(groups):
        yield packs.Piece(format=packs.BASE_FORMAT, to=revision, piece=number, pieces=len(groups), tables=group)


def _grouped(tables: list[packs.Table]) -> list[list[packs.Table]]:
    """Small tables go together with the first large one, so that a small catalogue is one piece."""
    small = [table for table in tables if len(table.revisions) < packs.PIECE_RECORDS]
    large = [[table] for table in tables if len(table.revisions) >= packs.PIECE_RECORDS]
    return [*large, small] if small else large or [[]]


def _kept(before: Targets | None, added: dict[str, TargetFile]) -> dict[str, TargetFile]:
    """The packs of the last publication that are still needed: all, unless there is a new base."""
    if before is None or any(target.custom["shape"] == "base" for target in added.values()):
        return {}
    return dict(before.targets)


def _expires(role: str) -> dt.datetime:
    return (dt.datetime.now(dt.UTC) + LIFETIME[role]).replace(microsecond=0)


def root_of(folder: Path) -> bytes:
    """The hub's first root metadata: what a kiosk is given to trust."""
    return (folder / "1.root.json").read_bytes()
