"""Walks between home and the QR symbol: shelves, items, what's on, taking away, the slip."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from kiosk.ui.access.access import Access
from sync.replica.filters import EVERYTHING, Filters
from tests.ui import units
from tests.ui.walker import Walker
from tests.ui.walks import _a_moment

Walk = Iterator[Callable[[], Any]]
THEMES = ("light", "dark", "contrast")
LANGUAGES = ("", "ar")


def things() -> list[dict[str, Any]]:
    """What the walks need: pages of guides, prices with a note, places, other languages, dates."""
    today = dt.date.today()
    near = {"name": "Village hall", "address": "3 High Street", "postcode": "ZZ99 1AA", "lat": 52.01, "lon": -1.0}
    kitchen = {
        "key": "kitchen",
        "kind": "toolkit",
        "title": "Start a kitchen that everybody in the street can use",
        "summary": "All it takes, and whom to ask.",
        "body": "## How\n\n1. Ask.\n2. Cook.\n\n" + "Stir it and wait a little. " * 80,
        "themes": ["food"],
        "tags": ["cook"],
        "maker": {"name": "Brook Street Kitchen"},
        "licence": "CC-BY-4.0",
        "price": {"amount_pence": 250, "note": "All of it buys food."},
        "checked_on": "2026-11-03",
        "place": near,
        "files": [{"name": "a.pdf", "media_type": "application/pdf", "sha256": "a" * 64, "size_bytes": 1_400_000}],
        "translations": {"pl": {"title": "Kuchnia dla całej ulicy", "summary": "Wszystko, czego trzeba."}},
    }
    lunch = {
        "key": "lunch",
        "kind": "event",
        "title": "Shared lunch, with soup; bread, and what you bring",
        "summary": "Come and eat.",
        "themes": ["food"],
        "starts": f"{today + dt.timedelta(days=1)}T12:00:00",
        "ends": f"{today + dt.timedelta(days=1)}T14:00:00",
        "place": near,
        "price": {"amount_pence": 200, "note": "Pay what you can."},
    }
    pans = {
        "key": "pans",
        "kind": "offer",
        "title": "Pans for a shared kitchen",
        "themes": ["food"],
        "maker": {"name": "Brook Street Kitchen"},
    }
    return [*units.some_items(), kitchen, lunch, pans]


def a_shelf_and_back(w: Walker) -> Walk:
    """A shelf is narrowed and paged; who comes back from an item finds it as it was."""
    yield from _home(w)
    w.tap("Food")
    yield lambda: w.page.count == "13 things to take away" and w.reads("Page 1 of") and _titles(w)
    pager = w.page.ids.pager.to_window(*w.page.ids.pager.pos)
    w.page._choose(Filters(kind="guide"))
    yield lambda: w.page._drawn is not None and w.page._drawn[2].kind == "guide" and len(w.page._row.children) > 1
    yield _a_moment()
    w.found["wrong"] = w.layout("narrowed")
    w.tap("More")
    yield lambda: w.reads("Page 2 of")
    yield _a_moment()
    assert w.page.ids.pager.to_window(*w.page.ids.pager.pos) == pager, "the paging buttons have moved"
    before = _titles(w)
    assert before
    w.touch(next(card for card in w.widgets("ItemPress") if card.title))
    yield lambda: w.page.name == "item" and w.page.here
    yield _a_moment()
    w.app.context.go.back()
    w.found["at_once"] = sorted(card.title for card in w.page._cards if card.title) == sorted(before)
    yield _a_moment(0.4)
    w.found["stays"] = _titles(w) == before and w.reads("Page 2 of")
    w.page._choose(Filters(kind="toolkit", language="ur"))
    yield lambda: w.reads("Nothing here fits all that you chose")
    yield _a_moment()
    w.found["wrong"] += w.layout("nothing left")
    w.tap("Show everything here")
    yield lambda: w.reads("Page 1 of") and _titles(w)
    assert w.page._filters == EVERYTHING
    w.app.context.go.finish()
    w.found["left_over"] = [w.visit.narrowed, w.visit.pages, w.visit.read, w.page.name]


def more_like_this(w: Walker) -> Walk:
    """From an item to one that is like it, and back to where the first was read."""
    yield from _home(w)
    w.app.context.go.item(_id(w, "kitchen"))
    yield lambda: w.page.name == "item" and w.page.here
    yield _a_moment()
    w.found["reads"] = w.texts()
    while not w.page.ids.reel.at_end:
        w.page.ids.reel.step(1)
        yield _a_moment(0.3)
    w.found["wrong"] = w.layout("end")
    read, first = w.page.ids.reel.read, w.page.title
    assert read > 0.9
    assert w.reads("More like this")
    w.touch(next(card for card in w.widgets("ItemPress") if _in_view(w, card)))
    yield lambda: w.page.here and w.page.title and w.page.title != first
    assert w.page.ids.reel.at_top
    w.app.context.go.back()
    yield lambda: w.page.here and w.page.title == first
    yield lambda: abs(w.page.ids.reel.read - read) < 0.02


def a_date(w: Walker) -> Walk:
    """From what's on to a date for the phone's calendar."""
    wrong: list[str] = []
    yield from _home(w)
    w.app.context.go.shelf("", "event")
    yield lambda: w.reads("Social media surgery")
    yield _a_moment()
    wrong += w.layout("whats_on")
    w.tap("Today")
    yield lambda: w.page.count == "1 thing today"
    yield _a_moment()
    wrong += w.layout("today")
    w.tap("Next 7 days")
    yield lambda: w.page.count.startswith("8 things")
    assert not w.reads("Back a page")
    if w.page.ids.pager.pages > 1:
        w.page._turn(1)
        yield lambda: w.reads("Page 2 of")
        w.page._turn(0)
    w.app.context.go.item(_id(w, "lunch"))
    yield lambda: w.page.name == "item" and w.page.here
    yield _a_moment()
    press = w.page.ids.dates.children[-1]
    yield from _bring(w, press)
    w.touch(press)
    yield lambda: w.page.name == "calendar" and w.page.ids.symbol.texture
    yield _a_moment()
    wrong += w.layout("calendar")
    w.picture("calendar")
    session = w.unit.shelves.next_sessions(w.unit.shelves.item(item_id=_id(w, "lunch")))[0]
    w.found["text"] = w.unit.take_away.calendar(session, "en")
    w.found["symbol_mm"] = _symbol_mm(w)
    w.app.context.go.back()
    yield lambda: w.page.name == "item"
    w.found["wrong"] = wrong


def nothing_today(w: Walker) -> Walk:
    """A day on which nothing is on says so, and offers the week."""
    units.deliver(w.unit.settings.data, [item for item in things() if item["key"] != "surgery"])
    yield from _home(w)
    w.visit.today_only = True
    w.app.context.go.shelf("", "event")
    yield lambda: w.reads("Nothing more is on today")
    yield _a_moment()
    w.found["wrong"] = w.layout("nothing today")
    w.tap("Show the next 7 days")
    yield lambda: w.reads("Shared lunch")


def five_on_a_slip(w: Walker) -> Walk:
    """Five things on one slip, one taken off and put back, and all printed; an empty slip leads on."""
    wrong: list[str] = []
    yield from _home(w)
    go, cards = w.app.context.go, w.unit.shelves.shelf(limit=6).cards
    items = [w.unit.shelves.item(item_id=card.id) for card in cards]
    go.take_away(items[0])
    yield lambda: w.page.ready
    for item in items[1:5]:
        w.visit.add_to_slip(item)
    w.page.slip()
    yield _a_moment()
    go.take_away(items[5])
    yield lambda: w.page.ready and w.page.title == items[5].title
    w.found["full"] = [w.page.slip_words, w.page.slip_icon]
    go.slip()
    yield lambda: len(w.page.ids.rows.children) == 5 and (w.page._symbols or w.app.context.theme.tiny)
    yield _a_moment()
    wrong += w.layout("slip")
    order = [item.id for item in w.visit.basket]
    w.page.ids.rows.children[-2].change()
    yield lambda: w.reads("Put it back") and w.reads("4 things on my slip")
    yield _a_moment()
    wrong += w.layout("removed")
    w.page.ids.rows.children[-2].change()
    yield lambda: w.reads("5 things on my slip")
    w.found["same_order"] = [item.id for item in w.visit.basket] == order
    w.page.print_slip()
    yield lambda: w.reads("Your slip is printing")
    yield _a_moment()
    wrong += w.layout("printing")
    w.found["on_it"] = len(w.unit.queue.next().slip.items)
    for row in list(w.page.ids.rows.children):
        row.change()
    yield lambda: w.page.empty
    go.home()
    yield _a_moment()
    go.slip()
    yield lambda: w.reads("Nothing is on your slip yet")
    yield _a_moment()
    wrong += w.layout("empty")
    w.tap("Look round")
    yield lambda: w.page.name == "home"
    w.found["wrong"] = wrong


def in_polish(w: Walker) -> Walk:
    """Words in the visitor's language where there are any; else the others, and quietly which they are."""
    yield from _home(w)
    go = w.app.context.go
    go.language("pl")
    yield _a_moment()
    go.item(_id(w, "kitchen"))
    yield lambda: w.page.name == "item" and w.page.here
    w.found["translated"] = [w.page.title, w.page.note]
    go.item(_id(w, "pot-2"))
    yield lambda: w.page.title == "Cook for 2 on £10"
    w.found["original"] = w.page.note
    go.shelf("theme:food")
    yield lambda: w.page.name == "shelf" and _titles(w)
    w.found["cards"] = {card.title: card.about for card in w.widgets("ItemPress")}


