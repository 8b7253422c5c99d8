"""Bringing what changed to the shops: publish, compact, rotate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sync.hub import locks
from sync.hub.cli.options import data_option, open_hub
from sync.hub.hub import Hub
from sync.hub.publishing import compaction, mirror, roots
from sync.hub.publishing.compaction import Compacted

if TYPE_CHECKING:
    from rich.progress import Progress

_GIVES_WAY: Final = 10
"""How much a compaction gives way to a server on the same machine, as `nice` counts it."""


@click.command()
@data_option
@click.option("--allow-shrink", is_flag=True, help="Kiosks may take it even if it empties most of their shelves.")
@click.option(
    "--to",
    metavar="WHERE",
    help="Copy what is published there too: a folder, or s3://BUCKET/PREFIX with the usual AWS_... environment.",
)
@click.option("--no-compact", is_flag=True, help="Leave it to a server, or to later, to pack everything anew.")
def publish(data: Path | None, allow_shrink: bool, to: str | None, no_compact: bool) -> None:
    """Pack and sign what changed. Shops have it at their next poll."""
    hub = open_hub(data)
    done = hub.publish(allow_shrink=allow_shrink)
    if done is None:
        anew = ": signed anew, as it was a day old" if hub.publisher.sign_anew_if_due() else ""
        click.echo(f"Nothing has changed since the last publication{anew}.")
    else:
        packs = f"{len(done.new_packs)} pack{'' if len(done.new_packs) == 1 else 's'}, {done.new_bytes:,} bytes"
        click.echo(f"Published revision {done.revision}: {done.count:,} records on the shelves ({packs}).")
        if done.empties:
            click.echo(
                "Warning: that is less than half of what was there, so kiosks refuse it and keep what they have. "
                "If it is meant, say `touchpoint-hub publish --allow-shrink`.",
                err=True,
            )
    warn_of_root_keys(hub)
    with locks.held_if_free(hub.folder, locks.KEEPING) as free:
        kept = not free
    wheres = [to] if to else []
    if hub.publish_to and not kept:
        wheres.append(hub.publish_to)
    _copy(hub, wheres)
    if not kept and not no_compact and compaction.due(hub.publisher.published()):
        click.echo("What shops need is published. Packing everything anew, for first visits; Ctrl-C does no harm.")
        _compact(hub)
        _copy(hub, wheres)


@click.command()
@data_option
def compact(data: Path | None) -> None:
    """Pack everything anew if that is due. A server does this by itself; publications go on meanwhile."""
    hub = open_hub(data)
    if not compaction.due(hub.publisher.published()):
        click.echo("Nothing is due.")
    elif _compact(hub) is None:
        click.echo("Another process is at it.")


@click.command()
@data_option
@click.argument("role", type=click.Choice([*roots.ROLES, "all"]))
@click.option(
    "--root-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A root key of this hub, or its spare. Default: what lies in the hub's folder.",
)
def rotate(data: Path | None, role: str, root_key: Path | None) -> None:
    """Give ROLE a new key. Kiosks follow by themselves, also those that are away for years."""
    hub = open_hub(data)
    roles = roots.ROLES if role == "all" else (role,)
    version = roots.rotate(hub.publisher, roles, root_key)
    click.echo(f"New keys for {', '.join(roles)}: root {version} says so. Back up this hub now.")
    if "root" in roles:
        click.echo(
            f"The new root key and its spare are in {hub.folder.offline}; the former ones sign nothing any more."
        )
    warn_of_root_keys(hub)


def warn_of_root_keys(hub: Hub) -> None:
    """Say, where somebody reads it, that root keys still lie on this machine."""
    if at_hand := roots.keys_at_hand(hub.folder):
        names = ", ".join(path.name for path in at_hand)
        click.echo(f"Warning: root keys lie in {hub.folder.offline} ({names}). Move them off this machine.", err=True)


# -- inner -----------------------------------------------------------------------------------------------------


def _copy(hub: Hub, wheres: list[str]) -> None:
    for where in wheres:
        copied = mirror.bring_up_to_date(hub.folder, mirror.at(where))
        if copied is None:
            raise click.ClickException("nothing was published yet, so there is nothing to copy")
        click.echo(f"{where}: {copied.files} files copied ({copied.bytes:,} bytes), {copied.removed} removed.")


def _compact(hub: Hub) -> Compacted | None:
    os.nice(_GIVES_WAY)
    with _progress() as progress:
        task = progress.add_task("Packing", total=None)
        done = compaction.compact(hub.publisher, lambda made, of: progress.update(task, completed=made, total=of))
    if done:
        click.echo(f"Packed anew: {len(done.new_packs)} packs, {done.new_bytes:,} bytes.")
    return done


def _progress() -> Progress:
    import rich.progress
    from rich.console import Console

    console = Console(stderr=True)
    return rich.progress.Progress(
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
