"""What may be told in public of who came, what was taken, and what there is.

Only months that are over are told. Small numbers of people are not (`sync.hub.reports.public`), nor small counts of
what they did; as no totals of those counts are told, nobody can work one out by taking the others away. Larger numbers
of people are rounded, as nobody may work one out either by taking an earlier download's from this one's.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from sync.hub import settings
from sync.hub.reports import spreadsheet
from sync.hub.reports.attendance import Scope
from sync.hub.reports.public import NOT_ABOUT_PEOPLE
from sync.hub.reports.tables import HOURS_FROM, Cell, Column, Line, Table
from sync.hub.reports.usage import ACTIONS
from sync.hub.reports.whole import whole
from sync.hub.store import catalogue
from sync.hub.store.database import now
from sync.hub.store.schema import usage_month

ATTENDANCE_BY: Final = ("month", "shop", "topic")
LICENCES: Final = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
"""Where the terms can be read."""


@dataclass(frozen=True)
class Grid:
    """A table that can be had as CSV: its headings, and rows of cells under them."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell | float]]

    def csv(self) -> bytes:
        """As a spreadsheet opens it."""
        file = io.StringIO()
        spreadsheet.write(file, self.headings, self.rows)
        return file.getvalue().encode("utf-8-sig", "replace")

    def records(self) -> list[dict[str, Any]]:
        """Each row by its headings."""
        return [dict(zip(self.headings, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class OpenData:
    """All of it; `tables` is what can be had as CSV, by name, and `last` the last month that is told (`YYYY-MM`)."""

    licence: str
    made_at: str
    last: str
    tables: Mapping[str, Grid]
    attendance: Mapping[str, Table] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def licence_url(self) -> str:
        """Where the terms can be read; empty where that is not known."""
        return LICENCES.get(self.licence, "")

    def json(self) -> bytes:
        """All of it as one JSON object."""
        said: dict[str, Any] = {
            "licence": self.licence,
            "licence_url": self.licence_url,
            "made_at": self.made_at,
            "up_to": self.last,
            "notes": list(self.notes),
            **{name.replace("-", "_"): grid.records() for name, grid in self.tables.items()},
        }
        return msgspec.json.encode(said)


def gather(db: Connection, today: dt.date) -> OpenData:
    """All that may be told on that day."""
    last_day = today.replace(day=1) - dt.timedelta(1)
    found = whole(db, Scope(last=last_day), ATTENDANCE_BY, public=True)
    attendance, notes = found.tables, list(found.notes)
    if found.small > 1:
        attendance = {by: _rounded(table, found.small) for by, table in attendance.items()}
        notes.append(f"Larger ones are rounded to the nearest {found.small}: nobody can tell what a few have added.")
    tables = {f"attendance-by-{by}": _grid(table) for by, table in attendance.items()}
    tables["usage"] = _usage(db, f"{last_day:%Y-%m}", found.small)
    tables["items"] = _items(db)
    tables["shops"] = _shops(db)
    return OpenData(
        licence=str(settings.get(db, "open_data_licence")),
        made_at=now(),
        last=f"{last_day:%Y-%m}",
        tables=tables,
        attendance=attendance,
        notes=notes,
    )


# -- inner


def _rounded(table: Table, to: int) -> Table:
    """The same with counts of people to the nearest `to`, and their time to so many hours."""

    def cell(column: Column, count: Cell) -> Cell:
        if not isinstance(count, int) or column.key in NOT_ABOUT_PEOPLE:
            return count
        step = to * 60 if column.key == HOURS_FROM else to
        return (count + step // 2) // step * step

    def line(one: Line) -> Line:
        return Line(one.key, {column.key: cell(column, one.cells[column.key]) for column in table.columns})

    return replace(table, lines=[line(one) for one in table.lines], total=line(table.total))


def _grid(table: Table) -> Grid:
    rows = [[line.cells[column.key] for column in table.columns] for line in table.lines]
    return Grid([column.heading for column in table.columns], rows)


def _usage(db: Connection, last: str, small: int) -> Grid:
    """How often each was done in each month and shop; no sums, which would give small ones away."""
    shops = catalogue.shop_names(db)
    here = usage_month.c
    query = (
        select(here.month, here.shop_id, here.action, func.sum(here.count))
        .where(here.month <= last, here.action.in_(ACTIONS))
        .group_by(here.month, here.shop_id, here.action)
    )
    counts = {
        (month, shops.get(shop_id, shop_id), ACTIONS[action]): int(count)
        for month, shop_id, action, count in db.execute(query)
    }
    told = [(*key, f"<{small}" if count < small else count) for key, count in sorted(counts.items())]
    return Grid(("month", "shop", "what", "times"), told)


def _items(db: Connection) -> Grid:
    """How many things of each kind can be read in each language; what has two languages is in both."""
    counts: Counter[tuple[str, str]] = Counter()
    for _id, _revision, fields in catalogue.live(db, "item"):
        languages = {fields.get("language", "en"), *fields.get("translations", ())}
        counts.update((language, fields["kind"]) for language in languages)
    return Grid(("language", "kind", "items"), [(*key, count) for key, count in sorted(counts.items())])


def _shops(db: Connection) -> Grid:
    names = ("name", "address", "postcode", "lat", "lon", "hours", "timezone")
    return Grid(names, [[getattr(shop, name) for name in names] for shop in catalogue.shops(db)])
