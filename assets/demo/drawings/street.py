"""Ways to get about, and what stands in a street."""

from __future__ import annotations

import math

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas

NIGHT = "#2B2350"


def _wheel(c: Canvas, x: float, y: float, radius: float) -> None:
    for step in range(10):
        angle = math.radians(step * 36 + 9)
        c.line([(x, y), (x + radius * math.cos(angle), y + radius * math.sin(angle))], 3, mix(c.mid, CARD, 0.3))
    c.ring(x, y, radius, 17, c.deep)
    c.ring(x, y, radius - 13, 6, c.mid)
    c.circle(x, y, 12, c.deep)


def bicycle(c: Canvas) -> None:
    """A bicycle with a basket."""
    c.backdrop()
    _wheel(c, 312, 340, 94)
    _wheel(c, 654, 340, 94)
    crank, seat, head = (452, 344), (412, 196), (602, 190)
    c.line([(312, 340), crank, head, seat, crank], 17, CORAL)
    c.line([(312, 340), (418, 218)], 15, CORAL)
    c.line([(654, 340), head, (590, 144)], 17, CORAL)
    c.line([seat, (404, 160)], 14, c.deep)
    c.blob([(352, 150), (400, 140), (452, 146), (448, 164), (396, 168), (356, 166)], c.deep)
    c.curve([(588, 146), (616, 130), (652, 136)], 15, c.deep)
    c.rect(634, 158, 104, 76, SAND, 12)
    for y in (178, 200):
        c.rect(642, y, 88, 7, WOOD, 3)
    c.circle(*crank, 28, c.deep)
    c.circle(*crank, 12, AMBER)
    c.line([crank, (470, 396)], 11, c.deep)
    c.line([(452, 398), (490, 398)], 12, c.deep)


def small_bike(c: Canvas) -> None:
    """A child's bicycle with a flag."""
    c.backdrop()
    _wheel(c, 366, 366, 66)
    _wheel(c, 606, 366, 66)
    for x, y in ((316, 424),):
        c.ring(x + 18, y, 20, 9, c.deep)
    c.line([(366, 366), (470, 366), (562, 236), (440, 270), (470, 366)], 17, c.strong)
    c.line([(366, 366), (440, 270), (432, 232)], 15, c.strong)
    c.line([(606, 366), (562, 236), (552, 190)], 17, c.strong)
    c.blob([(384, 226), (430, 214), (482, 222), (478, 240), (428, 246), (388, 242)], c.deep)
    c.curve([(530, 176), (556, 186), (600, 168)], 15, c.deep)
    for dx, fill in ((0, CORAL), (7, AMBER), (14, CARD)):
        c.line([(600, 172), (592 + dx * 2.6, 214 + dx)], 6, fill)
    c.line([(366, 366), (330, 96)], 8, WOOD)
    c.poly([(330, 92), (250, 122), (334, 152)], CORAL)
    c.circle(470, 366, 22, c.deep)
    c.circle(470, 366, 9, AMBER)
    for x, y in ((720, 180), (760, 250), (230, 250)):
        c.circle(x, y, 13, AMBER)


def wheel(c: Canvas) -> None:
    """A wheel and a pump."""
    c.backdrop()
    for step in range(18):
        angle = math.radians(step * 20)
        c.line([(420, 268), (420 + 150 * math.cos(angle), 268 + 150 * math.sin(angle))], 4, mix(c.mid, CARD, 0.3))
    c.ring(420, 268, 162, 26, c.deep)
    c.ring(420, 268, 141, 9, c.mid)
    c.circle(420, 268, 24, c.strong)
    c.circle(420, 268, 9, AMBER)
    c.rect(674, 214, 44, 208, CORAL, 14)
    c.rect(686, 138, 20, 90, c.deep, 8)
    c.rect(636, 118, 120, 28, c.deep, 14)
    c.rect(636, 416, 120, 26, c.deep, 13)
    c.curve([(674, 400), (616, 438), (580, 420), (560, 396)], 10, c.deep)
    c.rect(674, 262, 44, 16, AMBER)


def car(c: Canvas) -> None:
    """A car with two people."""
    c.backdrop()
    c.rect(0, 472, 960, 8, mix(c.ground, CARD, 0.6))
    c.blob(
        [(330, 262), (376, 166), (440, 148), (560, 150), (610, 176), (664, 264), (660, 290), (334, 290)],
        c.strong,
    )
    c.poly([(366, 258), (402, 182), (478, 176), (478, 258)], CREAM)
    c.poly([(496, 258), (496, 176), (566, 178), (626, 258)], CREAM)
    for x, skin, hair in ((436, SKINS[0], mix(WOOD, INK, 0.4)), (548, SKINS[1], INK)):
        c.circle(x, 222, 26, skin)
        c.pie(x, 222, 28, 180, 360, hair)
        c.rect(x - 32, 244, 64, 16, CORAL if x == 436 else AMBER, 8)
    c.rect(226, 254, 516, 130, c.strong, 52)
    c.rect(226, 318, 516, 20, c.mid)
    c.circle(732, 300, 18, AMBER)
    c.circle(236, 300, 14, CORAL)
    c.rect(474, 290, 44, 10, c.deep, 5)
    for x in (336, 626):
        c.circle(x, 386, 58, c.deep)
        c.circle(x, 386, 26, CREAM)


