"""A report for a terminal: columns under each other, what people came about and what came of it in a word each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rich.cells import cell_len, set_cell_size

from sync.hub.cells import plain
from sync.hub.reports.tables import HOURS_FROM, OUTCOME, TOPIC, UNMET, Cell, Column, Line, Table, hours, in_hours, shown

_WIDEST: Final = 40
_GATHERED: Final = {TOPIC: "About", OUTCOME: "What came of it"}


def lines(table: Table) -> Iterator[str]:
    """The table, a line at a time, the total last; a title that kiosks sent cannot turn a line around."""
    small = table.without(UNMET, "session" if table.by == "session" else UNMET)
    columns = [one for one in small.columns if not one.key.startswith(tuple(_GATHERED))]
    gathered = {prefix: [one for one in small.columns if one.key.startswith(prefix)] for prefix in _GATHERED}
    headings = [in_hours(one) for one in columns] + [_GATHERED[prefix] for prefix, there in gathered.items() if there]
    total = replace(small.total, cells={**small.total.cells, columns[0].key: "Total"})
    cells = [
        [_cell(line, one) for one in columns] + [_gather(line, there) for there in gathered.values() if there]
        for line in (*small.lines, total)
    ]
    right = [one.counts for one in columns] + [False] * (len(headings) - len(columns))
    widths = [max(map(cell_len, column)) for column in zip(headings, *cells, strict=True)]
    for row in (headings, *cells):
        yield "  ".join(map(_padded, row, widths, right)).rstrip()


def _cell(line: Line, column: Column) -> str:
    cell = line.cells[column.key]
    text = hours(cell) if column.key == HOURS_FROM else plain(shown(cell))
    return text if cell_len(text) <= _WIDEST else set_cell_size(text, _WIDEST - 1).rstrip() + "…"


def _gather(line: Line, columns: Sequence[Column]) -> str:
    said = ((one.heading, line.cells[one.key]) for one in columns)
    return ", ".join(f"{heading} {shown(cell)}" for heading, cell in said if _is_said(cell))


def _is_said(cell: Cell) -> bool:
    return cell not in (0, None)


def _padded(text: str, width: int, right: bool) -> str:
    room = " " * (width - cell_len(text))
    return room + text if right else text + room
