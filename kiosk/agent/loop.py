"""The agent: two threads that share nothing but the unit's databases.

The main one answers the bell and prints; the other makes sync passes. So a slip never waits for the network, nor a pass
for a printer.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Final

from kiosk.agent.backoff import Backoff
from kiosk.agent.spooler import Spooler
from kiosk.devices import bell
from kiosk.devices.bell import Bell
from kiosk.services.unit import Unit
from kiosk.store.usage import UsageCounts
from sync.client.passes import Passes, Report

log = logging.getLogger(__name__)

SLICE_S: Final = 20.0
"""So long at most one pass fetches files; then news and records have their turn again."""
LOOK_S: Final = 2.0
"""How often the queue is looked at by itself, in case a ring was lost."""


class Agent:
    """The agent of one unit.

    Args:
        passes: makes the passes; asked for at each, as a unit may be enrolled while the agent runs. None until then.
        poll_s: seconds between two passes while the hub answers, give or take a tenth.
    """

    def __init__(
        self,
        unit: Unit,
        spooler: Spooler,
        usage: UsageCounts,
        passes: Callable[[], Passes | None],
        poll_s: float,
    ) -> None:
        self._unit = unit
        self._spooler = spooler
        self._usage = usage
        self._passes = passes
        self._poll_s = poll_s
        self._backoff = Backoff()
        self._stopping = threading.Event()
        self._sync_now = threading.Event()
        self._damaged = threading.Event()
        self._outcome = ""

    def run(self, listener: Bell) -> None:
        """Work until told to stop."""
        syncing = threading.Thread(target=self._sync, name="sync", daemon=True)
        syncing.start()
        while not self._stopping.is_set():
            self._print()
            word = listener.wait(LOOK_S)
            if word == bell.STOP:
                self.stop()
            elif word == bell.SYNC:
                self._sync_now.set()
            elif word == bell.DAMAGED:
                self._damaged.set()
                self._sync_now.set()
        syncing.join(timeout=5)

    def _print(self) -> None:
        try:
            self._spooler.work()
        except Exception:
            log.exception("the print queue could not be worked; it is tried again")

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()
        self._sync_now.set()

    def _sync(self) -> None:
        while not self._stopping.is_set():
            try:
                passes = self._passes()
                wait_s = self._one_pass(passes) if passes else LOOK_S
            except Exception:
                log.exception("a pass ended in a way that nobody foresaw; it is tried again")
                wait_s = self._backoff.failed()
            self._sync_now.wait(wait_s)
            self._sync_now.clear()

    def _one_pass(self, passes: Passes) -> float:
        """One pass, with word left for the screen; returns the seconds to wait until the next."""
        if self._damaged.is_set():
            self._damaged.clear()
            passes.damaged()
        report = passes.run()
        self._tell(report)
        self._unit.note_sync(report.outcome, report.message, heard=report.heard)
        self._usage.send_finished_days(self._unit.now().date())
        if report.heard:
            self._backoff.worked()
            return 0.0 if report.more else self._poll_s * random.uniform(0.9, 1.1)  # noqa: S311 (spreads load, guards nothing)
        return self._backoff.failed()

    def _tell(self, report: Report) -> None:
        """Log news; a failure that goes on is told once, and so is its end."""
        if report.outcome == "updated":
            log.info("the catalogue is at revision %d: %d items", report.revision, report.items)
        if report.heard and self._outcome not in ("", "updated", "current"):
            log.info("the hub is back")
        if not report.heard and report.outcome != self._outcome:
            log.warning("could not check for news (%s): %s", report.outcome, report.message)
        self._outcome = report.outcome
