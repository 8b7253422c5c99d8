"""How large the display is, asked of X itself: a toolkit tells only after it has opened a window."""

from __future__ import annotations

import ctypes
from typing import Final

FULL: Final = (1080, 1920)
_ROOM: Final = 0.88
"""How much of the display's height a window may take; bars and title want the rest."""


def size() -> tuple[int, int] | None:
    """Width and height in pixels; None where there is no X display."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    connection = x11.XOpenDisplay(None)
    if not connection:
        return None
    handle = ctypes.c_void_p(connection)
    found = (x11.XDisplayWidth(handle, 0), x11.XDisplayHeight(handle, 0))
    x11.XCloseDisplay(handle)
    return found


def portrait_that_fits() -> tuple[int, int]:
    """The size of a portrait window, 9 by 16, that the display has room for; at most full size."""
    display = size()
    if display is None:
        return 506, 900
    if display[0] >= FULL[0] and display[1] >= FULL[1]:
        return FULL
    height = min(FULL[1], int(display[1] * _ROOM), int(display[0] * _ROOM * 16 / 9))
    return int(height * 9 / 16), height
