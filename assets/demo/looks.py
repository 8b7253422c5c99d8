"""How the words of a paper look: its fonts, the colours of its theme, and how large its letters are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from palette import INK, Shades
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path("/usr/share/fonts/truetype/noto")
REGULAR, BOLD = "NotoSans", "NotoSans-Bold"

LARGE = 1.4
"""Large print is so many times as large, and never smaller than `LARGE_LEAST`."""
LARGE_LEAST = 16
"""Points; what the Royal National Institute of Blind People calls large print starts here."""


def register_fonts() -> None:
    """Embed our fonts, and keep Helvetica, which every new page would name, out of the file."""
    if REGULAR not in pdfmetrics.getRegisteredFontNames():
        for name in (REGULAR, BOLD):
            file = "NotoSans-Regular.ttf" if name == REGULAR else "NotoSans-Bold.ttf"
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
        rl_config.canvas_basefontname = REGULAR


@dataclass(frozen=True)
class Look:
    """The colours of a paper and whether it is in large print."""

    shades: Shades
    large: bool = False

    @property
    def strong(self) -> HexColor:
        """The theme's strong colour."""
        return HexColor(self.shades.strong)

    @property
    def scale(self) -> float:
        """How much more room what is written by hand gets."""
        return LARGE if self.large else 1.0

    def size(self, points: float) -> float:
        """The size of letters that have so many points in ordinary print."""
        return max(LARGE_LEAST, points * LARGE) if self.large and points < 24 else points

    def style(
        self,
        points: float,
        leading: float,
        colour: str = INK,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
    ) -> ParagraphStyle:
        """A style of words of so many points, with so many from line to line, in ordinary print."""
        size = self.size(points)
        return ParagraphStyle(
            f"{size:.2f} {colour} {bold}",
            fontName=BOLD if bold else REGULAR,
            fontSize=size,
            leading=leading * size / points,
            textColor=HexColor(colour),
            spaceAfter=after,
            spaceBefore=before,
        )

    def heading(self, points: float, leading: float, *, before: float = 0, after: float = 0) -> ParagraphStyle:
        """A bold style in the theme's strong colour."""
        return self.style(points, leading, self.shades.strong, bold=True, before=before, after=after)
