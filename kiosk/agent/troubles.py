"""What is wrong with the line to the hub, told once, and its end once, whichever thread meets it."""

from __future__ import annotations

import logging
import threading
from typing import Final

log = logging.getLogger(__name__)

NEWS: Final = "check for news"
RECORDS: Final = "speak with the hub"


class Troubles:
    """The troubles of the ways up and down. One that both meet, as when the network is gone, is told by the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, str] = {}

    def met(self, way: str, outcome: str, message: str) -> None:
        """That way failed; `outcome` is the kind of trouble in a word."""
        with self._lock:
            known = outcome in self._now.values()
            self._now[way] = outcome
        if not known:
            log.warning("could not %s (%s): %s", way, outcome, message)

    def over(self, way: str) -> None:
        """That way works; told when nothing is wrong any more."""
        with self._lock:
            was = self._now.pop(way, "")
            all_is_well = not self._now
        if was and all_is_well:
            log.info("the hub is back")
