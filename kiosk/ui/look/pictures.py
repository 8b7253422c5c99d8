"""Pictures, made to fit and decoded off the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw, ImageOps

from kiosk.ui.background import Background, Desk
from kiosk.ui.look.kept import Kept
from kiosk.ui.look.texels import unsmoothed

_MOST_BYTES: Final = 32_000_000
_FINER: Final = 4
_FEW: Final = 24
"""Colours down a side: more are those of a photograph."""


@dataclass(frozen=True)
class Wish:
    """A picture as it is to be shown: cut to `size` in pixels, or whole within it; `corners` round, from top left.

    `lean` is where a drawing stands in a place that is wider: 0 at the left, 1 at the right.
    """

    path: Path
    size: tuple[int, int]
    corners: tuple[int, int, int, int] = (0, 0, 0, 0)
    whole: bool = False
    lean: float = 0.5


class Pictures:
    """Textures of the pictures looked at last."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._textures: Kept[Wish] = Kept(_MOST_BYTES)

    def known(self, wish: Wish) -> Any:
        """Its texture, when it was shown before and is still here."""
        return self._textures.known(wish)

    def bring(self, desk: Desk, about: str, wish: Wish, then: Callable[[Any], None]) -> None:
        """Decode in the background; a picture that cannot be read is not shown."""
        desk.ask(about, lambda: decode(wish), lambda picture: then(self._keep(wish, picture)), lambda _error: None)

    def _keep(self, wish: Wish, picture: Image.Image) -> Any:
        texture = Texture.create(size=picture.size, colorfmt="rgba")
        texture.blit_buffer(picture.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
        texture.flip_vertical()
        return self._textures.keep(wish, texture if wish.whole else unsmoothed(texture))


def decode(wish: Wish) -> Image.Image:
    """The picture as wished, with transparent corners."""
    with Image.open(wish.path) as file:
        file.draft("RGB", wish.size)
        picture = file.convert("RGBA")
    if wish.whole:
        fitted = ImageOps.contain(picture, wish.size, Image.Resampling.LANCZOS)
    elif _plain_beside(picture):
        fitted = _drawn_out(picture, wish.size, wish.lean)
    else:
        fitted = ImageOps.fit(picture, wish.size, Image.Resampling.LANCZOS)
    if any(wish.corners):
        fitted.putalpha(_rounded(fitted.size, wish.corners))
    return fitted


def _plain_beside(picture: Image.Image) -> bool:
    """Whether it is a drawing whose ground goes on to both sides, as sky and earth do: few colours are there."""
    sides = ((0, 0, 1, picture.height), (picture.width - 1, 0, picture.width, picture.height))
    return all(picture.crop(side).getcolors(_FEW) is not None for side in sides)


def _drawn_out(picture: Image.Image, size: tuple[int, int], lean: float) -> Image.Image:
    """With nothing cut from above and below: where the place is wider, the ground is drawn out to its sides."""
    across = round(size[1] * picture.width / picture.height)
    if across >= size[0]:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    middle = picture.resize((across, size[1]), Image.Resampling.LANCZOS)
    left = round((size[0] - across) * lean)
    whole = Image.new("RGBA", size)
    whole.paste(middle, (left, 0))
    for side, begin, end in ((0, 0, left), (across - 1, left + across, size[0])):
        if begin < end:
            whole.paste(middle.crop((side, 0, side + 1, size[1])).resize((end - begin, size[1])), (begin, 0))
    return whole


def _rounded(size: tuple[int, int], corners: tuple[int, int, int, int]) -> Image.Image:
    """A mask: white, but for round corners."""
    mask = Image.new("L", size, 255)
    for at, radius in enumerate(corners):
        if radius:
            right, low = at in (1, 2), at in (2, 3)
            corner = Image.new("L", (radius * _FINER,) * 2, 0)
            reach = radius * _FINER
            left, top = -reach if right else 0, -reach if low else 0
            ImageDraw.Draw(corner).ellipse((left, top, left + 2 * reach, top + 2 * reach), fill=255)
            place = (size[0] - radius if right else 0, size[1] - radius if low else 0)
            mask.paste(corner.resize((radius, radius), Image.Resampling.LANCZOS), place)
    return mask
