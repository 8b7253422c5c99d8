"""What the screen knows of the unit at this moment: looked at every two seconds, off the screen's thread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from kivy.clock import Clock

from kiosk.devices import bell
from kiosk.services.enrolment import EnrolmentState
from kiosk.services.services import Services
from kiosk.services.shelves import Home
from kiosk.ui.background import Desk
from sync.errors import ReplicaError
from sync.replica.read import Card
from sync.sessions import Session

EVERY_S: Final = 2.0
_NEWS: Final = 3
Stamp = tuple[str, int, str]


@dataclass(frozen=True)
class Pulse:
    """The unit as it was a moment ago.

    `trouble` is empty, `set_up` (it belongs to no shop yet), `waiting` (no catalogue yet) or `damaged`.
    """

    trouble: str = "waiting"
    stamp: Stamp | None = None
    home: Home | None = None
    coming: list[Session] = field(default_factory=list)
    """What is on next, within a week, when nothing is on today."""
    news: list[Card] = field(default_factory=list)
    shop: str = ""
    opening: str = ""
    fresh: bool = False
    freshness: str = ""
    now: dt.datetime | None = None
    waiting: int = 0
    """Records that the hub does not have yet."""
    set_up: EnrolmentState | None = None
    """How the enrolment is getting on, while `trouble` is `set_up`."""


class Watch:
    """Looks every two seconds and tells what it found.

    Args:
        tell: is called on the screen's thread with every pulse.
    """

    def __init__(self, services: Services, desk: Desk, tell: Callable[[Pulse], None]) -> None:
        self._services = services
        self._desk = desk
        self._tell = tell
        self._last = Pulse()
        self._asked = False
        self._clock = Clock.schedule_interval(self.look, EVERY_S)
        self.look()

    def look(self, *_: object) -> None:
        """Look now, unless a look is under way."""
        if not self._asked:
            self._asked = True
            last = self._last
            self._desk.ask("pulse", lambda: take(self._services, last), self._seen, self._failed)

    def end(self) -> None:
        """Look no more."""
        self._clock.cancel()
        self._desk.leave()

    def _seen(self, pulse: Pulse) -> None:
        self._asked = False
        self._last = pulse
        self._tell(pulse)

    def _failed(self, _error: Exception) -> None:
        """What was not found out, as the disk was busy or full, is as it was; the clock stands until the next look."""
        self._seen(self._last)


def take(services: Services, last: Pulse) -> Pulse:
    """A pulse; the home page's facts are asked for again only after a change, or a new minute (sessions end)."""
    unit = services.unit
    now = unit.now()
    fresh, freshness = unit.freshness()
    shop, opening, waiting = unit.shop.name, unit.opening(), services.log.waiting()

    def pulse(trouble: str, stamp: Stamp | None = None, home: Home | None = None, **more: Any) -> Pulse:
        known: dict[str, Any] = {"shop": shop, "opening": opening, "fresh": fresh, "freshness": freshness, "now": now}
        known["waiting"] = waiting
        return Pulse(trouble, stamp, home, **known, **more)

    try:
        stamp = services.shelves.stamp()
        if stamp is None and unit.identity is None:
            return pulse("set_up", set_up=unit.enrolment())
        if stamp is None:
            return pulse("waiting")
        if last.home and last.stamp == stamp and last.now and _minute(last.now) == _minute(now):
            return pulse("", stamp, last.home, coming=last.coming, news=last.news)
        home = services.shelves.home()
        coming = [] if home.today else services.shelves.whats_on(days=7)[:_NEWS]
        return pulse("", stamp, home, coming=coming, news=services.shelves.shelf(limit=_NEWS).cards)
    except ReplicaError:
        if last.trouble != "damaged":
            services.wake_agent(bell.DAMAGED)
        return pulse("damaged")


def _minute(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
