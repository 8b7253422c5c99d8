"""The walks behind the staff's door: coming in, the sessions, the log, the lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.ui import units
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
OTHER_PIN = "739164"


def a_moment(seconds: float = 0.15) -> Callable[[], bool]:
    """Waits until everything is laid out."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def knock(w: Walker) -> Walk:
    """From the attract screen to the door."""
    yield lambda: w.reads("Touch to start")
    yield a_moment()
    w.touch(w.widgets("Corner")[0])
    yield lambda: w.reads("type your PIN") and not w.page.locked_s
    yield a_moment()


def type_pin(w: Walker, pin: str) -> None:
    for digit in pin:
        w.tap(digit)


def come_in(w: Walker, pin: str = units.PIN) -> Walk:
    """From the attract screen through the door to today's sessions."""
    yield from knock(w)
    type_pin(w, pin)
    yield lambda: w.page.staff_only
    yield a_moment()


def to_the_log(w: Walker) -> Walk:
    """On to the log of today's surgery."""
    yield from come_in(w)
    yield lambda: w.widgets("LogSessionPress")
    w.touch(w.widgets("LogSessionPress")[0])
    yield lambda: w.page.name == "staff_log" and w.widgets("TopicPress")
    yield a_moment()


def staff(w: Walker) -> Walk:
    """Door, sessions and log, looked at; visits logged, one of them taken back."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        w.picture(name)

    yield from knock(w)
    w.tap("1")
    yield a_moment()
    look("door")
    type_pin(w, "23456")
    yield lambda: w.reads("That is not right. 4 more tries.")
    yield a_moment()
    look("door_wrong")
    type_pin(w, units.PIN)
    yield lambda: w.page.name == "staff_sessions" and w.widgets("LogSessionPress")
    yield a_moment()
    look("staff_sessions")
    assert w.reads("Today") and w.reads("on now") and w.reads("0 visits")
    w.page.to_day(1)
    yield lambda: w.reads("Yesterday")
    yield a_moment()
    look("staff_sessions_yesterday")
    w.page.to_day(0)
    yield lambda: w.reads("Today")
    yield a_moment()
    w.touch(w.widgets("LogSessionPress")[0])
    yield lambda: w.page.name == "staff_log" and w.widgets("TopicPress")
    yield a_moment()
    look("staff_log")
    for word in ("Email", "Council", "Passwords"):
        w.tap(word)
        yield lambda word=word: w.reads(word) and w.page.said.startswith(f"Logged: {word}")
    yield lambda: w.page.visits == "3"
    yield a_moment()
    look("staff_log_tapped")
    w.found["shown"] = _shown(w)
    w.tap("Undo")
    yield lambda: w.page.visits == "2" and w.reads("Taken back")
    yield a_moment()
    look("staff_log_undone")
    w.found["undone"] = _shown(w)
    w.tap("Undo")
    yield lambda: w.page.visits == "1"
    w.found["waiting"] = w.app.context.pulse.waiting
    w.unit.records.engine.dispose()
    w.unit.records.path.rename(w.unit.records.path.with_name("away"))
    w.unit.records.path.mkdir()
    w.tap("Email")
    yield lambda: w.page.failed
    yield a_moment()
    look("staff_log_failed")
    assert w.reads("NOT written down") and w.page.visits == "1"
    w.found["wrong"] = wrong


def _shown(w: Walker) -> dict[str, Any]:
    """What the screen shows, and what the database holds."""
    totals = w.unit.log.view(w.page._session).totals
    taps = {press.text: int(press.count) for press in w.widgets("TopicPress")}
    return {"visits": int(w.page.visits), "held": totals.visits, "taps": taps}


def locks_itself(w: Walker) -> Walk:
    """Idle, it locks with what was begun; the same person goes on there, another does not; then nothing is left."""
    yield from to_the_log(w)
    w.tap("Email")
    yield lambda: w.page.visits == "1"
    w.app.context.staffroom.to("visit_form", (w.page._session, None))
    yield lambda: w.page.name == "visit_form"
    yield a_moment()
    yield lambda: w.page.name == "attract"  # by itself
    w.found["locked_to"] = w.page.name
    w.found["open"] = w.app.context.shift.open
    yield from come_in(w)
    w.found["same_person"] = w.page.name
    w.app.context.staffroom.lock()
    yield from come_in(w, OTHER_PIN)
    w.found["another"] = w.page.name
    w.app.context.staffroom.lock()
    yield lambda: not w.app.context.shift.staff  # the draft's time is over
    yield from come_in(w)
    w.found["too_late"] = w.page.name


def locked_out(w: Walker) -> Walk:
    """Five wrong PINs: the pad is locked and says for how long, and even the right one does not open it."""
    wrong: list[str] = []
    yield from knock(w)
    for left in (4, 3, 2, 1):
        type_pin(w, "654321")
        yield lambda left=left: w.reads(f"{left} more tr")
        yield a_moment()
    type_pin(w, "654321")
    yield lambda: w.reads("Locked for 0:")
    yield a_moment()
    wrong += w.layout("door_locked")
    w.picture("door_locked")
    w.found["takes_keys"] = any(not key.disabled for key in w.widgets("PadKey"))
    w.tap("Home")
    yield lambda: w.page.name == "home"
    w.touch(w.widgets("Corner")[0])
    yield lambda: w.reads("Locked for 0:")
    w.found["wrong"] = wrong


def set_up_pin(w: Walker) -> Walk:
    """Before the hub named its staff: the set-up PIN opens once, to choose an own one."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        w.picture(name)

    yield from knock(w)
    type_pin(w, "123456")
    yield lambda: w.reads("Nobody can come in here yet")
    yield a_moment()
    look("door_nobody")
    w.unit.door.expect(units.PIN)
    type_pin(w, units.PIN)
    yield lambda: w.reads("Choose a PIN of your own")
    yield a_moment()
    look("door_choose")
    type_pin(w, "111111")
    yield lambda: w.reads("too easy")
    type_pin(w, OTHER_PIN)
    yield lambda: w.reads("once more")
    type_pin(w, units.PIN)
    yield lambda: w.reads("not the same")
    type_pin(w, OTHER_PIN)
    yield lambda: w.reads("once more")
    type_pin(w, OTHER_PIN)
    yield lambda: w.page.name == "staff_sessions"
    yield lambda: w.reads("Nothing is in the diary") or w.widgets("LogSessionPress")
    w.app.context.staffroom.lock()
    yield from knock(w)
    type_pin(w, units.PIN)
    yield lambda: w.reads("That is not right")
    type_pin(w, OTHER_PIN)
    yield lambda: w.page.staff_only
    w.found["wrong"] = wrong


def tour_staff(w: Walker) -> Walk:
    """A surgery under way, for the picture of it."""
    yield lambda: w.reads("Touch to start")
    log = w.unit.log
    session = next(one for one in log.sessions() if one.is_on(w.unit.unit.now()))
    came = {"email": 4, "phone": 6, "social": 3, "jobs": 2, "council": 4, "forms": 1, "passwords": 3, "other": 2}
    for topic, count in came.items():
        for number in range(count):
            log.add(session, topics=[topic], first_time="first" if number % 3 == 0 else "again")
    for _ in range(4):
        log.add(session, role="helper")
    w.app.context.staffroom.enter("")
    yield lambda: w.widgets("LogSessionPress")
    w.app.context.staffroom.to("staff_log", session)
    yield lambda: w.page.name == "staff_log" and w.widgets("TopicPress")
    yield a_moment()
    w.tap("Council")
    yield lambda: w.page.said.startswith("Logged")
    yield a_moment()
    w.picture("staff-log")
    w.app.context.staffroom.to("visit_form", (session, None))
    yield lambda: w.page.name == "visit_form"
    yield a_moment()
    w.picture("visit-form")
