"""Who may sign in at the hub's own pages."""

from __future__ import annotations

from pathlib import Path

import click

from sync.hub import team
from sync.hub.cli.options import data_option, open_hub, shop_id_of, who
from sync.hub.store import accounts as store
from sync.hub.store import catalogue
from sync.hub.store.accounts import Account

_at_option = click.option("--at", default="", help="Where the hub is found. Default: its base_url.")


@click.group()
def accounts() -> None:
    """Who may sign in at the hub's own pages, /admin."""


@accounts.command()
@data_option
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(store.ROLES), default=store.EDITOR, show_default=True)
@_at_option
@click.option("--shop", "shops", multiple=True, help="A coordinator's shop, by its name; may be given several times.")
def invite(data: Path | None, name: str, email: str, role: str, at: str, shops: tuple[str, ...]) -> None:
    """Make an account, and print the link with which its owner chooses a password."""
    hub = open_hub(data)
    shop_ids = [found for shop in shops if (found := shop_id_of(hub, shop))]
    _tell(*team.invite(hub.database, name, email, role, shop_ids, who()), at or hub.base_url)


@accounts.command(name="link")
@data_option
@_at_option
@click.argument("email")
def link_(data: Path | None, at: str, email: str) -> None:
    """Print a new link for somebody who forgot the password."""
    hub = open_hub(data)
    _tell(*team.invite_again(hub.database, email, who()), at or hub.base_url)


@accounts.command()
@data_option
@click.argument("email")
def remove(data: Path | None, email: str) -> None:
    """Somebody may not sign in any more, and is signed out at once."""
    gone = team.remove(open_hub(data).database, email, who())
    click.echo(f"{gone.name} may not sign in any more.")


@accounts.command(name="list")
@data_option
def list_(data: Path | None) -> None:
    """List everybody who may sign in."""
    hub = open_hub(data)
    with hub.database.reading() as db:
        there, shops = store.everybody(db), catalogue.shop_names(db)
    if not there:
        click.echo("Nobody yet: `touchpoint-hub accounts invite NAME EMAIL --role administrator` makes the first.")
    for one in there:
        at = ", ".join(shops.get(shop, shop) for shop in one.shops)
        waits = "" if one.password else "  has not chosen a password yet"
        click.echo(f"{one.name}  {one.email}  {one.role}{f' of {at}' if at else ''}{waits}")


def _tell(account: Account, token: str, base_url: str) -> None:
    click.echo(f"{account.name} ({account.role}) chooses a password here, within seven days:")
    click.echo(f"{base_url.rstrip('/') or 'http://127.0.0.1:8080'}/admin/welcome/{token}")
    if not base_url:
        click.echo("This hub has no base_url, so put its own address in front of /admin if it is another.", err=True)
