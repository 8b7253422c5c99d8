"""The `touchpoint-hub` command, its parts by what they are about."""

from __future__ import annotations

from typing import ClassVar

import click

from sync.commands import PlainGroup, start_logging


class _Hub(PlainGroup):
    parts: ClassVar = {
        "init": "sync.hub.cli.serving",
        "serve": "sync.hub.cli.serving",
        "import": "sync.hub.cli.shelves",
        "withdraw": "sync.hub.cli.shelves",
        "publish": "sync.hub.cli.publishing",
        "compact": "sync.hub.cli.publishing",
        "rotate": "sync.hub.cli.publishing",
        "backup": "sync.hub.cli.backups",
        "restore": "sync.hub.cli.backups",
        "migrate-db": "sync.hub.cli.backups",
        "carry": "sync.hub.cli.carrying",
        "shop": "sync.hub.cli.kiosks",
        "provision": "sync.hub.cli.kiosks",
        "records": "sync.hub.cli.kiosks",
        "quarantine": "sync.hub.cli.kiosks",
        "followups": "sync.hub.cli.followups",
        "retention": "sync.hub.cli.keeping",
        "approve": "sync.hub.cli.belonging",
        "deny": "sync.hub.cli.belonging",
        "kiosks": "sync.hub.cli.belonging",
        "ask": "sync.hub.cli.belonging",
        "revoke": "sync.hub.cli.belonging",
        "accounts": "sync.hub.cli.accounts",
        "staff": "sync.hub.cli.staff",
        "audit": "sync.hub.cli.audit",
        "settings": "sync.hub.cli.settings",
        "attendance": "sync.hub.cli.attendance",
        "postcodes": "sync.hub.cli.postcodes",
        "scans": "sync.hub.cli.scans",
    }


@click.group(cls=_Hub, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """The central hub: fill the shelves, publish them, and see what shops have sent."""
    start_logging()
