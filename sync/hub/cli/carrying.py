"""The hub's end of a stick's trip."""

from __future__ import annotations

from pathlib import Path

import click

from sync.client.carriers import FolderCarrier
from sync.client.sticks import carry as trips
from sync.client.sticks.mirror import Mirror
from sync.commands import bar, tell
from sync.hub import bundles
from sync.hub.cli.options import data_option, open_hub
from sync.hub.publishing import roots
from sync.stick import Stick


@click.command()
@data_option
@click.option("--check", is_flag=True, help="Read every file on the stick again, and replace damaged ones.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def carry(data: Path | None, check: bool, as_json: bool, folder: Path) -> None:
    """Fill the stick mounted at DIR for shops without a connection, and answer what they have sent on it.

    `touchpoint-kiosk carry out DIR` does the same at a kiosk that has a connection. Safe to repeat, and to pull out.
    """
    hub = open_hub(data)
    stick = Stick(folder, make=True)
    copy = Mirror(
        [FolderCarrier(hub.folder.catalogue)],
        hub.folder.carry,
        roots.root_of(hub.folder.metadata),
        hub.folder.blobs,
    )
    with bar("Filling the stick") as progress:
        report = trips.out(stick, copy, lambda letter: bundles.answer(hub, letter), progress=progress, check=check)
    tell(report, as_json=as_json)
