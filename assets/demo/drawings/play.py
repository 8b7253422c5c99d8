"""Games, learning and making."""

from __future__ import annotations

from collections.abc import Callable

from drawings.canvas import Canvas

DRAWINGS: dict[str, Callable[[Canvas], None]] = {}
