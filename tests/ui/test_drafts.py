"""A visit as it is filled in, and how it is said."""

from __future__ import annotations

import pytest

from kiosk.ui.staff import telling
from kiosk.ui.staff.drafts import VisitDraft, step
from sync.records import Attendance


def test_a_draft_of_a_record_changes_nothing() -> None:
    body = Attendance(
        session="s", at="2026-11-16T11:00+00:00", people=3, topics=["email"], outcome="solved", minutes=20
    )
    assert VisitDraft.of(body).changes(body) == {}


def test_only_what_differs_is_a_change() -> None:
    body = Attendance(session="s", at="2026-11-16T11:00+00:00", topics=["email", "forms"], minutes=20)
    draft = VisitDraft.of(body).turn_topic("email").with_people(2).turn_minutes(20)
    assert draft.changes(body) == {"people": 2, "topics": ["forms"], "minutes": None}


def test_a_second_tap_takes_the_answer_back() -> None:
    draft = VisitDraft().turn_topic("email").turn_outcome("solved").turn_minutes(30)
    assert draft.turn_topic("email").turn_outcome("solved").turn_minutes(30) == VisitDraft()


@pytest.mark.parametrize(("tapped", "people"), [(0, 1), (-4, 1), (7, 7), (501, 500)])
def test_people_stay_within_what_can_be_logged(tapped: int, people: int) -> None:
    assert VisitDraft().with_people(tapped).people == people


def test_five_and_more_does_not_make_fewer() -> None:
    assert VisitDraft().at_least(5).people == 5
    assert VisitDraft(people=8).at_least(5).people == 8


@pytest.mark.parametrize(
    ("minutes", "way", "by", "then"),
    [
        (0, 1, 5, 5),
        (0, -1, 5, None),
        (5, -1, 5, None),
        (17, 1, 5, 20),
        (17, -1, 5, 15),
        (35, 1, 15, 45),
        (1440, 1, 5, 1440),
    ],
)
def test_steps_go_to_the_next_round_number(minutes: int, way: int, by: int, then: int | None) -> None:
    assert step(minutes, way, by) == then


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (59, "59 minutes"), (60, "1 hour"), (135, "2 hours 15 minutes")],
)
def test_hours_are_said(minutes: int, said: str) -> None:
    assert telling.hours(minutes) == said
