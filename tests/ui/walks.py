"""The walks: what a visitor does, step by step. Each `yield` waits until what follows it is so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from kiosk.services import enrolment
from kiosk.services.enrolment import EnrolmentState
from kiosk.ui import pulse
from kiosk.ui.access.access import Access
from kiosk.ui.pulse import Pulse
from tests.ui import units
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


def everywhere(w: Walker) -> Walk:
    """Every screen, looking at the layout of each, to the QR symbol and a slip; then Finish."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))

    yield lambda: w.reads("Touch to start") and w.reads("Mill Lane")
    yield _a_moment()
    look("attract")
    assert w.reads("Social media surgery")
    w.tap("Touch to start")
    yield lambda: w.reads("Food") and w.reads("Updated at")
    yield _a_moment()
    look("home")
    w.tap("What's on")
    yield lambda: w.page.name == "whats_on" and len(w.widgets("SessionPress")) > 1 and w.reads("Today")
    yield _a_moment()
    look("whats_on")
    w.tap("Back")
    yield lambda: w.page.name == "home"
    yield _a_moment()
    w.tap("Food")
    yield (
        lambda: (
            w.page.name == "shelf"
            and w.page.count.startswith("10 things")
            and any(card.title for card in w.widgets("ItemPress"))
        )
    )
    yield _a_moment()
    look("shelf")
    first = [card.title for card in w.widgets("ItemPress")]
    w.tap("More")
    yield lambda: [card.title for card in w.widgets("ItemPress")] != first
    yield _a_moment()
    w.touch(w.widgets("ItemPress")[0])
    yield lambda: w.page.name == "item" and w.page.here
    yield _a_moment()
    look("item")
    assert w.page.ids.reel.long
    w.tap("Read on")
    yield lambda: not w.page.ids.reel.at_top
    w.tap("Add to my slip")
    yield lambda: w.reads("My slip (1)")
    w.tap("Take it away")
    yield lambda: w.page.name == "take_away" and w.page.ready
    yield _a_moment()
    look("take_away")
    w.picture("take_away")
    w.found["address"] = w.unit.take_away.address(w.page._item)
    w.found["code_shown"] = w.page.code
    theme, symbol = w.app.context.theme, w.page.ids.symbol
    w.found["symbol_mm"] = theme.in_mm(symbol.side * (1 - 8 / symbol.texture.width))
    w.tap("Print a slip")
    yield lambda: w.reads("Please wait for it at the printer")
    job = w.unit.queue.next()
    w.unit.queue.end(job.id, "shown")
    yield lambda: w.reads("did not come out")
    look("failed")
    w.tap("Print again")
    yield lambda: w.reads("Your slip is printing")
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: w.reads("Please take it")
    w.tap("My slip (1)")
    yield lambda: w.page.name == "slip" and w.widgets("SlipRow")
    yield _a_moment()
    look("slip")
    w.page.print_slip()
    yield lambda: w.reads("Your slip is printing")
    yield _a_moment()
    look("slip_printing")
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: w.reads("Please take it")
    w.tap("Home")
    yield lambda: w.page.name == "home"
    yield _a_moment()
    w.tap("Search")
    yield lambda: w.page.name == "search"
    yield _a_moment()
    look("search")
    for letter in "bike":
        w.tap(letter)
    yield lambda: w.page.state == "found" and w.visit.query == "bike"
    if w.page.switches:
        w.tap("Show")
    yield lambda: w.reads("Child's bike")
    yield _a_moment()
    look("found")
    if w.page.switches:
        w.tap("Type again")
        yield lambda: w.page.typing
        yield _a_moment()
    for letter in "zzq":
        w.tap(letter)
    yield lambda: w.page.state == "nothing"
    yield _a_moment()
    look("nothing")
    w.tap("Finish")
    yield lambda: w.page.name == "attract"
    visit = w.visit
    w.found["left_over"] = [visit.language, visit.query, len(visit.basket), visit.pages, len(visit.history)]
    w.found["still_drawn"] = [w.app.context.go._manager.get_screen("item").title, _query(w)]
    yield lambda: _in_vain(w)
    w.found["in_vain"] = _in_vain(w)
    w.found["wrong"] = wrong


def first_start(w: Walker) -> Walk:
    """No catalogue, then one, then a damaged one, then a good one again."""
    data = w.unit.settings.data
    yield lambda: w.reads("The shelves are being filled")
    w.touch(w.app.root)
    assert w.page.name == "attract"
    units.deliver(data, units.some_items())
    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    yield lambda: w.page.name == "home"
    bad = data / "catalogue" / "replica-9.db"
    bad.write_bytes(b"this is not a database" * 500)
    (data / "catalogue" / "current").write_text(bad.name)
    yield lambda: w.reads("back in order")
    (data / "catalogue" / "current").write_text("replica-1.db")
    yield lambda: w.reads("Touch to start")


def set_up(w: Walker) -> Walk:
    """A unit that belongs to no shop: from nothing, by way of a code, to the shelves."""
    data = w.unit.settings.data
    wrong: list[str] = []
    yield lambda: w.reads("This screen is new here") and w.reads("Somebody will set it up")
    w.touch(w.app.root)
    assert w.page.name == "set_up"
    for state, words in (("unreachable", "cannot reach its hub"), ("denied", "turned away"), ("asking", "asking for")):
        enrolment.note(data, EnrolmentState(state=state))
        yield lambda words=words: w.reads(words)
        yield _a_moment()
        wrong += w.layout(state)
        w.picture(state)
    showing = EnrolmentState(
        state="showing",
        user_code="WDJB-MJHT",
        verification_url="https://goodstuff.example.org/enrol?code=WDJB-MJHT",
        expires_at=1_795_530_900.0,
    )
    enrolment.note(data, showing)
    yield lambda: w.reads("WDJB-MJHT")
    yield _a_moment()
    wrong += w.layout("showing")
    w.picture("showing")
    units.enrol(data)
    yield lambda: w.reads("The shelves are being filled")
    assert w.page.name == "attract"
    units.deliver(data, units.some_items())
    yield lambda: w.reads("Touch to start")
    w.found["wrong"] = wrong


