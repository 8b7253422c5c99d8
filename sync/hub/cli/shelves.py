"""Filling the shelves: import, withdraw."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from sync import codes
from sync.hub import hub as hubs
from sync.hub import importing
from sync.hub.cli.options import data_option, open_hub
from sync.hub.cli.progress import progress_bar
from sync.hub.importing import Report, dpg, items
from sync.hub.importing.renewed import renewed

_FORMATS: Final[dict[str, Callable[..., Any]]] = {"items": items.read, "dpg": dpg.read}
_SHOWN: Final = 20


@click.command("import")
@data_option
@click.option("--format", "form", type=click.Choice(sorted(_FORMATS)), default="items", show_default=True)
@click.option("--renew", is_flag=True, help="Move days on by whole weeks, as if it had been written this week.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
def import_(data: Path | None, form: str, renew: bool, as_json: bool, paths: tuple[Path, ...]) -> None:
    """Take items in from files (`-`: standard input). Publish afterwards to bring them to the shops."""
    hub = open_hub(data)
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise click.ClickException(f"{path} does not exist")
    entries = _FORMATS[form](_folders_too(paths, form))
    with progress_bar() as progress:
        task = progress.add_task("Reading", total=None)
        report = importing.take_in(
            renewed(entries, dt.datetime.now(dt.UTC).date()) if renew else entries,
            hub.database,
            hub.folder.blobs,
            who=hubs.COMMAND_LINE,
            progress=lambda count: progress.advance(task, count),
        )
    _tell(report, as_json=as_json)
    if report.skipped and not (report.taken or report.unchanged):
        sys.exit(1)


@click.command()
@data_option
@click.argument("code")
def withdraw(data: Path | None, code: str) -> None:
    """Take the item with this code off every shelf, at the next publication."""
    item = open_hub(data).withdraw(code)
    click.echo(f"Withdrew {item.title!r} ({codes.show(codes.read(code))}). Publish to bring this to the shops.")


# -- inner -----------------------------------------------------------------------------------------------------


def _folders_too(paths: tuple[Path, ...], form: str) -> list[Path]:
    """The sources to read; a folder of `items` stands for the NDJSON files in it."""
    if form != "items":
        return list(paths)
    found: list[Path] = []
    for path in paths:
        if str(path) != "-" and path.is_dir():
            inside = sorted(path.glob("*.ndjson"))
            if not inside:
                raise click.ClickException(f"there is no .ndjson file in {path}")
            found += inside
        else:
            found.append(path)
    return found


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        rows = [{"where": one.where, "why": one.why} for one in report.skipped]
        notes = [{"where": one.where, "note": one.why} for one in report.notes]
        found = {"taken": report.taken, "unchanged": report.unchanged, "skipped": rows, "notes": notes}
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in report.notes[:_SHOWN]:
        click.echo(f"{one.where}: {one.why}", err=True)
    for one in report.skipped:
        click.echo(f"{one.where}: skipped, {one.why}", err=True)
    click.echo(f"{report.taken:,} taken, {report.unchanged:,} unchanged, {len(report.skipped):,} skipped.")
