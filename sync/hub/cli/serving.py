"""Making a hub, and serving it."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from pathlib import Path

import click

from sync.hub import hub as hubs
from sync.hub import where
from sync.hub.cli.options import data_option, open_hub


@click.command(epilog=where.HELP)
@data_option
@click.option("--base-url", default="", help="Where phones find the items. Default: where each kiosk was enrolled.")
def init(data: Path | None, base_url: str) -> None:
    """Make a hub: database, keys and folders. A second time changes nothing."""
    folder = hubs.folder_of(data)
    if not hubs.make(folder, base_url):
        click.echo(f"There is a hub in {folder.root} already; nothing was changed.")
        if base_url:
            click.echo("For another base URL: `touchpoint-hub settings set base_url URL`.", err=True)
        return
    elsewhere = "" if folder.is_alone else f", its database in {where.show(folder.database_url)}"
    click.echo(f"Made a hub in {folder.root}{elsewhere}.")
    click.echo(f"Move the root key and its spare from {folder.offline} to two safe places off this machine.")


@click.command(epilog=where.HELP)
@data_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks a free one.")
def serve(data: Path | None, host: str, port: int) -> None:
    """Serve kiosks and phones until stopped. Prints the address first."""
    import uvicorn

    from sync.hub import app
    from sync.hub.cli.publishing import warn_of_root_keys

    hub = open_hub(data)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{listening.getsockname()[1]}")
    sys.stdout.flush()
    warn_of_root_keys(hub)
    config = uvicorn.Config(
        app.make(hub), log_level="warning", access_log=False, timeout_keep_alive=75, timeout_graceful_shutdown=5
    )
    try:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is ended by hand
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


# -- inner -----------------------------------------------------------------------------------------------------


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        taken = error.errno == errno.EADDRINUSE
        hint = "Is another hub running? Try another --port, or 0." if taken else "Is that an address of this machine?"
        raise click.ClickException(f"cannot serve on {host} port {port}: {why}. {hint}") from error
    listening.listen(2048)
    return listening
