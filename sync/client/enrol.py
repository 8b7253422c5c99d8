"""Enrolment: how a kiosk comes to belong to a shop, and how it becomes another device of that shop.

The key is kept on disk before the hub is asked for anything, so that a kiosk that never heard the answer may ask again
and is the same device.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.client import identity
from sync.client.http import HubClient
from sync.client.identity import Identity, public_key_of
from sync.errors import NOT_JSON, HubAnsweredRubbishError, RecordError, SyncError
from sync.messages import PROVISION_FORMAT, AgainRequest, Enrolled, EnrolRequest, Provision
from sync.replica.folder import write_in_one_step

log = logging.getLogger(__name__)

Claim = Callable[[str], None]
"""Makes the device of that id the origin of every record here that has none."""


def read_provision(path: Path) -> Provision:
    """The provisioning file at `path`.

    Raises:
        RecordError: it is not there or not such a file.
    """
    try:
        provision = msgspec.json.decode(path.read_bytes(), type=Provision)
    except OSError as error:
        raise RecordError(f"the provisioning file {path} cannot be read: {error.strerror}") from error
    except NOT_JSON as error:
        raise RecordError(f"{path} is not a provisioning file: {error}") from error
    if provision.format != PROVISION_FORMAT:
        raise RecordError(f"{path} has the format {provision.format!r}; this program reads {PROVISION_FORMAT!r}")
    return provision


def enrol(
    provision_path: Path,
    hub_url: str,
    identity_path: Path,
    *,
    name: str = "",
    serial: str = "",
    again: Claim | None = None,
) -> Identity:
    """This kiosk now belongs to the shop of the provisioning file; the file is removed, as its secret is used up.

    Args:
        again: it may be enrolled already; the device it was is proved by its key. Its unsent records become that
            device's by this, and are sent.

    Raises:
        SyncError: it is enrolled already. RecordError: no provisioning file, or no hub address.
        HubUnreachableError, HubRejectedError: as the hub, or its absence, has it.
    """
    before = make_way(identity_path, again=bool(again))
    provision = read_provision(provision_path)
    url = check_url(hub_url or provision.hub_url)
    key = begun_key(identity_path)
    asked = _request(provision, key, before, name, serial)
    with contextlib.closing(HubClient(url)) as client:
        answer = client.post("/v1/enrol", asked, Enrolled)
    leave(before, again)
    mine = keep(identity_path, key, answer, hub_url=url, root=provision.root, shop=provision.shop_name, serial=serial)
    _use_up(provision_path)
    return mine


def enrol_offline(
    provision_path: Path,
    hub_url: str,
    identity_path: Path,
    *,
    name: str = "",
    serial: str = "",
    again: Claim | None = None,
) -> Identity:
    """This kiosk is set up for the shop of the provisioning file without asking anybody; see `Identity.pending`.

    Raises:
        SyncError: it is enrolled already. RecordError: no provisioning file, or one without what this needs.
    """
    before = make_way(identity_path, again=bool(again))
    provision = read_provision(provision_path)
    if not (provision.device_id and provision.hub_keys.seal):
        raise RecordError(f"{provision_path} was made by an older hub and needs a connection: leave --offline out")
    url = hub_url or provision.hub_url
    key = begun_key(identity_path)
    mine = Identity(
        hub_url=check_url(url) if url else "",
        device_id=provision.device_id,
        token="",
        private_key=key.private_bytes_raw().hex(),
        shop_id=provision.shop_id,
        shop_name=provision.shop_name,
        root=provision.root,
        serial=serial,
        hub_keys=provision.hub_keys,
        pending=_request(provision, key, before, name, serial),
    )
    leave(before, again)
    _commit(identity_path, mine)
    _use_up(provision_path)
    return mine


def complete(identity_path: Path, enrolled: Enrolled) -> Identity:
    """The hub's yes to `Identity.pending` has come, by whatever way; a second yes changes nothing.

    Raises:
        SyncError: this kiosk was never set up, or the yes is for another.
    """
    mine = identity.load(identity_path)
    if mine is None or mine.device_id != enrolled.device_id:
        raise SyncError("the hub's answer is for another kiosk than this one")
    if mine.pending is None:
        return mine
    done = msgspec.structs.replace(
        mine,
        token=enrolled.token,
        shop_id=enrolled.shop_id,
        shop_name=enrolled.shop_name or mine.shop_name,
        hub_keys=enrolled.hub_keys if enrolled.hub_keys.seal else mine.hub_keys,
        pending=None,
    )
    identity.save(identity_path, done)
    return done


def become_another(identity_path: Path, client: HubClient, *, name: str = "", serial: str = "") -> Identity:
    """A copy of a device becomes a device of its own at the same shop, proved by the key that both have.

    Raises:
        HubUnreachableError, HubRejectedError: as the hub, or its absence, has it; this unit stays who it is.
        SyncError: this kiosk is not enrolled.
    """
    before = identity.load(identity_path)
    if before is None:
        raise SyncError("this kiosk is not enrolled yet")
    key = begun_key(identity_path)
    public_key = public_key_of(key)
    asked = AgainRequest(former=before.former(public_key), public_key=public_key, name=name, serial=serial)
    answer = client.post("/v1/enrol/again", asked, Enrolled)
    mine = keep(
        identity_path,
        key,
        answer,
        hub_url=before.hub_url,
        root=before.root,
        shop=before.shop_name,
        serial=serial,
        catalogue_url=before.catalogue_url,
    )
    log.warning("this unit was a copy of another; it is the device %s now, it was %s", mine.device_id, before.device_id)
    return mine


# -- what every way needs


def make_way(path: Path, *, again: bool) -> Identity | None:
    """Make sure that this kiosk may be enrolled; returns who it was. A damaged identity is put aside.

    Raises:
        SyncError: it is enrolled already, and not to be enrolled again.
    """
    try:
        there = identity.load(path)
    except SyncError as error:
        aside = path.with_suffix(".damaged")
        path.rename(aside)
        log.warning("%s; it was put aside as %s", error, aside.name)
        return None
    if there and not again:
        raise SyncError(
            f"this kiosk is enrolled already, at {there.shop_name} with {there.hub_url or 'its hub'}; "
            "--again enrols it anew"
        )
    return there


def leave(before: Identity | None, claim: Claim | None) -> None:
    """Let what was recorded here, and nobody has set out to send yet, be the former device's: it was made there."""
    if before and claim:
        claim(before.device_id)


