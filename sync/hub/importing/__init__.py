"""Importers: each reads one kind of source as items, and says of every entry what became of it.

`items` is the project's own format (`sync/PROTOCOL.md`), `table` a spreadsheet's rows, `dpg` the Digital Public Goods
register; `uploaded` is whatever somebody sends through the hub's pages, where it is `waiting` to be taken in. An
importer yields `Found` and `Skipped`; `take_in` puts what was found into the catalogue, `look` only says what that
would do. A bad entry never stops a good one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from sync.hub.items import intake
from sync.hub.store import catalogue
from sync.hub.store.database import Database
from sync.records import File, Item, Theme, id_from_key
from sync.replica.blobs import Blobs, digest

BATCH: Final = 2_000
LEFT_OUT: Final = "left out"


@dataclass(frozen=True)
class Found:
    """An entry that was read: where it stands, the item, and its local files by their place in the item."""

    where: str
    item: Item
    files: tuple[tuple[Path, File], ...] = ()
    note: str = ""

    def with_files(self, instead: Mapping[int, File]) -> Item:
        """The item with others in the place of its local files, by their identity (`id`)."""
        if not instead:
            return self.item
        picture = self.item.picture
        return msgspec.structs.replace(
            self.item,
            picture=instead.get(id(picture), picture),
            files=[instead.get(id(file), file) for file in self.item.files],
        )


@dataclass(frozen=True)
class Skipped:
    """An entry that was not taken, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Told:
    """What became of an entry, or would: `added`, `changed`, `unchanged` or `left out`; and why, or what to know."""

    where: str
    outcome: str
    title: str = ""
    why: str = ""


@dataclass
class Report:
    """What an import did, or would do; `themes` are those that it names first."""

    taken: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    themes: set[str] = field(default_factory=set)

    @property
    def read(self) -> int:
        """How many entries there were."""
        return self.taken + self.unchanged + len(self.skipped)


Progress = Callable[[int], None]
Tell = Callable[[Told], None]


def take_in(
    entries: Iterable[Found | Skipped],
    database: Database,
    blobs: Blobs,
    *,
    who: str,
    progress: Progress = lambda _entries: None,
    tell: Tell = lambda _told: None,
) -> Report:
    """Put what an importer found into the catalogue, a batch a transaction.

    Files go into the blobs first, so that no item ever names one that is not there.

    Args:
        progress: is told of each entry that was read.
        tell: is told what became of each.
    """

    def put(batch: list[Item], report: Report) -> list[str]:
        with database.writing() as db:
            missing = _missing_themes(db, batch, report)
            catalogue.put(db, [_theme(key) for key in sorted(missing)], who)
            return catalogue.put(db, batch, who)

    return _go_through(entries, lambda found: _with_files(found, database, blobs), put, progress, tell)


def look(
    entries: Iterable[Found | Skipped],
    database: Database,
    *,
    progress: Progress = lambda _entries: None,
    tell: Tell = lambda _told: None,
) -> Report:
    """What `take_in` would do with these entries; nothing is changed and no file is kept. The arguments are its own."""

    def compare(batch: list[Item], report: Report) -> list[str]:
        with database.reading() as db:
            _missing_themes(db, batch, report)
            return catalogue.compare(db, batch)

    return _go_through(entries, _with_digests, compare, progress, tell)


def _go_through(
    entries: Iterable[Found | Skipped],
    whole: Callable[[Found], Item],
    put: Callable[[list[Item], Report], list[str]],
    progress: Progress,
    tell: Tell,
) -> Report:
    report = Report()
    seen: dict[str, str] = {}
    batch: list[tuple[Found, Item]] = []

    def put_batch() -> None:
        outcomes = put([item for _found, item in batch], report) if batch else []
        for (found, item), outcome in zip(batch, outcomes, strict=True):
            tell(Told(found.where, outcome, item.title, found.note))
        report.unchanged += outcomes.count(catalogue.UNCHANGED)
        report.taken += len(outcomes) - outcomes.count(catalogue.UNCHANGED)
        batch.clear()

    for entry in entries:
        progress(1)
        if isinstance(entry, Found) and entry.item.id in seen:
            entry = Skipped(entry.where, f"has the same id as {seen[entry.item.id]}, which was taken")
        if isinstance(entry, Skipped):
            report.skipped.append(entry)
            tell(Told(entry.where, LEFT_OUT, why=entry.why))
            continue
        seen[entry.item.id] = entry.where
        if entry.note:
            report.notes.append(Skipped(entry.where, entry.note))
        batch.append((entry, whole(entry)))
        if len(batch) >= BATCH:
            put_batch()
    put_batch()
    return report


def _with_files(found: Found, database: Database, blobs: Blobs) -> Item:
    """The item with its local files taken in."""
    kept = {}
    for path, file in found.files:
        with path.open("rb") as source:
            kept[id(file)] = intake.keep(source, file, database, blobs)
    return found.with_files(kept)


def _with_digests(found: Found) -> Item:
    """The item as it would be with its local files taken in."""
    known = {}
    for path, file in found.files:
        with path.open("rb") as source:
            sha256 = digest(source)
        known[id(file)] = msgspec.structs.replace(file, sha256=sha256, size_bytes=path.stat().st_size)
    return found.with_files(known)


def _missing_themes(db: Connection, batch: list[Item], report: Report) -> set[str]:
    missing = {theme for item in batch for theme in item.themes} - catalogue.theme_keys(db)
    report.themes |= missing
    return missing


def _theme(key: str) -> Theme:
    """A new theme that an import named first; editors give it its look."""
    return Theme(id=id_from_key("theme", key), key=key, name=key.replace("-", " ").capitalize())


def files_below(paths: Iterable[Path], suffix: str) -> Iterator[Path]:
    """Each file, and every file with that suffix below each folder, in a stable order."""
    for path in paths:
        yield from sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path]