def bus(c: Canvas) -> None:
    """A minibus with people inside."""
    c.backdrop()
    c.rect(0, 472, 960, 8, mix(c.ground, CARD, 0.6))
    c.rect(216, 120, 528, 270, c.strong, 44)
    c.rect(244, 156, 400, 112, CREAM, 16)
    people = (
        (296, SKINS[0], CORAL, "#D9D2C6"),
        (396, SKINS[3], AMBER, INK),
        (496, SKINS[2], c.mid, "#5B3A26"),
    )
    for x, skin, coat, hair in people:
        c.rect(x - 34, 234, 68, 34, coat, 14)
        c.circle(x, 216, 26, skin)
        c.pie(x, 216, 28, 180, 360, hair)
    for x in (342, 442, 542):
        c.rect(x, 156, 10, 112, c.strong)
    c.rect(562, 156, 82, 112, mix(CREAM, c.mid, 0.25), 12)
    c.rect(656, 156, 72, 112, CREAM, 16)
    c.rect(216, 292, 528, 18, AMBER)
    c.rect(562, 282, 82, 98, c.deep, 8)
    c.circle(726, 340, 16, AMBER)
    for x in (324, 676):
        c.circle(x, 392, 54, c.deep)
        c.circle(x, 392, 24, CREAM)
    c.rect(388, 326, 108, 24, c.mid, 12)


def map_(c: Canvas) -> None:
    """A folded map with a pin."""
    c.backdrop(None)
    folds = [(228, 148, 396, 98), (396, 98, 564, 148), (564, 148, 732, 98)]
    for index, (x1, y1, x2, y2) in enumerate(folds):
        fill = CARD if index % 2 == 0 else mix(CARD, c.mid, 0.22)
        c.poly([(x1, y1), (x2, y2), (x2, y2 + 320), (x1, y1 + 320)], fill)
    c.blob([(236, 330), (300, 300), (380, 330), (392, 408), (236, 456)], mix(LEAF, CARD, 0.45))
    c.curve(
        [(236, 240), (330, 206), (420, 250), (520, 226), (620, 190), (728, 160)],
        20,
        mix("#6FA6D6", CARD, 0.2),
    )
    c.curve([(318, 130), (340, 230), (430, 320), (560, 340), (640, 420)], 13, SAND)
    c.curve([(560, 340), (640, 300), (728, 310)], 13, SAND)
    c.line([(340, 230), (372, 270), (430, 320), (500, 332)], 9, CORAL)
    c.circle(340, 226, 15, c.strong)
    x, y = 552, 232
    c.poly([(x - 52, y + 22), (x + 52, y + 22), (x, y + 118)], CORAL)
    c.circle(x, y, 60, CORAL)
    c.circle(x, y, 24, CARD)


def path(c: Canvas) -> None:
    """A path between trees in the morning sun."""
    c.backdrop(None)
    c.circle(600, 178, 76, AMBER)
    c.blob([(-60, 330), (140, 262), (340, 300), (520, 280), (760, 250), (1020, 320), (1020, 600), (-60, 600)],
           mix(LEAF, CARD, 0.5))  # fmt: skip
    c.blob([(-60, 400), (200, 350), (480, 376), (760, 340), (1020, 400), (1020, 640), (-60, 640)], LEAF)
    c.poly([(470, 372), (520, 370), (474, 440), (700, 540), (330, 540), (400, 430)], SAND)
    for x, y, size in ((214, 330, 1.2), (306, 316, 0.8), (742, 320, 1.1), (830, 340, 0.8)):
        c.rect(x - 9 * size, y - 10, 18 * size, 70 * size, WOOD)
        c.circle(x, y - 52 * size, 62 * size, LEAF_DARK)
        c.circle(x + 26 * size, y - 92 * size, 40 * size, LEAF_DARK)
    c.rect(560, 412, 120, 14, c.deep, 6)
    c.rect(560, 382, 120, 12, c.deep, 6)
    for x in (574, 656):
        c.rect(x, 384, 10, 70, c.deep, 4)


def signpost(c: Canvas) -> None:
    """A signpost with arms both ways."""
    c.backdrop()
    c.rect(466, 84, 28, 360, WOOD, 10)
    c.circle(480, 80, 24, AMBER)
    c.poly([(440, 118), (690, 118), (738, 156), (690, 194), (440, 194)], c.strong)
    c.poly(
        [(520, 214), (278, 214), (230, 252), (278, 290), (520, 290)],
        CORAL if c.strong != "#B4532A" else AMBER,
    )
    c.poly([(440, 310), (640, 310), (682, 344), (640, 378), (440, 378)], c.deep)
    for x, y, wide in ((478, 148, 180), (292, 244, 180), (478, 336, 136)):
        c.rect(x, y, wide, 15, CREAM, 7)
    for x in (402, 430, 526, 556):
        c.blob([(x, 448), (x - 12, 404), (x + 2, 420), (x + 14, 396), (x + 16, 448)], LEAF)


