"""How this unit is, for the hub: its heartbeat, as far as the unit itself knows."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from importlib.metadata import PackageNotFoundError, version

from kiosk.services.services import Services
from sync.errors import ReplicaError
from sync.messages import Heartbeat


def describe(unit: Services, drawn_at: dt.datetime | None = None) -> Heartbeat:
    """Revision, freshness, disk and printer; what concerns records and identity is added by who sends it.

    Args:
        drawn_at: when the screen last drew a frame, aware; None where that is not known.
    """
    status, states = unit.unit.sync_status(), unit.printers.states()
    checked = dt.datetime.fromtimestamp(status.checked_at, dt.UTC).isoformat() if status.checked_at else ""
    return Heartbeat(
        at="",
        program=program(),
        revision=_revision(unit),
        outcome=status.outcome,
        checked_at=checked,
        drawn_at=drawn_at.isoformat(timespec="seconds") if drawn_at else "",
        files_missing=status.files_missing,
        free_bytes=shutil.disk_usage(unit.settings.data).free,
        printer=" ".join(state.address.partition(":")[0] for state in states),
        printers=[f"{printer.state} paper_low" if printer.paper_low else printer.state for printer in states],
    )


def program() -> str:
    """This program's version; empty where it was not installed as a package."""
    try:
        return version("touchpoint")
    except PackageNotFoundError:
        return ""


def _revision(unit: Services) -> int:
    with contextlib.suppress(ReplicaError):
        if replica := unit.current.get():
            return replica.revision
    return 0
