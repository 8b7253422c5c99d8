"""The `touchpoint-kiosk` command. What it needs is imported when a command needs it: `search` loads no screen."""

from __future__ import annotations

import fcntl
import platform
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from kiosk.carrying import carry
from kiosk.devices import display
from kiosk.errors import KioskError
from kiosk.options import data_option as _data
from kiosk.options import open_unit as _open
from sync import codes
from sync.commands import PlainGroup, start_logging
from sync.errors import HubUnreachableError, SyncError

if TYPE_CHECKING:
    from kiosk.services.services import Services
    from sync.client.identity import Identity

_RETRY_S = 5.0


class _Group(PlainGroup):
    """Knows the kiosk's own errors too."""

    foreseen = (KioskError, SyncError)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """A kiosk: good stuff to take away, in a shop near you."""
    start_logging()


@main.command()
@_data
@click.option("--provision", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A provisioning file.")
@click.option("--hub", default="", help="The hub's address. Default: that of the provisioning file, or the settings.")
@click.option("--offline", is_flag=True, help="Ask nobody: the hub hears of it by a stick, or when there is a line.")
@click.option("--again", is_flag=True, help="It may be enrolled already; what it has not sent yet is still sent.")
def enrol(data: Path | None, provision: Path | None, hub: str, offline: bool, again: bool) -> None:
    """Make this unit a kiosk of a shop.

    With a provisioning file it needs no hands, and the file is used up; else the code that is shown has to be typed at
    the hub.
    """
    from kiosk.devices import machine
    from sync.client import enrol as enrolment

    unit = _open(data)
    if provision is None:
        if offline:
            raise click.UsageError("--offline needs a provisioning file")
        mine = _by_code(unit, hub or unit.settings.hub_url, again=again)
    else:
        way = enrolment.enrol_offline if offline else enrolment.enrol
        path, serial = unit.settings.data / "identity.json", machine.serial(unit.settings.serial)
        mine = way(provision, hub, path, name=platform.node(), serial=serial, again=again)
    click.echo(f"This kiosk now belongs to {mine.shop_name}, with the hub {mine.hub_url or 'yet to be reached'}.")


@main.command()
@_data
@click.option("--hub", help="The hub's new address.")
@click.option(
    "--catalogue", help="Where the catalogue is fetched from now: a mirror's address, or - for the hub itself."
)
def moved(data: Path | None, hub: str | None, catalogue: str | None) -> None:
    """Tell this kiosk that its hub has another address now, or that its catalogue comes from elsewhere."""
    from sync.client import identity

    unit = _open(data)
    path = unit.settings.data / "identity.json"
    mine = identity.load(path)
    if mine is None:
        raise click.ClickException("this kiosk is not enrolled yet: run `touchpoint-kiosk enrol`")
    if hub is None and catalogue is None:
        raise click.UsageError("what has moved? Give --hub URL, --catalogue URL, or both")
    if hub is not None:
        mine = msgspec.structs.replace(mine, hub_url=_url(hub, "--hub"))
    if catalogue is not None:
        url = "" if catalogue == "-" else _url(catalogue, "--catalogue")
        mine = msgspec.structs.replace(mine, catalogue_url=url)
    identity.save(path, mine)
    click.echo(f"The hub is at {mine.hub_url}, and the catalogue comes from {mine.catalogues[0]}.")
    if unit.settings.catalogue_url:
        click.echo(f"Note: the setting catalogue_url wins: {unit.settings.catalogue_url}.", err=True)


@main.command()
@_data
@click.option("--once", is_flag=True, required=True, help="Make one pass and end. The agent makes them all day.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def sync(data: Path | None, once: bool, as_json: bool) -> None:
    """Send what waits and fetch what is new."""
    from kiosk import bootstrap

    assert once  # noqa: S101 (required by the option)
    unit = _open(data)
    passes = bootstrap.passes(unit)
    if passes is None:
        raise click.ClickException("this kiosk is not enrolled yet: run `touchpoint-kiosk enrol`")
    unit.usage.send_finished_days(unit.unit.now().date())
    report = passes.run()
    unit.unit.note_sync(report.outcome, report.message, heard=report.heard)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        click.echo(f"{report.outcome}: {report.items:,} items at revision {report.revision}, {report.files} new files")
        click.echo(f"{report.seconds:.2f} s, {report.bytes:,} bytes received, {report.sent} records sent")
        if report.message:
            click.echo(report.message, err=True)
    if not report.heard:
        sys.exit(1)


@main.command()
@_data
def agent(data: Path | None) -> None:
    """Work in the background until stopped: sync, print, tell the screen."""
    from kiosk import bootstrap
    from kiosk.devices import bell
    from kiosk.devices.bell import Bell
    from kiosk.services.services import bell_path

    unit = _open(data)
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


@main.command()
@_data
@click.option("--window", metavar="WxH", help="Not the whole screen: a window of this size, or auto.")
def run(data: Path | None, window: str | None) -> None:
    """Open the screen. The agent runs beside it."""
    size = _size(window) if window else None
    unit = _open(data)
    from kiosk.ui import launch

    sys.exit(launch.run(unit, window=size, fullscreen=size is None))


@main.command()
@_data
@click.option("--json", "as_json", is_flag=True, help="One JSON object a query.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.argument("query")
def search(data: Path | None, as_json: bool, limit: int, query: str) -> None:
    """Find things by QUERY; `-` reads queries from standard input, one a line."""
    unit = _open(data)
    unit.current.reading()
    for text in _queries(query):
        began = time.perf_counter()
        found = unit.shelves.search(text, limit=limit)
        ms = (time.perf_counter() - began) * 1000
        if as_json or query == "-":
            cards = [
                {"id": card.id, "code": card.code, "kind": card.kind, "title": card.title, "summary": card.summary}
                for card in found
            ]
            click.echo(msgspec.json.encode({"query": text, "ms": round(ms, 3), "items": cards}).decode())
            continue
        for card in found:
            click.echo(f"{codes.show(card.code)}  {card.kind:8}  {card.title}")
        if not found:
            click.echo("Nothing found.")


@main.command()
@_data
@click.argument("code")
def show(data: Path | None, code: str) -> None:
    """Show the item with this code."""
    from sync import wording

    unit = _open(data)
    item = unit.shelves.item(code=code)
    if item is None:
        raise click.ClickException(f"no item here has the code {codes.show(codes.read(code))}")
    click.echo(f"{item.title}\n{wording.one_line(item)}\n\n{item.summary}\n\n{item.body}\n")
    for file in item.files:
        here = "here" if unit.shelves.file_here(file) else "not here yet"
        click.echo(f"File: {file.name} ({wording.file_kind(file)}, {wording.size(file.size_bytes)}, {here})")
    click.echo(f"Code: {codes.show(item.code)}\nAddress: {unit.take_away.address(item)}")


@main.command()
@_data
@click.option("--rejected", is_flag=True, help="Those that the hub has refused, with the reasons.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a record.")
def records(data: Path | None, rejected: bool, as_json: bool) -> None:
    """List the records that wait to be sent: when they were made and of what kind, not what is in them."""
    from sync import outbox

    with _open(data).records.reading() as db:
        found = outbox.listed(db, "rejected" if rejected else "waiting")
    for row in found:
        if as_json:
            click.echo(msgspec.json.encode(row).decode())
        else:
            click.echo("  ".join(filter(None, (row["recorded_at"], row["kind"], row["id"], row["reason"]))))
    if not found and not as_json:
        click.echo("The hub has refused none." if rejected else "Nothing waits to be sent.")


@main.command()
@_data
def doctor(data: Path | None) -> None:
    """Look at everything and say in plain words what works and what does not."""
    from kiosk.services.doctor import examine

    faults = 0
    for finding in examine(_open(data)):
        mark = {"good": "ok  ", "note": "note", "fault": "FAULT"}[finding.state]
        click.echo(f"{mark:5}  {finding.what}: {finding.said}")
        faults += finding.state == "fault"
    if faults:
        sys.exit(1)


main.add_command(carry)


# -- inner -----------------------------------------------------------------------------------------------------


def _by_code(unit: Services, hub: str, *, again: bool) -> Identity:
    """Enrol by a code in the terminal. Ended in the middle, it goes on with the same code when it is run again."""
    from kiosk import bootstrap

    enrolling, shown = bootstrap.enrolling(unit, hub, again=again), ""
    while True:
        try:
            step = enrolling.step()
        except HubUnreachableError as error:
            if not shown:
                raise
            click.echo(f"Waiting for the hub: {error}", err=True)
            time.sleep(_RETRY_S)
            continue
        if step.identity:
            return step.identity
        if step.begun is None:
            raise click.ClickException("the hub's people turned this kiosk away")
        if step.begun.user_code != shown:
            shown = step.begun.user_code
            click.echo(f"Code: {shown}\nAt the hub ({step.begun.verification_url}), somebody runs:")
            click.echo(f"    touchpoint-hub approve {shown} --shop NAME\nWaiting. Ctrl-C is harmless.")
        time.sleep(step.wait_s)


@contextmanager
def _only_agent(data: Path) -> Iterator[None]:
    """Two agents would take each other's slips."""
    with (data / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise click.ClickException(f"an agent is running already for {data}") from error
        yield


def _url(text: str, option: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise click.BadParameter(f"{text!r} must look like https://hub.example.org", param_hint=option)
    return text.rstrip("/")


def _size(window: str) -> tuple[int, int]:
    if window == "auto":
        return display.portrait_that_fits()
    width, _, height = window.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 99 and int(height) > 99):
        raise click.BadParameter(f"{window!r} must be auto or look like 506x900", param_hint="--window")
    return int(width), int(height)


def _queries(query: str) -> Iterator[str]:
    if query != "-":
        yield query
        return
    for line in sys.stdin:
        if text := line.rstrip("\n"):
            yield text


if __name__ == "__main__":
    main()
