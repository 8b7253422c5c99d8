"""The unit at work: a pass by hand, the agent, the screen."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
import msgspec

from kiosk.cli.options import data_option, open_unit
from kiosk.devices import display
from sync import locks
from sync.commands import busy

NICE: Final = 5
"""The agent gives way to the screen, where somebody is waiting."""


@click.command()
@data_option
@click.option("--once", is_flag=True, required=True, help="Make one pass and end. The agent makes them all day.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def sync(data: Path | None, once: bool, as_json: bool) -> None:
    """Send what waits and fetch what is new."""
    from kiosk import bootstrap

    assert once  # noqa: S101 (required by the option)
    unit = open_unit(data)
    passes = bootstrap.passes(unit)
    if passes is None:
        raise click.ClickException("this kiosk is not enrolled yet: run `touchpoint-kiosk enrol`")
    unit.usage.send_finished_days(unit.unit.now().date())
    with busy("Sending what waits and fetching what is new"):
        report = passes.run()
    missing = report.files_missing
    unit.unit.note_sync(report.outcome, report.message, heard=report.heard, files_missing=missing)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        click.echo(f"{report.outcome}: {report.items:,} items at revision {report.revision}, {report.files} new files")
        click.echo(f"{report.seconds:.2f} s, {report.bytes:,} bytes received, {report.sent} records sent")
        if report.message:
            click.echo(report.message, err=True)
    if not report.heard:
        sys.exit(1)


@click.command()
@data_option
def agent(data: Path | None) -> None:
    """Work in the background until stopped: sync, print, tell the screen."""
    from kiosk import bootstrap
    from kiosk.devices import bell
    from kiosk.devices.bell import Bell
    from kiosk.services.services import bell_path

    os.nice(NICE)
    unit = open_unit(data)
    path = bell_path(unit.settings.data)
    with _only_agent(unit.settings.data):
        worker = bootstrap.agent(unit)

        def stop(*_: object) -> None:
            worker.stop()
            bell.ring(path, bell.STOP)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        with Bell(path) as listener:
            worker.run(listener)


@click.command()
@data_option
@click.option("--window", metavar="WxH", help="Not the whole screen: a window of this size, or auto.")
def run(data: Path | None, window: str | None) -> None:
    """Open the screen. The agent runs beside it."""
    size = _size(window) if window else None
    unit = open_unit(data)
    from kiosk.ui import launch

    sys.exit(launch.run(unit, window=size, fullscreen=size is None))


# -- inner -----------------------------------------------------------------------------------------------------


@contextmanager
def _only_agent(data: Path) -> Iterator[None]:
    """Two agents would take each other's slips."""
    with locks.held_if_free(data / "agent.lock") as alone:
        if not alone:
            raise click.ClickException(f"an agent is running already for {data}")
        yield


def _size(window: str) -> tuple[int, int]:
    if window == "auto":
        return display.portrait_that_fits()
    width, _, height = window.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 99 and int(height) > 99):
        raise click.BadParameter(f"{window!r} must be auto or look like 506x900", param_hint="--window")
    return int(width), int(height)
