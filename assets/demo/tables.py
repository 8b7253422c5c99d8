"""Spreadsheets as CSV, which every office program opens."""

from __future__ import annotations

import csv
from pathlib import Path

from catalogue import Item
from sheets import Sheet


def make_table(item: Item, sheet: Sheet, path: Path) -> None:
    """Write the columns and rows of a sheet; the byte order mark makes Excel read the pound sign right."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet["columns"])
        writer.writerows(sheet["rows"])
