"""Streets, greens and groups."""

from __future__ import annotations

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas

HAIRS = ("#5B3A26", INK, "#D9D2C6", "#2F2420")
STEEL = "#C9D0D4"
ORANGE = "#EE8B3A"


def round_table(c: Canvas) -> None:
    """People in a ring round a table, two of them seen from behind."""
    c.backdrop(None)
    for x, foot, coat, skin, hair in (
        (292, 352, CORAL, SKINS[1], HAIRS[1]),
        (480, 330, c.strong, SKINS[0], HAIRS[2]),
        (668, 352, AMBER, SKINS[3], HAIRS[3]),
    ):
        c.person(x, foot, 190, coat, skin, hair)
    c.ellipse(480, 382, 320, 92, mix(WOOD, c.deep, 0.35))
    c.ellipse(480, 366, 320, 92, WOOD)
    c.ellipse(480, 362, 300, 80, mix(WOOD, CREAM, 0.25))
    for x, y, degrees in ((330, 352, -8), (620, 350, 9), (486, 320, 0)):
        c.box_turned(x, y, 74, 40, degrees, CARD, 4)
        c.box_turned(x, y - 6, 46, 6, degrees, c.mid, 2)
        c.box_turned(x, y + 7, 34, 6, degrees, c.mid, 2)
    c.rect(452, 350, 56, 44, c.strong, 16)
    c.arc(512, 370, 14, -90, 90, 8, c.strong)
    c.line([(452, 374), (432, 358)], 10, c.strong)
    c.ellipse(480, 352, 26, 8, c.deep)
    c.circle(480, 345, 6, AMBER)
    for x, skin, hair, coat in ((300, SKINS[2], HAIRS[3], c.deep), (660, SKINS[0], HAIRS[0], mix(CORAL, c.deep, 0.3))):
        c.rect(x - 82, 470, 164, 140, coat, 62)
        c.rect(x - 16, 440, 32, 44, mix(skin, WOOD, 0.15), 10)
        c.circle(x, 412, 56, hair)
        c.ellipse(x - 56, 420, 10, 15, skin)
        c.ellipse(x + 56, 420, 10, 15, skin)


def ballot_box(c: Canvas) -> None:
    """A hand that puts a paper in a box with a slot."""
    c.backdrop()
    c.box_turned(476, 176, 150, 172, -7, CARD, 8)
    for y, wide in ((128, 70), (164, 54), (200, 70)):
        c.box_turned(498, y, wide, 9, -7, c.mid, 3)
        c.box_turned(436, y + 7, 22, 22, -7, mix(c.mid, CARD, 0.55), 3)
    c.line([(426, 170), (435, 181), (454, 154)], 9, CORAL)
    c.poly([(296, 262), (664, 262), (620, 222), (340, 222)], mix(c.strong, CARD, 0.25))
    c.poly([(392, 248), (568, 248), (560, 236), (400, 236)], mix(c.deep, INK, 0.4))
    c.poly([(404, 200), (556, 182), (562, 242), (402, 242)], CARD)
    c.rect(288, 258, 384, 190, c.strong, 14)
    c.rect(288, 258, 384, 24, c.deep, 10)
    c.circle(480, 364, 50, CREAM)
    c.line([(456, 366), (474, 384), (506, 344)], 15, CORAL)
    c.line([(830, 30), (690, 104)], 92, AMBER)
    c.line([(712, 92), (692, 103)], 96, mix(AMBER, CARD, 0.4))
    c.line([(682, 106), (632, 130)], 60, SKINS[1])
    c.ellipse(622, 138, 48, 42, SKINS[1])
    for y, end in ((126, 548), (146, 538), (166, 546)):
        c.line([(610, y), (end, y + 10)], 22, SKINS[1])
    c.line([(624, 116), (572, 96)], 22, SKINS[1])
    c.arc(612, 292, 14, 180, 360, 8, mix(AMBER, WOOD, 0.7))
    c.rect(592, 292, 40, 44, AMBER, 8)
    c.circle(612, 314, 6, INK)


