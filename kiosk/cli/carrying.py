"""The `touchpoint-kiosk carry` commands: a stick's trips between units with a connection and those without."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.options import data_option, open_unit
from sync.commands import bar, tell

if TYPE_CHECKING:
    from kiosk.services.services import Services

_folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


@click.group()
def carry() -> None:
    """Carry the catalogue to a unit without a connection, and its records home, on a stick mounted at DIR.

    Fill a stick with `carry out` at a kiosk that has a connection (or with `touchpoint-hub carry` at the hub), take it
    to the other unit and run `carry in` there, and bring it back for another `carry out`. One stick serves many units.
    It may be pulled out at any moment, and each command may be repeated.
    """


@carry.command("out")
@data_option
@click.option("--check", is_flag=True, help="Read every file on the stick again, and replace damaged ones.")
@_json
@_folder
def carry_out(data: Path | None, check: bool, as_json: bool, folder: Path) -> None:
    """At a kiosk WITH a connection: fill the stick, and hand to the hub what lies on it.

    Brings the catalogue on the stick up to date, with as many pictures and files as fit; hands the records on it to the
    hub, and puts the hub's replies on it.
    """
    from kiosk import bootstrap
    from sync.client.sticks import carry as trips
    from sync.stick import Stick

    unit = open_unit(data)
    copy, client = bootstrap.mirror(unit), bootstrap.hub_client(unit)
    if copy is None or client is None:
        raise click.ClickException("this kiosk is not enrolled yet: run `touchpoint-kiosk enrol`")
    stick = Stick(folder, make=True)
    _note_own_disk(unit, folder)
    with bar("Filling the stick") as progress:
        report = trips.out(
            stick, copy, lambda letter: client.post_bytes("/v1/bundles", letter), progress=progress, check=check
        )
    tell(report, as_json=as_json)


@carry.command("in")
@data_option
@_json
@_folder
def carry_in(data: Path | None, as_json: bool, folder: Path) -> None:
    """At a kiosk WITHOUT a connection: take what the stick brings, and give it what waits for the hub.

    Takes the hub's replies, puts every waiting record on the stick, sealed so that only the hub can read it, and then
    takes the catalogue with its pictures and files. Records wait here too until the hub's reply has come back.
    """
    from kiosk import bootstrap
    from sync.stick import Stick

    unit = open_unit(data)
    visit = bootstrap.visit(unit)
    if visit is None:
        raise click.ClickException(
            "this kiosk was not set up yet: run `touchpoint-kiosk enrol --offline --provision FILE`"
        )
    stick = Stick(folder)
    _note_own_disk(unit, folder)
    unit.usage.send_finished_days(unit.unit.now().date())
    with bar("Taking from the stick") as progress:
        report = visit.make(stick, progress=progress)
    if report.outcome in ("updated", "current"):
        unit.unit.note_sync(report.outcome, "", heard=True, files_missing=report.files_missing, as_of=report.as_of)
    tell(report, as_json=as_json)


def _note_own_disk(unit: Services, folder: Path) -> None:
    if folder.stat().st_dev == unit.settings.data.stat().st_dev:
        click.echo(f"Note: {folder} is on this machine's own disk. Is the stick mounted there?", err=True)
