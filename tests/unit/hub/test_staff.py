"""Staff: who may open which kiosk, by a PIN that is told once; what is kept of it, what kiosks get, what voids it."""

from __future__ import annotations

import itertools
import json
import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard
from sqlalchemy import select

from sync import pins
from sync.hub.errors import HubError, UnknownError
from sync.hub.kiosks import mark_of
from sync.hub.store import audit, schema, staff
from sync.hub.store.staff import Person
from sync.messages import Batch, DeviceInfo, Enrolled, EnrolRequest, Heartbeat, Provision
from tests.conftest import TestHub
from tests.unit.hub.test_bundles import Unit
from tests.unit.hub.test_commands import hub as run

THEIR_PIN = "a PIN that no other bytes are by chance"
WHO = "a test"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same way of stretching, with so little memory that hundreds take no time."""
    monkeypatch.setattr(pins, "_MEMORY_KIB", 8)
    monkeypatch.setattr(pins, "_PASSES", 1)


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The PINs that chance draws next, the first of the list first; each must be drawn."""
    coming: list[str] = []
    monkeypatch.setattr(pins, "make", lambda: coming.pop(0))
    yield coming
    assert coming == []


def shop_id(hub: TestHub, name: str) -> str:
    return hub.hub.set_shop(name).id


def add(hub: TestHub, name: str, *shops: str) -> tuple[Person, str]:
    return hub.hub.people.add(name, [shop_id(hub, shop) for shop in shops or ("Mill Lane",)], WHO)


def enrolled(hub: TestHub, shop: str = "Mill Lane", name: str = "front") -> Enrolled:
    secret = hub.hub.provision(shop).secret
    return hub.hub.enrol(EnrolRequest(secret=secret, public_key="ab" * 32, name=name))


def told(hub: TestHub, kiosk: Enrolled) -> DeviceInfo:
    return hub.hub.device_info(kiosk.device_id)


def opens(info: DeviceInfo, pin: str) -> str:
    """Whose PIN it is to a kiosk that was told this; empty: nobody's."""
    found = pins.who(pin, info.staff, info.pin_secret)
    return found.id if found else ""


def noted(hub: TestHub) -> list[tuple[str, str, str]]:
    with hub.hub.database.reading() as db:
        return [(row["who"], row["what"], row["about"]) for row in audit.latest(db)]


def everybody(hub: TestHub, shop: str | None = None) -> list[str]:
    with hub.hub.database.reading() as db:
        return [one.name for one in staff.everybody(db, shop_id(hub, shop) if shop else None)]


# -- what a kiosk can check


def test_a_pin_opens_the_kiosks_of_its_shops_and_no_others(hub: TestHub) -> None:
    front, far = enrolled(hub), enrolled(hub, "Far End")
    amina, pin = add(hub, "Amina")
    bob, other = add(hub, "Bob", "Mill Lane", "Far End")
    assert pins.is_pin(pin) and pin != other
    mine = told(hub, front)
    assert [opens(mine, one) for one in (pin, other, "000001")] == [amina.id, bob.id, ""]
    assert [opens(told(hub, far), one) for one in (pin, other)] == ["", bob.id]
    assert [one.id for one in mine.staff] == sorted([amina.id, bob.id])


def test_what_one_kiosk_has_opens_no_other(hub: TestHub) -> None:
    first, second = told(hub, enrolled(hub)), told(hub, enrolled(hub, name="back"))
    assert len(bytes.fromhex(first.pin_secret)) == 32 and first.pin_secret != second.pin_secret
    add(hub, "Amina")
    first, second = hub.hub.device_info(first.device_id), hub.hub.device_info(second.device_id)
    assert first.staff[0].salt == second.staff[0].salt and first.staff[0].verifier != second.staff[0].verifier
    _amina, pin = hub.hub.people.renew("Amina", WHO)
    first, second = hub.hub.device_info(first.device_id), hub.hub.device_info(second.device_id)
    assert pins.who(pin, first.staff, first.pin_secret)
    assert pins.who(pin, first.staff, second.pin_secret) is None


