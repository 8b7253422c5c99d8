"""A unit that comes to belong to a shop once more, as another device or in another place: no record is lost by it."""

from __future__ import annotations

import contextlib
import itertools
import uuid
from pathlib import Path

import msgspec
import pytest
import requests
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from kiosk import bootstrap
from kiosk.cli import main as kiosk_main
from sync import outbox
from sync.client import enrol, identity
from sync.client.http import HubClient
from sync.errors import HubRejectedError, SyncError
from sync.hub.store import inbox, schema
from sync.hub.store import succession as succession_store
from sync.messages import AgainRequest, CodeRequest, Former, succession
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.belonging import at_the_hub, code_of, note, shown, waiting, who


@pytest.mark.parametrize("way", ["code", "file"])
def test_a_revoked_kiosk_shows_on_keeps_its_records_and_sends_them_when_enrolled_again(
    hub: TestHub, shop: TestKiosk, way: str
) -> None:
    first = who(shop)
    sent = note(shop)
    assert shop.sync().sent == 1
    hub.hub.kiosks.revoke(first.device_id)
    kept = note(shop, 3)
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    report = shop.sync()
    assert report.outcome == "rejected" and "revoked" in report.message
    assert "Something new" in shop.titles() and waiting(shop) == 3
    with pytest.raises(HubRejectedError, match="revoked"):
        enrol.become_another(shop.folder / "identity.json", shop._passes._upstream._client)  # type: ignore[union-attr]
    if way == "code":
        enrolling = code_of(shop, hub, again=True)
        hub.hub.approve(shown(enrolling.step()), "Mill Lane")
        enrolling.step()
    else:
        source = shop.folder / "p.json"
        source.write_bytes(msgspec.json.encode(hub.hub.provision("Mill Lane")))
        with pytest.raises(SyncError, match="--again"):
            enrol.enrol(source, hub.url, shop.folder / "identity.json")
        enrol.enrol(source, hub.url, shop.folder / "identity.json", again=shop.services.records.claim)
    shop.restart()
    mine = note(shop)
    assert shop.sync().sent == 4 and waiting(shop) == 0
    second = who(shop).device_id
    assert at_the_hub(hub) == dict.fromkeys(sent + kept, first.device_id) | dict.fromkeys(mine, second)


@pytest.mark.parametrize("way", ["code", "file", "offline"])
def test_what_one_shop_logged_is_not_credited_to_the_next(served: TestHub, kiosk: TestKiosk, way: str) -> None:
    """A unit that only sticks serve sets out to send nothing, so nobody was the origin of its records yet."""
    source = kiosk.folder / "p.json"
    source.write_bytes(msgspec.json.encode(served.hub.provision("Mill Lane")))
    pending = enrol.enrol_offline(source, "", kiosk.folder / "identity.json").pending
    assert pending
    first = enrol.complete(kiosk.folder / "identity.json", served.hub.enrol(pending)).device_id
    logged = note(kiosk, 2)
    if way == "code":
        enrolling = bootstrap.enrolling(kiosk.services, served.url, again=True)
        served.hub.approve(shown(enrolling.step()), "Station Road")
        enrolling.step()
    else:
        source.write_bytes(msgspec.json.encode(served.hub.provision("Station Road", served.url)))
        more = ["--offline"] if way == "offline" else []
        words = ["enrol", "--again", *more, "--provision", str(source), "--data", str(kiosk.folder)]
        assert CliRunner().invoke(kiosk_main, words).exit_code == 0
    kiosk.restart()
    second = who(kiosk).device_id
    later = note(kiosk)
    assert first != second and kiosk.sync().sent == 3
    assert at_the_hub(served) == dict.fromkeys(logged, first) | dict.fromkeys(later, second)


