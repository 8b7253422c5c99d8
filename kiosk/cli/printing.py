"""Slips and printers: draw or print a slip, find printers, try one."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.cli.options import data_option, open_unit
from kiosk.devices import bell
from sync.commands import busy

if TYPE_CHECKING:
    from kiosk.domain.slips import Slip
    from kiosk.services.services import Services

_LAYOUTS: Final = ("58mm", "80mm", "a6", "a4", "62mm", "large")
_LOOK_S: Final = 0.1
_TEST_S: Final = 60.0
"""So long a test slip may take."""


@click.command("print")
@data_option
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("--layout", type=click.Choice(_LAYOUTS), help="The paper of a file. Default: 80mm, or a4 for a PDF.")
@click.option("--large", is_flag=True, help="In large print.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the slip into this .png or .pdf, print nothing.",
)
def print_(data: Path | None, codes: tuple[str, ...], layout: str | None, large: bool, out: Path | None) -> None:
    """Print a slip with the items of these codes, by way of the queue, or draw it into a file."""
    if layout and not out:
        raise click.UsageError("--layout is of a file, so it needs --out; a printer's layout stands in its address")
    if out and out.suffix.lower() not in (".png", ".pdf"):
        raise click.BadParameter(f"{str(out)!r} must end in .png or .pdf", param_hint="--out")
    unit = open_unit(data)
    items = []
    for code in codes:
        item = unit.shelves.item(code=code)
        if item is None:
            raise click.ClickException(f"no item here has the code {code}")
        items.append(item)
    if out:
        usual = "a4" if out.suffix.lower() == ".pdf" else "80mm"
        _draw(unit.take_away.slip(items, large=large), layout or usual, out)
        return
    if not unit.wake_agent(bell.SLIP):
        raise click.ClickException("the agent is not running, so nothing is printed: start `touchpoint-kiosk agent`")
    _follow(unit, unit.take_away.print_slip(items, large=large))


def _draw(slip: Slip, layout: str, out: Path) -> None:
    from kiosk.devices.slips import documents
    from kiosk.devices.slips.layouts import LAYOUTS

    paper = LAYOUTS[layout].of(slip)
    try:
        out.write_bytes(documents.pdf(slip, paper) if out.suffix.lower() == ".pdf" else documents.png(slip, paper))
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: {layout}")


def _follow(unit: Services, job_id: str) -> None:
    """Wait until the slip is out, or it is known that it will not be."""
    from kiosk.store.queue import STALE_S

    told = ""
    with busy("Printing"):
        deadline = time.monotonic() + STALE_S + 5
        while (job := unit.take_away.job(job_id)) and not job.ended and time.monotonic() < deadline:
            if job.reason and job.reason != told:
                click.echo(f"waiting: {_WAITS.get(job.reason, job.reason)}", err=True)
                told = job.reason
            time.sleep(_LOOK_S)
    state = job.state if job else "unknown"
    click.echo(f"{job.outcome}" if job and job.outcome else _ENDS.get(state, _ENDS["sending"]))
    sys.exit(0 if state == "printed" else 1)


_ENDS: Final = {
    "printed": "printed",
    "unknown": "sent; whether it came out nobody can say: look",
    "shown": "not printed within a minute: see `touchpoint-kiosk printers`",
    "queued": "not printed yet: see `touchpoint-kiosk printers`",
    "sending": "the printer does not answer; whether it came out is found out when it does",
}
_WAITS: Final = {
    "offline": "the printer does not answer",
    "paper_out": "the printer has no paper",
    "cover_open": "the printer's lid is open",
    "busy": "the printer is busy",
    "fault": "the printer has a fault",
}


@click.group(invoke_without_command=True)
@data_option
@click.pass_context
def printers(context: click.Context, data: Path | None) -> None:
    """How this unit's printers are; `find` looks for printers, `test` tries one."""
    if context.invoked_subcommand:
        return
    for printer in open_unit(data).printers.states():
        low = ", its paper ends soon" if printer.paper_low and printer.state != "paper_out" else ""
        state = _WAITS.get(printer.state, printer.state) or "nothing is known of it until the agent has run"
        click.echo(f"{printer.address}  {state}{low}")


@printers.command()
@click.option("--seconds", type=click.FloatRange(0.5, 60), default=3.0, show_default=True, help="How long to listen.")
def find(seconds: float) -> None:
    """Look for printers on USB, serial lines and the network, and say what to put into the settings."""
    from kiosk.devices.printers import finding

    with busy("Looking for printers"):
        found = list(finding.find(seconds))
    for printer in found:
        click.echo(f"{printer.address}  {printer.name}")
    if not found:
        click.echo("No printer was found. Is it on, and on this network or cable?", err=True)
        sys.exit(1)


@printers.command()
@data_option
@click.argument("address", required=False)
def test(data: Path | None, address: str | None) -> None:
    """Print a test slip at ADDRESS, or by way of the queue at this unit's own printers."""
    unit = open_unit(data)
    if address is None:
        if not unit.wake_agent(bell.SLIP):
            raise click.ClickException("the agent is not running: give an ADDRESS, or start `touchpoint-kiosk agent`")
        _follow(unit, unit.take_away.print_test_slip("this unit's operator"))
        return
    if len(address.split()) != 1:
        raise click.UsageError("ADDRESS is that of one printer")
    from kiosk import bootstrap
    from kiosk.errors import PrinterError

    (printer,) = bootstrap.printers(unit, address)
    deadline = time.monotonic() + _TEST_S
    status = printer.status()
    click.echo(f"{address}: {_WAITS.get(status.state, status.state)} {status.words}".rstrip())
    try:
        sending = printer.prepare("test")
        with busy("Printing"):
            slip = unit.take_away.test_slip("this unit's operator")
            printer.print(slip, sending, lambda status: status.at_work and time.monotonic() < deadline)
        click.echo("printed, and the printer says so")
    except PrinterError as error:
        if error.state != "unknown":
            raise
        click.echo("sent. This printer does not say what came out: look whether a whole slip is there.")
    finally:
        printer.close()
    click.echo(f"To use it, put this into {unit.settings.data / 'settings.toml'} and start the agent again:")
    click.echo(f'printer = "{address}"')
