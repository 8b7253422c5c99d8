"""Every colour, size and duration of the screen.

Sizes are written in steps of a 21.5 inch full-HD panel held upright: 1080 steps across 268 mm, so 80 steps are
20 mm. `Theme.u` turns them into the pixels of the window there is; a smaller window on the same panel setting shows
the same screen smaller. On panels under 19 cm, which are looked at from nearer by, everything is up to 30 % smaller.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from kiosk.ui.look.colour import READABLE, Rgba, contrast, mix, readable, rgba
from sync.records import Theme as Shelf

STEPS: Final = 1080
STEPS_MM: Final = 268.0
_NEAR_MM: Final = 190.0
_SMALLEST: Final = 0.7
_LEAST_TYPE_MM: Final = 4.85


class Colours(NamedTuple):
    """The calm, warm look: plenty of paper, one strong colour a theme.

    `white` is written on what is strong (`brand`, `evening`, `plum`, `warn_fill`, a shelf's colour), `on_solid` on
    `solid`, everything else on `paper`, `card`, `sand` or a tint.
    """

    paper: Rgba = rgba("#FBF8F3")
    card: Rgba = rgba("#FFFFFF")
    edge: Rgba = rgba("#E8E1D6")
    sand: Rgba = rgba("#F1EBE1")
    ink: Rgba = rgba("#1B2830")
    solid: Rgba = rgba("#1B2830")
    on_solid: Rgba = rgba("#FFFFFF")
    quiet: Rgba = rgba("#313E46")
    white: Rgba = rgba("#FFFFFF")
    black: Rgba = rgba("#000000")
    clear: Rgba = rgba("#FFFFFF", 0)
    brand: Rgba = rgba("#0B5F5A")
    brand_ink: Rgba = rgba("#0B5F5A")
    brand_tint: Rgba = rgba("#DDF1F0")
    brand_soft: Rgba = rgba("#2F7772")
    evening: Rgba = rgba("#1F3A5F")
    plum: Rgba = rgba("#4B2F63")
    scrim: Rgba = rgba("#1B2830", 0.72)
    press: Rgba = rgba("#000000", 0.16)
    ripple: Rgba = rgba("#FFFFFF", 0.05)
    good: Rgba = rgba("#286E45")
    good_tint: Rgba = rgba("#E3F1E8")
    warn: Rgba = rgba("#7A4B00")
    warn_fill: Rgba = rgba("#7A4B00")
    warn_tint: Rgba = rgba("#F7EED8")
    focus: Rgba = rgba("#FFC83D")
    focus_edge: Rgba = rgba("#1B2830")
    outlined: bool = False
    """Whether what stands on a sheet of its own has a line all round."""
    least: float = READABLE
    """Least contrast of small text on what is behind it."""


LIGHT: Final = Colours()
CONTRAST: Final = Colours(
    paper=rgba("#FFFFFF"),
    edge=rgba("#000000"),
    sand=rgba("#FFFFFF"),
    ink=rgba("#000000"),
    solid=rgba("#000000"),
    quiet=rgba("#000000"),
    brand=rgba("#003B38"),
    brand_ink=rgba("#003B38"),
    brand_tint=rgba("#FFFFFF"),
    brand_soft=rgba("#003B38"),
    evening=rgba("#0B1E33"),
    plum=rgba("#2B1540"),
    scrim=rgba("#000000", 0.85),
    good=rgba("#0B4A22"),
    good_tint=rgba("#FFFFFF"),
    warn=rgba("#4D2E00"),
    warn_fill=rgba("#4D2E00"),
    warn_tint=rgba("#FFFFFF"),
    outlined=True,
    least=7.0,
)
DARK: Final = Colours(
    paper=rgba("#11181C"),
    card=rgba("#1C262C"),
    edge=rgba("#33424B"),
    sand=rgba("#27343B"),
    ink=rgba("#F4EFE6"),
    solid=rgba("#F4EFE6"),
    on_solid=rgba("#11181C"),
    quiet=rgba("#BCC8CF"),
    brand=rgba("#0E6B65"),
    brand_ink=rgba("#86DAD3"),
    brand_tint=rgba("#143B39"),
    scrim=rgba("#000000", 0.72),
    press=rgba("#FFFFFF", 0.2),
    good=rgba("#93DBB1"),
    good_tint=rgba("#163526"),
    warn=rgba("#F3C46B"),
    warn_fill=rgba("#7A4B00"),
    warn_tint=rgba("#3A2D10"),
    focus_edge=rgba("#000000"),
)
COLOURS: Final = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}
TEXT_SCALES: Final = {"small": 0.85, "normal": 1.0, "large": 1.15, "largest": 1.3}
"""The four sizes of text."""


@dataclass(frozen=True)
class Look:
    """How one shelf looks: `strong` carries white text, `tint` carries drawings and text in `chip`."""

    name: str
    icon: str
    strong: Rgba
    tint: Rgba
    chip: Rgba


@dataclass(frozen=True)
class Theme:
    """The tokens for one window.

    Args:
        width_px, height_px: the window.
        panel_mm: the shorter side of the panel's picture.
        text_scale: makes text larger or smaller, not the rest.
        rtl: reading begins at the right.
        still: nothing moves by itself, and what changes does so at once.
    """

    width_px: int
    height_px: int
    panel_mm: float = STEPS_MM
    text_scale: float = 1.0
    rtl: bool = False
    still: bool = False
    c: Colours = field(default_factory=Colours)
    typing_s: float = 0.25
    drift_s: float = 40.0

    @property
    def slide_s(self) -> float:
        """How long a list takes to move on."""
        return 0.0 if self.still else 0.2

    # -- sizes

    @cached_property
    def unit(self) -> float:
        """Pixels a step."""
        per_mm = min(self.width_px, self.height_px) / self.panel_mm
        return per_mm * STEPS_MM / STEPS * self._nearness

    @property
    def _nearness(self) -> float:
        """How much smaller everything may be, as a small panel is looked at from nearer by."""
        return max(_SMALLEST, min(1.0, self.panel_mm / _NEAR_MM))

    def u(self, steps: float) -> int:
        """Pixels for a length in steps."""
        return round(steps * self.unit)

    def mm(self, length_mm: float) -> int:
        """Pixels for a length on the panel."""
        return round(length_mm * min(self.width_px, self.height_px) / self.panel_mm)

    def in_mm(self, pixels: float) -> float:
        """The length on the panel of so many pixels."""
        return pixels * self.panel_mm / min(self.width_px, self.height_px)

    @cached_property
    def width(self) -> float:
        """The window's width in steps."""
        return self.width_px / self.unit

    @cached_property
    def height(self) -> float:
        """The window's height in steps."""
        return self.height_px / self.unit

    # -- the layout engine

    @property
    def wide(self) -> bool:
        """Whether it is wider than high: things stand side by side."""
        return self.width_px > self.height_px

    @property
    def squat(self) -> bool:
        """Whether it is wide, or hardly higher than wide: one large thing has room only beside the others."""
        return self.width_px > 0.8 * self.height_px

    @property
    def low(self) -> bool:
        """Whether there is little height: bars are thin and the less important is left out."""
        return self.height < 900

    @property
    def tiny(self) -> bool:
        """Whether there is next to no height, as on a 7 inch panel."""
        return self.height < 600

    @property
    def margin(self) -> int:
        return self.u(32 if self.low else 48)

    @property
    def gap(self) -> int:
        return self.u(16 if self.low else 28)

    @property
    def header(self) -> int:
        return self.u(72 if self.low else 120)

    @property
    def bar(self) -> int:
        return self.u(104 if self.low else 152)

    @property
    def bar_key(self) -> int:
        return self.u(84 if self.low else 104)

    @property
    def foot(self) -> int:
        """Height of a visitor's bar."""
        return self.u(112 if self.low else 144 if self.wide else 180)

    @property
    def foot_key(self) -> int:
        """Height of its keys: a drawing over a word, over two lines of words where it is narrow."""
        return self.u(92 if self.low else 120 if self.wide else 152)

    @property
    def target(self) -> int:
        """Height of a main thing to touch: 20 mm on the panels that have the room."""
        return self.u(80 if self.low else 104)

    @property
    def chip(self) -> int:
        """Height of a small choice: never under 12 mm."""
        return self.u(72 if self.low else 80)

    @property
    def card_columns(self) -> int:
        """Cards in a row."""
        return max(1 if self.tiny else 2, int(self.width // 480))

    @property
    def tile_columns(self) -> int:
        """Theme tiles in a row."""
        return 3 if self.wide else 2

    # -- type

    def letters(self, steps: float) -> int:
        """Pixels for letters of so many steps, in the size of text that is wanted."""
        return max(8, round(steps * self.unit * self.text_scale))

    @property
    def least_type(self) -> int:
        """The smallest letters there are: capitals of 3.5 mm on a large panel."""
        return self.mm(_LEAST_TYPE_MM * self._nearness)

    @property
    def small(self) -> int:
        return self.letters(28)

    @property
    def body(self) -> int:
        return self.letters(30 if self.tiny else 34)

    @property
    def lead(self) -> int:
        return self.letters(34 if self.tiny else 42)

    @property
    def title(self) -> int:
        return self.letters(42 if self.tiny else 56 if self.low else 64)

    @property
    def hero(self) -> int:
        return self.letters(60 if self.tiny else 88 if self.low else 132)


def look_of(shelf: Shelf | None, colours: Colours, language: str = "") -> Look:
    """A shelf's look; a colour that cannot be read, or read on, is made dark enough."""
    if shelf is None:
        return Look(name="", icon="", strong=colours.brand, tint=colours.brand_tint, chip=colours.brand_ink)
    strong = readable(_colour(shelf.strong, colours.brand), colours.white, colours.least)
    tint = _tint(_colour(shelf.tint, colours.brand_tint), strong, colours)
    chip = readable(readable(strong, tint, colours.least), colours.card, colours.least)
    name = shelf.names.get(language) or shelf.name
    return Look(name=name, icon=shelf.icon, strong=strong, tint=tint, chip=chip)


def _tint(tint: Rgba, strong: Rgba, colours: Colours) -> Rgba:
    """The shelf's tint where the theme's ink can be read on it; on a dark theme a dark one of the same colour."""
    tries = (tint, mix(colours.card, strong, 0.3))
    found = colours.brand_tint if colours is CONTRAST else None
    return found or next((tried for tried in tries if contrast(tried, colours.ink) >= 10), colours.brand_tint)


def _colour(code: str, otherwise: Rgba) -> Rgba:
    try:
        return rgba(code)
    except ValueError:
        return otherwise
