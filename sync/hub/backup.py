"""Backups of a hub: one file, a tar packed with zstd, and a new hub from it.

It holds the database as it was at one moment, the online keys and every root; files that items offer only if asked for,
root keys never. Packs and other metadata are not in it: the next publication makes them anew. The database is an SQLite
file in it wherever it was, so a backup can be restored into either kind.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import zstandard
from sqlalchemy import Connection, select

from sync.errors import NOT_JSON
from sync.hub import forgotten, lifting, locks, moving, ownership, retention
from sync.hub.errors import HubError
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import catalogue, facts, heartbeats, migrate, suggestions
from sync.hub.store.database import Database, now
from sync.hub.store.schema import blob
from sync.replica.folder import sync_folder

FORMAT: Final = "touchpoint-backup/1"
_MANIFEST: Final = "backup.json"
_DATABASE: Final = "hub.db"
_LEVEL: Final = 6


class Manifest(msgspec.Struct, kw_only=True):
    """What a backup says of itself: how far the hub had got."""

    format: str
    made_at: str
    revision: int
    version: int


@dataclass(frozen=True)
class Restored:
    """What came back, and how many files that items offer did not; how many follow-ups were deleted again at once.

    `was_there`: the database had survived on its server, and only what was in the folder came from the backup.
    """

    made_at: str
    blobs_missing: int
    forgotten: int
    was_there: bool = False


def backup(hub: Hub, path: Path, *, blobs: bool = False) -> Manifest:
    """Write a backup of a hub that may be in use; it appears under its name when it is whole. It holds keys.

    Raises:
        HubError: the database could not be copied, or a file that items offer could not be had.
    """
    folder = hub.folder
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup") as scratch, _removed_if_failed(part):
        copy = Path(scratch) / _DATABASE
        with hub.publisher.alone():
            _copy_database(hub, copy)
            published = hub.publisher.published()
            manifest = Manifest(
                format=FORMAT,
                made_at=now(),
                revision=_last_revision(hub),
                version=published.version if published else 0,
            )
            (Path(scratch) / _MANIFEST).write_bytes(msgspec.json.encode(manifest))
            kept = [*_whole(folder.keys, "*"), *_whole(folder.metadata, "*.root.json")]
            small = {found: found.read_bytes() for found in kept}
        with _writing(part) as tar:
            tar.add(Path(scratch) / _MANIFEST, _MANIFEST)
            for found, content in small.items():
                _add(tar, found.relative_to(folder.root).as_posix(), content)
            tar.add(copy, _DATABASE)
            for sha256 in sorted(folder.blobs.sizes()) if blobs else ():
                with folder.blobs.at_hand(sha256) as found:
                    tar.add(found, f"catalogue/blobs/{sha256[:2]}/{sha256}")
        part.replace(path)
        sync_folder(path.parent)
    return manifest


def restore(path: Path, folder: HubFolder) -> Restored:
    """Make a hub from a backup. Nothing is published yet, so that somebody can look at it first.

    Where the hub's database is on a server and is still there, it stays as it is: it knows more than the backup.

    Raises:
        HubError: there is a hub in that folder already, another one's database on the server, or this is no backup.
    """
    _check_free(folder)
    folder.make()
    with locks.held(folder, locks.MAKING):
        _check_free(folder)
        return _restore(path, folder)


# -- inner -----------------------------------------------------------------------------------------------------


def _check_free(folder: HubFolder) -> None:
    """A hub whose database is on a server is there with its keys, unless a restore was cut short since they came."""
    cut_short = _fresh(folder).exists() and not folder.is_alone
    there = folder.database if folder.is_alone else folder.keys / "seal.key"
    if there.exists() and not cut_short:
        raise HubError(f"there is a hub in {folder.root} already; restore into a new folder")


def _restore(path: Path, folder: HubFolder) -> Restored:
    fresh = _fresh(folder)
    _remove(fresh)  # of a restore that was cut short: SQLite would read its log into this one
    fresh.touch(mode=0o600)
    manifest = _unpack(path, folder, fresh)
    restored = (_in_folder if folder.is_alone else _on_server)(fresh, folder, manifest)
    sync_folder(folder.root)
    return restored


def _in_folder(fresh: Path, folder: HubFolder, manifest: Manifest) -> Restored:
    with contextlib.closing(Database(fresh)) as database:
        migrate.upgrade_if_needed(database.engine)
        with database.writing() as db:
            restored = _made_fit(db, folder, manifest)
    fresh.rename(folder.database)
    return restored


def _on_server(fresh: Path, folder: HubFolder, manifest: Manifest) -> Restored:
    """In one transaction, so that the hub is there as a whole or not at all."""
    with contextlib.closing(Database(folder.database_url)) as server, contextlib.closing(Database(fresh)) as database:
        migrate.upgrade_if_needed(database.engine)
        with server.writing() as db:
            is_there = ownership.holds_hub(db)
            migrate.upgrade_within(db)
            if is_there:
                ownership.check_owner(db, folder)
            else:
                with database.reading() as from_:
                    moving.copy(from_, db)
            ownership.own(db, folder)
            restored = _made_fit(db, folder, manifest, was_there=is_there)
    _remove(fresh)
    return restored


def _made_fit(db: Connection, folder: HubFolder, manifest: Manifest, *, was_there: bool = False) -> Restored:
    """What every hub needs that comes from a backup, within the caller's writing transaction."""
    revision, version = heartbeats.highest_reported(db)
    revision, version = max(manifest.revision, revision), max(manifest.version, version)
    lifting.rise(db, revision, version, after_s=_age_s(manifest))
    facts.put(db, facts.PUBLISHED, "0")  # nothing is, in this folder
    hashes = db.execute(select(blob.c.sha256)).scalars().all()
    asked, today = forgotten.read(folder), dt.datetime.now(dt.UTC).date()
    gone = retention.forget_follow_ups(db, asked, today) + suggestions.forget_contacts(db, asked, today.isoformat())
    if folder.where.blob_url:
        for path in _whole(folder.blobs.folder, "??/*"):
            folder.blobs.keep(path, path.name)
    missing = len(set(hashes) - set(folder.blobs.sizes()))
    return Restored(manifest.made_at, missing, gone, was_there)


