"""A kiosk's catalogue alone, pulled from a folder or an address by the real client."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sync.client.carriers import Carrier, FolderCarrier, HttpCarrier
from sync.client.down.pull import Puller, verify_replica
from sync.replica import schema
from sync.replica.folder import ReplicaFolder


class Reader:
    """Pulls and checks, as often as asked."""

    def __init__(self, folder: Path, where: Path | str, root: bytes) -> None:
        self.carrier: Carrier = HttpCarrier(where) if isinstance(where, str) else FolderCarrier(where)
        self.replicas = ReplicaFolder(folder / "replica")
        self._puller = Puller(self.carrier, self.replicas, folder / "trust", root)

    def pull(self) -> str:
        """One pull; what is here afterwards is what the hub signed. Returns `current` or `updated`."""
        outcome = self._puller.pull().outcome
        path = self.replicas.current()
        assert path
        verify_replica(path)
        return outcome

    def titles(self) -> dict[str, str]:
        """Every item's title by its id."""
        path = self.replicas.current()
        assert path
        with contextlib.closing(schema.open_for_reading(path)) as db:
            return {raw.hex(): title for raw, title in db.execute("SELECT id, title FROM item")}

    @property
    def revision(self) -> int:
        path = self.replicas.current()
        assert path
        with contextlib.closing(schema.open_for_reading(path)) as db:
            return int(schema.meta(db, "revision"))

    @property
    def builds(self) -> int:
        """How many times a replica was built from a base."""
        return max(int(path.stem.partition("-")[2]) for path in self.replicas.folder.glob("replica-*.db"))
