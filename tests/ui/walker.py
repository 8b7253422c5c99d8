"""Walks the real screen in a process of its own: `python -m tests.ui.walker DATA WIDTHxHEIGHT PANEL_MM WALK OUT`.

A walk is a generator: it does something, then yields what it waits for. What it found goes to OUT/found.json.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk.bootstrap import services
from kiosk.settings import Settings
from kiosk.ui import launch

Walk = Iterator[Callable[[], Any]]
PATIENCE_S = 8.0
LONGEST_WORD = 30


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
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(*widget.to_window(*widget.center))
        touch.touch_down()
        touch.touch_up()

    def picture(self, name: str) -> str:
        """What the window shows, as a file."""
        from kivy.core.window import Window

        return str(Window.screenshot(name=str(self.out / f"{name}.png")))

    def layout(self, name: str) -> list[str]:
        """What is wrong with the layout: things to touch that are too small or outside, words that are cut."""
        theme = self.app.context.theme
        wrong = []
        for press in self.widgets("ButtonBehavior"):
            if min(theme.in_mm(press.width), theme.in_mm(press.height)) < 11.9:
                wrong.append(f"{name}: {_words(press)!r} is {press.width:.0f} x {press.height:.0f} px")
            if not _within(press, theme):
                wrong.append(f"{name}: {_words(press)!r} stands outside the window")
            for text in _drawn(press):
                if not _inside(text, press):
                    wrong.append(f"{name}: the words {text.text!r} stand out of their button")
        for text in self.widgets("Drawn"):
            if text.text and not _within(text, theme):
                wrong.append(f"{name}: the words {text.text!r} are cut")
            if text.text and (broken := _broken(text)):
                wrong.append(f"{name}: the word {broken!r} is broken")
        return wrong + [f"{name}: {one!r} lies over {other!r}" for one, other in self._overlaps()]

    def _overlaps(self) -> Iterator[tuple[str, str]]:
        """Words that lie over each other."""
        on_top = (self.widgets("Sheet") or [self.app.root])[-1]
        drawn = (part for part in _seen(on_top) if _is(part, "Drawn"))
        texts = [text for text in drawn if text.text and not _scrolls(text)]
        boxes = [(*text.to_window(*text.pos), *text.texture_size, text.text) for text in texts]
        for one, other in itertools.combinations(boxes, 2):
            across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
            up = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
            if across > 2 and up > 0.2 * min(one[3], other[3]):
                yield one[4], other[4]


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


def _drawn(press: Any) -> list[Any]:
    return [part for part in _seen(press) if getattr(part, "text", "") and hasattr(part, "font_name")]


def _inside(text: Any, press: Any) -> bool:
    """Whether the words are in the button; what is drawn can be wider than the widget it is drawn in."""
    middle, width = text.to_window(*text.center)[0], text.texture_size[0]
    x = press.to_window(*press.pos)[0]
    return middle - width / 2 >= x - 1 and middle + width / 2 <= x + press.width + 1


def _broken(text: Any) -> str:
    """The first word that does not fit on a line of its own; an address may be of any length."""
    if text.font_name == "icon" or not (text.text_size[0] or 0):
        return ""
    from kiosk.ui.text import width_of  # Kivy is set up by then

    size = int(text.font_size)
    words = (word for word in text.text.split() if len(word) <= LONGEST_WORD and not {"@", "/"} & set(word))
    return next((word for word in words if width_of(word, text.font_name, size) > text.text_size[0] + 1), "")


def _within(widget: Any, theme: Any) -> bool:
    """Whether all of it is in the window, or it scrolls."""
    x, y = widget.to_window(*widget.pos)
    across = x >= -1 and x + widget.width <= theme.width_px + 1
    return (across and y >= -1 and y + widget.height <= theme.height_px + 1) or _scrolls(widget)


def _scrolls(widget: Any) -> bool:
    parent = widget.parent
    while parent is not None and parent.parent is not parent:
        if type(parent).__name__ == "ScrollView":
            return True
        parent = parent.parent
    return False


def main() -> None:
    data, size, panel_mm, walk, out = sys.argv[1:6]
    width, height = map(int, size.split("x"))
    more: dict[str, Any] = dict(option.split("=") for option in sys.argv[6:])
    at = dt.datetime.fromisoformat(more.pop("at")) if "at" in more else None
    words = {name: more.pop(name) for name in ("text_size", "theme", "speech") if name in more}
    numbers = {name: float(n) for name, n in more.items()}
    settings = Settings(data=Path(data), panel_mm=float(panel_mm), **words, **numbers)
    unit = services(settings, lambda: at) if at else services(settings)
    if at:
        unit.unit.note_sync("current", "", heard=True)
    launch.prepare(unit.settings.data, window=(width, height))
    from kivy.clock import Clock

    from kiosk.ui.app import TouchpointApp
    from tests.ui import contact_walks, escape_walks, form_walks, keypad_walks, staff_walks, walks

    app = TouchpointApp(unit)
    walker = Walker(app, unit, Path(out))
    modules = (walks, staff_walks, form_walks, contact_walks, keypad_walks, escape_walks)
    steps: Walk = next(getattr(module, walk) for module in modules if hasattr(module, walk))(walker)
    waiting: list[Any] = [lambda: app.context is not None and app.root is not None, time.monotonic()]

    def end(problem: str = "") -> None:
        walker.found["problem"] = problem
        (Path(out) / "found.json").write_text(json.dumps(walker.found))
        app.stop()

    def look(_dt: float) -> None:
        try:
            if waiting[0]():
                waiting[:] = [next(steps), time.monotonic()]
            elif time.monotonic() - waiting[1] > PATIENCE_S:
                line = steps.gi_frame.f_lineno  # type: ignore[attr-defined]
                end(f"{walk}, line {line}: it did not come about; the screen reads {walker.texts()}")
        except StopIteration:
            end()
        except Exception:  # noqa: BLE001 (told to the test)
            end(traceback.format_exc())

    Clock.schedule_interval(look, 0.05)
    app.run()
    unit.close()


if __name__ == "__main__":
    main()
