"""What every command of the hub needs: which hub."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub import hub as hubs
from sync.hub.hub import Hub

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOUCHPOINT_HUB_DATA",
    help="The hub's folder. Default: this platform's place for such.",
)


def open_hub(data: Path | None) -> Hub:
    """The hub in that folder, closed when the command ends."""
    hub = Hub(hubs.folder_of(data))
    click.get_current_context().call_on_close(hub.close)
    return hub
