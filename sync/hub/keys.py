"""The hub's signing keys.

The root key says which other keys count. It is made once, with a spare, and belongs off this machine; the three online
keys sign every publication. While one of these is being changed its successor lies beside it as `ROLE.next.pem`, and
both sign. Source: The Update Framework specification 1.0, sections 2.1 and 6.1.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from sync.hub.errors import NotInitialisedError, UnknownError
from sync.replica.folder import sync_folder, write_in_one_step

ONLINE: Final = ("targets", "snapshot", "timestamp")


def make(path: Path) -> CryptoSigner:
    """A new Ed25519 key, kept at `path` for this user alone."""
    signer = CryptoSigner.generate_ed25519()
    write_in_one_step(path, signer.private_bytes, mode=0o600)
    return signer


def get(path: Path) -> CryptoSigner:
    """The key kept at `path`, made if there is none: a hub whose making was interrupted goes on with what it has."""
    return load(path) if path.exists() and path.stat().st_size else make(path)


def load(path: Path) -> CryptoSigner:
    """The key kept at `path`.

    Raises:
        NotInitialisedError: it is not there or not a key.
    """
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (FileNotFoundError, ValueError) as error:
        raise NotInitialisedError(f"the signing key {path} is missing or damaged: {error}") from error
    return CryptoSigner(private)


def online(folder: Path, role: str) -> list[CryptoSigner]:
    """The keys that sign for an online role: one, or two while it is being changed."""
    following = successor(folder, role)
    return [load(folder / f"{role}.pem"), *([load(following)] if following.exists() else [])]


def successor(folder: Path, role: str) -> Path:
    """Where the next key of an online role lies until it takes its place."""
    return folder / f"{role}.next.pem"


def succeed(folder: Path, role: str) -> None:
    """The next key takes the place of the old one, which is gone then."""
    successor(folder, role).replace(folder / f"{role}.pem")
    sync_folder(folder)


def one_of(wanted: Collection[str], offline: Path, given: Path | None) -> CryptoSigner:
    """A root key: the one at `given`, else the first in the folder `offline` whose key id is wanted.

    Raises:
        UnknownError: it is no root key of this hub, or none is here; says what to do.
    """
    if given:
        signer = load(given)
        if signer.public_key.keyid not in wanted:
            raise UnknownError(f"{given} is not one of this hub's root keys")
        return signer
    for path in sorted(offline.glob("*.pem")):
        if (signer := load(path)).public_key.keyid in wanted:
            return signer
    raise UnknownError(f"there is no root key in {offline}: bring it or its spare, and say where with --root-key FILE")
