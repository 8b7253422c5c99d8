"""Walks between home and the QR symbol: shelves, items, what's on, taking away, the slip."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from sync.replica.filters import Filters
from tests.ui.walker import Walker
from tests.ui.walks import _a_moment

Walk = Iterator[Callable[[], Any]]


def visit_pictures(w: Walker) -> Walk:
    """Every screen of a visit in a demo catalogue, with a picture of each."""
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(w.layout(name))
        w.picture(name)

    yield lambda: w.app.context.pulse.home is not None
    go, shelves = w.app.context.go, w.unit.shelves
    language = os.environ.get("LANGUAGE_OF_VISIT", "")
    if language:
        go.language(language)
    first = next(tile.theme.key for tile in w.app.context.pulse.home.themes)
    cards = shelves.shelf(limit=300).cards
    go.shelf(f"theme:{first}")
    yield _a_moment(1.6)
    look("shelf")
    go.shelf("", "")
    yield _a_moment(1.6)
    look("shelf-all")
    go.page._open_sheet()
    yield _a_moment(0.8)
    look("shelf-sheet")
    go.page._close_sheet()
    go.page._choose(Filters(kind="guide", free=True))
    yield _a_moment(1.0)
    look("shelf-narrowed")
    go.page._choose(Filters(kind="guide", language="xx"))
    yield _a_moment(1.0)
    look("shelf-empty")
    for kind in ("guide", "event", "app", "offer"):
        card = next((card for card in cards if card.kind == kind), None)
        if card is None:
            continue
        go.item(card.id)
        yield lambda: go.page.name == "item" and go.page.here
        yield _a_moment(1.6)
        look(f"item-{kind}")
        for n in range(6):
            if go.page.ids.reel.at_end:
                break
            go.page.ids.reel.step(1)
            yield _a_moment(0.5)
            look(f"item-{kind}-{n + 1}")
    go.shelf("", "event")
    yield _a_moment(0.7)
    look("whats-on")
    go.page.choose(True)
    yield _a_moment(0.7)
    look("whats-on-today")
    event = next((card for card in cards if card.kind == "event"), None)
    if event:
        go.calendar(shelves.next_sessions(shelves.item(item_id=event.id))[0])
        yield _a_moment(0.7)
        look("calendar")
    item = shelves.item(item_id=cards[0].id)
    go.take_away(item)
    yield _a_moment(0.7)
    look("take-away")
    go.page.print_slip()
    yield _a_moment(0.7)
    look("printing")
    go.slip()
    yield _a_moment(0.7)
    look("slip-empty")
    for card in cards[:5]:
        w.visit.add_to_slip(shelves.item(item_id=card.id))
    go.home()
    yield _a_moment(0.3)
    go.slip()
    yield _a_moment(0.7)
    look("slip")
    go.page._remove(go.page._listed[1])
    yield _a_moment(0.4)
    look("slip-removed")
    w.found["wrong"] = wrong
