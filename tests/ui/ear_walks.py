"""Walks of which only what is said counts: rows that look alike, days, languages, old shelves, long texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.ui.keypad_walks import all_heard, heard, speak, tab_until_heard
from tests.ui.staff_walks import a_moment
from tests.ui.visit_walks import _home, _id
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


def rows_by_ear(w: Walker) -> Walk:
    """Every row of the slip is told by what it is about, every session by its day."""
    yield from _home(w)
    for key in ("pot-2", "pot-3", "pans"):
        w.visit.add_to_slip(w.unit.shelves.item(item_id=_id(w, key)))
    speak(w)
    yield lambda: "things to choose" in heard(w)
    w.app.context.go.slip()
    yield lambda: "3 things on my slip" in all_heard(w)
    for title in ("Cook for 2 on £10", "Cook for 3 on £10", "Pans for a shared kitchen"):
        yield from tab_until_heard(w, f"Remove, {title}")
    w.app.context.go.shelf(kind="event")
    yield lambda: "in the next seven days" in all_heard(w)
    yield from tab_until_heard(w, "Shared lunch")
    w.found["lunch"] = heard(w)


def another_language_by_ear(w: Walker) -> Walk:
    """On a Polish screen what is in English alone is said in an English voice."""
    yield from _home(w)
    w.app.context.go.language("pl")
    yield a_moment()
    speak(w)
    yield lambda: not w.app.narrator._speaker.speaking and len(w.app.narrator.transcript) > 1
    w.found["before"] = _voices(w)
    w.app.context.go.item(_id(w, "pot-2"))
    yield lambda: "A long text that goes on" in all_heard(w)
    yield lambda: not w.app.narrator._speaker.speaking
    w.found["after"] = _voices(w)


def old_shelves_by_ear(w: Walker) -> Walk:
    """Who hears the first screen hears that what is on the shelves is old."""
    yield from _home(w)
    speak(w)
    yield lambda: "things to choose" in heard(w)
    w.found["said"] = all_heard(w)


def listened_to(w: Walker) -> Walk:
    """While something is read aloud nobody is asked whether he is there; when it is over, he is."""
    yield from _home(w)
    speak(w)
    for _second in range(8):
        yield a_moment(1)
        assert w.app.narrator._speaker.speaking
        assert not w.widgets("StillThere")
    yield lambda: not w.app.narrator._speaker.speaking
    yield lambda: w.widgets("StillThere")


def _voices(w: Walker) -> list[str]:
    folder = w.unit.settings.data / "said"
    return sorted(path.stem.partition("-")[2] for path in folder.glob("*.wav"))
