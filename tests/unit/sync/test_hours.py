import datetime as dt

import pytest

from sync import hours
from sync.errors import RecordError

MONDAY = dt.datetime(2026, 11, 23, 10, 0)


def test_a_week_in_the_usual_form() -> None:
    week = hours.parse("Mo-Fr 09:30-17:00; Sa 10:00-16:00; Su off")
    assert week.closes(MONDAY) == dt.time(17)
    assert week.closes(MONDAY.replace(hour=8)) is None
    assert week.opens(MONDAY.replace(hour=18)) == dt.datetime(2026, 11, 24, 9, 30)
    assert week.opens(dt.datetime(2026, 11, 28, 17)) == dt.datetime(2026, 11, 30, 9, 30)


def test_lunch_lists_and_long_names() -> None:
    week = hours.parse("Monday,Wednesday 09:00-12:00,13:00-17:00")
    assert week.closes(MONDAY) == dt.time(12)
    assert week.closes(MONDAY.replace(hour=12, minute=30)) is None
    assert week.today(dt.datetime(2026, 11, 24)) == ()


def test_days_may_go_round_the_end_of_the_week() -> None:
    week = hours.parse("Sa-Mo 10:00-12:00")
    assert week.closes(MONDAY.replace(hour=11)) == dt.time(12)
    assert week.today(dt.datetime(2026, 11, 24)) == ()


def test_always_and_never() -> None:
    assert hours.parse("24/7").closes(MONDAY)
    assert hours.parse("").opens(MONDAY) is None
    assert hours.parse("Mo-Su 00:00-24:00").closes(MONDAY) == dt.time.max


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mo-Sa 09:30-17:30; Su 11:00-16:00", "Monday–Saturday 09:30 to 17:30, Sunday 11:00 to 16:00"),
        ("Mo,Tu 09:00-12:00,13:00-17:00", "Monday, Tuesday 09:00 to 12:00, 13:00 to 17:00"),
        ("Fr 18:00-24:00", "Friday 18:00 to 24:00"),
        ("", ""),
    ],
)
def test_a_week_in_words(text: str, words: str) -> None:
    assert hours.parse(text).in_words() == words


@pytest.mark.parametrize("wrong", ["Mo-Fr 9 to 5", "Someday 09:00-17:00", "Mo 25:00-26:00", "Mo-Fr"])
def test_what_cannot_be_understood_is_named(wrong: str) -> None:
    with pytest.raises(RecordError, match="opening hours"):
        hours.parse(wrong)


def test_a_week_by_lines_has_the_closed_days_too() -> None:
    assert hours.parse("Mo-Fr 09:30-17:30; We off; Su 10:00-12:00,13:00-24:00").by_days() == [
        ("Monday, Tuesday", "09:30 to 17:30"),
        ("Wednesday", ""),
        ("Thursday, Friday", "09:30 to 17:30"),
        ("Saturday", ""),
        ("Sunday", "10:00 to 12:00, 13:00 to 24:00"),
    ]
    assert hours.parse("").by_days() == [("Monday–Sunday", "")]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("Mo 09:30-17:30", "2026-11-23T10:00", "open until 17:30"),
        ("24/7", "2026-11-23T10:00", "open all day"),
        ("Mo 09:30-17:30", "2026-11-23T08:00", "opens at 09:30"),
        ("Tu 09:30-17:30", "2026-11-23T10:00", "opens tomorrow at 09:30"),
        ("Th 09:30-17:30", "2026-11-23T10:00", "opens Thursday at 09:30"),
        ("Mo 09:30-17:30", "2026-11-23T17:30", "opens Monday at 09:30"),
        ("", "2026-11-23T10:00", ""),
    ],
)
def test_whether_it_is_open_is_said_in_words(text: str, at: str, said: str) -> None:
    assert hours.parse(text).state(dt.datetime.fromisoformat(at)) == said
