"""Where postcodes are, so that kiosks can tell what is near."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from sync.hub import places
from sync.hub.cli.options import data_option, open_hub, who
from sync.hub.cli.progress import progress_bar
from sync.hub.importing import Skipped
from sync.hub.importing import postcodes as table

_json_option = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


@click.group(invoke_without_command=True)
@data_option
@_json_option
@click.pass_context
def postcodes(context: click.Context, data: Path | None, as_json: bool) -> None:
    """See how many postcodes are known, and how many places are still without a position."""
    if context.invoked_subcommand:
        context.obj = data
        return
    known = places.known(open_hub(data).database)
    if as_json:
        click.echo(msgspec.json.encode(known).decode())
        return
    click.echo(f"{known.postcodes:,} postcodes are known.")
    if not known.items and not known.shops:
        click.echo("Every place in the catalogue has a position.")
        return
    click.echo(
        f"Without a position: {known.items:,} items and {known.shops:,} shops; "
        f"{known.unknown:,} with a postcode that is not known, {known.no_postcode:,} with none."
    )


@postcodes.command("import")
@data_option
@_json_option
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def import_(above: Path | None, data: Path | None, as_json: bool, path: Path) -> None:
    """Take in where postcodes are from a CSV file (.gz: packed).

    Columns are found by the names in the first line: postcode, lat or latitude, lon, long or longitude; without names,
    these three in this order. Places in the catalogue that have a postcode and no position get one; those that have a
    position keep it. Publish afterwards to bring this to the shops.
    """
    hub = open_hub(data or above)

    def tell(skipped: Skipped) -> None:
        click.echo(f"{skipped.where}: skipped, {skipped.why}", err=True)

    with progress_bar() as progress:
        task = progress.add_task("Reading", total=None)
        report = places.take_in(
            table.read(path), hub.database, who=who(), tell=tell, progress=lambda lines: progress.advance(task, lines)
        )
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        click.echo(
            f"{report.taken:,} postcodes taken, {report.skipped:,} lines skipped; "
            f"{report.located:,} items and shops have a position by them now."
        )
    if report.skipped and not report.taken:
        raise SystemExit(1)