def _fresh(folder: HubFolder) -> Path:
    """The database that came from a backup, until it is in its place."""
    return folder.root / "hub.new"


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _copy_database(hub: Hub, copy: Path) -> None:
    if hub.database.is_server:
        copy.touch(mode=0o600)
        with contextlib.closing(Database(copy)) as target, hub.database.reading() as db, target.writing() as into:
            migrate.upgrade_within(into)
            moving.copy(db, into)
        return
    source = hub.folder.database
    try:
        with contextlib.closing(sqlite3.connect(source)) as db, contextlib.closing(sqlite3.connect(copy)) as into:
            db.backup(into)
    except sqlite3.Error as error:
        raise HubError(f"{source} could not be copied to {copy.parent.parent}: {error}") from error


def _last_revision(hub: Hub) -> int:
    with hub.database.reading() as db:
        return catalogue.last_revision(db)


def _whole(folder: Path, pattern: str) -> list[Path]:
    """The files there, but for what an interrupted write left behind."""
    return [path for path in sorted(folder.glob(pattern)) if not path.name.startswith(".") and path.suffix != ".part"]


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        with packer.stream_writer(file, closefd=False) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
            yield tar
        os.fsync(file.fileno())


def _unpack(path: Path, folder: HubFolder, database: Path) -> Manifest:
    """Put everything in its place, the database at `database`; returns what the backup says of itself."""
    manifest = None
    try:
        with (
            path.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as tar,
        ):
            for member in tar:
                content = tar.extractfile(member)
                if content is None or (place := _place(member.name, folder, database)) is None:
                    raise HubError(f"{path} holds {member.name!r}, which is no part of a backup")
                if member.name == _MANIFEST:
                    manifest = _read_manifest(content.read())
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                mode = 0o644 if folder.catalogue in place.parents else 0o600
                with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as written:
                    while chunk := content.read(1 << 20):
                        written.write(chunk)
                    written.flush()
                    os.fsync(written.fileno())
    except (tarfile.TarError, zstandard.ZstdError, EOFError, *NOT_JSON) as error:
        raise HubError(f"{path} is not a backup of a hub, or is damaged: {error}") from error
    if manifest is None or not database.stat().st_size:
        raise HubError(f"{path} is not a whole backup of a hub")
    return manifest


def _age_s(manifest: Manifest) -> int:
    """How long ago the backup was made, by this machine's clock."""
    try:
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(manifest.made_at)
    except (ValueError, TypeError) as error:
        raise HubError(f"the backup says that it was made at {manifest.made_at!r}, which is no time") from error
    return max(0, int(age.total_seconds()))


def _read_manifest(content: bytes) -> Manifest:
    manifest = msgspec.json.decode(content, type=Manifest)
    if manifest.format != FORMAT:
        raise HubError(f"the backup has the format {manifest.format!r}; this program reads {FORMAT!r}")
    return manifest


def _place(name: str, folder: HubFolder, database: Path) -> Path | None:
    """Where a part of a backup belongs; None for what leads anywhere else."""
    parts = name.split("/")
    if any(part.startswith(".") for part in parts):
        return None
    if name in (_MANIFEST, _DATABASE):
        return database
    match parts:
        case ["keys", _] | ["catalogue", "metadata", _] | ["catalogue", "blobs", _, _]:
            return folder.root / name
    return None


@contextlib.contextmanager
def _removed_if_failed(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        part.unlink(missing_ok=True)
        raise
