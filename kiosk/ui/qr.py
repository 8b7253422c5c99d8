"""The QR symbol as a texture of one pixel a module, which stays crisp at any whole size."""

from __future__ import annotations

from math import ceil
from typing import Any, Final

import qrcode

QUIET: Final = 4
"""Modules of white on every side. Source: ISO/IEC 18004, 9.1."""


def matrix(address: str) -> list[list[bool]]:
    """n x n modules with the quiet zone, row-major from the top, True is dark; error correction level Q."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QUIET)
    code.add_data(address)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def texture(modules: list[list[bool]]) -> Any:
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
    return ceil(symbol_px / (modules - 2 * QUIET)) * modules


def side_px(modules: int, room_px: float) -> int:
    """The largest side in pixels that gives every module the same whole number of pixels."""
    return max(1, int(room_px // modules)) * modules
