"""Counts the codes that visitors open on this server's pages, and adds them to the database's totals.

A visit must not wait for the database, so counts are kept in memory and written every minute and at the end. What is
lost when a machine loses its power is a minute of counts.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import Counter
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from sync.hub.store import scans
from sync.hub.store.database import Database

log = logging.getLogger(__name__)

WRITE_EVERY_S: Final = 60.0


class Scans:
    """The counts of one serving process; any number of them add to the same totals."""

    def __init__(self, database: Database, every_s: float = WRITE_EVERY_S) -> None:
        self._database = database
        self._every_s = every_s
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scans", daemon=True)
        self._failed = False

    def opened(self, day: dt.date, item_id: str, language: str) -> None:
        """One more of an item on that day, in the language its page was shown in."""
        with self._lock:
            self._counts[day.isoformat(), item_id, language] += 1

    def start(self) -> None:
        """Begin to write, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._stopping.set()
        self._thread.join()

    def write(self) -> None:
        """Add what was counted since to the totals; what cannot be written is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with self._database.writing() as db:
                scans.add(db, counts)
        except SQLAlchemyError as error:
            with self._lock:
                self._counts.update(counts)
            if not self._failed:
                log.error("scans could not be counted, and it is tried again: %s", error)
            self._failed = True
        else:
            if self._failed:
                log.info("that is over: scans could not be counted")
            self._failed = False

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self.write()
        self.write()
