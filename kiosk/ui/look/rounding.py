"""Rounded sheets: a white texture with smooth corners, stretched between them and coloured where it is drawn.

Kivy's own smooth shapes crash the process when a sheet is laid out at next to no size (tried on 2.3.1); nine quads of a
texture do not, and cost less to draw.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

from kiosk.ui.look.texels import unsmoothed

_FINER = 8
Corners = tuple[bool, bool, bool, bool]
ALL: Corners = (True, True, True, True)


def corner(round_px: float, width: float, height: float) -> int:
    """The corner's size in pixels on a sheet of this size."""
    return max(1, int(min(round_px, width / 2, height / 2)))


@lru_cache(maxsize=128)
def sheet(radius_px: int, corners: Corners = ALL) -> Any:
    """A texture for a BorderImage whose borders are `radius_px`; corners from the top left, clockwise."""
    side = 2 * radius_px + 2
    mask = Image.new("L", (side * _FINER,) * 2, 0)
    whole = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(whole, radius_px * _FINER, fill=255, corners=corners)
    white = Image.new("RGBA", (side, side), (255, 255, 255, 255))
    white.putalpha(mask.resize((side, side), Image.Resampling.BOX))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(white.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return unsmoothed(texture)


@lru_cache(maxsize=2)
def falling(upward: bool) -> Any:
    """A texture that is whole at its top and nothing at its bottom; upward, the other way round."""
    steps = [round(255 * (step / 31) ** 1.5) for step in range(32)]
    shades = steps[::-1] if upward else steps  # the first row of a texture is its lowest
    texture = Texture.create(size=(1, len(shades)), colorfmt="rgba")
    texture.blit_buffer(b"".join(bytes((255, 255, 255, shade)) for shade in shades), colorfmt="rgba", bufferfmt="ubyte")
    return texture
