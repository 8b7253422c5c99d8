"""What the doctor finds where something is wrong with the unit itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kiosk.services.doctor import Finding, examine
from sync.client import identity
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_a_stick_between_shops import set_up
from tests.unit.sync.test_clock import DAY, certificate, serving


def found(kiosk: TestKiosk) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(kiosk.services)}


def _is_noise(path: Path) -> None:
    path.write_bytes(b"noise" * 10_000)


def _has_noise_inside(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


@pytest.mark.parametrize("damage", [_is_noise, _has_noise_inside])
def test_with_a_damaged_catalogue_all_the_rest_is_looked_at_too(
    shop: TestKiosk, damage: Callable[[Path], None]
) -> None:
    path = shop.services.replicas.current()
    assert path
    well = found(shop)
    shop.services.close()
    damage(path)
    shop.restart()
    said = found(shop)
    assert said.keys() == well.keys()
    assert (said["Catalogue"].state, said["Files"].state) == ("fault", "note")


def test_a_unit_that_is_served_by_stick_is_not_told_that_the_hub_takes_what_it_sends(
    hub: TestHub, tmp_path: Path
) -> None:
    far = set_up(hub, tmp_path / "far")
    far.services.unit.note_sending("current", "", heard=True)
    assert "goes by stick" in found(far)["Sending"].said
    far.services.close()


def test_while_the_clock_is_wrong_the_hub_can_be_asked_all_the_same(
    shop: TestKiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's certificate counts from a day that has yet to come by this machine's clock."""
    now = dt.datetime.now(dt.UTC)
    pem = certificate(tmp_path, "later", now + DAY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    (shop.folder / "sync" / "hub-time").write_text((now + 2 * DAY).isoformat())
    mine = identity.load(shop.folder / "identity.json")
    assert mine
    for url in serving(pem):
        identity.save(shop.folder / "identity.json", msgspec.structs.replace(mine, hub_url=url.rstrip("/")))
        said = found(shop)
        assert said["Clock"].state == "fault" and "it is no hub" in said["Hub"].said