def lamp(c: Canvas) -> None:
    """A street lamp at night."""
    c.rect(0, 0, 960, 540, NIGHT)
    c.circle(480, 262, 232, mix(NIGHT, c.strong, 0.45))
    c.poly([(560, 172), (674, 172), (820, 452), (414, 452)], mix(NIGHT, AMBER, 0.4))
    c.ellipse(617, 452, 204, 34, mix(NIGHT, AMBER, 0.62))
    c.rect(0, 452, 960, 88, mix(NIGHT, INK, 0.4))
    c.ellipse(617, 470, 204, 34, mix(NIGHT, AMBER, 0.5))
    c.rect(366, 110, 20, 346, c.mid, 8)
    c.curve([(376, 150), (400, 96), (470, 84), (560, 120)], 18, c.mid)
    c.rect(340, 432, 72, 28, c.mid, 10)
    c.poly([(552, 122), (682, 122), (704, 170), (530, 170)], c.mid)
    c.rect(548, 168, 138, 20, AMBER, 10)
    for x, y, radius in (
        (150, 90, 5),
        (250, 180, 4),
        (120, 270, 4),
        (790, 80, 5),
        (850, 190, 4),
        (730, 40, 3),
    ):
        c.circle(x, y, radius, CREAM)
    for x, coat, skin in ((576, CORAL, SKINS[1]), (660, AMBER, SKINS[0])):
        c.rect(x - 26, 338, 52, 126, coat, 24)
        c.circle(x, 312, 27, skin)
        c.pie(x, 312, 28, 180, 360, INK)


def lamp_row(c: Canvas) -> None:
    """A street of lit lamps at night."""
    c.rect(0, 0, 960, 540, NIGHT)
    c.circle(480, 262, 232, mix(NIGHT, c.strong, 0.45))
    for x, top, wide in (
        (40, 230, 150),
        (210, 190, 130),
        (360, 240, 120),
        (500, 200, 140),
        (660, 236, 120),
        (800, 180, 150),
    ):
        c.rect(x, top, wide, 300, mix(NIGHT, c.strong, 0.75))
        c.poly([(x - 8, top), (x + wide + 8, top), (x + wide / 2, top - 62)], c.strong)
        for dx in (24, wide - 56):
            for dy in (36, 110):
                c.rect(x + dx, top + dy, 32, 42, AMBER if (x + dx + dy) % 3 else mix(NIGHT, c.strong, 0.4), 4)
    c.rect(0, 446, 960, 94, mix(NIGHT, INK, 0.4))
    for x in (140, 370, 600, 830):
        c.ellipse(x, 464, 92, 18, mix(NIGHT, AMBER, 0.55))
        c.rect(x - 8, 300, 16, 164, INK, 6)
        c.circle(x, 282, 44, mix(NIGHT, AMBER, 0.55))
        c.circle(x, 282, 28, AMBER)
    for x, y, radius in ((120, 70, 5), (300, 100, 4), (470, 50, 4), (640, 90, 5), (860, 60, 4)):
        c.circle(x, y, radius, CREAM)


def stall(c: Canvas) -> None:
    """A small market stall."""
    c.backdrop()
    c.rect(292, 196, 18, 250, WOOD)
    c.rect(650, 196, 18, 250, WOOD)
    c.rect(310, 220, 340, 110, mix(c.tint, CARD, 0.5))
    c.person(480, 334, 116, AMBER, SKINS[2], INK)
    c.rect(276, 326, 408, 120, c.strong, 8)
    c.rect(262, 312, 436, 26, c.deep, 8)
    for x, fill in ((320, CORAL), (362, CORAL), (400, AMBER), (572, LEAF), (612, LEAF), (648, AMBER)):
        c.circle(x, 300, 22, fill)
    for x in (310, 400, 490, 580):
        c.rect(x, 364, 66, 54, c.mid, 8)
    for index in range(7):
        fill = CORAL if index % 2 == 0 else CREAM
        left = 250 + index * 66
        c.poly(
            [(left + 16 - index * 4, 96), (left + 66 + 12 - index * 4, 96), (left + 66, 176), (left, 176)],
            fill,
        )
        c.pie(left + 33, 176, 33, 0, 180, fill)


DRAWINGS = {
    "bicycle": bicycle,
    "small-bike": small_bike,
    "wheel": wheel,
    "car": car,
    "bus": bus,
    "map": map_,
    "path": path,
    "signpost": signpost,
    "lamp": lamp,
    "lamp-row": lamp_row,
    "stall": stall,
}
