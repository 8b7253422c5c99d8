"""Where a hub keeps what.

DIR/hub.db                 the database, unless settings name another
DIR/keys/                  the online signing keys (targets, snapshot, timestamp) and the hub's own (seal, sign)
DIR/offline/               the root key and a spare: to be moved off this machine
DIR/catalogue/metadata/    TUF metadata      } all that a static server,
DIR/catalogue/packs/       packs             } a USB stick or a mirror
DIR/catalogue/blobs/       files, by SHA-256 } needs to carry
DIR/replica/               the hub's own read copy, for its pages
DIR/carry/                 what was verified when a stick was filled last
DIR/forgotten              ids of follow-ups that were deleted on request; in no backup
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sync.hub.errors import NotInitialisedError
from sync.replica.blobs import Blobs


@dataclass(frozen=True)
class HubFolder:
    """A hub's folder, by its parts."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.root / "hub.db"

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

    @property
    def blobs(self) -> Blobs:
        """Files that items offer."""
        return Blobs(self.catalogue / "blobs")

    @property
    def replica(self) -> Path:
        """The hub's own replica."""
        return self.root / "replica"

    @property
    def carry(self) -> Path:
        """Metadata that was verified for sticks."""
        return self.root / "carry"

    @property
    def forgotten(self) -> Path:
        """Which follow-ups were deleted on request, for a hub that is restored from an older backup."""
        return self.root / "forgotten"

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
        if not self.database.exists():
            raise NotInitialisedError(f"there is no hub in {self.root}: run `touchpoint-hub init --data {self.root}`")
        return self
