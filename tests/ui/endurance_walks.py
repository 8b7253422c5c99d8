"""Many visits after each other, in fast motion: each looks round, searches, takes something away and leaves."""

from __future__ import annotations

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk.ui.access.access import Access
from kiosk.ui.memory import give_back
from kiosk.ui.tidy import PASSES
from tests.ui.staff_walks import a_moment
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]
CHOICES = (
    {},
    {"text_size": "largest"},
    {},
    {"theme": "dark"},
    {},
    {"theme": "contrast", "text_size": "large", "lower": True},
)
LANGUAGES = ("", "", "", "ur", "", "cy", "")
KINDS = math.lcm(len(CHOICES), len(LANGUAGES))
"""So many visits follow each other that are in different looks."""
EVERY = 10
SET_ASIDE = 100_000
"""So many objects at least are built before the first visit, and never looked at again."""
NAMES = 200_000
SETTLED_S = 1.5
"""After so long nothing moves any more that would hold on to a screen."""
WORDS = ("cook", "bike", "soup", "surgery", "zzxq")


def visits(w: Walker) -> Walk:
    """`VISITS` of them; after every ten, what they left: memory, widgets; how many ms their slowest frame took, and how
    many this machine takes just then for a piece of work that is always the same."""
    frames = _Frames()
    yield lambda: w.reads("Touch to start")
    yield lambda: gc.get_freeze_count() > SET_ASIDE  # on a unit so too: what is built ahead is there, and set aside
    _widen_names()
    w.found |= {"looks": [], "every": EVERY, "kinds": KINDS}
    for number in range(int(os.environ["VISITS"])):
        yield from _visit(w, number)
        looks = number % EVERY == EVERY - 1
        yield a_moment(SETTLED_S if looks else 0)
        w.unit.queue.sweep(older_than_s=0)  # as the agent does in time: else every connection remembers more of them
        _tidy_up()
        frames.leave_out()
        if looks:
            w.found["looks"].append((*_memory(), _widgets(), round(frames.slowest * 1000, 2), round(_pace() * 1000, 3)))
            frames.slowest = 0.0


def _visit(w: Walker, number: int) -> Walk:
    go = w.app.context.go
    w.page.start()
    yield lambda: w.page.name == "home" and w.widgets("ThemePress")
    if chosen := CHOICES[number % len(CHOICES)]:
        go.choose(Access(**chosen))
    if language := LANGUAGES[number % len(LANGUAGES)]:
        go.language(language)
    yield lambda: w.widgets("ThemePress")
    w.touch(w.widgets("ThemePress")[number % 2])
    yield lambda: w.page.name == "shelf" and any(card.title for card in w.widgets("ItemPress"))
    go.search()
    for letter in WORDS[number % len(WORDS)]:
        w.page.touched(_key(letter))
        yield lambda: True
    yield lambda: w.page.state in ("found", "nothing")
    go.home()
    go.shelf("theme:food")
    yield lambda: w.page.name == "shelf" and any(card.title for card in w.widgets("ItemPress"))
    w.touch(next(card for card in w.widgets("ItemPress") if card.title))
    yield lambda: w.page.name == "item" and w.page.here
    w.page.slip()
    w.page.take()
    yield lambda: w.page.name == "take_away" and w.page.ready
    w.page.print_slip()
    yield lambda: w.page.ids.state._job_id
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    go.slip()
    yield lambda: w.page.name == "slip" and w.widgets("SlipRow")
    go.finish()
    yield lambda: w.page.name == "attract"


def _widen_names() -> None:
    """Python's table of names is made as large as it will ever be.

    `pathlib` puts every part of every path into it, for as long as the path is there. Once some 38,000 have been, after
    700 visits or so, the table is made anew, twice as large, by 1.9 MB; then it stays so.
    """
    for number in range(NAMES):
        sys.intern(f"a part of a path {number}")


def _tidy_up() -> None:
    """What is done after each visit when the next one is not there at once."""
    for _ in range(PASSES):
        gc.collect()
    give_back()


def _key(letter: str) -> Any:
    from kiosk.ui.keyboard.layouts import Key

    return Key(letter)


class _Frames:
    """How long the screen's thread was busy for a frame, at most, since it was last asked."""

    def __init__(self) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        self.slowest = 0.0
        self._began = time.perf_counter()
        Clock.schedule_interval(self._begins, 0)
        Window.bind(on_flip=self._ends)

    def _begins(self, _dt: float) -> None:
        self._began = time.perf_counter()

    def leave_out(self) -> None:
        """This frame does not count: what takes its time is done while nobody is there."""
        self._began = math.inf

    def _ends(self, *_: object) -> None:
        self.slowest = max(self.slowest, time.perf_counter() - self._began)


def _memory() -> tuple[int, int]:
    """Bytes of memory of its own; and with what it has read of files so far.

    Of fonts and libraries each page is read when it is needed first, so that more and more of them is there for a long
    time; they are shared, and the system drops them when it needs the room.
    """
    words = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    own, whole = (int(words[name].split()[0]) * 1024 for name in ("RssAnon", "VmRSS"))
    return own, whole


def _pace() -> float:
    """Seconds for some arithmetic, the quickest of a few: machines that others share are now faster, now slower."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        sum(number * number for number in range(100_000))
        took.append(time.perf_counter() - began)
    return min(took)


def _widgets() -> int:
    from kivy.uix.widget import Widget

    return sum(type(thing).__mro__.__contains__(Widget) for thing in gc.get_objects())


def looked_through(w: Walker) -> Walk:
    """When Python goes through all there is: while somebody is there in another look, and after; what is left then."""
    passes: list[bool] = []

    def passed(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            passes.append(w.app.context.visit.here is not None)

    yield lambda: w.reads("Touch to start")
    yield lambda: gc.get_freeze_count() > SET_ASIDE
    gc.callbacks.append(passed)
    yield from _visit(w, 5)
    yield lambda: passes.count(False) >= PASSES
    gc.callbacks.remove(passed)
    w.found["within a visit"], w.found["left"] = passes.count(True), gc.collect()
