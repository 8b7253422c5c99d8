"""Hub and kiosk go on understanding each other: lost tokens, copied disks, restored hubs, a bad record, a busy hub."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from kiosk import bootstrap
from kiosk.devices import bell
from kiosk.devices.bell import Bell
from kiosk.services.doctor import examine
from kiosk.services.overview import overview
from kiosk.services.services import bell_path
from kiosk.settings import Settings
from sync import outbox
from sync.client import identity
from sync.client.carriers import FolderCarrier, HttpCarrier
from sync.client.clock import Clock
from sync.client.down.fetch import Limits
from sync.client.http import HubClient
from sync.client.passes import Passes
from sync.client.up import heard
from sync.client.up.upstream import Sent
from sync.errors import HubRejectedError
from sync.hub import settings as hub_settings
from sync.hub.store import devices, heartbeats, inbox, schema
from sync.messages import Challenge, DeviceInfo, TokenGiven, TokenRequest
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.journeys.test_a_slip_is_printed import agent_of
from tests.journeys.test_bad_days import answering
from tests.support.belonging import at_the_hub, code_of, note, shown, waiting, who


def turn(kiosk: TestKiosk) -> None:
    """The way up once, heartbeat and all, as a new process would go it."""
    with contextlib.closing(bootstrap.upstream(kiosk.services)) as upstream:
        sent = upstream.run(beat=True)
    assert sent.heard and sent.beat, sent


def set_at(hub: TestHub, name: str, text: str, shop: str = "") -> None:
    shop_id = hub.hub.set_shop(shop).id if shop else ""
    with hub.hub.database.writing() as db:
        hub_settings.put(db, name, text, shop_id)


def device_row(hub: TestHub, device_id: str) -> object:
    with hub.hub.database.reading() as db:
        return db.execute(select(schema.device).where(schema.device.c.id == device_id)).one()


# -- tokens


def test_a_token_a_month_old_is_changed_and_the_old_lives_until_the_new_is_used(hub: TestHub, shop: TestKiosk) -> None:
    first = who(shop).token
    turn(shop)
    assert who(shop).token == first
    month_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=30)).isoformat(timespec="milliseconds")
    with hub.hub.database.writing() as db:
        db.execute(update(schema.device).values(token_at=month_ago))
    turn(shop)
    second = who(shop).token
    assert second != first
    assert [hub.hub.kiosks.by_token(token).id for token in (first, second)] == [who(shop).device_id] * 2
    with pytest.raises(HubRejectedError, match="not known"):
        hub.hub.kiosks.by_token(first)
    turn(shop)
    assert who(shop).token == second


def test_offers_whose_answers_were_lost_do_no_harm(hub: TestHub, shop: TestKiosk) -> None:
    mine = who(shop)
    with hub.hub.database.writing() as db:
        lost = [devices.give_token(db, mine.device_id) for _ in range(3)]
    assert lost[0] != lost[2]
    turn(shop)
    assert who(shop).token == mine.token


def test_a_token_that_the_hub_does_not_know_is_replaced_by_the_key(hub: TestHub, shop: TestKiosk) -> None:
    before = who(shop)
    with hub.hub.database.writing() as db:
        db.execute(update(schema.device).values(token_hash="0" * 64))
    records = note(shop, 2)
    assert shop.sync().sent == 2
    assert who(shop).token != before.token and who(shop).device_id == before.device_id
    assert set(at_the_hub(hub)) == set(records)


def test_no_other_key_and_no_old_challenge_brings_a_token(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = who(shop)
    with contextlib.closing(HubClient(hub.url)) as client:
        found = client.get("/v1/token", Challenge, device=mine.device_id)
        assert found
        forged = TokenRequest(device_id=mine.device_id, challenge=found[0].challenge, signature="00" * 64)
        with pytest.raises(HubRejectedError, match="signature"):
            client.post("/v1/token", forged, TokenGiven)
        later = time.time() + 121
        monkeypatch.setattr("sync.hub.kiosks.time.time", lambda: later)
        with pytest.raises(HubRejectedError, match="too old"):
            client.post("/v1/token", forged, TokenGiven)
        hub.hub.kiosks.revoke(mine.device_id)
        with pytest.raises(HubRejectedError, match="revoked"):
            client.get("/v1/token", Challenge, device=mine.device_id)


# -- copies


def copy_of(kiosk: TestKiosk, folder: Path) -> TestKiosk:
    """The unit's disk in another machine."""
    kiosk.services.close()
    shutil.copytree(kiosk.folder, folder)
    kiosk.restart()
    return TestKiosk(folder)


