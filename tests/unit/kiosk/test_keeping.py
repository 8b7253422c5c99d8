"""How long a unit keeps what it sent: a few days, as the hub's people set it; what waits is never deleted."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Self

import pytest

from kiosk import bootstrap
from kiosk.services import keeping
from kiosk.settings import Settings
from kiosk.store.records import Records
from sync import outbox
from sync.client.up import heard
from sync.client.up.heard import KnownDevice
from sync.hub import settings
from sync.messages import Answer, DeviceInfo
from sync.records import Usage
from tests.conftest import TestHub, TestKiosk
from tests.support.surgery import Surgery

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def answered(records: Records, outcome: str, at: dt.datetime, kind: str = "usage") -> str:
    """A record that the hub answered for then; returns its id."""
    with records.writing() as db:
        record_id = outbox.add(db, kind, Usage(day="2026-11-01", action="open", count=1))
        outbox.settle(db, [Answer(id=record_id, outcome=outcome, reason="because")], at=at)
    return record_id


def left(records: Records) -> set[str]:
    with records.reading() as db:
        return {row.id for row in db.execute(outbox.table.select())}


@pytest.mark.parametrize(
    ("keep_days", "ago", "kept"), [(7, 7, True), (7, 7.01, False), (1, 1.01, False), (30, 29, True)]
)
def test_what_the_hub_has_goes_so_many_days_after_its_answer(
    surgery: Surgery, keep_days: int, ago: float, kept: bool
) -> None:
    records = surgery.services.records
    record_id = answered(records, "accepted", NOW - ago * DAY)
    duplicate = answered(records, "duplicate", NOW - ago * DAY)
    gone = keeping.delete_what_is_due(records, keep_days, NOW)
    assert left(records) == ({record_id, duplicate} if kept else set())
    assert gone == ({} if kept else {"usage": 2})


def test_what_waits_never_goes(surgery: Surgery) -> None:
    records = surgery.services.records
    with records.writing() as db:
        waiting = outbox.add(db, "usage", Usage(day="2026-11-01", action="open", count=1))
    for outcome in ("clone", "an outcome of a later program"):
        answered(records, outcome, NOW - 1000 * DAY)
    before = left(records)
    assert waiting in before and len(before) == 3
    assert keeping.delete_what_is_due(records, 1, NOW + 10_000 * DAY) == {}
    assert left(records) == before


@pytest.mark.parametrize(("ago", "kept"), [(89.9, True), (90.1, False)])
def test_what_the_hub_refused_goes_after_ninety_days(surgery: Surgery, ago: float, kept: bool) -> None:
    records = surgery.services.records
    record_id = answered(records, "rejected", NOW - ago * DAY)
    keeping.delete_what_is_due(records, 1, NOW)
    assert left(records) == ({record_id} if kept else set())


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
@pytest.mark.parametrize(("ahead", "kept"), [(0.9, True), (1.1, False), (1500, False)])
def test_what_is_dated_far_ahead_goes_as_the_clock_was_wrong(
    surgery: Surgery, outcome: str, ahead: float, kept: bool
) -> None:
    record_id = answered(surgery.services.records, outcome, NOW + ahead * DAY)
    keeping.delete_what_is_due(surgery.services.records, 7, NOW)
    assert left(surgery.services.records) == ({record_id} if kept else set())


def test_what_the_hub_answered_is_kept_while_the_units_clock_is_behind(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its battery is flat: only what the hub said tells what day it is."""

    class Behind(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return super().now(tz) - 300 * DAY

    record_id = shop.services.log.add(shop.services.log.new_session(), topics=["email"]).id
    speaking = bootstrap.agent(shop.services)._speaking
    speaking.turn()
    monkeypatch.setattr(dt, "datetime", Behind)
    speaking.turn()
    assert record_id in left(shop.services.records)


def test_what_the_hub_lost_and_asked_for_again_waits_and_stays(surgery: Surgery) -> None:
    records = surgery.services.records
    answered(records, "accepted", NOW - 30 * DAY)
    with records.writing() as db:
        outbox.claim(db, "d")
        assert outbox.send_again(db, outbox.acknowledged(db)) == 1
    assert keeping.delete_what_is_due(records, 7, NOW) == {} and len(left(records)) == 1


def test_the_log_says_how_many_and_nothing_else(surgery: Surgery, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = surgery.session()
    ids = [surgery.log.add(session, topics=["email"], staff="staff-7").id for _ in range(3)]
    surgery.log.count_heads(session, 9)
    records = surgery.services.records
    with records.writing() as db:
        every = [one.id for one in outbox.waiting(db, "d")]
        outbox.settle(db, [Answer(id=one, outcome="accepted") for one in every], at=NOW - 8 * DAY)
    answered(records, "rejected", NOW - 91 * DAY)
    gone = keeping.delete_what_is_due(records, 7, NOW)
    assert gone == {"session": 1, "attendance": 3, "head_count": 1, "usage": 1}
    assert [record.getMessage() for record in caplog.records if record.name == keeping.__name__] == [
        "deleted here, as the hub has them: 3 attendance, 1 head_count, 1 session",
        "deleted here, as the hub refused them long ago: 1 usage",
    ]
    assert not any(word in caplog.text for word in (*ids, session.id, "staff-7", "email"))
    caplog.clear()
    assert keeping.delete_what_is_due(records, 7, NOW) == {} and caplog.records == [], "it said so twice"
    assert surgery.log.entries() == [] and surgery.log.view(session).totals.records == 0


def test_what_was_deleted_is_nowhere_in_the_file(surgery: Surgery) -> None:
    """Nor in its free pages, once the write-ahead log was taken in."""
    session = surgery.log.new_session()
    surgery.log.add(session, topics=["email"], staff="staff-who-logged-it")
    records = surgery.services.records
    with records.writing() as db:
        every = [one.id for one in outbox.waiting(db, "d")]
        outbox.settle(db, [Answer(id=one, outcome="accepted") for one in every], at=NOW - 8 * DAY)
    surgery.log.add(session, topics=["email"], staff="another")
    assert any(b"staff-who-logged-it" in content for content in files(surgery.folder).values())
    keeping.delete_what_is_due(records, 7, NOW)
    surgery.close()
    there = [name for name, content in files(surgery.folder).items() if b"staff-who-logged-it" in content]
    assert there == []


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_hubs_setting_says_how_long(hub: TestHub, shop: TestKiosk) -> None:
    """It reaches the unit with its next heartbeat, and its agent does as it says."""
    records, log = shop.services.records, shop.services.log
    older, newer = (log.add(log.new_session(), topics=["email"]).id for _ in range(2))
    speaking = bootstrap.agent(shop.services)._speaking
    speaking.turn()
    assert log.waiting() == 0 and shop.services.settings_now().keep_days == 7
    for record_id, days in ((older, 5), (newer, 2)):
        at = (dt.datetime.now(dt.UTC) - days * DAY).isoformat(timespec="milliseconds")
        with records.writing() as db:
            db.execute(outbox.table.update().where(outbox.table.c.id == record_id).values(acknowledged_at=at))
    speaking.turn()
    assert {older, newer} <= left(records)
    with hub.hub.database.writing() as db:
        settings.put(db, "keep_days", "3", "")
    for _ in range(2):  # one to hear of it, one that does it
        speaking._beat.set()
        speaking.turn()
    assert shop.services.settings_now().keep_days == 3
    assert older not in left(records) and newer in left(records)
    assert [entry.id for entry in log.entries()] == [newer]


def test_a_unit_that_keeps_for_longer_by_its_own_setting_does(tmp_path: Path) -> None:
    unit = bootstrap.services(Settings(data=tmp_path, keep_days=20))
    known = KnownDevice(info=DeviceInfo(device_id="d", shop_id="s", settings={"keep_days": 3}))
    heard.save_device(tmp_path / "identity.json", known)
    assert unit.settings_now().keep_days == 20
    unit.close()


@pytest.mark.parametrize("nonsense", ["soon", 0, -1, 366, None])
def test_a_hubs_setting_that_is_none_changes_nothing(surgery: Surgery, nonsense: object) -> None:
    surgery.hub_says(settings={"keep_days": nonsense})
    assert surgery.services.settings_now().keep_days == 7