def clipboard(c: Canvas) -> None:
    """A board with a list, most of it ticked, and a pen."""
    c.backdrop()
    c.box_turned(462, 284, 300, 372, -4, mix(WOOD, c.deep, 0.18), 20)
    c.box_turned(462, 296, 260, 318, -4, CARD, 8)
    c.box_turned(447, 106, 132, 44, -4, c.deep, 14)
    c.box_turned(445, 82, 54, 32, -4, c.deep, 14)
    c.circle(445, 84, 9, CARD)
    for row, ticked in enumerate((True, True, True, False)):
        x, y = 372 + row * 4.4, 190 + row * 64
        c.box_turned(x, y, 36, 36, -4, c.tint, 6)
        c.box_turned(x + 104, y - 16, 128, 11, -4, c.mid, 4)
        c.box_turned(x + 88, y + 9, 92, 11, -4, mix(c.mid, CARD, 0.5), 4)
        if ticked:
            c.line([(x - 12, y - 2), (x - 2, y + 11), (x + 20, y - 20)], 10, CORAL if row else LEAF)
    c.line([(746, 208), (648, 402)], 30, c.strong)
    c.line([(746, 208), (732, 236)], 31, AMBER)
    c.poly([(634, 395), (662, 409), (630, 446)], SAND)
    c.poly([(636, 424), (643, 428), (630, 446)], INK)


def cash_box(c: Canvas) -> None:
    """An open cash tin with coins and notes, and a small receipt book."""
    c.backdrop()
    c.poly([(288, 250), (628, 250), (600, 118), (316, 118)], c.strong)
    c.poly([(306, 240), (610, 240), (588, 132), (328, 132)], mix(c.strong, c.deep, 0.55))
    c.rect(424, 100, 68, 22, c.deep, 11)
    for x, y, degrees, fill in ((384, 212, -10, LEAF), (440, 206, 5, mix(LEAF, CARD, 0.35)), (530, 212, 9, CORAL)):
        c.box_turned(x, y, 118, 76, degrees, fill, 6)
        c.circle(x, y, 19, mix(fill, CARD, 0.5))
    c.rect(276, 244, 364, 30, c.deep, 10)
    c.rect(276, 258, 364, 186, c.strong, 18)
    c.rect(276, 306, 364, 10, mix(c.strong, c.deep, 0.5))
    c.circle(458, 372, 34, CREAM)
    c.circle(458, 364, 10, INK)
    c.poly([(453, 366), (463, 366), (468, 392), (448, 392)], INK)
    for x, count, fill in ((206, 5, AMBER), (152, 2, SAND)):
        for step in range(count):
            y = 440 - step * 20
            c.rect(x - 36, y - 11, 72, 22, mix(fill, WOOD, 0.4), 11)
            c.ellipse(x, y - 10, 36, 9, fill)
    c.box_turned(746, 366, 128, 150, 6, CORAL, 8)
    c.box_turned(748, 358, 118, 140, 6, CARD, 6)
    for dy, wide in ((-44, 80), (-18, 80), (8, 56)):
        c.box_turned(750 - dy * 0.1, 358 + dy, wide, 9, 6, c.mid, 3)
    c.curve([(712, 400), (730, 390), (744, 408), (762, 396), (782, 406)], 6, c.strong)


