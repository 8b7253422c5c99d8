"""Looking at what is here: search, one item, what waits, what works."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from kiosk.cli.options import data_option, open_unit
from sync import codes


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a query.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.argument("query")
def search(data: Path | None, as_json: bool, limit: int, query: str) -> None:
    """Find things by QUERY; `-` reads queries from standard input, one a line."""
    unit = open_unit(data)
    unit.current.reading()
    for text in _queries(query):
        began = time.perf_counter()
        found = unit.shelves.search(text, limit=limit)
        ms = (time.perf_counter() - began) * 1000
        if as_json or query == "-":
            cards = [
                {"id": card.id, "code": card.code, "kind": card.kind, "title": card.title, "summary": card.summary}
                for card in found
            ]
            click.echo(msgspec.json.encode({"query": text, "ms": round(ms, 3), "items": cards}).decode())
            continue
        for card in found:
            click.echo(f"{codes.show(card.code)}  {card.kind:8}  {card.title}")
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


def _queries(query: str) -> Iterator[str]:
    if query != "-":
        yield query
        return
    for line in sys.stdin:
        if text := line.rstrip("\n"):
            yield text
