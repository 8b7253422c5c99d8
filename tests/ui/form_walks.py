"""Walks of the staff: the whole form, what was logged, the head count, who helps."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from kiosk.ui.access import seen
from kiosk.ui.access.access import Access
from kiosk.ui.staff.drafts import VisitDraft
from tests.ui.staff_walks import a_moment, come_in, to_the_log
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
FULL = "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


# -- the layout


def form_looks(w: Walker) -> Walk:
    """Every state of the four screens, looked at."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        w.picture(name)

    yield from to_the_log(w)
    session, log = w.page._session, w.unit.log
    yield from _lists_are_empty(w, look)
    yield from _somebody_helps(w, look)
    yield from _heads(w, look)
    yield from _form(w, look)
    for topic in ("email", "forms", "video", "jobs", "social", "other") * 2:
        log.add(session, topics=[topic, "passwords", "council"], first_time="first", outcome="unmet", minutes=35)
    log.change(log.entries(session.id)[-1].id, people=12)
    w.page.entries()
    yield lambda: w.page.name == "entries" and w.reads("12 people")
    yield a_moment()
    look("entries")
    w.touch(w.widgets("EntryRow")[0])
    yield from on(w, "visit_form")
    yield a_moment()
    look("form_entry")
    w.touch(_bar(w, "delete"))
    yield lambda: w.reads("Delete this visit?")
    yield a_moment()
    look("form_ask")
    w.found["wrong"] = wrong


def _lists_are_empty(w: Walker, look: Callable[[str], None]) -> Walk:
    w.tap("What was logged")
    yield lambda: w.page.name == "entries" and w.reads("Nothing is logged here yet")
    yield a_moment()
    look("entries_empty")
    w.touch(_bar(w, "arrow-left"))
    yield from on(w, "staff_log")
    w.tap("Helpers")
    yield lambda: w.page.name == "helpers" and w.reads("Nobody has come in yet")
    yield a_moment()
    look("helpers_none")


def _somebody_helps(w: Walker, look: Callable[[str], None]) -> Walk:
    for _n in range(4):
        w.tap("Helper comes in")
    yield lambda: w.reads("Helper 4")
    for entry, minutes in zip(w.unit.log.entries(w.page._session.id), (75, 120), strict=False):
        w.unit.log.change(entry.id, minutes=minutes)
    w.page.changed(same=True)
    yield lambda: w.reads("75 minutes")
    yield a_moment()
    look("helpers")
    _open_helper(w, "Helper 3")
    yield lambda: w.reads("Still here")
    yield a_moment()
    choose(w, "90")
    look("helper_sheet")
    w.tap("Leave it")
    yield lambda: not w.reads("Delete")
    yield a_moment()
    w.tap("All go now")
    yield lambda: w.reads("Do all 2 helpers go now?")
    yield a_moment()
    look("helpers_all")
    w.tap("Leave it")
    yield a_moment()
    w.touch(_bar(w, "arrow-left"))
    yield from on(w, "staff_log")


def _heads(w: Walker, look: Callable[[str], None]) -> Walk:
    w.tap("Head count")
    yield lambda: w.page.name == "head_count" and w.reads("4 helpers")
    yield a_moment()
    look("head_count_empty")
    w.unit.log.count_heads(w.page._session, 28)
    pad(w, "31")
    w.page.changed(same=True)
    yield lambda: w.page.before == "The count before: 28"
    yield a_moment()
    look("head_count")
    w.tap("Leave it")
    yield from on(w, "staff_log")


def _form(w: Walker, look: Callable[[str], None]) -> Walk:
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    look("form_empty")
    choose(w, "Been before")
    for topic in ("Phone set-up", "Council online"):
        choose(w, topic)
    yield a_moment()
    look("form_filled")
    if signs(w, "chevron-right"):
        w.touch(_bar(w, "chevron-right"))
        yield a_moment()
    for answer in ("3", "Will come back", "45"):
        choose(w, answer)
    yield a_moment()
    look("form_filled_2")
    _fill_the_disk(w)
    w.tap("Write it down")
    yield lambda: w.reads("NOT written down")
    yield a_moment()
    look("form_failed")
    _make_room(w)
    w.tap("Try again")
    yield lambda: w.page.name == "staff_log" and w.reads("Written down")
    yield a_moment()


# -- what they do


