"""Making a hub, and serving it."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sync.hub import hub as hubs
from sync.hub import locks, where
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
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that serve.")
@click.option(
    "--log",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="TOUCHPOINT_LOG",
    help="json: a line for each request too, for programs; without addresses, codes and tokens.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Also believe this proxy, or network of them, who is asking; one on this machine is believed anyway.",
)
def serve(data: Path | None, host: str, port: int, workers: int, log: str, proxies: tuple[str, ...]) -> None:
    """Serve kiosks and phones until stopped. Prints the address first."""
    from sync.hub.cli.publishing import warn_of_root_keys
    from sync.hub.operating import processes

    hub = open_hub(data)  # brought to this version here, before several processes open it
    locks.check_machine(hub.folder)
    with _listening(host, port) as sockets:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{sockets[0].getsockname()[1]}")
        sys.stdout.flush()
        warn_of_root_keys(hub)
        hub.close()
        processes.serve(processes.Making(hub.folder.root, log, workers), sockets, proxies)


# -- inner -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """One socket; for `::`, which is every address of this machine, one for IPv6 and one for IPv4.

    On a socket for both an IPv4 client has another name, by which no proxy is known.
    """
    with contextlib.ExitStack() as open_:
        sockets = [open_.enter_context(_listen(host, port))]
        if host == "::":
            sockets.append(open_.enter_context(_listen("0.0.0.0", sockets[0].getsockname()[1])))  # noqa: S104
        yield sockets


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == "::":
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
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
