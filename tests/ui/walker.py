"""Walks the real screen in a process of its own: `python -m tests.ui.walker DATA WIDTHxHEIGHT PANEL_MM WALK OUT`.

A walk is a generator: it does something, then yields what it waits for. What it found goes to OUT/found.json.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from kiosk.bootstrap import services
from kiosk.settings import Settings
from kiosk.ui import launch
from kiosk.ui.contact_sheet import checks

Walk = Iterator[Callable[[], Any]]
PATIENCE_S = 8.0


class Walker:
    """Hands for a walk: find what can be touched, touch it, look."""

    def __init__(self, app: Any, unit: Any, out: Path) -> None:
        self.app, self.unit, self.out = app, unit, out
        self.found: dict[str, Any] = {}

    @property
    def page(self) -> Any:
        return self.app.context.go.page

    @property
    def visit(self) -> Any:
        return self.app.context.visit

    def widgets(self, kind: str = "") -> list[Any]:
        """What can be seen now, of one class by its name."""
        return [widget for widget in _seen(self.app.root) if not kind or _is(widget, kind)]

    def texts(self) -> list[str]:
        return [widget.text for widget in self.widgets("Drawn") if widget.text and widget.font_name != "icon"]

    def reads(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    def tap(self, words: str) -> None:
        """Touch the smallest thing that bears these words."""
        bearing = [press for press in self.widgets("ButtonBehavior") if words in _words(press)]
        assert bearing, f"nothing to touch reads {words!r}; there is {self.texts()}"
        self.touch(min(bearing, key=lambda press: press.width * press.height))

    def touch(self, widget: Any) -> None:
        """A touch in the middle of a widget, by way of the window."""
        self.touch_at(widget.to_window(*widget.center))

    def touch_at(self, place: tuple[float, float]) -> None:
        """A touch at that place in the window."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(*place)
        touch.touch_down()
        touch.touch_up()

    def picture(self, name: str) -> str:
        """What the window shows, as a file."""
        from kivy.core.window import Window

        return str(Window.screenshot(name=str(self.out / f"{name}.png")))

    def layout(self, name: str) -> list[str]:
        """What is wrong with the layout: things to touch that are too small or outside, words that are cut."""
        from kivy.core.window import Window

        from kiosk.ui.contact_sheet import shown  # Kivy is set up by then

        drawn = shown.look(self.app.root, self.app.context.theme, Window.size)
        return [f"{name}: {fault.said}" for fault in checks.faults(drawn, checks.LAYOUT)]


def _seen(widget: Any) -> Iterator[Any]:
    if widget.opacity == 0:
        return
    yield widget
    for child in widget.children:
        yield from _seen(child)


def _is(widget: Any, kind: str) -> bool:
    return any(base.__name__ == kind for base in type(widget).__mro__) and not widget.disabled


def _words(press: Any) -> str:
    return " ".join(part.text for part in _seen(press) if getattr(part, "text", "") and hasattr(part, "font_name"))


def main() -> None:
    data, size, panel_mm, walk, out = sys.argv[1:6]
    width, height = map(int, size.split("x"))
    more: dict[str, Any] = dict(option.split("=") for option in sys.argv[6:])
    at = dt.datetime.fromisoformat(more.pop("at")) if "at" in more else None
    mute = bool(more.pop("mute", ""))
    words = {name: more.pop(name) for name in ("text_size", "theme", "speech") if name in more}
    numbers = {name: float(n) for name, n in more.items()}
    settings = Settings(data=Path(data), panel_mm=float(panel_mm), **words, **numbers)
    unit = services(settings, lambda: at) if at else services(settings)
    if at:
        unit.unit.note_sync("current", "", heard=True)
    launch.prepare(unit.settings.data, window=(width, height))
    from kivy.clock import Clock

    from kiosk.ui.app import TouchpointApp
    from tests.ui import waits

    app = TouchpointApp(unit)
    app.offers_speech = not mute
    walker = Walker(app, unit, Path(out))
    walker.found["waits"] = waits.watch()
    modules = [import_module(f"tests.ui.{path.stem}") for path in Path(__file__).parent.glob("*walks.py")]
    steps: Walk = next(getattr(module, walk) for module in modules if hasattr(module, walk))(walker)
    waiting: list[Any] = [lambda: app.context is not None and app.root is not None, time.monotonic(), False]

    def end(problem: str = "") -> None:
        walker.found["problem"] = problem
        (Path(out) / "found.json").write_text(json.dumps(walker.found))
        app.stop()

    def look(_dt: float) -> None:
        try:
            so = waiting[0]()
            if so and waiting[2]:  # it has been drawn by now
                waiting[:] = [next(steps), time.monotonic(), False]
            elif so:
                waiting[2] = True
            elif time.monotonic() - waiting[1] > PATIENCE_S:
                line = steps.gi_frame.f_lineno  # type: ignore[attr-defined]
                end(f"{walk}, line {line}: it did not come about; the screen reads {walker.texts()}")
        except StopIteration:
            end()
        except Exception:  # noqa: BLE001 (told to the test)
            end(traceback.format_exc())

    Clock.schedule_interval(look, 0.02)
    app.run()
    unit.close()


if __name__ == "__main__":
    main()
