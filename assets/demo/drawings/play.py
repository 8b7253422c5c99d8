"""Games, learning and making."""

from __future__ import annotations

import math

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas, Point, turn

STEEL = "#B9C4CA"
STEEL_DARK = "#84929B"


def _ring_of(x: float, y: float, radius: float, count: int, first: float = -90) -> list[Point]:
    """Points on a circle, the first one at the top."""
    angles = [math.radians(first + 360 * step / count) for step in range(count)]
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def _star(c: Canvas, x: float, y: float, radius: float, fill: str) -> None:
    outer = _ring_of(x, y, radius, 5)
    inner = _ring_of(x, y, radius * 0.45, 5, -54)
    c.poly([point for pair in zip(outer, inner, strict=True) for point in pair], fill)


def _note(c: Canvas, x: float, y: float, fill: str) -> None:
    c.line([(x + 15, y), (x + 15, y - 62), (x + 40, y - 46)], 8, fill)
    c.ellipse(x, y, 19, 14, fill)


def paint(c: Canvas) -> None:
    """A child's painting on an easel, and a pot of paint."""
    c.backdrop()
    for foot in (318, 590):
        c.line([(454, 56), (foot, 448)], 16, mix(WOOD, c.deep, 0.25))
    c.rect(268, 92, 372, 246, CARD, 12)
    c.rect(284, 108, 340, 214, mix("#8DB9E8", CARD, 0.55), 4)
    c.circle(566, 160, 30, AMBER)
    c.blob([(302, 286), (356, 246), (440, 266), (530, 242), (606, 274), (604, 312), (304, 312)], LEAF)
    c.rect(284, 286, 340, 36, LEAF)
    c.rect(372, 208, 112, 88, CREAM)
    c.poly([(354, 212), (502, 212), (428, 150)], CORAL)
    c.rect(416, 248, 28, 48, c.strong)
    c.rect(252, 336, 404, 20, WOOD, 8)
    c.line([(722, 340), (790, 182)], 15, WOOD)
    c.blob([(778, 194), (806, 204), (816, 156), (802, 132), (784, 152)], CORAL)
    c.line([(776, 212), (784, 194)], 21, STEEL)
    c.rect(656, 342, 134, 108, c.strong, 12)
    c.ellipse(723, 342, 67, 19, c.deep)
    c.ellipse(723, 344, 55, 13, CORAL)
    c.rect(674, 340, 22, 60, CORAL, 11)
    c.rect(748, 346, 18, 34, CORAL, 9)
    for x, y, fill in ((182, 452, AMBER), (232, 476, CORAL), (150, 486, LEAF)):
        c.ellipse(x, y, 34, 16, mix(c.ground, c.deep, 0.25))
        c.ellipse(x, y - 4, 30, 13, fill)


def blocks(c: Canvas) -> None:
    """A tower of wooden blocks, a ball and a toy car."""
    c.backdrop()
    for x, y, fill in (
        (302, 330, c.strong), (420, 330, AMBER), (538, 330, CORAL), (361, 212, CORAL), (479, 212, LEAF)
    ):  # fmt: skip
        c.rect(x, y, 112, 112, fill, 14)
        c.rect(x, y + 90, 112, 22, mix(fill, INK, 0.16), 12)
    c.poly([(420, 206), (532, 206), (476, 104)], c.strong)
    c.poly([(476, 104), (532, 206), (496, 206)], mix(c.strong, c.deep, 0.5))
    c.circle(358, 382, 28, CREAM)
    c.poly([(448, 408), (504, 408), (476, 356)], CREAM)
    c.rect(570, 358, 48, 48, CREAM, 6)
    _star(c, 417, 264, 34, CREAM)
    c.pie(535, 284, 36, 180, 360, CREAM)
    c.circle(212, 396, 50, AMBER)
    c.pie(212, 396, 50, 40, 100, CORAL)
    c.pie(212, 396, 50, 160, 220, c.strong)
    c.pie(212, 396, 50, 280, 340, CREAM)
    c.circle(212, 396, 13, c.deep)
    c.rect(704, 348, 92, 56, LEAF, 22)
    c.rect(722, 362, 26, 30, CREAM, 6)
    c.rect(756, 362, 24, 30, CREAM, 6)
    c.rect(676, 384, 156, 44, LEAF_DARK, 18)
    for x in (714, 794):
        c.circle(x, 430, 25, c.deep)
        c.circle(x, 430, 10, CREAM)


