"""Houses, shops, rooms and what warms them."""

from __future__ import annotations

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, LEAF_DARK, SAND, WOOD, mix

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
        c.ray(774, 128, 66, 86, step * 30, 9, AMBER)
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
        c.circle(x, 366, 34, LEAF)


def bulb(c: Canvas) -> None:
    """A light bulb and a coin."""
    c.backdrop(None)
    for step in range(9):
        c.ray(480, 226, 176, 212, 180 + step * 22.5, 13, AMBER)
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
    for x, fill in ((306, CORAL), (346, AMBER), (386, LEAF), (432, CORAL), (474, AMBER)):
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
        c.circle(716 + dx, 370 + dy, 30, LEAF if dx else LEAF_DARK)


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


def mouse(c: Canvas) -> None:
    """A mouse outside its hole in the skirting board, with a crumb of cheese."""
    fur, ear = "#8C8279", "#E9B7A6"
    c.backdrop(None)
    c.rect(0, 408, 960, 132, c.ground)
    c.rect(0, 296, 960, 112, CREAM)
    c.rect(0, 286, 960, 16, mix(CREAM, c.deep, 0.2), 6)
    c.rect(0, 396, 960, 14, mix(CREAM, c.deep, 0.35))
    c.pie(286, 356, 62, 180, 360, c.deep)
    c.rect(224, 354, 124, 56, c.deep)
    c.curve([(432, 414), (372, 440), (330, 402), (282, 408), (252, 386)], 11, ear)
    c.ellipse(494, 380, 92, 66, fur)
    c.blob([(520, 330), (588, 318), (650, 366), (678, 398), (650, 416), (560, 428), (508, 410)], fur)
    c.circle(542, 308, 34, mix(fur, INK, 0.2))
    c.circle(582, 306, 38, fur)
    c.circle(582, 306, 24, ear)
    c.circle(622, 362, 8, INK)
    c.circle(625, 359, 3, CARD)
    c.circle(676, 399, 10, CORAL)
    for y in (392, 412):
        c.line([(652, 402), (716, y + (y - 402))], 3, mix(fur, INK, 0.4))
    for x in (470, 566, 610):
        c.ellipse(x, 440, 25, 10, ear)
    cheese = mix(AMBER, CREAM, 0.15)
    c.poly([(706, 440), (838, 440), (838, 376), (742, 404)], cheese)
    c.poly([(742, 404), (838, 376), (838, 394), (720, 424)], mix(AMBER, CREAM, 0.55))
    for x, y, radius in ((770, 424, 9), (808, 410, 12), (818, 432, 6)):
        c.circle(x, y, radius, mix(AMBER, WOOD, 0.5))
    for x, y in ((690, 462), (730, 476), (664, 486)):
        c.circle(x, y, 5, AMBER)


def bed(c: Canvas) -> None:
    """A made bed by a window, and a small table with a lamp."""
    c.backdrop()
    dark = mix(WOOD, INK, 0.18)
    c.rect(372, 52, 176, 128, CARD, 10)
    c.rect(386, 66, 148, 100, mix(c.tint, "#6FA6D6", 0.6), 4)
    c.circle(500, 96, 19, CREAM)
    for x, y in ((406, 84), (424, 144), (516, 146)):
        c.circle(x, y, 4, CARD)
    c.rect(455, 66, 10, 100, CARD)
    c.rect(386, 112, 148, 9, CARD)
    c.rect(182, 336, 460, 70, dark, 6)
    c.rect(196, 298, 430, 62, CREAM, 22)
    c.box_turned(270, 262, 128, 76, -9, CARD, 30)
    c.box_turned(292, 286, 138, 58, 0, mix(CARD, c.tint, 0.75), 26)
    c.blob([(330, 300), (384, 250), (480, 244), (570, 252), (628, 290), (634, 384), (480, 388), (330, 386)], c.strong)
    dots = ((396, 282), (452, 276), (508, 276), (564, 282), (396, 366), (452, 366), (508, 366), (564, 366),
            (424, 322), (480, 320), (536, 322), (592, 326))  # fmt: skip
    for index, (x, y) in enumerate(dots):
        c.circle(x, y, 10, (AMBER, CREAM, CORAL)[index % 3])
    c.blob([(322, 304), (356, 262), (400, 244), (386, 300), (372, 388), (328, 390)], CREAM)
    c.rect(160, 166, 42, 282, WOOD, 14)
    c.circle(181, 164, 19, dark)
    c.rect(618, 268, 38, 180, WOOD, 14)
    c.circle(637, 266, 17, dark)
    c.rect(718, 318, 122, 22, WOOD, 8)
    for x in (728, 818):
        c.rect(x, 336, 13, 110, WOOD, 4)
    c.rect(734, 344, 90, 38, dark, 5)
    c.circle(779, 363, 7, AMBER)
    c.rect(754, 300, 50, 18, c.deep, 8)
    c.rect(773, 226, 12, 78, c.deep)
    c.poly([(738, 236), (820, 236), (800, 156), (758, 156)], AMBER)
    c.ellipse(779, 236, 41, 8, mix(AMBER, CREAM, 0.6))


