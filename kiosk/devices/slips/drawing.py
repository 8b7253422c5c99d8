"""A slip on its paper: the shop, then each item with its words and its QR symbol.

On paper from a roll the symbol comes last before the cut, so that a slip torn off too early is plainly not whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PIL import Image

from kiosk.devices import qr
from kiosk.devices.slips.layouts import LEAST_MODULE_MM, MODULE_MM, Layout, Role
from kiosk.devices.slips.strip import BLACK, WHITE, Strip
from kiosk.domain.slips import Slip, SlipItem

_MOST_LINES: Final = (4, 3, 2, 1)
"""A title and the line below it have so many at most; fewer where a sheet would not hold them."""
_GREY: Final = 140
"""Darker than this is black on paper that knows no grey."""


def draw(slip: Slip, layout: Layout) -> list[Image.Image]:
    """The papers of a slip, in order: mode `1`, 1 is white, `layout.width_dots` wide; sheets are `height_dots` high."""
    parts, room = [_head(slip, layout)], _room(layout)
    for item in slip.items:
        under_head = room - parts[0].height if len(parts) == 1 else room
        parts.append(_item(slip, item, layout, under_head))
    if layout.alone:
        papers = [[part] for part in parts[1:]]
    else:
        papers = list(_sheets(parts, layout)) if layout.height_dots else [parts]
    return [_paper(parts, layout) for parts in papers]


def symbol(content: str, layout: Layout, room: int) -> Image.Image | None:
    """A QR symbol with its quiet zone, at most `room` dots wide; None where one that phones can read has no room."""
    try:
        modules = qr.matrix(content)
    except qr.TooLongError:
        return None
    dots = min(layout.dots(MODULE_MM), room // len(modules))
    if dots < layout.dots(LEAST_MODULE_MM):
        return None
    image = Image.new("L", (len(modules), len(modules)), WHITE)
    image.putdata([BLACK if dark else WHITE for row in modules for dark in row])
    return image.resize((dots * len(modules),) * 2, Image.Resampling.NEAREST)


class _Pen:
    """Writes on a strip in the sizes of one layout."""

    def __init__(self, layout: Layout, width: int, *, rtl: bool) -> None:
        self.layout, self.strip = layout, Strip(width, rtl=rtl)

    def write(self, text: str, role: Role, *, before_mm: float = 0.0, most_lines: int = 0) -> None:
        if text:
            self.space(before_mm)
            self.strip.text(text, self.layout.size(role), bold=self._bold(role), most_lines=most_lines)

    def write_code(self, code: str) -> None:
        self.space(0.5)
        self.strip.unbroken(code, self.layout.size("code"), bold=True)

    def space(self, mm: float) -> None:
        self.strip.space(self.layout.dots(mm))

    def _bold(self, role: Role) -> bool:
        return self.layout.bold or role in ("title", "code")


def _room(layout: Layout) -> int:
    return layout.height_dots - 2 * layout.dots(layout.margin_mm)


def _width(layout: Layout) -> int:
    return layout.width_dots - 2 * layout.dots(layout.margin_mm)


def _head(slip: Slip, layout: Layout) -> Image.Image:
    pen = _Pen(layout, _width(layout), rtl=slip.rtl)
    pen.write(slip.shop or "Touchpoint", "title")
    pen.write(slip.hours, "small")
    pen.write(slip.next_session, "small", before_mm=1)
    if len(slip.items) > 1:
        pen.space(1)
        _ways(pen, slip)
    return pen.strip.finished()


def _item(slip: Slip, item: SlipItem, layout: Layout, room: int) -> Image.Image:
    for most_lines in _MOST_LINES:
        part = _item_in(slip, item, layout, most_lines)
        if not layout.height_dots or part.height <= room:
            break
    return part


def _item_in(slip: Slip, item: SlipItem, layout: Layout, most_lines: int) -> Image.Image:
    width = _width(layout)
    square = symbol(item.address, layout, width)
    beside = layout.beside and square is not None and square.width <= width * 0.6
    pen = _Pen(layout, width, rtl=slip.rtl)
    if not layout.alone:
        pen.space(2)
        pen.strip.rule(layout.dots(0.4))
        pen.space(1)
    if not beside:
        _words(pen, slip, item, most_lines, scans=square is not None)
        if square:
            pen.strip.picture(square, (width - square.width) // 2)
    elif square:
        words = _Pen(layout, width - square.width, rtl=slip.rtl)
        _words(words, slip, item, most_lines, scans=True)
        pen.strip.picture(_side_by_side(words.strip.finished(), square, first=not slip.rtl), 0)
    return pen.strip.finished()


def _words(pen: _Pen, slip: Slip, item: SlipItem, most_lines: int, *, scans: bool) -> None:
    if pen.layout.alone:
        pen.write(slip.shop, "small")
    pen.write(item.title, "title", before_mm=1, most_lines=most_lines)
    pen.write(item.line, "plain", before_mm=0.5, most_lines=most_lines)
    if len(slip.items) == 1 or pen.layout.alone:
        pen.space(1.5)
        _ways(pen, slip, scans=scans)
    pen.write_code(item.code)


def _ways(pen: _Pen, slip: Slip, *, scans: bool = True) -> None:
    """How to get from the paper to the thing: once on a paper."""
    if scans:
        pen.write(slip.how, "small")
    pen.write(slip.by_hand, "small")


def _side_by_side(words: Image.Image, square: Image.Image, *, first: bool) -> Image.Image:
    both = Image.new("L", (words.width + square.width, max(words.height, square.height)), WHITE)
    both.paste(words, (0 if first else square.width, 0))
    both.paste(square, (words.width if first else 0, 0))
    return both


def _sheets(parts: list[Image.Image], layout: Layout) -> Iterator[list[Image.Image]]:
    """The parts, sheet by sheet."""
    room = _room(layout)
    sheet: list[Image.Image] = []
    for part in parts:
        if sheet and sum(other.height for other in sheet) + part.height > room:
            yield sheet
            sheet = []
        sheet.append(part)
    yield sheet


def _paper(parts: list[Image.Image], layout: Layout) -> Image.Image:
    margin = layout.dots(layout.margin_mm)
    height = layout.height_dots or sum(part.height for part in parts) + 2 * margin
    paper, y = Image.new("L", (layout.width_dots, height), WHITE), margin
    for part in parts:
        paper.paste(part, (margin, y))
        y += part.height
    return paper.point(lambda value: WHITE if value > _GREY else BLACK).convert("1", dither=Image.Dither.NONE)
