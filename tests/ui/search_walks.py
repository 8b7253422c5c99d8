"""The search screen, walked: every board of keys, suggestions, filters, nothing found."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from kiosk.ui.keyboard import layouts
from kiosk.ui.wishes import Wish
from sync.replica.filters import Filters
from tests.ui import units
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


def pictures_of_boards(w: Walker) -> Walk:
    """The same as `boards`, with a picture of each."""
    yield from boards(w, pictures=True)


def boards(w: Walker, pictures: bool = False) -> Walk:
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
            yield a_moment(0.1)
            keys = w.widgets("Keyboard")[0]
            if turn:
                w.touch(next(cap for cap in w.widgets("KeyCap") if cap.key.to == page))
                yield lambda keys=keys, page=page: keys.page == page
                yield a_moment(0.1)
            wrong += w.layout(f"{code}-{page}")
            if pictures:
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
        words, room = w.page.ids.field.ids.words, w.page.ids.field.ids.room
        found[code].append("right" if words.right == room.right else "left")
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


def items() -> list[dict[str, Any]]:
    """Things to mend and to share, near and far, free and not, some with Polish words."""
    cafe = {"lat": 51.731, "lon": -3.83, "name": "Mill Lane Hall"}
    far = {"lat": 51.85, "lon": -3.83, "name": "Top Farm"}
    polish = {"pl": {"title": "Kawiarnia napraw", "summary": "Przynieś to, co nie działa."}}
    return [
        *units.some_items(),
        _mending("cafe", "service", "Mending café: bring what is broken and learn how to mend it", cafe, polish),
        _mending("bikes", "service", "Bike mending on Saturdays", far),
        _mending("kit", "toolkit", "A box of tools for mending clothes", None),
        _mending("guide", "guide", "Mend a puncture in ten minutes", None, polish),
        {**_mending("lamp", "offer", "Mended lamps", cafe), "price": {"amount_pence": 500}},
    ]


def _mending(key: str, kind: str, title: str, place: dict[str, Any] | None, words: Any = None) -> dict[str, Any]:
    item = {"key": key, "kind": kind, "title": title, "summary": "With people from round here.", "tags": ["mending"]}
    item |= {"themes": ["together"]}
    return item | ({"place": place} if place else {}) | ({"translations": words} if words else {})


def filtering(w: Walker) -> Walk:
    """Narrowed by one wish, then another, taken off again; by the sheet; till nothing is left."""
    wrong: list[str] = []
    shown: dict[str, list[str]] = {}

    def look(name: str) -> None:
        w.picture(name)
        wrong.extend(w.layout(name))
        shown[name] = [card.title for card in w.page._cards]

    units.deliver(w.unit.settings.data, items())
    yield lambda: w.reads("Touch to start") and w.app.context.pulse.home.total == 17
    w.app.context.go.home()
    w.app.context.go.search()
    yield lambda: w.page.name == "search"
    yield a_moment()
    for letter in "mend":
        yield from touch_key(w, letter)
    yield lambda: w.page.state == "found" and w.page.asked == "mend"
    yield a_moment(0.4)
    look("typing")
    w.found["suggested"] = w.page._suggestions.shown
    if w.page.switches:
        w.page.switch()
        yield a_moment(0.4)
        look("all")
    for wish in (Wish("near_km", 5.0), Wish("free", True), Wish("language", "pl")):
        w.page.choose(wish.added_to(w.visit.filters))
        yield lambda: w.page._finding.filters == w.visit.filters
        yield a_moment(0.3)
        look(wish.about)
    w.found["chips"] = [f"{card.said} · {card.about}" for card in w.widgets("ItemPress")]
    w.page.open_sheet()
    yield a_moment(0.4)
    look("sheet")
    w.page.close_sheet()
    w.page.choose(Wish("kind", "offer").added_to(w.visit.filters))
    yield lambda: w.page.state == "nothing"
    yield a_moment(0.3)
    look("barred")
    w.tap("Take filters off")
    yield lambda: w.page.state == "found" and w.visit.filters == Filters()
    if w.page.switches:
        w.page.type_again()
        yield a_moment()
    yield from touch_key(w, layouts.CLEAR)
    for letter in "cookingbook":
        yield from touch_key(w, letter)
    yield lambda: w.page.asked == "cookingbook"
    yield a_moment(0.3)
    if w.page.switches:
        w.page.switch()
        yield a_moment(0.3)
    look("nothing")
    w.tap("Look at")
    yield lambda: w.page.name == "shelf"
    w.app.context.go.back()
    yield lambda: w.page.name == "search" and w.page.query == "cookingbook"
    w.found["wrong"], w.found["shown"] = wrong, shown


def dressed(w: Walker) -> Walk:
    """In Urdu, from the right; with everything lower, where the panel is upright; a key under a finger."""
    wrong: list[str] = []
    units.deliver(w.unit.settings.data, items())
    yield lambda: w.reads("Touch to start") and w.app.context.pulse.home.total == 17
    w.app.context.go.home()
    w.app.context.go.language("ur")
    w.app.context.go.search()
    yield lambda: w.page.name == "search" and w.widgets("KeyCap")
    yield a_moment(0.4)
    w.picture("urdu-empty")
    wrong += w.layout("urdu-empty")
    for letter in "سائی":
        yield from touch_key(w, letter)
    yield lambda: w.page.state == "found" and w.page.asked == "سائی"
    yield a_moment(0.4)
    w.picture("urdu-found")
    wrong += w.layout("urdu-found")
    w.found["suggested"] = w.page._suggestions.shown
    if chips := w.widgets("SuggestedWord"):
        w.touch(chips[0])
        yield a_moment()
    w.found["taken"] = w.visit.query
    w.app.context.go.home()
    w.app.context.go.choose(dataclasses.replace(w.visit.access, lower=True))
    w.app.context.go.language("")
    w.app.context.go.search()
    yield lambda: w.page.name == "search" and w.widgets("KeyCap")
    for letter in "mend":
        yield from touch_key(w, letter)
    yield lambda: w.page.state == "found" and w.page.asked == "mend"
    yield a_moment(0.4)
    keys = w.widgets("Keyboard")[0]
    cap = next(cap for cap in keys.caps() if cap.key.name == "p")
    cap.state = "down"
    keys.ids.preview.over(cap, keys.x, keys.right)
    yield a_moment(0.2)
    w.picture("lower-typing")
    cap.state = "normal"
    keys.ids.preview.opacity = 0
    yield a_moment(0.2)
    wrong += w.layout("lower-typing")
    if w.page.switches:
        w.page.switch()
        yield a_moment(0.4)
        w.picture("lower-found")
        wrong += w.layout("lower-found")
    w.found["wrong"] = wrong


def kept(w: Walker) -> Walk:
    """Words, filters and page are there after a look at an item, and gone when the visit is over; a want is counted."""
    units.deliver(w.unit.settings.data, items())
    yield lambda: w.reads("Touch to start") and w.app.context.pulse.home.total == 17
    w.app.context.go.home()
    w.app.context.go.search()
    yield lambda: w.page.name == "search" and w.widgets("KeyCap")
    for letter in "cook":
        yield from touch_key(w, letter)
    yield lambda: w.page.state == "found" and w.page.asked == "cook"
    w.page.choose(Filters(kind="guide"))
    yield lambda: w.page.state == "found" and w.page._finding.filters == w.visit.filters
    if w.page.switches:
        w.page.switch()
        yield a_moment()
    w.tap("More")
    yield a_moment()
    before = [card.title for card in w.widgets("ItemPress")]
    w.touch(w.widgets("ItemPress")[0])
    yield lambda: w.page.name == "item" and w.page.here
    w.app.context.go.back()
    yield lambda: w.page.name == "search" and w.page.state == "found" and not w.page._soon.is_triggered
    yield a_moment()
    w.found["same"] = [card.title for card in w.widgets("ItemPress")] == before != []
    w.found["kept"] = [w.page.query, w.visit.filters.kind, w.visit.pages["search"]]
    w.page.type_again()
    yield a_moment()
    for letter in "zzq":
        yield from touch_key(w, letter)
    yield lambda: w.page.state == "nothing" and w.page.asked == "cookzzq"
    search = w.page
    w.app.context.go.finish()
    yield lambda: w.page.name == "attract"
    w.found["left_over"] = [search.query, search.asked, search.found_words, w.visit.query, w.visit.filters.kind]
    w.found["left_over"] += search._suggestions.shown + [card.title for card in search._rows if card.title]
    yield lambda: _in_vain(w)
    w.found["in_vain"] = _in_vain(w)


def slow(w: Walker) -> Walk:
    """An answer that takes its time is waited for with a word."""
    may_answer = threading.Event()
    search = w.unit.shelves.search

    def slowly(*args: Any, **options: Any) -> Any:
        may_answer.wait(10)
        return search(*args, **options)

    yield lambda: w.reads("Touch to start")
    w.app.context.go.home()
    w.app.context.go.search()
    yield lambda: w.page.name == "search" and w.page._tries and w.widgets("KeyCap")
    w.unit.shelves.search = slowly
    for letter in "bike":
        yield from touch_key(w, letter)
    yield lambda: w.reads("Searching…")
    w.picture("slow")
    w.found["wrong"] = w.layout("slow")
    may_answer.set()
    yield lambda: w.page.state == "found" and w.page.asked == "bike"
    assert not w.reads("Searching…")


def _in_vain(w: Walker) -> list[str]:
    with w.unit.records.reading() as db:
        rows = db.exec_driver_sql("SELECT term, count FROM usage WHERE action = 'search_empty'").all()
    return [f"{term} {count}" for term, count in rows]