@pytest.mark.parametrize("way", ["code", "file", "offline"])
def test_a_unit_enrolled_anew_before_its_hub_has_heard_of_it_loses_nothing(
    served: TestHub, kiosk: TestKiosk, way: str
) -> None:
    source, path = kiosk.folder / "p.json", kiosk.folder / "identity.json"
    logged, shops = {}, {}
    for shop in ("Mill Lane", "Station Road"):
        provision = served.hub.provision(shop, served.url)
        source.write_bytes(msgspec.json.encode(provision))
        mine = enrol.enrol_offline(source, "", path, again=kiosk.services.records.claim)
        logged |= dict.fromkeys(note(kiosk, 2), mine.device_id)
        shops[mine.device_id] = provision.shop_id
        kiosk.restart()
    if way == "code":
        enrolling = code_of(kiosk, served, again=True)
        served.hub.approve(shown(enrolling.step()), "High Street")
        enrolling.step()
    else:
        source.write_bytes(msgspec.json.encode(served.hub.provision("High Street", served.url)))
        anew = enrol.enrol_offline if way == "offline" else enrol.enrol
        anew(source, served.url, path, again=kiosk.services.records.claim)
    kiosk.restart()
    later = dict.fromkeys(note(kiosk), who(kiosk).device_id)
    assert kiosk.sync().sent == 5 and at_the_hub(served) == logged | later
    with served.hub.database.reading() as db:
        rows = list(db.execute(select(schema.device).where(schema.device.c.id.in_(shops))))
        unused = list(db.execute(select(schema.provision).where(schema.provision.c.used_by.is_(None))))
    assert {row.id: row.shop_id for row in rows} == shops and all(row.revoked_at for row in rows)
    assert not unused