def story(c: Canvas) -> None:
    """A grown-up and a child behind a big open book."""
    c.backdrop()
    c.person(392, 470, 336, c.strong, SKINS[1], INK)
    c.person(586, 470, 262, AMBER, SKINS[1], INK)
    c.rect(0, 452, 960, 88, c.ground)
    c.blob([(480, 366), (400, 340), (272, 348), (262, 484), (400, 484), (480, 508)], CORAL)
    c.blob([(480, 366), (560, 340), (688, 348), (698, 484), (560, 484), (480, 508)], CORAL)
    c.poly([(480, 364), (404, 340), (284, 344), (278, 468), (404, 468), (480, 496)], CARD)
    c.poly([(480, 364), (556, 340), (676, 344), (682, 468), (556, 468), (480, 496)], CREAM)
    c.circle(348, 388, 22, AMBER)
    c.blob([(296, 458), (330, 418), (376, 430), (420, 414), (452, 468), (400, 460)], LEAF)
    for y, right in ((378, 648), (404, 652), (430, 616)):
        c.line([(516, y + 12), (562, y), (right, y)], 8, mix(c.mid, CARD, 0.2))
    for x, y, size, fill in ((720, 240, 26, CORAL), (742, 160, 18, AMBER), (672, 128, 14, c.strong)):
        _star(c, x, y, size, fill)
    for x, y, size, fill in ((252, 230, 24, AMBER), (206, 158, 15, CORAL)):
        _star(c, x, y, size, fill)


def _die(c: Canvas, x: float, y: float, side: float, degrees: float, dots: tuple[Point, ...]) -> None:
    c.box_turned(x + 5, y + 8, side, side, degrees, mix(c.ground, c.deep, 0.3), 16)
    c.box_turned(x, y, side, side, degrees, CARD, 16)
    for dot in dots:
        place = turn((dot[0] * side * 0.27, dot[1] * side * 0.27), degrees, (x, y))
        c.circle(*place, side * 0.09, CORAL)


def dice(c: Canvas) -> None:
    """A board game with dice and three pawns."""
    c.backdrop(None)
    c.box_turned(452, 286, 430, 318, -7, mix(c.ground, c.deep, 0.25), 22)
    c.box_turned(446, 276, 430, 318, -7, c.strong, 22)
    c.box_turned(446, 276, 402, 290, -7, CREAM, 12)
    fills = (CORAL, AMBER, LEAF, c.mid)
    around = [(x, -112) for x in range(-168, 169, 56)] + [(168, y) for y in (-56, 0, 56)]
    around += [(x, 112) for x in range(168, -169, -56)] + [(-168, y) for y in (56, 0, -56)]
    for index, place in enumerate(around):
        c.box_turned(*turn(place, -7, (446, 276)), 46, 46, -7, fills[index % 4], 8)
    c.box_turned(446, 276, 190, 106, -7, mix(c.tint, c.mid, 0.3), 14)
    _star(c, 446, 276, 42, AMBER)
    for x, y, fill in ((330, 352, c.deep), (562, 206, CORAL), (392, 198, LEAF_DARK)):
        c.ellipse(x, y + 2, 31, 11, mix(fill, INK, 0.35))
        c.poly([(x - 13, y - 66), (x + 13, y - 66), (x + 29, y), (x - 29, y)], fill)
        c.ellipse(x, y, 29, 9, fill)
        c.circle(x, y - 78, 23, fill)
        c.circle(x - 7, y - 85, 6, mix(fill, CARD, 0.55))
    _die(c, 720, 392, 92, 14, ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)))
    _die(c, 788, 280, 74, -16, ((-1, -1), (0, 0), (1, 1)))


def piano(c: Canvas) -> None:
    """An upright piano with a sheet of music."""
    c.backdrop()
    c.rect(262, 146, 436, 296, c.strong, 14)
    c.rect(244, 132, 472, 32, c.deep, 12)
    c.rect(292, 184, 376, 92, mix(c.strong, c.deep, 0.35), 10)
    c.rect(404, 168, 152, 106, CARD, 6)
    for y in (190, 210, 230, 250):
        c.rect(420, y, 120, 4, mix(c.mid, CARD, 0.3), 2)
    for x, y in ((436, 212), (470, 200), (504, 222)):
        c.ellipse(x, y, 8, 6, c.deep)
        c.line([(x + 7, y), (x + 7, y - 20)], 4, c.deep)
    c.rect(236, 284, 488, 60, c.deep, 12)
    c.rect(256, 292, 448, 40, CREAM, 4)
    for index in range(1, 16):
        c.rect(256 + index * 28 - 1, 292, 2.5, 40, SAND)
        if index % 7 not in (3, 0):
            c.rect(256 + index * 28 - 8, 292, 16, 24, INK, 3)
    c.rect(292, 358, 376, 62, mix(c.strong, c.deep, 0.35), 10)
    for x in (250, 674):
        c.rect(x, 340, 36, 106, c.deep, 8)
    for x in (456, 490):
        c.rect(x, 414, 16, 30, AMBER, 6)
    c.rect(318, 92, 40, 40, CORAL, 8)
    for x, y, fill in ((338, 62, AMBER), (316, 78, CORAL), (360, 78, CORAL)):
        c.circle(x, y, 16, fill)
    c.line([(338, 94), (338, 76)], 6, LEAF_DARK)
    _note(c, 768, 200, CORAL)
    _note(c, 812, 296, AMBER)
    _note(c, 168, 244, AMBER)


