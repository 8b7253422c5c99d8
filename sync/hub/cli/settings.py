"""What can be set at the hub, for itself and for kiosks."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub import settings as store
from sync.hub.cli.options import data_option, open_hub, shop_id_of
from sync.hub.store.catalogue import shop_names
from sync.settings import DEVICE, WORD_NAMES, is_word

_shop_option = click.option("--shop", help="For the kiosks of this shop only.")


@click.group()
def settings() -> None:
    """See and change settings, of the hub and of all kiosks or one shop's."""


@settings.command("set")
@data_option
@_shop_option
@click.argument("key")
@click.argument("value")
def set_(data: Path | None, shop: str | None, key: str, value: str) -> None:
    """Set KEY to VALUE. Kiosks have it at their next heartbeat."""
    hub = open_hub(data)
    shop_id = shop_id_of(hub, shop)
    with hub.database.writing() as db:
        said = store.put(db, key, value, shop_id or "")
    click.echo(f"{key} = {store.key_named(key).shown(said)}{f' at {shop}' if shop else ''}")


@settings.command()
@data_option
@_shop_option
@click.argument("key")
def get(data: Path | None, shop: str | None, key: str) -> None:
    """Show what KEY is set to; nothing where it was not set."""
    hub = open_hub(data)
    shop_id = shop_id_of(hub, shop)
    with hub.database.reading() as db:
        value = store.get(db, key, shop_id or "")
    click.echo("" if value is None else store.key_named(key).shown(value))


@settings.command()
@data_option
@_shop_option
@click.argument("key")
def unset(data: Path | None, shop: str | None, key: str) -> None:
    """Let KEY be what it is by itself."""
    hub = open_hub(data)
    shop_id = shop_id_of(hub, shop)
    with hub.database.writing() as db:
        was_set = store.drop(db, key, shop_id or "")
    click.echo(f"{key} is no longer set." if was_set else f"{key} was not set.")


@settings.command("list")
@data_option
def list_(data: Path | None) -> None:
    """List every setting: what it is set to, and what it is for."""
    with open_hub(data).database.reading() as db:
        names = shop_names(db)
        found = list(store.everything(db))
    for key in store.KNOWN.values():
        scope = "kiosks" if key.name in DEVICE else "hub"
        click.echo(f"{key.name} ({scope}): {key.meaning}")
        for one in found:
            if one.key == key.name:
                click.echo(f"    {key.shown(one.value)}{_where(one, names)}")
    click.echo(f"word.NAME, word.NAME.LANGUAGE (kiosks): Words of the surgery, such as {WORD_NAMES}.")
    for one in found:
        if is_word(one.key):
            click.echo(f"    {one.key} = {one.value}{_where(one, names)}")


def _where(one: store.Set, names: dict[str, str]) -> str:
    return f" at {names.get(one.shop_id, one.shop_id)}" if one.shop_id else ""
