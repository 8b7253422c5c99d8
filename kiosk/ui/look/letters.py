"""How wide words are, in any writing, and how they are drawn: once each, as the same words are everywhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from kiosk.lettering import fonts, scripts
from sync.words import _

_LAYOUT = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
_HEAVIER = {"regular": "bold", "medium": "bold", "semibold": "bold"}
_TALL = 160
"""Higher lines than so, in hundredths of the letters' size, are tall."""


@lru_cache(maxsize=256)
def face(role: str, script: str, size_px: int) -> ImageFont.FreeTypeFont:
    """A font, opened."""
    return ImageFont.truetype(str(fonts.path(role, script)), size_px, layout_engine=_LAYOUT)


@lru_cache(maxsize=20_000)
def word_width(word: str, role: str, script: str, size_px: int, rtl: bool) -> float:
    """In pixels, in the font of one script."""
    return face(role, script, size_px).getlength(word, **_direction(rtl))


@lru_cache(maxsize=2_000)
def drawn(word: str, role: str, script: str, size_px: int, rtl: bool) -> tuple[Image.Image, int, int]:
    """A word drawn in white, and where that stands from where the word begins on its line."""
    font = face(role, script, size_px)
    across = word_width(word, role, script, size_px, rtl)
    room = 2 * size_px  # some letters reach far out of their lines
    ground = Image.new("L", (round(across) + 2 * room, sum(font.getmetrics()) + 2 * room))
    base = font.getmetrics()[0] + room
    ImageDraw.Draw(ground).text((room, base), word, font=font, fill=255, anchor="ls", **_direction(rtl))
    left, top, right, bottom = ground.getbbox() or (room, base, room + 1, base + 1)
    return ground.crop((left, top, right, bottom)), left - room, top - base


def run_width(text: str, role: str, script: str, size_px: int, rtl: bool) -> float:
    """How wide a stretch in one font is, word by word: shaping takes most of a label's time.

    It is drawn so, too. Across a space letters keep their distance in all our fonts, but for a pixel after a full stop.
    """
    words = text.split(" ")
    spaces = len(words) - 1
    across = spaces * word_width(" ", role, script, size_px, rtl) if spaces else 0.0
    return across + sum(word_width(word, role, script, size_px, rtl) for word in words if word)


def draw(
    onto: Image.Image, place: tuple[float, int], text: str, role: str, script: str, size_px: int, rtl: bool
) -> None:
    """Draw a stretch in one font, white; `place` is where it begins from the left, and what its letters stand on."""
    at, base = place
    words = text.split(" ")
    for word in reversed(words) if rtl else words:
        if word:
            letters, left, top = drawn(word, role, script, size_px, rtl)
            onto.paste(255, (round(at) + left, base + top), letters)
        at += run_width(f"{word} ", role, script, size_px, rtl)


def width_of(text: str, role: str, size_px: int) -> float:
    """How wide a line would be, in pixels."""
    cut = scripts.runs(text, scripts.right_to_left(text))
    return sum(run_width(run.text, weight(role, run), run.script, size_px, run.rtl) for run in cut)


def widest(text: str, role: str, size_px: int) -> float:
    """How wide the longest word is, in pixels."""
    return max((width_of(word, role, size_px) for word in text.split()), default=0.0)


def weight(role: str, run: scripts.Run) -> str:
    return _HEAVIER.get(role, role) if run.bold else role


def height_of(text: str, role: str, size_px: int) -> float:
    """How high a line would be, in pixels; some scripts need far more than others."""
    cut = scripts.runs(text, scripts.right_to_left(text))
    metrics = [face(role, run.script, size_px).getmetrics() for run in cut]
    return max((up for up, _down in metrics), default=0) + max((down for _up, down in metrics), default=0)


def own_line(role: str, size_px: int) -> int:
    """How high a line of the screen's own words is, in pixels, and of one in English beside them."""
    return round(height_of(f"A {_('Home')}", role, size_px))


def tall() -> bool:
    """Whether lines of the screen's own words are far higher than English ones, as those in Arabic letters are."""
    return own_line("regular", 100) > _TALL


def forget() -> None:
    """What was measured and drawn is not remembered."""
    word_width.cache_clear()
    drawn.cache_clear()
    scripts.runs.cache_clear()


def _direction(rtl: bool) -> dict[str, Any]:
    return {"direction": "rtl"} if rtl and _LAYOUT == ImageFont.Layout.RAQM else {}
