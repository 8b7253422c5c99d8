"""Walks of the staff: the whole form, what was logged, the head count, who helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.ui.walker import Walker
from tests.ui.walks import _a_moment, _staff_come_in

Walk = Iterator[Callable[[], Any]]


def form_pictures(w: Walker) -> Walk:
    """Every state of the four screens, looked at."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        w.picture(name)

    yield from _to_the_log(w)
    tiny = w.app.context.theme.tiny
    session = w.page._session
    w.tap("What was logged")
    yield lambda: w.page.name == "entries" and w.reads("Nothing is logged here yet")
    yield _a_moment()
    look("entries_empty")
    _key(w, "arrow-left")
    yield from on(w, "staff_log")
    w.tap("Helpers")
    yield lambda: w.page.name == "helpers" and w.reads("Nobody has come in yet")
    yield _a_moment()
    look("helpers_none")
    for _n in range(4):
        w.tap("Helper comes in")
    yield lambda: w.reads("Helper 4")
    w.unit.log.change(w.unit.log.entries(session.id)[0].id, minutes=75)
    w.unit.log.change(w.unit.log.entries(session.id)[1].id, minutes=120)
    w.page.changed(same=True)
    yield lambda: w.reads("75 minutes")
    yield _a_moment()
    look("helpers")
    w.touch(next(row for row in w.widgets("HelperRow") if row.name == "Helper 3").ids.words)
    yield lambda: w.reads("Still here")
    yield _a_moment()
    w.tap("+")
    choose(w, "90")
    yield _a_moment()
    look("helper_sheet")
    w.tap("Leave it")
    yield lambda: not w.reads("Take away")
    yield _a_moment()
    w.tap("All go now")
    yield lambda: w.reads("Do all 2 helpers go now?")
    yield _a_moment()
    look("helpers_all")
    w.tap("Leave it")
    yield _a_moment()
    _key(w, "arrow-left")
    yield from on(w, "staff_log")
    w.tap("Head count")
    yield lambda: w.page.name == "head_count" and w.reads("4 helpers")
    yield _a_moment()
    look("head_count_empty")
    w.unit.log.count_heads(session, 28)
    for digit in "31":
        pad(w, digit)
    w.page.changed(same=True)
    yield lambda: w.reads("The count before: 28")
    yield _a_moment()
    look("head_count")
    w.tap("Leave it")
    yield from on(w, "staff_log")
    w.tap("Whole form")
    yield lambda: w.page.name == "visit_form"
    yield _a_moment(0.5)
    look("form_empty")
    choose(w, "Been before")
    for topic in ("Phone set-up", "Council online"):
        choose(w, topic)
    yield _a_moment()
    look("form_filled")
    if w.page._parts:
        w.tap("Next")
        yield _a_moment()
    choose(w, "3")
    choose(w, "Will come back")
    choose(w, "45")
    yield _a_moment()
    look("form_filled_2")
    w.tap("Write it down")
    yield lambda: w.page.name == "staff_log" and w.reads("Written down")
    yield _a_moment()
    look("log_after")
    for topic in ("email", "forms", "video", "jobs", "social", "other") * 2:
        w.unit.log.add(session, topics=[topic, "passwords", "council"], first_time="first", outcome="unmet", minutes=35)
    w.unit.log.change(w.unit.log.entries(session.id)[-1].id, people=12)
    w.page.entries()
    yield lambda: w.page.name == "entries" and w.reads("12 people")
    yield _a_moment()
    look("entries")
    w.touch(w.widgets("EntryRow")[0])
    yield lambda: w.page.name == "visit_form"
    yield _a_moment(0.5)
    look("form_entry")
    w.tap("Take away") if tiny else w.tap("Take it away")
    yield lambda: w.reads("Take this visit away?")
    yield _a_moment()
    look("form_ask")
    w.tap("Keep it")
    yield _a_moment()
    _break(w)
    _step_people(w)
    w.tap("Write it down")
    yield lambda: w.reads("NOT written down")
    yield _a_moment()
    look("form_failed")
    w.tap("Go back to it")
    yield _a_moment()
    w.tap("Leave it")
    yield lambda: w.page.name == "entries"
    w.found["wrong"] = wrong


def _break(w: Walker) -> None:
    """Nothing can be written any more: the disk is full."""

    def full(*_args: Any, **_options: Any) -> None:
        from kiosk.errors import StoreError

        raise StoreError("the disk is full: make room")

    w.unit.log._store.correct = full
    w.unit.log._store.add = full


def _step_people(w: Walker) -> None:
    w.page._count.step(1)


def _to_the_log(w: Walker) -> Walk:
    """Into the session of today."""
    yield from _staff_come_in(w)
    yield lambda: w.widgets("LogSessionPress")
    yield _a_moment()
    w.touch(w.widgets("LogSessionPress")[0])
    yield lambda: w.page.name == "staff_log" and w.widgets("TopicPress")
    yield _a_moment()


def on(w: Walker, screen: str) -> Walk:
    """That screen is shown, and stands still."""
    yield lambda: w.page.name == screen
    yield _a_moment()


def choose(w: Walker, text: str) -> None:
    """Touch the answer that says just this."""
    w.touch(next(choice for choice in w.widgets("Choice") if choice.text == text))


def pad(w: Walker, digit: str) -> None:
    """Touch a key of the pad."""
    w.touch(next(key for key in w.widgets("PadKey") if key.text == digit))


def _key(w: Walker, sign: str) -> None:
    """Touch a key of the bar by its drawing."""
    w.touch(next(key for key in w.widgets("FitTap") if key.sign == sign))
