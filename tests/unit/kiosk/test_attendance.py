"""The log of a surgery: its rules, which session is meant, corrections, and what is on disk."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from kiosk.domain import attendance as rules
from kiosk.errors import AttendanceError, GoneError
from kiosk.services import keeping
from kiosk.services.attendance import AttendanceLog
from kiosk.store.attendance import AttendanceStore
from kiosk.ui.staff import telling
from sync import outbox, sessions
from sync.attendance import OUTCOMES, TOPICS
from sync.messages import Answer
from sync.records import Attendance, Item
from sync.words import speaking
from tests.support.surgery import SHOP, SURGERY, Surgery

OTHER = "01890000-0000-7000-8000-0000000000b0"


def rows(unit: Surgery, kind: str = "attendance") -> list[dict[str, Any]]:
    """The bodies of a kind as another process reads them from disk, oldest first."""
    with sqlite3.connect(unit.folder / "records.db") as db:
        found = db.execute("SELECT body FROM outbox WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
    db.close()
    return [msgspec.json.decode(body) for (body,) in found]


# -- when it was


@pytest.mark.parametrize(
    ("came", "kept"),
    [("10:59", "10:30"), ("11:00", "11:00"), ("11:29:59.999", "11:00"), ("11:30", "11:30"), ("11:59", "11:30")],
)
def test_a_visitors_time_is_kept_to_the_half_hour_alone(surgery: Surgery, came: str, kept: str) -> None:
    surgery.at(f"2026-11-24T{came}")
    surgery.log.add(surgery.session(), topics=["email"])
    (body,) = rows(surgery)
    assert body["at"] == f"2026-11-24T{kept}+00:00"


def test_a_helpers_time_is_kept_to_the_minute_as_his_hours_are_summed(surgery: Surgery) -> None:
    surgery.at("2026-11-24T11:17:40")
    entry = surgery.log.add(surgery.session(), role="helper")
    assert entry.body.at == "2026-11-24T11:17+00:00"
    surgery.at("2026-11-24T12:47:10")
    assert surgery.log.helper_out(entry.id).body.minutes == 90
    sums = surgery.log.view(surgery.session()).totals
    assert (sums.helpers, sums.helpers_in, sums.helper_minutes, sums.visits) == (1, 0, 90, 0)


def test_a_helper_who_is_corrected_to_a_visitor_keeps_the_half_hour_alone(surgery: Surgery) -> None:
    entry = surgery.log.add(surgery.session(), role="helper")
    assert entry.body.at.endswith("11:10+00:00")
    assert surgery.log.change(entry.id, role="visitor").body.at.endswith("11:00+00:00")


def test_summer_time_is_kept_as_utc(surgery: Surgery) -> None:
    surgery.at("2026-07-07T11:40")
    surgery.log.add(surgery.session(), topics=["email"])
    assert rows(surgery)[0]["at"] == "2026-07-07T10:30+00:00"


def test_what_is_to_come_or_very_old_is_refused_in_the_shops_time(surgery: Surgery) -> None:
    surgery.at("2026-07-07T11:40")
    session = surgery.session()
    surgery.log.add(session, topics=["email"], at=surgery.local("2026-07-07T12:05"))  # a clock may be a little behind
    with pytest.raises(AttendanceError, match="2026-07-07 14:00 is yet to come"):
        surgery.log.add(session, topics=["email"], at=surgery.local("2026-07-07T14:00"))
    with pytest.raises(AttendanceError, match="2025-05-01 is over 400 days ago"):
        surgery.log.add(session, topics=["email"], at=surgery.local("2025-05-01T11:00"))
    assert len(rows(surgery)) == 1


def test_a_corrected_time_follows_the_same_rules(surgery: Surgery) -> None:
    entry = surgery.log.add(surgery.session(), topics=["email"])
    changed = surgery.log.change(entry.id, at=surgery.local("2026-11-24T10:42"))
    assert changed.body.at == "2026-11-24T10:30+00:00"
    with pytest.raises(AttendanceError, match="yet to come"):
        surgery.log.change(entry.id, at=surgery.local("2026-11-24T15:00"))


# -- which sessions there are


def test_a_rule_is_kept_across_a_change_of_the_clocks(surgery: Surgery) -> None:
    summer, winter = (surgery.session(day=day) for day in ("2026-10-20", "2026-10-27"))
    assert summer.starts.hour == winter.starts.hour == 11
    assert (winter.starts - summer.starts).days == 7
    assert summer.starts.utcoffset() == dt.timedelta(hours=1) and winter.starts.utcoffset() == dt.timedelta()
    surgery.at("2026-10-20T11:05")
    assert surgery.log.session_at(surgery.now) == summer
    surgery.at("2026-10-27T11:05")
    assert surgery.log.session_at(surgery.now) == winter


@pytest.mark.parametrize("away", ["2026-11-24T11:00:00", "2026-11-24", "20261124T110000"])
def test_on_a_bank_holiday_there_is_none(surgery: Surgery, away: str) -> None:
    surgery.diary({"exdates": [away]})
    assert surgery.log.sessions() == []
    assert len(surgery.log.sessions(dt.date(2026, 12, 1))) == 1


def test_another_start_of_that_day_still_takes_place(surgery: Surgery) -> None:
    surgery.diary({"exdates": ["2026-11-24T09:00:00"]})
    assert len(surgery.log.sessions()) == 1


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"])
def test_a_session_is_in_the_shops_time_wherever_that_is(tmp_path: Path, zone: str) -> None:
    unit = Surgery(tmp_path, "2026-11-24T11:10", zone)
    unit.belongs()
    unit.diary({"timezone": zone})
    session = unit.log.session_at(unit.now)
    assert (session.title, f"{session.starts:%Y-%m-%d %H:%M}") == ("Social media surgery", "2026-11-24 11:00")
    unit.log.add(session, topics=["email"])
    at = dt.datetime.fromisoformat(rows(unit)[0]["at"])
    assert dt.timedelta() <= unit.now - at < dt.timedelta(minutes=30)
    assert not rows(unit)[0].get("paper") and rows(unit, "session")[0]["timezone"] == zone
    unit.close()


def test_an_event_that_nobody_logs_is_not_listed(surgery: Surgery) -> None:
    surgery.diary({}, {"id": OTHER, "r": 3, "title": "Tea", "attendance": False})
    assert [one.title for one in surgery.log.sessions()] == ["Social media surgery"]


def test_a_sessions_id_is_the_hubs_before_the_catalogue_knows_the_shop_and_after(surgery: Surgery) -> None:
    """The id is made of the shop's: a unit that is new to the catalogue must not make another of nothing."""
    event = msgspec.convert({name: value for name, value in SURGERY.items() if name != "r"}, Item)
    (there,) = sessions.between([event], dt.date(2026, 11, 24), dt.date(2026, 11, 24), shop=SHOP)
    assert surgery.session().id == there.id
    surgery.diary({}, shop=False)
    assert surgery.session().id == there.id


