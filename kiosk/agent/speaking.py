"""The agent's third thread, the way up: becomes a kiosk of a shop, sends records, tells the hub how the unit is."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Final

from kiosk.agent.backoff import Backoff
from kiosk.agent.troubles import RECORDS, Troubles
from kiosk.services import enrolment
from kiosk.services.enrolment import EnrolmentState
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from sync.client.enrol_code import CodeEnrolment, Step
from sync.client.outcomes import Outcome, told
from sync.client.up.upstream import Sent, Upstream
from sync.errors import SyncError

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How often a unit that nobody has enrolled looks whether somebody has."""


class Speaking:
    """Speaks with the hub for one unit.

    Args:
        tidy: makes ready what is to be sent, and deletes what was sent long ago.
        upstream: says what there is to say.
        settings: those that count now.
        enrolling: begins an enrolment by code at a hub's address.
        troubles: told of what fails, together with the way down.
    """

    def __init__(
        self,
        unit: Unit,
        tidy: Callable[[], None],
        upstream: Upstream,
        settings: Callable[[], Settings],
        enrolling: Callable[[str], CodeEnrolment],
        troubles: Troubles,
    ) -> None:
        self._unit = unit
        self._tidy = tidy
        self._upstream = upstream
        self._settings = settings
        self._enrolling = enrolling
        self._begun: tuple[str, CodeEnrolment] | None = None
        self._backoff = Backoff()
        self._now = threading.Event()
        self._may_hurry = True
        self._unready = ""
        self._beat = threading.Event()
        self._beat.set()  # the hub hears at once that this agent has started
        self._troubles = troubles

    def run(self, stopping: threading.Event) -> None:
        """Work until told to stop."""
        while not stopping.is_set():
            try:
                wait_s = self.turn()
            except Exception:
                log.exception("the hub could not be spoken with for a reason that nobody foresaw; it is tried again")
                wait_s = self._backoff.failed()
            self._now.wait(wait_s)
            self._now.clear()
        self._upstream.close()

    def wake(self) -> None:
        """Do not wait any longer."""
        self._now.set()

    def hurry(self) -> None:
        """There is a record to send: do not wait, unless the hub is away or has asked us to."""
        if self._may_hurry:
            self.wake()

    def beat_soon(self) -> None:
        """Tell the hub how the unit is without waiting: it has its first catalogue."""
        self._beat.set()
        self.wake()

    def turn(self) -> float:
        """Say what there is to say; returns the seconds to wait until the next turn."""
        settings = self._settings()
        if self._unit.identity is None:
            return self._enrol(settings.hub_url)
        self._make_ready()
        self._upstream.heartbeat_s = settings.heartbeat_s
        sent = self._send()
        self._unit.note_sending(sent.outcome, sent.message, heard=sent.heard)
        self._tell(sent)
        self._may_hurry = sent.heard and not sent.pause_s
        if not sent.heard:
            return max(self._backoff.failed(), sent.pause_s)
        self._backoff.worked()
        wait_s = min(settings.poll_s, settings.heartbeat_s) * random.uniform(0.9, 1.1)  # noqa: S311 (spreads load)
        return max(wait_s, sent.pause_s)

    def _make_ready(self) -> None:
        """Make ready what is to be sent. Where the disk is full that fails, and the hub had better hear of it."""
        made = Outcome()
        with told(made):
            self._tidy()
        if made.message and made.message != self._unready:
            log.warning("what is to be sent could not be made ready: %s", made.message)
        self._unready = made.message

    def _send(self) -> Sent:
        """Send what waits. A beat that is wanted while one is sent is another, and is sent next."""
        if wanted := self._beat.is_set():
            self._beat.clear()
        sent = None
        try:
            sent = self._upstream.run(beat=wanted)
        finally:
            if wanted and not (sent and sent.beat):
                self._beat.set()
        return sent

    # -- enrolment by code

    def _enrol(self, hub_url: str) -> float:
        if not hub_url:
            return LOOK_S
        if self._begun is None or self._begun[0] != hub_url:
            self._begun = (hub_url, self._enrolling(hub_url))
            if enrolment.load(self._unit.data) is None:
                enrolment.note(self._unit.data, EnrolmentState(state="asking"))
        try:
            step = self._begun[1].step()
        except SyncError as error:
            self._note_trouble(str(error))
            return self._backoff.failed()
        self._backoff.worked()
        self._tell(Sent())
        enrolment.note(self._unit.data, _shown(step))
        if step.identity:
            log.info("this unit now belongs to %s", step.identity.shop_name)
        return step.wait_s

    def _note_trouble(self, message: str) -> None:
        before = enrolment.load(self._unit.data) or EnrolmentState(state="asking")
        now = EnrolmentState(
            state="unreachable",
            user_code=before.user_code,
            verification_url=before.verification_url,
            expires_at=before.expires_at,
            message=message,
        )
        enrolment.note(self._unit.data, now)
        self._tell(Sent(outcome="unreachable", message=message))

    def _tell(self, sent: Sent) -> None:
        if sent.heard:
            self._troubles.over(RECORDS)
        else:
            self._troubles.met(RECORDS, sent.outcome, sent.message)


def _shown(step: Step) -> EnrolmentState | None:
    if step.state == "enrolled":
        return None
    if step.begun is None:
        return EnrolmentState(state=step.state)
    return EnrolmentState(
        state=step.state,
        user_code=step.begun.user_code,
        verification_url=step.begun.verification_url,
        expires_at=step.begun.expires_at,
    )
