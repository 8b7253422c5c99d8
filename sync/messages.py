"""What hub and kiosk say to each other: posts and their answers, enrolment, heartbeats, and what rides on a stick.

Part of the wire contract (`sync/PROTOCOL.md`), like `sync.records`: fields are only ever added, always with a default.
Keys, signatures and hashes are lower-case hex; times are ISO 8601 text, aware UTC.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

import msgspec

from sync.records import Upward

PROVISION_FORMAT: Final = "touchpoint-provision/1"
BUNDLE_FORMAT: Final = "touchpoint-bundle/1"
REPLY_FORMAT: Final = "touchpoint-reply/1"


# -- records up ------------------------------------------------------------------------------------------------


class Answer(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What the hub says of one record: `accepted`, `duplicate`, or `rejected` with the reason.

    `clone`: another record already has this place in this device's sequence, so two units speak with one voice; the
    one that hears this enrols anew (`AgainRequest`) and sends the record once more.
    """

    id: str
    outcome: str
    reason: str = ""


class Answers(msgspec.Struct, kw_only=True):
    """The hub's answer to a batch, in its order."""

    records: list[Answer]


class Batch(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A post of at most 500 records.

    `boot` and `offset_s` are the sender's at the moment of the post, so that the hub can tell how long ago each record
    of the same boot was made, whatever the clock on the wall said. Empty where the post is not made at once.
    """

    records: list[Upward]
    boot: str = ""
    offset_s: float = 0.0


# -- enrolment -------------------------------------------------------------------------------------------------


class HubKeys(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The hub's public keys beside TUF's: `seal` (X25519) hides things for it, `sign` (Ed25519) proves its replies."""

    seal: str = ""
    sign: str = ""


class Provision(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A provisioning file: enrols one kiosk without hands. It holds a secret; treat it like a key.

    With `device_id` and `hub_keys` a unit that never connects can be set up: it enrols by the stick that carries its
    records.
    """

    format: str
    shop_id: str
    shop_name: str
    secret: str
    root: str
    """The hub's first TUF root, as JSON text: what the kiosk trusts from the start."""
    hub_url: str = ""
    device_id: str = ""
    hub_keys: HubKeys = HubKeys()
    settings: dict[str, Any] = {}
    setup_pin: str = ""
    """Opens the staff's corner once, before the hub has said who its staff are."""


class Former(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Proof of having been another device: its key's signature over `succession(device_id, new public key)`.

    `public_key` is that device's own; it counts only where the hub does not know the device, as after a restore. One
    that a provisioning file made, and that the hub has not heard of yet, also has its `promise` (the function of that
    name), and in `former` the devices that it came after itself, each proved to it.
    """

    device_id: str
    signature: str
    public_key: str = ""
    promise: str = ""
    former: list[Former] = []


class EnrolRequest(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A kiosk asks to belong to a shop, by the secret of a provisioning file.

    `public_key` is its raw Ed25519 key; `serial` a hash of the machine's serial number; `former` the devices whose
    unsent records it still has.
    """

    secret: str
    public_key: str
    name: str = ""
    serial: str = ""
    former: list[Former] = []


class Enrolled(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The hub's yes. `root` is its first TUF root as JSON text, where the kiosk has none from a provisioning file."""

    device_id: str
    token: str
    shop_id: str
    shop_name: str
    root: str = ""
    hub_keys: HubKeys = HubKeys()


class CodeRequest(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A kiosk asks for a code that staff type at the hub. Source: RFC 8628 section 3.1."""

    public_key: str
    name: str = ""
    serial: str = ""
    former: list[Former] = []


class CodeIssued(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The code to show (`user_code`), and the secret to ask with (`device_code`). Source: RFC 8628 section 3.2."""

    user_code: str
    device_code: str
    verification_url: str
    expires_in_s: int = 600
    interval_s: int = 5


class CodePoll(msgspec.Struct, kw_only=True):
    """Has somebody typed the code? Asked every `interval_s`."""

    device_code: str


class CodeState(msgspec.Struct, omit_defaults=True, kw_only=True):
    """`pending`, `slow_down`, `approved` (with `enrolled`), `denied` or `expired`. Source: RFC 8628 section 3.5."""

    state: str
    interval_s: int = 5
    enrolled: Enrolled | None = None


class AgainRequest(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A unit that proves to be a device's copy becomes a device of its own at the same shop; see `Answer`."""

    former: Former
    public_key: str
    name: str = ""
    serial: str = ""


class Challenge(msgspec.Struct, kw_only=True):
    """Something to sign, good for two minutes."""

    challenge: str


class TokenRequest(msgspec.Struct, kw_only=True):
    """A device that lost its token proves itself: `signature` is over `token_proof(device_id, challenge)`."""

    device_id: str
    challenge: str
    signature: str


class TokenGiven(msgspec.Struct, kw_only=True):
    """A new token; the old one lives until this one is used."""

    token: str


def succession(device_id: str, public_key: str) -> bytes:
    """What a former device's key signs: that the holder of `public_key` is its successor."""
    return f"touchpoint-succession/1\n{device_id}\n{public_key}".encode()


def promise(secret_hash: str, statement: bytes) -> str:
    """Proof, beside that signature, of having the secret that an id was promised to; the secret itself is not told.

    Args:
        secret_hash: SHA-256 of the provisioning file's secret, in hex, which is what the hub keeps of it.
    """
    return hmac.new(secret_hash.encode(), statement, hashlib.sha256).hexdigest()


def token_proof(device_id: str, challenge: str) -> bytes:
    """What a device's key signs to get a new token."""
    return f"touchpoint-token/1\n{device_id}\n{challenge}".encode()


# -- a device and its hub --------------------------------------------------------------------------------------


class StaffMember(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Somebody who may open a shop's staff corner: no name, and a PIN that only this device can check (`sync.pins`)."""

    id: str
    salt: str
    verifier: str


class DeviceInfo(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What a device may know of itself; private, so it never rides in a pack. `settings` are the hub's people's.

    `pin_secret` (hex) is this device's part of every verifier in `staff`; empty from a hub that knows of no staff.
    """

    device_id: str
    shop_id: str
    shop_name: str = ""
    name: str = ""
    hub_keys: HubKeys = HubKeys()
    settings: dict[str, Any] = {}
    pin_secret: str = ""
    staff: list[StaffMember] = []


class Span(msgspec.Struct, kw_only=True):
    """Places `first` to `last` in a device's sequence; `count` of them are meant (all, unless some were never used)."""

    device: str
    first: int
    last: int
    count: int


class Heartbeat(msgspec.Struct, omit_defaults=True, kw_only=True):
    """How a kiosk is, every five minutes.

    `acknowledged` names what the hub has acknowledged and the kiosk still keeps, so that a hub restored from a backup
    can ask for it again; `versions` the highest TUF version seen of each role, so that it can rise above them.
    `drawn_at` is the screen's last drawn frame, `checked_at` the last word had from the hub's catalogue. `printer` is
    of what sorts the printers are, `printers` how each is: `ready`, `unknown`, `offline`, `paper_out`, `cover_open`,
    `busy` or `fault`, with ` paper_low` behind it where its paper ends soon.
    """

    at: str
    boot: str = ""
    offset_s: float = 0.0
    program: str = ""
    protocol: int = 1
    serial: str = ""
    revision: int = 0
    outcome: str = ""
    checked_at: str = ""
    drawn_at: str = ""
    waiting: int = 0
    rejected: int = 0
    acknowledged: list[Span] = []
    versions: dict[str, int] = {}
    files_missing: int = 0
    free_bytes: int = 0
    printer: str = ""
    printers: list[str] = []
    done: list[str] = []


class Command(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Something the hub's people ask of a kiosk: `sync` or `test_slip`. After `expires_at` it is not done any more."""

    id: str
    name: str
    expires_at: str


class HeartbeatAnswer(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The hub's time, what it asks for, the spans of records it lacks, and a new token when the old one is a month old.

    `device` is the mark (ETag) of `GET /v1/device`, so that a kiosk asks for that only when it changed.
    """

    now: str
    commands: list[Command] = []
    missing: list[Span] = []
    token: str = ""
    device: str = ""


# -- on a stick ------------------------------------------------------------------------------------------------


class Bundle(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What a unit without a connection has to say; sealed to the hub and signed by the device (`sync.seal`).

    `reply_key` (X25519) is what the hub seals its `Reply` to. `enrol` is there until a reply has come.
    """

    format: str
    device_id: str
    made_at: str
    reply_key: str
    batch: Batch
    enrol: EnrolRequest | None = None
    heartbeat: Heartbeat | None = None


class Reply(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The hub's answer to a bundle; signed by the hub and sealed to the device."""

    format: str
    device_id: str
    made_at: str
    answers: Answers
    enrolled: Enrolled | None = None
    device: DeviceInfo | None = None
    heartbeat: HeartbeatAnswer | None = None
