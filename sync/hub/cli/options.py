"""What every command of the hub needs: which hub."""

from __future__ import annotations

import getpass
import os
import shlex
from pathlib import Path

import click

from sync.hub import hub as hubs
from sync.hub.errors import UnknownError
from sync.hub.hub import COMMAND_LINE, Hub
from sync.hub.store import catalogue

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOUCHPOINT_HUB_DATA",
    help="The hub's folder. Default: TOUCHPOINT_HUB_DATA, else ~/.local/share/touchpoint/hub.",
)


def open_hub(data: Path | None) -> Hub:
    """The hub in that folder, closed when the command ends."""
    hub = Hub(hubs.folder_of(data))
    click.get_current_context().call_on_close(hub.close)
    return hub


def shop_id_of(hub: Hub, name: str | None) -> str | None:
    """The id of the shop that was named, if one was.

    Raises:
        UnknownError: there is none of that name.
    """
    if name is None:
        return None
    with hub.database.reading() as db:
        if (shop := catalogue.shop_named(db, name)) is None:
            there = ", ".join(catalogue.shop_names(db).values())
            others = f"there are {there}" if there else f"`touchpoint-hub shop set {shlex.quote(name)}` makes it"
            raise UnknownError(f"there is no shop {name!r}; {others}")
        return shop.id


def who() -> str:
    """Who types, as the audit names him: by his account on this machine."""
    try:
        return f"{COMMAND_LINE}, {getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name
        return f"{COMMAND_LINE}, {os.getuid()}"