def test_a_session_is_found_by_its_id_also_of_an_event_of_every_day(surgery: Surgery) -> None:
    surgery.diary({"rrule": "FREQ=DAILY", "starts": "2024-01-01T11:00:00", "ends": "2024-01-01T13:00:00"})
    for day in ("2026-11-24", "2026-11-25", "2026-06-01", "2025-11-01"):
        session = surgery.session(day=day)
        assert surgery.log.session(session.id) == session
    assert surgery.log.session(OTHER) is None


# -- which session is meant

MORNING = {"id": OTHER, "r": 3, "title": "Morning", "starts": "2026-01-06T09:00:00", "ends": "2026-01-06T11:15:00"}


@pytest.mark.parametrize(
    ("at", "meant"),
    [
        ("08:29", ""),
        ("08:30", "Morning"),
        ("10:45", "Morning"),
        ("10:59", "Morning"),
        ("11:00", "Social media surgery"),
        ("11:44", "Social media surgery"),
        ("13:30", "Social media surgery"),
        ("13:31", ""),
    ],
)
def test_of_overlapping_sessions_the_one_that_began_last_is_meant(surgery: Surgery, at: str, meant: str) -> None:
    surgery.diary(MORNING, {})
    when = surgery.local(f"2026-11-24T{at}")
    surgery.at("2026-11-24T18:00")
    found = surgery.log.session_at(when)
    assert (found.title if found.event else "") == meant


def test_of_two_that_begin_at_once_it_is_always_the_same(surgery: Surgery) -> None:
    surgery.diary({}, {"id": OTHER, "r": 3, "title": "A workshop"})
    assert [one.title for one in surgery.log.sessions()] == ["A workshop", "Social media surgery"]
    assert {surgery.log.session_at(surgery.now).title for _ in range(3)} == {"Social media surgery"}


