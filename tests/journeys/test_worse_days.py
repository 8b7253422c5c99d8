"""Bad days that come together, or at the wrong moment."""

from __future__ import annotations

import http.server
import json
import logging
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.agent.loop import Agent
from sync.client.down import fetch as fetching
from sync.client.down import pull as pulling
from sync.errors import HubUnreachableError
from sync.hub.store import catalogue
from sync.messages import Answer
from sync.records import Shop, id_from_key
from sync.replica import schema
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_bad_days import Portal, answering


def test_a_delta_that_a_power_cut_took_comes_again(hub: TestHub, shop: TestKiosk) -> None:
    path = shop.services.replicas.current()
    assert path
    shop.services.current.close()
    before = path.read_bytes()
    hub.take({"key": "new", "title": "Something new"})
    hub.publish()
    assert shop.sync().outcome == "updated"
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(before)
    shop.restart()
    assert shop.sync().outcome == "updated"
    assert "Something new" in shop.titles()


def test_a_pass_killed_before_the_full_text_was_built_is_finished_by_the_next(
    hub: TestHub, kiosk: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.take({"key": "pot", "title": "Soup", "body": "Lentils and carrots."})
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    with monkeypatch.context() as power:
        power.setattr(pulling.Puller, "_complete", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            kiosk.sync()
    assert kiosk.titles() == ["Soup"] and kiosk.services.shelves.search("lentils") == []
    kiosk.sync()
    assert len(kiosk.services.shelves.search("lentils")) == 1


def test_files_that_did_not_come_are_fetched_when_the_cable_is_back(
    hub: TestHub, shop: TestKiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    hub.publish()

    def pulled_out(*_: object) -> bool:
        raise HubUnreachableError("somebody pulled the cable")

    with monkeypatch.context() as cable:
        cable.setattr(fetching, "_bring", pulled_out)
        assert shop.sync().outcome == "unreachable"
    assert "A" in shop.titles()
    report = shop.sync()
    assert (report.outcome, report.files) == ("current", 1)


def test_what_no_item_offers_makes_way_when_room_is_short(hub: TestHub, tmp_path: Path) -> None:
    from kiosk import bootstrap
    from kiosk.settings import Settings

    for name in ("old.pdf", "new.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7 " + name.encode() * 10_000)
    hub.take({"key": "a", "title": "A", "files": [{"path": "old.pdf"}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk = TestKiosk(tmp_path / "kiosk")
    kiosk.services.close()
    kiosk.services = bootstrap.services(Settings(data=tmp_path / "kiosk", blob_budget_bytes=100_000))
    kiosk.enrol(hub)
    assert kiosk.sync().files == 1
    hub.take({"key": "a", "title": "A", "files": [{"path": "new.pdf"}]}, beside=tmp_path)
    hub.publish()
    assert kiosk.sync().files == 1
    kiosk.services.close()


def test_what_only_other_shops_stock_is_not_on_this_shelf(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.take(
        *({"key": f"x{n}", "title": f"Xylophone {n}", "shops": ["Hull"], "licence": "MIT"} for n in range(25)),
        {"key": "mine", "title": "Xylophones to borrow", "shops": ["Mill Lane"]},
    )
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().items == 1
    for query in ("x", "xy", "xyl", "xylophones"):
        assert [card.title for card in kiosk.services.shelves.search(query)] == ["Xylophones to borrow"], query
    assert kiosk.services.shelves.home().total == 1


def test_first_letters_go_on_finding_after_many_were_withdrawn(hub: TestHub, shop: TestKiosk) -> None:
    hub.take(*({"key": f"x{n}", "title": f"Xylophone {n}"} for n in range(30)))
    hub.publish()
    shop.sync()
    for card in shop.services.shelves.search("x", limit=25):
        hub.hub.withdraw(card.code)
    hub.publish()
    shop.sync()
    assert len(shop.services.shelves.search("x")) == len(shop.services.shelves.search("xyl")) > 4


def test_a_wrong_time_zone_stops_nothing(hub: TestHub, shop: TestKiosk) -> None:
    from sync.errors import RecordError

    with pytest.raises(RecordError, match="Europ/London"):
        hub.hub.set_shop("Mill Lane", timezone="Europ/London")
    with hub.hub.database.writing() as writing:
        wrong = Shop(id=id_from_key("shop", "Mill Lane"), name="Mill Lane", timezone="Europ/London")
        catalogue.put(writing, [wrong], "test")
    hub.publish()
    assert shop.sync().outcome == "updated"
    assert shop.services.unit.shop.timezone == "Europ/London"
    assert shop.services.unit.now().tzinfo is not None
    assert shop.services.shelves.home().total == 2
    assert shop.sync().outcome == "current"


def test_damage_while_the_hub_is_away_leaves_what_can_still_be_read(hub: TestHub, shop: TestKiosk) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": "word " * 300} for n in range(300)))
    hub.publish()
    shop.sync()
    path = shop.services.replicas.current()
    assert path
    shop.services.current.close()
    db = sqlite3.connect(path)
    db.execute("DELETE FROM shelf")
    db.execute("UPDATE item SET revision = revision + 1 WHERE n = (SELECT min(n) FROM item)")
    db.commit()
    db.close()
    hub.stop()
    shop.restart()
    assert shop.sync().outcome == "unreachable"
    shop.restart()
    assert len(shop.titles()) == 302, "the shelves were blanked"
    hub.serve()
    assert shop.sync().outcome == "updated"
    assert shop.services.replicas.current() != path


def test_damage_does_not_switch_the_shrink_guard_off(hub: TestHub, shop: TestKiosk) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}"} for n in range(40)))
    hub.publish()
    shop.sync()
    for card in shop.services.shelves.shelf(limit=100).cards:
        hub.hub.withdraw(card.code)
    hub.publish()
    (shop.folder / "catalogue" / "current").unlink()
    shop.restart()
    assert shop.sync().outcome == "refused"
    hub.hub.publish(allow_shrink=True)
    assert shop.sync().outcome == "updated"
    assert shop.titles() == []


class Nested(Portal):
    """Answers with brackets upon brackets."""

    def do_GET(self) -> None:  # noqa: N802
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[" * 60_000)

    do_POST = do_GET  # noqa: N815


class Endless(Portal):
    """A timestamp of the right shape, and then a root that never ends."""

    def do_GET(self) -> None:  # noqa: N802
        self.send_response(200)
        self.end_headers()
        if self.path.endswith("timestamp.json"):
            self.wfile.write(json.dumps({"signed": {}, "signatures": []}).encode())
            return
        try:
            while True:
                self.wfile.write(b" " * 1_000_000)
        except OSError:
            self.close_connection = True


@pytest.mark.parametrize(("handler", "outcome"), [(Nested, "not_the_hub"), (Endless, "refused")])
def test_an_answer_made_to_harm_is_survived(
    hub: TestHub, shop: TestKiosk, handler: type[http.server.BaseHTTPRequestHandler], outcome: str
) -> None:
    hub.stop()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with answering(handler, hub.port):
        assert shop.sync().outcome == outcome
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "it swallowed what never ends"
    assert len(shop.titles()) == 2


def test_an_outcome_of_a_later_hub_loses_no_record(shop: TestKiosk) -> None:
    from sync import outbox
    from sync.records import Usage

    with shop.services.records.writing() as db:
        record_id = outbox.add(db, "usage", Usage(day="2026-11-22", action="qr", count=1))
        outbox.settle(db, [Answer(id=record_id, outcome="ask-me-later")])
        assert outbox.count_waiting(db) == 1
        outbox.settle(db, [Answer(id=record_id, outcome="duplicate")])
        assert outbox.count_waiting(db) == 0


def test_broken_first_syncs_leave_nothing_behind(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.take(*({"key": f"k{n}", "title": f"Thing {n}"} for n in range(20)))
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    base = next((hub.folder / "catalogue" / "packs").glob("*base*"))
    good = base.read_bytes()
    base.write_bytes(good[:-1] + b"x")
    for _ in range(4):
        assert kiosk.sync().outcome == "refused"
    assert list((kiosk.folder / "catalogue").glob("replica-*")) == []
    base.write_bytes(good)
    assert kiosk.sync().items == 20


def test_nothing_unforeseen_ends_the_agents_work(
    shop: TestKiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.conftest import wait_for
    from tests.journeys.test_a_slip_is_printed import agent_of

    tries: list[float] = []
    real = Agent._one_pass

    def trouble(self: Agent, passes: object) -> float:
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise MemoryError("nobody foresaw this")
        return real(self, passes)  # type: ignore[arg-type]

    monkeypatch.setattr(Agent, "_one_pass", trouble)
    with caplog.at_level(logging.ERROR), agent_of(shop):
        shop.services.wake_agent(b"sync")
        wait_for(lambda: len(tries) >= 3, 15)
        wait_for(lambda: shop.services.unit.sync_status().outcome == "current")
    assert any("nobody foresaw" in line for line in caplog.messages)


def test_a_second_agent_is_refused_and_the_first_still_ends_when_told(shop: TestKiosk) -> None:
    from kiosk.devices import bell
    from tests.conftest import wait_for

    words = [sys.executable, "-m", "kiosk", "agent", "--data", str(shop.folder)]
    first = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: shop.services.wake_agent(bell.SLIP))
        second = subprocess.run(words, capture_output=True, text=True, timeout=20)
        assert second.returncode == 1 and "running already" in second.stderr
        assert shop.services.wake_agent(bell.SLIP)
    finally:
        first.terminate()
        assert first.wait(10) == 0


def test_a_damaged_identity_is_put_aside_and_the_kiosk_enrols_again(hub: TestHub, shop: TestKiosk) -> None:
    (shop.folder / "identity.json").write_bytes(b"")
    shop.restart()
    assert len(shop.titles()) == 2
    assert shop.services.unit.freshness()
    shop.enrol(hub)
    assert (shop.folder / "identity.damaged").exists()
    assert shop.sync().outcome == "current"


def test_a_hub_whose_making_was_interrupted_is_made_by_the_next_try(tmp_path: Path) -> None:
    from sync.hub import hub as hubs
    from sync.hub import keys
    from sync.hub.folder import HubFolder

    folder = HubFolder(tmp_path / "hub")
    folder.make()
    keys.make(folder.offline / "root.pem")
    first = (folder.offline / "root.pem").read_bytes()
    assert hubs.make(folder)
    assert (folder.offline / "root.pem").read_bytes() == first
    made = TestHub(tmp_path / "hub")
    made.publish()
    made.close()


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root to make a small disk")
def test_a_full_disk_is_told_and_survived(hub: TestHub, tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path / "kiosk")]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        hub.take({"key": "small", "title": "Small"})
        hub.publish()
        hub.serve()
        kiosk = TestKiosk(tmp_path / "kiosk")
        kiosk.enrol(hub)
        assert kiosk.sync().outcome == "updated"
        hub.take(*({"key": f"k{n}", "title": f"Thing {n}", "body": "many words " * 400} for n in range(1500)))
        hub.publish()
        report = kiosk.sync()
        assert report.outcome == "disk", report
        assert kiosk.titles() == ["Small"]
        kiosk.services.close()
    finally:
        subprocess.run(["umount", "-l", str(tmp_path / "kiosk")], check=True)


def test_a_replica_of_a_later_program_is_built_again(shop: TestKiosk) -> None:
    path = shop.services.replicas.current()
    assert path
    db = sqlite3.connect(path)
    schema.set_meta(db, schema=99)
    db.commit()
    db.close()
    shop.restart()
    assert shop.sync().outcome == "updated"
    assert len(shop.titles()) == 2
