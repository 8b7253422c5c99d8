"""Writing on paper in whichever script a title has, with the fonts that this machine has.

Latin, Greek and Cyrillic letters are drawn by the page's own font. Others need shaping, which reportlab does not do:
each stretch of them is drawn as a picture, by Pillow and its Raqm where that is there.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont, features
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FOLDER: Final = Path("/usr/share/fonts/truetype/noto")
_PLAIN: Final = {"regular": "Helvetica", "bold": "Helvetica-Bold"}
_FINE: Final = 6
"""Pictures of letters have so many dots to a point: 432 to the inch."""
_MISSING: Final = "?"


@dataclass(frozen=True)
class Stretch:
    """A part of a line that one font draws; `script` is empty for the page's own."""

    text: str
    script: str


def write(canvas: Canvas, x: float, y: float, text: str, size: float, weight: str = "regular") -> float:
    """Write a line with its base at (x, y), in points; returns its width."""
    begin = x
    for stretch in stretches(text):
        if stretch.script and (picture := _picture(stretch, size, weight)):
            image, width, up, height = picture
            canvas.drawImage(image, x, y - (height - up), width, height, mask="auto")
            x += width
        else:
            canvas.setFont(own_font(weight), size)
            words = _drawable(stretch.text, weight)
            canvas.drawString(x, y, words)
            x += canvas.stringWidth(words, own_font(weight), size)
    return x - begin


def width(text: str, size: float, weight: str = "regular") -> float:
    """How wide a line will be, in points."""
    total = 0.0
    for stretch in stretches(text):
        picture = _picture(stretch, size, weight) if stretch.script else None
        words = _drawable(stretch.text, weight)
        total += picture[1] if picture else pdfmetrics.stringWidth(words, own_font(weight), size)
    return total


def fitted(text: str, size: float, room: float, weight: str = "regular") -> str:
    """The text, cut short where it is wider than `room` points."""
    if width(text, size, weight) <= room:
        return text
    while text and width(f"{text.rstrip()}...", size, weight) > room:
        text = text[:-1]
    return f"{text.rstrip()}..."


def stretches(text: str) -> list[Stretch]:
    """A line in the order its parts stand from the left."""
    found: list[Stretch] = []
    for letter in text:
        script = _script(letter)
        if found and (script is None or script == found[-1].script):
            found[-1] = Stretch(found[-1].text + letter, found[-1].script)
        elif found and all(_script(each) is None for each in found[-1].text):
            found[-1] = Stretch(found[-1].text + letter, script or "")
        else:
            found.append(Stretch(letter, script or ""))
    return found[::-1] if _from_the_right(text) else found


@cache
def own_font(weight: str) -> str:
    """The name of the page's own font in that weight, known to reportlab."""
    file = FOLDER / f"NotoSans-{weight.capitalize()}.ttf"
    if not file.is_file():
        return _PLAIN[weight]
    name = f"Own-{weight}"
    pdfmetrics.registerFont(TTFont(name, str(file)))
    return name


# -- inner -----------------------------------------------------------------------------------------------------


def _script(letter: str) -> str | None:
    """The script of a letter as fonts are named by it; empty: the page's own; None: it goes with what is beside it."""
    if unicodedata.category(letter)[0] in "MCZPN" and not letter.isalpha():
        return None
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "" if name in ("", "LATIN", "GREEK", "CYRILLIC") or not letter.isalpha() else name.title()


def _from_the_right(text: str) -> bool:
    sides = (unicodedata.bidirectional(letter) for letter in text)
    return next((side in ("R", "AL") for side in sides if side in ("L", "R", "AL")), False)


def _drawable(text: str, weight: str) -> str:
    """What the page's own font has no letter for becomes a question mark."""
    font: Any = pdfmetrics.getFont(own_font(weight))
    known = getattr(getattr(font, "face", None), "charWidths", None)
    if isinstance(font, TTFont) and known:
        return "".join(each if ord(each) in known else _MISSING for each in text)
    return text.encode("cp1252", "replace").decode("cp1252")


@cache
def _font_of(script: str, weight: str) -> Path | None:
    names = (f"NotoSans{script}-{weight.capitalize()}.ttf", f"NotoSans{script}-Regular.ttf")
    return next((file for name in names if (file := FOLDER / name).is_file()), None)


@cache
def _picture(stretch: Stretch, size: float, weight: str) -> tuple[ImageReader, float, float, float] | None:
    """A stretch drawn: the picture, its width, how far it reaches above the line, and its height, in points.

    None where there is no font for it.
    """
    if (file := _font_of(stretch.script, weight)) is None:
        return None
    raqm = features.check("raqm")
    engine = ImageFont.Layout.RAQM if raqm else ImageFont.Layout.BASIC
    font = ImageFont.truetype(str(file), round(size * _FINE), layout_engine=engine)
    up, down = font.getmetrics()
    across = max(1, round(font.getlength(stretch.text)))
    image = Image.new("RGBA", (across, up + down), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((0, 0), stretch.text, font=font, fill=(27, 40, 48, 255))
    file_like = io.BytesIO()
    image.save(file_like, "PNG")
    file_like.seek(0)
    return ImageReader(file_like), across / _FINE, up / _FINE, (up + down) / _FINE
