"""Whose kiosk this is: enrolment, and a hub that has moved."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from kiosk.cli.options import data_option, open_unit
from sync.errors import HubUnreachableError

if TYPE_CHECKING:
    from kiosk.services.services import Services
    from sync.client.identity import Identity

_RETRY_S: Final = 5.0


@click.command()
@data_option
@click.option("--provision", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A provisioning file.")
@click.option("--hub", default="", help="The hub's address. Default: that of the provisioning file, or the settings.")
@click.option("--offline", is_flag=True, help="Ask nobody: the hub hears of it by a stick, or when there is a line.")
@click.option("--again", is_flag=True, help="It may be enrolled already; what it has not sent yet is still sent.")
def enrol(data: Path | None, provision: Path | None, hub: str, offline: bool, again: bool) -> None:
    """Make this unit a kiosk of a shop.

    With a provisioning file it needs no hands, and the file is used up; else the code that is shown has to be typed at
    the hub.
    """
    from kiosk.devices import bell, machine
    from sync.client import enrol as enrolment

    unit = open_unit(data)
    if provision is None:
        if offline:
            raise click.UsageError("--offline needs a provisioning file")
        mine = _by_code(unit, hub or unit.settings.hub_url, again=again)
    else:
        setup_pin = enrolment.read_provision(provision).setup_pin  # before the file is used up
        way = enrolment.enrol_offline if offline else enrolment.enrol
        path, serial = unit.settings.data / "identity.json", machine.serial(unit.settings.serial)
        claim = unit.records.claim if again else None
        mine = way(provision, hub, path, name=platform.node(), serial=serial, again=claim)
        unit.door.expect(setup_pin)
    unit.wake_agent(bell.SYNC)
    click.echo(f"This kiosk now belongs to {mine.shop_name}, with the hub {mine.hub_url or 'yet to be reached'}.")


@click.command()
@data_option
@click.option("--hub", help="The hub's new address.")
@click.option(
    "--catalogue", help="Where the catalogue is fetched from now: a mirror's address, or - for the hub itself."
)
def moved(data: Path | None, hub: str | None, catalogue: str | None) -> None:
    """Tell this kiosk that its hub has another address now, or that its catalogue comes from elsewhere."""
    from sync.client import identity

    unit = open_unit(data)
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
            raise click.ClickException("the hub's people turned this kiosk away; ask them, and run this again")
        if step.begun.user_code != shown:
            shown = step.begun.user_code
            click.echo(f"Code: {shown}\nAt the hub ({step.begun.verification_url}), somebody runs:")
            click.echo(f"    touchpoint-hub approve {shown} --shop NAME\nWaiting. Ctrl-C is harmless.")
        time.sleep(step.wait_s)


def _url(text: str, option: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise click.BadParameter(f"{text!r} must look like https://hub.example.org", param_hint=option)
    return text.rstrip("/")
