"""Walks in which something comes about meanwhile: things are withdrawn, the look changes, the disk is slow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from kiosk.ui.access.access import Access
from sync.replica.filters import Filters
from tests.ui import units
from tests.ui.staff_walks import a_moment
from tests.ui.visit_walks import _home, _id, things
from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


def withdrawn_meanwhile(w: Walker) -> Walk:
    """What is withdrawn while it stands there cannot be taken away, is off the slip, and is no date any more."""
    yield from _home(w)
    go, shelves = w.app.context.go, w.unit.shelves
    kitchen, pans, lunch = (shelves.item(item_id=_id(w, key)) for key in ("kitchen", "pans", "lunch"))
    go.take_away(kitchen)
    yield lambda: w.page.ready
    w.page.slip()
    w.visit.add_to_slip(pans)
    _deliver_without(w, "kitchen")
    yield lambda: w.reads("This is not on the shelves any more")
    yield a_moment()
    w.found["wrong"] = w.layout("take away")
    w.found["taken"] = [w.page.ready, w.page.ids.symbol.texture, [item.title for item in w.visit.basket]]
    w.found["prints"] = [press.text for press in w.widgets("Tap") if "Print" in press.text]
    go.slip()
    yield lambda: w.reads("1 thing on my slip")
    _deliver_without(w, "kitchen", "pans")
    yield lambda: w.reads("What is not on the shelves any more is off your slip")
    w.found["basket"] = list(w.visit.basket)
    go.calendar(shelves.next_sessions(lunch)[0])
    yield lambda: w.page.name == "calendar" and w.page.ids.symbol.texture
    _deliver_without(w, "kitchen", "pans", "lunch")
    yield lambda: w.reads("This date has changed")
    yield a_moment()
    w.found["wrong"] += w.layout("calendar")
    w.found["date"] = [w.page.ids.symbol.texture, w.page.title]


def printed_in_another_look(w: Walker) -> Walk:
    """Who chooses another look while a slip is printed is still told of it; the next finds the screen as it was."""
    yield from _home(w)
    go, item = w.app.context.go, w.unit.shelves.item(item_id=_id(w, "kitchen"))
    go.take_away(item)
    yield lambda: w.page.ready and w.reads("Print a slip")
    w.page.print_slip()
    yield lambda: w.reads("Your slip is printing")
    go.choose(Access(text_size="large"))
    yield lambda: w.page.ready and w.reads("Your slip is printing")
    w.found["asked_twice"] = not w.page.ids.state.busy
    w.unit.queue.end(w.unit.queue.next().id, "printed")
    yield lambda: w.reads("Please take it")
    go.language("pl")
    yield lambda: w.page.ready and not w.reads("Please take it") and not w.page.ids.state.busy
    go.finish()
    yield lambda: w.page.name == "attract"
    go.take_away(item)
    yield lambda: w.page.ready
    w.found["next_reads"] = w.texts()


def another_slip(w: Walker) -> Walk:
    """What may not have come out is printed again as it was; with other things on it it is another slip."""
    yield from _home(w)
    go, shelves = w.app.context.go, w.unit.shelves
    for key in ("kitchen", "pans"):
        w.visit.add_to_slip(shelves.item(item_id=_id(w, key)))
    go.slip()
    yield lambda: len(w.page.ids.rows.children) == 2
    w.page.print_slip()
    yield lambda: w.reads("Your slip is printing")
    job = w.unit.queue.next()
    w.page.ids.rows.children[0].change()
    w.unit.queue.end(job.id, "unknown", reason="unknown")
    yield lambda: w.reads("print again")
    w.found["words"] = w.page.print_words
    w.page.print_slip()
    yield lambda: (next_one := w.unit.queue.next()) and next_one.id != job.id
    w.found["on_it"] = [item.title for item in w.unit.queue.next().slip.items]


def a_kind_is_whole(w: Walker) -> Walk:
    """What everything was narrowed to does not narrow the shelf of a kind, where nothing could lift it."""
    yield from _home(w)
    go = w.app.context.go
    go.shelf()
    yield lambda: w.page.name == "shelf" and w.page.count
    w.page._choose(Filters(language="ur"))
    yield lambda: w.page.count == "1 thing to take away"
    go.back()
    go.shelf(kind="guide")
    yield lambda: w.page.name == "shelf" and w.page._drawn
    yield a_moment()
    w.found["count"], w.found["chips"] = w.page.count, [chip.text for chip in w.widgets("WishChip")]
    go.back()
    go.shelf()
    yield lambda: w.page._drawn and w.page.count == "1 thing to take away"


def a_wish_counts_once(w: Walker) -> Walk:
    """Who comes back to a search in vain, or reads it larger, has still wished for that once."""
    yield from _home(w)
    go = w.app.context.go
    go.search()
    w.page._set("zumbaqq")
    yield lambda: w.page.state == "nothing"
    go.shelf("theme:food")
    yield lambda: w.page.name == "shelf" and w.page.count
    go.back()
    yield lambda: w.page.name == "search" and w.page.state == "nothing"
    go.choose(Access(text_size="large"))
    yield lambda: w.page.name == "search" and w.page.state == "nothing"
    go.home()
    yield a_moment(0.5)
    with w.unit.records.reading() as db:
        w.found["in_vain"] = [tuple(row) for row in db.exec_driver_sql("SELECT term, count FROM usage")]


def a_slow_disk(w: Walker) -> Walk:
    """What nobody waits for holds up no shelf; what is waited for says so after a second, and no longer."""
    yield from _home(w)
    go, held = w.app.context.go, threading.Event()
    for _count in range(4):
        w.app.context.background.forget(lambda: held.wait(30))
    go.shelf("theme:food")
    yield lambda: w.page.name == "shelf" and any(card.title for card in w.widgets("ItemPress"))
    assert not w.widgets("Waiting")
    w.page.ask("something", lambda: held.wait(30), lambda _so: None)
    yield lambda: w.widgets("Waiting")
    yield a_moment()
    w.picture("waiting")
    w.found["wrong"] = [fault for fault in w.layout("waiting") if "lies over 'One moment'" not in fault]
    held.set()
    yield lambda: not w.widgets("Waiting")


def larger_before_there_is_anything(w: Walker) -> Walk:
    """Who finds the screen without a catalogue can have its words larger; it goes back to rest by itself."""
    yield lambda: w.reads("Bigger, louder")
    w.found["reads"] = w.texts()
    yield a_moment()
    w.found["wrong"] = w.layout("rest")
    w.picture("rest")
    w.tap("Bigger, louder")
    yield lambda: w.widgets("AccessPanel")
    w.app.context.go.choose(Access(text_size="largest"))
    yield a_moment()
    w.found["wrong"] += w.layout("panel")
    w.app.context.go.close()
    yield a_moment()
    w.found["wrong"] += w.layout("larger")
    w.picture("larger")
    yield lambda: w.widgets("StillThere")
    w.app.context.go.finish()
    yield lambda: w.visit.here is None and w.visit.access == w.visit.start and w.reads("Bigger, louder")


def _deliver_without(w: Walker, *keys: str) -> None:
    units.deliver(w.unit.settings.data, [item for item in things() if item["key"] not in keys])