def microphone(c: Canvas) -> None:
    """Headphones round a microphone."""
    c.backdrop()
    c.arc(480, 262, 188, 180, 360, 28, c.deep)
    for x, outer in ((292, -1), (668, 1)):
        c.rect(x - 36, 236, 72, 146, CORAL, 32)
        c.rect(x - 14 + outer * 30, 258, 28, 102, mix(CORAL, c.deep, 0.35), 14)
    c.rect(466, 330, 28, 104, c.deep)
    c.rect(392, 424, 176, 24, c.deep, 12)
    c.arc(480, 250, 94, 0, 180, 18, c.deep)
    c.rect(418, 112, 124, 204, c.strong, 62)
    c.rect(418, 222, 124, 26, mix(c.strong, c.deep, 0.55))
    for y in (154, 178, 202):
        for x in (446, 469, 492, 515):
            c.circle(x, y, 6, mix(c.strong, CARD, 0.5))
    c.rect(438, 262, 14, 30, mix(c.strong, CARD, 0.35), 7)
    for x, tall in ((120, 60), (152, 116), (184, 76), (776, 76), (808, 116), (840, 60)):
        c.rect(x - 8, 300 - tall / 2, 16, tall, AMBER, 8)


def cv(c: Canvas) -> None:
    """One page about a person, and a briefcase."""
    c.backdrop()
    c.box_turned(404, 262, 296, 372, -5, mix(c.mid, CARD, 0.45), 12)
    c.rect(272, 66, 300, 378, CARD, 14)
    c.rect(272, 66, 300, 116, c.strong, 14)
    c.rect(272, 140, 300, 42, c.strong)
    c.circle(338, 124, 42, CREAM)
    c.circle(338, 112, 19, SKINS[2])
    c.pie(338, 112, 20, 180, 360, INK)
    c.pie(338, 164, 30, 192, 348, CORAL)
    c.rect(400, 100, 136, 18, CREAM, 9)
    c.rect(400, 130, 92, 12, mix(c.strong, CREAM, 0.6), 6)
    for index, y in enumerate((208, 264, 320, 376)):
        c.circle(312, y + 16, 17, (AMBER, CORAL, LEAF, AMBER)[index])
        c.line([(304, y + 16), (310, y + 22), (321, y + 9)], 5, CARD)
        c.rect(346, y + 2, 120, 11, c.mid, 5)
        c.rect(346, y + 22, 186 - 26 * (index % 2), 9, mix(c.mid, CARD, 0.55), 4)
    c.arc(666, 316, 36, 180, 360, 15, c.deep)
    c.rect(552, 316, 228, 134, WOOD, 20)
    c.rect(552, 316, 228, 62, mix(WOOD, c.deep, 0.3), 20)
    c.rect(552, 356, 228, 24, mix(WOOD, c.deep, 0.3))
    for x in (588, 722):
        c.rect(x, 360, 24, 38, AMBER, 6)