def test_two_units_that_were_set_up_by_one_file_both_send_what_they_logged(
    served: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    second = TestKiosk(tmp_path / "second")
    content = msgspec.json.encode(served.hub.provision("Mill Lane", served.url))
    for unit in (kiosk, second):
        (unit.folder / "p.json").write_bytes(content)
        enrol.enrol_offline(unit.folder / "p.json", "", unit.folder / "identity.json")
        unit.restart()
    logged = [*note(kiosk, 2), *note(second, 3)]
    assert kiosk.sync().sent == 2
    said = second.sync()
    assert said.outcome == "rejected" and "make another" in said.message
    (second.folder / "p.json").write_bytes(msgspec.json.encode(served.hub.provision("Mill Lane", served.url)))
    enrol.enrol(second.folder / "p.json", "", second.folder / "identity.json", again=second.services.records.claim)
    second.restart()
    logged += note(second)
    wait_for(lambda: second.sync().outcome != "rejected" and not waiting(second))
    logged += note(kiosk)
    assert kiosk.sync().outcome != "rejected" and not waiting(kiosk)
    assert set(at_the_hub(served)) == set(logged)
    second.services.close()


def test_what_was_promised_to_one_is_given_to_no_other(served: TestHub, kiosk: TestKiosk) -> None:
    provision = served.hub.provision("Mill Lane", served.url)
    thief = Ed25519PrivateKey.generate()
    public_key = identity.public_key_of(thief)
    signature = thief.sign(succession(provision.device_id, public_key)).hex()
    for promised in ("", "ab" * 32, "nothing like it: \u00fc"):
        claimed = Former(device_id=provision.device_id, signature=signature, public_key=public_key, promise=promised)
        asked = CodeRequest(public_key=public_key, former=[claimed])
        answer = requests.post(f"{served.url}/v1/enrol/code", data=msgspec.json.encode(asked), timeout=5)
        assert answer.status_code == 403 and "proof" in answer.json()["error"]
    (kiosk.folder / "p.json").write_bytes(msgspec.json.encode(provision))
    mine = enrol.enrol(kiosk.folder / "p.json", "", kiosk.folder / "identity.json")
    assert mine.device_id == provision.device_id


def test_however_deep_they_are_only_so_many_former_devices_are_looked_at(served: TestHub) -> None:
    claimed: list[Former] = []
    keys = [Ed25519PrivateKey.generate() for _ in range(succession_store.MOST + 2)]
    for key, heir in itertools.pairwise(keys):
        one, heirs_key = str(uuid.uuid4()), identity.public_key_of(heir)
        signature = key.sign(succession(one, heirs_key)).hex()
        claimed = [Former(device_id=one, signature=signature, public_key=identity.public_key_of(key), former=claimed)]
    asked = CodeRequest(public_key=identity.public_key_of(keys[-1]), former=claimed)
    answer = requests.post(f"{served.url}/v1/enrol/code", data=msgspec.json.encode(asked), timeout=5)
    assert answer.status_code == 400 and "at most" in answer.json()["error"]


def test_a_unit_that_was_tried_at_a_large_hub_takes_what_a_small_one_has(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}"} for n in range(40)))
    hub.publish()
    assert shop.sync().outcome == "updated" and len(shop.titles()) == 42
    small = TestHub(tmp_path / "small")
    small.take({"key": "pot", "title": "Soup"})
    small.publish()
    small.serve()
    source = shop.folder / "p.json"
    source.write_bytes(msgspec.json.encode(small.hub.provision("Mill Lane")))
    enrol.enrol(source, small.url, shop.folder / "identity.json", again=shop.services.records.claim)
    shop.restart()
    assert (shop.sync().outcome, shop.titles()) == ("updated", ["Soup"])
    small.close()


def test_a_copy_that_becomes_another_still_pulls_from_its_mirror(shop: TestKiosk) -> None:
    mirror = "https://mirror.example.org/catalogue"
    words = ["moved", "--catalogue", mirror, "--data", str(shop.folder)]
    assert CliRunner().invoke(kiosk_main, words).exit_code == 0
    before = who(shop)
    with contextlib.closing(HubClient(before.hub_url)) as client:
        enrol.become_another(shop.folder / "identity.json", client)
    assert who(shop).device_id != before.device_id and who(shop).catalogues == before.catalogues
    assert who(shop).catalogues[0] == mirror


def test_a_refused_enrolment_leaves_the_staffs_own_pin(served: TestHub, kiosk: TestKiosk) -> None:
    path = kiosk.folder / "p.json"
    path.write_bytes(msgspec.json.encode(served.hub.provision("Mill Lane", served.url)))
    setup_pin = enrol.read_provision(path).setup_pin
    words = ["enrol", "--offline", "--provision", str(path), "--data", str(kiosk.folder)]
    assert CliRunner().invoke(kiosk_main, words).exit_code == 0
    door, own = kiosk.services.door, "258147"
    assert door.choose(setup_pin, own).outcome == "welcome"
    path.write_bytes(msgspec.json.encode(served.hub.provision("Mill Lane", served.url)))
    refused = CliRunner().invoke(kiosk_main, words)
    assert refused.exit_code != 0 and "--again" in refused.output
    assert door.sign_in(own).outcome == "welcome"


def test_nobody_becomes_another_without_its_key(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    victim = who(shop)
    other = TestKiosk(tmp_path / "other")
    other.enrol(hub, "Elsewhere")
    stranger = who(other).former("ab" * 32)
    forged = Former(device_id=victim.device_id, signature=stranger.signature, public_key=stranger.public_key)
    asked = {"public_key": "ab" * 32, "former": [msgspec.to_builtins(forged)]}
    answer = requests.post(f"{hub.url}/v1/enrol/code", json=asked, timeout=5)
    assert answer.status_code == 403 and "proof" in answer.json()["error"]
    other.services.close()


def test_a_kiosk_writes_only_its_own_records(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    other = TestKiosk(tmp_path / "other")
    other.enrol(hub, "Elsewhere")
    record = note(other)[0]
    with other.services.records.writing() as db:
        outbox.claim(db, who(shop).device_id)
    assert other.sync().outcome == "updated"
    assert at_the_hub(hub) == {}
    with other.services.records.reading() as db:
        found = outbox.listed(db, "rejected")
    assert [row["id"] for row in found] == [record] and "another device's" in found[0]["reason"]
    with hub.hub.database.reading() as db:
        assert [row["id"] for row in inbox.quarantined(db)] == [record]
    other.services.close()


def test_a_key_does_not_speak_for_another_device_of_its_shop(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    """Public keys are no secret, as they lie on sticks: asking with another's must not bring that one's token."""
    other = TestKiosk(tmp_path / "other")
    other.enrol(hub)
    theirs = who(shop)
    public_key = theirs.former("").public_key
    assert shop.sync().heard
    code = msgspec.json.decode(
        requests.post(f"{hub.url}/v1/enrol/code", json={"public_key": public_key}, timeout=5).content
    )
    assert hub.hub.approve(code["user_code"], "Mill Lane").id != theirs.device_id
    asked = AgainRequest(former=who(other).former(public_key), public_key=public_key)
    answer = requests.post(f"{hub.url}/v1/enrol/again", data=msgspec.json.encode(asked), timeout=5)
    assert answer.status_code == 403 and "token" not in answer.json()
    note(shop)
    assert shop.sync().sent == 1
    other.services.close()


def test_a_copy_that_asks_again_is_the_same_device(hub: TestHub, shop: TestKiosk) -> None:
    key = enrol.begun_key(shop.folder / "asking")
    public_key = identity.public_key_of(key)
    asked = AgainRequest(former=who(shop).former(public_key), public_key=public_key)
    assert len({hub.hub.kiosks.enrol_again(asked).device_id for _ in range(2)}) == 1
