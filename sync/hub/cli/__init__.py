"""The `touchpoint-hub` command, its parts by what they are about.

A part is loaded when one of its commands is asked for, so that `publish` does not wait for a web server's modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from sync.commands import PlainGroup, start_logging

_PARTS: Final = {
    "init": "serving",
    "serve": "serving",
    "import": "shelves",
    "withdraw": "shelves",
    "publish": "publishing",
    "compact": "publishing",
    "rotate": "publishing",
    "backup": "backups",
    "restore": "backups",
    "carry": "carrying",
    "shop": "kiosks",
    "provision": "kiosks",
    "records": "kiosks",
    "quarantine": "kiosks",
    "approve": "belonging",
    "deny": "belonging",
    "kiosks": "belonging",
    "ask": "belonging",
    "revoke": "belonging",
    "settings": "settings",
}
"""Each command, in the order of the help, with the module it is in."""


class _Parts(PlainGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _PARTS:
            return None
        part = import_module(f"sync.hub.cli.{_PARTS[cmd_name]}")
        command: click.Command = getattr(part, "import_" if cmd_name == "import" else cmd_name)
        return command


@click.group(cls=_Parts, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """The central hub: fill the shelves, publish them, and see what shops have sent."""
    start_logging()
