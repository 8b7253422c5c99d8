"""A slip as a picture: what every printer prints and every test reads.

The QR symbol comes last before the cut, so that a slip torn off too early is plainly not whole. Sizes are in dots of
1/8 mm (203 dots an inch).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kiosk.devices import qr
from kiosk.domain.slips import Slip, SlipItem
from kiosk.lettering import fonts, scripts

MODULE_DOTS: Final = 8
_MARGIN: Final = 16
_SMALL: Final = 28
_PLAIN: Final = 32
_TITLE: Final = 46
_CODE: Final = 60
_WHITE: Final = 255
_BLACK: Final = 0


def draw(slip: Slip, width_dots: int) -> Image.Image:
    """The slip as a black and white picture (mode `1`), `width_dots` wide and as long as it needs.

    Args:
        width_dots: 576 on 80 mm paper, 384 on 58 mm.
    """
    paper = _Paper(width_dots)
    paper.text(slip.shop or "Touchpoint", _TITLE, bold=True)
    if slip.hours:
        paper.text(slip.hours, _SMALL)
    if slip.next_session:
        paper.text(slip.next_session, _SMALL, before=8)
    for item in slip.items:
        _item(paper, item)
    return paper.finished()


def _item(paper: _Paper, item: SlipItem) -> None:
    paper.rule()
    paper.text(item.title, _TITLE, bold=True, before=8)
    paper.text(item.line, _PLAIN, before=4)
    paper.text("Point your phone's camera at the square.", _SMALL, before=16)
    paper.text(f"No camera? Open {_typed(item.address)} and type", _SMALL)
    paper.line(item.code, _CODE, bold=True, before=4)
    paper.symbol(item.address)


def _typed(address: str) -> str:
    """The address up to the code, as a person would type it."""
    return address.rpartition("/")[0].partition("://")[2].lower()


class _Paper:
    """A strip of paper that grows as it is written on."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._strip = Image.new("L", (width, 400), _WHITE)
        self._y = _MARGIN

    def text(self, text: str, size: int, *, bold: bool = False, before: int = 0) -> None:
        """Write a paragraph, in lines as wide as the paper, each script with its font."""
        self._y += before
        rtl = scripts.right_to_left(text)
        for line in _lines(text, size, bold, self._width - 2 * _MARGIN):
            runs = scripts.runs(line, rtl)
            height = max((sum(_font(run.script, size, bold).getmetrics()) for run in runs), default=size)
            self._make_room(height)
            self._write(runs, size, bold, rtl)
            self._y += height

    def line(self, text: str, size: int, *, bold: bool = False, before: int = 0) -> None:
        """Write one line that must not be broken: smaller where it would not fit."""
        while _measure(text, size, bold) > self._width - 2 * _MARGIN and size > _SMALL:
            size -= 2
        self.text(text, size, bold=bold, before=before)

    def rule(self) -> None:
        """Draw a line across."""
        self._y += 16
        self._make_room(20)
        ImageDraw.Draw(self._strip).line((_MARGIN, self._y, self._width - _MARGIN, self._y), _BLACK, 3)
        self._y += 8

    def symbol(self, content: str) -> None:
        """Draw a QR symbol in the middle; its quiet zone is in the matrix."""
        modules = qr.matrix(content)
        dots = min(MODULE_DOTS, self._width // len(modules))
        side = dots * len(modules)
        self._make_room(side)
        image = Image.new("L", (len(modules), len(modules)), _WHITE)
        image.putdata([_BLACK if dark else _WHITE for row in modules for dark in row])
        scaled = image.resize((side, side), Image.Resampling.NEAREST)
        self._strip.paste(scaled, ((self._width - side) // 2, self._y))
        self._y += side

    def finished(self) -> Image.Image:
        """What was written, cut to length."""
        whole = self._strip.crop((0, 0, self._width, self._y + _MARGIN))
        return whole.point(lambda value: _WHITE if value > 140 else _BLACK).convert("1", dither=Image.Dither.NONE)

    def _write(self, runs: tuple[scripts.Run, ...], size: int, bold: bool, rtl: bool) -> None:
        width = sum(_width(run, size, bold) for run in runs)
        x = self._width - _MARGIN - width if rtl else float(_MARGIN)
        ascent = max((_font(run.script, size, bold).getmetrics()[0] for run in runs), default=0)
        pen = ImageDraw.Draw(self._strip)
        for run in runs:
            font = _font(run.script, size, bold)
            direction = "rtl" if run.rtl else "ltr"
            pen.text((x, self._y + ascent), run.text, _BLACK, font, anchor="ls", direction=direction)
            x += _width(run, size, bold)

    def _make_room(self, height: int) -> None:
        needed = self._y + height + _MARGIN
        if needed > self._strip.height:
            longer = Image.new("L", (self._width, max(needed, 2 * self._strip.height)), _WHITE)
            longer.paste(self._strip, (0, 0))
            self._strip = longer


def _lines(text: str, size: int, bold: bool, width: int) -> list[str]:
    """The text in lines that fit; a word wider than the paper is cut."""
    lines, line = [], ""
    for word in " ".join(text.split()).split(" "):
        for piece in _pieces(word, size, bold, width):
            longer = f"{line} {piece}".strip()
            if line and _measure(longer, size, bold) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, size: int, bold: bool, width: int) -> list[str]:
    pieces = []
    while _measure(word, size, bold) > width:
        fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or _measure(word[:n], size, bold) <= width)
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def _measure(text: str, size: int, bold: bool) -> float:
    return sum(_width(run, size, bold) for run in scripts.runs(text, scripts.right_to_left(text)))


def _width(run: scripts.Run, size: int, bold: bool) -> float:
    return _font(run.script, size, bold).getlength(run.text, direction="rtl" if run.rtl else "ltr")


@cache
def _font(script: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.path("bold" if bold else "medium", script), size)
