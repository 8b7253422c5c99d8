"""Looking round: what is on, the shelves, search, one item."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from kiosk.services.unit import Unit
from kiosk.store.usage import UsageCounts
from sync import codes, sessions
from sync.records import File, Item, Theme
from sync.replica.blobs import Blobs
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

    def shelf(self, name: str = "", *, kind: str = "", offset: int = 0, limit: int = 20) -> Page:
        """A page of a shelf: `theme:food`, `language:pl`, or empty for everything; of one kind or all."""
        return self._current.reading().shelf(name, kind=kind, offset=offset, limit=limit)

    def kinds(self, name: str = "") -> dict[str, int]:
        """How many things of each kind stand on a shelf."""
        return self._current.reading().kinds(name)

    def search(self, text: str, *, limit: int = 20) -> list[Card]:
        """What fits what was typed so far."""
        return self._current.reading().search(text, limit=limit)

    def searched_in_vain(self, text: str) -> None:
        """Count a search that found nothing, when it cannot hold a name, number or address of somebody."""
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

    def files_here(self, item: Item) -> int:
        """How many of the item's own files, its picture aside, are on this unit."""
        return sum(self.file_here(file) is not None for file in item.files)

    def file_here(self, file: File | None) -> Path | None:
        """Where a picture or file is on this unit; None when it has not come yet."""
        return self._blobs.find(file.sha256) if file and file.sha256 else None
