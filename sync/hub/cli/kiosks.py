"""Shops and their kiosks: who belongs, and what they have sent."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from sync.hub.cells import shown
from sync.hub.cli.options import data_option, open_hub
from sync.hub.store import inbox
from sync.hub.store.catalogue import shop_names
from sync.messages import Provision
from sync.replica.folder import write_in_one_step


@click.command()
@data_option
@click.option("--shop", required=True, help="The shop's name; it is made if there is none.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--hub-url", default="", help="Put the hub's address into the file as well.")
def provision(data: Path | None, shop: str, out: Path, hub_url: str) -> None:
    """Make a file that enrols one kiosk without hands. Treat it like a key."""
    if not os.access(folder := out.absolute().parent, os.W_OK | os.X_OK):
        raise click.ClickException(
            f"nothing can be written into {folder}: let --out be in a folder that is there and belongs to the user who "
            "runs this (on a hub's own server: touchpoint)"
        )
    if out.exists():
        raise click.ClickException(
            f"{out} is there already, perhaps for another kiosk: give another name, or remove it"
        )
    content: Provision = open_hub(data).provision(shop, hub_url)
    write_in_one_step(out, msgspec.json.encode(content), mode=0o600)
    click.echo(f"Wrote {out}: it enrols one kiosk at {content.shop_name}.")
    click.echo(
        f"There the PIN {content.setup_pin} opens the staff's corner once, until the hub has said who its staff are."
    )


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def records(data: Path | None, as_json: bool) -> None:
    """Show what shops have sent."""
    with open_hub(data).database.reading() as db:
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
        table.writerow(shown([row["received_at"], row["shop"], row["kind"], what]))


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the whole record.")
def quarantine(data: Path | None, as_json: bool) -> None:
    """Show which records were refused, and why."""
    with open_hub(data).database.reading() as db:
        names = shop_names(db)
        found = [{**row, "shop": names.get(row["shop_id"], "")} for row in inbox.quarantined(db)]
    if as_json:
        for row in found:
            click.echo(msgspec.json.encode(row).decode())
        return
    if not found:
        click.echo("No record was refused.")
        return
    table = csv.writer(sys.stdout, delimiter="\t")
    table.writerow(["received", "shop", "kiosk", "kind", "record", "why"])
    for row in found:
        kiosk = row["device_name"] or row["device_id"]
        said = [row["received_at"], row["shop"], kiosk, row["record"]["kind"], row["id"], row["reason"]]
        table.writerow(shown(said))


@click.group()
def shop() -> None:
    """Look after shops."""


@shop.command("set")
@data_option
@click.argument("name")
@click.option("--hours", help="Opening hours, such as 'Mo-Fr 09:30-17:00; Sa 10:00-16:00'.")
@click.option("--address")
@click.option("--postcode")
@click.option("--lat", type=click.FloatRange(-90, 90))
@click.option("--lon", type=click.FloatRange(-180, 180))
@click.option("--timezone", help="Such as Europe/London.")
def shop_set(data: Path | None, name: str, **changes: Any) -> None:
    """Make the shop NAME, or change what is given of it."""
    made = open_hub(data).set_shop(name, **changes)
    click.echo(f"{made.name}: {made.hours or 'no opening hours yet'}. Publish to bring this to the shops.")