def litter(c: Canvas) -> None:
    """A full sack, a can in the jaws of a picker, a bottle and leaves."""
    c.backdrop()
    c.box_turned(372, 200, 66, 120, -16, CREAM, 10)
    c.box_turned(366, 180, 62, 26, -16, CORAL, 2)
    c.box_turned(362, 142, 74, 16, -16, c.deep, 7)
    c.box_turned(496, 214, 58, 110, 18, AMBER, 10)
    c.box_turned(500, 202, 58, 34, 18, CARD, 2)
    c.box_turned(513, 162, 48, 11, 18, STEEL, 5)
    c.blob([(402, 250), (412, 176), (446, 164), (470, 190), (462, 256)], CARD)
    c.line([(430, 190), (446, 214), (438, 236)], 5, STEEL)
    c.ellipse(434, 256, 140, 26, mix(c.deep, INK, 0.35))
    c.blob([(294, 256), (360, 276), (434, 282), (508, 276), (574, 256), (588, 350), (598, 440), (434, 452),
            (270, 440), (280, 350)], c.strong)  # fmt: skip
    c.curve([(294, 254), (360, 275), (434, 281), (508, 275), (574, 254)], 17, mix(c.strong, CARD, 0.25))
    c.curve([(342, 310), (326, 360), (332, 420)], 10, mix(c.strong, CARD, 0.3))
    c.curve([(392, 318), (384, 350), (388, 384)], 10, mix(c.strong, CARD, 0.3))
    c.curve([(510, 312), (540, 360), (534, 420)], 10, mix(c.strong, c.deep, 0.6))
    c.line([(872, 62), (706, 330)], 20, STEEL)
    c.line([(884, 44), (848, 102)], 34, CORAL)
    c.arc(838, 78, 34, 20, 150, 12, CORAL)
    c.curve([(706, 330), (662, 346), (650, 384)], 14, c.deep)
    c.curve([(706, 330), (722, 372), (704, 404)], 14, c.deep)
    c.box_turned(672, 398, 62, 88, 24, CORAL, 10)
    c.box_turned(672, 398, 62, 30, 24, CREAM, 2)
    c.box_turned(690, 358, 52, 12, 24, STEEL, 5)
    c.rect(160, 336, 62, 110, mix(LEAF, CARD, 0.3), 18)
    c.rect(178, 284, 26, 64, mix(LEAF, CARD, 0.3), 8)
    c.rect(176, 272, 30, 20, c.deep, 5)
    c.rect(160, 376, 62, 36, CARD)
    for x, y, degrees, fill in ((250, 462, 20, ORANGE), (604, 480, -30, AMBER), (800, 470, 10, ORANGE)):
        c.box_turned(x, y, 44, 24, degrees, fill, 11)
        c.line([(x - 20, y - degrees * 0.3), (x + 20, y + degrees * 0.3)], 4, WOOD)


def hopscotch(c: Canvas) -> None:
    """A road shut with a barrier, a chalked hopscotch, a ball and chalks."""
    c.backdrop(None)
    c.rect(0, 232, 960, 308, mix(LEAF, c.tint, 0.45))
    road = mix(c.deep, "#6B7278", 0.75)
    c.poly([(372, 232), (588, 232), (890, 540), (70, 540)], road)
    c.poly([(350, 232), (372, 232), (70, 540), (10, 540)], SAND)
    c.poly([(588, 232), (610, 232), (950, 540), (890, 540)], SAND)
    for x, size in ((214, 1.0), (760, 1.2)):
        c.rect(x - 9 * size, 160, 18 * size, 90, WOOD)
        c.circle(x, 130, 58 * size, LEAF)
        c.circle(x + 34 * size, 150, 38 * size, LEAF_DARK)
    for x in (392, 568):
        c.rect(x - 8, 176, 16, 78, c.deep, 4)
    c.rect(352, 172, 256, 46, CARD, 10)
    for x in range(366, 590, 60):
        c.poly([(x, 218), (x + 30, 218), (x + 52, 172), (x + 22, 172)], CORAL)
    c.rect(352, 172, 256, 8, CARD, 4)
    c.rect(352, 210, 256, 8, CARD, 4)
    rows = ((520, 452, 1), (452, 394, 2), (394, 344, 1), (344, 302, 2), (302, 268, 1))
    for low, high, count in rows:
        wide_low, wide_high = (low - 120) * 0.26, (high - 120) * 0.26
        for half in (-1, 1) if count == 2 else (0,):
            left_low, right_low = 480 + (half - 1) * wide_low / 2, 480 + (half + 1) * wide_low / 2
            left_high, right_high = 480 + (half - 1) * wide_high / 2, 480 + (half + 1) * wide_high / 2
            corners = [(left_low, low), (right_low, low), (right_high, high), (left_high, high)]
            c.line([*corners, corners[0]], 7, CREAM)
    c.ellipse(482, 486, 20, 11, AMBER)
    c.ellipse(716, 486, 50, 12, mix(road, INK, 0.4))
    c.circle(716, 440, 48, CORAL)
    c.pie(716, 440, 48, 200, 260, CREAM)
    c.pie(716, 440, 48, 320, 20, AMBER)
    c.pie(716, 440, 48, 80, 140, c.strong)
    c.circle(716, 440, 10, CREAM)
    for x, y, degrees, fill in ((258, 470, 24, AMBER), (296, 496, -14, CORAL), (232, 506, 4, CREAM)):
        c.box_turned(x, y, 58, 17, degrees, fill, 7)


