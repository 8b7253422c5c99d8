"""Looking round: what is on, the shelves, search, one item."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from kiosk.services.unit import Unit
from kiosk.store.usage import UsageCounts
from sync import codes, sessions
from sync.records import File, Item, Theme
from sync.replica import near
from sync.replica.blobs import Blobs
from sync.replica.filters import EVERYTHING, Choices, Filters
from sync.replica.folder import CurrentReplica
from sync.replica.read import Card, Page
from sync.sessions import Session


@dataclass(frozen=True)
class ThemeTile:
    """A theme with how many things stand on its shelf."""

    theme: Theme
    count: int


@dataclass(frozen=True)
class Home:
    """All that the home and attract screens show."""

    themes: list[ThemeTile]
    today: list[Session]
    kinds: dict[str, int]
    languages: dict[str, int]
    total: int


class Shelves:
    """Looking round in the catalogue that is here. Every method may take some milliseconds: call them off the
    screen's thread.

    Every method raises ReplicaError while there is no catalogue or it is damaged.
    """

    def __init__(self, current: CurrentReplica, blobs: Blobs, unit: Unit, usage: UsageCounts) -> None:
        self._current = current
        self._blobs = blobs
        self._unit = unit
        self._usage = usage

    def stamp(self) -> tuple[str, int, str] | None:
        """Changes whenever there is something new to show; None while there is no catalogue.

        Names the replica file, its revision and the day.
        """
        replica = self._current.get()
        return (replica.path.name, replica.revision, self._unit.now().date().isoformat()) if replica else None

    def home(self) -> Home:
        """Themes that have something on them, today's sessions that are not over, kinds and languages."""
        replica = self._current.reading()
        tiles = [ThemeTile(theme, replica.count(f"theme:{theme.key}")) for theme in replica.themes()]
        return Home(
            themes=[tile for tile in tiles if tile.count],
            today=self.whats_on(days=1),
            kinds=replica.kinds(),
            languages=replica.languages(),
            total=replica.count(),
        )

    def whats_on(self, days: int) -> list[Session]:
        """Sessions from now on, today and the following days: `days` in all."""
        now = self._unit.now()
        found = sessions.between(
            self._current.reading().events(),
            now.date(),
            now.date() + dt.timedelta(days=days - 1),
            shop=self._unit.shop.id,
        )
        return [session for session in found if session.ends > now]

    def shelf(self, name: str = "", *, filters: Filters = EVERYTHING, offset: int = 0, limit: int = 20) -> Page:
        """A page of a shelf: `theme:food`, `language:pl`, or empty for everything; of that what the filters leave."""
        return self._current.reading().shelf(name, filters=filters, offset=offset, limit=limit)

    def kinds(self, name: str = "") -> dict[str, int]:
        """How many things of each kind stand on a shelf."""
        return self._current.reading().kinds(name)

    def choices(self, name: str = "", text: str = "", *, filters: Filters = EVERYTHING) -> Choices:
        """Which filters are worth adding for a shelf, or for the first hundred that `text` finds on it.

        An empty `name` is everything that is here.
        """
        return self._current.reading().choices(name, text, filters)

    def search(self, text: str, *, filters: Filters = EVERYTHING, limit: int = 20) -> list[Card]:
        """What fits what was typed so far, of that what the filters leave."""
        return self._current.reading().search(text, filters=filters, limit=limit)

    def completions(self, typed: str, most: int = 6) -> list[str]:
        """Words that the last one typed may become, each to be put in its place; every one finds something."""
        return self._current.reading().completions(typed, most=most)

    def similar(self, item: Item, most: int = 4) -> list[Card]:
        """Other things of the same theme or kind that have words of title or tags in common with this one."""
        return self._current.reading().similar(item, most=most)

    def nearest_theme(self, text: str) -> str:
        """A way on from a search in vain: the key of the theme that fits it best; empty when none does."""
        return self._current.reading().nearest_theme(text)

    def distance_km(self, item: Item) -> float | None:
        """How far an item is from this shop, as the crow flies; None where either has no position."""
        here, there = self._current.reading().here, near.position_of(item.place)
        return near.distance_km(here, there) if here and there else None

    def searched_in_vain(self, text: str) -> None:
        """Count a search that found nothing, when it cannot hold a name, number or address of somebody.

        For what no filter hid: what is in the catalogue, but not near, say, is not what somebody looked for in vain.
        """
        term = " ".join(text.lower().split())
        if 2 < len(term) <= 40 and not any(letter.isdigit() or letter == "@" for letter in term):
            self._usage.add(self._unit.now().date(), "search_empty", term=term)

    def item(self, *, item_id: str = "", code: str = "") -> Item | None:
        """One whole item by its id or code; None when it is not in the catalogue (any more)."""
        return self._current.reading().item(item_id=item_id, code=codes.read(code) if code else "")

    def opened(self, item: Item, language: str = "") -> None:
        """Count that an item was looked at."""
        self._usage.add(self._unit.now().date(), "open", item=item.id, language=language)

    def next_sessions(self, item: Item, most: int = 3) -> list[Session]:
        """When an event takes place next, within a year."""
        now = self._unit.now()
        until = now.date() + dt.timedelta(days=366)
        found = sessions.between([item], now.date(), until, shop=self._unit.shop.id)
        return [session for session in found if session.ends > now][:most]

    def session_now(self, session: Session) -> Session | None:
        """That session as it is now; None when it is not on any more, or at another time."""
        event, day = self.item(item_id=session.event.id), session.starts.date()
        found = sessions.between([event], day, day, shop=self._unit.shop.id) if event else []
        return next((one for one in found if one.id == session.id), None)

    def files_here(self, item: Item) -> int:
        """How many of the item's own files, its picture aside, are on this unit."""
        return sum(self.file_here(file) is not None for file in item.files)

    def file_here(self, file: File | None) -> Path | None:
        """Where a picture or file is on this unit; None when it has not come yet."""
        return self._blobs.find(file.sha256) if file and file.sha256 else None