def armchair(c: Canvas) -> None:
    """An armchair with a blanket, a cup of tea and slippers: time to rest."""
    c.backdrop()
    c.ellipse(480, 462, 300, 34, mix(c.ground, CARD, 0.35))
    for x in (352, 580):
        c.rect(x, 420, 22, 42, WOOD, 6)
    c.rect(342, 118, 272, 270, c.strong, 74)
    c.rect(366, 146, 224, 180, mix(c.strong, c.deep, 0.3), 54)
    c.box_turned(478, 258, 124, 104, 8, AMBER, 26)
    c.circle(478, 258, 12, CORAL)
    c.rect(356, 318, 246, 72, c.mid, 26)
    c.rect(344, 366, 268, 66, c.strong, 16)
    for x in (302, 588):
        c.rect(x, 262, 68, 172, c.deep, 32)
    c.poly([(574, 244), (672, 256), (680, 396), (586, 402)], CORAL)
    c.line([(580, 252), (668, 262)], 18, CORAL)
    for y in (288, 326, 364):
        c.line([(580, y), (673, y + 6)], 9, CREAM)
    for x in range(594, 684, 18):
        c.line([(x, 400), (x, 416)], 5, CORAL)
    c.rect(168, 326, 110, 16, WOOD, 8)
    c.rect(214, 340, 18, 108, WOOD)
    c.rect(180, 440, 86, 14, WOOD, 7)
    c.rect(190, 270, 58, 56, CREAM, 16)
    c.arc(250, 294, 15, -80, 80, 8, CREAM)
    c.poly([(208, 288), (230, 288), (219, 306)], CORAL)
    c.circle(213, 287, 7, CORAL)
    c.circle(225, 287, 7, CORAL)
    for x in (206, 230):
        c.curve([(x, 256), (x - 8, 238), (x + 8, 220), (x, 200)], 7, CARD)
    for x in (650, 716):
        c.ellipse(x, 472, 34, 17, AMBER)
        c.ellipse(x - 12, 466, 16, 8, mix(AMBER, WOOD, 0.7))
    c.rect(748, 168, 9, 276, c.deep)
    c.rect(716, 436, 74, 12, c.deep, 6)
    c.poly([(690, 184), (816, 184), (786, 92), (720, 92)], CREAM)
    c.ellipse(753, 184, 63, 10, mix(AMBER, CREAM, 0.4))


def washing_machine(c: Canvas) -> None:
    """A washing machine at work, and a basket of clean clothes."""
    c.backdrop()
    c.rect(276, 96, 290, 348, CARD, 22)
    c.rect(276, 96, 290, 72, mix(CARD, c.strong, 0.2), 22)
    c.rect(276, 150, 290, 18, mix(CARD, c.strong, 0.2))
    c.rect(298, 114, 92, 36, CREAM, 8)
    c.rect(320, 128, 48, 8, c.mid, 4)
    c.circle(520, 132, 22, c.strong)
    c.line([(520, 132), (532, 120)], 6, CREAM)
    for x, fill in ((424, CORAL), (454, AMBER)):
        c.circle(x, 132, 10, fill)
    c.circle(421, 300, 112, mix(CARD, c.deep, 0.3))
    c.circle(421, 300, 92, "#BBD9EE")
    c.pie(421, 300, 92, 8, 188, "#6FA6D6")
    c.blob([(352, 322), (388, 268), (432, 296), (470, 262), (498, 306), (460, 344), (400, 352)], CORAL)
    c.blob([(372, 344), (414, 322), (470, 336), (458, 368), (408, 376)], AMBER)
    c.blob([(398, 250), (436, 232), (462, 258), (428, 286)], c.strong)
    for x, y, radius in ((366, 272, 11), (388, 240, 7), (484, 350, 9), (350, 300, 6), (472, 240, 8)):
        c.circle(x, y, radius, CARD)
    c.arc(421, 300, 78, 205, 250, 8, CARD)
    c.rect(528, 280, 14, 42, c.deep, 6)
    for x in (300, 512):
        c.rect(x, 440, 34, 14, c.deep, 4)
    c.ellipse(704, 330, 60, 38, CORAL)
    c.ellipse(762, 338, 50, 36, CREAM)
    c.ellipse(658, 342, 36, 30, "#6FA6D6")
    c.box_turned(736, 308, 70, 26, -16, AMBER, 12)
    c.poly([(616, 346), (806, 346), (784, 452), (638, 452)], SAND)
    c.rect(606, 338, 210, 22, WOOD, 11)
    for y in (382, 406, 430):
        c.line([(630, y), (792, y)], 6, WOOD)
    for x in (660, 700, 740, 766):
        c.line([(x, 364), (x, 446)], 5, mix(SAND, WOOD, 0.5))
    for x, y, radius in ((186, 182, 25), (226, 250, 15), (166, 274, 18), (626, 112, 19), (672, 168, 28)):
        c.ring(x, y, radius, 5, CARD)
        c.circle(x - radius * 0.35, y - radius * 0.35, radius * 0.18, CARD)


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
    "mouse": mouse,
    "bed": bed,
    "armchair": armchair,
    "washing-machine": washing_machine,
}
