"""Houses, shops, rooms and what warms them."""

from __future__ import annotations

import math

from palette import AMBER, CARD, CORAL, CREAM, SAND, WOOD, mix

from drawings.canvas import Canvas

RAIN = "#6FA6D6"


def _house(c: Canvas, wall: str) -> None:
    c.rect(590, 132, 46, 96, c.deep, 4)
    c.rect(326, 244, 308, 200, wall)
    c.poly([(480, 96), (690, 262), (270, 262)], c.strong)
    c.line([(286, 254), (480, 102), (674, 254)], 24, c.strong)
    c.rect(444, 330, 72, 114, c.deep, 10)
    c.circle(502, 390, 6, AMBER)
    for x in (356, 540):
        c.rect(x, 288, 66, 66, CARD, 6)


def house_drops(c: Canvas) -> None:
    """A house in wind and rain."""
    c.backdrop()
    _house(c, CREAM)
    for x in (356, 540):
        c.rect(x + 6, 294, 54, 54, mix(RAIN, CARD, 0.55), 4)
        c.rect(x + 30, 294, 6, 54, CARD)
        c.rect(x + 6, 318, 54, 6, CARD)
    for x, y in ((160, 120), (230, 214), (140, 286), (776, 110), (824, 220), (744, 300)):
        c.blob([(x, y - 34), (x + 21, y + 8), (x, y + 28), (x - 21, y + 8)], RAIN)
    for y, bend in ((386, 20), (412, 14)):
        c.curve([(110, y), (170, y - bend), (230, y), (286, y - bend)], 10, CARD)


def house_sun(c: Canvas) -> None:
    """A warm house on a cold day."""
    c.backdrop()
    c.circle(774, 128, 50, AMBER)
    for step in range(12):
        angle = math.radians(step * 30)
        start, end = 66, 86
        c.line(
            [(774 + start * math.cos(angle), 128 + start * math.sin(angle)),
             (774 + end * math.cos(angle), 128 + end * math.sin(angle))],
            9, AMBER,
        )  # fmt: skip
    _house(c, CREAM)
    for x in (356, 540):
        c.rect(x + 6, 294, 54, 54, AMBER, 4)
        c.rect(x + 30, 294, 6, 54, CARD)
        c.rect(x + 6, 318, 54, 6, CARD)
    c.curve([(613, 118), (600, 92), (624, 72), (610, 44)], 13, CARD)
    c.circle(464, 212, 19, CREAM)
    c.circle(496, 212, 19, CREAM)
    c.poly([(448, 222), (512, 222), (480, 256)], CREAM)
    for x in (210, 248):
        c.rect(x - 5, 380, 10, 60, WOOD)
        c.circle(x, 366, 34, "#4F9A63")


def bulb(c: Canvas) -> None:
    """A light bulb and a coin."""
    c.backdrop(None)
    for step in range(9):
        angle = math.radians(180 + step * 22.5)
        c.line(
            [(480 + 176 * math.cos(angle), 226 + 176 * math.sin(angle)),
             (480 + 212 * math.cos(angle), 226 + 212 * math.sin(angle))],
            13, AMBER,
        )  # fmt: skip
    c.circle(480, 226, 138, AMBER)
    c.poly([(394, 330), (566, 330), (536, 392), (424, 392)], AMBER)
    c.circle(480, 226, 108, mix(AMBER, CARD, 0.45))
    c.curve([(440, 384), (444, 290), (420, 226)], 9, c.strong)
    c.curve([(520, 384), (516, 290), (540, 226)], 9, c.strong)
    c.curve([(420, 226), (450, 256), (480, 222), (510, 256), (540, 226)], 9, c.strong)
    for y in (392, 420, 448):
        c.rect(424, y, 112, 22, c.strong if y != 420 else c.deep, 11)
    c.rect(450, 472, 60, 16, c.deep, 8)


def shop(c: Canvas) -> None:
    """A greengrocer's with a striped awning."""
    _shop_front(c)
    for x, fill in ((306, CORAL), (346, AMBER), (386, "#4F9A63"), (432, CORAL), (474, AMBER)):
        c.circle(x, 384, 22, fill)
    c.rect(268, 398, 250, 22, WOOD)


def empty_shop(c: Canvas) -> None:
    """A shop with bare windows and a key in the glass."""
    _shop_front(c)
    c.rect(308, 300, 170, 80, AMBER, 16)
    c.line([(372, 340), (446, 340)], 12, CREAM)
    c.rect(424, 340, 12, 20, CREAM, 4)
    c.ring(350, 340, 19, 11, CREAM)


def _shop_front(c: Canvas) -> None:
    c.backdrop()
    c.rect(238, 92, 484, 352, c.strong, 12)
    c.rect(262, 112, 436, 56, CREAM, 10)
    for x in (330, 370, 410):
        c.circle(x, 140, 11, CORAL)
    c.rect(438, 132, 190, 16, c.mid, 8)
    c.rect(268, 268, 250, 144, CARD)
    c.rect(276, 276, 234, 128, mix(c.tint, CARD, 0.4))
    c.rect(556, 258, 124, 186, c.deep, 4)
    c.rect(572, 276, 92, 100, mix(c.tint, CARD, 0.4), 4)
    c.circle(574, 404, 7, AMBER)
    for index in range(8):
        fill = CORAL if index % 2 == 0 else CREAM
        left = 222 + index * 64.5
        c.rect(left, 182, 64.5, 54, fill)
        c.pie(left + 32.2, 236, 32.2, 0, 180, fill)