def check_url(url: str) -> str:
    """A hub's address.

    Raises:
        RecordError: it is none.
    """
    if not url.startswith(("http://", "https://")):
        raise RecordError(f"the hub's address {url!r} must look like https://hub.example.org; give it with --hub")
    return url.rstrip("/")


def begun_key(identity_path: Path) -> Ed25519PrivateKey:
    """The key of an enrolment that was begun, or a new one, kept before it is used."""
    path = identity_path.with_suffix(".key")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))
    except (FileNotFoundError, ValueError):
        key = Ed25519PrivateKey.generate()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_in_one_step(path, key.private_bytes_raw().hex().encode(), mode=0o600)
        return key


def keep(
    identity_path: Path,
    key: Ed25519PrivateKey,
    answer: Enrolled,
    *,
    hub_url: str,
    root: str,
    shop: str,
    serial: str,
    catalogue_url: str = "",
) -> Identity:
    """Keep what the hub said yes to.

    Raises:
        HubAnsweredRubbishError: nothing says which root to trust.
    """
    if not (root or answer.root):
        raise HubAnsweredRubbishError(f"{hub_url} enrolled this kiosk without saying which root key to trust")
    mine = Identity(
        hub_url=hub_url,
        device_id=answer.device_id,
        token=answer.token,
        private_key=key.private_bytes_raw().hex(),
        shop_id=answer.shop_id,
        shop_name=answer.shop_name or shop,
        root=root or answer.root,
        catalogue_url=catalogue_url,
        serial=serial,
        hub_keys=answer.hub_keys,
    )
    _commit(identity_path, mine)
    return mine


def _commit(identity_path: Path, mine: Identity) -> None:
    identity.save(identity_path, mine)
    identity_path.with_suffix(".key").unlink(missing_ok=True)


def _request(
    provision: Provision, key: Ed25519PrivateKey, before: Identity | None, name: str, serial: str
) -> EnrolRequest:
    public_key = public_key_of(key)
    former = [before.former(public_key)] if before else []
    return EnrolRequest(secret=provision.secret, public_key=public_key, name=name, serial=serial, former=former)


def _use_up(provision_path: Path) -> None:
    try:
        provision_path.unlink()
    except OSError as error:
        log.warning("enrolled, but %s could not be removed: %s", provision_path, error.strerror)
