"""The `touchpoint-kiosk` command, its parts by what they are about. `search` loads no screen."""

from __future__ import annotations

from typing import ClassVar

import click

from kiosk.errors import KioskError
from sync.commands import PlainGroup, start_logging
from sync.errors import SyncError


class _Kiosk(PlainGroup):
    foreseen = (KioskError, SyncError)
    parts: ClassVar = {
        "enrol": "kiosk.cli.belonging",
        "moved": "kiosk.cli.belonging",
        "sync": "kiosk.cli.working",
        "agent": "kiosk.cli.working",
        "run": "kiosk.cli.working",
        "print": "kiosk.cli.printing",
        "printers": "kiosk.cli.printing",
        "carry": "kiosk.cli.carrying",
        "search": "kiosk.cli.looking",
        "show": "kiosk.cli.looking",
        "attendance": "kiosk.cli.attendance",
        "records": "kiosk.cli.looking",
        "doctor": "kiosk.cli.looking",
        "contact-sheet": "kiosk.cli.contact_sheet",
    }


@click.group(cls=_Kiosk, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """A kiosk: good stuff to take away, in a shop near you."""
    start_logging()
