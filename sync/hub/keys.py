"""The hub's signing keys.

The root key says which other keys count. It is made once, with a spare, and belongs off this machine; the three online
keys sign every publication. Source: The Update Framework specification 1.0, section 2.1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from sync.hub.errors import NotInitialisedError
from sync.replica.folder import write_in_one_step

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
