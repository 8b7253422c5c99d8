"""The hub as its kiosks meet it: who may belong, what is taken from them, and what they are told."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import time
from typing import Final

import msgspec
from sqlalchemy import Connection

from sync import pins
from sync.errors import HubRejectedError
from sync.hub import settings
from sync.hub.errors import HubError
from sync.hub.hub_keys import OwnKeys
from sync.hub.store import audit, catalogue, devices, enrolments, heartbeats, inbox, staff, succession
from sync.hub.store.database import Database
from sync.hub.store.devices import Device
from sync.hub.store.staff import Person
from sync.messages import (
    AgainRequest,
    Answers,
    Batch,
    Challenge,
    CodeIssued,
    CodeRequest,
    CodeState,
    Command,
    DeviceInfo,
    Enrolled,
    EnrolRequest,
    Heartbeat,
    HeartbeatAnswer,
    StaffMember,
    TokenGiven,
    TokenRequest,
    token_proof,
)

CHALLENGE_S: Final = 120


class Kiosks:
    """What kiosks ask of the hub and what its people do about them.

    Args:
        keys: the hub's own.
        root: the first TUF root, as JSON text.
    """

    def __init__(self, database: Database, keys: OwnKeys, root: str) -> None:
        self._database = database
        self._keys = keys
        self._root = root
        self._secret = keys.secret("touchpoint-challenge/1")

    # -- enrolment

    def enrol(self, request: EnrolRequest) -> Enrolled:
        """A kiosk with a provisioning file becomes a device of its shop; asked again, it is the same device.

        Raises:
            HubRejectedError: 400, 403 or 409, saying why not.
        """
        check_key(request.public_key)
        with self._database.writing() as db:
            succession.check(db, request.former, request.public_key)
            made = devices.by_secret(db, request.secret, request.public_key, request.name, request.serial)
            succession.note(db, request.former, made)
            return self._enrolled(db, made)

    def issue_code(self, request: CodeRequest, address: str) -> CodeIssued:
        """A code for a kiosk to show; `address` is the hub's, where a page says what to do with it.

        Raises:
            HubRejectedError: 400, 403 or 503, saying why not.
        """
        check_key(request.public_key)
        serial = request.serial[: devices.SERIAL_LETTERS]
        short = msgspec.structs.replace(request, name=devices.shown(request.name), serial=serial)
        with self._database.writing() as db:
            user_code, device_code = enrolments.issue(db, short)
        return CodeIssued(
            user_code=enrolments.show_code(user_code),
            device_code=device_code,
            verification_url=f"{address}/enrol?code={enrolments.show_code(user_code)}",
            expires_in_s=int(enrolments.LASTS.total_seconds()),
            interval_s=enrolments.INTERVAL_S,
        )

    def poll_code(self, device_code: str) -> CodeState:
        """What became of a code; once it was approved, each answer brings a new token for the same device."""
        with self._database.writing() as db:
            asked = enrolments.asked(db, device_code)
            if asked.state != "approved":
                return CodeState(state=asked.state, interval_s=asked.interval_s)
            made = devices.get(db, asked.device_id).check()
            return CodeState(state="approved", interval_s=asked.interval_s, enrolled=self._enrolled(db, made))

    def approve(self, code: str, shop_id: str, *, who: str = audit.COMMAND_LINE) -> Device:
        """The kiosk that shows this code belongs to that shop from now on.

        Raises:
            UnknownError: no kiosk shows it now.
        """
        with self._database.writing() as db:
            made = enrolments.approve(db, code, shop_id)
            audit.note(db, who, "kiosk approved", f"{made.id} {shop_id}")
            return made

    def deny(self, code: str, *, who: str = audit.COMMAND_LINE) -> str:
        """The kiosk that shows this code is turned away; returns the name it gave.

        Raises:
            UnknownError: no kiosk shows it now.
        """
        with self._database.writing() as db:
            name = enrolments.deny(db, code)
            audit.note(db, who, "kiosk turned away", "")
            return name

    def enrol_again(self, request: AgainRequest) -> Enrolled:
        """A copy of a device becomes a device of its own, by the old one's key; asked again, it is the same device.

        Raises:
            HubRejectedError: 400, 403 or 404, saying why not.
        """
        check_key(request.public_key)
        with self._database.writing() as db:
            former = devices.get(db, request.former.device_id).check()
            succession.check(db, [request.former], request.public_key)
            there = devices.unheard_with_key(db, request.public_key, former.shop_id)
            if there and former.id not in succession.voices(db, there.id):
                raise HubRejectedError("that key is another device's, which did not come after this one", 403)
            made = there or devices.add(
                db, former.shop_id, request.public_key, request.name or former.name, request.serial
            )
            succession.note(db, [request.former], made)
            return self._enrolled(db, made)

    def _enrolled(self, db: Connection, made: Device) -> Enrolled:
        shop = catalogue.shop_by_id(db, made.shop_id)
        return Enrolled(
            device_id=made.id,
            token=devices.give_token(db, made.id),
            shop_id=made.shop_id,
            shop_name=shop.name if shop else "",
            root=self._root,
            hub_keys=self._keys.public,
        )

    # -- tokens

    def by_token(self, token: str) -> Device:
        """Whose token this is; at its first use the one before it ends.

        Raises:
            HubRejectedError: 401, nobody's; 403, a revoked kiosk's.
        """
        with self._database.reading() as db:
            found = devices.by_token(db, token)
        if found is None:
            raise HubRejectedError("this kiosk's token is not known here", 401)
        mine, fresh = found
        if fresh:
            with self._database.writing() as db:
                devices.take_up(db, token)
        return mine.check()

    def challenge(self, device_id: str) -> Challenge:
        """Something for a device to sign. Nothing is kept of it, so it costs nothing to be asked for.

        Raises:
            HubRejectedError: 403 or 404, no token can be given to that device.
        """
        with self._database.reading() as db:
            devices.get(db, device_id).check()
        said = f"{int(time.time()) + CHALLENGE_S}.{secrets.token_hex(8)}"
        return Challenge(challenge=f"{said}.{self._seal(device_id, said)}")

    def new_token(self, request: TokenRequest) -> TokenGiven:
        """A new token for a device that lost its own, proved by its key.

        Raises:
            HubRejectedError: 403 or 404, saying why not.
        """
        said, _, seal = request.challenge.rpartition(".")
        until = said.partition(".")[0]
        genuine = hmac.compare_digest(self._seal(request.device_id, said).encode(), seal.encode())
        if not genuine or int(until) < time.time():
            raise HubRejectedError("this challenge is not one of this hub's, or too old: ask for another", 403)
        with self._database.writing() as db:
            mine = devices.get(db, request.device_id).check()
            statement = token_proof(request.device_id, request.challenge)
            if not succession.is_signed(mine.public_key, request.signature, statement):
                raise HubRejectedError("the signature is not this device's", 403)
            return TokenGiven(token=devices.give_token(db, mine.id))

    def _seal(self, device_id: str, said: str) -> str:
        return hmac.new(self._secret, f"{device_id}\n{said}".encode(), hashlib.sha256).hexdigest()

    # -- what a device says and hears

    def take(self, device_id: str, batch: Batch) -> Answers:
        """Take a device's records in; the answer names each.

        Raises:
            HubRejectedError: 403 or 404, nothing is taken from that device.
        """
        with self._database.writing() as db:
            devices.get(db, device_id).check()
            answers = inbox.take(db, device_id, batch.records, boot=batch.boot, offset_s=batch.offset_s)
            return Answers(records=answers)

    def heartbeat(self, device_id: str, beat: Heartbeat, *, by_stick: bool = False) -> HeartbeatAnswer:
        """Note how a device is, and answer what it should know.

        Raises:
            HubRejectedError: 403 or 404, nothing is taken from that device.
        """
        with self._database.writing() as db:
            mine = devices.get(db, device_id).check()
            heartbeats.note(db, device_id, beat, by_stick=by_stick)
            old = devices.token_is_old(db, device_id, settings.number(db, "token_days"))
            return HeartbeatAnswer(
                now=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
                commands=heartbeats.asked(db, device_id),
                missing=inbox.missing(db, device_id, beat.acknowledged),
                token=devices.give_token(db, device_id) if old else "",
                device=mark_of(self._info(db, mine)),
            )

    def device_info(self, device_id: str) -> DeviceInfo:
        """What a device may know of itself.

        Raises:
            HubRejectedError: 403 or 404, it is told nothing.
        """
        with self._database.reading() as db:
            return self._info(db, devices.get(db, device_id).check())

    def public_key_of(self, device_id: str) -> str | None:
        """The key of a device that may speak, raw Ed25519 in hex; None for one that was provisioned and not enrolled.

        Raises:
            HubRejectedError: 403, it was revoked; 404, nobody has that id.
        """
        with self._database.reading() as db:
            if devices.promised(db, device_id):
                try:
                    return devices.get(db, device_id).check().public_key
                except HubRejectedError as error:
                    if error.status == 404:
                        return None
                    raise
            return devices.get(db, device_id).check().public_key

    def backoff_s(self) -> int:
        """How long kiosks are asked to stay away."""
        with self._database.reading() as db:
            return settings.number(db, "backoff_s")

    def _info(self, db: Connection, mine: Device) -> DeviceInfo:
        """Worked out at every heartbeat, for its mark: of the PINs only what takes microseconds."""
        shop = catalogue.shop_by_id(db, mine.shop_id)
        secret = self._keys.secret(f"touchpoint-pin/1 {mine.id}").hex()
        return DeviceInfo(
            device_id=mine.id,
            shop_id=mine.shop_id,
            shop_name=shop.name if shop else "",
            name=mine.name,
            hub_keys=self._keys.public,
            settings=settings.for_shop(db, mine.shop_id),
            pin_secret=secret,
            staff=[
                StaffMember(
                    id=one.staff_id, salt=one.salt, verifier=pins.verifier(bytes.fromhex(one.stretched), secret)
                )
                for one in staff.kept_pins(db, [mine.shop_id])
            ],
        )

    # -- what the hub's people do

    def revoke(
        self, wanted: str, shop_id: str | None = None, *, who: str = audit.COMMAND_LINE
    ) -> tuple[Device, list[Person]]:
        """Take nothing from a kiosk any more; it goes on showing the catalogue, which is public.

        Six digits can be guessed with what it has of its shop's PINs, so those are void; returned are whose they were.

        Raises:
            UnknownError: no kiosk is meant, or several.
        """
        with self._database.writing() as db:
            found = devices.find(db, wanted, shop_id)
            devices.revoke(db, found.id)
            void = [] if found.revoked_at else staff.void_pins(db, found.shop_id)
            audit.note(db, who, "kiosk revoked", found.id)
            for person in void:
                audit.note(db, who, "staff PIN void, kiosk revoked", f"{person.id} {found.id}")
        return found, void

    def heirs(self, device_id: str) -> list[Device]:
        """The kiosks that came after this one by its key and may still speak: whoever stole it may have made one."""
        with self._database.reading() as db:
            found = [devices.get(db, heir) for heir in sorted(succession.heirs(db, device_id))]
        return [heir for heir in found if not heir.revoked_at]

    def ask(self, wanted: str, name: str, shop_id: str | None = None) -> tuple[Device, Command]:
        """Ask something of a kiosk, at its next heartbeat.

        Raises:
            UnknownError: no kiosk is meant, or several. HubError: it was revoked.
        """
        with self._database.writing() as db:
            found = devices.find(db, wanted, shop_id)
            if found.revoked_at:
                raise HubError(f"{found.name or found.id} was revoked and hears nothing any more")
            return found, heartbeats.ask(db, found.id, name)


def mark_of(info: DeviceInfo) -> str:
    """What a device's info is known by (its ETag)."""
    return hashlib.sha256(msgspec.json.encode(info, order="deterministic")).hexdigest()[:16]


def check_key(public_key: str) -> None:
    """Make sure that it can be a public key.

    Raises:
        HubRejectedError: 400.
    """
    if not succession.is_hex(public_key, 32):
        raise HubRejectedError("public_key is not a raw Ed25519 key in lower-case hex", 400)
