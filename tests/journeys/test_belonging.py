"""How a unit comes to belong to a shop: by a code, or by a file."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
import requests
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from kiosk import bootstrap
from kiosk.settings import Settings
from sync.client import enrol
from sync.errors import RecordError, SyncError
from sync.hub.cli import main as hub_main
from sync.hub.errors import UnknownError
from sync.hub.store import schema
from sync.hub.store.enrolments import ALPHABET, read_code
from sync.messages import AgainRequest, CodePoll, CodeState, Former, succession
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.journeys.test_a_slip_is_printed import agent_of
from tests.support.belonging import at_the_hub, code_of, note, shown, who


def test_a_code_typed_at_the_hub_makes_it_a_kiosk_of_the_shop(served: TestHub, kiosk: TestKiosk) -> None:
    enrolling = code_of(kiosk, served)
    code = shown(enrolling.step())
    assert len(code) == 9 and code[4] == "-" and set(code) - {"-"} <= set(ALPHABET)
    made = served.hub.approve(code.lower().replace("-", " "), "Mill Lane")
    assert made.name == "front window"
    mine = enrolling.step().identity
    assert mine and (mine.shop_name, mine.device_id) == ("Mill Lane", made.id)
    assert mine.hub_keys == served.hub.keys.public
    assert kiosk.sync().outcome == "updated"
    assert not list(kiosk.folder.glob("identity.code")) and not list(kiosk.folder.glob("identity.key"))
    with pytest.raises(UnknownError, match="approved already"):
        served.hub.approve(code, "Mill Lane")


def test_the_hub_keeps_only_hashes_of_what_opens_a_door(served: TestHub, kiosk: TestKiosk) -> None:
    enrolling = code_of(kiosk, served)
    step = enrolling.step()
    assert step.begun
    secrets = [step.begun.device_code, step.begun.user_code, step.begun.user_code.replace("-", "")]
    served.hub.approve(step.begun.user_code, "Mill Lane")
    mine = enrolling.step().identity
    assert mine
    served.stop()
    kept = b"".join(path.read_bytes() for path in served.folder.glob("hub.db*"))
    for secret in (*secrets, mine.token, mine.private_key):
        assert secret.encode() not in kept


def test_a_unit_switched_off_meanwhile_shows_the_same_code_and_key(served: TestHub, kiosk: TestKiosk) -> None:
    first = shown(code_of(kiosk, served).step())
    key = (kiosk.folder / "identity.key").read_text()
    assert shown(code_of(kiosk, served).step()) == first
    assert (kiosk.folder / "identity.key").read_text() == key
    served.hub.approve(first, "Mill Lane")
    mine = code_of(kiosk, served).step().identity
    assert mine and mine.private_key == key


def test_an_answer_lost_on_the_way_makes_the_same_device(served: TestHub, kiosk: TestKiosk) -> None:
    enrolling = code_of(kiosk, served)
    step = enrolling.step()
    served.hub.approve(shown(step), "Mill Lane")
    assert step.begun
    lost = enrolling._client.post("/v1/enrol/poll", CodePoll(device_code=step.begun.device_code), CodeState)
    mine = code_of(kiosk, served).step().identity
    assert lost.enrolled and mine and mine.device_id == lost.enrolled.device_id and mine.token != lost.enrolled.token
    assert kiosk.sync().outcome == "updated"


def test_one_that_asks_too_often_is_told_to_slow_down(served: TestHub, kiosk: TestKiosk) -> None:
    enrolling = code_of(kiosk, served)
    assert [enrolling.step().wait_s for _ in range(4)] == [5.0, 5.0, 10.0, 15.0]


def test_a_code_that_is_wrong_or_too_old_is_refused_in_words(served: TestHub, kiosk: TestKiosk) -> None:
    with pytest.raises(UnknownError, match="eight letters"):
        served.hub.approve("hello", "Mill Lane")
    with pytest.raises(UnknownError, match="look at its screen again"):
        served.hub.approve("BCDF-GHJK", "Nowhere")
    with served.hub.database.reading() as db:
        assert "Nowhere" not in list(_shops(db)), "a wrong code made a shop"
    enrolling = code_of(kiosk, served)
    old = shown(enrolling.step())
    with served.hub.database.writing() as db:
        db.execute(update(schema.enrol_code).values(expires_at="2026-01-01T00:00:00.000+00:00"))
    with pytest.raises(UnknownError, match="ten minutes"):
        served.hub.approve(old, "Mill Lane")
    assert shown(enrolling.step()) != old


def _shops(db: object) -> list[str]:
    from sync.hub.store.catalogue import shop_names

    return list(shop_names(db).values())  # type: ignore[arg-type]


def test_a_kiosk_that_was_turned_away_waits_before_it_asks_again(served: TestHub, kiosk: TestKiosk) -> None:
    enrolling = code_of(kiosk, served)
    assert served.hub.kiosks.deny(shown(enrolling.step())) == "front window"
    step = enrolling.step()
    assert (step.state, step.wait_s) == ("denied", 600.0)


def test_codes_are_not_given_out_without_end(served: TestHub) -> None:
    asked = {"public_key": "ab" * 32}
    answers = [requests.post(f"{served.url}/v1/enrol/code", json=asked, timeout=5) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 30


def test_the_command_shows_a_code_and_waits(served: TestHub, kiosk: TestKiosk) -> None:
    words = [sys.executable, "-m", "kiosk", "enrol", "--hub", served.url, "--data", str(kiosk.folder)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert running.stdout
    code = running.stdout.readline().removeprefix("Code: ").strip()
    hub = [sys.executable, "-m", "sync.hub"]
    approve = [*hub, "approve", code, "--shop", "Mill Lane", "--data", str(served.folder)]
    said = subprocess.run(approve, capture_output=True, text=True, check=True)
    assert "now belongs to Mill Lane" in said.stdout
    assert "This kiosk now belongs to Mill Lane" in running.communicate(timeout=30)[0]
    listed = subprocess.run(
        [*hub, "kiosks", "--json", "--data", str(served.folder)], capture_output=True, text=True, check=True
    )
    assert json.loads(listed.stdout)["shop"] == "Mill Lane"


def test_whoever_revokes_a_stolen_kiosk_hears_of_those_that_came_after_it_by_its_key(
    hub: TestHub, shop: TestKiosk
) -> None:
    mine = shop.services.unit.identity
    assert mine
    thief = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    stolen = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mine.private_key))
    proof = Former(device_id=mine.device_id, signature=stolen.sign(succession(mine.device_id, thief)).hex())
    heir = hub.hub.kiosks.enrol_again(AgainRequest(former=proof, public_key=thief, name="a van"))
    said = CliRunner().invoke(hub_main, ["revoke", mine.device_id, "--data", str(hub.folder)])
    assert said.exit_code == 0 and f"touchpoint-hub revoke {heir.device_id}" in said.output
    hub.hub.kiosks.revoke(heir.device_id)
    assert hub.hub.kiosks.heirs(mine.device_id) == []


def test_the_agent_of_a_new_unit_shows_a_code_and_goes_on_by_itself(served: TestHub, tmp_path: Path) -> None:
    kiosk = TestKiosk(tmp_path / "new")
    kiosk.services.close()
    kiosk.services = bootstrap.services(Settings(data=kiosk.folder, poll_s=0.2, hub_url=served.url))
    unit = kiosk.services.unit
    with agent_of(kiosk):
        wait_for(lambda: (state := unit.enrolment()) and state.state == "showing")
        state = unit.enrolment()
        assert state and state.expires_at > time.time()
        assert state.verification_url == f"{served.url}/enrol?code={state.user_code}"
        served.stop()
        wait_for(lambda: (now := unit.enrolment()) and now.state == "unreachable" and now.user_code, 15)
        served.hub.approve(state.user_code, "Mill Lane")
        served.serve()
        wait_for(lambda: unit.identity is not None, 30)
        wait_for(lambda: kiosk.titles() == ["Soup"] if kiosk.services.shelves.stamp() else False)
    assert unit.enrolment() is None
    kiosk.services.close()


def test_a_typed_code_may_have_its_dash_or_not() -> None:
    assert read_code(" bcdf-ghjk ") == read_code("BCDFGHJK") == "BCDFGHJK"


# -- by file


def test_a_file_also_carries_what_a_unit_without_a_connection_needs(served: TestHub, kiosk: TestKiosk) -> None:
    served.hub.set_shop("Mill Lane")
    provision = served.hub.provision("Mill Lane", served.url)
    assert provision.device_id and provision.hub_keys == served.hub.keys.public
    assert served.hub.public_key_of(provision.device_id) is None
    source = kiosk.folder / "p.json"
    source.write_bytes(msgspec.json.encode(provision))
    mine = enrol.enrol_offline(source, "", kiosk.folder / "identity.json")
    assert (mine.token, mine.device_id) == ("", provision.device_id) and mine.pending and not source.exists()
    records = note(kiosk, 2)
    assert kiosk.sync().sent == 2
    assert at_the_hub(served) == dict.fromkeys(records, provision.device_id)
    assert who(kiosk).pending is None and who(kiosk).token
    assert served.hub.public_key_of(provision.device_id)


def test_a_stick_may_bring_the_yes_twice(served: TestHub, kiosk: TestKiosk) -> None:
    source, path = kiosk.folder / "p.json", kiosk.folder / "identity.json"
    source.write_bytes(msgspec.json.encode(served.hub.provision("Mill Lane")))
    pending = enrol.enrol_offline(source, "", path).pending
    assert pending
    yes = served.hub.enrol(pending)
    assert enrol.complete(path, yes).token == yes.token
    assert enrol.complete(path, served.hub.enrol(pending)).token == yes.token
    with pytest.raises(SyncError, match="another kiosk"):
        enrol.complete(path, msgspec.structs.replace(yes, device_id="somebody else"))


def test_a_file_of_the_first_release_needs_a_connection(served: TestHub, kiosk: TestKiosk) -> None:
    old = msgspec.structs.replace(served.hub.provision("Mill Lane"), device_id="")
    (kiosk.folder / "p.json").write_bytes(msgspec.json.encode(old))
    with pytest.raises(RecordError, match="--offline"):
        enrol.enrol_offline(kiosk.folder / "p.json", "", kiosk.folder / "identity.json")
    assert (kiosk.folder / "p.json").exists()