def thirty_taps(w: Walker) -> Walk:
    """Thirty visits by one tap each, as fast as the screen draws; at every step the database is asked as well."""
    yield from to_the_log(w)
    session, log = w.page._session, w.unit.log
    topics = w.widgets("TopicPress")

    def counted() -> int:
        return log.view(session).totals.visits

    ahead: list[str] = []
    began = time.monotonic()
    for tap in range(30):
        w.touch(topics[tap % len(topics)])
        there, shown = counted(), int(w.page.visits)
        if shown > there:
            ahead.append(f"after {tap + 1} taps {shown} were shown and {there} written down")
        yield lambda: True
    yield lambda: int(w.page.visits) <= counted() and w.page.visits == "30"
    w.found["taps_s"] = time.monotonic() - began
    w.found["ahead"] = ahead
    w.found["shown"] = w.page.visits
    w.found["there"] = counted()
    w.found["topics"] = sum(int(press.count) for press in topics)


def full_record(w: Walker) -> Walk:
    """Everything that can be known of a visit, and how many taps that takes from the session's screen."""
    taps: list[str] = []

    def tap(widget: Any, name: str) -> None:
        taps.append(name)
        w.touch(widget)

    yield from to_the_log(w)
    session = w.page._session
    form = min((one for one in w.widgets("Tap") if one.text == "Whole form"), key=lambda one: one.width)
    tap(form, "Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    wanted = ["2", "First time", "Forms", "Got started", "30"]
    for _part in range(2):
        for answer in [one for one in wanted if one in answers(w)]:
            tap(_choice(w, answer), answer)
            wanted.remove(answer)
        if wanted:
            tap(_bar(w, "chevron-right"), "Next")
            yield a_moment()
    tap(_bar(w, "check"), "Write it down")
    yield lambda: w.page.name == "staff_log" and w.reads("Written down: Forms")
    yield lambda: w.page.visits == "2" and w.page.first_time == "2"
    w.found["taps"] = taps
    w.found["records"] = records(w, session)
    w.tap("Undo")
    yield lambda: w.page.visits == "0" and w.reads("Taken back")
    w.found["after_undo"] = records(w, session)


def kept_behind_the_lock(w: Walker) -> Walk:
    """What was begun is found again by the same person."""
    yield from to_the_log(w)
    session = w.page._session
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    for answer in ("4", "Been before", "Email", "Solved", "45"):
        choose(w, answer)
    w.tap("Lock")
    yield lambda: w.page.name == "attract" and w.reads("Touch to start")
    yield a_moment()
    w.found["on_attract"] = [text for text in w.texts() if text in ("Been before", "Solved")]
    yield from come_in(w)
    yield from on(w, "visit_form")
    yield a_moment()
    w.found["chosen"] = sorted(choice.text for choice in w.widgets("Choice") if choice.chosen)
    w.tap("Leave it")
    yield from on(w, "staff_log")
    w.tap("Whole form")
    yield from on(w, "visit_form")
    w.found["left"] = w.page._draft == VisitDraft()
    w.found["records"] = records(w, session)


def in_larger_words(w: Walker) -> Walk:
    """What was begun goes on in another look, behind the lock too; the next to come in has the unit's own look."""
    yield from to_the_log(w)
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    for answer in ("4", "Email"):
        choose(w, answer)
    usual = w.page.context.theme
    w.touch(w.widgets("AccessKey")[0])
    yield lambda: w.widgets("AccessPanel")
    yield a_moment()
    w.touch(next(letter for letter in w.widgets("LetterKey") if "Largest" in letter.text))
    yield lambda: w.page.context.theme.text_scale > 1
    w.tap("Done")
    yield lambda: not w.widgets("AccessPanel")
    w.found["larger"] = sorted(choice.text for choice in w.widgets("Choice") if choice.chosen)
    w.tap("Lock")
    yield lambda: w.page.name == "attract" and w.page.context.theme is usual
    yield a_moment()
    yield from come_in(w)
    yield from on(w, "visit_form")
    yield a_moment()
    w.found["as_before"] = sorted(choice.text for choice in w.widgets("Choice") if choice.chosen)
    w.found["same_look"] = w.page.context.theme is usual


def left_in_larger_words(w: Walker) -> Walk:
    """What was begun, and then left in another look, is begun no more in the first."""
    yield from to_the_log(w)
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    for answer in ("4", "Email"):
        choose(w, answer)
    w.app.context.go.choose(replace(w.visit.access, text_size="large"))
    yield lambda: w.page.context.theme.text_scale > 1
    w.tap("Leave it")
    yield from on(w, "staff_log")
    w.tap("Whole form")
    yield from on(w, "visit_form")
    w.app.context.go.choose(w.visit.start)
    yield lambda: w.page.context.theme.text_scale == 1
    yield a_moment()
    w.found["draft"] = w.page._draft == VisitDraft()


def told_on_the_way_back(w: Walker) -> Walk:
    """A tap that could not be written down is told of, wherever somebody went meanwhile."""
    yield from to_the_log(w)
    _fill_the_disk(w)
    w.touch(w.widgets("TopicPress")[0])
    w.app.context.staffroom.to("head_count", w.page._session)
    yield from on(w, "head_count")
    yield a_moment()
    assert not w.reads("NOT written down")
    _make_room(w)
    w.app.context.staffroom.back()
    yield lambda: w.page.name == "staff_log" and w.reads("NOT written down")


def helpers_by_keys(w: Walker) -> Walk:
    """A row's own button is reached by keys, too, and called what it is."""
    yield from to_the_log(w)
    w.app.context.staffroom.to("helpers", w.page._session)
    yield lambda: w.page.name == "helpers" and w.reads("Nobody has come in yet")
    w.tap("Helper comes in")
    yield lambda: w.widgets("HelperRow")
    yield a_moment()
    w.found["called"] = [seen.spoken(each) for each in w.app.focus.order()]


def dropped_behind_the_lock(w: Walker) -> Walk:
    """Nobody came back in time: the form is empty, and the way begins at the sessions."""
    yield from to_the_log(w)
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    form = w.page
    choose(w, "4")
    w.tap("Lock")
    yield lambda: w.app.context.shift.staff == "" and w.page.name == "attract"
    w.found["draft"] = form._draft == VisitDraft()
    yield from come_in(w)
    yield from on(w, "staff_sessions")


def not_written(w: Walker) -> Walk:
    """The disk is full, and is not any more."""
    yield from to_the_log(w)
    session = w.page._session
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    choose(w, "Jobs" if "Jobs" in answers(w) else "Job search")
    _fill_the_disk(w)
    w.tap("Write it down")
    yield lambda: w.reads("That was NOT written down") and w.reads("the disk is full")
    yield a_moment()
    w.found["keys_meanwhile"] = [key.text for key in w.widgets("Tap") if key.icon and key.text]
    w.tap("Go back to it")
    yield a_moment()
    w.found["still"] = list(w.page._draft.topics)
    w.tap("Write it down")
    yield lambda: w.reads("NOT written down")
    yield a_moment()
    w.found["before"] = records(w, session)
    _make_room(w)
    w.tap("Try again")
    yield lambda: w.page.name == "staff_log" and w.page.visits == "1"
    w.found["after"] = records(w, session)


def put_right(w: Walker) -> Walk:
    """An entry is changed, another taken away, a third only looked at; the list follows."""
    yield from to_the_log(w)
    session, log = w.page._session, w.unit.log
    for topic in ("email", "council", "video"):
        log.add(session, topics=[topic])
    helper = log.add(session, role="helper")
    w.page.entries()
    yield lambda: w.page.name == "entries" and rows(w)[:2] == ["Helper", "Video calls"]
    yield a_moment()
    _open_row(w, "Council online")
    yield from on(w, "visit_form")
    yield a_moment()
    w.found["prefilled"] = sorted(choice.text for choice in w.widgets("Choice") if choice.chosen)
    choose(w, "5+")
    w.touch(_plus(w))
    choose(w, "First time")
    w.tap("Write it down")
    yield lambda: w.page.name == "entries" and w.reads("Written down: Council online, 6 people")
    yield lambda: w.reads("6 people · First time") and w.reads("changed")
    yield a_moment()
    _open_row(w, "Email")
    yield from on(w, "visit_form")
    yield a_moment()
    w.tap("Delete")
    yield lambda: w.reads("Delete this visit?")
    yield a_moment()
    w.tap("Keep it")
    yield a_moment()
    w.tap("Delete")
    yield lambda: w.reads("will not count")
    yield a_moment()
    w.touch(next(key for key in w.widgets("Tap") if key.text == "Delete it" and key.icon == "delete"))
    yield lambda: w.page.name == "entries" and w.reads("Deleted: Email")
    yield lambda: "Email" not in rows(w)
    yield a_moment()
    w.found["rows"] = rows(w)
    _open_row(w, "Video calls")
    yield from on(w, "visit_form")
    yield a_moment()
    choose(w, "Solved")
    w.tap("Leave it")
    yield from on(w, "entries")
    w.found["records"] = records(w, session)
    _open_row(w, "Helper")
    yield lambda: w.page.name == "helpers" and w.reads("Helper 1")
    w.found["helper"] = helper.id in w.page._rows


def paged(w: Walker) -> Walk:
    """More entries than one page holds: all of them by two keys."""
    yield from to_the_log(w)
    session, log = w.page._session, w.unit.log
    for people in range(1, 31):
        log.add(session, people=people)
    w.page.entries()
    yield lambda: w.page.name == "entries" and w.page.pages > 1
    yield a_moment()
    seen: list[str] = []
    for _page in range(int(w.page.pages)):
        yield a_moment()
        seen += [row.facts for row in _rows_shown(w)]
        if w.page.page + 1 < w.page.pages:
            w.touch(_bar(w, "chevron-right"))
    w.found["seen"] = seen
    while w.page.page > 0:
        yield a_moment()
        w.touch(_bar(w, "chevron-left"))
    yield a_moment()
    w.found["first_again"] = _rows_shown(w)[0].facts


def heads(w: Walker) -> Walk:
    """A head count: typed, one up, one down, written down; and once more."""
    yield from to_the_log(w)
    session, log = w.page._session, w.unit.log
    log.add(session, topics=["email"], people=26)
    w.tap("Head count")
    yield lambda: w.page.name == "head_count" and w.reads("26 visits and 0 helpers are logged.")
    yield a_moment()
    w.tap("Write it down")
    yield lambda: w.reads("Type how many first")
    pad(w, "32")
    w.app.context.go.choose(Access(theme="dark"))
    yield lambda: w.page.number == "32"
    for _n in range(2):
        w.tap("+")
    w.tap("−")
    w.tap("Write it down")
    yield lambda: w.page.name == "staff_log" and w.reads("Head count: 33 people")
    yield a_moment()
    w.found["counted"] = log.view(session).totals.head_count
    w.tap("Head count")
    yield lambda: w.page.name == "head_count" and w.reads("The count before: 33")
    yield a_moment()
    w.found["begins_at"] = w.page.number
    pad(w, "999999")
    w.found["most"] = w.page.number
    w.tap("Leave it")
    yield from on(w, "staff_log")
    w.found["still"] = log.view(session).totals.head_count


def helping(w: Walker) -> Walk:
    """Helpers come and go; the minutes go on by themselves without a look at the database."""
    clock = [dt.datetime.combine(dt.date.today(), dt.time(12, 0), dt.UTC)]
    w.unit.unit._now = lambda: clock[0]
    looks: list[Any] = []
    view = w.unit.log.view

    def counting(session: Any) -> Any:
        looks.append(session)
        return view(session)

    yield from to_the_log(w)
    session = w.page._session
    w.tap("Helpers")
    yield lambda: w.page.name == "helpers" and w.reads("Nobody has come in yet")
    yield a_moment()
    for _n in range(4):
        w.tap("Helper comes in")
    yield lambda: w.reads("Helper 4") and w.reads("0 minutes so far")
    yield a_moment()
    w.unit.log.view = counting
    clock[0] += dt.timedelta(minutes=35)
    yield lambda: w.reads("35 minutes so far") and w.reads("2 hours 20 minutes in all so far")
    w.found["looks_per_minute"] = len(looks)
    _goes_now(w, "Helper 2")
    yield lambda: w.reads("Gone")
    yield a_moment()
    _open_helper(w, "Helper 2")
    yield lambda: w.reads("35 minutes") and w.reads("Delete")
    yield a_moment()
    w.touch(_plus(w))
    w.tap("Write it down")
    yield lambda: w.reads("45 minutes, came in")
    yield a_moment()
    _open_helper(w, "Helper 1")
    yield lambda: w.reads("Delete")
    yield a_moment()
    w.tap("Delete")
    yield lambda: not w.reads("Helper 4")
    yield a_moment()
    w.tap("All go now")
    yield lambda: w.reads("Do all 2 helpers go now?")
    yield a_moment()
    w.touch([key for key in w.widgets("Tap") if key.text == "All go now"][-1])
    yield lambda: w.reads("1 hour 55 minutes in all") and not w.reads("Here now")
    w.found["minutes"] = sorted(entry.body.minutes for entry in w.unit.log.entries(session.id))


def from_paper(w: Walker) -> Walk:
    """A session of an earlier day: minutes of helpers are asked for, visits are marked as from paper."""
    yield from come_in(w)
    yield lambda: w.widgets("LogSessionPress")
    yield a_moment()
    now = w.unit.unit.now()
    session = w.unit.log.new_session(now.date() - dt.timedelta(days=2))
    w.unit.log.add(session, role="helper")
    w.app.context.staffroom.to("staff_log", session)
    yield from on(w, "staff_log")
    yield a_moment()
    w.tap("Helpers")
    yield lambda: w.page.name == "helpers" and w.reads("Nobody said for how long")
    yield a_moment()
    w.found["wrong"] = w.layout("paper")
    w.picture("paper")
    w.tap("90 minutes")
    yield lambda: w.reads("90 minutes, from paper")
    yield a_moment()
    w.tap("Say how long")
    yield lambda: w.reads("Delete")
    yield a_moment()
    choose(w, "60")
    w.tap("Write it down")
    yield lambda: w.reads("2 hours 30 minutes in all")
    w.touch(_bar(w, "arrow-left"))
    yield from on(w, "staff_log")
    w.tap("Whole form")
    yield from on(w, "visit_form")
    yield a_moment()
    choose(w, "Solved")
    w.tap("Write it down")
    yield lambda: w.page.name == "staff_log" and w.reads("Written down: No topic, Solved")
    w.found["paper"] = [entry.body.paper for entry in w.unit.log.entries(session.id)]
    w.found["minutes"] = [entry.body.minutes for entry in w.unit.log.entries(session.id)]


# -- hands


def on(w: Walker, screen: str) -> Walk:
    """That screen is shown, and stands still."""
    yield lambda: w.page.name == screen
    yield a_moment()


def answers(w: Walker) -> list[str]:
    """What can be answered now."""
    return [choice.text for choice in w.widgets("Choice")]


def _choice(w: Walker, text: str) -> Any:
    found = [choice for choice in w.widgets("Choice") if choice.text == text]
    assert found, f"no answer {text!r}; there is {answers(w)}"
    return found[0]


def choose(w: Walker, text: str) -> None:
    """Touch the answer that says just this."""
    w.touch(_choice(w, text))


def pad(w: Walker, digits: str) -> None:
    """Type on the pad."""
    for digit in digits:
        w.touch(next(key for key in w.widgets("PadKey") if key.text == digit))


def signs(w: Walker, sign: str) -> list[Any]:
    """Keys with that drawing."""
    return [key for key in w.widgets("Tap") if sign in (key.icon, key.after)]


def _bar(w: Walker, sign: str) -> Any:
    return signs(w, sign)[0]


def _plus(w: Walker) -> Any:
    """More, of the first number there is."""
    return max((key for key in w.widgets("StepKey") if key.text == "+"), key=lambda key: key.to_window(*key.pos)[1])


def _rows_shown(w: Walker) -> list[Any]:
    return sorted((row for row in w.widgets("EntryRow") if row.title), key=lambda row: -row.y)


def rows(w: Walker) -> list[str]:
    """The entries that are shown, from the top."""
    return [row.title for row in _rows_shown(w)]


def _open_row(w: Walker, title: str) -> None:
    w.touch(next(row for row in _rows_shown(w) if row.title == title))


def _helper(w: Walker, name: str) -> Any:
    return next(row for row in w.widgets("HelperRow") if row.name == name)


def _open_helper(w: Walker, name: str) -> None:
    w.touch(_helper(w, name).ids.words)


def _goes_now(w: Walker, name: str) -> None:
    w.touch(next(part for part in _helper(w, name).children if getattr(part, "text", "") == "Goes now"))


def records(w: Walker, session: Any) -> list[list[Any]]:
    """What counts in the database: people, first time, topics, outcome, minutes of each visit."""
    bodies = [entry.body for entry in w.unit.log.entries(session.id) if entry.body.role == "visitor"]
    return [[body.people, body.first_time, body.topics, body.outcome, body.minutes] for body in bodies]


def _fill_the_disk(w: Walker) -> None:
    with w.unit.records.writing() as db:
        db.exec_driver_sql(FULL)


def _make_room(w: Walker) -> None:
    with w.unit.records.writing() as db:
        db.exec_driver_sql("DROP TRIGGER full")
