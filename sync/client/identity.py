"""Who this kiosk is: given at enrolment, kept in a file that only the unit's own user can read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sync.errors import SyncError
from sync.replica.folder import write_in_one_step


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What enrolment left behind. `token` and `private_key` (raw Ed25519, hex) are secrets.

    `root` is the hub's first TUF root as JSON text: the anchor of all trust, pinned at every start.
    """

    hub_url: str
    device_id: str
    token: str
    private_key: str
    shop_id: str
    shop_name: str
    root: str
    catalogue_url: str = ""

    @property
    def catalogues(self) -> list[str]:
        """Where the catalogue can be pulled from: the mirror, if one was set, then the hub itself."""
        hub = f"{self.hub_url}/v1/catalogue"
        return list(dict.fromkeys([self.catalogue_url or hub, hub]))


def load(path: Path) -> Identity | None:
    """The identity kept at `path`; None before enrolment.

    Raises:
        SyncError: the file is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Identity)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SyncError(f"{path} is damaged ({error}): enrol this kiosk again") from error


def save(path: Path, identity: Identity) -> None:
    """Keep an identity, safe on disk, readable by nobody else."""
    write_in_one_step(path, msgspec.json.encode(identity), mode=0o600)