def shelves(c: Canvas) -> None:
    """A cupboard of things to borrow."""
    c.backdrop()
    c.rect(252, 66, 456, 378, c.strong, 16)
    c.rect(274, 88, 412, 334, CREAM, 6)
    for y in (196, 306):
        c.rect(274, y, 412, 14, c.mid)
    c.rect(304, 130, 84, 38, CORAL, 10)
    c.rect(384, 140, 44, 14, c.deep, 4)
    c.poly([(312, 160), (348, 160), (356, 196), (326, 196)], c.deep)
    c.poly([(470, 196), (532, 112), (594, 196)], AMBER)
    c.poly([(514, 196), (532, 150), (550, 196)], c.deep)
    c.rect(622, 126, 42, 70, c.mid, 8)
    c.circle(643, 116, 16, c.mid)
    c.rect(300, 250, 96, 56, c.strong, 14)
    c.rect(288, 242, 120, 14, c.deep, 7)
    for index, fill in enumerate((CORAL, AMBER, c.strong, c.deep)):
        c.rect(446 + index * 26, 232 + (index % 2) * 12, 22, 74 - (index % 2) * 12, fill, 3)
    c.circle(620, 270, 36, CORAL)
    c.arc(620, 270, 20, 200, 340, 6, CREAM)
    c.rect(300, 360, 108, 62, WOOD, 8)
    c.arc(354, 360, 26, 180, 360, 8, WOOD)
    c.rect(340, 376, 28, 14, AMBER, 4)
    c.rect(440, 346, 110, 76, SAND, 6)
    c.rect(484, 346, 22, 76, WOOD)
    c.circle(620, 380, 40, c.strong)
    c.circle(620, 380, 18, CREAM)


def teapot(c: Canvas) -> None:
    """A teapot in a warm room."""
    c.backdrop()
    c.curve([(660, 150), (644, 122), (672, 96), (656, 66)], 12, CARD)
    c.curve([(704, 160), (690, 136), (714, 114), (700, 90)], 10, CARD)
    c.arc(338, 306, 74, 90, 270, 26, c.deep)
    c.blob(
        [(580, 330), (626, 290), (640, 220), (690, 196), (694, 226), (672, 252), (654, 340), (590, 392)],
        c.deep,
    )
    c.ellipse(466, 318, 158, 124, c.strong)
    c.rect(386, 424, 160, 20, c.deep, 10)
    c.ellipse(466, 206, 84, 22, c.deep)
    c.circle(466, 178, 20, AMBER)
    c.circle(440, 302, 31, CREAM)
    c.circle(492, 302, 31, CREAM)
    c.poly([(414, 318), (518, 318), (466, 376)], CREAM)
    c.rect(716, 366, 96, 76, CREAM, 20)
    c.arc(812, 396, 22, -80, 80, 11, CREAM)
    c.rect(694, 436, 140, 14, c.deep, 7)


def key(c: Canvas) -> None:
    """A key with a tag."""
    c.backdrop(None)
    c.line([(420, 270), (738, 270)], 40, AMBER)
    for x, length in ((648, 72), (716, 92)):
        c.rect(x - 17, 270, 34, length, AMBER, 8)
    c.circle(336, 270, 112, AMBER)
    c.circle(336, 270, 54, c.soft)
    c.ring(336, 270, 84, 8, mix(AMBER, WOOD, 0.35))
    c.curve([(300, 312), (262, 348), (272, 396), (236, 420)], 8, c.deep)
    c.box_turned(196, 440, 130, 78, -24, c.strong, 14)
    c.circle(240, 420, 9, c.tint)
    c.box_turned(186, 446, 62, 9, -24, c.tint, 4)


def door(c: Canvas) -> None:
    """An open door with light behind it."""
    c.backdrop()
    c.rect(346, 70, 268, 374, c.deep, 12)
    c.rect(366, 90, 228, 354, mix(AMBER, CARD, 0.5))
    c.poly([(366, 444), (594, 444), (676, 540), (300, 540)], mix(AMBER, c.ground, 0.45))
    c.poly([(366, 90), (480, 124), (480, 486), (366, 444)], c.strong)
    c.poly([(384, 120), (462, 144), (462, 270), (384, 262)], c.mid)
    c.poly([(384, 286), (462, 294), (462, 448), (384, 418)], c.mid)
    c.circle(462, 284, 9, AMBER)
    c.rect(684, 356, 64, 88, CORAL, 8)
    for dx, dy in ((-34, -70), (0, -96), (34, -70), (-16, -40), (18, -44)):
        c.circle(716 + dx, 370 + dy, 30, "#4F9A63" if dx else "#35784A")


def bank(c: Canvas) -> None:
    """An old bank with columns."""
    c.backdrop()
    c.rect(258, 404, 444, 22, c.deep, 4)
    c.rect(236, 424, 488, 22, c.strong, 4)
    c.rect(284, 214, 392, 192, CREAM)
    c.rect(442, 276, 76, 130, c.deep, 8)
    for x in (306, 376, 538, 608):
        c.rect(x, 224, 46, 182, c.mid)
        c.rect(x - 7, 214, 60, 18, c.strong, 4)
        c.rect(x - 7, 390, 60, 16, c.strong, 4)
    c.rect(262, 186, 436, 30, c.strong, 4)
    c.poly([(480, 76), (716, 188), (244, 188)], c.strong)
    c.circle(480, 148, 30, CREAM)
    c.line([(480, 148), (480, 130)], 6, c.deep)
    c.line([(480, 148), (494, 154)], 6, c.deep)
    c.circle(506, 342, 5, AMBER)


DRAWINGS = {
    "house-drops": house_drops,
    "house-sun": house_sun,
    "bulb": bulb,
    "shop": shop,
    "empty-shop": empty_shop,
    "shelves": shelves,
    "teapot": teapot,
    "key": key,
    "door": door,
    "bank": bank,
}