def ball(c: Canvas) -> None:
    """A football on the grass in front of a goal."""
    c.backdrop(None)
    c.rect(0, 388, 960, 152, LEAF)
    c.rect(0, 388, 960, 14, LEAF_DARK)
    for x in range(224, 744, 40):
        c.line([(x, 112), (480 + (x - 480) * 0.9, 384)], 3, mix(c.mid, CARD, 0.45))
    for y in range(140, 380, 40):
        c.line([(206, y), (754, y)], 3, mix(c.mid, CARD, 0.45))
    c.line([(196, 396), (196, 96), (764, 96), (764, 396)], 20, CARD)
    c.ellipse(480, 474, 118, 18, LEAF_DARK)
    c.circle(480, 366, 112, CARD)
    centre = _ring_of(480, 366, 40, 5)
    for angle, corner in zip(range(-90, 270, 72), centre, strict=True):
        edge = [
            (480 + r * math.cos(math.radians(angle + d)), 366 + r * math.sin(math.radians(angle + d)))
            for r, d in ((112, -20), (112, -10), (112, 0), (112, 10), (112, 20), (88, 13), (78, 0), (88, -13))
        ]
        c.line([corner, edge[6]], 7, c.deep)
        c.poly(edge, c.deep)
    c.poly(centre, c.deep)
    for x, y in ((120, 450), (250, 500), (700, 496), (846, 446)):
        c.line([(x - 10, y), (x - 16, y - 18)], 6, LEAF_DARK)
        c.line([(x, y), (x, y - 24)], 6, LEAF_DARK)
        c.line([(x + 10, y), (x + 16, y - 18)], 6, LEAF_DARK)


def haircut(c: Canvas) -> None:
    """Scissors and a comb."""
    c.backdrop(None)
    middle = (332, 268)
    for step in range(17):
        near, far = (18, -150 + step * 18.5), (92 if 0 < step < 16 else 86, -150 + step * 18.5)
        c.line([turn(near, -14, middle), turn(far, -14, middle)], 9, mix(CORAL, c.deep, 0.12))
    c.box_turned(332, 268, 58, 344, -14, CORAL, 26)
    c.line([turn((-8, -120), -14, middle), turn((-8, 20), -14, middle)], 8, mix(CORAL, CARD, 0.45))
    pivot = (592, 266)
    for degrees, blade, handle in ((-19, STEEL_DARK, c.strong), (19, STEEL, c.strong)):
        side = 1 if degrees > 0 else -1
        c.poly(
            [turn(p, degrees, pivot) for p in ((-17, 30), (17, 30), (13, -70), (-side * 12, -206), (-13, -70))], blade
        )
        c.line([turn((0, 24), degrees, pivot), turn((0, 96), degrees, pivot)], 27, handle)
        c.ring(*turn((0, 146), degrees, pivot), 45, 24, handle)
    c.circle(592, 266, 15, AMBER)
    for x, y, size, fill in ((738, 128, 22, AMBER), (786, 204, 13, CORAL), (208, 120, 14, AMBER)):
        c.line([(x - size, y), (x + size, y)], 7, fill)
        c.line([(x, y - size), (x, y + size)], 7, fill)


def pushchair(c: Canvas) -> None:
    """A cot and a pram."""
    c.backdrop()
    wood, dark = WOOD, mix(WOOD, c.deep, 0.3)
    c.rect(196, 316, 232, 42, CREAM, 10)
    c.rect(206, 292, 74, 34, CARD, 14)
    c.rect(286, 306, 136, 52, c.strong, 12)
    for x in range(222, 420, 33):
        c.rect(x, 214, 10, 170, wood, 5)
    c.rect(180, 196, 264, 22, dark, 10)
    c.rect(180, 362, 264, 30, dark, 10)
    for x in (172, 430):
        c.rect(x, 172, 24, 272, dark, 10)
        c.circle(x + 12, 168, 17, AMBER)
    c.curve([(770, 248), (812, 214), (840, 190), (856, 196)], 15, c.deep)
    c.line([(562, 352), (724, 424)], 13, c.deep)
    c.line([(724, 352), (562, 424)], 13, c.deep)
    c.pie(642, 246, 132, 180, 304, mix(CORAL, c.deep, 0.18))
    c.pie(642, 246, 132, 180, 262, CORAL)
    c.pie(642, 246, 132, 180, 220, mix(CORAL, c.deep, 0.18))
    c.pie(642, 240, 132, 0, 180, c.strong)
    c.rect(500, 230, 284, 30, c.deep, 15)
    _star(c, 642, 312, 30, AMBER)
    for x in (562, 724):
        c.ring(x, 414, 36, 14, c.deep)
        for angle in range(0, 180, 45):
            dx, dy = 32 * math.cos(math.radians(angle)), 32 * math.sin(math.radians(angle))
            c.line([(x - dx, 414 - dy), (x + dx, 414 + dy)], 4, c.mid)
        c.circle(x, 414, 9, AMBER)


DRAWINGS = {
    "paint": paint,
    "blocks": blocks,
    "story": story,
    "dice": dice,
    "piano": piano,
    "microphone": microphone,
    "cv": cv,
    "ball": ball,
    "haircut": haircut,
    "pushchair": pushchair,
}
