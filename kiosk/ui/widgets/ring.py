"""The ring round what has the focus: bright between two dark lines, which stands out from whatever is behind it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from kivy.core.window import Window
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from kiosk.ui import kv
from kiosk.ui.access.boxes import Box
from kiosk.ui.look.colour import Rgba

kv.load(__file__)

_FINER: Final = 4


class Ring(Widget):
    """Drawn once, over everything; stands round whatever has the focus."""

    shown = BooleanProperty(False)
    corner = NumericProperty(24)
    edge = NumericProperty(2)
    """Width of the dark lines, in pixels."""
    bright = NumericProperty(4)
    """Width of the bright line between them; never under 4 pixels."""
    texture = ObjectProperty(None, allownone=True)

    @property
    def thick(self) -> int:
        """Width of all of it."""
        return int(2 * self.edge + self.bright)

    def round(self, box: Box, radius: float, dark: Rgba, light: Rgba) -> None:
        """Stand round this box, whose corners have that radius, within the window, in these two colours."""
        out = self.thick - self.edge
        x, y = max(0.0, box.x - out), max(0.0, box.y - out)
        right, top = min(Window.width, box.right + out), min(Window.height, box.top + out)
        self.pos, self.size = (x, y), (right - x, top - y)
        most = min(self.size) / 2
        self.corner = int(max(self.thick + 1, min(radius + out, most)))
        self.texture = ring_sheet(self.corner, int(self.edge), int(self.bright), tuple(dark), tuple(light))

    def on_touch_down(self, _touch: Any) -> bool:
        """It is only drawn."""
        return False


@lru_cache(maxsize=64)
def ring_sheet(radius_px: int, edge_px: int, bright_px: int, dark: Rgba, light: Rgba) -> Any:
    """A texture for a BorderImage whose borders are `radius_px`: a bright line between two dark ones, hollow."""
    side = 2 * radius_px + 2
    drawn = Image.new("RGBA", (side * _FINER,) * 2, (*_bytes(dark), 0))
    draw = ImageDraw.Draw(drawn)
    last = drawn.width - 1
    for depth, colour in (
        (0, (*_bytes(dark), 255)),
        (edge_px, (*_bytes(light), 255)),
        (edge_px + bright_px, (*_bytes(dark), 255)),
        (2 * edge_px + bright_px, (*_bytes(dark), 0)),
    ):
        at = min(depth * _FINER, last // 2)
        draw.rounded_rectangle((at, at, last - at, last - at), max(0, radius_px * _FINER - at), fill=colour)
    smooth = drawn.resize((side, side), Image.Resampling.BOX)
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(smooth.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


def _bytes(colour: Rgba) -> tuple[int, int, int]:
    red, green, blue, _alpha = colour
    return round(red * 255), round(green * 255), round(blue * 255)
