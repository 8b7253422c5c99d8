"""When memory is tidied up: while nobody is there, as the screen stands still meanwhile.

A whole pass over the widgets of a unit that is used takes 0.1 to 0.3 s on a desk computer, and by itself Python makes
one whenever there are a quarter more of them: in the middle of a visit. What drawing and the databases are done with is
given back to the system; else it stays, in pieces, and there are ever more of them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Final

from kivy.clock import Clock

from kiosk.ui.memory import give_back

_LOOK_EVERY_S: Final = 0.5
_STILL: Final = 4
"""So many looks after a visit nothing moves any more."""
_SELDOM: Final = 200
"""So many times as many objects as usual have to be made before Python makes a whole pass by itself."""
PASSES: Final = 2
"""The first finds the widgets of a visit; what Kivy bound to them is let go of by their end, for the second to find."""


class Tidy:
    """Makes its passes after each visit, once nothing moves any more.

    Args:
        away: whether nobody is there.
        built: whether all is built that stays; it is not looked at again.
    """

    def __init__(self, away: Callable[[], bool], built: Callable[[], bool]) -> None:
        self._away, self._built = away, built
        self._passes, self._set_aside = PASSES, False
        self._looks = 0
        young, middle, _old = gc.get_threshold()
        gc.set_threshold(young, middle, _SELDOM)
        self._clock = Clock.schedule_interval(self._look, _LOOK_EVERY_S)

    def end(self) -> None:
        """Tidy no more."""
        self._clock.cancel()

    def _look(self, _dt: float) -> None:
        if not self._away():
            self._passes, self._looks = PASSES, 0
            return
        self._looks += 1
        if self._passes and self._looks >= _STILL and self._built():
            gc.collect()
            self._passes -= 1
            if not self._passes:
                give_back()
            if not self._passes and not self._set_aside:
                gc.freeze()
                self._set_aside = True
