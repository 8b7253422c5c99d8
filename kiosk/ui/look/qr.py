"""The QR symbol as a texture of one pixel a module, which stays crisp at any whole size."""

from __future__ import annotations

from math import ceil
from typing import Any

from kiosk.devices.qr import QUIET_MODULES, Matrix


def texture(modules: Matrix) -> Any:
    """The symbol to draw; only on the screen's thread."""
    from kivy.graphics.texture import Texture

    side = len(modules)
    made = Texture.create(size=(side, side), colorfmt="rgb")
    made.mag_filter = made.min_filter = "nearest"
    shades = bytes(0 if module else 255 for row in reversed(modules) for module in row for _channel in range(3))
    made.blit_buffer(shades, colorfmt="rgb", bufferfmt="ubyte")
    return made


def least_side_px(modules: int, symbol_px: float) -> int:
    """The smallest such side whose symbol, without the quiet zone, is at least `symbol_px` wide."""
    return ceil(symbol_px / (modules - 2 * QUIET_MODULES)) * modules


def side_px(modules: int, room_px: float) -> int:
    """The largest side in pixels that gives every module the same whole number of pixels."""
    return max(1, int(room_px // modules)) * modules
