"""Times the frames of a Kivy app from within, each until it is on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_SETTLE_S = 4.0
"""By then the screens that a visit begins with are built."""


class Frames:
    """Does something again and again, and tells how long each took to be there, and the longest frame meanwhile.

    Args:
        began: when the process began, by `time.perf_counter`.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._first: float | None = None
        self._took: list[float] = []
        self._longest: list[float] = []

    def run(
        self,
        app: Any,
        act: Callable[[int], None] | None,
        times: int,
        *,
        ready: Callable[[], bool],
        done: Callable[[], bool] = lambda: True,
        told: Callable[[dict[str, Any]], None],
    ) -> None:
        """Run the app; when it is `ready` and at rest, `act` so many times, each until it is `done`; then tell."""
        from kivy.clock import Clock
        from kivy.core.window import Window

        state = {"turn": 0, "acted": 0.0, "rested": 0.0, "shown": 0.0, "longest": 0.0}

        flip = Window.flip

        def flipped() -> None:
            flip()
            now = time.perf_counter()
            if self._first is None:
                if ready():
                    self._first = now
                    state["rested"] = now + _SETTLE_S
                return
            if not state["acted"]:
                return
            state["longest"] = max(state["longest"], now - max(state["acted"], state["shown"]))
            state["shown"] = now
            if done():
                self._took.append((now - state["acted"]) * 1000)
                self._longest.append(state["longest"] * 1000)
                state["acted"] = state["longest"] = 0.0

        def step(_dt: float) -> None:
            if self._first is None:
                Window.canvas.ask_update()
                return
            if time.perf_counter() < state["rested"]:
                return
            if state["acted"]:
                Window.canvas.ask_update()
                return
            if act is None or state["turn"] == times:
                clock.cancel()
                start_ms = (self._first - self._began) * 1000
                told({"start_ms": start_ms, "took_ms": self._took, "frames_ms": self._longest})
                app.stop()
                return
            state["acted"] = time.perf_counter()
            act(int(state["turn"]))
            Window.canvas.ask_update()
            state["turn"] += 1

        clock = Clock.schedule_interval(step, 0)
        Window.flip = flipped
        app.run()
