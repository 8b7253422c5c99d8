"""Bringing what changed to the shops: publish."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub.cli.options import data_option, open_hub


@click.command()
@data_option
@click.option("--allow-shrink", is_flag=True, help="Kiosks may take it even if it empties most of their shelves.")
def publish(data: Path | None, allow_shrink: bool) -> None:
    """Pack and sign what changed. Shops have it at their next poll."""
    done = open_hub(data).publish(allow_shrink=allow_shrink)
    if done is None:
        click.echo("Nothing has changed since the last publication.")
        return
    packs = f"{len(done.new_packs)} pack{'' if len(done.new_packs) == 1 else 's'}, {done.new_bytes:,} bytes"
    click.echo(f"Published revision {done.revision}: {done.count:,} records on the shelves ({packs}).")