def test_none_is_on_and_one_that_is_in_no_diary_goes_on_all_day(surgery: Surgery) -> None:
    surgery.at("2026-11-24T16:03")
    ad_hoc = surgery.log.session_at(surgery.now)
    assert (ad_hoc.event, f"{ad_hoc.starts:%H:%M}") == ("", "16:00")
    assert surgery.log.session_at(surgery.now).id != ad_hoc.id, "it was kept before anything was logged"
    assert rows(surgery, "session") == []
    surgery.log.add(ad_hoc, topics=["email"])
    surgery.at("2026-11-24T20:30")
    assert surgery.log.session_at(surgery.now) == ad_hoc
    surgery.at("2026-11-25T10:00")
    assert surgery.log.session_at(surgery.now).id != ad_hoc.id


def test_one_in_no_diary_is_kept_with_its_first_record_and_once(surgery: Surgery) -> None:
    ad_hoc = surgery.log.new_session()
    for _ in range(3):
        surgery.log.add(ad_hoc, topics=["email"])
    surgery.log.count_heads(ad_hoc, 7)
    kept = rows(surgery, "session")
    assert [one["session"] for one in kept] == [ad_hoc.id]
    with surgery.services.records.reading() as db:
        first = [row.kind for row in outbox.waiting(db, "d")][:2]
    assert first == ["session", "attendance"], "the hub would hear of a visit before its session"
    surgery.restart()
    assert surgery.log.session(ad_hoc.id) == ad_hoc and ad_hoc in surgery.log.sessions()


def test_a_session_across_midnight_is_still_on_after_it(surgery: Surgery) -> None:
    surgery.diary({"starts": "2026-01-06T21:00:00", "ends": "2026-01-07T00:30:00"})
    late = surgery.session()
    surgery.at("2026-11-25T00:50")
    assert surgery.log.session_at(surgery.now) == late
    assert not surgery.log.add(late, topics=["email"]).body.paper
    surgery.at("2026-11-25T01:01")
    assert surgery.log.session_at(surgery.now).id != late.id
    assert surgery.log.add(late, topics=["email"]).body.paper


def test_an_earlier_day_was_on_paper_and_its_time_is_the_sessions(surgery: Surgery) -> None:
    earlier = surgery.session(day="2026-11-17")
    entry = surgery.log.add(earlier, topics=["email"], people=3)
    surgery.log.count_heads(earlier, 12)
    assert (entry.body.paper, entry.body.at) == (True, "2026-11-17T11:00+00:00")
    assert rows(surgery, "head_count")[0]["paper"]
    today = surgery.session()
    surgery.at("2026-11-24T22:00")
    assert not surgery.log.add(today, topics=["email"]).body.paper, "it was today"


def test_what_was_logged_in_stays_when_its_event_is_withdrawn(surgery: Surgery) -> None:
    session = surgery.session()
    surgery.log.add(session, topics=["email"])
    surgery.diary({"id": OTHER, "title": "Another"})
    assert [one.title for one in surgery.log.sessions()] == ["Another", "Social media surgery"]
    assert surgery.log.session(session.id) == session
    assert surgery.log.view(session).totals.visits == 1


def test_an_event_that_was_renamed_is_the_same_session_under_its_new_name(surgery: Surgery) -> None:
    surgery.log.add(surgery.session(), topics=["email"])
    surgery.diary({"title": "Drop in"})
    (session,) = surgery.log.sessions()
    assert session.title == "Drop in" and surgery.log.view(session).totals.visits == 1


def test_without_a_catalogue_it_can_be_logged(tmp_path: Path) -> None:
    unit = Surgery(tmp_path)
    assert unit.log.sessions() == []
    session = unit.log.session_at(unit.now)
    unit.log.add(session, topics=["email"])
    assert unit.log.sessions() == [session] and unit.log.view(session).totals.visits == 1
    unit.close()


