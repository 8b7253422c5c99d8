"""Walks through what stands round every screen: the bar, the access panel, the languages, the lower screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from kiosk.ui.access.access import Access
from kiosk.ui.look.theme import COLOURS, TEXT_SCALES
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


def a_moment(seconds: float = 0.2) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def panel(w: Walker) -> Any:
    """The access panel that is shown."""
    return (w.widgets("AccessPanel") or [None])[0]


def bar_key(w: Walker, icon: str) -> Any:
    return next(key for key in w.widgets("BarKey") if key.icon == icon)


def access(w: Walker) -> Walk:
    """Everything that can be chosen is chosen and holds at once; after Finish it is as at the start."""
    wrong: list[str] = []
    visit = w.visit

    def look(name: str) -> None:
        wrong.extend(w.layout(name))

    def own_look() -> Any:
        return w.page.context.theme

    yield lambda: w.reads("Touch to start")
    start = visit.access
    w.tap("Bigger, louder")
    yield lambda: panel(w) and w.page.name == "home"
    yield a_moment()
    look("panel")
    for name in ("largest", "small", "large"):
        w.touch(panel(w).sizes[name])
        yield lambda name=name: own_look().text_scale == TEXT_SCALES[name] and panel(w).sizes[name].chosen
        yield a_moment()
        look(name)
        w.found[f"size_{name}"] = own_look().body
    for name in ("dark", "contrast"):
        w.touch(panel(w).colours[name])
        yield lambda name=name: own_look().c == COLOURS[name] and panel(w).colours[name].chosen
        yield a_moment()
        look(name)
        w.picture(name)
    w.tap("Keep still")
    yield lambda: own_look().still and panel(w).ids.still.chosen
    yield a_moment()
    if panel(w).paged:
        w.tap("Hear")
        yield lambda: w.reads("How fast and how loud")
        yield a_moment()
        look("hear")
    w.tap("Read aloud")
    yield lambda: visit.access.speech and panel(w).ids.speech.chosen
    yield a_moment()
    w.tap("Faster")
    yield lambda: visit.access.speed == "fast" and panel(w).speeds["fast"].chosen
    for _more in range(2):
        w.tap("Louder")
        yield a_moment()
    assert visit.access.volume == 5
    w.tap("Say it again")
    yield a_moment()
    look("speech")
    w.picture("speech")
    assert visit.access == Access("large", "contrast", still=True, speech=True, speed="fast", volume=5)
    w.touch(panel(w).ids.language)
    yield lambda: w.widgets("LanguagePanel")
    yield a_moment()
    look("language")
    w.touch(next(key for key in w.widgets("LanguageKey") if key.code == "ur"))
    yield lambda: visit.language == "ur" and panel(w) and not w.widgets("LanguagePanel")
    assert own_look().rtl
    yield a_moment()
    look("urdu")
    w.touch(panel(w).ids.done)
    yield lambda: not panel(w)
    yield a_moment()
    look("home")
    bar = [bar_key(w, icon).center_x for icon in ("home", "translate", "human", "check")]
    w.found["mirrored"] = bar == sorted(bar, reverse=True)
    assert w.page.name == "home"
    w.touch(bar_key(w, "human"))
    yield lambda: panel(w)
    w.touch(panel(w).ids.normal)
    yield lambda: visit.access == start and panel(w) and not own_look().still
    assert visit.language == "ur"
    w.touch(panel(w).ids.done)
    yield lambda: not panel(w)
    yield a_moment()
    w.touch(bar_key(w, "check"))
    yield lambda: w.page.name == "attract" and w.reads("Touch to start")
    w.found["left_over"] = [visit.access == start, visit.language, visit.panels, visit.pages]
    w.found["wrong"] = wrong


def nothing_stays(w: Walker) -> Walk:
    """What somebody read before the screen looked otherwise is not what the next one finds."""
    go = w.app.context.go
    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    go.privacy()
    yield lambda: w.page.name == "privacy" and w.page.language == "en"
    w.page.read_in("pl")
    yield lambda: w.page.language == "pl"
    go.choose(replace(w.visit.access, text_size="large"))
    yield lambda: w.page.context.theme.text_scale > 1 and w.page.name == "privacy"
    go.finish()
    yield lambda: w.page.name == "attract"
    go.home()
    go.privacy()
    yield lambda: w.page.name == "privacy" and w.page.language
    w.found["language"] = w.page.language


def no_voice(w: Walker) -> Walk:
    """A unit that cannot speak does not offer to."""
    yield lambda: w.reads("Touch to start")
    w.tap("Bigger, louder")
    yield lambda: panel(w)
    yield a_moment()
    w.found["wrong"] = w.layout("no voice")
    w.found["offers"] = [words for words in ("Read aloud", "Hear", "Hide the screen", "How loud") if w.reads(words)]
    assert w.reads("Keep still")
    w.touch(panel(w).ids.done)
    yield lambda: not panel(w)


def nobody_there(w: Walker) -> Walk:
    """Somebody opens the panel and goes: the question is laid over it, and then nothing of it is left."""
    yield lambda: w.reads("Touch to start")
    w.tap("Bigger, louder")
    yield lambda: panel(w)
    w.touch(panel(w).colours["dark"])
    yield lambda: w.page.context.theme.c == COLOURS["dark"] and panel(w)
    yield lambda: w.widgets("StillThere")
    yield lambda: w.page.name == "attract"
    assert not panel(w)
    w.found["left_over"] = [w.visit.access == w.visit.start, w.visit.panels]
    w.app.context.go.home()
    yield lambda: w.page.name == "home"
    yield a_moment()
    assert not panel(w)


def lower(w: Walker) -> Walk:
    """Everything that can be touched is in the lower part; what is above cannot be."""
    from kivy.core.window import Window

    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        for press in w.widgets("ButtonBehavior"):
            top = press.to_window(press.x, press.top)[1]
            if top > 0.6 * Window.height + 1:
                wrong.append(f"{name}: {press} reaches up to {top / Window.height:.2f} of the screen")

    yield lambda: w.reads("Touch to start")
    w.tap("Bigger, louder")
    yield lambda: panel(w)
    w.tap("Bring everything lower")
    yield lambda: w.widgets("Above") and panel(w).ids.lower.chosen
    yield a_moment(0.4)
    look("panel")
    w.picture("panel")
    w.touch(panel(w).ids.language)
    yield lambda: w.widgets("LanguagePanel")
    yield a_moment()
    look("language")
    w.tap("Close")
    yield lambda: panel(w)
    w.touch(panel(w).ids.done)
    yield lambda: not panel(w)
    yield a_moment()
    look("home")
    assert any(text.font_size > 100 and ":" in text.text for text in w.widgets("Words"))  # the time, large
    for name, go in (
        ("shelf", lambda: w.app.context.go.shelf("theme:food")),
        ("search", w.app.context.go.search),
        ("privacy", w.app.context.go.privacy),
        ("door", w.app.context.go.door),
    ):
        go()
        yield lambda name=name: w.page.name == name
        yield a_moment(0.4)
        look(name)
    w.touch(bar_key(w, "check"))
    yield lambda: w.page.name == "attract" and not w.widgets("Above")
    w.found["wrong"] = wrong


def same_places(w: Walker) -> Walk:
    """The keys of the bar stand still, whatever there is to go back to and on the slip."""
    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    yield lambda: w.page.name == "home"
    yield a_moment()
    icons = ("home", "translate", "human", "check")
    at_home = [(*bar_key(w, icon).pos, *bar_key(w, icon).size) for icon in icons]
    w.tap("Food")
    yield lambda: w.page.name == "shelf" and any(card.title for card in w.widgets("ItemPress"))
    w.touch(next(card for card in w.widgets("ItemPress") if card.title))
    yield lambda: w.page.name == "item" and w.page.here
    w.tap("Add to my slip")
    yield lambda: w.reads("My slip (1)") and w.reads("Back")
    yield a_moment()
    w.found["wrong"] = w.layout("bar")
    reached = []
    finish = bar_key(w, "check")
    finish.act = lambda: reached.append(finish)
    for share in (0.1, 0.5, 0.9):  # a bar of the staff that is not there takes no touch from it
        w.touch_at(finish.to_window(finish.center_x, finish.y + share * finish.height))
    w.found["reached"] = len(reached)
    w.found["same"] = at_home == [(*bar_key(w, icon).pos, *bar_key(w, icon).size) for icon in icons]
    w.found["sizes"] = sorted({key.ids.words.font_size for key in w.widgets("BarKey") if key.text})


def in_my_language(w: Walker) -> Walk:
    """A language chosen at home offers what there is in it."""
    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    yield lambda: w.page.name == "home"
    yield a_moment()
    assert not w.widgets("LanguageWay")
    w.touch(bar_key(w, "translate"))
    yield lambda: w.widgets("LanguagePanel")
    assert [key.code for key in w.widgets("LanguageKey") if key.chosen] == ["en"]
    w.touch(next(key for key in w.widgets("LanguageKey") if key.code == "ur"))
    yield lambda: w.visit.language == "ur" and w.widgets("LanguageWay")
    yield a_moment()
    w.found["wrong"] = w.layout("home")
    w.touch(w.widgets("LanguageWay")[0])
    yield lambda: any(card.title == "بچے کی سائیکل" for card in w.widgets("ItemPress"))
    w.touch(bar_key(w, "translate"))
    yield lambda: w.widgets("LanguagePanel")
    w.touch(next(key for key in w.widgets("LanguageKey") if key.code == "en"))
    yield lambda: w.visit.language == "" and w.page.name == "shelf" and w.reads("Home")
