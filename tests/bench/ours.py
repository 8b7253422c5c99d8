"""The kiosk's screen, measured as `bare` is: `python -m tests.bench.ours FOLDER WIDTHxHEIGHT DO`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()
CARDS = 6


def main() -> None:
    """Entry point."""
    folder, size, do = sys.argv[1:4]
    width, height = map(int, size.split("x"))
    from kiosk.bootstrap import services
    from kiosk.settings import Settings
    from kiosk.ui import launch

    unit = services(Settings(data=Path(folder)))
    launch.prepare(unit.settings.data, window=(width, height))
    from kivy.config import Config

    Config.set("graphics", "maxfps", 0)
    Config.set("graphics", "vsync", 0)
    from kiosk.ui.app import TouchpointApp
    from tests.bench.frames import Frames

    app = TouchpointApp(unit)
    things: list[Any] = []

    def ready() -> bool:
        return bool(app.context and app.context.go.page and getattr(app.context.go.page, "ready", False))

    def change(turn: int) -> None:
        assert app.context
        go = app.context.go
        if turn == 0:
            go.home()
        themes = app.context.pulse.home.themes if app.context.pulse.home else []
        shelf = f"theme:{themes[turn % 2].theme.key}"
        app.context.visit.pages[f"{shelf}/"] = turn * CARDS  # as on the bare one, other items every time
        go.shelf(shelf)

    def scroll(turn: int) -> None:
        assert app.context
        if turn == 0:
            app.context.go.home()
            app.context.go.privacy()
        app.context.go.page.ids.reel.ids.view.scroll_y = 1 - (turn % 400) * 1e-3

    def symbol(turn: int) -> None:
        assert app.context
        if turn == 0:
            app.context.go.home()
            things.extend(
                filter(None, (unit.shelves.item(code=card.code) for card in unit.shelves.shelf(limit=20).cards))
            )
        app.context.go.take_away(things[turn % len(things)])

    def filled() -> bool:
        assert app.context
        page = app.context.go.page
        if page.name == "take_away":
            return bool(page.ready)
        if page.name == "privacy":
            return bool(page.ids.reel.long)
        return page.name != "shelf" or (any(card.title for card in page._cards) and not page._rest.is_triggered)

    acts = {"start": (None, 0), "change": (change, 40), "scroll": (scroll, 300), "symbol": (symbol, 40)}
    Frames(BEGAN).run(app, *acts[do], ready=ready, done=filled, told=lambda found: print(json.dumps(found)))
    unit.close()


if __name__ == "__main__":
    main()
