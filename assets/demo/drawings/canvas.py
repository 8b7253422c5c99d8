"""A flat drawing surface, 960 by 540, in the colours of one theme.

Drawn three times as large and scaled down, so that edges are smooth; saved with a small palette.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from palette import CARD, INK, THEMES, mix
from PIL import Image, ImageDraw

Point = tuple[float, float]
WIDTH_PX, HEIGHT_PX = 960, 540
SCALE = 3
COLOURS = 96
SKINS = ("#F1C9A5", "#8D5A3B", "#D9A073", "#5E3B28")


class Canvas:
    """Shapes in picture pixels, origin at the top left; angles in degrees, clockwise from three o'clock."""

    def __init__(self, theme: str) -> None:
        """A blank picture on the tint of the theme."""
        shades = THEMES[theme]
        self.strong, self.tint = shades.strong, shades.tint
        self.deep = mix(shades.strong, INK, 0.45)
        self.mid = mix(shades.strong, shades.tint, 0.5)
        self.soft = mix(shades.tint, shades.strong, 0.13)
        self.ground = mix(shades.tint, shades.strong, 0.26)
        self.image = Image.new("RGB", (WIDTH_PX * SCALE, HEIGHT_PX * SCALE), self.tint)
        self.pen = ImageDraw.Draw(self.image)

    def backdrop(self, ground_y: float | None = 436) -> None:
        """A large soft disc, and the ground or table that things stand on."""
        self.circle(480, 262, 232, self.soft)
        if ground_y is not None:
            self.rect(0, ground_y, WIDTH_PX, HEIGHT_PX - ground_y, self.ground)

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        """A disc."""
        self.ellipse(x, y, radius, radius, fill)

    def ellipse(self, x: float, y: float, radius_x: float, radius_y: float, fill: str) -> None:
        """A filled ellipse about a middle."""
        box = (x - radius_x, y - radius_y, x + radius_x, y + radius_y)
        self.pen.ellipse([v * SCALE for v in box], fill=fill)

    def ring(self, x: float, y: float, radius: float, width: float, fill: str) -> None:
        """A circle line; the radius is to the middle of the line."""
        outer = radius + width / 2
        box = [v * SCALE for v in (x - outer, y - outer, x + outer, y + outer)]
        self.pen.ellipse(box, outline=fill, width=round(width * SCALE))

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:
        """A box from its top left corner, with round corners if asked."""
        box = [v * SCALE for v in (x, y, x + width, y + height)]
        box[2:] = [box[2] - 1, box[3] - 1]
        self.pen.rounded_rectangle(box, radius * SCALE, fill=fill)

    def poly(self, points: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def blob(self, points: Sequence[Point], fill: str) -> None:
        """A smooth closed shape through the points."""
        self.poly(smooth(points, closed=True), fill)

    def line(self, points: Sequence[Point], width: float, fill: str) -> None:
        """A line with round ends and corners."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")
        for x, y in points:
            self.circle(x, y, width / 2, fill)

    def curve(self, points: Sequence[Point], width: float, fill: str) -> None:
        """A smooth open line through the points."""
        self.line(smooth(points, closed=False), width, fill)

    def ray(self, x: float, y: float, near: float, far: float, degrees: float, width: float, fill: str) -> None:
        """A line that leads away from a point, from `near` to `far` pixels of it."""
        angle = math.radians(degrees)
        ends = [(x + reach * math.cos(angle), y + reach * math.sin(angle)) for reach in (near, far)]
        self.line(ends, width, fill)

    def steam(self, x: float, top: float, fill: str = CARD) -> None:
        """A wisp that rises to `top`."""
        self.curve([(x, top + 84), (x - 13, top + 58), (x + 13, top + 30), (x, top)], 11, fill)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float, fill: str) -> None:
        """Part of a circle line, with round ends."""
        steps = max(8, int(abs(end - start) / 3))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles], width, fill)

    def pie(self, x: float, y: float, radius: float, start: float, end: float, fill: str) -> None:
        """A slice of a disc."""
        box = [v * SCALE for v in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.pieslice(box, start, end, fill=fill)

    def box_turned(
        self, x: float, y: float, width: float, height: float, degrees: float, fill: str, radius: float = 0
    ) -> None:
        """A box about its middle, turned; its corners are rounded with discs."""
        half_w, half_h = width / 2 - radius, height / 2 - radius
        corners = [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)]
        points = [turn(corner, degrees, (x, y)) for corner in corners]
        self.poly(points, fill)
        if radius:
            self.line([*points, points[0]], radius * 2, fill)

    def person(self, x: float, foot_y: float, height: float, coat: str, skin: str, hair: str) -> None:
        """A round-headed figure from the waist up, standing behind something at ``foot_y``."""
        head = height * 0.24
        top = foot_y - height
        self.rect(x - height * 0.33, top + head * 1.95, height * 0.66, height, coat, height * 0.24)
        self.circle(x, top + head, head, skin)
        self.pie(x, top + head, head * 1.04, 180, 360, hair)

    def save(self, path: Path) -> None:
        """Scale down and write a small PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
        quantised = small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        quantised.save(path, optimize=True)


def turn(point: Point, degrees: float, about: Point) -> Point:
    """A point, given from the middle, turned clockwise and moved to the middle."""
    angle = math.radians(degrees)
    x, y = point
    return (
        about[0] + x * math.cos(angle) - y * math.sin(angle),
        about[1] + x * math.sin(angle) + y * math.cos(angle),
    )


def smooth(points: Sequence[Point], *, closed: bool, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1
    made: list[Point] = []
    for i in range(spans):
        p0, p1, p2, p3 = (_pick(points, i + k, closed) for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            made.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    return made if closed else [*made, points[-1]]


def _pick(points: Sequence[Point], index: int, closed: bool) -> Point:
    return points[index % len(points)] if closed else points[min(max(index, 0), len(points) - 1)]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