@pytest.mark.parametrize("damage", [b"", b"no database at all " * 500, None])
def test_with_a_damaged_catalogue_it_can_be_logged(surgery: Surgery, damage: bytes | None) -> None:
    before = surgery.session()
    surgery.log.add(before, topics=["email"])
    path = surgery.services.replicas.current()
    assert path
    content = path.read_bytes()
    path.write_bytes(content[:8192] + random.Random(1).randbytes(len(content) - 8192) if damage is None else damage)
    surgery.restart()
    assert surgery.log.sessions() == [before], "what was logged in is known without the catalogue"
    surgery.log.add(surgery.log.session_at(surgery.now), topics=["jobs"])
    assert surgery.log.view(before).totals.visits == 2


# -- what a record may say


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"topics": ["gardening"]}, "topic is 'gardening'; it can be email, phone"),
        ({"topics": ["email", ""]}, "topic is ''"),
        ({"role": "trainer"}, "role is 'trainer'; it can be visitor, helper"),
        ({"first_time": "maybe"}, "first_time is 'maybe'; it can be first, again"),
        ({"outcome": "cured"}, "outcome is 'cured'; it can be solved, started"),
        ({"people": 0}, "people is 0; it must be from 1 to 500"),
        ({"people": 501}, "people is 501"),
        ({"people": -3}, "people is -3"),
        ({"minutes": -1}, "minutes is -1; it must be from 0 to 1440"),
        ({"minutes": 1441}, "minutes is 1441"),
    ],
)
def test_what_a_record_cannot_say_is_refused_and_nothing_is_kept(
    surgery: Surgery, said: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(AttendanceError, match=complaint):
        surgery.log.add(surgery.session(), **said)
    assert rows(surgery) == rows(surgery, "session") == []
    entry = surgery.log.add(surgery.session(), topics=["email"])
    with pytest.raises(AttendanceError, match=complaint):
        surgery.log.change(entry.id, **said)
    assert len(rows(surgery)) == 1


@pytest.mark.parametrize("said", [{"people": 1}, {"people": 500}, {"minutes": 0}, {"minutes": 1440}, {"topics": []}])
def test_the_limits_themselves_may_be_said(surgery: Surgery, said: dict[str, Any]) -> None:
    surgery.log.add(surgery.session(), **said)
    assert len(rows(surgery)) == 1


@pytest.mark.parametrize("count", [-1, 10_001])
def test_nobody_counts_so_many_heads(surgery: Surgery, count: int) -> None:
    with pytest.raises(AttendanceError, match=f"the head count is {count}; it must be from 0 to 10000"):
        surgery.log.count_heads(surgery.session(), count)
    assert rows(surgery, "head_count") == []


def test_the_last_head_count_is_the_sessions(surgery: Surgery) -> None:
    assert surgery.log.view(surgery.session()).totals.head_count is None
    for count in (14, 0, 12):
        surgery.log.count_heads(surgery.session(), count)
    assert surgery.log.view(surgery.session()).totals.head_count == 12
    assert surgery.log.view(surgery.session()).totals.visits == 0, "heads are not visits"


def test_a_topic_named_twice_is_kept_once(surgery: Surgery) -> None:
    entry = surgery.log.add(surgery.session(), topics=["email", "jobs", "email"])
    assert entry.body.topics == ["email", "jobs"]
    assert surgery.log.change(entry.id, topics=["phone", "phone"]).body.topics == ["phone"]


def test_a_group_counts_as_its_people(surgery: Surgery) -> None:
    session = surgery.session()
    surgery.log.add(session, topics=["email", "jobs"], people=4, first_time="first", outcome="solved")
    surgery.log.add(session, topics=["email"], first_time="again", outcome="unmet")
    surgery.log.add(session, topics=["email"])
    sums = surgery.log.view(session).totals
    assert (sums.visits, sums.records, sums.first_time, sums.again) == (6, 3, 4, 1)
    assert sums.topics == {"email": 6, "jobs": 4} and sums.outcomes == {"solved": 4, "unmet": 1}


# -- corrections


def test_corrections_name_the_first_record_and_the_last_counts(surgery: Surgery) -> None:
    session = surgery.session()
    first = surgery.log.add(session, topics=["email"], staff="a")
    second = surgery.log.change(first.id, "b", people=2)
    third = surgery.log.change(second.last_id, "c", topics=["jobs"])
    assert len({first.id, second.last_id, third.last_id}) == 3 and third.id == first.id
    assert [body.get("corrects") for body in rows(surgery)] == [None, first.id, first.id]
    assert [body["staff"] for body in rows(surgery)] == ["a", "b", "c"]
    (entry,) = surgery.log.view(session).entries
    assert (entry.id, entry.last_id, entry.body.people, entry.body.topics) == (first.id, third.last_id, 2, ["jobs"])
    assert entry.corrected


def test_a_correction_keeps_the_order_of_what_came_first(surgery: Surgery) -> None:
    session = surgery.session()
    made = [surgery.log.add(session, topics=["email"]).id for _ in range(3)]
    surgery.log.change(made[0], people=9)
    assert [entry.id for entry in surgery.log.view(session).entries] == made


def test_what_was_taken_away_does_not_count_and_does_not_come_back(surgery: Surgery) -> None:
    session = surgery.session()
    entry = surgery.log.add(session, topics=["email"], people=5)
    changed = surgery.log.change(entry.id, people=6)
    surgery.log.void(changed.last_id)
    assert surgery.log.view(session).totals.records == 0 and surgery.log.entries() == []
    for again in (surgery.log.void, surgery.log.change, surgery.log.helper_out):
        for record_id in (entry.id, changed.last_id):
            with pytest.raises(AttendanceError, match=f"no record here has the id {record_id}"):
                again(record_id)
    assert [bool(body.get("void")) for body in rows(surgery)] == [False, False, True], "the audit shows all"


def test_staff_read_in_their_language_what_became_of_a_visit_that_the_hub_alone_has(surgery: Surgery) -> None:
    entry = surgery.log.add(surgery.session(), topics=["email"])
    records, now = surgery.services.records, dt.datetime.now(dt.UTC)
    with records.writing() as db:
        every = [one.id for one in outbox.waiting(db, "d")]
        outbox.settle(db, [Answer(id=one, outcome="accepted") for one in every], at=now - dt.timedelta(days=8))
    keeping.delete_what_is_due(records, 7, now)
    with pytest.raises(GoneError) as gone:
        surgery.log.change(entry.id, people=2)
    assert telling.trouble(gone.value).startswith("This visit was deleted, or is at the hub alone")
    with speaking("cy"):
        assert telling.trouble(gone.value).startswith("Cafodd yr ymweliad hwn ei ddileu")


def test_staff_read_in_their_language_that_the_disk_is_full(surgery: Surgery) -> None:
    session = surgery.session()
    with surgery.services.records.writing() as db:
        db.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as it has by now
    with pytest.raises(OperationalError) as full:
        for _ in range(1000):
            surgery.log.add(session, topics=["email"])
    with speaking("pl"):
        assert telling.trouble(full.value) == "Dysk jest pełny. Zadzwoń do centrali."
    assert telling.trouble(ValueError("a riddle")) == "(ValueError)"


def test_an_unknown_id_is_said_to_be_unknown(surgery: Surgery) -> None:
    for record_id in (OTHER, "", "x' OR 1=1"):
        with pytest.raises(AttendanceError, match="no record here has the id"):
            surgery.log.void(record_id)


def test_a_head_count_or_session_is_no_visit_to_be_taken_away(surgery: Surgery) -> None:
    surgery.log.count_heads(surgery.session(), 3)
    with surgery.services.records.reading() as db:
        ids = [one.id for kind in ("session", "head_count") for one in outbox.made(db, kind)]
    assert len(ids) == 2
    for record_id in ids:
        with pytest.raises(AttendanceError, match="no record here"):
            surgery.log.void(record_id)


@pytest.mark.parametrize("field", ["session", "corrects", "paper"])
def test_what_a_correction_cannot_say_is_refused(surgery: Surgery, field: str) -> None:
    """In another session it would count in the one here and in the other at the hub."""
    entry = surgery.log.add(surgery.session(), topics=["email"])
    with pytest.raises(AttendanceError, match=f"{field} cannot be changed; delete the record and log it anew"):
        surgery.log.change(entry.id, **{field: OTHER})


def test_a_record_whose_first_was_sent_and_deleted_can_still_be_changed(surgery: Surgery) -> None:
    session = surgery.session()
    entry = surgery.log.add(session, topics=["email"])
    surgery.log.change(entry.id, people=2)
    with surgery.services.records.writing() as db:
        db.exec_driver_sql("DELETE FROM outbox WHERE id = ?", (entry.id,))
    assert [one.id for one in surgery.log.view(session).entries] == [entry.id]
    surgery.log.change(entry.id, people=3)
    assert surgery.log.view(session).totals.visits == 3
    surgery.log.void(entry.id)
    assert surgery.log.view(session).totals.visits == 0


@pytest.mark.parametrize("act", ["change", "void"])
def test_who_corrects_what_is_taken_away_at_that_moment_does_not_bring_it_back(surgery: Surgery, act: str) -> None:
    """Another process has looked, and waits for the lock; what it then finds is what counts."""
    session = surgery.session()
    entry = surgery.log.add(session, topics=["email"])
    other, looked, failed = Surgery(surgery.folder), threading.Event(), []
    store = other.log._store
    correct = store.correct

    def correct_after_the_look(*said: Any) -> str:
        looked.set()
        return correct(*said)

    store.correct = correct_after_the_look  # type: ignore[method-assign]

    def work() -> None:
        try:
            other.log.change(entry.id, people=9) if act == "change" else other.log.void(entry.id)
        except AttendanceError as error:
            failed.append(str(error))

    thread = threading.Thread(target=work)
    with surgery.services.records.writing() as db:
        thread.start()
        assert looked.wait(10)
        body = msgspec.structs.replace(entry.body, corrects=entry.id, void=True)
        outbox.add(db, "attendance", body, about=session.id)
    thread.join(20)
    other.close()
    assert failed == [f"the record {entry.id} was deleted meanwhile"]
    assert surgery.log.view(session).totals.records == 0 and len(rows(surgery)) == 2


def test_two_processes_take_the_same_record_away_and_one_hears_that_it_was_gone(surgery: Surgery) -> None:
    entry = surgery.log.add(surgery.session(), topics=["email"])
    words = [sys.executable, "-m", "kiosk", "attendance", "void", "--data", str(surgery.folder), entry.id]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=60) for one in both]
    assert sorted(one.returncode for one in both) == [0, 1], said
    assert [body.get("void", False) for body in rows(surgery)] == [False, True]


