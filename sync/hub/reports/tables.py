"""A report as a table: its columns in the settings' words, its cells as numbers and labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from sync.attendance import OUTCOMES, TOPICS, word
from sync.hub import settings
from sync.hub.reports.attendance import Figures, Row, Sums
from sync.hub.store import catalogue

Cell = int | str | None
"""A number, words, or nothing where nothing is known. In public figures a number that is not told is words too."""

HOURS_FROM: Final = "helper_minutes"
TOPIC: Final = "topic."
OUTCOME: Final = "outcome."
UNMET: Final = "unmet."
MOST_MONTHS: Final = 120
MONTHS: Final = "January February March April May June July August September October November December".split()
REST: Final = "Earlier, of which only totals are left"


@dataclass(frozen=True)
class Words:
    """What things are called, and in which order lists are shown."""

    said: Mapping[str, object]
    shops: Mapping[str, str]
    topics: tuple[str, ...] = TOPICS
    outcomes: tuple[str, ...] = OUTCOMES

    def __call__(self, name: str) -> str:
        """A word of the surgery, such as `visitors`."""
        return word(self.said, name)

    def topic(self, name: str) -> str:
        """What a topic is called."""
        return self(f"topic.{name}")

    def outcome(self, name: str) -> str:
        """What an outcome is called."""
        return self(f"outcome.{name}")

    def shop(self, shop_id: str) -> str:
        """What a shop is called; its id where the catalogue has it no more."""
        return self.shops.get(shop_id, shop_id)


@dataclass(frozen=True)
class Column:
    """One column; `counts` of people or their time, and not a label."""

    key: str
    heading: str
    counts: bool = True


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is about (`key`), and its cells by their columns' keys."""

    key: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """A report as a table; `total` has no labels."""

    by: str
    columns: tuple[Column, ...]
    lines: list[Line]
    total: Line

    def without(self, *begin: str) -> Table:
        """The same without the columns whose keys begin so."""
        return replace(self, columns=tuple(one for one in self.columns if not one.key.startswith(begin)))


def words_for(db: Connection, shop_id: str | None = None) -> Words:
    """The words of one shop, or those for all."""
    said = settings.for_shop(db, shop_id or "")
    topics = tuple(str(said.get("topics", "")).split()) or TOPICS
    outcomes = tuple(str(said.get("outcomes", "")).split()) or OUTCOMES
    return Words(said, catalogue.shop_names(db), topics, outcomes)


def table(figures: Figures, words: Words) -> Table:
    """A report as a table, its rows in the order people look for them."""
    columns = _columns(figures, words)
    rows = _every_month(figures.rows) if figures.by == "month" else figures.rows
    lines = [Line(row.key, _cells(row.sums, columns, _labels(figures.by, row, words))) for row in rows]
    if figures.by == "shop":
        lines.sort(key=lambda line: str(line.cells["shop"]).casefold())
    if figures.by == "topic":
        order = ordered(words.topics, (line.key for line in lines))
        lines.sort(key=lambda line: order.index(line.key))
    return Table(figures.by, columns, lines, Line("total", _cells(figures.total, columns, {})))


def ordered(known: Sequence[str], found: Iterable[str]) -> list[str]:
    """What was found, and before it what is known, in its own order."""
    return list(dict.fromkeys([*known, *sorted(found)]))


def hours(minutes: Cell) -> str:
    """Minutes as hours with a tenth; words stay as they are."""
    return f"{minutes / 60:,.1f}" if isinstance(minutes, int) else shown(minutes)


def long_day(day: dt.date) -> str:
    """A day as people write it, such as 24 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_hours(column: Column) -> str:
    """A column's heading where minutes are shown as hours."""
    return f"{column.heading.removesuffix('minutes')}hours" if column.key == HOURS_FROM else column.heading


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else cell


# -- inner -----------------------------------------------------------------------------------------------------


def _columns(figures: Figures, words: Words) -> tuple[Column, ...]:
    labels = {
        "session": [("starts", "Starts"), ("title", words("session")), ("shop", "Shop"), ("session", "Id")],
        "shop": [("shop", "Shop")],
        "topic": [("topic", "About")],
        "month": [("month", "Month")],
    }[figures.by]
    topics = ordered(words.topics, figures.total.topics)
    outcomes = ordered(words.outcomes, figures.total.outcomes)
    visits = [("visits", "Visits"), ("first_time", "First time"), ("again", "Been before"), ("not_asked", "Not asked")]
    came_of_it = [(f"{OUTCOME}{one}", words.outcome(one)) for one in outcomes]
    if figures.by == "topic":
        counts = [*visits, *came_of_it, ("unmet", "Unmet")]
    else:
        counts = [
            *([("sessions", words("sessions"))] if figures.by != "session" else []),
            *visits,
            *((f"{TOPIC}{one}", words.topic(one)) for one in topics),
            *came_of_it,
            ("unmet", "Unmet"),
            *((f"{UNMET}{one}", f"Unmet: {words.topic(one)}") for one in topics if one in figures.total.unmet_topics),
            ("helpers", words("helpers")),
            (HOURS_FROM, f"{words('helpers')}' minutes"),
            ("head_count", "Head count"),
        ]
    return (*(Column(key, heading, counts=False) for key, heading in labels), *(Column(*one) for one in counts))


def _every_month(rows: Sequence[Row]) -> list[Row]:
    """The months, with those between them in which nothing happened; not where they are years apart."""
    there = {row.key: row for row in rows}
    numbers = [int(key[:4]) * 12 + int(key[5:7]) - 1 for key in there]
    if not numbers or max(numbers) - min(numbers) > MOST_MONTHS:
        return list(rows)
    keys = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(min(numbers), max(numbers) + 1)]
    return [there.get(key, Row(key, Sums())) for key in keys]


def _labels(by: str, row: Row, words: Words) -> dict[str, Cell]:
    if by == "session" and (session := row.session):
        title = session.title or (REST if not session.id else "")
        starts = session.starts.replace("T", " ")[:16] or session.day
        return {"starts": starts, "title": title, "shop": words.shop(session.shop_id), "session": session.id}
    return {by: {"shop": words.shop, "topic": words.topic}.get(by, str)(row.key)}


def _cells(sums: Sums, columns: Sequence[Column], labels: dict[str, Cell]) -> dict[str, Cell]:
    return {
        column.key: labels.get(column.key, "") if not column.counts else _count(sums, column.key) for column in columns
    }


def _count(sums: Sums, key: str) -> int | None:
    for prefix, counter in ((TOPIC, sums.topics), (OUTCOME, sums.outcomes), (UNMET, sums.unmet_topics)):
        if key.startswith(prefix):
            return counter[key.removeprefix(prefix)]
    count: int | None = getattr(sums, key)
    return count
