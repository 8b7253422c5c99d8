"""The agent: four threads that share nothing but the unit's databases.

The main one answers the bell; one prints; one pulls the catalogue; one speaks with the hub. So a slip never waits for
the network, nor a pull for a post, nor any of them for a printer.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import threading
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.agent.backoff import Backoff
from kiosk.agent.speaking import Speaking
from kiosk.agent.spooler import Spooler
from kiosk.agent.troubles import NEWS, Troubles
from kiosk.devices import bell
from kiosk.devices.bell import Bell
from kiosk.services.unit import Unit
from kiosk.settings import Settings
from sync.client.passes import Passes, Report

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How long it waits for a ring, at most."""


class Agent:
    """The agent of one unit.

    Args:
        passes: makes the passes; asked for at each, as a unit may be enrolled while the agent runs. None until then.
        speaking: the way up.
        settings: those that count now; `poll_s` is kept give or take a tenth.
        troubles: told of what fails, together with `speaking`.
        asked: what else it does when the bell says such a word, at once.
    """

    def __init__(
        self,
        unit: Unit,
        spooler: Spooler,
        passes: Callable[[], Passes | None],
        speaking: Speaking,
        settings: Callable[[], Settings],
        troubles: Troubles,
        asked: Mapping[bytes, Callable[[], None]],
    ) -> None:
        self._unit = unit
        self._spooler = spooler
        self._passes = passes
        self._speaking = speaking
        self._settings = settings
        self._backoff = Backoff()
        self._stopping = threading.Event()
        self._sync_now = threading.Event()
        self._damaged = threading.Event()
        self._troubles = troubles
        self._asked = asked
        self.drawn_at: dt.datetime | None = None
        """When the screen last said that it had drawn a frame."""

    def run(self, listener: Bell) -> None:
        """Work until told to stop."""
        threads = [
            threading.Thread(target=self._spooler.run, name="print", daemon=True),
            threading.Thread(target=self._sync, name="pull", daemon=True),
            threading.Thread(target=self._speaking.run, args=(self._stopping,), name="speak", daemon=True),
        ]
        for thread in threads:
            thread.start()
        while not self._stopping.is_set():
            word = listener.wait(LOOK_S)
            if word == bell.STOP:
                self.stop()
            elif word == bell.SLIP:
                self._spooler.wake()
            elif word == bell.DRAWN:
                self.drawn_at = dt.datetime.now(dt.UTC)
            elif word == bell.RECORD:
                self._speaking.hurry()
            elif word == bell.SYNC:
                self.sync_now()
            elif word == bell.DAMAGED:
                self._damaged.set()
                self._sync_now.set()
            elif word and word in self._asked:
                self._do(word)
        for thread in threads:
            thread.join(timeout=5)

    def _do(self, word: bytes) -> None:
        try:
            self._asked[word]()
        except Exception:
            log.exception("what the screen asked for (%s) could not be done", word.decode())

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()
        self._spooler.stop()
        self.sync_now()

    def sync_now(self) -> None:
        """Pull, and speak with the hub, without waiting for the next time."""
        self._sync_now.set()
        self._speaking.wake()

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
        report = passes.pull()
        self._tell(report)
        files = report.files_missing
        first = self._unit.sync_status().outcome == "never"
        self._unit.note_sync(report.outcome, report.message, heard=report.heard, files_missing=files)
        if first and report.heard:
            self._speaking.beat_soon()
        if not report.heard:
            return max(self._backoff.failed(), report.pause_s)
        self._backoff.worked()
        if report.more:
            return report.pause_s
        wait_s = self._settings().poll_s * random.uniform(0.9, 1.1)  # noqa: S311 (spreads load, guards nothing)
        return max(wait_s, report.pause_s)

    def _tell(self, report: Report) -> None:
        if report.outcome == "updated":
            log.info("the catalogue is at revision %d: %d items", report.revision, report.items)
        if report.heard:
            self._troubles.over(NEWS)
        else:
            self._troubles.met(NEWS, report.outcome, report.message)
