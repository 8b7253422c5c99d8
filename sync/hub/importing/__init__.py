"""Importers: each reads one kind of source as items, and says of every entry what became of it.

`items` is the project's own format (`sync/PROTOCOL.md`), `dpg` the Digital Public Goods register. An importer yields
`Found` and `Skipped`; `take_in` puts what was found into the catalogue. A bad entry never stops a good one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from sync.hub import intake
from sync.hub.store import catalogue
from sync.hub.store.database import Database
from sync.records import File, Item, Theme, id_from_key
from sync.replica.blobs import Blobs

BATCH: Final = 2_000


@dataclass(frozen=True)
class Found:
    """An entry that was read: where it stands, the item, and its local files by their place in the item."""

    where: str
    item: Item
    files: tuple[tuple[Path, File], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Skipped:
    """An entry that was not taken, and why."""

    where: str
    why: str


@dataclass
class Report:
    """What an import did."""

    taken: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many entries there were."""
        return self.taken + self.unchanged + len(self.skipped)


def take_in(
    entries: Iterable[Found | Skipped],
    database: Database,
    blobs: Blobs,
    *,
    who: str,
    progress: Callable[[int], None] = lambda _entries: None,
) -> Report:
    """Put what an importer found into the catalogue, a batch a transaction.

    Files go into the blobs first, so that no item ever names one that is not there.
    """
    report = Report()
    seen: dict[str, str] = {}
    batch: list[Item] = []
    for entry in entries:
        progress(1)
        if isinstance(entry, Found) and entry.item.id in seen:
            entry = Skipped(entry.where, f"has the same id as {seen[entry.item.id]}, which was taken")
        if isinstance(entry, Skipped):
            report.skipped.append(entry)
            continue
        seen[entry.item.id] = entry.where
        if entry.note:
            report.notes.append(Skipped(entry.where, entry.note))
        batch.append(_with_files(entry, database, blobs))
        if len(batch) >= BATCH:
            _put(batch, database, who, report)
            batch = []
    _put(batch, database, who, report)
    return report


def _with_files(found: Found, database: Database, blobs: Blobs) -> Item:
    """The item with its local files taken in."""
    kept = {}
    for path, file in found.files:
        with path.open("rb") as source:
            kept[id(file)] = intake.keep(source, file, database, blobs)
    item = found.item
    if not kept:
        return item
    return msgspec.structs.replace(
        item,
        picture=kept.get(id(item.picture), item.picture),
        files=[kept.get(id(file), file) for file in item.files],
    )


def _put(batch: list[Item], database: Database, who: str, report: Report) -> None:
    if not batch:
        return
    with database.writing() as db:
        missing = {theme for item in batch for theme in item.themes} - catalogue.theme_keys(db)
        catalogue.put(db, [_theme(key) for key in sorted(missing)], who)
        outcomes = catalogue.put(db, batch, who)
    report.unchanged += outcomes.count(catalogue.UNCHANGED)
    report.taken += len(outcomes) - outcomes.count(catalogue.UNCHANGED)


def _theme(key: str) -> Theme:
    """A new theme that an import named first; editors give it its look."""
    return Theme(id=id_from_key("theme", key), key=key, name=key.replace("-", " ").capitalize())


def files_below(paths: Iterable[Path], suffix: str) -> Iterator[Path]:
    """Each file, and every file with that suffix below each folder, in a stable order."""
    for path in paths:
        yield from sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path]
