"""Staff: who may open which shops' kiosks, and their PINs, each of which is told once."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from sync.hub.cli.options import data_option, open_hub, shop_id_of
from sync.hub.hub import COMMAND_LINE, Hub
from sync.hub.store import staff as store
from sync.hub.store.catalogue import shop_names
from sync.hub.store.staff import Person

_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def staff() -> None:
    """See and change who may open shops' kiosks.

    NAME is a name as it was given, or an id, or the beginning of an id.
    """


@staff.command()
@data_option
@click.argument("name")
@click.option("--shop", "shops", required=True, multiple=True, help="A shop's name; may be given several times.")
@_json_option
def add(data: Path | None, name: str, shops: tuple[str, ...], as_json: bool) -> None:
    """Let NAME open the kiosks of a shop. Their PIN is shown once."""
    hub = open_hub(data)
    made, pin = hub.people.add(name, _shop_ids(hub, shops), COMMAND_LINE)
    if as_json:
        _tell_json(hub, made, pin)
        return
    click.echo(f"{made.name} ({made.id}) may open the kiosks of {_shops(hub, made)}.")
    _tell_pin(made, pin)


@staff.command()
@data_option
@click.argument("name")
def remove(data: Path | None, name: str) -> None:
    """Let NAME open nothing any more. What they logged stays."""
    gone = open_hub(data).people.remove(name, COMMAND_LINE)
    click.echo(f"{gone.name} ({gone.id}) was removed. Kiosks know it at their next heartbeat.")


@staff.command()
@data_option
@click.argument("name")
@_json_option
def pin(data: Path | None, name: str, as_json: bool) -> None:
    """Give NAME a new PIN. It is shown once; the old one ends."""
    hub = open_hub(data)
    person, made = hub.people.renew(name, COMMAND_LINE)
    if as_json:
        _tell_json(hub, person, made)
        return
    _tell_pin(person, made)


@staff.command("shops")
@data_option
@click.argument("name")
@click.option("--add", "added", multiple=True, metavar="SHOP", help="They may open this shop's kiosks too.")
@click.option("--drop", "dropped", multiple=True, metavar="SHOP", help="They may no longer open this shop's.")
@_json_option
def shops_(data: Path | None, name: str, added: tuple[str, ...], dropped: tuple[str, ...], as_json: bool) -> None:
    """Change which shops' kiosks NAME may open.

    Whoever meets others at a new shop gets a new PIN, as one of those might have the same.
    """
    if not added and not dropped:
        raise click.UsageError("say which shop: --add SHOP or --drop SHOP")
    hub = open_hub(data)
    person, made, left = hub.people.change_shops(name, _shop_ids(hub, added), _shop_ids(hub, dropped), COMMAND_LINE)
    if as_json:
        _tell_json(hub, person, made)
        return
    click.echo(f"{person.name} ({person.id}) may open the kiosks of {_shops(hub, person)}.")
    if made:
        _tell_pin(person, made)
    elif left:
        click.echo(f"They keep their PIN. If it should change as well: touchpoint-hub staff pin {person.id}")


@staff.command("list")
@data_option
@click.option("--shop", help="Only the people of this shop.")
@_json_option
def list_(data: Path | None, shop: str | None, as_json: bool) -> None:
    """List who may open which shops' kiosks."""
    hub = open_hub(data)
    shop_id = shop_id_of(hub, shop)
    with hub.database.reading() as db:
        found, names = store.everybody(db, shop_id), shop_names(db)
    if as_json:
        for person in found:
            click.echo(msgspec.json.encode(_row(person, names)).decode())
        return
    if not found:
        click.echo("Nobody may open a kiosk yet: touchpoint-hub staff add NAME --shop SHOP")
        return
    table = csv.writer(sys.stdout, delimiter="\t")
    table.writerow(["name", "id", "shops", "since", "PIN"])
    for person in found:
        said = "needs a new PIN" if person.needs_pin else f"since {person.pin_at[:10]}"
        table.writerow([person.name, person.id, ", ".join(_named(person, names)), person.added_at[:10], said])


def _shop_ids(hub: Hub, names: tuple[str, ...]) -> list[str]:
    return [found for name in names if (found := shop_id_of(hub, name))]


def _tell_pin(person: Person, made: str) -> None:
    click.echo(f"{person.name}'s PIN is {made}. It is shown this once and kept nowhere: give it to nobody else.")
    click.echo("Kiosks know it at their next heartbeat; one that never connects, by its next stick.")
    click.echo(f"If it is forgotten, or somebody else saw it: touchpoint-hub staff pin {person.id}")


def _tell_json(hub: Hub, person: Person, made: str) -> None:
    with hub.database.reading() as db:
        row = _row(person, shop_names(db))
    click.echo(msgspec.json.encode(row | ({"pin": made} if made else {})).decode())


def _row(person: Person, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "shops": _named(person, names),
        "added_at": person.added_at,
        "pin_at": person.pin_at,
        "needs_pin": person.needs_pin,
    }


def _shops(hub: Hub, person: Person) -> str:
    with hub.database.reading() as db:
        return ", ".join(_named(person, shop_names(db)))


def _named(person: Person, names: dict[str, str]) -> list[str]:
    return sorted(names.get(shop_id, shop_id) for shop_id in person.shops)
