"""CSV that a spreadsheet opens as what it is: words and numbers, never formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from sync.hub.reports.tables import Table

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so could be run. Source: OWASP, CSV Injection."""


def safe(cell: object) -> str:
    """A cell as it may be written: with an apostrophe before what a spreadsheet would take for a formula."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(cell, int) else text


def write(file: TextIO, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV, a row at a time; returns how many rows there were below the headings."""
    writer = csv.writer(file)
    writer.writerow([safe(one) for one in headings])
    count = 0
    for row in rows:
        writer.writerow([safe(one) for one in row])
        count += 1
    return count


def write_table(file: TextIO, table: Table) -> int:
    """Write a report as CSV; its total is left out, so that whoever adds the columns up has it right."""
    rows = ([line.cells[column.key] for column in table.columns] for line in table.lines)
    return write(file, [column.heading for column in table.columns], rows)
