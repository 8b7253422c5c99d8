"""Things to make and mend with."""

from __future__ import annotations

import math

from palette import AMBER, CARD, CORAL, CREAM, INK, SAND, WOOD, mix

from drawings.canvas import Canvas

STEEL = "#B9C4CA"
STEEL_DARK = "#8996A0"


def spanner(c: Canvas) -> None:
    """A spanner and a screwdriver, crossed."""
    c.backdrop(None)
    c.line([(360, 376), (552, 184)], 44, STEEL)
    c.arc(590, 146, 52, 0, 270, 42, STEEL)
    c.circle(344, 392, 62, STEEL)
    c.circle(344, 392, 30, c.soft)
    c.line([(380, 356), (540, 196)], 10, STEEL_DARK)
    c.line([(600, 380), (420, 200)], 20, STEEL_DARK)
    c.poly([(424, 214), (434, 204), (388, 144), (364, 168)], STEEL_DARK)
    c.line([(588, 368), (668, 448)], 58, CORAL)
    c.line([(612, 376), (676, 440)], 9, mix(CORAL, CARD, 0.4))
    c.line([(576, 356), (590, 370)], 44, c.strong)


def clock(c: Canvas) -> None:
    """A clock between two hands that give and take."""
    c.backdrop(None)
    c.circle(480, 252, 178, c.strong)
    c.circle(480, 252, 148, CREAM)
    for step in range(12):
        angle = math.radians(step * 30)
        x, y = 480 + 122 * math.cos(angle), 252 + 122 * math.sin(angle)
        c.circle(x, y, 9 if step % 3 == 0 else 5, c.deep)
    c.pie(480, 252, 100, 270, 360, mix(AMBER, CREAM, 0.4))
    c.line([(480, 252), (480, 160)], 17, c.deep)
    c.line([(480, 252), (554, 252)], 17, CORAL)
    c.circle(480, 252, 18, c.deep)
    for start, fill in ((140, CORAL), (-40, AMBER)):
        c.arc(480, 252, 222, start, start + 74, 18, fill)
        end = math.radians(start + 74)
        tip = (480 + 218 * math.cos(end + 0.13), 252 + 218 * math.sin(end + 0.13))
        inner = (480 + 192 * math.cos(end), 252 + 192 * math.sin(end))
        outer = (480 + 252 * math.cos(end), 252 + 252 * math.sin(end))
        c.poly([tip, inner, outer], fill)


def thread(c: Canvas) -> None:
    """A reel of thread, a needle and buttons."""
    c.backdrop()
    c.rect(330, 120, 200, 40, WOOD, 16)
    c.rect(330, 404, 200, 40, WOOD, 16)
    c.rect(356, 156, 148, 252, CORAL, 10)
    for y in range(174, 400, 24):
        c.line([(362, y + 8), (498, y)], 5, mix(CORAL, c.deep, 0.28))
    c.curve([(500, 380), (570, 420), (600, 330), (590, 220), (640, 150), (690, 130)], 6, CORAL)
    c.line([(690, 126), (610, 424)], 12, STEEL)
    c.ellipse(689, 136, 5, 14, c.soft)
    for x, y, size, fill in ((720, 400, 42, AMBER), (250, 404, 36, c.strong), (800, 420, 26, c.deep)):
        c.circle(x, y, size, fill)
        c.ring(x, y, size * 0.72, 4, mix(fill, INK, 0.2))
        for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            c.circle(x + dx * size * 0.24, y + dy * size * 0.24, size * 0.12, CREAM)


def sewing(c: Canvas) -> None:
    """A sewing machine."""
    c.backdrop()
    c.rect(232, 388, 496, 56, c.deep, 16)
    c.rect(560, 160, 118, 240, c.strong, 20)
    c.rect(282, 140, 396, 108, c.strong, 40)
    c.rect(282, 180, 106, 120, c.strong, 24)
    c.rect(322, 300, 26, 40, STEEL, 6)
    c.line([(335, 336), (335, 384)], 7, STEEL_DARK)
    c.rect(300, 372, 72, 12, STEEL_DARK, 5)
    c.circle(706, 208, 44, AMBER)
    c.circle(706, 208, 18, c.deep)
    c.rect(430, 96, 42, 48, CORAL, 6)
    c.rect(422, 88, 58, 12, WOOD, 6)
    c.curve([(430, 110), (380, 92), (320, 140), (312, 240), (335, 330)], 5, CORAL)
    c.circle(616, 290, 20, CREAM)
    c.circle(616, 344, 14, CREAM)
    c.blob([(190, 384), (300, 366), (420, 384), (430, 398), (300, 396), (200, 440), (150, 430)], AMBER)
    for x in (216, 256, 296):
        c.line([(x, 392), (x + 18, 390)], 5, CREAM)


