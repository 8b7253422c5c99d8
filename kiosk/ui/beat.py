"""Tells the agent that the screen really draws, not only that its process lives: a frame, then a ring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kivy.clock import Clock
from kivy.core.window import Window

EVERY_S: Final = 10.0


class Beat:
    """Asks for a frame every ten seconds, and rings when it was drawn.

    Args:
        ring: tells the agent; must not wait.
    """

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._asked = False
        self._clock = Clock.schedule_interval(self._ask, EVERY_S)
        Window.bind(on_flip=self._drawn)
        self._ask()

    def end(self) -> None:
        """Ring no more."""
        self._clock.cancel()
        Window.unbind(on_flip=self._drawn)

    def _ask(self, *_: object) -> None:
        self._asked = True
        Window.canvas.ask_update()

    def _drawn(self, *_: object) -> None:
        if self._asked:
            self._asked = False
            self._ring()