def clothes_rail(c: Canvas) -> None:
    """A rail with a coat, a dress, a shirt and trousers, and a pair of boots."""
    c.backdrop()
    c.line([(196, 96), (764, 96)], 15, c.deep)
    for x in (212, 748):
        c.line([(x, 96), (x, 440)], 15, c.deep)
        c.line([(x - 52, 446), (x + 52, 446)], 15, c.deep)
    for x in (286, 412, 542, 668):
        c.arc(x, 112, 14, 170, 380, 6, WOOD)
        c.line([(x, 126), (x - 46, 150)], 8, WOOD)
        c.line([(x, 126), (x + 46, 150)], 8, WOOD)
    _coat(c, 286)
    c.poly([(378, 146), (446, 146), (436, 226), (482, 384), (342, 384), (388, 226)], CORAL)
    c.pie(412, 144, 20, 0, 180, c.soft)
    c.rect(386, 222, 52, 13, CREAM, 5)
    for x, y in ((392, 270), (434, 262), (372, 330), (414, 312), (452, 332)):
        c.circle(x, y, 9, CREAM)
    c.poly([(504, 142), (580, 142), (618, 214), (586, 234), (578, 216), (578, 316), (506, 316), (506, 216),
            (498, 234), (466, 214)], AMBER)  # fmt: skip
    c.pie(542, 140, 22, 0, 180, c.soft)
    for y in (226, 258, 290):
        c.rect(506, y, 72, 13, mix(AMBER, CORAL, 0.6))
    c.poly([(628, 148), (708, 148), (716, 380), (678, 380), (668, 220), (658, 380), (620, 380)], "#4A6FA5")
    c.rect(628, 144, 80, 18, mix("#4A6FA5", INK, 0.35), 4)
    c.line([(580, 224), (600, 268)], 4, WOOD)
    c.box_turned(606, 286, 30, 42, -14, CREAM, 5)
    for x in (530, 600):
        c.rect(x - 24, 382, 36, 58, WOOD, 8)
        c.rect(x - 24, 414, 62, 30, WOOD, 13)
        c.rect(x - 26, 438, 68, 10, mix(WOOD, INK, 0.5), 5)


def _coat(c: Canvas, x: float) -> None:
    """A long coat on its hanger."""
    dark = mix(c.strong, c.deep, 0.6)
    c.line([(x - 50, 164), (x - 68, 288)], 36, dark)
    c.line([(x + 50, 164), (x + 68, 288)], 36, dark)
    c.poly([(x - 54, 146), (x + 54, 146), (x + 64, 366), (x - 64, 366)], c.strong)
    c.poly([(x - 24, 146), (x + 24, 146), (x, 204)], CREAM)
    c.line([(x, 204), (x, 360)], 6, dark)
    for y in (236, 278, 320):
        c.circle(x + 15, y, 6, AMBER)
    for side in (-1, 1):
        c.rect(x + side * 36 - 17, 292, 34, 11, dark, 4)


