"""Enrolment: how a kiosk comes to belong to a shop."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.client import identity
from sync.client.http import HubClient
from sync.client.identity import Identity
from sync.errors import RecordError, SyncError
from sync.messages import PROVISION_FORMAT, Enrolled, EnrolRequest, Provision
from sync.replica.folder import write_in_one_step

log = logging.getLogger(__name__)


def read_provision(path: Path) -> Provision:
    """The provisioning file at `path`.

    Raises:
        RecordError: it is not there or not such a file.
    """
    try:
        provision = msgspec.json.decode(path.read_bytes(), type=Provision)
    except OSError as error:
        raise RecordError(f"the provisioning file {path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"{path} is not a provisioning file: {error}") from error
    if provision.format != PROVISION_FORMAT:
        raise RecordError(f"{path} has the format {provision.format!r}; this program reads {PROVISION_FORMAT!r}")
    return provision


def enrol(provision_path: Path, hub_url: str, identity_path: Path, *, name: str = "") -> Identity:
    """This kiosk now belongs to the shop of the provisioning file; the file is removed, as its secret is used up.

    The key is kept before the hub is asked, so that a kiosk that never heard the answer may ask again.

    Raises:
        SyncError: it is enrolled already. RecordError: no provisioning file, or no hub address.
        HubUnreachableError, HubRejectedError: as the hub, or its absence, has it.
    """
    _make_way(identity_path)
    provision = read_provision(provision_path)
    url = (hub_url or provision.hub_url).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise RecordError(f"the hub's address {url!r} must look like https://hub.example.org; give it with --hub")
    key = _key(identity_path.with_suffix(".key"))
    asked = EnrolRequest(secret=provision.secret, public_key=key.public_key().public_bytes_raw().hex(), name=name)
    answer = HubClient(url).post("/v1/enrol", asked, Enrolled)
    mine = Identity(
        hub_url=url,
        device_id=answer.device_id,
        token=answer.token,
        private_key=key.private_bytes_raw().hex(),
        shop_id=answer.shop_id,
        shop_name=answer.shop_name or provision.shop_name,
        root=provision.root,
    )
    identity.save(identity_path, mine)
    identity_path.with_suffix(".key").unlink()
    try:
        provision_path.unlink()
    except OSError as error:
        log.warning("enrolled, but %s could not be removed: %s", provision_path, error.strerror)
    return mine


def _make_way(path: Path) -> None:
    """Make sure that this kiosk is not enrolled; a damaged identity is put aside."""
    try:
        there = identity.load(path)
    except SyncError as error:
        aside = path.with_suffix(".damaged")
        path.rename(aside)
        log.warning("%s; it was put aside as %s", error, aside.name)
        return
    if there:
        raise SyncError(f"this kiosk is enrolled already, at {there.shop_name} with {there.hub_url}")


def _key(path: Path) -> Ed25519PrivateKey:
    """The key of an enrolment that was begun, or a new one, kept before it is used."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))
    except (FileNotFoundError, ValueError):
        key = Ed25519PrivateKey.generate()
        write_in_one_step(path, key.private_bytes_raw().hex().encode(), mode=0o600)
        return key
