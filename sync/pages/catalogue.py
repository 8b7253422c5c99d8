"""What the pages ask of the replica. Every method may take some milliseconds: call them in a thread.

Every method raises one of `UNREADABLE` while there is no catalogue or it is damaged.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from sync import sessions
from sync.errors import ReplicaError
from sync.pages import dates
from sync.records import File, Item, Shop, Theme
from sync.replica.blobs import Blobs
from sync.replica.filters import Filters
from sync.replica.folder import CurrentReplica
from sync.replica.read import Card, Replica
from sync.sessions import Session

PAGE: Final = 24
"""How many things stand on one page of a list."""
_SEARCHED: Final = 10 * PAGE
_ON_HOME: Final = 8
_ZONE: Final = ZoneInfo("Europe/London")

UNREADABLE: Final = (ReplicaError, sqlite3.Error)
"""What is raised while there is no catalogue, or it is damaged."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Tile:
    """A theme with how many things stand on its shelf."""

    theme: Theme
    count: int


@dataclass(frozen=True)
class Home:
    """All that the first page shows."""

    themes: list[Tile]
    fresh: list[Card]
    kinds: dict[str, int]
    languages: dict[str, int]
    total: int


@dataclass(frozen=True)
class Listing:
    """One page of a list: `cards` of `total`, page `number` of `pages`."""

    cards: list[Card]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // PAGE))


class Catalogue:
    """The catalogue as the public sees it."""

    def __init__(self, current: CurrentReplica, blobs: Blobs, now: Callable[[], dt.datetime]) -> None:
        self._current = current
        self._blobs = blobs
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[object, Any]] = {}

    def now(self) -> dt.datetime:
        """The time on the wall."""
        return self._now().astimezone(_ZONE)

    def base_url(self) -> str:
        """Where these pages are found, as the hub signed it; empty when it did not say."""
        return self._current.reading().state.base_url.rstrip("/")

    def themes(self) -> dict[str, Theme]:
        """The themes by their keys, in the hub's order."""
        return self._keep("themes", lambda replica: {theme.key: theme for theme in replica.themes()})

    def home(self) -> Home:
        """Themes with something on them, what was checked last of the best, kinds and languages."""
        return self._keep("home", _home)

    def shops(self) -> list[Shop]:
        """Every shop, by name."""
        return self._keep("shops", lambda replica: replica.shops())

    def whats_on(self, days: int = 7) -> list[Session]:
        """Sessions from now on, today and the following days: `days` in all."""
        now = self.now()
        last = now.date() + dt.timedelta(days=days - 1)
        found = self._keep(f"whats on {days}", lambda replica: sessions.between(replica.events(), now.date(), last))
        return [session for session in found if session.ends > now]

    def listing(self, shelf: str, number: int, *, kind: str = "") -> Listing:
        """A page of a shelf: `theme:food`, `language:pl`, or empty for everything; of one kind or all."""
        page = self._current.reading().shelf(shelf, filters=Filters(kind=kind), offset=(number - 1) * PAGE, limit=PAGE)
        return Listing(page.cards, number, page.total)

    def kinds(self, shelf: str) -> dict[str, int]:
        """How many things of each kind stand on a shelf."""
        return self._keep(f"kinds {shelf}", lambda replica: replica.kinds(shelf))

    def search(self, text: str, number: int) -> Listing:
        """A page of what fits a text, best first; the first 240 finds only."""
        found = self._current.reading().search(text, limit=_SEARCHED)
        return Listing(found[(number - 1) * PAGE : number * PAGE], number, len(found))

    def item(self, code: str) -> Item | None:
        """The item behind a code, whether or not it has ended; None when it is not in the catalogue (any more)."""
        return self._current.reading().item(code=code)

    def next_sessions(self, item: Item, most: int = dates.MOST) -> list[Session]:
        """When an event takes place next, within a year."""
        now = self.now()
        found = sessions.between([item], now.date(), now.date() + dt.timedelta(days=366)) if item.starts else []
        return [session for session in found if session.ends > now][:most]

    def offered(self, sha256: str) -> list[File]:
        """As what the items on the shelves offer a blob now; empty when none does."""
        return self._keep("offered", _offered).get(sha256, [])

    def blobs(self) -> Blobs:
        """Where the files are."""
        return self._blobs

    def _keep(self, name: str, make: Callable[[Replica], Made]) -> Made:
        """What `make` says, kept until the replica or the day changes.

        The revision is read before the rows are: what is kept may be newer than it says, never older.
        """
        replica = self._current.reading()
        stamp = (replica.path, replica.revision, self.now().date())
        with self._lock:
            at, made = self._kept.get(name, (None, None))
            if at != stamp:
                made = make(replica)
                self._kept[name] = (stamp, made)
        found: Made = made
        return found


def _home(replica: Replica) -> Home:
    tiles = [Tile(theme, replica.count(f"theme:{theme.key}")) for theme in replica.themes()]
    best = [card for card in replica.shelf(limit=10 * _ON_HOME).cards if card.kind != "event"]
    return Home(
        themes=[tile for tile in tiles if tile.count],
        fresh=best[:_ON_HOME],
        kinds=replica.kinds(),
        languages=replica.languages(),
        total=replica.count(),
    )


def _offered(replica: Replica) -> dict[str, list[File]]:
    found: dict[str, list[File]] = {}
    for file in (one.file for one in replica.wanted()):
        there = found.setdefault(file.sha256, [])
        if file not in there:
            there.append(file)
    return found
