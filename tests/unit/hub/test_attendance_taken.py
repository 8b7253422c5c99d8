"""Attendance on its way in: what is refused, which record of a family counts, whose it is, and wrong clocks."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from sync.hub.store import attendance as store
from sync.hub.store.schema import attendance, head_count, received, session_held
from sync.sessions import session_id
from tests.conftest import TestHub
from tests.support.logging_shop import LoggingShop

SESSION = "01890000-0000-7000-8000-0000000000aa"
DAY = dt.timedelta(days=1)


@pytest.fixture
def shop(hub: TestHub) -> LoggingShop:
    return LoggingShop(hub.hub)


def rows(hub: TestHub) -> dict[str, Any]:
    with hub.hub.database.reading() as db:
        return {row.id: row for row in db.execute(select(attendance))}


def counting(hub: TestHub) -> list[tuple[str, int]]:
    return sorted((row.root, row.people) for row in rows(hub).values() if row.counts)


@pytest.mark.parametrize(
    ("kind", "wrong", "says"),
    [
        ("attendance", {"session": "7"}, "session must be a UUID"),
        ("attendance", {"session": SESSION.upper()}, "lower case"),
        ("attendance", {"people": 0}, "people must be from 1 to 500"),
        ("attendance", {"people": 501}, "people must be from 1 to 500"),
        ("attendance", {"people": "two"}, "Expected `int`"),
        ("attendance", {"minutes": -1}, "minutes must be from 0 to 1440"),
        ("attendance", {"minutes": 1441}, "minutes must be from 0 to 1440"),
        ("attendance", {"role": "surgeon"}, "role must be visitor or helper"),
        ("attendance", {"first_time": "maybe"}, "first_time must be empty or first or again"),
        ("attendance", {"at": "2026-11-22T10:00:00"}, "at must be a time with its zone"),
        ("attendance", {"at": "0001-01-01T00:00:00+14:00"}, "at must be a time with its zone"),
        ("attendance", {"at": "soon"}, "at must be a time with its zone"),
        ("attendance", {"topics": ["job search"]}, "without blanks"),
        ("attendance", {"topics": ["x" * 41]}, "1 to 40 letters"),
        ("attendance", {"topics": [""]}, "1 to 40 letters"),
        ("attendance", {"topics": ["a\0"]}, "1 to 40 letters"),
        ("attendance", {"topics": [f"t{n}" for n in range(51)]}, "at most 50"),
        ("attendance", {"outcome": "x" * 41}, "outcome and staff"),
        ("attendance", {"staff": "a b"}, "outcome and staff"),
        ("attendance", {"corrects": "the first"}, "corrects must be empty or a UUID"),
        ("head_count", {"count": -1}, "count must be from 0 to 10000"),
        ("head_count", {"count": 10_001}, "count must be from 0 to 10000"),
        ("head_count", {"count": 1, "session": ""}, "session must be a UUID"),
        ("head_count", {"count": 1, "staff": "x" * 41}, "staff must be"),
        ("session", {"timezone": "Mars/Olympus"}, "timezone must be one such as"),
        ("session", {"starts": "2026-11-22"}, "local times such as"),
        ("session", {"starts": "2026-11-22T10:00:00-05:00"}, "local times such as"),
        ("session", {"starts": "2026-11-22T15:00:00"}, "ends must be after starts"),
        ("session", {"title": "a\nb"}, "all on one line"),
        ("session", {"title": "x" * 401}, "at most 400 letters"),
        ("session", {"event": "a day"}, "event must be empty or a UUID"),
        ("follow_up", {}, "either sealed or withdraws"),
        ("follow_up", {"sealed": "AAAA", "withdraws": SESSION}, "either sealed or withdraws"),
        ("follow_up", {"withdraws": "that one"}, "withdraws must be a UUID"),
        ("follow_up", {"sealed": "not base64!"}, "sealed must be base64"),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_kept_apart(
    hub: TestHub, shop: LoggingShop, kind: str, wrong: dict[str, Any], says: str
) -> None:
    right: dict[str, dict[str, Any]] = {
        "attendance": {"session": SESSION, "at": "2026-11-22T10:00:00+00:00"},
        "head_count": {"session": SESSION},
        "session": {
            "session": SESSION,
            "starts": "2026-11-22T10:00:00",
            "ends": "2026-11-22T12:00:00",
            "timezone": "Europe/London",
        },
        "follow_up": {},
    }
    record = shop.record(kind, right[kind] | wrong)
    answers = shop.send(shop.visit(SESSION), record, shop.visit(SESSION))
    assert [answer.outcome for answer in answers] == ["accepted", "rejected", "accepted"]
    assert says in answers[1].reason
    assert len(rows(hub)) == 2


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("attendance", {"topics": ["gardening", "телефон"], "outcome": "passed_on_library", "minutes": 1440}),
        ("attendance", {"topics": [], "people": 500, "minutes": 0, "staff": "setup"}),
        ("attendance", {"from_a_later_version": [1]}),
        ("usage", {"day": 7, "anything": "goes"}),
        ("of_a_later_version", {"session": 1}),
    ],
)
def test_what_is_unknown_is_taken(shop: LoggingShop, kind: str, body: dict[str, Any]) -> None:
    said = body if kind != "attendance" else {"session": SESSION, "at": "2026-11-22T10:00:00+01:00", **body}
    assert [answer.outcome for answer in shop.send(shop.record(kind, said))] == ["accepted"]


def test_a_record_is_kept_as_it_is_counted(hub: TestHub, shop: LoggingShop) -> None:
    one = shop.visit(
        SESSION, at="2026-07-01T00:10:00+01:00", topics=["jobs", "email", "jobs"], outcome="solved", people=2
    )
    shop.send(one, one)
    (row,) = rows(hub).values()
    assert (row.at, row.month) == ("2026-06-30T23:10:00.000+00:00", "2026-07")  # by the clocks of the shop
    assert (row.topics, row.shop_id, row.counts, row.clock_wrong) == ("jobs email", shop.shop_id, True, False)


def test_the_last_word_counts_in_whatever_order_it_comes(hub: TestHub, shop: LoggingShop) -> None:
    for order in itertools.permutations(range(4)):
        first = shop.visit(SESSION, people=1)
        made = [first, *(shop.visit(SESSION, people=n, corrects=first.id) for n in (2, 3, 4))]
        for at, place in enumerate(order):
            shop.send(made[place])
            last = max(order[: at + 1])
            assert (first.id, made[last].body["people"]) in counting(hub)
            assert sum(root == first.id for root, _people in counting(hub)) == 1


def test_a_void_record_takes_its_family_away_until_it_is_corrected_again(hub: TestHub, shop: LoggingShop) -> None:
    first = shop.visit(SESSION)
    gone = shop.visit(SESSION, corrects=first.id, void=True)
    back = shop.visit(SESSION, corrects=first.id, people=7)
    shop.send(gone)
    shop.send(first)
    assert counting(hub) == []
    shop.send(back)
    assert counting(hub) == [(first.id, 7)]


def test_a_whole_family_in_one_post(hub: TestHub, shop: LoggingShop) -> None:
    first = shop.visit(SESSION)
    family = [shop.visit(SESSION, corrects=first.id, people=n) for n in (5, 6)]
    shop.send(*reversed(family), first)
    assert counting(hub) == [(first.id, 6)]


def test_another_kiosks_record_cannot_be_corrected(hub: TestHub, shop: LoggingShop) -> None:
    other = LoggingShop(hub.hub, "Brook Street")
    first = shop.visit(SESSION)
    shop.send(first)
    (answer,) = other.send(other.visit(SESSION, corrects=first.id, void=True))
    assert answer.outcome == "rejected" and "another kiosk's record" in answer.reason
    assert counting(hub) == [(first.id, 1)]


def test_nor_when_the_correction_came_before_it(hub: TestHub, shop: LoggingShop) -> None:
    other = LoggingShop(hub.hub, "Brook Street")
    other.seq = 100
    first = shop.visit(SESSION)
    right = shop.visit(SESSION, corrects=first.id, people=3)
    shop.send(right)
    strange = other.visit(SESSION, corrects=first.id, people=99)
    assert other.send(strange)[0].outcome == "accepted"  # nobody can know yet
    assert counting(hub) == [(first.id, 99)]
    shop.send(first)
    assert counting(hub) == [(first.id, 3)]
    shop.send(shop.visit(SESSION, corrects=first.id, people=4))
    assert counting(hub) == [(first.id, 4)]


def test_a_kiosk_that_came_after_another_may_correct_what_that_one_logged(hub: TestHub, shop: LoggingShop) -> None:
    first = shop.visit(SESSION)
    late = shop.visit(SESSION, device=shop.device_id)
    shop.send(first)
    heir = LoggingShop(hub.hub, after=shop)
    early = heir.visit(SESSION, corrects=late.id, people=8)
    assert heir.send(heir.visit(SESSION, corrects=first.id, people=9), early)[0].outcome == "accepted"
    assert heir.send(late)[0].outcome == "accepted"
    assert counting(hub) == sorted([(first.id, 9), (late.id, 8)])


def test_what_is_only_left_as_totals_is_not_corrected_any_more(hub: TestHub, shop: LoggingShop) -> None:
    first = shop.visit(SESSION)
    shop.send(first)
    with hub.hub.database.writing() as db:
        db.execute(attendance.delete())
        db.execute(update(received).values(erased_at="2026-11-22T00:00:00+00:00", body=b"{}"))
    assert shop.send(shop.visit(SESSION, corrects=first.id, people=2))[0].outcome == "accepted"
    assert counting(hub) == []


def test_the_shop_is_the_hubs_word(hub: TestHub, shop: LoggingShop) -> None:
    shop.send(shop.visit(SESSION, shop_id="somewhere else", shop="somewhere else"))
    assert [row.shop_id for row in rows(hub).values()] == [shop.shop_id]


def test_a_session_is_the_first_shops_and_its_later_word_counts(hub: TestHub, shop: LoggingShop) -> None:
    other = LoggingShop(hub.hub, "Brook Street")
    shop.send(shop.held(SESSION, title="First"))
    other.send(other.held(SESSION, title="Stolen"))

    def known() -> list[tuple[str, str, str]]:
        with hub.hub.database.reading() as db:
            return [(row.shop_id, row.title, row.starts) for row in db.execute(select(session_held))]

    assert known() == [(shop.shop_id, "First", "2026-11-22T11:00:00")]
    shop.send(shop.held(SESSION, "2026-11-22T12:00:00", title="Moved"), shop.held(SESSION, "2026-11-22T13:00:00"))
    assert known() == [(shop.shop_id, "", "2026-11-22T13:00:00")]


def test_head_counts_are_all_kept(hub: TestHub, shop: LoggingShop) -> None:
    shop.send(shop.heads(SESSION, 0), shop.heads(SESSION, 10_000))
    with hub.hub.database.reading() as db:
        assert list(db.execute(select(head_count.c.count).order_by(head_count.c.seq)).scalars()) == [0, 10_000]


# -- wrong clocks


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("off", [-365 * DAY, 365 * DAY, dt.timedelta(hours=-2), dt.timedelta(hours=2)])
def test_a_clock_that_was_wrong_is_found_out_by_the_seconds_since_the_boot(
    hub: TestHub, shop: LoggingShop, off: dt.timedelta
) -> None:
    three_days_s = 3 * DAY.total_seconds()
    said = now() - 3 * DAY + off
    wrong = shop.visit(SESSION, recorded_at=said.isoformat(), at=said.isoformat(), boot="b", offset_s=100.0)
    right_at = (now() - 3 * DAY).isoformat()
    right = shop.visit(SESSION, recorded_at=right_at, at=right_at, boot="b", offset_s=100.0)
    answers = shop.send(wrong, right, boot="b", offset_s=100.0 + three_days_s)
    assert [answer.outcome for answer in answers] == ["accepted", "accepted"]
    found = rows(hub)
    assert found[wrong.id].clock_wrong and not found[right.id].clock_wrong
    assert found[wrong.id].at == found[wrong.id].received_at.replace("Z", "+00:00")
    assert found[wrong.id].month == found[wrong.id].received_at[:7]
    assert dt.datetime.fromisoformat(found[right.id].at) == dt.datetime.fromisoformat(right_at).replace(
        microsecond=dt.datetime.fromisoformat(right_at).microsecond // 1000 * 1000
    )
    assert found[wrong.id].recorded_at == said.isoformat()


@pytest.mark.parametrize(("boot", "sent_boot"), [("old", "new"), ("old", ""), ("", "")])
@pytest.mark.parametrize(
    ("off", "wrong"),
    [
        (-365 * DAY, True),
        (365 * DAY, True),
        (2 * DAY, True),
        (-181 * DAY, True),
        (-179 * DAY, False),
        (dt.timedelta(hours=23), False),
    ],
)
def test_without_the_boot_only_what_cannot_be_is_wrong(
    hub: TestHub, shop: LoggingShop, boot: str, sent_boot: str, off: dt.timedelta, wrong: bool
) -> None:
    said = (now() + off).isoformat()
    one = shop.visit(SESSION, recorded_at=said, at=said, boot=boot, offset_s=5.0)
    assert shop.send(one, boot=sent_boot, offset_s=50.0)[0].outcome == "accepted"
    row = rows(hub)[one.id]
    assert row.clock_wrong is wrong and row.counts
    assert (row.at == row.received_at) is wrong


@pytest.mark.parametrize("last_first", [False, True])
def test_a_correction_does_not_bring_a_wrong_clocks_time_back(
    hub: TestHub, shop: LoggingShop, last_first: bool
) -> None:
    """The clock was put right after the first record; corrections repeat what that said, to the half hour."""
    then = now() - 365 * DAY
    first = shop.visit(SESSION, at=then.isoformat(), recorded_at=then.isoformat(), boot="b", offset_s=1.0)
    near = (then - dt.timedelta(minutes=29)).isoformat()
    same = shop.visit(SESSION, at=near, corrects=first.id, people=2, boot="b", offset_s=2.0)
    sent = [[first], [same]]
    for records in reversed(sent) if last_first else sent:
        shop.send(*records, boot="b", offset_s=3.0)
    found = rows(hub)
    assert (found[same.id].counts, found[same.id].clock_wrong) == (True, True)
    assert (found[same.id].at, found[same.id].month) == (found[first.id].received_at, found[first.id].month)
    meant = (now() - 2 * DAY).isoformat()
    changed = shop.visit(SESSION, at=meant, corrects=first.id, people=3, boot="b", offset_s=4.0)
    shop.send(changed, boot="b", offset_s=5.0)
    found = rows(hub)
    assert counting(hub) == [(first.id, 3)] and not found[changed.id].clock_wrong
    assert found[changed.id].at[:19] == meant[:19] and found[same.id].clock_wrong


def test_what_was_written_on_paper_keeps_its_day(hub: TestHub, shop: LoggingShop) -> None:
    one = shop.visit(SESSION, at="2026-02-03T14:00:00+00:00", paper=True, boot="b", offset_s=1.0)
    shop.send(one, boot="b", offset_s=2.0)
    row = rows(hub)[one.id]
    assert (row.month, row.paper, row.clock_wrong) == ("2026-02", True, False)


def test_seconds_that_cannot_be_are_not_believed() -> None:
    at = now().isoformat()
    row = {"recorded_at": at, "received_at": at, "boot": "b", "offset_s": 1e300}
    for offset_s in (0.0, -1e300, float("nan"), float("inf"), 1e300):
        assert not store.is_clock_wrong(row, store.Post(frozenset(), "b", offset_s))
    far = {**row, "recorded_at": "0001-01-01T00:00:00+14:00", "offset_s": 0.0}
    assert store.is_clock_wrong(far, store.Post(frozenset(), "b", 1.0))


def test_a_record_that_was_here_before_bodies_were_checked_is_still_a_duplicate(
    hub: TestHub, shop: LoggingShop
) -> None:
    one = shop.record("attendance", {"session": "of old"})
    with hub.hub.database.writing() as db:
        row = {"id": one.id, "device_id": shop.device_id, "seq": one.seq, "kind": one.kind}
        row |= {"recorded_at": one.recorded_at, "received_at": one.recorded_at, "boot": "", "offset_s": 0.0}
        db.execute(insert(received).values(**row, body=b'{"session":"of old"}'))
    assert shop.send(one)[0].outcome == "duplicate"
    assert rows(hub) == {}


@pytest.mark.parametrize("together", [False, True])
def test_a_session_of_a_shops_diary_is_nobody_elses(hub: TestHub, shop: LoggingShop, together: bool) -> None:
    """Whoever has the catalogue can work out the ids of every shop's sessions, and speak of them first."""
    event, starts = "01890000-0000-7000-8000-0123456789ab", "2026-11-24T11:00:00"
    session = session_id(event, shop.shop_id, dt.datetime.fromisoformat(starts))
    other = LoggingShop(hub.hub, "Brook Street")
    other.send(other.held(session, "2020-01-01T00:00:00", title="Not yours"))
    other.send(other.held(session, starts, event=event, title="Not yours"))
    said = [shop.held(session, starts, event=event, title="Surgery"), shop.visit(session)]
    for records in [said] if together else [[one] for one in said]:
        shop.send(*records)
    other.send(other.held(session, starts, event=event, title="Not yours either"))
    with hub.hub.database.reading() as db:
        (row,) = db.execute(select(session_held)).all()
    assert (row.title, row.starts, row.shop_id) == ("Surgery", starts, shop.shop_id)


def test_a_correction_of_a_correction_is_refused(hub: TestHub, shop: LoggingShop) -> None:
    first = shop.visit(SESSION)
    second = shop.visit(SESSION, corrects=first.id, people=2)
    shop.send(first, second)
    (answer,) = shop.send(shop.visit(SESSION, corrects=second.id, people=3))
    assert answer.outcome == "rejected" and "must name the first record" in answer.reason
    assert counting(hub) == [(first.id, 2)]


@pytest.mark.parametrize("off", [3 * 365 * DAY, -3 * 365 * DAY])
def test_a_time_that_nobody_can_have_meant_counts_when_it_was_received(
    hub: TestHub, shop: LoggingShop, off: dt.timedelta
) -> None:
    one = shop.visit(SESSION, at=(now() + off).isoformat(), boot="b", offset_s=1.0)
    shop.send(one, boot="b", offset_s=2.0)
    row = rows(hub)[one.id]
    assert row.clock_wrong and row.at == row.received_at
