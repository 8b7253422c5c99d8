"""Enrolment by a code on the screen: the kiosk shows it, staff type it at the hub. Source: RFC 8628.

Code and key are kept on disk, so a unit that is switched off meanwhile goes on where it was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from sync import locks
from sync.client import enrol
from sync.client.http import HubClient
from sync.client.identity import Identity, public_key_of
from sync.errors import NOT_JSON, HubAnsweredRubbishError
from sync.messages import CodeIssued, CodePoll, CodeRequest, CodeState
from sync.replica.folder import write_in_one_step

DENIED_S: Final = 600.0
"""After a no another code is asked for only so much later."""
LEAST_S: Final = 1.0
MOST_S: Final = 120.0


class Begun(msgspec.Struct, kw_only=True):
    """A code that is being shown. `device_code` is a secret; `expires_at` in seconds since 1970."""

    hub_url: str
    public_key: str
    user_code: str
    device_code: str
    verification_url: str
    expires_at: float
    interval_s: float


@dataclass(frozen=True)
class Step:
    """Where an enrolment stands: `showing` a code, `denied`, or `enrolled`; and when to look again."""

    state: str
    wait_s: float
    begun: Begun | None = None
    identity: Identity | None = None


class CodeEnrolment:
    """Enrols one kiosk at one hub, a step at a time.

    Args:
        again: as for `enrol.enrol`.
    """

    def __init__(
        self,
        hub_url: str,
        identity_path: Path,
        *,
        name: str = "",
        serial: str = "",
        again: enrol.Claim | None = None,
    ) -> None:
        self._path = identity_path
        self._kept = identity_path.with_suffix(".code")
        self._client = HubClient(enrol.check_url(hub_url))
        self._name, self._serial, self._again = name, serial, again

    def step(self) -> Step:
        """Show a code, or ask what became of the one that is shown.

        Raises:
            SyncError: it is enrolled already. HubUnreachableError, HubAnsweredRubbishError, HubRejectedError: as the
            hub, or its absence, has it; the code on the screen still counts.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locks.held(self._path.with_suffix(".lock")):
            before = enrol.make_way(self._path, again=bool(self._again))
            key = enrol.begun_key(self._path)
            begun = self._begun(public_key_of(key))
            if begun is None:
                return self._show(self._ask(public_key_of(key), before))
            said = self._client.post("/v1/enrol/poll", CodePoll(device_code=begun.device_code), CodeState)
            if said.state == "approved" and said.enrolled:
                enrol.leave(before, self._again)
                mine = enrol.keep(
                    self._path, key, said.enrolled, hub_url=self._client.url, root="", shop="", serial=self._serial
                )
                self._kept.unlink(missing_ok=True)
                return Step("enrolled", 0.0, identity=mine)
            return self._go_on(begun, said, before)

    def _go_on(self, begun: Begun, said: CodeState, before: Identity | None) -> Step:
        if said.state in ("pending", "slow_down"):
            begun.interval_s = min(max(float(said.interval_s), LEAST_S), MOST_S)
            return self._show(begun)
        self._kept.unlink(missing_ok=True)
        if said.state == "denied":
            return Step("denied", DENIED_S)
        if said.state == "expired":
            return self._show(self._ask(begun.public_key, before))
        raise HubAnsweredRubbishError(f"{self._client.url} answered {said.state!r}, which this program does not know")

    def _ask(self, public_key: str, before: Identity | None) -> Begun:
        former = [before.former(public_key)] if before else []
        asked = CodeRequest(public_key=public_key, name=self._name, serial=self._serial, former=former)
        issued = self._client.post("/v1/enrol/code", asked, CodeIssued)
        return Begun(
            hub_url=self._client.url,
            public_key=public_key,
            user_code=issued.user_code,
            device_code=issued.device_code,
            verification_url=issued.verification_url,
            expires_at=time.time() + issued.expires_in_s,
            interval_s=min(max(float(issued.interval_s), LEAST_S), MOST_S),
        )

    def _show(self, begun: Begun) -> Step:
        write_in_one_step(self._kept, msgspec.json.encode(begun), mode=0o600)
        return Step("showing", begun.interval_s, begun)

    def _begun(self, public_key: str) -> Begun | None:
        """The code that was asked for with this key at this hub, whether it has run out or not: the hub says that."""
        try:
            begun = msgspec.json.decode(self._kept.read_bytes(), type=Begun)
        except (FileNotFoundError, *NOT_JSON):
            return None
        return begun if (begun.hub_url, begun.public_key) == (self._client.url, public_key) else None