def test_a_cloned_disk_becomes_a_device_of_its_own_and_nothing_is_lost_or_twice(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    sent, both = note(shop, 3), []
    shop.sync()
    both = note(shop, 3)
    twin = copy_of(shop, tmp_path / "twin")
    mine, its = note(shop, 4), note(twin, 4)
    assert shop.sync().sent == 7
    assert twin.sync().sent == 7
    first, second = who(shop).device_id, who(twin).device_id
    assert first != second and waiting(shop) == waiting(twin) == 0
    assert at_the_hub(hub) == dict.fromkeys(sent + both + mine, first) | dict.fromkeys(its, second)
    later = note(twin)
    twin.sync()
    turn(shop)
    with hub.hub.database.reading() as db:
        assert [row["succeeded"] for row in heartbeats.kiosks(db)] == [False, False], "both are alive"
    assert at_the_hub(hub)[later[0]] == second and who(twin).device_id == second
    twin.services.close()


def test_the_original_stays_itself_though_its_copy_made_more_records(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    shop.sync()
    twin = copy_of(shop, tmp_path / "twin")
    before, mine, its = who(shop).device_id, note(shop, 2), note(twin, 5)
    shop.sync()
    twin.sync()
    mine += note(shop, 2)
    shop.sync()
    assert who(shop).device_id == before != who(twin).device_id and waiting(shop) == waiting(twin) == 0
    assert at_the_hub(hub) == dict.fromkeys(mine, before) | dict.fromkeys(its, who(twin).device_id)
    twin.services.close()


def test_a_disk_restored_from_an_old_image_loses_and_doubles_nothing(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    old = note(shop, 2)
    copy_of(shop, tmp_path / "image").services.close()
    new = note(shop, 700)
    assert shop.sync().sent == 702
    shop.services.close()
    shutil.rmtree(shop.folder)
    shutil.copytree(tmp_path / "image", shop.folder)
    before = who(shop).device_id
    shop.restart()
    after = note(shop, 650)
    assert shop.sync().sent == 652 and waiting(shop) == 0
    assert at_the_hub(hub) == dict.fromkeys(old + new, before) | dict.fromkeys(after, who(shop).device_id)


def test_another_machines_serial_number_is_enough(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    def in_machine(serial: str, folder: Path) -> TestKiosk:
        kiosk = TestKiosk(folder)
        kiosk.services.close()
        kiosk.services = bootstrap.services(Settings(data=folder, serial=serial))
        return kiosk

    shop.services.close()
    original = in_machine("A1", shop.folder)
    turn(original)
    assert who(original).serial.startswith("given:") and "A1" not in who(original).serial
    original.services.close()
    shutil.copytree(shop.folder, tmp_path / "twin")
    twin = in_machine("B2", tmp_path / "twin")
    turn(twin)
    assert who(twin).device_id != who(original).device_id and who(twin).serial != who(original).serial
    again = who(twin)
    turn(twin)
    assert who(twin) == again
    twin.services.close()


# -- a hub from yesterday


def test_a_hub_restored_from_a_backup_asks_for_what_it_lost(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    before = note(shop, 5)
    shop.sync()
    backup = tmp_path / "backup.db"
    with contextlib.closing(sqlite3.connect(hub.folder / "hub.db")) as db:
        db.execute("VACUUM INTO ?", (str(backup),))
    after = note(shop, 600)
    assert shop.sync().sent == 600
    kept = note(shop, 3)
    hub.stop()
    hub.hub.database.close()
    for suffix in ("-wal", "-shm"):
        (hub.folder / f"hub.db{suffix}").unlink(missing_ok=True)
    shutil.copy(backup, hub.folder / "hub.db")
    hub.serve()
    assert set(at_the_hub(hub)) == set(before)
    turn(shop)
    assert set(at_the_hub(hub)) == set(before + after + kept) and waiting(shop) == 0
    turn(shop)
    assert waiting(shop) == 0


def test_a_device_that_the_restored_hub_never_heard_of_is_believed_by_its_key(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    unsent = note(shop, 2)
    with shop.services.records.writing() as db:
        outbox.claim(db, who(shop).device_id)
    lost = who(shop).device_id
    with hub.hub.database.writing() as db:
        db.execute(schema.device.delete())
        db.execute(schema.provision.delete())
    report = shop.sync()
    assert report.outcome == "rejected" and "enrol it again" in report.message
    enrolling = code_of(shop, hub, again=True)
    hub.hub.approve(shown(enrolling.step()), "Mill Lane")
    enrolling.step()
    shop.restart()
    assert shop.sync().sent == 2
    assert at_the_hub(hub) == dict.fromkeys(unsent, lost)
    assert who(shop).device_id != lost


def test_what_was_acknowledged_is_kept_a_week_from_then_however_old_it_is(shop: TestKiosk) -> None:
    records = note(shop)
    with shop.services.records.writing() as db:
        db.execute(update(outbox.table).values(recorded_at="2020-01-01T00:00:00.000+00:00"))
    shop.sync()
    with shop.services.records.writing() as db:
        now = dt.datetime.now(dt.UTC)
        assert not outbox.sweep(db, now - dt.timedelta(days=7))
        spans = outbox.acknowledged(db)
        assert [(span.first, span.last, span.count) for span in spans] == [(1, 1, len(records))]
        assert outbox.sweep(db, now + dt.timedelta(seconds=5)) == {"usage": 1}


# -- one bad record


def test_one_record_that_the_hub_cannot_read_holds_up_no_other(hub: TestHub, shop: TestKiosk) -> None:
    good = note(shop, 9)
    with shop.services.records.writing() as db:
        bad = note_raw(db, "x" * 80, "usage")
        long_kind = note_raw(db, "k" * 65, "k" * 65)
        huge = note_raw(db, "huge", "usage", b'{"text":"' + b"x" * 70_000 + b'"}')
        enormous = note_raw(db, "enormous", "usage", msgspec.json.encode({"a": "y" * 9_000_000}))
    good += note(shop, 9)
    assert shop.sync().sent == 18
    assert set(at_the_hub(hub)) == set(good) and waiting(shop) == 0
    with shop.services.records.reading() as db:
        reasons = {row["id"]: row["reason"] for row in outbox.listed(db, "rejected")}
    assert set(reasons) == {bad, long_kind, huge, enormous}
    assert "UUID" in reasons[bad] and "413" in reasons[enormous]
    with hub.hub.database.reading() as db:
        assert {row["id"][:10] for row in inbox.quarantined(db)} == {one[:10] for one in (bad, long_kind, huge)}
    turn(shop)
    with hub.hub.database.reading() as db:
        assert next(heartbeats.kiosks(db))["heartbeat"].rejected == 4


def note_raw(db: object, record_id: str, kind: str, body: bytes = b"{}") -> str:
    """A record that no program of ours would make."""
    values = {"id": record_id, "kind": kind, "recorded_at": "2026-11-22T10:00:00+00:00", "boot": "", "offset_s": 0.0}
    db.execute(outbox.table.insert().values(**values, body=body))  # type: ignore[attr-defined]
    return record_id


# -- heartbeats, commands, settings


def test_the_hub_knows_how_each_kiosk_is(hub: TestHub, shop: TestKiosk) -> None:
    shop.services.unit.note_sync("current", "", heard=True)
    hub.hub.kiosks.heartbeat(who(shop).device_id, beat_with(timestamp=9, root=2, nonsense=5))
    turn(shop)
    with hub.hub.database.reading() as db:
        beat = next(heartbeats.kiosks(db))["heartbeat"]
    assert (beat.outcome, beat.waiting, beat.rejected) == ("current", 0, 0) and beat.revision > 0
    assert set(beat.versions) == {"root", "timestamp", "snapshot", "targets"} and beat.free_bytes > 0
    row = device_row(hub, who(shop).device_id)
    highest = msgspec.json.decode(row.reported_versions)  # type: ignore[attr-defined]
    assert highest == {"root": 2, "timestamp": 9, "snapshot": 1, "targets": 1}
    assert row.reported_revision == beat.revision  # type: ignore[attr-defined]
    floor = Clock(shop.folder / "sync" / "hub-time").floor
    assert abs(dt.datetime.now(dt.UTC) - floor) < dt.timedelta(minutes=1)


def test_the_hub_hears_at_once_of_a_kiosks_first_catalogue(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.take({"key": "pot", "title": "Soup"})
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)

    def revision() -> int:
        with hub.hub.database.reading() as db:
            beat = next(heartbeats.kiosks(db))["heartbeat"]
        return beat.revision if beat else 0

    with agent_of(kiosk):
        wait_for(lambda: revision() > 0, 20)


def test_a_beat_that_is_wanted_while_one_is_sent_is_sent_too(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking = bootstrap.agent(shop.services)._speaking
    run, beats = speaking._upstream.run, list[bool]()

    def counted(*, beat: bool) -> Sent:
        sent = run(beat=beat)
        beats.append(sent.beat)
        if len(beats) == 1:
            speaking.beat_soon()
        return sent

    monkeypatch.setattr(speaking._upstream, "run", counted)
    for _ in range(3):
        speaking.turn()
    assert beats == [True, True, False]


def test_the_hub_knows_when_the_screen_last_drew(hub: TestHub, shop: TestKiosk) -> None:
    worker = bootstrap.agent(shop.services)
    with Bell(bell_path(shop.folder)) as listener:
        working = threading.Thread(target=worker.run, args=(listener,))
        working.start()
        try:
            wait_for(lambda: shop.services.wake_agent(bell.DRAWN) and worker.drawn_at)
            assert worker._speaking._upstream.run(beat=True).beat
        finally:
            worker.stop()
            shop.services.wake_agent(bell.STOP)
            working.join(10)
    with hub.hub.database.reading() as db:
        drawn = next(heartbeats.kiosks(db))["heartbeat"].drawn_at
    assert dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(drawn) < dt.timedelta(minutes=1)


def beat_with(**versions: int) -> object:
    from sync.messages import Heartbeat

    return Heartbeat(at="", versions=versions)


def test_a_heartbeat_is_sent_when_it_is_time_and_not_before(hub: TestHub, shop: TestKiosk) -> None:
    upstream = bootstrap.upstream(shop.services)
    assert upstream.run().beat is False, "the first pass had told the hub already"
    hub.stop()
    assert upstream.run(beat=True).outcome == "unreachable"
    hub.serve()
    assert upstream.run().beat is True, "after an outage the hub hears at once"
    upstream.heartbeat_s = 0.0
    assert upstream.run().beat is True
    upstream.close()


def test_what_the_hub_asks_is_done_once(hub: TestHub, shop: TestKiosk) -> None:
    done: list[str] = []
    mine = who(shop).device_id
    hub.hub.kiosks.ask(mine[:20], "sync")
    with hub.hub.database.writing() as db:
        late = heartbeats.ask(db, mine, "test_slip")
        db.execute(update(schema.command).where(schema.command.c.id == late.id).values(expires_at="2026-01-01"))
    upstream = bootstrap.upstream(shop.services, lambda command: done.append(command.name))
    for _ in range(3):
        upstream.run(beat=True)
    assert done == ["sync"]
    upstream.close()
    with hub.hub.database.reading() as db:
        assert heartbeats.asked(db, mine) == []


def test_a_test_slip_comes_out_of_the_printer(hub: TestHub, shop: TestKiosk) -> None:
    turn(shop)
    set_at(hub, "heartbeat_s", "1")
    hub.hub.kiosks.ask(who(shop).device_id, "test_slip")
    (shop.folder / "sync" / "heard.json").unlink()
    with agent_of(shop):
        wait_for(lambda: list((shop.folder / "slips").glob("*.png")), 15)
    assert len(list((shop.folder / "slips").glob("*.png"))) == 1


def test_what_the_hub_says_of_files_holds_for_the_pass_that_is_on(
    hub: TestHub, shop: TestKiosk, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a file")
    hub.take({"key": "a", "title": "A", "files": [{"path": "a.pdf"}]}, beside=tmp_path)
    hub.publish()
    passes = bootstrap.passes(shop.services)
    set_at(hub, "blob_budget_bytes", "0")
    turn(shop)
    assert passes
    report = passes.pull()
    assert (report.outcome, report.files, report.files_missing) == ("updated", 0, 1)


def test_the_doctor_tells_that_the_hub_takes_nothing_any_more(hub: TestHub, shop: TestKiosk) -> None:
    def sending() -> tuple[str, str]:
        return next((found.state, found.said) for found in examine(shop.services) if found.what == "Sending")

    assert sending()[0] == "note"
    with agent_of(shop):
        wait_for(lambda: sending()[0] == "good", 15)
    hub.hub.kiosks.revoke(who(shop).device_id)
    note(shop)
    with agent_of(shop):
        wait_for(lambda: sending()[0] == "fault", 15)
    assert "was revoked" in sending()[1]


def test_settings_of_the_hub_reach_the_kiosk_and_hold_offline(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    set_at(hub, "poll_s", "77")
    set_at(hub, "blob_budget_bytes", "1000")
    set_at(hub, "fetch_window", "22:00-06:00")
    set_at(hub, "fetch_window", "23:00-05:00", shop="Mill Lane")
    set_at(hub, "fetch_window", "01:00-02:00", shop="Elsewhere")
    set_at(hub, "privacy_contact", "Ama, 01632 960 000")
    turn(shop)
    assert overview(shop.services).contact == "Ama, 01632 960 000"
    set_at(hub, "help_contact", "Rita, 01632 960 001")
    turn(shop)
    assert overview(shop.services).contact == "Rita, 01632 960 001"
    hub.stop()
    shop.services.close()
    (shop.folder / "settings.toml").write_text("blob_budget_bytes = 5000\n")
    shop.services = bootstrap.services(Settings.load(shop.folder))
    now = shop.services.settings_now()
    assert (now.poll_s, now.blob_budget_bytes, now.fetch_window) == (77, 5000, "23:00-05:00")
    known = heard.load_device(shop.folder / "identity.json")
    known.info.settings |= {"poll_s": "often", "colour": "blue"}
    heard.save_device(shop.folder / "identity.json", known)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert shop.services.settings_now().poll_s == 60.0
    assert sorted(line.split(";")[0][:30] for line in caplog.messages) == sorted(
        ["the hub sets 'colour', which t", "the hub's setting is left out:"]
    )


def test_what_a_device_may_know_is_asked_for_only_when_it_changed(hub: TestHub, shop: TestKiosk) -> None:
    asked: list[str] = []
    real = HubClient.get

    def get(self: HubClient, path: str, kind: type[DeviceInfo], **more: str) -> object:
        asked.append(path)
        return real(self, path, kind, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HubClient, "get", get)
        turn(shop)
        turn(shop)
        assert asked == []
        set_at(hub, "poll_s", "30")
        turn(shop)
        turn(shop)
    assert asked == ["/v1/device"]


def test_a_hub_that_moves_is_followed_only_to_where_it_answers(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    set_at(hub, "hub_url", "http://127.0.0.1:9")
    with caplog.at_level(logging.WARNING):
        turn(shop)
    assert who(shop).hub_url == hub.url and any("does not answer there" in line for line in caplog.messages)
    there = hub.url.replace("127.0.0.1", "localhost")
    set_at(hub, "hub_url", there)
    turn(shop)
    assert who(shop).hub_url == there


# -- servers in trouble


class Busy(http.server.BaseHTTPRequestHandler):
    """Says when to come back."""

    def do_POST(self) -> None:
        self.send_response(503)
        self.send_header("Retry-After", "120")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def test_a_busy_hub_is_left_alone_as_long_as_it_asks(hub: TestHub, shop: TestKiosk) -> None:
    note(shop)
    hub.stop()
    with answering(Busy, hub.port):
        upstream = bootstrap.upstream(shop.services)
        sent = upstream.run()
        passes = bootstrap.passes(shop.services)
        assert passes
        assert (sent.outcome, sent.pause_s, passes.pull().pause_s) == ("unreachable", 120.0, 120.0)
        worker = bootstrap.agent(shop.services)
        assert worker._one_pass(passes) >= 120 and worker._speaking.turn() >= 120
        upstream.close()
    assert waiting(shop) == 1


def test_a_server_that_asked_for_time_and_is_gone_keeps_nobody_away(hub: TestHub, shop: TestKiosk) -> None:
    passes = bootstrap.passes(shop.services)
    assert passes
    hub.stop()
    with answering(Busy, hub.port):
        assert passes.pull().pause_s == 120.0
    report = passes.pull()
    assert (report.outcome, report.pause_s) == ("unreachable", 0.0)


def test_a_server_that_is_not_asked_any_more_keeps_nobody_away(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    """The hub was busy while the mirror was away; now the mirror is back, and nobody asks the hub."""
    hub.stop()
    with answering(Busy, 0) as busy:
        mirror = FolderCarrier(tmp_path / "mirror")
        passes = Passes(
            who(shop),
            shop.folder / "sync",
            shop.services.replicas,
            shop.services.blobs,
            bootstrap.upstream(shop.services),
            limits=lambda: Limits(budget_bytes=10**9),
            carriers=[mirror, HttpCarrier(f"http://127.0.0.1:{busy}")],
        )
        assert passes.pull().pause_s == 120.0
        shutil.copytree(hub.folder / "catalogue", mirror.folder)
        report = passes.pull()
    assert (report.outcome, report.pause_s) == ("current", 0.0)


def test_a_backoff_is_obeyed_though_all_went_well(hub: TestHub, shop: TestKiosk) -> None:
    set_at(hub, "backoff_s", "90")
    turn(shop)
    worker, passes = bootstrap.agent(shop.services), bootstrap.passes(shop.services)
    assert passes
    worker._one_pass(passes)
    assert passes.pull().pause_s == 90.0
    note(shop)
    assert worker._speaking.turn() >= 90


def test_the_way_up_tells_a_failure_once_and_its_end_once(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    speaking = bootstrap.agent(shop.services)._speaking
    note(shop)
    hub.stop()
    with caplog.at_level(logging.INFO, logger="kiosk.agent.troubles"):
        waits = [speaking.turn() for _ in range(4)]
        hub.serve()
        for _ in range(3):
            speaking.turn()
    assert [line.split(" (")[0] for line in caplog.messages] == ["could not speak with the hub", "the hub is back"]
    assert all(1 <= wait_s <= 300 for wait_s in waits) and waiting(shop) == 0


def test_an_outage_that_both_ways_meet_is_one_line_and_so_is_its_end(
    hub: TestHub, shop: TestKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    worker, passes = bootstrap.agent(shop.services), bootstrap.passes(shop.services)
    assert passes
    note(shop)
    hub.stop()
    with caplog.at_level(logging.INFO, logger="kiosk.agent"):
        for _ in range(3):
            worker._one_pass(passes)
            worker._speaking.turn()
        hub.serve()
        for _ in range(3):
            worker._one_pass(passes)
            worker._speaking.turn()
    assert [line.split(" (")[0] for line in caplog.messages] == ["could not check for news", "the hub is back"]


@contextlib.contextmanager
def stalling() -> Iterator[tuple[str, threading.Event]]:
    """A hub that takes posts and never answers."""
    go = threading.Event()

    class Stall(Busy):
        def do_POST(self) -> None:
            go.wait(30)
            self.close_connection = True

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stall)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", go
    finally:
        go.set()
        server.shutdown()
        server.server_close()


def test_a_hub_that_stalls_posts_does_not_stop_pulls_from_a_mirror(hub: TestHub, shop: TestKiosk) -> None:
    note(shop)
    with stalling() as (url, _go):
        path = shop.folder / "identity.json"
        mirror = f"{hub.url}/v1/catalogue"
        identity.save(path, msgspec.structs.replace(who(shop), hub_url=url, catalogue_url=mirror))
        with agent_of(shop):
            for number in range(3):
                hub.take({"key": "new", "title": f"Something new {number}"})
                hub.publish()
                wait_for(lambda n=number: f"Something new {n}" in shop.titles(), 8)  # type: ignore[misc]
            _go.set()
    assert waiting(shop) == 1


def test_a_mirror_that_is_away_stops_neither_records_nor_news(hub: TestHub, shop: TestKiosk) -> None:
    path = shop.folder / "identity.json"
    identity.save(path, msgspec.structs.replace(who(shop), catalogue_url="http://127.0.0.1:9/catalogue"))
    shop.restart()
    records = note(shop, 2)
    report = shop.sync()
    assert (report.outcome, report.sent) == ("current", 2)
    assert "127.0.0.1:9" in report.message and "was used instead" in report.message
    assert set(at_the_hub(hub)) == set(records)
