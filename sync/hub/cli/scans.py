"""How often the codes on screens and slips were opened."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
import msgspec

from sync import codes
from sync.hub.cells import plain, safe
from sync.hub.cli.options import data_option, open_hub
from sync.hub.store import catalogue
from sync.hub.store import scans as store
from sync.hub.store.scans import Scanned
from sync.records import Item

_day = click.DateTime(["%Y-%m-%d"])
_COLUMNS: Final = ("day", "count", "language", "code", "kind", "title", "item")


@click.command()
@data_option
@click.option("--from", "first", type=_day, metavar="DAY", help="From this day on, such as 2026-11-24.")
@click.option("--to", "last", type=_day, metavar="DAY", help="Up to this day, itself included.")
@click.option("--csv", "as_csv", is_flag=True, help="Every total of every day as CSV.")
@click.option("--json", "as_json", is_flag=True, help="The same, one JSON object a line.")
def scans(data: Path | None, first: dt.datetime | None, last: dt.datetime | None, as_csv: bool, as_json: bool) -> None:
    """Show how often the codes on screens and slips were opened, the most first.

    What a visitor opened within the last minute is not in it yet. Nothing is known of who opened them.
    """
    if as_csv and as_json:
        raise click.UsageError("give one of --csv and --json")
    if first and last and first > last:
        raise click.UsageError("--from is after --to")
    with open_hub(data).database.reading() as db:
        found = list(store.between(db, _iso(first), _iso(last)))
        ids = list(dict.fromkeys(one.item_id for one in found))
        items = {item.id: item for item in catalogue.in_force_now(db, "item", ids) if isinstance(item, Item)}
    if as_csv:
        table = csv.writer(sys.stdout)
        table.writerow(_COLUMNS)
        table.writerows([safe(cell) for cell in row] for row in _rows(found, items))
    elif as_json:
        for row in _rows(found, items):
            click.echo(msgspec.json.encode(dict(zip(_COLUMNS, row, strict=True))).decode())
    elif found:
        _tell(found, items)
    else:
        click.echo("No code was opened then.")


# -- inner -----------------------------------------------------------------------------------------------------


def _iso(day: dt.datetime | None) -> str:
    return day.date().isoformat() if day else ""


def _rows(found: Sequence[Scanned], items: dict[str, Item]) -> Iterator[tuple[str | int, ...]]:
    """One for each total; what is withdrawn has no kind and title any more."""
    for one in found:
        item = items.get(one.item_id)
        what = (item.kind, item.title) if item else ("", "")
        yield one.day, one.count, one.language, _code(one.item_id, items), *what, one.item_id


def _tell(found: Sequence[Scanned], items: dict[str, Item]) -> None:
    """A line for each item, whatever the day and the language."""
    totals: Counter[str] = Counter()
    for one in found:
        totals[one.item_id] += one.count
    for item_id, count in totals.most_common():
        title = plain(items[item_id].title) if item_id in items else "(withdrawn)"
        click.echo(f"{count:>7,}  {codes.show(_code(item_id, items))}  {title}")
    click.echo(f"{totals.total():>7,}  in all, from {found[-1].day} to {found[0].day}")


def _code(item_id: str, items: dict[str, Item]) -> str:
    """The code that leads to it; of what is withdrawn the one that its id gives."""
    return (items[item_id].code if item_id in items else "") or codes.for_id(item_id)
