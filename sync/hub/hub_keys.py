"""The hub's own keys beside TUF's: one that things are sealed to, one that signs its replies.

They say who the hub is to a kiosk that has no connection; the catalogue's trust does not rest on them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.hub.errors import NotInitialisedError
from sync.hub.folder import HubFolder
from sync.messages import HubKeys
from sync.replica.folder import sync_folder, write_in_one_step


@dataclass(frozen=True)
class OwnKeys:
    """Both private keys."""

    seal: X25519PrivateKey
    sign: Ed25519PrivateKey

    @property
    def public(self) -> HubKeys:
        """What kiosks are given."""
        return HubKeys(
            seal=self.seal.public_key().public_bytes_raw().hex(), sign=self.sign.public_key().public_bytes_raw().hex()
        )

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every call. Source: RFC 5869."""
        return HKDF(SHA256(), 32, None, purpose.encode()).derive(self.sign.private_bytes_raw())


def get(folder: HubFolder) -> OwnKeys:
    """The hub's keys, made when they are first needed.

    Raises:
        NotInitialisedError: one is damaged.
    """
    seal = _get(folder.keys / "seal.key", X25519PrivateKey.generate)
    sign = _get(folder.keys / "sign.key", Ed25519PrivateKey.generate)
    return OwnKeys(X25519PrivateKey.from_private_bytes(seal), Ed25519PrivateKey.from_private_bytes(sign))


def _get(path: Path, generate: Callable[[], X25519PrivateKey | Ed25519PrivateKey]) -> bytes:
    if not path.exists():
        _make(path, generate().private_bytes_raw())
    try:
        raw = bytes.fromhex(path.read_text())
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise NotInitialisedError(f"the hub's key {path} is damaged: put it back from a backup")
    return raw


def _make(path: Path, raw: bytes) -> None:
    """Keep a new key, unless another process was faster: then that one counts."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    mine = path.with_suffix(f".{os.getpid()}")
    write_in_one_step(mine, raw.hex().encode(), mode=0o600)
    with contextlib.suppress(FileExistsError):
        os.link(mine, path)
    mine.unlink()
    sync_folder(path.parent)
