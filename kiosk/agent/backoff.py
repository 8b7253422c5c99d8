"""When to try again: exponentially later, anywhere up to that, so that a thousand shops do not come back at once.

Source: AWS Architecture Blog, "Exponential Backoff and Jitter" (full jitter).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

FIRST_S: Final = 1.0
MOST_S: Final = 300.0


class Backoff:
    """How long to wait after each failure in a row."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._failures = 0

    def failed(self) -> float:
        """Seconds to wait after one more failure."""
        self._failures = min(self._failures + 1, 20)
        return max(FIRST_S, self._chance() * min(MOST_S, FIRST_S * 2.0**self._failures))

    def worked(self) -> None:
        """The next failure is the first again."""
        self._failures = 0
