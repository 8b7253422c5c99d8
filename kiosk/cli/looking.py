"""Looking at what is here: search, one item, what waits, what works."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from kiosk.cli.options import data_option, open_unit
from sync import codes
from sync.records import KINDS
from sync.replica.filters import Filters
from sync.replica.read import Card


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a query.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind alone.")
@click.option("--theme", default="", metavar="KEY", help="Of this theme alone, such as food.")
@click.option("--language", default="", metavar="CODE", help="What can be read in it, such as cy or pl.")
@click.option("--free", is_flag=True, help="What costs nothing.")
@click.option(
    "--near",
    "near_km",
    default=0.0,
    metavar="KM",
    type=click.FloatRange(0, 20_000),
    help="Nearest first, so far at most.",
)
@click.argument("query")
def search(data: Path | None, as_json: bool, limit: int, query: str, **wanted: Any) -> None:
    """Find things by QUERY; `-` reads queries from standard input, one a line."""
    unit = open_unit(data)
    here = unit.current.reading().here
    if wanted["near_km"] and here is None:
        raise click.ClickException("this shop has no position yet, so nothing can be near it; the hub sets that")
    filters = Filters(**{name: value for name, value in wanted.items() if value})
    for text in _queries(query):
        began = time.perf_counter()
        found = unit.shelves.search(text, filters=filters, limit=limit)
        ms = (time.perf_counter() - began) * 1000
        if as_json or query == "-":
            cards = [_row(card) for card in found]
            click.echo(msgspec.json.encode({"query": text, "ms": round(ms, 3), "items": cards}).decode())
            continue
        for card in found:
            click.echo(f"{codes.show(card.code)}  {card.kind:8}  {card.title}{_away(card.km)}")
        if not found:
            click.echo("Nothing found.")


@click.command()
@data_option
@click.argument("code")
def show(data: Path | None, code: str) -> None:
    """Show the item with this code."""
    from sync import wording

    unit = open_unit(data)
    item = unit.shelves.item(code=code)
    if item is None:
        raise click.ClickException(f"no item here has the code {codes.show(codes.read(code))}")
    click.echo(f"{item.title}\n{wording.one_line(item)}\n\n{item.summary}\n\n{item.body}\n")
    for file in item.files:
        here = "here" if unit.shelves.file_here(file) else "not here yet"
        click.echo(f"File: {file.name} ({wording.file_kind(file)}, {wording.size(file.size_bytes)}, {here})")
    if (km := unit.shelves.distance_km(item)) is not None:
        click.echo(f"Distance: {km:.1f} km")
    for card in unit.shelves.similar(item):
        click.echo(f"Similar: {codes.show(card.code)}  {card.kind:8}  {card.title}{_away(card.km)}")
    click.echo(f"Code: {codes.show(item.code)}\nAddress: {unit.take_away.address(item)}")


@click.command()
@data_option
@click.option("--rejected", is_flag=True, help="Those that the hub has refused, with the reasons.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a record.")
def records(data: Path | None, rejected: bool, as_json: bool) -> None:
    """List the records that wait to be sent: when they were made and of what kind, not what is in them."""
    from sync import outbox

    with open_unit(data).records.reading() as db:
        found = outbox.listed(db, "rejected" if rejected else "waiting")
    for row in found:
        if as_json:
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo("  ".join(filter(None, (row["recorded_at"], row["kind"], row["id"], row["reason"]))))
    if not found and not as_json:
        click.echo("The hub has refused none." if rejected else "Nothing waits to be sent.")


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def doctor(data: Path | None, as_json: bool) -> None:
    """Look at everything and say in plain words what works and what does not."""
    from kiosk.services.doctor import examine

    faults = 0
    for finding in examine(open_unit(data)):
        faults += finding.state == "fault"
        if as_json:
            click.echo(msgspec.json.encode(finding).decode())
            continue
        mark = {"good": "ok  ", "note": "note", "fault": "FAULT"}[finding.state]
        click.echo(f"{mark:5}  {finding.what}: {finding.said}")
    if faults:
        sys.exit(1)


# -- inner -----------------------------------------------------------------------------------------------------


def _row(card: Card) -> dict[str, Any]:
    """A find as JSON; how far it is only where that is known."""
    row = {"id": card.id, "code": card.code, "kind": card.kind, "title": card.title, "summary": card.summary}
    return row if card.km is None else row | {"km": round(card.km, 3)}


def _away(km: float | None) -> str:
    return "" if km is None else f"  ({km:.1f} km)"


def _queries(query: str) -> Iterator[str]:
    if query != "-":
        yield query
        return
    for line in sys.stdin:
        if text := line.rstrip("\n"):
            yield text
