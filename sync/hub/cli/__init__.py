"""The `touchpoint-hub` command, its parts by what they are about."""

from __future__ import annotations

import click

from sync.commands import PlainGroup, start_logging
from sync.hub.cli import belonging, kiosks, publishing, serving, settings, shelves


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """The central hub: fill the shelves, publish them, and see what shops have sent."""
    start_logging()


for command in (
    serving.init,
    serving.serve,
    shelves.import_,
    shelves.withdraw,
    publishing.publish,
    kiosks.shop,
    kiosks.provision,
    kiosks.records,
    kiosks.quarantine,
    belonging.approve,
    belonging.deny,
    belonging.revoke,
    belonging.ask,
    belonging.kiosks,
    settings.settings,
):
    main.add_command(command)
