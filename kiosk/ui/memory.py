"""What the C library does with the memory that drawing and the databases ask for. Source: mallopt(3), malloc_trim(3).

A picture on the screen is some megabytes. Freed, such a piece stays among the small ones, which then fill it up bit by
bit; the next picture finds no room and takes more. So large pieces are kept apart, each given back when it is freed,
and few threads have a heap of their own. Both functions are GNU's; elsewhere the C library is left as it is.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final

_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Numbers of the settings, from GNU's malloc.h."""
_LARGE_BYTES: Final = 128 << 10
_HEAPS: Final = 2


def keep_apart() -> None:
    """Large pieces are kept apart from small ones, from now on."""
    if set_up := _function("mallopt"):
        set_up(_MMAP_THRESHOLD, _LARGE_BYTES)
        set_up(_ARENA_MAX, _HEAPS)


def give_back() -> None:
    """Let the system have what is free."""
    if trim := _function("malloc_trim"):
        trim(0)


def _function(name: str) -> Any:
    """A function of the C library; None where it has none of this name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
