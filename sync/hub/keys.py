"""The hub's signing keys.

The root key says which other keys count. It is made once, with a spare, and belongs off this machine; the three online
keys sign every publication. Source: The Update Framework specification 1.0, section 2.1.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from sync.hub.errors import NotInitialisedError

ONLINE: Final = ("targets", "snapshot", "timestamp")


def make(path: Path) -> CryptoSigner:
    """A new Ed25519 key, kept at `path` for this user alone. Never replaces one."""
    signer = CryptoSigner.generate_ed25519()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(signer.private_bytes)
        os.fsync(file.fileno())
    return signer


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
