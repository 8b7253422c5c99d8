"""Keeping a hub safe, and moving its database: backup, restore, migrate-db."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub import backup as backups
from sync.hub import hub as hubs
from sync.hub import moving, where
from sync.hub.cli.options import data_option, open_hub
from sync.hub.cli.progress import progress_bar

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


@click.command(epilog=where.HELP)
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(data: Path | None, file: Path) -> None:
    """Make a hub in a new folder from the backup in FILE.

    Its database may be of either kind, whatever that of the lost hub was. One that is still there on its server stays
    as it is, and only keys and such come from FILE.
    """
    folder = hubs.folder_of(data)
    restored = backups.restore(file, folder)
    click.echo(f"Restored the hub of {restored.made_at} into {folder.root}.")
    if restored.was_there:
        click.echo(f"Its database is still in {where.show(folder.database_url)} and stays as it was.")
    if restored.blobs_missing:
        click.echo(
            f"{restored.blobs_missing} files that items offer are missing: "
            f"copy them into {folder.where.blob_url or folder.blobs.folder}, or import their items again."
        )
    if restored.forgotten:
        click.echo(f"{restored.forgotten} follow-ups were past their day or on the list of the forgotten: deleted.")
    if not folder.forgotten.exists() and not restored.was_there:
        click.echo(
            "Follow-ups that were deleted on request since then are here again. If you have the lost hub's list "
            f"`forgotten`, copy it to {folder.forgotten} and run `touchpoint-hub retention`; "
            "otherwise delete them again: `touchpoint-hub followups`."
        )
    click.echo("Nothing is published yet. Look at it, then run `touchpoint-hub publish`: kiosks follow by themselves.")


@click.command()
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
def migrate_db(from_: str, to: str) -> None:
    """Move a hub's database from FROM to TO, which must be empty. End its servers first.

    Each is the path of an SQLite file, such as DIR/hub.db, or postgresql://USER@HOST/NAME. Let the password be in
    PGPASSWORD or ~/.pgpass, as others see the words of a command.
    """
    source, target = where.address(from_), where.address(to)
    with progress_bar() as progress:
        task = progress.add_task("Moving rows", total=None)
        moved = moving.move(source, target, lambda done, all_: progress.update(task, completed=done, total=all_))
    click.echo(
        f"Moved {moved.rows:,} rows of {moved.tables} tables to {where.show(target)}, the catalogue at revision "
        f"{moved.revision}; all were counted again there."
    )
    if target.startswith("sqlite"):
        click.echo(f"Take database_url out of {where.FILE} in the hub's folder, and see that this file is its hub.db.")
    else:
        click.echo(f"Now put its address as database_url into {where.FILE} in the hub's folder, and start its servers.")
    click.echo(f"{where.show(source)} is as it was: delete it when all is well, as it holds what people wrote.")