def visit_in_its_look(w: Walker) -> Walk:
    """Every screen of a visit as the unit is set, in English and in Arabic."""
    own = w.visit.start
    yield from _in_looks(w, [(own.text_size, own.theme, language) for language in LANGUAGES])


def visit_in_every_theme(w: Walker) -> Walk:
    """Every screen of a visit in the unit's size of text, in every theme and direction."""
    looks = itertools.product(THEMES, LANGUAGES)
    yield from _in_looks(w, [(w.visit.start.text_size, theme, language) for theme, language in looks])


def _in_looks(w: Walker, looks: Any) -> Walk:
    wrong: list[str] = []
    yield from _home(w)
    go, shelves = w.app.context.go, w.unit.shelves
    whole = shelves.item(item_id=_id(w, "kitchen"))
    event = shelves.item(item_id=_id(w, "lunch"))
    for text_size, theme, language in looks:
        look = " ".join((text_size, theme, language or "en"))
        go.home()
        go.choose(Access(text_size=text_size, theme=theme))
        go.language(language)
        yield _a_moment(0.1)
        go.shelf("theme:food")
        yield lambda: w.page.name == "shelf" and _titles(w) and w.page._row.children
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} shelf")
        for item_id in (whole.id, event.id):
            go.item(item_id)
            yield lambda item_id=item_id: w.page.here and w.page.item.id == item_id
            yield _a_moment(0.1)
            wrong += w.layout(f"{look} item")
        go.shelf("", "event")
        yield lambda: w.page.name == "whats_on" and w.widgets("SessionPress")
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} whats_on")
        go.calendar(shelves.next_sessions(event)[0])
        yield lambda: w.page.ids.symbol.texture
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} calendar")
        assert _symbol_mm(w) >= 40, f"{look}: the date's symbol is {_symbol_mm(w):.1f} mm wide"
        go.take_away(whole)
        yield lambda: w.page.name == "take_away" and w.page.ready
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} take_away")
        assert _symbol_mm(w) >= 40, f"{look}: the symbol is {_symbol_mm(w):.1f} mm wide"
        go.page.print_slip()
        yield lambda: w.page.ids.state.asked
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} printing")
        w.visit.add_to_slip(whole)
        w.visit.add_to_slip(event)
        go.slip()
        yield lambda: len(w.page.ids.rows.children) == 2
        yield _a_moment(0.1)
        wrong += w.layout(f"{look} slip")
    w.found["wrong"] = wrong


def _home(w: Walker) -> Walk:
    yield lambda: w.app.context.pulse.home is not None and w.page.name == "attract"
    w.app.context.go.home()
    yield lambda: w.page.name == "home" and w.reads("Food")
    yield _a_moment()


def _in_view(w: Walker, widget: Any) -> bool:
    """Whether the middle of what stands in the page's column can be seen."""
    view = w.page.ids.reel.ids.view
    foot = view.to_window(*view.pos)[1]
    return bool(foot < widget.to_window(*widget.center)[1] < foot + view.height)


def _bring(w: Walker, widget: Any) -> Walk:
    """By its button, go on in the page's column until that can be seen."""
    while not _in_view(w, widget) and not w.page.ids.reel.at_end:
        w.tap("Read on")
        yield _a_moment(0.4)


def _titles(w: Walker) -> list[str]:
    return [card.title for card in w.widgets("ItemPress") if card.title]


def _id(w: Walker, key: str) -> str:
    return str(units.records.id_from_key("item", key))


def _symbol_mm(w: Walker) -> float:
    """Width of the QR symbol that is shown, without its quiet zone."""
    symbol = w.page.ids.symbol
    return float(w.app.context.theme.in_mm(symbol.side * (1 - 8 / symbol.texture.width)))
