"""The way up: what a unit says to its hub, and what the hub answers. Records, heartbeats, tokens, settings, commands.

It shares nothing with the way down but the identity, so that neither ever holds the other up.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import locks, outbox
from sync.client import enrol, identity, verified
from sync.client.clock import Clock
from sync.client.http import HubClient
from sync.client.identity import Identity
from sync.client.outcomes import Outcome, told
from sync.client.up import heard
from sync.client.up.push import Pushed, Transaction, push
from sync.errors import HubRejectedError, SyncError
from sync.messages import (
    Challenge,
    Command,
    DeviceInfo,
    Enrolled,
    Heartbeat,
    HeartbeatAnswer,
    Reply,
    TokenGiven,
    TokenRequest,
    token_proof,
)
from sync.records import PROTOCOL

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 300.0
ANEW_S: Final = 3600.0
"""A unit that was told to become another device waits this long before it does so once more."""

Given = TypeVar("Given")


class Sent(Outcome, kw_only=True):
    """What one turn of the way up did.

    `records` counts what the hub has now acknowledged; `beat` tells whether it heard how the unit is; `pause_s` is how
    long it asks us to stay away.
    """

    records: int = 0
    rejected: int = 0
    beat: bool = False
    pause_s: float = 0.0


class Upstream:
    """Speaks for one unit.

    Args:
        identity_path: who it is; kept up to date here.
        folder: for what was heard from the hub.
        reading, writing: transactions on the database with the outbox.
        describe: how the unit is, as far as it is known outside of this package.
        obey: does what the hub asks; each command once, and never after it expired.
        learn: is told what the hub has to say of this device before that is kept; once more after a power cut.
        serial: names this machine; empty where nothing does.
        heartbeat_s: seconds between two heartbeats.
        clock: this unit's; by default the one kept in `folder`.
    """

    def __init__(
        self,
        identity_path: Path,
        folder: Path,
        reading: Transaction,
        writing: Transaction,
        *,
        describe: Callable[[], Heartbeat] = lambda: Heartbeat(at=""),
        obey: Callable[[Command], None] = lambda _command: None,
        learn: Callable[[DeviceInfo], None] = lambda _info: None,
        name: str = "",
        serial: str = "",
        heartbeat_s: float = HEARTBEAT_S,
        clock: Clock | None = None,
    ) -> None:
        self._path = identity_path
        self._folder = folder
        self._reading, self._writing = reading, writing
        self._describe, self._obey, self._told = describe, obey, learn
        self._name, self._serial = name, serial
        self.heartbeat_s = heartbeat_s
        self._clock = clock or Clock(folder / "hub-time")
        self._client = HubClient("", clock=self._clock)
        self._well = True
        self._anew_at: float | None = None

    def run(self, *, beat: bool = False) -> Sent:
        """Send what waits, and a heartbeat when it is time, or at once with `beat`. What fails is told."""
        sent = Sent()
        self._client.pause_s = 0.0
        with told(sent), self._alone():
            if (mine := identity.load(self._path)) and mine.hub_url:
                self._meet(mine.hub_url, mine.token)
                self._speak_up(sent, self._be_oneself(mine), beat=beat or not self._well)
        sent.pause_s = self._client.pause_s
        self._well = sent.heard
        return sent

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    # -- by stick

    def describe(self) -> Heartbeat:
        """How the unit is, for a bundle."""
        mine = identity.load(self._path)
        if mine is None:
            raise SyncError("this kiosk is not enrolled yet")
        return self._heartbeat(mine, heard.load(self._folder))

    def hear(self, reply: Reply) -> bool:
        """Do as a reply says that came by stick; returns whether it completed the enrolment.

        Raises:
            SyncError: this kiosk is not enrolled any more.
        """
        with self._alone():
            mine = identity.load(self._path)
            pending = mine is not None and mine.pending is not None
            if reply.enrolled and pending:
                mine = enrol.complete(self._path, reply.enrolled)
            if mine is None:
                raise SyncError("this kiosk is not enrolled any more")
            if reply.device:
                self._know(mine, reply.device, reply.heartbeat.device if reply.heartbeat else "")
            if reply.heartbeat:
                if until := verified.signed_until(self._folder / "metadata"):
                    self._clock.heard(reply.heartbeat.now, not_after=until)
                answer = msgspec.structs.replace(reply.heartbeat, device="")
                self._note(mine, answer, heard.load(self._folder))
                with self._writing() as db:
                    outbox.send_again(db, answer.missing)
            return pending and mine.pending is None

    # -- records and heartbeats

    def _speak_up(self, sent: Sent, mine: Identity, *, beat: bool) -> None:
        mine = self._push(sent, mine)
        if beat or self._is_time():
            missing = self._beat(mine)
            sent.beat = True
            if missing:
                log.warning("the hub has lost %d records (was it restored from a backup?); they go again", missing)
                self._push(sent, mine)

    def _push(self, sent: Sent, mine: Identity) -> Identity:
        """Send what waits; a unit that turns out to be a copy of another becomes a device of its own on the way."""
        while True:
            with self._writing() as db:
                outbox.claim(db, mine.device_id)
            pushed = self._with_token(partial(self._post, mine.device_id))
            sent.records += pushed.acknowledged
            sent.rejected += pushed.rejected
            _tell(pushed)
            if pushed.cloned:
                mine = self._become_another(mine)
            elif not pushed.relabelled:
                return mine

    def _post(self, device_id: str) -> Pushed:
        return push(self._client, device_id, self._reading, self._writing, self._clock.now)

    def _beat(self, mine: Identity) -> int:
        """Tell the hub how we are and do as it answers; returns how many records it has lost."""
        known = heard.load(self._folder)
        answer = self._with_token(
            lambda: self._client.post("/v1/heartbeat", self._heartbeat(mine, known), HeartbeatAnswer)
        )
        pause_s = self._client.pause_s
        if until := verified.signed_until(self._folder / "metadata"):
            self._clock.heard(answer.now, not_after=until)
        self._note(mine, answer, known)
        self._client.pause_s = max(pause_s, self._client.pause_s)
        with self._writing() as db:
            return outbox.send_again(db, answer.missing)

    def _heartbeat(self, mine: Identity, known: heard.Heard) -> Heartbeat:
        with self._reading() as db:
            waiting, rejected = outbox.count_waiting(db), outbox.count(db, "rejected")
            kept = outbox.acknowledged(db)
        return msgspec.structs.replace(
            self._describe(),
            at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            boot=outbox.boot(),
            offset_s=outbox.since_boot_s(),
            protocol=PROTOCOL,
            serial=mine.serial,
            waiting=waiting,
            rejected=rejected,
            acknowledged=kept,
            versions=verified.versions(self._folder / "metadata"),
            done=known.done,
        )

    def _note(self, mine: Identity, answer: HeartbeatAnswer, known: heard.Heard) -> None:
        if answer.token:
            self._keep_token(answer.token)
        new = [one for one in answer.commands if one.id not in known.done and one.expires_at > answer.now]
        asked = {one.id for one in answer.commands}
        known.done = [one for one in known.done if one in asked] + [one.id for one in new]
        known.at = time.time()
        heard.save(self._folder, known)  # before they are done: after a power cut none is done twice
        for command in new:
            self._obey(command)
        if answer.device and answer.device != heard.load_device(self._path).mark:
            self._learn(mine)

    def _is_time(self) -> bool:
        return not 0 <= time.time() - heard.load(self._folder).at < self.heartbeat_s

    # -- who we are

    def _be_oneself(self, mine: Identity) -> Identity:
        """The identity, after whatever it takes to be one: a first enrolment, or another for another machine."""
        if mine.pending:
            answer = self._client.post("/v1/enrol", mine.pending, Enrolled)
            mine = enrol.complete(self._path, answer)
            self._meet(mine.hub_url, mine.token)
        if _is_other(mine.serial, self._serial):
            return self._become_another(mine)
        if self._serial and mine.serial != self._serial:
            mine = self._change(serial=self._serial)
        return mine

    def _become_another(self, mine: Identity) -> Identity:
        """Become a device of our own.

        Raises:
            HubRejectedError: the hub does not allow it. SyncError: it was done only just now.
        """
        if self._anew_at is not None and time.monotonic() - self._anew_at < ANEW_S:
            raise SyncError(f"the hub says once more that another unit is {mine.device_id}; see to it at the hub")
        self._anew_at = time.monotonic()
        with self._writing() as db:
            outbox.claim(db, mine.device_id)
        fresh = enrol.become_another(self._path, self._client, name=self._name, serial=self._serial or mine.serial)
        self._meet(fresh.hub_url, fresh.token)
        return fresh

    def _learn(self, mine: Identity) -> None:
        """Ask what the hub has to say of this device, and keep it."""
        found = self._with_token(lambda: self._client.get("/v1/device", DeviceInfo))
        if found is None or found[0].device_id != mine.device_id:
            return
        self._know(mine, *found)
        self._move(mine, str(found[0].settings.get("hub_url", "")))

    def _know(self, mine: Identity, info: DeviceInfo, mark: str) -> None:
        self._told(info)
        heard.save_device(self._path, heard.KnownDevice(mark=mark, info=info))
        self._change(
            shop_id=info.shop_id or mine.shop_id,
            shop_name=info.shop_name or mine.shop_name,
            hub_keys=info.hub_keys if info.hub_keys.seal else mine.hub_keys,
        )

    def _move(self, mine: Identity, url: str) -> None:
        """Go to the hub's new address, if it is the same hub that answers there."""
        if not url or url.rstrip("/") == mine.hub_url:
            return
        there = HubClient(url, self._client.token, self._clock)
        try:
            found = there.get("/v1/device", DeviceInfo)
        except SyncError as error:
            log.warning("the hub says that it is at %s now, but it does not answer there: %s", url, error)
            return
        finally:
            there.close()
        if found and found[0].device_id == mine.device_id:
            self._change(hub_url=url.rstrip("/"))
            log.info("the hub is at %s now", url)

    # -- tokens

    def _with_token(self, call: Callable[[], Given]) -> Given:
        """Call; where the hub does not know the token, get one it knows and call again."""
        try:
            return call()
        except HubRejectedError as error:
            if error.status != 401:
                raise
        self._recover()
        return call()

    def _recover(self) -> None:
        """Another process may have changed the token; else the device's key brings a new one."""
        mine = identity.load(self._path)
        if mine is None:
            raise SyncError("this kiosk is not enrolled any more")
        if mine.token != self._client.token:
            self._client.token = mine.token
            return
        self._client.token = ""
        found = self._client.get("/v1/token", Challenge, device=mine.device_id)
        assert found  # noqa: S101 (it was asked for without a mark)
        challenge = found[0].challenge
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
        signature = key.sign(token_proof(mine.device_id, challenge)).hex()
        request = TokenRequest(device_id=mine.device_id, challenge=challenge, signature=signature)
        self._keep_token(self._client.post("/v1/token", request, TokenGiven).token)
        log.info("the hub did not know this kiosk's token; its key brought another")

    def _keep_token(self, token: str) -> None:
        """A token is used only once it is safe on disk."""
        self._change(token=token)
        self._client.token = token

    # -- inner

    def _meet(self, url: str, token: str) -> None:
        if self._client.url != url:
            self._client.close()
            self._client = HubClient(url, clock=self._clock)
        self._client.token = token

    def _change(self, **values: object) -> Identity:
        mine = identity.load(self._path)
        if mine is None:
            raise SyncError("this kiosk is not enrolled any more")
        if (changed := msgspec.structs.replace(mine, **values)) != mine:
            identity.save(self._path, changed)
        return changed

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The agent and a command by hand do not speak at the same time."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with locks.held(self._folder / "up.lock"):
            yield


def _is_other(before: str, now: str) -> bool:
    """Whether both name a machine in the same way, and not the same machine."""
    return before != now and before.partition(":")[0] == now.partition(":")[0] and bool(before and now)


def _tell(pushed: Pushed) -> None:
    if pushed.rejected:
        log.warning(
            "the hub refused %d records; `touchpoint-kiosk records --rejected` lists them with the reasons",
            pushed.rejected,
        )
