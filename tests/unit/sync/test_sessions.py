import datetime as dt

import pytest

from sync import sessions
from sync.errors import RecordError
from sync.records import Item


def surgery(**more: object) -> Item:
    fields = {
        "id": "01890000-0000-7000-8000-0123456789ab",
        "kind": "event",
        "title": "Social media surgery",
        "starts": "2026-01-05T11:00:00",
        "ends": "2026-01-05T13:00:00",
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "timezone": "Europe/London",
        **more,
    }
    return Item(**fields)  # type: ignore[arg-type]


def days(found: list[sessions.Session]) -> list[str]:
    return [f"{session.starts:%a %d %b %H:%M %Z}" for session in found]


def test_a_weekly_event_takes_place_every_week() -> None:
    found = sessions.between([surgery()], dt.date(2026, 11, 16), dt.date(2026, 11, 30))
    assert days(found) == ["Mon 16 Nov 11:00 GMT", "Mon 23 Nov 11:00 GMT", "Mon 30 Nov 11:00 GMT"]
    assert found[0].ends - found[0].starts == dt.timedelta(hours=2)


def test_eleven_stays_eleven_when_the_clocks_change() -> None:
    found = sessions.between([surgery()], dt.date(2026, 10, 19), dt.date(2026, 10, 26))
    assert days(found) == ["Mon 19 Oct 11:00 BST", "Mon 26 Oct 11:00 GMT"]


@pytest.mark.parametrize("away", ["2026-12-28T11:00:00", "2026-12-28"])
def test_a_bank_holiday_is_left_out(away: str) -> None:
    event = surgery(exdates=[away])
    assert days(sessions.between([event], dt.date(2026, 12, 22), dt.date(2027, 1, 3))) == []


def test_an_end_in_utc_is_understood() -> None:
    event = surgery(rrule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20260112T110000Z")
    assert len(sessions.between([event], dt.date(2026, 1, 1), dt.date(2026, 12, 31))) == 2


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"])
def test_a_rule_whose_day_never_comes_ends(rule: str) -> None:
    assert sessions.between([surgery(rrule=rule)], dt.date(2026, 11, 1), dt.date(2027, 11, 1)) == []


def test_a_session_has_the_same_id_on_every_device_and_after_a_new_title() -> None:
    one = sessions.between([surgery()], dt.date(2026, 11, 23), dt.date(2026, 11, 23), shop="s")[0]
    other = sessions.between([surgery(title="Drop in")], dt.date(2026, 11, 23), dt.date(2026, 11, 24), shop="s")[0]
    elsewhere = sessions.between([surgery()], dt.date(2026, 11, 23), dt.date(2026, 11, 23), shop="t")[0]
    assert one.id == other.id != elsewhere.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "next Monday"},
        {"ends": "2026-01-05T10:00:00"},
        {"rrule": "FREQ=SOMETIMES"},
        {"rrule": "FREQ=SECONDLY"},
        {"rrule": "freq=hourly"},
        {"rrule": "FREQ=DAILY;INTERVAL=0"},
        {"rrule": "FREQ=DAILY;INTERVAL=x"},
        {"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
        {"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1"},
        {"rrule": "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20270101T000000Z"},
        {"starts": "9999-12-31T23:00:00", "ends": ""},
        {"timezone": "Europe"},
        {"timezone": "../../etc/passwd"},
        {"exdates": ["2026-12-28T11:00:00Z"]},
        {"timezone": "Mars/Olympus"},
        {"exdates": ["Christmas"]},
    ],
)
def test_times_that_cannot_be_read_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        sessions.check_rule(surgery(**wrong))


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=53", "FREQ=DAILY;UNTIL=20200101T000000Z"],
)
def test_a_rule_that_comes_seldom_or_is_over_can_be_read(rule: str) -> None:
    sessions.check_rule(surgery(rrule=rule))


def test_an_event_that_ends_after_the_calendar_does_is_left_out() -> None:
    assert sessions.between([surgery(rrule="FREQ=DAILY")], dt.date.max, dt.date.max)[0].ends.year == dt.MAXYEAR
    late = surgery(rrule="FREQ=DAILY", ends="2026-01-06T12:00:00")
    assert not sessions.between([late], dt.date.max, dt.date.max)