def test_the_secret_of_a_kiosk_stays_the_same(hub: TestHub) -> None:
    kiosk = enrolled(hub)
    before = told(hub, kiosk)
    add(hub, "Amina")
    assert told(hub, kiosk).pin_secret == before.pin_secret
    assert mark_of(told(hub, kiosk)) == mark_of(told(hub, kiosk)) != mark_of(before)


def test_a_heartbeat_stretches_nothing(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = enrolled(hub)
    add(hub, "Amina")
    expected = mark_of(told(hub, kiosk))

    def never(pin: str, salt: str) -> bytes:
        raise AssertionError("stretched")

    monkeypatch.setattr(pins, "stretch", never)
    answer = hub.hub.heartbeat(kiosk.device_id, Heartbeat(at="2026-11-21T09:00:00+00:00"))
    assert answer.device == expected


def test_a_reply_on_a_stick_brings_them_sealed(hub: TestHub) -> None:
    amina, pin = add(hub, "Amina")
    unit = Unit(hub)
    reply = unit.send(unit.bundle([]))
    assert reply.device and opens(reply.device, pin) == amina.id
    assert b"verifier" not in msgspec.json.encode(reply.enrolled) and reply.enrolled


@pytest.mark.usefixtures("quick")
def test_a_whole_shops_staff_fits_into_a_reply(hub: TestHub) -> None:
    for number in range(staff.MOST):
        add(hub, f"{number}")
    unit = Unit(hub)
    reply = unit.send(unit.bundle([]))
    assert reply.device and len(reply.device.staff) == staff.MOST


# -- nobody has another's PIN


@pytest.mark.usefixtures("quick")
def test_two_at_one_shop_never_have_the_same_pin(hub: TestHub, draws: list[str]) -> None:
    draws += ["482913", "482913", "482913", "571402"]
    assert add(hub, "Amina")[1] == "482913"
    assert add(hub, "Bob")[1] == "571402"
    draws += ["482913"]
    assert add(hub, "Zoe", "Far End")[1] == "482913", "nobody at that shop has it"
    draws += ["571402", "482913", "333444"]
    assert add(hub, "Moses", "Far End", "Mill Lane")[1] == "333444"
    draws += ["482913", "571402", "690817"]
    assert hub.hub.people.renew("Moses", WHO)[1] == "690817"
    draws += ["571402", "904186"]
    assert hub.hub.people.renew("Bob", WHO)[1] == "904186", "not one's own again either: the old one ends"


@pytest.mark.usefixtures("quick")
def test_one_who_came_while_a_pin_was_drawn_counts(
    hub: TestHub, draws: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draws += ["482913", "482913", "571402"]
    reading, came = staff.kept_pins, itertools.count()

    def and_then_one_comes(db: object, shop_ids: object) -> object:
        found = reading(db, shop_ids)  # type: ignore[arg-type]
        if next(came) == 0:
            add(hub, "Amina")
        return found

    monkeypatch.setattr(staff, "kept_pins", and_then_one_comes)
    assert add(hub, "Bob")[1] == "571402"


@pytest.mark.usefixtures("quick")
def test_whoever_meets_others_at_a_new_shop_gets_a_new_pin(hub: TestHub, draws: list[str]) -> None:
    draws += ["for the provisioning file", "482913", "482913"]
    kiosk = enrolled(hub)
    mill, far, new = shop_id(hub, "Mill Lane"), shop_id(hub, "Far End"), shop_id(hub, "New Street")
    amina, _ = add(hub, "Amina")
    add(hub, "Zoe", "Far End")
    draws += ["571402", "482913", "690817", "for nobody"]
    assert hub.hub.people.change_shops("Amina", [new], [], WHO)[1] == "", "nobody else is there"
    changed, pin, _ = hub.hub.people.change_shops("Amina", [far], [], WHO)
    assert pin == "690817" and changed.shops == tuple(sorted([mill, far, new]))
    assert opens(told(hub, kiosk), pin) == amina.id and opens(told(hub, kiosk), "482913") == ""
    changed, pin, dropped = hub.hub.people.change_shops("Amina", [], [mill], WHO)
    assert (pin, dropped, told(hub, kiosk).staff) == ("", [mill], [])
    assert noted(hub)[0] == (WHO, "staff shops changed", f"{amina.id} -{mill}")


@pytest.mark.usefixtures("quick")
def test_a_change_of_shops_that_changes_nothing_notes_nothing(hub: TestHub) -> None:
    add(hub, "Amina")
    before = noted(hub)
    mill, far = shop_id(hub, "Mill Lane"), shop_id(hub, "Far End")
    assert hub.hub.people.change_shops("Amina", [mill], [far], WHO)[1:] == ("", [])
    for wrong, says in (([], [mill]), "no shop any more"), (([far], [far]), "which is meant"):
        with pytest.raises(HubError, match=says):
            hub.hub.people.change_shops("Amina", *wrong, WHO)
    assert noted(hub) == before


# -- what ends a PIN


def test_who_was_removed_opens_nothing_and_nothing_is_left_of_the_pin(hub: TestHub) -> None:
    kiosk = enrolled(hub)
    amina, _ = add(hub, "Amina")
    assert [one.id for one in told(hub, kiosk).staff] == [amina.id]
    hub.hub.people.remove("Amina", WHO)
    assert told(hub, kiosk).staff == [] and everybody(hub) == []
    with hub.hub.database.reading() as db:
        row = db.execute(select(schema.staff)).one()
    assert (row.name, row.salt, row.stretched) == ("Amina", "", "") and row.removed_at
    assert noted(hub)[0] == (WHO, "staff removed", amina.id)
    for again in (hub.hub.people.remove, hub.hub.people.renew):
        with pytest.raises(UnknownError, match="nobody"):
            again(amina.id, WHO)


def test_a_revoked_kiosk_makes_the_pins_void_that_it_could_check(hub: TestHub, tmp_path: Path) -> None:
    front, back, far = enrolled(hub), enrolled(hub, name="back"), enrolled(hub, "Far End", "far")
    add(hub, "Amina")
    add(hub, "Bob", "Mill Lane", "Far End")
    zoe, zoes = add(hub, "Zoe", "Far End")
    said = run(tmp_path, "revoke", "front").output
    assert "2 people need a new PIN" in said and "touchpoint-hub staff pin NAME" in said and "Amina, Bob." in said
    assert told(hub, back).staff == [] and opens(told(hub, far), zoes) == zoe.id
    assert len(told(hub, far).staff) == 1
    assert [what for _, what, _ in noted(hub)[:3]] == ["staff PIN void, kiosk revoked"] * 2 + ["kiosk revoked"]
    assert noted(hub)[0][2].endswith(f" {front.device_id}")
    listed = run(tmp_path, "staff list").output.splitlines()
    assert ["needs a new PIN" in line for line in listed[1:]] == [True, True, False]
    renewed = json.loads(run(tmp_path, "staff pin", "Bob", "--json").output)
    assert opens(told(hub, back), renewed["pin"]) == opens(told(hub, far), renewed["pin"]) == renewed["id"]
    assert "new PIN" not in run(tmp_path, "revoke", "front").output, "it has had nothing since"
    assert opens(told(hub, back), renewed["pin"]) == renewed["id"]


def test_one_who_needs_a_new_pin_gets_none_by_moving(hub: TestHub) -> None:
    enrolled(hub)
    add(hub, "Amina")
    add(hub, "Zoe", "Far End")
    hub.hub.kiosks.revoke("front", who=WHO)
    changed, pin, _ = hub.hub.people.change_shops("Amina", [shop_id(hub, "Far End")], [], WHO)
    assert changed.needs_pin and pin == ""


# -- what is said to nobody


def test_a_pin_is_nowhere_but_where_it_was_told(
    hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pins, "make", lambda: THEIR_PIN)
    caplog.set_level(logging.DEBUG)
    hub.take({"key": "pot", "title": "Cook for ten"})
    provision = hub.hub.provision("Mill Lane")
    kiosk = hub.hub.enrol(EnrolRequest(secret=provision.secret, public_key="ab" * 32, name="front"))
    assert provision.setup_pin == THEIR_PIN in run(tmp_path, "staff add", "Amina Whoever", "--shop", "Mill Lane").output
    hub.publish()
    hub.hub.take(kiosk.device_id, Batch(records=[]))
    hub.hub.heartbeat(kiosk.device_id, Heartbeat(at="2026-11-21T09:00:00+00:00"))
    hub.publish()
    info = msgspec.json.encode(told(hub, kiosk)).decode()
    assert opens(told(hub, kiosk), THEIR_PIN)
    said = caplog.text + "".join(
        run(tmp_path, command).output
        for command in ("records", "audit", "audit --json", "staff list", "staff list --json", "kiosks --json")
    )
    assert "Amina Whoever" in said
    files = [path for path in hub.folder.rglob("*") if path.is_file()]
    assert {"1.root.json", "hub.toml" if hub.hub.database.is_server else "hub.db"} <= {path.name for path in files}
    for where in (said, info, msgspec.json.encode(kiosk).decode()):
        assert THEIR_PIN not in where
    for path in files:
        assert THEIR_PIN.encode() not in path.read_bytes(), path
    published = [path for path in files if hub.hub.folder.catalogue in path.parents]
    secrets = [told(hub, kiosk).staff[0].verifier, told(hub, kiosk).staff[0].salt, told(hub, kiosk).pin_secret]
    for path in published:
        assert not any(word.encode() in path.read_bytes() for word in [*secrets, "Amina"]), path
    assert any(path.suffix == ".pack" for path in published)
    assert "Amina" not in info and "Amina" not in caplog.text


def test_packs_hold_no_people_even_unpacked(hub: TestHub) -> None:
    hub.take({"key": "pot", "title": "Cook for ten"})
    add(hub, "Amina Whoever")
    hub.publish()
    packs = list(hub.hub.folder.catalogue.rglob("*.pack"))
    content = [zstandard.ZstdDecompressor().decompress(path.read_bytes()) for path in packs]
    assert any(b"Cook for ten" in one for one in content)
    assert not any(b"Amina" in one for one in content)


# -- as it is typed


def test_staff_are_added_listed_and_found(hub: TestHub, tmp_path: Path) -> None:
    run(tmp_path, "shop set", "Mill Lane")
    run(tmp_path, "shop set", "Far End")
    assert "Nobody may open a kiosk yet" in run(tmp_path, "staff list").output
    said = run(tmp_path, "staff add", " Amina ", "--shop", "Mill Lane", "--shop", "Mill Lane").output
    assert "may open the kiosks of Mill Lane." in said and "'s PIN is " in said
    bob = json.loads(run(tmp_path, "staff add", "Bob", "--shop", "Far End", "--shop", "Mill Lane", "--json").output)
    assert pins.is_pin(bob["pin"]) and bob["shops"] == ["Far End", "Mill Lane"]
    rows = [json.loads(line) for line in run(tmp_path, "staff list", "--json").output.splitlines()]
    assert [row["name"] for row in rows] == ["Amina", "Bob"]
    assert set(rows[0]) == {"id", "name", "shops", "added_at", "pin_at", "needs_pin"}
    assert "Amina" not in run(tmp_path, "staff list", "--shop", "Far End").output
    run(tmp_path, "staff add", "Zoe", "--shop", "Far End")
    added = run(tmp_path, "staff shops", "Amina", "--add", "Far End").output
    assert "Far End, Mill Lane" in added and "'s PIN is " in added
    assert "They keep their PIN" in run(tmp_path, "staff shops", "Amina", "--drop", "Far End").output
    assert "was removed" in run(tmp_path, "staff remove", bob["id"][:23]).output
    latest = json.loads(run(tmp_path, "audit", "--json").output.splitlines()[0])
    assert (latest["who"], latest["what"], latest["about"]) == ("command line", "staff removed", bob["id"])
    assert run(tmp_path, "audit").output.startswith("at\twho\twhat\tabout\n")


def test_two_of_one_name_are_told_apart_by_their_ids(hub: TestHub) -> None:
    first, _ = add(hub, "Amina")
    second, _ = add(hub, "Amina", "Far End")
    with pytest.raises(UnknownError, match=f"several people, give the id: .*{second.id}"):
        hub.hub.people.renew("Amina", WHO)
    assert hub.hub.people.renew(second.id, WHO)[0].id == second.id
    hub.hub.people.remove(second.id, WHO)
    assert hub.hub.people.renew("Amina", WHO)[0].id == first.id


def test_an_unknown_shop_is_refused_and_not_made(hub: TestHub, tmp_path: Path) -> None:
    run(tmp_path, "shop set", "Mill Lane")
    for words in (
        ["staff add", "Amina", "--shop", "Mill Lane", "--shop", "Nowhere"],
        ["staff list", "--shop", "Nowhere"],
    ):
        result = run(tmp_path, *words)
        assert result.exit_code == 1 and "there is no shop 'Nowhere'" in result.output
    assert everybody(hub) == []
    with pytest.raises(UnknownError, match="no shop with the id"):
        hub.hub.people.add("Amina", ["nowhere"], WHO)
    with pytest.raises(HubError, match="needs a shop"):
        hub.hub.people.add("Amina", [], WHO)
    assert run(tmp_path, "staff add", "Amina").exit_code == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "1 to 80 letters"),
        (" \n", "1 to 80 letters"),
        ("x" * 10_000, "has 10000"),
        ("\x1b]0;mine\x07Amina", "cannot be shown"),
        ("Amina\nBob", "cannot be shown"),
        ("Am\u202eina", "cannot be shown"),
        ("Amina\0", "cannot be shown"),
        ("Amina\ud800", "cannot be shown"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(hub: TestHub, name: str, says: str) -> None:
    with pytest.raises(HubError, match=says) as refusal:
        add(hub, name)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 300
    assert everybody(hub) == [] and noted(hub) == []
    with pytest.raises(UnknownError):
        hub.hub.people.remove(name, WHO)


@pytest.mark.parametrize(
    "name", ["José", "আমিনা", "ਅਮੀਨਾ", "آمنہ", "O'Hara-Żurek", "ক্‌ষ", "'; DROP TABLE staff; --", "=1+1"]
)
def test_names_of_all_scripts_are_names(hub: TestHub, name: str) -> None:
    made, _ = add(hub, unicodedata.normalize("NFD", name))
    assert everybody(hub, "Mill Lane") == [unicodedata.normalize("NFC", name)]
    assert hub.hub.people.remove(name, WHO).id == made.id


@pytest.mark.usefixtures("quick")
def test_a_shop_has_at_most_so_many_people(hub: TestHub) -> None:
    added = 0
    for number in range(200):
        try:
            add(hub, f"Person {number}", "Mill Lane", "Far End")
        except HubError as error:
            assert "40 people" in str(error) and "staff remove" in str(error)
        else:
            added += 1
    assert added == staff.MOST == len(told(hub, enrolled(hub)).staff)
    add(hub, "Elsewhere", "New Street")
    with pytest.raises(HubError, match="Far End has 40 people"):
        hub.hub.people.change_shops("Elsewhere", [shop_id(hub, "Far End")], [], WHO)
    hub.hub.people.remove("Person 7", WHO)
    hub.hub.people.change_shops("Elsewhere", [shop_id(hub, "Far End")], [], WHO)
    assert "Elsewhere" in everybody(hub, "Far End")


def test_a_provisioning_file_brings_a_pin_for_the_first_time(hub: TestHub, tmp_path: Path) -> None:
    path = tmp_path / "provision.json"
    said = run(tmp_path, "provision", "--shop", "Mill Lane", "--out", str(path)).output
    content = msgspec.json.decode(path.read_bytes(), type=Provision)
    assert pins.is_pin(content.setup_pin) and not pins.is_easy(content.setup_pin)
    assert f"the PIN {content.setup_pin} opens the staff's corner once" in said
    assert path.stat().st_mode & 0o777 == 0o600
    assert content.setup_pin != hub.hub.provision("Mill Lane").setup_pin
