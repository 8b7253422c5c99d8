"""CSV that a spreadsheet opens as what it is: words and numbers, never formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from sync.hub.cells import safe
from sync.hub.reports.tables import Table


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
