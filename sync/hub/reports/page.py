"""All figures as one page for a browser or paper: nothing in it comes from elsewhere, and nothing in it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from sync.hub.reports import charts
from sync.hub.reports.charts import Bar
from sync.hub.reports.tables import (
    HOURS_FROM,
    MONTHS,
    OUTCOME,
    UNMET,
    Cell,
    Line,
    Table,
    hours,
    in_hours,
    long_day,
    shown,
)
from sync.hub.reports.whole import Whole


@dataclass(frozen=True)
class Grid:
    """A table of the page: `labels` of its columns stand to the left."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    labels: int = 1
    total: list[str] | None = None


@dataclass(frozen=True)
class Part:
    """A part of the page: a heading, a sentence, bars with their table beside them, or only a table."""

    name: str
    heading: str
    about: str
    grid: Grid
    bars: tuple[Bar, ...] = ()

    @property
    def chart(self) -> Markup | None:
        """The bars as they are drawn on a page of paper's width; None where there are none."""
        return self._drawn(740, 248)

    @property
    def small_chart(self) -> Markup | None:
        """The same where there may be little room, as on a phone."""
        return self._drawn(480, 172)

    def _drawn(self, width_px: int, label_px: int) -> Markup | None:
        about = f"{self.about} The numbers stand in the table beside it."
        chart = charts.bars(self.name, self.heading, about, self.bars, width_px=width_px, label_px=label_px)
        return Markup(chart) if self.bars else None  # noqa: S704 (charts.bars escapes what is not ours)


_PEOPLE: Final = "Every number counts people, unless its column says otherwise."


def page(whole: Whole, shop: str, made_on: dt.date) -> str:
    """The page; `whole` has all reports. `shop` is whom it is about, empty: all."""
    return _template().render(
        title=f"{whole.words('sessions')} at {shop or 'all shops'}",
        period=_period(whole),
        glance=glance(whole),
        parts=parts(whole),
        notes=whole.notes,
        made_on=long_day(made_on),
        public=bool(whole.small),
    )


# -- the parts


def glance(whole: Whole) -> list[tuple[str, str]]:
    """The few numbers to begin with, each with what it is."""
    words, cells = whole.words, whole.tables["month"].total.cells
    asked = [
        (words("sessions"), cells["sessions"]),
        ("Visits", cells["visits"]),
        ("For the first time", cells["first_time"]),
        ("Been before", cells["again"]),
        ("Needs nobody could meet", cells["unmet"]),
    ]
    found = [(label, shown(cell)) for label, cell in asked]
    found.append((f"Hours of {words('helpers').lower()}", hours(cells[HOURS_FROM])))
    if cells["head_count"] is not None:
        found.append(("Heads counted", shown(cells["head_count"])))
    return found


def parts(whole: Whole) -> list[Part]:
    """What there is to tell, in its order."""
    return [part for part in _parts(whole) if part.grid.rows]


def _parts(whole: Whole) -> Iterable[Part]:
    helpers, session = whole.words("helpers").lower(), whole.words("session").lower()
    months, topics, shops = (whole.tables[by] for by in ("month", "topic", "shop"))
    about, unmet = _by(topics, "visits"), [row for row in _by(topics, "unmet") if row[1] != 0]
    yield charted(
        "about", "What people came about", "Whoever came about two things is counted in both.", "About", about
    )
    ended = "Visits by how they ended, where somebody said so."
    yield charted("outcome", "What came of it", ended, "Outcome", _outcomes(months))
    yield charted("new", "New and returning", "Whether people came for the first time.", "Visitors", _new(months))
    unsolved = "Visits whose need could not be met, by what they were about."
    yield charted("unmet", "What nobody could help with", unsolved, "About", unmet)
    yield charted("months", "Month by month", "Visits in each month.", "Month", _by(months, "visits"))
    given = "Hours in each month, as far as they are known."
    yield charted("hours", f"Hours given by {helpers}", given, "Month", _by(months, HOURS_FROM), "Hours", said=hours)
    yield charted("shops", "Shop by shop", "Visits at each shop.", "Shop", _by(shops, "visits"))
    yield _all_of(months, "all-months", "All figures by month")
    yield _all_of(shops, "all-shops", "All figures by shop")
    yield _all_of(topics, "all-topics", "All figures by what people came about")
    yield _all_of(whole.tables["session"].without("session"), "all-sessions", f"Every {session}")


def _by(table: Table, count: str) -> list[tuple[Cell, Cell]]:
    label = table.columns[0].key
    return [(line.cells[label], line.cells[count]) for line in table.lines]


def _outcomes(table: Table) -> list[tuple[Cell, Cell]]:
    return [(one.heading, table.total.cells[one.key]) for one in table.columns if one.key.startswith(OUTCOME)]


def _new(table: Table) -> list[tuple[Cell, Cell]]:
    keys = ("first_time", "again", "not_asked")
    return [(one.heading, table.total.cells[one.key]) for one in table.columns if one.key in keys]


def charted(
    name: str,
    heading: str,
    about: str,
    label: str,
    rows: Sequence[tuple[Cell, Cell]],
    counted: str = "Visits",
    said: Callable[[Cell], str] = shown,
) -> Part:
    """A part with bars: one for each of the rows, which are a label and a count."""
    drawn = [Bar(_label(one), count if isinstance(count, int) else None, said(count)) for one, count in rows]
    grid = Grid("The same in numbers", [label, counted], [[bar.label, bar.shown] for bar in drawn])
    return Part(name, heading, about, grid, tuple(drawn))


def _all_of(table: Table, name: str, heading: str) -> Part:
    columns = table.without(UNMET).columns
    labels = sum(1 for one in columns if not one.counts)

    def cells(line: Line) -> list[str]:
        return [_said(one.key, line.cells[one.key]) for one in columns]

    headings = [in_hours(one) for one in columns]
    total = ["Total", *cells(table.total)[1:]]
    return Part(name, heading, "", Grid(_PEOPLE, headings, [cells(line) for line in table.lines], labels, total))


def _said(key: str, cell: Cell) -> str:
    if key in ("month", "starts"):
        return _label(cell)
    return hours(cell) if key == HOURS_FROM else shown(cell)


def _label(cell: Cell) -> str:
    """A label; a month or a day in words."""
    text = shown(cell)
    parts = text[:10].split("-")
    if not (len(parts) in (2, 3) and all(part.isdigit() for part in parts) and len(parts[0]) == 4):
        return text
    month = f"{MONTHS[int(parts[1]) - 1][:3]} {parts[0]}"
    return f"{int(parts[2])} {month}{',' if text[11:] else ''} {text[11:]}".strip() if len(parts) == 3 else month


def _period(whole: Whole) -> str:
    first, last = whole.scope.first, whole.scope.last
    if first and last:
        return f"{long_day(first)} to {long_day(last)}"
    if first:
        return f"Since {long_day(first)}"
    if last:
        return f"Up to {long_day(last)}"
    months = [line.key for line in whole.tables["month"].lines]
    ends = dict.fromkeys(f"{MONTHS[int(one[5:7]) - 1]} {one[:4]}" for one in (*months[:1], *months[-1:]))
    return " to ".join(ends) or "Nothing was logged yet"


@cache
def _template() -> Template:
    made = Environment(
        loader=PackageLoader("sync.hub.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return made.get_template("attendance.html")
