"""Rows of a spreadsheet: CSV in UTF-8 with a line of headings, one item a row.

The columns are the fields of the form in which items are written (`sync.hub.items.form`), and are read as that is.
Several themes, tags or shops stand in one cell with commas between them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from sync import wording
from sync.hub.importing import Found, Skipped
from sync.hub.items import form
from sync.records import Item, id_from_key

COLUMNS: Final = (
    "key",
    "title",
    "kind",
    "summary",
    "body",
    "language",
    "themes",
    "tags",
    "url",
    "maker",
    "maker_url",
    "licence",
    "price",
    "price_note",
    "place",
    "address",
    "postcode",
    "day",
    "from",
    "to",
    "last_day",
    "shops",
    "expires_on",
    "checked_on",
)
EXAMPLE: Final = {
    "key": "example",
    "title": "An example: take this row out",
    "kind": "guide",
    "summary": "What it is, in a sentence or two.",
    "language": "en",
    "themes": "food, shelter",
    "url": "https://example.org/",
    "maker": "Who made it",
    "licence": "CC-BY-4.0",
    "price": "3.50",
}
_ALSO: Final = ("id", "rrule", "attendance")
_KNOWN: Final = frozenset((*COLUMNS, *_ALSO))
_KINDS: Final = {name.lower(): key for key, name in wording.KIND.items()}
_BETWEEN: Final = ",;\t"


def read(path: Path, name: str) -> Iterator[Found | Skipped]:
    """Every row of this file, which is called `name`."""
    with path.open("rb") as file:
        yield from read_rows(file, name)


def read_rows(file: BinaryIO, name: str) -> Iterator[Found | Skipped]:
    """Every row, however its cells are separated: by commas, semicolons or tabs."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        headings = text.readline()
        between = max(_BETWEEN, key=headings.count)
        names = [cell.strip().lower().replace(" ", "_") for cell in next(csv.reader([headings], delimiter=between), [])]
        if "title" not in names:
            yield Skipped(f"{name}, line 1", "the first line must name the columns, and one of them must be title")
            return
        if unknown := sorted(set(names) - _KNOWN - {""}):
            yield Skipped(f"{name}, line 1", f"this hub does not know the columns {', '.join(unknown)[:200]}")
        rows = csv.reader(text, delimiter=between, strict=True)
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield _row(names, cells, f"{name}, line {rows.line_num + 1}")
    except UnicodeDecodeError:
        yield Skipped(name, "is not UTF-8 text: save it as “CSV UTF-8” in the spreadsheet, then send it again")
    except csv.Error as error:
        yield Skipped(name, f"cannot be read any further: {error}")
    finally:
        text.detach()


def template() -> str:
    """A CSV with all columns and one row as an example."""
    made = io.StringIO()
    rows = csv.DictWriter(made, COLUMNS)
    rows.writeheader()
    rows.writerow(EXAMPLE)
    return made.getvalue()


# -- inner


def _row(names: list[str], cells: list[str], where: str) -> Found | Skipped:
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        return Skipped(where, f"has {len(cells)} cells for {len(names)} columns: put text with commas in quotes")
    said = {name: _unquoted(cell) for name, cell in zip(names, cells, strict=False) if name in _KNOWN}
    kind = said.get("kind", "").lower()
    sent = {**said, "kind": _KINDS.get(kind, kind), "language": said.get("language", "").lower() or "en"}
    sent["attendance"] = "yes" if said.get("attendance", "").lower() in ("yes", "true", "1") else ""
    ticked = {name: _several(said.get(name, "")) for name in ("themes", "shops")}
    ticked["themes"] = [theme.lower() for theme in ticked["themes"]]
    try:
        item_id = _id(said)
    except ValueError:
        return Skipped(where, f"id is {said['id'][:40]!r}; it must be a UUID, or use key instead")
    item, fields = form.read(sent, ticked, Item(id=item_id, kind="", title=""))
    if fields.wrong:
        return Skipped(where, " ".join(f"{name}: {why}" for name, why in fields.wrong.items()))
    return Found(where, item)


def _id(said: dict[str, str]) -> str:
    """By its id or key, else by its title and maker: whoever sends the same table again changes nothing twice."""
    if said.get("id"):
        return str(UUID(said["id"]))
    if said.get("key"):
        return id_from_key("item", said["key"])
    known_by = (said.get("title", ""), said.get("maker", ""))
    return id_from_key("item", "table:" + "|".join(" ".join(one.casefold().split()) for one in known_by))


def _several(cell: str) -> list[str]:
    return list(dict.fromkeys(one for part in cell.replace(";", ",").split(",") if (one := part.strip())))


def _unquoted(cell: str) -> str:
    """A cell without the quote that keeps a spreadsheet from taking it for a formula, as our own tables have it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
