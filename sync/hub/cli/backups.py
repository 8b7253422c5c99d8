"""Keeping a hub safe: backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub import backup as backups
from sync.hub import hub as hubs
from sync.hub.cli.options import data_option, open_hub

_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@data_option
@click.option("--blobs", is_flag=True, help="With the files that items offer.")
@click.argument("file", type=_file)
def backup(data: Path | None, blobs: bool, file: Path) -> None:
    """Write a backup into FILE, while the hub may be in use. It holds keys: treat it like one."""
    made = backups.backup(open_hub(data), file, blobs=blobs)
    click.echo(f"Wrote {file}, {file.stat().st_size:,} bytes: everything up to revision {made.revision}.")
    if not blobs:
        click.echo("The files that items offer are not in it; --blobs takes them in.")
    click.echo("Root keys are never in it: keep those, and their spares, apart.")


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(data: Path | None, file: Path) -> None:
    """Make a hub in a new folder from the backup in FILE."""
    folder = hubs.folder_of(data)
    restored = backups.restore(file, folder)
    click.echo(f"Restored the hub of {restored.made_at} into {folder.root}.")
    if restored.blobs_missing:
        click.echo(
            f"{restored.blobs_missing} files that items offer are missing: "
            f"copy them into {folder.blobs.folder}, or import their items again."
        )
    if restored.forgotten:
        click.echo(f"{restored.forgotten} follow-ups were past their day or on the list of the forgotten: deleted.")
    if not folder.forgotten.exists():
        click.echo(
            "Follow-ups that were deleted on request since then are here again. If you have the lost hub's list "
            f"`forgotten`, copy it to {folder.forgotten} and run `touchpoint-hub retention`; "
            "otherwise delete them again: `touchpoint-hub followups`."
        )
    click.echo("Nothing is published yet. Look at it, then run `touchpoint-hub publish`: kiosks follow by themselves.")
