"""Who did what that concerns people."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click
import msgspec

from sync.hub.cli.options import data_option, open_hub
from sync.hub.store import audit as store


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def audit(data: Path | None, as_json: bool) -> None:
    """List who changed what about staff and about people who asked for something, the latest first."""
    with open_hub(data).database.reading() as db:
        found = list(store.latest(db))
    if as_json:
        for row in found:
            click.echo(msgspec.json.encode(row).decode())
        return
    if not found:
        click.echo("Nothing has been noted yet.")
        return
    table = csv.writer(sys.stdout, delimiter="\t")
    table.writerow(["at", "who", "what", "about"])
    table.writerows(row.values() for row in found)
