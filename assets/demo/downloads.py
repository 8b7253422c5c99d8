"""Make one downloadable of an item: the ending of its name says what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from calendars import make_calendar
from catalogue import Item
from ebooks import make_ebook
from papers import make_paper
from sheets import Sheet, read_sheet
from tables import make_table

MAKERS: dict[str, Callable[[Item, Sheet, Path], None]] = {
    ".pdf": make_paper,
    ".epub": make_ebook,
    ".csv": make_table,
    ".ics": make_calendar,
}


def make_download(item: Item, path: Path) -> None:
    """Write the file that the item names, from its body and from the sheet of the same name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    MAKERS[path.suffix](item, read_sheet(path.stem), path)