def shears(c: Canvas) -> None:
    """A sharp knife, shears and a wet stone."""
    c.backdrop()
    c.poly([(296, 92), (336, 104), (534, 318), (500, 344)], STEEL)
    c.poly([(628, 92), (588, 104), (400, 312), (430, 344)], STEEL_DARK)
    c.circle(462, 252, 20, c.deep)
    c.line([(500, 312), (560, 392)], 40, CORAL)
    c.line([(420, 306), (354, 394)], 40, CORAL)
    c.rect(590, 372, 200, 70, mix(STEEL_DARK, WOOD, 0.3), 10)
    c.rect(590, 372, 200, 24, mix(STEEL, SAND, 0.3), 8)
    for x, y in ((640, 346), (690, 330), (742, 350)):
        c.blob([(x, y - 20), (x + 11, y + 4), (x, y + 14), (x - 11, y + 4)], "#6FA6D6")
    for x, y in ((640, 140), (700, 200), (240, 260)):
        c.line([(x - 18, y), (x + 18, y)], 7, AMBER)
        c.line([(x, y - 18), (x, y + 18)], 7, AMBER)


def ladder(c: Canvas) -> None:
    """A ladder against a wall, and a drill."""
    c.backdrop()
    for row in range(5):
        for column in range(3):
            left = 610 + column * 120 - (row % 2) * 60
            c.rect(max(left, 600), 60 + row * 76, 112, 68, mix(c.mid, CARD, 0.25), 4)
    c.rect(596, 50, 16, 396, c.mid)
    c.line([(300, 446), (560, 70)], 20, AMBER)
    c.line([(400, 446), (640, 100)], 20, AMBER)
    for step in range(1, 8):
        share = step / 8
        c.line(
            [(300 + 260 * share, 446 - 376 * share), (400 + 240 * share, 446 - 346 * share)],
            13, mix(AMBER, WOOD, 0.45),
        )  # fmt: skip
    c.rect(120, 290, 130, 66, CORAL, 22)
    c.poly([(144, 340), (202, 340), (186, 440), (130, 440)], CORAL)
    c.rect(120, 420, 84, 26, c.deep, 8)
    c.rect(246, 304, 34, 38, c.deep, 6)
    c.line([(280, 323), (326, 323)], 9, STEEL_DARK)
    c.rect(192, 362, 22, 26, c.deep, 8)


def rosette(c: Canvas) -> None:
    """A prize ribbon with a flower."""
    c.backdrop(None)
    c.poly([(420, 300), (480, 320), (432, 494), (396, 452), (344, 466)], c.strong)
    c.poly([(540, 300), (480, 320), (528, 494), (564, 452), (616, 466)], c.deep)
    for step in range(16):
        angle = math.radians(step * 22.5)
        c.circle(480 + 120 * math.cos(angle), 218 + 120 * math.sin(angle), 38, CORAL if step % 2 else AMBER)
    c.circle(480, 218, 118, CREAM)
    for step in range(6):
        angle = math.radians(step * 60 - 90)
        c.circle(480 + 46 * math.cos(angle), 218 + 46 * math.sin(angle), 31, c.strong)
    c.circle(480, 218, 28, AMBER)


def bell(c: Canvas) -> None:
    """A bell that rings for each thing mended."""
    c.backdrop(None)
    outline = [(480, 98), (560, 134), (590, 220), (604, 300), (640, 352)]
    c.blob([*outline, (480, 368), *[(960 - x, y) for x, y in reversed(outline[1:])]], AMBER)
    c.circle(480, 406, 38, c.strong)
    c.rect(300, 344, 360, 42, mix(AMBER, WOOD, 0.35), 21)
    c.ring(480, 84, 26, 15, c.strong)
    c.curve([(414, 180), (400, 230), (392, 300)], 15, mix(AMBER, CARD, 0.55))
    for x, y, size, fill in (
        (236, 168, 36, CORAL),
        (732, 150, 44, CORAL),
        (770, 330, 28, c.strong),
        (196, 330, 26, c.strong),
    ):
        points = []
        for step in range(10):
            reach = size if step % 2 == 0 else size * 0.45
            angle = math.radians(step * 36 - 90)
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        c.poly(points, fill)


DRAWINGS = {
    "spanner": spanner,
    "clock": clock,
    "thread": thread,
    "sewing": sewing,
    "shears": shears,
    "ladder": ladder,
    "rosette": rosette,
    "bell": bell,
}
