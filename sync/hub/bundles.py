"""Answering the bundles that units without a connection send by stick.

A bundle comes from anybody's hands and may be old, copied or forged. Its device's signature counts, not who brings it;
nothing is opened before that was checked. Records are taken by the same function as posts, so a bundle that comes again
doubles nothing, and the reply is sealed to the device, so who brings a bundle learns nothing by it.
"""

from __future__ import annotations

import datetime as dt

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync import seal
from sync.errors import NOT_JSON, HubRejectedError, NotTrustedError, RecordError
from sync.hub.hub import Hub
from sync.messages import BUNDLE_FORMAT, REPLY_FORMAT, Bundle, Enrolled, Reply
from sync.outbox import BATCH
from sync.seal import Letter


def answer(hub: Hub, letter: bytes) -> bytes:
    """The reply to a bundle, both as they lie on a stick.

    Raises:
        HubRejectedError: 400, it is no bundle; 403, it is not from whom it says or that device was revoked; 404, nobody
            has that id; 409, its provisioning file was used by another; 413, it is too large.
    """
    try:
        closed = seal.read(letter)
        known = hub.public_key_of(closed.sender)
        bundle = _open(hub, closed, bytes.fromhex(known) if known else closed.signer)
        reply_key = X25519PublicKey.from_public_bytes(bytes.fromhex(bundle.reply_key))
    except NotTrustedError as error:
        raise HubRejectedError(str(error), 403) from error
    except (RecordError, ValueError, *NOT_JSON) as error:
        raise HubRejectedError(f"this is not a bundle: {error}", 400) from error
    enrolled = _enrolled(hub, bundle, closed, is_known=known is not None)
    reply = Reply(
        format=REPLY_FORMAT,
        device_id=bundle.device_id,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
        answers=hub.take(bundle.device_id, bundle.batch),
        enrolled=enrolled,
        heartbeat=hub.heartbeat(bundle.device_id, bundle.heartbeat, by_stick=True) if bundle.heartbeat else None,
        device=hub.device_info(bundle.device_id),
    )
    return _sealed(hub, reply, reply_key)


def _open(hub: Hub, closed: Letter, signer: bytes) -> Bundle:
    content = closed.open(hub.keys.seal, purpose=seal.BUNDLE, addressee=hub.keys.public.seal, signer=signer)
    bundle = msgspec.json.decode(content, type=Bundle)
    if bundle.format != BUNDLE_FORMAT:
        raise RecordError(f"its format is {bundle.format!r}; this hub reads {BUNDLE_FORMAT!r}")
    if bundle.device_id != closed.sender:
        raise NotTrustedError(f"a bundle from {closed.sender} says inside that it is from {bundle.device_id}")
    if len(bundle.batch.records) > BATCH:
        raise HubRejectedError(f"at most {BATCH} records go in one bundle", 413)
    return bundle


def _sealed(hub: Hub, reply: Reply, to: X25519PublicKey) -> bytes:
    try:
        return seal.seal(
            msgspec.json.encode(reply),
            purpose=seal.REPLY,
            sender="hub",
            addressee=reply.device_id,
            signer=hub.keys.sign,
            to=to,
        )
    except NotTrustedError as error:
        raise HubRejectedError(f"the bundle's reply key cannot be used: {error}", 400) from error
    except RecordError as error:
        raise HubRejectedError(f"the answer to this bundle does not fit into a letter: {error}", 413) from error


def _enrolled(hub: Hub, bundle: Bundle, closed: Letter, *, is_known: bool) -> Enrolled | None:
    """What enrolment has to say, where the bundle asks for it; a device that is not known yet must."""
    if bundle.enrol is None:
        if is_known:
            return None
        raise HubRejectedError("this kiosk is not enrolled, and its bundle does not ask for it", 403)
    if bundle.enrol.public_key != closed.signer.hex():
        raise HubRejectedError("the bundle asks to enrol another key than the one that signed it", 403)
    enrolled = hub.enrol(bundle.enrol)
    if enrolled.device_id != bundle.device_id:
        raise HubRejectedError("the provisioning file in this bundle is another kiosk's", 403)
    return enrolled