def left_alone(w: Walker) -> Walk:
    """Nobody is there any more: a question, then everything is wiped."""
    yield lambda: w.reads("Touch to start")
    w.app.context.go.language("ur")
    w.app.context.go.shelf("language:ur")
    yield lambda: any(card.title == "بچے کی سائیکل" for card in w.widgets("ItemPress"))
    yield _a_moment()
    w.touch(next(card for card in w.widgets("ItemPress") if card.title))
    yield lambda: w.page.name == "item" and w.page.here
    w.page.slip()
    yield lambda: w.widgets("StillThere")
    w.touch(next(tap for tap in w.widgets("Tap") if tap.icon == "human-greeting"))
    yield lambda: not w.widgets("StillThere")
    assert w.page.name == "item"
    yield lambda: w.widgets("StillThere")
    yield lambda: w.page.name == "attract"
    w.found["left_over"] = [w.visit.language, len(w.visit.basket)]


def fresh_news(w: Walker) -> Walk:
    """A new catalogue arrives while a shelf is looked at: it is shown without a jump."""
    data = w.unit.settings.data
    yield lambda: w.reads("Touch to start")
    w.app.context.go.home()
    w.app.context.go.shelf("theme:food")
    yield lambda: w.reads("Page 1 of")
    yield _a_moment()
    w.tap("More")
    yield lambda: w.reads("Page 2 of")
    units.deliver(data, [item for item in units.some_items() if item["key"] != "pot-11"])
    yield lambda: w.reads("9 things")
    assert w.page.name == "shelf"
    assert w.reads("Page 2 of")


def asks_at_once(w: Walker) -> Walk:
    """What no screen may do: ask the catalogue without leaving the screen's thread."""
    yield lambda: w.reads("Touch to start")
    pulse.take(w.unit, Pulse())


def _query(w: Walker) -> str:
    return w.app.context.go._manager.get_screen("search").query


def _in_vain(w: Walker) -> list[str]:
    with w.unit.records.reading() as db:
        rows = db.exec_driver_sql("SELECT term, count FROM usage WHERE action = 'search_empty'").all()
    return [f"{term} {count}" for term, count in rows]


def _pictures(w: Walker) -> tuple[int, int]:
    """How many pictures are seen, and how many of them have the sign of a shelf drawn over them."""
    from kivy.graphics import Color

    shown = [one for one in w.widgets("Picture") if one.texture]
    badges = [badge for one in shown for badge in one.children if type(badge).__name__ == "Badge"]
    inks = [[ink.a for ink in badge.canvas.before.children if isinstance(ink, Color)] for badge in badges]
    assert len(inks) == len(shown)
    return len(shown), sum(any(alphas) for alphas in inks)


def _a_moment(seconds: float = 0.2) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def tour(w: Walker) -> Walk:
    """The demo catalogue, screen by screen, with a picture of each; a slip is printed by whoever is the agent."""
    yield lambda: w.reads("Touch to start") and w.reads("Mill Lane")
    yield _a_moment(1.0)
    w.picture("attract")
    w.tap("Touch to start")
    yield lambda: w.reads("Food")
    yield _a_moment(1.0)
    w.found["freshness"] = w.app.context.pulse.freshness
    w.picture("home")
    w.tap("Food")
    yield lambda: any(card.title for card in w.widgets("ItemPress"))
    yield _a_moment(1.0)
    w.picture("shelf")
    w.tap("Cook for ten on £10")
    yield lambda: w.page.name == "item" and w.page.here
    yield _a_moment(1.0)
    w.picture("item")
    w.found["pictures"], w.found["covered"] = _pictures(w)
    w.tap("Take it away")
    yield lambda: w.page.name == "take_away" and w.page.ready
    yield _a_moment(1.0)
    w.picture("qr")
    w.tap("Print a slip")
    yield lambda: w.reads("this is what the slip looks like")
    yield _a_moment(1.0)
    w.picture("take-away")
    w.tap("Home")
    yield lambda: w.page.name == "home"
    yield _a_moment()
    w.tap("Search")
    yield lambda: w.page.name == "search"
    yield _a_moment()
    for letter in "damp":
        w.tap(letter)
    yield lambda: w.page.state == "found" and w.visit.query == "damp"
    yield _a_moment(1.0)
    w.picture("search")
    w.tap("Home")
    yield lambda: w.page.name == "home"
    yield _a_moment()
    go = w.app.context.go
    go.open("access")
    yield _a_moment(1.0)
    w.picture("access")
    go.close()
    go.choose(Access(lower=True))
    yield _a_moment(1.0)
    w.picture("lower")
    go.choose(Access(theme="dark"))
    go.language("ur")
    yield _a_moment(1.0)
    w.picture("home-urdu")
    go.finish()
    yield lambda: w.page.name == "attract"


def just_look(w: Walker) -> Walk:
    """The start screen, and nothing more."""
    yield lambda: w.reads("Touch to start")
    w.found["reads"] = "Touch to start"