def test_two_who_correct_at_once_are_one_after_the_other(surgery: Surgery) -> None:
    """The later says all that is right, and the sums are those of one record."""
    session = surgery.session()
    entry = surgery.log.add(session, topics=["email"])
    units = [Surgery(surgery.folder) for _ in range(2)]

    def work(unit: Surgery, people: int) -> Callable[[], None]:
        return lambda: [unit.log.change(entry.id, people=people + n) for n in range(20)] and None  # type: ignore[func-returns-value]

    threads = [threading.Thread(target=work(unit, 100 * n)) for n, unit in enumerate(units, start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for unit in units:
        unit.close()
    assert len(rows(surgery)) == 41
    sums = surgery.log.view(session).totals
    assert (sums.records, sums.visits) == (1, rows(surgery)[-1]["people"])


# -- what is meant to be seen, and how it is called


def test_topics_are_the_hubs_and_old_ones_can_still_be_changed(surgery: Surgery) -> None:
    session = surgery.session()
    old = surgery.log.add(session, topics=["email", "jobs"], outcome="started")
    surgery.hub_says(settings={"topics": "tablets email", "outcomes": "done"})
    with pytest.raises(AttendanceError, match="topic is 'jobs'; it can be tablets, email"):
        surgery.log.add(session, topics=["jobs"])
    surgery.log.add(session, topics=["tablets"], outcome="done")
    changed = surgery.log.change(old.id, people=2)
    assert (changed.body.topics, changed.body.outcome) == (["email", "jobs"], "started")
    surgery.log.change(old.id, topics=["jobs"])
    with pytest.raises(AttendanceError, match="topic is 'phone'"):
        surgery.log.change(old.id, topics=["phone"])
    assert surgery.log.view(session).totals.topics == {"tablets": 1, "jobs": 2}


def test_words_are_the_hubs_in_a_language_and_of_topics_long_gone(surgery: Surgery) -> None:
    ours = surgery.log.words()
    assert (ours.session, ours.helper, ours.topics["jobs"]) == ("Surgery", "Helper", "Job search")
    assert (tuple(ours.topics), tuple(ours.outcomes)) == (TOPICS, OUTCOMES)
    said = {
        "topics": "tablets email",
        "word.session": "Digital café",
        "word.session.cy": "Caffi digidol",
        "word.topic.email.cy": "E-bost",
        "word.topic.tablets": "Tablets & phones",
    }
    surgery.hub_says(settings=said)
    english, welsh = surgery.log.words(), surgery.log.words("cy")
    assert (english.session, welsh.session) == ("Digital café", "Caffi digidol")
    assert english.topics == {"tablets": "Tablets & phones", "email": "Email"}
    assert welsh.topics == {"tablets": "Tablets & phones", "email": "E-bost"}
    assert (english.topic("jobs"), english.topic("life_skills"), english.outcome("solved")) == (
        "Job search",
        "Life skills",
        "Solved",
    )
    assert surgery.log.new_session().title == "Digital café"


def test_a_session_so_long_ago_that_some_of_it_may_be_at_the_hub_alone_says_so(surgery: Surgery) -> None:
    assert not surgery.log.view(surgery.session(day="2026-11-17")).partial
    assert surgery.log.view(surgery.session(day="2026-11-10")).partial
    surgery.hub_says(settings={"keep_days": 30})
    assert not surgery.log.view(surgery.session(day="2026-11-10")).partial


def test_each_session_has_its_own_records(surgery: Surgery) -> None:
    today, last = surgery.session(), surgery.session(day="2026-11-17")
    surgery.log.add(today, topics=["email"])
    surgery.log.add(last, topics=["jobs"], people=2)
    assert [surgery.log.view(one).totals.visits for one in (today, last)] == [1, 2]
    assert len(surgery.log.entries()) == 2 and len(surgery.log.entries(last.id)) == 1
    assert surgery.log.waiting() == 4, "two sessions and two visits"


def test_the_agent_is_woken_by_what_was_kept_and_by_nothing_else(tmp_path: Path) -> None:
    unit = Surgery(tmp_path)
    rings: list[int] = []
    store = AttendanceStore(unit.services.records)
    settings = unit.services.settings
    log = AttendanceLog(
        store, unit.services.current, unit.services.unit, lambda: settings, lambda: rings.append(len(rows(unit)))
    )
    session = log.new_session()
    with pytest.raises(AttendanceError):
        log.add(session, people=0)
    assert rings == []
    entry = log.add(session, topics=["email"])
    log.void(entry.id)
    assert rings == [1, 2], "it was rung before the record was on disk"
    unit.close()


def test_a_record_that_was_answered_is_sent_and_counts_as_before(surgery: Surgery) -> None:
    session = surgery.session()
    entry = surgery.log.add(session, topics=["email"])
    assert not surgery.log.view(session).entries[0].sent
    with surgery.services.records.writing() as db:
        outbox.settle(db, [Answer(id=entry.id, outcome="accepted")])
    assert surgery.log.view(session).entries[0].sent
    surgery.log.change(entry.id, people=2)
    assert not surgery.log.view(session).entries[0].sent, "its correction waits"


def test_the_pure_rules_have_no_surprise_at_their_edges() -> None:
    at = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
    one = rules.LogSession("a", "A", at, at + dt.timedelta(hours=2), "e")
    assert [one.is_on(at + dt.timedelta(minutes=m)) for m in (-31, -30, 150, 151)] == [False, True, True, False]
    assert rules.meant([], at) is None
    assert rules.meant([one], at - dt.timedelta(hours=2)) is None, "it is not on, and no ad hoc one"
    body = Attendance(session="s", at="x", topics=["email"])
    assert rules.check(body, ["email"], []) is body
    with pytest.raises(AttendanceError):
        rules.check(body, [], [])


def test_a_helper_who_was_forgotten_goes_at_the_sessions_end(surgery: Surgery) -> None:
    surgery.belongs()
    surgery.diary({})
    entry = surgery.log.add(surgery.session(), role="helper")  # at 11:10, and the session ends at 13:00
    surgery.at("2026-11-26T09:00")
    assert surgery.log.helper_out(entry.id).body.minutes == 110
    surgery.at("2025-11-24T09:00")  # the clock is put back by a year
    assert surgery.log.helper_out(entry.id).body.minutes == 110


def test_last_nights_session_is_among_todays_while_it_is_on(surgery: Surgery) -> None:
    surgery.belongs()
    surgery.diary({"starts": "2026-01-06T22:30:00", "ends": "2026-01-07T01:30:00"})
    surgery.at("2026-11-25T01:00")
    assert [f"{one.starts:%d %H:%M}" for one in surgery.log.sessions()] == ["24 22:30"]
    surgery.at("2026-11-25T09:00")
    assert surgery.log.sessions() == []
