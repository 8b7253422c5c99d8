"""Which kiosks belong: approve, deny, revoke, and how each of them is."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from sync.hub.cells import shown
from sync.hub.cli.options import data_option, open_hub, shop_id_of
from sync.hub.store import heartbeats
from sync.hub.store.catalogue import shop_names
from sync.hub.store.staff import Person

_shop_option = click.option("--shop", help="Only a kiosk of this shop is meant.")


@click.command()
@data_option
@click.argument("code")
@click.option("--shop", required=True, help="The shop's name; it is made if there is none.")
def approve(data: Path | None, code: str, shop: str) -> None:
    """Let the kiosk that shows CODE on its screen belong to a shop."""
    made = open_hub(data).approve(code, shop)
    click.echo(f"{made.name or 'The kiosk'} now belongs to {shop}. It goes on by itself within seconds.")


@click.command()
@data_option
@click.argument("code")
def deny(data: Path | None, code: str) -> None:
    """Turn the kiosk that shows CODE away."""
    name = open_hub(data).kiosks.deny(code)
    click.echo(f"{name or 'The kiosk'} was turned away.")


@click.command()
@data_option
@click.argument("kiosk")
@_shop_option
def revoke(data: Path | None, kiosk: str, shop: str | None) -> None:
    """Take nothing from KIOSK (its name or device id) any more, as when it was stolen.

    It goes on showing the catalogue, which is public, and keeps what it has not sent until it is enrolled again. The
    PINs of its shop's staff are void, on every kiosk.
    """
    hub = open_hub(data)
    found, void = hub.kiosks.revoke(kiosk, shop_id_of(hub, shop))
    click.echo(f"Revoked {found.name or 'the kiosk'} ({found.id}).")
    for heir in hub.kiosks.heirs(found.id):
        click.echo(f"Note: {heir.name or 'a kiosk'} ({heir.id}) came after it, by its key.", err=True)
        click.echo(f"If you do not know that one: touchpoint-hub revoke {heir.id}", err=True)
    if void:
        whose = "1 person needs" if len(void) == 1 else f"{len(void)} people need"
        click.echo(f"{whose} a new PIN, as this kiosk knew enough of the old to guess it: {_names(void)}.")
        click.echo("For each: touchpoint-hub staff pin NAME. `touchpoint-hub staff list` shows who still needs one.")


@click.command()
@data_option
@click.argument("kiosk")
@click.argument("what", type=click.Choice(["sync", "test-slip"]))
@_shop_option
def ask(data: Path | None, kiosk: str, what: str, shop: str | None) -> None:
    """Ask KIOSK (its name or device id) to do something at its next heartbeat."""
    hub = open_hub(data)
    found, command = hub.kiosks.ask(kiosk, what.replace("-", "_"), shop_id_of(hub, shop))
    click.echo(f"{found.name or found.id} does it at its next heartbeat, unless that is after {command.expires_at}.")


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def kiosks(data: Path | None, as_json: bool) -> None:
    """List every kiosk and how it said it was."""
    with open_hub(data).database.reading() as db:
        names = shop_names(db)
        found = [{"shop": names.get(row["shop_id"], ""), **row} for row in heartbeats.kiosks(db)]
    if as_json:
        for row in found:
            click.echo(msgspec.json.encode(row).decode())
        return
    if not found:
        click.echo("No kiosk has been enrolled yet.")
        return
    table = csv.writer(sys.stdout, delimiter="\t")
    table.writerow(["shop", "name", "device", "last seen", "revision", "waiting", "rejected", "printers", "state"])
    for row in found:
        beat = row["heartbeat"]
        said = [beat.revision, beat.waiting, beat.rejected, ", ".join(beat.printers)] if beat else [""] * 4
        table.writerow(shown([row["shop"], row["name"], row["device"], row["seen_at"] or "never", *said, _state(row)]))


def _names(people: list[Person]) -> str:
    return ", ".join(person.name for person in people)


def _state(row: dict[str, Any]) -> str:
    if row["revoked_at"]:
        return "revoked"
    if row["succeeded"]:
        return "another came after it"
    return row["heartbeat"].outcome if row["heartbeat"] else "not heard of yet"
