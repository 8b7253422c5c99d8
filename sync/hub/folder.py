"""Where a hub keeps what.

DIR/hub.toml               where database, blobs and replica are, if not here (`sync.hub.where`)
DIR/hub.db                 the database, unless `database_url` names one on a PostgreSQL server
DIR/keys/                  the online signing keys (targets, snapshot, timestamp) and the hub's own (seal, sign)
DIR/offline/               the root key and a spare: to be moved off this machine
DIR/catalogue/metadata/    TUF metadata      } all that a static server,
DIR/catalogue/packs/       packs             } a USB stick or a mirror
DIR/catalogue/blobs/       files, by SHA-256 } needs to carry; not here if `blob_url` names a bucket
DIR/replica/               the hub's own read copy, for its pages
DIR/carry/                 what was verified when a stick was filled last
DIR/imports/               what was uploaded to be taken in, for an hour
DIR/forgotten              ids of follow-ups that were deleted on request; in no backup
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sync.hub import where
from sync.hub.blobs import BucketBlobs
from sync.hub.errors import NotInitialisedError
from sync.hub.where import Where
from sync.replica.blobs import Blobs


@dataclass(frozen=True)
class HubFolder:
    """A hub's folder, by its parts."""

    root: Path

    @cached_property
    def where(self) -> Where:
        """Where its database and blobs are, if settings say so; read once.

        Raises:
            HubError: the settings cannot be understood.
        """
        return where.read(self.root)

    @property
    def database(self) -> Path:
        """The SQLite database, unless there is another."""
        return self.root / "hub.db"

    @property
    def database_url(self) -> str:
        """The address of the database in use; it may hold a password."""
        return self.where.database_url or f"sqlite:///{self.database}"

    @property
    def is_alone(self) -> bool:
        """Whether the database is a file in this folder, which no other machine shares."""
        return not self.where.database_url

    @property
    def keys(self) -> Path:
        """The online signing keys."""
        return self.root / "keys"

    @property
    def offline(self) -> Path:
        """The root key and its spare, until they are moved away."""
        return self.root / "offline"

    @property
    def catalogue(self) -> Path:
        """What is published."""
        return self.root / "catalogue"

    @property
    def metadata(self) -> Path:
        """Signed TUF metadata."""
        return self.catalogue / "metadata"

    @property
    def packs(self) -> Path:
        """Published packs."""
        return self.catalogue / "packs"

    @cached_property
    def blobs(self) -> Blobs:
        """Files that items offer."""
        here = self.catalogue / "blobs"
        return BucketBlobs(self.where.blob_url, here) if self.where.blob_url else Blobs(here)

    @property
    def replica(self) -> Path:
        """The hub's own replica."""
        return Path(self.where.replica_folder or self.root / "replica")

    @property
    def carry(self) -> Path:
        """Metadata that was verified for sticks."""
        return self.root / "carry"

    @property
    def forgotten(self) -> Path:
        """Which follow-ups were deleted on request, for a hub that is restored from an older backup."""
        return self.root / "forgotten"

    @property
    def imports(self) -> Path:
        """What was uploaded to be taken in, each in a folder with a random name."""
        return self.root / "imports"

    def make(self) -> None:
        """Make the folders; those with keys are for the hub's own user alone."""
        for folder in (self.root, self.metadata, self.packs, self.blobs.folder, self.replica):
            folder.mkdir(parents=True, exist_ok=True)
        for secret in (self.keys, self.offline):
            secret.mkdir(exist_ok=True, mode=0o700)

    def check(self) -> HubFolder:
        """This folder, if there is a hub in it.

        Raises:
            NotInitialisedError: saying how to make one.
        """
        there = self.database if self.is_alone else self.metadata / "1.root.json"
        if not there.exists():
            raise NotInitialisedError(f"there is no hub in {self.root}: run `touchpoint-hub init --data {self.root}`")
        return self