def microphone(c: Canvas) -> None:
    """A microphone on a small table beside an armchair with a cushion."""
    c.backdrop()
    dark = mix(CORAL, c.deep, 0.35)
    for x in (536, 748):
        c.rect(x, 426, 22, 34, WOOD, 5)
    c.rect(520, 150, 270, 270, CORAL, 70)
    c.rect(548, 182, 214, 200, mix(CORAL, CARD, 0.15), 50)
    c.rect(520, 346, 270, 92, dark, 22)
    c.rect(536, 326, 238, 56, mix(CORAL, CARD, 0.28), 24)
    for x in (484, 748):
        c.rect(x, 276, 78, 162, CORAL, 36)
        c.circle(x + 39, 314, 26, dark)
    c.box_turned(660, 282, 98, 92, 12, AMBER, 16)
    for dx, dy in ((-20, -14), (16, -20), (0, 8), (24, 18), (-24, 22)):
        c.circle(660 + dx, 282 + dy, 7, CREAM)
    c.ellipse(296, 398, 156, 22, mix(WOOD, c.deep, 0.3))
    c.ellipse(296, 392, 156, 20, WOOD)
    for x in (206, 386):
        c.line([(x, 406), (x - 8 if x < 296 else x + 8, 480)], 15, mix(WOOD, c.deep, 0.3))
    c.ellipse(280, 388, 60, 12, c.deep)
    c.line([(280, 384), (280, 286)], 14, c.deep)
    c.arc(280, 214, 64, 0, 180, 13, c.deep)
    c.rect(236, 96, 88, 158, c.strong, 44)
    for y in (132, 160, 188, 216):
        c.rect(248, y, 64, 8, mix(c.strong, CARD, 0.45), 4)
    c.rect(232, 168, 96, 15, AMBER, 6)
    for radius in (118, 158):
        c.arc(280, 176, radius, -32, 32, 11, AMBER)
        c.arc(280, 176, radius, 148, 212, 11, AMBER)
    c.rect(354, 346, 62, 44, CREAM, 12)
    c.arc(418, 366, 14, -90, 90, 8, CREAM)
    c.rect(354, 358, 62, 8, CORAL)


def bench(c: Canvas) -> None:
    """A street bench under a young tree in its square of soil, and a bin."""
    c.backdrop()
    c.rect(0, 446, 960, 94, mix(c.ground, SAND, 0.4))
    c.rect(0, 446, 960, 8, mix(c.ground, c.deep, 0.2))
    c.ellipse(282, 470, 104, 18, mix(WOOD, c.deep, 0.6))
    c.line([(282, 468), (282, 250)], 26, WOOD)
    c.line([(282, 320), (226, 254)], 14, WOOD)
    c.line([(282, 300), (340, 236)], 14, WOOD)
    for x, y, radius, fill in (
        (330, 200, 82, LEAF_DARK), (230, 214, 78, LEAF_DARK), (282, 140, 92, LEAF), (214, 180, 60, LEAF),
        (340, 166, 52, LEAF),
    ):  # fmt: skip
        c.circle(x, y, radius, fill)
    for x, y in ((250, 110), (310, 176), (226, 214), (348, 216), (290, 136)):
        c.circle(x, y, 10, mix(LEAF, AMBER, 0.55))
    for x, fill in ((222, CORAL), (250, AMBER), (318, CREAM), (346, CORAL)):
        c.line([(x, 468), (x, 446)], 5, LEAF_DARK)
        c.circle(x, 440, 11, fill)
    for x in (452, 700):
        c.line([(x, 300), (x, 392), (x + 6, 478)], 16, c.deep)
        c.line([(x - 2, 392), (x - 30, 478)], 16, c.deep)
    for y in (296, 332):
        c.rect(416, y, 322, 24, WOOD, 8)
    c.rect(404, 380, 346, 20, WOOD, 8)
    c.rect(398, 402, 358, 18, mix(WOOD, c.deep, 0.25), 8)
    c.rect(806, 344, 92, 132, c.strong, 14)
    c.rect(796, 322, 112, 34, c.deep, 14)
    c.rect(824, 330, 56, 14, INK, 7)
    c.blob([(852, 382), (880, 400), (868, 436), (836, 440), (830, 404)], mix(c.strong, CARD, 0.55))


DRAWINGS = {
    "round-table": round_table,
    "ballot-box": ballot_box,
    "clipboard": clipboard,
    "cash-box": cash_box,
    "litter": litter,
    "hopscotch": hopscotch,
    "clothes-rail": clothes_rail,
    "microphone": microphone,
    "bench": bench,
}
