"""When nobody has touched the screen for a while: asks, counts down, and ends the visit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import kv
from kiosk.ui.widgets import basics, fitted  # noqa: F401 (their classes are used in the .kv file)
from sync.words import count_of

kv.load(__file__)

_LOOK_EVERY_S = 0.25


class StillThere(FloatLayout):
    """Lies over everything: the question, the seconds that are left, and two buttons."""

    left_s = NumericProperty(0)
    said = StringProperty()
    share = NumericProperty(1)
    stay: Any = ObjectProperty(None, allownone=True)
    finish: Any = ObjectProperty(None, allownone=True)

    def on_left_s(self, *_: Any) -> None:
        self.said = count_of(
            max(1, round(self.left_s + 0.4)),
            "This closes in {} second, so that nobody sees what you looked at.",
            "This closes in {} seconds, so that nobody sees what you looked at.",
        )

    def on_touch_down(self, touch: Any) -> bool:
        """A touch beside the buttons says that somebody is there, too."""
        if not super().on_touch_down(touch) and self.stay:
            self.stay()
        return True


@dataclass(frozen=True)
class Patience:
    """Somebody who may be there, and how long is waited for him: until the question, and while it stands.

    Without `warn_s` nothing is asked. `slower` tells how many times as long is waited for somebody who needs longer;
    while he is `listening` the wait does not begin.
    """

    there: Callable[[], bool]
    end: Callable[[], None]
    idle_s: float
    warn_s: float = 0.0
    slower: Callable[[], float] = lambda: 1.0
    listening: Callable[[], bool] = lambda: False


class Idle:
    """Watches for touches and keys.

    Args:
        over: what the question is laid over.
        patiences: whoever may be there; the first who is counts.
    """

    def __init__(
        self, over: FloatLayout, patiences: list[Patience], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._over, self._patiences, self._now = over, patiences, now
        self._touched_at = now()
        self._question: StillThere | None = None
        self._clock = Clock.schedule_interval(self.look, _LOOK_EVERY_S)
        Window.bind(on_touch_down=self._touched, on_key_down=self._touched)

    @property
    def asking(self) -> bool:
        """Whether the question stands."""
        return self._question is not None

    def look(self, *_: Any) -> None:
        """Ask or end the visit, when it is time."""
        patience = self._patience()
        if patience is None:
            self._touched_at = self._now()
            self._take_away()
            return
        if not self.asking and patience.listening():
            self._touched_at = self._now()
        quiet_s = self._now() - self._touched_at
        idle_s = patience.idle_s * patience.slower()
        if quiet_s >= idle_s + patience.warn_s:
            self._end()
        elif quiet_s >= idle_s:
            self._ask(idle_s + patience.warn_s - quiet_s, patience.warn_s)

    def stay(self, *_: Any) -> None:
        """Somebody is there."""
        self._touched_at = self._now()
        self._take_away()

    def end(self) -> None:
        """Watch no more."""
        self._clock.cancel()
        Window.unbind(on_touch_down=self._touched, on_key_down=self._touched)

    def _touched(self, *_: Any) -> None:
        if not self.asking:
            self._touched_at = self._now()

    def _patience(self) -> Patience | None:
        return next((patience for patience in self._patiences if patience.there()), None)

    def _end(self, *_: Any) -> None:
        self._take_away()
        self._touched_at = self._now()
        if patience := self._patience():
            patience.end()

    def _ask(self, left_s: float, of_s: float) -> None:
        if self._question is None:
            self._question = StillThere(stay=self.stay, finish=self._end)  # in the look there is now
            self._over.add_widget(self._question)
        self._question.left_s, self._question.share = left_s, left_s / of_s

    def _take_away(self) -> None:
        if self._question is not None:
            self._over.remove_widget(self._question)
            self._question = None
