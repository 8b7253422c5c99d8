"""What somebody sees of their own touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.ui.walker import Walker

Walk = Iterator[Callable[[], Any]]


class Frames:
    """How the part of the window where a widget stands looks in every frame, from now to its `end`."""

    def __init__(self, widget: Any) -> None:
        from kivy.core.window import Window

        left, low = widget.to_window(*widget.pos)
        self._part = [round(length) for length in (left, low, widget.width, widget.height)]
        self._seen: list[bytes] = []
        self._window = Window
        Window.bind(on_flip=self._see)

    def _see(self, *_args: Any) -> None:
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

        self._seen.append(glReadPixels(*self._part, GL_RGB, GL_UNSIGNED_BYTE))

    def __len__(self) -> int:
        return len(self._seen)

    def differ(self, at: int) -> bool:
        """Whether the part looks other in that frame than in the one before."""
        return self._seen[at] != self._seen[at - 1]

    def end(self) -> None:
        """No more."""
        self._window.unbind(on_flip=self._see)


def felt_at_once(w: Walker) -> Walk:
    """A key of the bar, a tile, a card, and one further down in a list."""
    from kivy.tests.common import UnitTestTouch

    answers: dict[str, bool] = {}
    gone: dict[str, bool] = {}

    def touch(name: str, widget: Any) -> Walk:
        frames = Frames(widget)
        w.app.root.canvas.ask_update()
        yield lambda: len(frames) > 0
        finger = UnitTestTouch(*widget.to_window(*widget.center))
        next_one = len(frames)
        finger.touch_down()
        w.app.root.canvas.ask_update()
        yield lambda: len(frames) > next_one
        answers[name] = frames.differ(next_one)
        away = widget.to_window(widget.center_x, widget.center_y + 1.5 * widget.height)
        finger.touch_move(*away)
        gone[name] = not getattr(widget, "felt", False)
        frames.end()
        finger.touch_up()
        yield lambda: widget.state == "normal"

    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    yield lambda: w.page.name == "home" and w.reads("Food")
    yield from touch("a key of the bar", w.widgets("BarKey")[0])
    yield from touch("a tile", w.widgets("ThemePress")[0])
    w.tap("Food")
    yield lambda: w.page.name == "shelf" and w.widgets("ItemPress")
    yield from touch("a card", w.widgets("ItemPress")[0])
    w.touch(w.widgets("ItemPress")[0])
    yield lambda: w.page.name == "item" and w.page.here and w.page.ids.reel.long
    w.page.ids.reel.ids.view.scroll_y = 0
    yield lambda: w.page.ids.reel.at_end
    inside = list(w.page.ids.reel.column.walk(restrict=True))
    further = [one for one in w.widgets("Press") if one in inside and _in_sight(one, w.page.ids.reel.ids.view)]
    yield from touch("one further down in a list", further[0])
    w.found |= {"felt": answers, "let_go": gone["one further down in a list"], "page": w.page.name}


def _in_sight(widget: Any, view: Any) -> bool:
    return bool(view.y <= widget.to_window(*widget.pos)[1] - view.to_window(*view.pos)[1] + view.y <= view.top)


def scrolled_within(w: Walker) -> Walk:
    """A long text moves in its own place, and is not seen over the line at the top, also where controls are lower."""
    from dataclasses import replace

    yield lambda: w.reads("Touch to start")
    w.tap("Touch to start")
    yield lambda: w.page.name == "home"
    for lower in (False, True):
        w.app.context.visit.access = replace(w.app.context.visit.access, lower=lower)
        w.app.context.stage.dress()
        w.app.context.go.privacy()
        yield lambda: w.page.name == "privacy" and w.page.ids.reel.long
        text, top = Frames(w.page.ids.reel.ids.view), Frames(w.widgets("Header")[0])
        for read in (1.0, 0.5):
            seen = len(text)
            w.page.ids.reel.ids.view.scroll_y = read
            w.app.root.canvas.ask_update()
            yield lambda text=text, seen=seen: len(text) > seen
        w.found["lower" if lower else "whole"] = [text.differ(len(text) - 1), top.differ(len(top) - 1)]
        text.end()
        top.end()
        w.app.context.go.home()
        yield lambda: w.page.name == "home"
