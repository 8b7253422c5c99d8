"""Who this kiosk is: given at enrolment, kept in a file that only the unit's own user can read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.errors import NOT_JSON, SyncError
from sync.messages import EnrolRequest, Former, HubKeys, promise, succession
from sync.replica.folder import write_in_one_step


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What enrolment left behind. `token` and `private_key` (raw Ed25519, hex) are secrets.

    `root` is the hub's first TUF root as JSON text: the anchor of all trust, pinned at every start. `serial` names the
    machine it was given to. A unit that was set up without a connection has no token; `pending` is what it asks as soon
    as it can, or by the stick that carries its records.
    """

    hub_url: str
    device_id: str
    token: str
    private_key: str
    shop_id: str
    shop_name: str
    root: str
    catalogue_url: str = ""
    serial: str = ""
    hub_keys: HubKeys = HubKeys()
    pending: EnrolRequest | None = None

    @property
    def catalogues(self) -> list[str]:
        """Where the catalogue can be pulled from: the mirror, if one was set, then the hub itself."""
        hub = f"{self.hub_url}/v1/catalogue"
        return list(dict.fromkeys([self.catalogue_url or hub, hub]))

    @property
    def has_address(self) -> bool:
        """Whether it knows where to pull from; a unit that does not is served by stick."""
        return bool(self.catalogue_url or self.hub_url)

    def former(self, public_key: str) -> Former:
        """The proof that the holder of `public_key` was this device."""
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.private_key))
        statement = succession(self.device_id, public_key)
        proof = Former(device_id=self.device_id, signature=key.sign(statement).hex(), public_key=public_key_of(key))
        if self.pending is None:
            return proof
        secret_hash = hashlib.sha256(self.pending.secret.encode()).hexdigest()
        return msgspec.structs.replace(proof, promise=promise(secret_hash, statement), former=self.pending.former)


def public_key_of(key: Ed25519PrivateKey) -> str:
    """A key's public half, raw, in hex."""
    return key.public_key().public_bytes_raw().hex()


def load(path: Path) -> Identity | None:
    """The identity kept at `path`; None before enrolment.

    Raises:
        SyncError: the file is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Identity)
    except FileNotFoundError:
        return None
    except NOT_JSON as error:
        raise SyncError(f"{path} is damaged ({error}): enrol this kiosk again") from error


def save(path: Path, identity: Identity) -> None:
    """Keep an identity, safe on disk, readable by nobody else."""
    write_in_one_step(path, msgspec.json.encode(identity), mode=0o600)
