"""Reads from the widgets what is drawn: what is painted, what can be touched, and every word with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Final

from kivy.graphics import (
    BorderImage,
    Canvas,
    Color,
    Ellipse,
    Rectangle,
    StencilPop,
    StencilPush,
    StencilUnUse,
    StencilUse,
)

from kiosk.lettering import scripts
from kiosk.ui.contact_sheet.checks import LONGEST_WORD, Box, Fill, Press, Shown, Symbol, Text, words_of
from kiosk.ui.look.colour import Rgba, contrast
from kiosk.ui.look.letters import face, width_of
from kiosk.ui.look.theme import TEXT_SCALES, Theme

_BLACK: Final[Rgba] = (0.0, 0.0, 0.0, 1.0)
_PALE: Final = 14.0


def look(
    root: Any,
    theme: Theme,
    size: tuple[float, float],
    *,
    lower: bool = False,
    interface: Callable[[str], bool] = lambda _words: False,
) -> Shown:
    """What the widgets under `root` draw, in a window of that size in pixels."""
    text_size = next((name for name, scale in TEXT_SCALES.items() if scale == theme.text_scale), "normal")
    shown = Shown(
        size=size,
        px_per_mm=theme.mm(1000) / 1000,
        panel_mm=theme.panel_mm,
        behind=theme.c.paper,
        least=theme.c.least,
        body_px=theme.body,
        text_size=text_size,
        pale=contrast(theme.c.paper, _BLACK) > _PALE,
        lower=lower,
        interface=interface,
    )
    return _Looking(shown).read(root)


@dataclass(frozen=True)
class _Where:
    """Around a widget: how much shows through, the list it scrolls in, what of it can be touched."""

    opacity: float = 1.0
    clip: Box | None = None
    within: tuple[int, ...] = ()


@dataclass
class _Looking:
    """Goes through the widgets in the order they are painted in."""

    shown: Shown
    order: int = 0
    fills: list[Fill] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)
    number: int = 0

    def read(self, root: Any) -> Shown:
        self._widget(root, _Where())
        return replace(
            self.shown,
            fills=tuple(self.fills),
            presses=tuple(self.presses),
            texts=tuple(self.texts),
            symbols=tuple(self.symbols),
        )

    def _widget(self, widget: Any, where: _Where) -> None:
        opacity = where.opacity * widget.opacity
        if opacity == 0:
            return
        touched = is_a(widget, "ButtonBehavior")
        if touched:
            self.number += 1
            inside = _Where(opacity, where.clip, (*where.within, self.number))
        else:
            inside = _Where(opacity, where.clip, where.within)
        number = self.number
        self._paint(widget, widget.canvas.before if widget.canvas.has_before else None, opacity)
        if is_a(widget, "Drawn"):
            self._text(widget, inside)
        else:
            self._paint(widget, widget.canvas, opacity)
        if is_a(widget, "Symbol") and widget.texture:
            self.symbols.append(Symbol(widget.side, widget.texture.width, self._next()))
        below = replace(inside, clip=_clip(widget, where.clip))
        for child in reversed(widget.children):
            self._widget(child, below)
        self._paint(widget, widget.canvas.after if widget.canvas.has_after else None, opacity)
        if touched and not widget.disabled:
            said = words_of([part.text for part in _parts(widget) if is_a(part, "Drawn") and part.font_name != "icon"])
            kind = type(widget).__name__
            self.presses.append(
                Press(said or kind, box_of(widget), self._next(), number, kind, where.within, where.clip)
            )

    def _next(self) -> int:
        self.order += 1
        return self.order

    def _paint(self, widget: Any, canvas: Any, opacity: float) -> None:
        colour: Rgba = (1.0, 1.0, 1.0, 1.0)
        cutting = False  # what stands there is the shape of a stencil, and not painted
        for one in _instructions(canvas):
            if isinstance(one, Color):
                colour = (*one.rgb, one.a * opacity)
            elif isinstance(one, StencilPush | StencilUnUse):
                cutting = True
            elif isinstance(one, StencilUse | StencilPop):
                cutting = False
            elif isinstance(one, Rectangle | Ellipse) and not cutting and colour[3] > 0 and min(one.size) > 0:
                x, y = widget.to_window(*one.pos, initial=not is_a(widget, "RelativeLayout"))
                picture = not isinstance(one, BorderImage) and _has_picture(one)
                self.fills.append(Fill(Box(x, y, *one.size), None if picture else colour, self._next()))

    def _text(self, widget: Any, where: _Where) -> None:
        if not widget.text or widget.font_size < 2 or min(widget.texture_size) < 2:
            return
        colour = widget.disabled_color if widget.disabled else widget.color
        lines = tuple(widget.lines)
        self.texts.append(
            Text(
                words=scripts.plain(widget.text),
                ink=_ink(widget, lines),
                order=self._next(),
                size_px=widget.font_size,
                colour=(*colour[:3], colour[3] * where.opacity),
                lines=tuple(map(scripts.plain, lines)),
                role=widget.font_name,
                broken=_broken(widget),
                cut_short=widget.cut_short,
                disabled=widget.disabled,
                within=where.within,
                clip=where.clip,
            )
        )


def is_a(widget: Any, kind: str) -> bool:
    """Whether it is of that class, by its name."""
    return any(base.__name__ == kind for base in type(widget).__mro__)


def box_of(widget: Any) -> Box:
    """Where a widget stands in the window."""
    return Box(*widget.to_window(*widget.pos), *widget.size)


def seen(widget: Any) -> Iterator[Any]:
    """It and everything in it that is not made invisible."""
    if widget.opacity == 0:
        return
    yield widget
    for child in widget.children:
        yield from seen(child)


# -- inner


def _parts(widget: Any) -> Iterator[Any]:
    """What is in it, in the order it is read."""
    if widget.opacity:
        yield widget
        for child in reversed(widget.children):
            yield from _parts(child)


def _instructions(canvas: Any) -> Iterator[Any]:
    """What is painted by a widget itself; the canvases in it are those of its children."""
    for one in canvas.children if canvas is not None else ():
        if not isinstance(one, Canvas):
            yield from _instructions(one) if hasattr(one, "children") else (one,)


def _has_picture(instruction: Any) -> bool:
    """Without one, Kivy's own white texture is drawn."""
    return bool(instruction.texture.id != _white())


