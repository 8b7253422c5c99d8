"""How long anything about people is kept."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from sync.hub import retention as rules
from sync.hub.cli.options import data_option, open_hub


@click.command()
@data_option
@click.option("--dry-run", is_flag=True, help="Delete nothing, and say what would be.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def retention(data: Path | None, dry_run: bool, as_json: bool) -> None:
    """Delete what is past its date, which a hub that serves does by itself every day; attendance is added up first."""
    hub = open_hub(data)
    report = rules.run(hub.database, hub.folder, dry_run=dry_run)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
        return
    said = report.in_words()
    if not said:
        click.echo("Nothing is past its date.")
        return
    click.echo(f"{'Would delete' if dry_run else 'Deleted'} {said}.")
