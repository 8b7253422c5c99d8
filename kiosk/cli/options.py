"""What every command of a kiosk needs: which unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kiosk.services.services import Services

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The unit's folder. Default: TOUCHPOINT_DATA, else ~/.local/share/touchpoint/kiosk.",
)


def open_unit(data: Path | None) -> Services:
    """The unit in that folder, closed when the command ends."""
    from kiosk import bootstrap
    from kiosk.settings import Settings

    unit = bootstrap.services(Settings.load(data))
    click.get_current_context().call_on_close(unit.close)
    return unit