@cache
def _white() -> int:
    return int(Rectangle().texture.id)


def _clip(widget: Any, around: Box | None) -> Box | None:
    """What can be seen of the children of something that scrolls."""
    if not is_a(widget, "StencilView"):
        return around
    return box_of(widget).shared(around) if around else box_of(widget)


def _ink(widget: Any, lines: tuple[str, ...]) -> Box:
    """Where the letters stand: a texture is as wide as its widget, and a line higher than what is in it."""
    wide, high = widget.texture_size
    left, bottom = widget.to_window(widget.center_x - wide / 2, widget.center_y - high / 2)
    if widget.font_name == "icon":
        return Box(left, bottom, wide, high)
    size = int(widget.font_size)
    width = max((width_of(line, widget.font_name, size) for line in lines), default=0.0)
    spare = {"right": wide - width, "center": (wide - width) / 2}.get(widget.halign, 0.0)
    if not lines:
        return Box(left + spare, bottom, width, high)
    pitch = high / len(lines)
    top = bottom + high - _reach(lines[0], widget.font_name, size)[0]
    foot = bottom + pitch - _reach(lines[-1], widget.font_name, size)[1]
    return Box(left + spare, foot, width, max(1.0, top - foot))


@lru_cache(maxsize=20_000)
def _reach(line: str, role: str, size: int) -> tuple[float, float]:
    """How far below the top of a line the highest and the lowest of its ink stand, in pixels."""
    cut = [(run.text, face(role, run.script, size)) for run in scripts.runs(line, scripts.right_to_left(line))]
    base = max((font.getmetrics()[0] for _text, font in cut), default=0)
    boxes = [font.getbbox(text, anchor="ls") for text, font in cut if text.strip()]
    return base + min((box[1] for box in boxes), default=-size), base + max((box[3] for box in boxes), default=0)


def _broken(widget: Any) -> str:
    """The first word that does not fit on a line of its own; an address may be of any length."""
    across = widget.text_size[0] or 0
    if widget.font_name == "icon" or not across:
        return ""
    text = widget.text.replace("\n@", "@")  # an address that was cut at its sign
    words = (word for word in text.split() if len(word) <= LONGEST_WORD and not {"@", "/"} & set(word))
    size = int(widget.font_size)
    return next((word for word in words if width_of(word, widget.font_name, size) > across + 1), "")
