"""The `touchpoint-hub` command."""

from __future__ import annotations

import csv
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import rich.progress
from rich.console import Console

from sync import codes
from sync.commands import PlainGroup, start_logging
from sync.hub import hub as hubs
from sync.hub import importing
from sync.hub.api import shop_names
from sync.hub.hub import Hub
from sync.hub.importing import Report, dpg, items
from sync.hub.store import inbox
from sync.records import Provision
from sync.replica.folder import write_in_one_step

_FORMATS: Final[dict[str, Callable[..., Any]]] = {"items": items.read, "dpg": dpg.read}
_SHOWN: Final = 20

_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOUCHPOINT_HUB_DATA",
    help="The hub's folder. Default: this platform's place for such.",
)


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="touchpoint")
def main() -> None:
    """The central hub: fill the shelves, publish them, and see what shops have sent."""
    start_logging()


@main.command()
@_data
@click.option("--base-url", default="", help="Where phones find the items. Default: where each kiosk was enrolled.")
def init(data: Path | None, base_url: str) -> None:
    """Make a hub: database, keys and folders. A second time changes nothing."""
    folder = hubs.folder_of(data)
    if not hubs.make(folder, base_url):
        click.echo(f"There is a hub in {folder.root} already; nothing was changed.")
        return
    click.echo(f"Made a hub in {folder.root}.")
    click.echo(f"Move the root key and its spare from {folder.offline} to two safe places off this machine.")


@main.command("import")
@_data
@click.option("--format", "form", type=click.Choice(sorted(_FORMATS)), default="items", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
def import_(data: Path | None, form: str, as_json: bool, paths: tuple[Path, ...]) -> None:
    """Take items in from files (`-`: standard input). Publish afterwards to bring them to the shops."""
    hub = _open(data)
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise click.ClickException(f"{path} does not exist")
    with _progress() as progress:
        task = progress.add_task("Reading", total=None)
        report = importing.take_in(
            _FORMATS[form](_folders_too(paths, form)),
            hub.database,
            hub.folder.blobs,
            who=hubs.COMMAND_LINE,
            progress=lambda count: progress.advance(task, count),
        )
    _tell(report, as_json=as_json)
    if report.skipped and not (report.taken or report.unchanged):
        sys.exit(1)


@main.command()
@_data
@click.option("--allow-shrink", is_flag=True, help="Kiosks may take it even if it empties most of their shelves.")
def publish(data: Path | None, allow_shrink: bool) -> None:
    """Pack and sign what changed. Shops have it at their next poll."""
    done = _open(data).publish(allow_shrink=allow_shrink)
    if done is None:
        click.echo("Nothing has changed since the last publication.")
        return
    packs = f"{len(done.new_packs)} pack{'' if len(done.new_packs) == 1 else 's'}, {done.new_bytes:,} bytes"
    click.echo(f"Published revision {done.revision}: {done.count:,} records on the shelves ({packs}).")


@main.command()
@_data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, help="0 picks a free one.")
def serve(data: Path | None, host: str, port: int) -> None:
    """Serve kiosks and phones until stopped. Prints the address first."""
    import uvicorn

    from sync.hub import app

    hub = _open(data)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{listening.getsockname()[1]}")
    sys.stdout.flush()
    config = uvicorn.Config(
        app.make(hub), log_level="warning", access_log=False, timeout_keep_alive=75, timeout_graceful_shutdown=5
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


@main.command()
@_data
@click.option("--shop", required=True, help="The shop's name; it is made if there is none.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--hub-url", default="", help="Put the hub's address into the file as well.")
def provision(data: Path | None, shop: str, out: Path, hub_url: str) -> None:
    """Make a file that enrols one kiosk without hands. Treat it like a key."""
    content: Provision = _open(data).provision(shop, hub_url)
    write_in_one_step(out, msgspec.json.encode(content), mode=0o600)
    click.echo(f"Wrote {out}: it enrols one kiosk at {shop}.")


@main.command()
@_data
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def records(data: Path | None, as_json: bool) -> None:
    """Show what shops have sent."""
    with _open(data).database.reading() as db:
        names = shop_names(db)
        found = [{**row, "shop": names.get(row["shop_id"], "")} for row in inbox.everything(db)]
    if as_json:
        for row in found:
            click.echo(msgspec.json.encode(row).decode())
        return
    if not found:
        click.echo("No shop has sent anything yet.")
        return
    table = csv.writer(sys.stdout, delimiter="\t")
    table.writerow(["received", "shop", "kind", "what"])
    for row in found:
        what = ", ".join(f"{name} {value}" for name, value in row["body"].items())
        table.writerow([row["received_at"], row["shop"], row["kind"], what])


@main.command()
@_data
@click.argument("code")
def withdraw(data: Path | None, code: str) -> None:
    """Take the item with this code off every shelf, at the next publication."""
    item = _open(data).withdraw(code)
    click.echo(f"Withdrew {item.title!r} ({codes.show(codes.read(code))}). Publish to bring this to the shops.")


@main.group()
def shop() -> None:
    """Look after shops."""


@shop.command("set")
@_data
@click.argument("name")
@click.option("--hours", help="Opening hours, such as 'Mo-Fr 09:30-17:00; Sa 10:00-16:00'.")
@click.option("--address")
@click.option("--postcode")
@click.option("--lat", type=click.FloatRange(-90, 90))
@click.option("--lon", type=click.FloatRange(-180, 180))
@click.option("--timezone", help="Such as Europe/London.")
def shop_set(data: Path | None, name: str, **changes: Any) -> None:
    """Make the shop NAME, or change what is given of it."""
    made = _open(data).set_shop(name, **changes)
    click.echo(f"{made.name}: {made.hours or 'no opening hours yet'}. Publish to bring this to the shops.")


# -- inner -----------------------------------------------------------------------------------------------------


def _open(data: Path | None) -> Hub:
    hub = Hub(hubs.folder_of(data))
    click.get_current_context().call_on_close(hub.close)
    return hub


def _folders_too(paths: tuple[Path, ...], form: str) -> list[Path]:
    """The sources to read; a folder of `items` stands for the NDJSON files in it."""
    if form != "items":
        return list(paths)
    found: list[Path] = []
    for path in paths:
        if str(path) != "-" and path.is_dir():
            inside = sorted(path.glob("*.ndjson"))
            if not inside:
                raise click.ClickException(f"there is no .ndjson file in {path}")
            found += inside
        else:
            found.append(path)
    return found


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"cannot serve on {host} port {port}: {os.strerror(error.errno or 0)}. "
            "Is another hub running? Try another --port, or 0."
        ) from error
    listening.listen(2048)
    return listening


def _progress() -> rich.progress.Progress:
    console = Console(stderr=True)
    return rich.progress.Progress(
        rich.progress.SpinnerColumn(),
        rich.progress.TextColumn("{task.description} {task.completed:,}"),
        rich.progress.TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        rows = [{"where": one.where, "why": one.why} for one in report.skipped]
        notes = [{"where": one.where, "note": one.why} for one in report.notes]
        found = {"taken": report.taken, "unchanged": report.unchanged, "skipped": rows, "notes": notes}
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in report.notes[:_SHOWN]:
        click.echo(f"{one.where}: {one.why}", err=True)
    for one in report.skipped:
        click.echo(f"{one.where}: skipped, {one.why}", err=True)
    click.echo(f"{report.taken:,} taken, {report.unchanged:,} unchanged, {len(report.skipped):,} skipped.")
