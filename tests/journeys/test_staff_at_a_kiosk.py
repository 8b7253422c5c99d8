"""Who may open a kiosk's staff corner is decided at the hub and known in the shop, on line and off."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest

from kiosk import bootstrap
from sync import pins
from sync.client.http import HubClient
from sync.client.up import heard
from sync.messages import DeviceInfo
from tests.conftest import TestHub, TestKiosk
from tests.support.belonging import who

pytestmark = pytest.mark.both_databases


def turn(kiosk: TestKiosk) -> None:
    """The way up once, heartbeat and all, as a new process would go it."""
    with contextlib.closing(bootstrap.upstream(kiosk.services)) as upstream:
        assert upstream.run(beat=True).beat


def known(kiosk: TestKiosk) -> heard.KnownDevice:
    return heard.load_device(kiosk.folder / "identity.json")


def opens(kiosk: TestKiosk, pin: str) -> bool:
    info = known(kiosk).info
    return pins.who(pin, info.staff, info.pin_secret) is not None


def test_staff_reach_the_kiosk_at_its_next_heartbeat_and_go_again(hub: TestHub, shop: TestKiosk) -> None:
    turn(shop)
    nobody = known(shop)
    assert nobody.info.pin_secret and nobody.info.staff == []
    _amina, pin = hub.hub.people.add("Amina", [who(shop).shop_id], "a test")
    assert not opens(shop, pin)
    turn(shop)
    path = shop.folder / "device.json"
    assert opens(shop, pin) and known(shop).mark != nobody.mark
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Amina" not in path.read_bytes()
    _amina, other = hub.hub.people.renew("Amina", "a test")
    turn(shop)
    assert opens(shop, other) and not opens(shop, pin)
    hub.stop()
    shop.restart()
    assert opens(shop, other)
    hub.serve()
    hub.hub.people.remove("Amina", "a test")
    turn(shop)
    assert not opens(shop, other) and known(shop).info == nobody.info and known(shop).mark == nobody.mark


def test_the_mark_of_what_a_device_may_know_changes_with_its_staff_alone(hub: TestHub, shop: TestKiosk) -> None:
    with contextlib.closing(HubClient(hub.url, who(shop).token)) as client:
        first = client.get("/v1/device", DeviceInfo)
        assert first and client.get("/v1/device", DeviceInfo, mark=first[1]) is None
        elsewhere = hub.hub.set_shop("Elsewhere").id
        hub.hub.people.add("Zoe", [elsewhere], "a test")
        assert client.get("/v1/device", DeviceInfo, mark=first[1]) is None
        hub.hub.people.change_shops("Zoe", [who(shop).shop_id], [], "a test")
        second = client.get("/v1/device", DeviceInfo, mark=first[1])
        assert second and second[1] != first[1] and len(second[0].staff) == 1


def test_nothing_of_staff_lies_anywhere_else_in_the_kiosk(hub: TestHub, shop: TestKiosk) -> None:
    hub.hub.people.add("Amina", [who(shop).shop_id], "a test")
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    turn(shop)
    shop.sync()
    info = known(shop).info
    words = [info.pin_secret.encode(), info.staff[0].verifier.encode(), info.staff[0].salt.encode(), b"Amina"]

    def holds(path: Path) -> bool:
        return any(word in path.read_bytes() for word in words)

    assert [path.name for path in shop.folder.rglob("*") if path.is_file() and holds(path)] == ["device.json"]
    assert msgspec.json.decode((shop.folder / "device.json").read_bytes(), type=heard.KnownDevice).info == info


def test_a_set_up_pin_does_not_come_back_with_the_last_of_the_staff_gone(hub: TestHub, shop: TestKiosk) -> None:
    """Nobody touched the pad while there were staff: it is closed by what was heard, not by who tried."""
    door = shop.services.door
    door.expect("493027")
    turn(shop)
    assert door.has_keys()
    hub.hub.people.add("Amina", [who(shop).shop_id], "a test")
    turn(shop)
    hub.hub.people.remove("Amina", "a test")
    turn(shop)
    assert not known(shop).info.staff and not door.has_keys()
    assert door.sign_in("493027").outcome == "nobody"
