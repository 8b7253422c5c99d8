"""A strip of paper that grows as it is written on, in any script."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kiosk.lettering import fonts, scripts
from kiosk.lettering.missing import missing

WHITE: Final = 255
BLACK: Final = 0
_MORE: Final = "…"
_ENDS: Final = "./-@"
"""An address is cut after one of these, where it has to be."""


class Strip:
    """Grey paper (mode `L`), `width` dots wide; what is written next goes below.

    On one for a language that is written from the right every line begins there, whatever it is in.
    """

    def __init__(self, width: int, *, rtl: bool = False) -> None:
        self.width, self._rtl = width, rtl
        self._paper = Image.new("L", (width, 400), WHITE)
        self._y = 0

    def text(self, text: str, size: int, *, bold: bool = False, most_lines: int = 0) -> None:
        """Write a paragraph, each script with its font.

        Args:
            size: of the type in dots.
            most_lines: beyond so many it is cut, which shows; 0 for all.
        """
        words = _drawable(text)
        rtl = self._rtl or scripts.right_to_left(words)
        lines = _lines(words, size, bold, self.width)
        if most_lines and len(lines) > most_lines:
            lines = (*lines[: most_lines - 1], _shortened(lines[most_lines - 1], size, bold, self.width))
        for line in lines:
            self._line(line, size, bold, rtl)

    def unbroken(self, text: str, size: int, *, bold: bool = False) -> None:
        """Write one line that must not be broken: smaller where it would not fit."""
        while _measure(text, size, bold) > self.width and size > 1:
            size -= 1
        self.text(text, size, bold=bold)

    def space(self, height: int) -> None:
        """Leave room."""
        self._y += height

    def rule(self, thickness: int) -> None:
        """Draw a line across."""
        self._make_room(thickness)
        self._paper.paste(BLACK, (0, self._y, self.width, self._y + thickness))
        self._y += thickness

    def picture(self, picture: Image.Image, x: int) -> None:
        """Put a picture here, `x` dots from the left."""
        self._make_room(picture.height)
        self._paper.paste(picture, (x, self._y))
        self._y += picture.height

    def finished(self) -> Image.Image:
        """What was written, cut to length."""
        return self._paper.crop((0, 0, self.width, max(1, self._y)))

    def _line(self, line: str, size: int, bold: bool, rtl: bool) -> None:
        runs = scripts.runs(line, rtl)
        faces = [(run, _font(run.script, size, bold)) for run in runs]
        ascent = max((font.getmetrics()[0] for _run, font in faces), default=0)
        height = ascent + max((font.getmetrics()[1] for _run, font in faces), default=size)
        self._make_room(height)
        x = self.width - sum(_width(run, size, bold) for run in runs) if rtl else 0.0
        pen = ImageDraw.Draw(self._paper)
        for run, font in faces:
            direction = "rtl" if run.rtl else "ltr"
            pen.text((x, self._y + ascent), run.text, BLACK, font, anchor="ls", direction=direction)
            x += _width(run, size, bold)
        self._y += height

    def _make_room(self, height: int) -> None:
        needed = self._y + height
        if needed > self._paper.height:
            longer = Image.new("L", (self.width, max(needed, 2 * self._paper.height)), WHITE)
            longer.paste(self._paper, (0, 0))
            self._paper = longer


def _drawable(text: str) -> str:
    """The text without letters that no font here has, such as emoji, and with single spaces."""
    gone = missing(text)
    return " ".join("".join(letter for letter in text if letter not in gone).split())


@lru_cache(maxsize=256)
def _lines(text: str, size: int, bold: bool, width: int) -> tuple[str, ...]:
    """The text in lines that fit; a word wider than the paper is cut. Most of what is on slips is on all of them."""
    lines, line = [], ""
    for word in text.split(" "):
        for piece in _pieces(word, size, bold, width):
            longer = f"{line} {piece}".strip()
            if line and _measure(longer, size, bold) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, size: int, bold: bool, width: int) -> list[str]:
    pieces = []
    while _measure(word, size, bold) > width:
        fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or _measure(word[:n], size, bold) <= width)
        fits = max((at + 1 for at, letter in enumerate(word[:fits]) if letter in _ENDS), default=fits)
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def _shortened(line: str, size: int, bold: bool, width: int) -> str:
    while line and _measure(line + _MORE, size, bold) > width:
        line = line[:-1].rstrip()
    return line + _MORE


def _measure(text: str, size: int, bold: bool) -> float:
    return sum(_width(run, size, bold) for run in scripts.runs(text, scripts.right_to_left(text)))


def _width(run: scripts.Run, size: int, bold: bool) -> float:
    return _font(run.script, size, bold).getlength(run.text, direction="rtl" if run.rtl else "ltr")


@cache
def _font(script: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.path("bold" if bold else "medium", script), size)
