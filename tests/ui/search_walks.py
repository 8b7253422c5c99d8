"""The search screen, walked: every board of keys, suggestions, filters, nothing found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from kiosk.ui.keyboard import layouts
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


def a_moment(seconds: float = 0.2) -> Callable[[], bool]:
    """So long."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def searching(w: Walker) -> Walk:
    """Empty, found, nothing, with a picture of each."""
    wrong: list[str] = []
    yield lambda: w.reads("Touch to start")
    w.app.context.go.home()
    w.app.context.go.search()
    yield lambda: w.page.name == "search"
    yield a_moment(0.6)
    w.picture("empty")
    wrong += w.layout("empty")
    for letter in "coo":
        w.tap(letter)
    yield lambda: w.page.state == "found"
    yield a_moment(0.6)
    w.picture("found-typing")
    wrong += w.layout("found-typing")
    if w.page.switches:
        w.tap("Show")
        yield a_moment(0.6)
        w.picture("found")
        wrong += w.layout("found")
        w.tap("Type again")
    for letter in "zzq":
        w.tap(letter)
    yield lambda: w.page.state == "nothing"
    yield a_moment(0.6)
    w.picture("nothing")
    wrong += w.layout("nothing")
    w.found["wrong"] = wrong


def boards(w: Walker) -> Walk:
    """Every page of keys of every language: drawn, measured, and touched."""
    wrong: list[str] = []
    smallest: list[float] = []
    tops: set[int] = set()
    yield lambda: w.reads("Touch to start")
    for code in layouts.LANGUAGES:
        w.app.context.go.home()
        w.visit.language = "" if code == "en" else code
        w.app.context.go.search()
        yield lambda: w.page.name == "search" and w.widgets("KeyCap")
        for turn, page in enumerate(layouts.board(code, low=w.page.switches)):
            yield a_moment(0.3)
            keys = w.widgets("Keyboard")[0]
            if turn:
                w.touch(next(cap for cap in w.widgets("KeyCap") if cap.key.to == page))
                yield lambda keys=keys, page=page: keys.page == page
                yield a_moment(0.3)
            wrong += w.layout(f"{code}-{page}")
            w.picture(f"{code}-{page}")
            tops.add(round(keys.top))
            theme = w.app.context.theme
            smallest += [theme.in_mm(min(cap.width, cap.height)) for cap in w.widgets("KeyCap")]
            assert [cap.key for cap in keys.caps() if not cap.spoken] == []
    w.found["wrong"], w.found["smallest"], w.found["tops"] = wrong, min(smallest), len(tops)


def typing(w: Walker) -> Walk:
    """Words in every writing, by touches; one letter taken off; the other language and back."""
    yield lambda: w.reads("Touch to start")
    found: dict[str, list[str]] = {}
    for code, word in WORDS.items():
        w.app.context.go.home()
        w.visit.language = code
        w.app.context.go.search()
        yield lambda: w.page.name == "search" and w.widgets("KeyCap")
        yield a_moment()
        keys = w.widgets("Keyboard")[0]
        for letter in apart(word):
            yield from touch_key(w, letter)
        found[code] = [w.visit.query]
        yield from touch_key(w, layouts.DELETE)
        found[code].append(w.visit.query)
        yield from touch_key(w, layouts.LANG)
        assert keys.language == "en"
        yield from touch_key(w, "k")
        yield from touch_key(w, layouts.LANG)
        assert keys.language == code
        found[code].append(w.visit.query)
        w.picture(f"typed-{code}")
        field = w.page.ids.field
        words = field.ids.words
        found[code].append("right" if words.center_x > field.ids.room.center_x else "left")
    w.found["typed"] = found


def touch_key(w: Walker, name: str) -> Walk:
    """Touch the key of that name, on whatever page it is."""
    keys = w.widgets("Keyboard")[0]
    for turn in range(3):
        if cap := next((cap for cap in keys.caps() if cap.key.name == name), None):
            w.touch(cap)
            yield a_moment(0.1)
            return
        ways = [cap for cap in keys.caps() if cap.key.to]
        assert ways, f"no key is called {name!r}"
        page = keys.page
        w.touch(ways[min(turn, len(ways) - 1)])
        yield lambda page=page: keys.page != page
        yield a_moment(0.1)
    raise AssertionError(f"no page has a key called {name!r}")


def apart(word: str) -> list[str]:
    """The word as keys type it: a dot below goes with its letter."""
    found: list[str] = []
    for letter in word:
        if letter in "\u09bc\u0a3c":
            found[-1] += letter
        else:
            found.append(letter)
    return found


WORDS = {"cy": "tŷ", "pl": "łódź", "ur": "سائیکل", "bn": "সময়", "pa": "ਪੰਜਾਬੀ", "ar": "دراجة"}
"""A word in each language, which needs more than one page of keys in some."""
