"""The root of trust: made once, and signed anew whenever a key changes.

A rotation is believed at every moment, also when it is cut short and begun again: first the set is signed by the old
and the new online keys, then the new root is put beside the old ones, then the old keys go and the set is signed by the
new ones alone. A kiosk that was away for years walks from root to root, so every `N.root.json` is kept for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root

from sync.hub import keys
from sync.hub.folder import HubFolder
from sync.hub.publishing import files, signing
from sync.hub.publishing.publisher import Publisher
from sync.hub.publishing.signing import expires

ROLES: Final = ("root", *keys.ONLINE)


def root_of(metadata: Path) -> bytes:
    """The hub's first root metadata: what a kiosk is given to trust."""
    return (metadata / "1.root.json").read_bytes()


def first_metadata(folder: HubFolder) -> bytes:
    """Make all keys and the first root metadata; returns it."""
    root_signers = [keys.get(folder.offline / name) for name in ("root.pem", "root-spare.pem")]
    root = Root(version=1, expires=expires("root"), consistent_snapshot=True)
    _name(root, "root", root_signers)
    for role in keys.ONLINE:
        _name(root, role, [keys.get(folder.keys / f"{role}.pem")])
    return _write(folder, root, root_signers[:1])


def current(folder: HubFolder) -> Metadata[Root]:
    """The root metadata that counts now."""
    latest = max(int(path.name.partition(".")[0]) for path in folder.metadata.glob("*.root.json"))
    return Metadata[Root].from_file(str(folder.metadata / f"{latest}.root.json"))


def rotate(publisher: Publisher, roles: Sequence[str], root_key: Path | None = None) -> int:
    """Give these roles new keys; returns the version of the root that says so.

    Args:
        root_key: where a root key or its spare is; by default it is looked for in the hub's folder.

    Raises:
        UnknownError: there is no root key of this hub there.
    """
    folder = publisher.folder
    with publisher.alone():
        root = current(folder).signed
        signers = [keys.one_of(root.roles["root"].keyids, folder.offline, root_key)]
        online = [role for role in roles if role != "root"]
        for role in online:
            _name(root, role, [keys.get(keys.successor(folder.keys, role))])
        if "root" in roles:
            fresh = [keys.get(folder.offline / name) for name in _key_names(root.version + 1)]
            _name(root, "root", fresh)
            signers.append(fresh[0])
        root.version += 1
        root.expires = expires("root")
        _sign_again(publisher)
        _write(folder, root, signers)
        for role in online:
            keys.succeed(folder.keys, role)
        _sign_again(publisher)
    return root.version


def keys_at_hand(folder: HubFolder) -> list[Path]:
    """Root keys that lie in the hub's own folder, where whoever takes the machine has them as well."""
    return sorted(folder.offline.glob("*.pem"))


# -- inner -----------------------------------------------------------------------------------------------------


def _sign_again(publisher: Publisher) -> None:
    if published := signing.read(publisher.folder):
        publisher.sign(published.state, published.packs)


def _name(root: Root, role: str, signers: Sequence[CryptoSigner]) -> None:
    """Let these keys and no others stand for a role."""
    for keyid in list(root.roles[role].keyids):
        root.revoke_key(keyid, role)
    for signer in signers:
        root.add_key(signer.public_key, role)


def _key_names(version: int) -> tuple[str, str]:
    return f"root-{version}.pem", f"root-{version}-spare.pem"


def _write(folder: HubFolder, root: Root, signers: Sequence[CryptoSigner]) -> bytes:
    metadata = Metadata(root)
    for signer in signers:
        metadata.sign(signer, append=True)
    content = metadata.to_bytes()
    files.replace(folder.metadata / f"{root.version}.root.json", [content])
    return content
