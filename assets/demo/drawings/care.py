"""Health, money and looking out for each other."""

from __future__ import annotations

import math
from collections.abc import Callable

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas, Point

GREY = "#D9D2C6"
VEST = "#F5D547"


def puncture(c: Canvas) -> None:
    """An inner tube with a patch, tyre levers and glue."""
    c.backdrop()
    c.ring(400, 262, 138, 62, c.deep)
    c.arc(400, 262, 150, 196, 262, 9, mix(c.deep, CARD, 0.3))
    c.line([(400, 354), (400, 318)], 15, AMBER)
    c.line([(400, 326), (400, 318)], 19, mix(AMBER, WOOD, 0.5))
    c.box_turned(498, 164, 92, 60, 45, CORAL, 16)
    c.box_turned(498, 164, 52, 34, 45, AMBER, 10)
    for x, y, radius in ((566, 112, 11), (596, 82, 8), (560, 68, 6)):
        c.circle(x, y, radius, CARD)
    for x, lean in ((632, -8), (676, -2)):
        c.box_turned(x, 336, 26, 190, lean, AMBER if x == 632 else c.strong, 12)
        c.circle(x + 84 * math.sin(math.radians(lean)), 262, 5, CREAM)
    c.poly([(736, 436), (814, 436), (800, 316), (750, 316)], CREAM)
    c.rect(732, 424, 86, 16, c.mid, 5)
    c.poly([(742, 388), (808, 388), (804, 350), (746, 350)], CORAL)
    c.rect(762, 288, 26, 30, c.deep, 6)


def wallet(c: Canvas) -> None:
    """A wallet with cards and some coins."""
    c.backdrop()
    c.box_turned(428, 196, 250, 150, -7, CREAM, 16)
    c.box_turned(424, 158, 250, 26, -7, mix(CREAM, c.deep, 0.35))
    c.box_turned(452, 226, 250, 150, 3, AMBER, 16)
    c.box_turned(386, 196, 48, 36, 3, mix(AMBER, WOOD, 0.5), 8)
    c.box_turned(440, 256, 262, 130, 0, CORAL, 16)
    c.rect(332, 212, 120, 12, CREAM, 6)
    c.rect(264, 246, 376, 196, c.strong, 30)
    c.rect(264, 246, 376, 40, c.deep, 20)
    c.rect(264, 262, 376, 26, c.strong)
    for x in range(286, 600, 26):
        c.rect(x, 272, 15, 5, c.mid, 2)
        c.rect(x, 418, 15, 5, c.mid, 2)
    c.rect(552, 310, 112, 68, c.deep, 32)
    c.circle(590, 344, 17, AMBER)
    for x, count in ((724, 4), (800, 2)):
        for level in range(count):
            y = 430 - level * 22
            c.ellipse(x, y + 8, 42, 15, mix(AMBER, WOOD, 0.7))
            c.ellipse(x, y, 42, 15, AMBER)
        c.ellipse(x, 430 - (count - 1) * 22, 27, 8, mix(AMBER, CREAM, 0.55))


def front_door(c: Canvas) -> None:
    """A shut front door with a viewer and a chain."""
    c.backdrop()
    for x, y in ((246, 120), (208, 166), (246, 212), (690, 190), (712, 236), (690, 282)):
        c.rect(x, y, 70, 32, mix(c.soft, c.strong, 0.14), 5)
    c.rect(340, 56, 280, 384, CREAM, 12)
    c.rect(362, 78, 236, 362, c.strong, 6)
    for x in (386, 492):
        c.rect(x, 102, 82, 116, c.deep, 8)
        c.rect(x, 306, 82, 108, c.deep, 8)
    c.rect(396, 112, 62, 96, mix(c.deep, c.strong, 0.4), 6)
    c.rect(502, 112, 62, 96, mix(c.deep, c.strong, 0.4), 6)
    c.circle(480, 160, 15, AMBER)
    c.circle(480, 160, 7, INK)
    c.rect(426, 248, 108, 26, AMBER, 8)
    c.rect(438, 257, 84, 7, c.deep, 3)
    c.circle(586, 298, 13, AMBER)
    c.rect(538, 226, 56, 15, GREY, 6)
    for step in range(5):
        x, y = 560 + step * 17, 244 + 20 * math.sin(math.radians(step * 45))
        c.ring(x, y, 10, 5, GREY)
    c.rect(620, 226, 26, 34, GREY, 6)
    c.rect(320, 436, 320, 22, mix(c.ground, c.deep, 0.4), 4)
    c.rect(362, 466, 236, 40, CORAL, 8)
    for x in range(382, 580, 40):
        c.rect(x, 482, 22, 8, CREAM, 4)
    c.poly([(700, 376), (796, 376), (780, 458), (716, 458)], WOOD)
    for dx, y, radius in ((-34, 344, 32), (34, 344, 32), (0, 304, 44), (0, 350, 36)):
        c.circle(748 + dx, y, radius, LEAF if dx else LEAF_DARK)


def phone_tree(c: Canvas) -> None:
    """A telephone whose lines reach two people, and from them four."""
    c.backdrop(None)
    top: Point = (480, 116)
    second = ((326, 262), (634, 262))
    third = ((226, 424), (402, 424), (558, 424), (734, 424))
    for x, y in second:
        c.curve([top, ((top[0] + x) / 2, 174), (x, y)], 11, c.mid)
    for index, (x, y) in enumerate(third):
        c.line([second[index // 2], (x, y)], 11, c.mid)
    looks = (
        (CORAL, SKINS[0], GREY), (AMBER, SKINS[3], INK), (c.strong, SKINS[2], "#5B3A26"),
        (AMBER, SKINS[0], WOOD), (CORAL, SKINS[1], INK), (LEAF, SKINS[0], GREY),
    )  # fmt: skip
    for (x, y), (coat, skin, hair) in zip((*second, *third), looks, strict=True):
        c.circle(x, y, 64, CARD)
        c.pie(x, y + 47, 39, 180, 360, coat)
        c.circle(x, y - 10, 27, skin)
        c.pie(x, y - 10, 29, 180, 360, hair)
        c.ring(x, y, 62, 9, c.strong)
    c.circle(*top, 76, c.strong)
    c.curve([(444, 84), (446, 128), (488, 160), (520, 154)], 25, CREAM)
    c.box_turned(450, 84, 42, 34, 84, CREAM, 10)
    c.box_turned(516, 150, 42, 34, 4, CREAM, 10)
    for radius in (34, 58):
        c.arc(486, 118, radius, -72, -12, 9, AMBER)


def walking_bus(c: Canvas) -> None:
    """Children and two grown-ups on a zebra crossing."""
    c.backdrop(None)
    c.rect(0, 388, 960, 152, mix(c.deep, INK, 0.25))
    c.rect(0, 372, 960, 20, c.ground)
    for x in range(60, 940, 122):
        c.poly([(x, 404), (x + 62, 404), (x + 48, 540), (x - 28, 540)], CREAM)
    c.circle(160, 104, 44, AMBER)
    c.rect(800, 176, 18, 200, CREAM)
    for y in (204, 260, 316):
        c.rect(800, y, 18, 28, c.deep)
    c.circle(809, 152, 34, AMBER)
    _walker(c, 700, 470, 312, c.strong, SKINS[1], INK, vest=True)
    for x, foot, coat, skin, hair in (
        (606, 456, CORAL, SKINS[0], WOOD), (536, 488, LEAF, SKINS[2], INK),
        (446, 456, AMBER, SKINS[3], INK), (376, 488, c.strong, SKINS[0], "#B4532A"),
    ):  # fmt: skip
        _walker(c, x, foot, 212, coat, skin, hair, bag=AMBER if coat == CORAL else CORAL)
    _walker(c, 258, 470, 300, CORAL, SKINS[2], GREY, vest=True)


def _walker(
    c: Canvas, x: float, foot: float, tall: float, coat: str, skin: str, hair: str, *, vest: bool = False, bag: str = ""
) -> None:
    """A figure on foot, going right; grown-ups wear a bright vest, children a bag."""
    head = tall * (0.125 if vest else 0.165)
    hip, neck = foot - tall * 0.42, foot - tall + head * 1.8
    wide = tall * (0.27 if vest else 0.3)
    for lean, shade in ((-0.11, INK), (0.11, mix(c.deep, INK, 0.5))):
        c.line([(x, hip), (x + tall * lean, foot - 6)], tall * 0.1, shade)
        c.line([(x + tall * lean, foot - 5), (x + tall * lean + 13, foot - 5)], 10, c.deep)
    if bag:
        c.rect(x - wide * 0.92, neck + 8, wide * 0.7, (hip - neck) * 0.78, bag, 12)
    c.rect(x - wide / 2, neck, wide, hip - neck + tall * 0.05, VEST if vest else coat, wide * 0.36)
    if vest:
        c.rect(x - wide / 2, neck + (hip - neck) * 0.62, wide, 11, CARD)
    c.line([(x, neck + tall * 0.09), (x + tall * 0.15, hip - tall * 0.03)], tall * 0.075, coat)
    c.circle(x + tall * 0.15, hip - tall * 0.01, tall * 0.042, skin)
    c.circle(x, foot - tall + head, head, skin)
    c.pie(x, foot - tall + head, head * 1.06, 170, 350, hair)


def grab_bag(c: Canvas) -> None:
    """A packed bag, a torch and a radio."""
    c.backdrop()
    c.poly([(196, 368), (-40, 262), (-40, 540), (196, 440)], mix(AMBER, c.tint, 0.45))
    c.poly([(196, 368), (196, 440), (252, 428), (252, 380)], CORAL)
    c.rect(246, 382, 102, 44, c.deep, 12)
    c.rect(284, 376, 26, 10, AMBER, 4)
    c.rect(188, 362, 15, 84, CREAM, 6)
    c.arc(480, 124, 46, 180, 360, 17, c.deep)
    c.rect(414, 66, 40, 90, "#6FA6D6", 12)
    c.rect(420, 50, 28, 22, CREAM, 6)
    c.rect(510, 84, 62, 70, CREAM, 6)
    c.rect(520, 98, 42, 7, c.mid, 3)
    c.rect(520, 114, 30, 7, c.mid, 3)
    c.rect(366, 124, 228, 322, c.strong, 62)
    c.rect(366, 124, 228, 96, c.deep, 56)
    c.rect(366, 186, 228, 34, c.deep)
    c.rect(464, 204, 32, 50, AMBER, 8)
    c.rect(396, 288, 168, 128, mix(c.strong, c.deep, 0.5), 24)
    c.rect(396, 314, 168, 10, c.mid, 4)
    c.rect(467, 336, 26, 62, CREAM, 5)
    c.rect(449, 354, 62, 26, CREAM, 5)
    c.line([(742, 302), (806, 176)], 8, c.deep)
    c.circle(806, 176, 9, CORAL)
    c.arc(690, 304, 44, 180, 360, 13, c.deep)
    c.rect(614, 300, 186, 146, CORAL, 20)
    c.circle(670, 374, 46, CREAM)
    for dx, dy in ((0, 0), (-20, 0), (20, 0), (0, -20), (0, 20), (-15, -15), (15, 15), (-15, 15), (15, -15)):
        c.circle(670 + dx, 374 + dy, 6, c.deep)
    c.rect(730, 330, 54, 22, CREAM, 6)
    c.circle(757, 390, 21, AMBER)
    c.line([(757, 390), (767, 379)], 6, c.deep)


def scooter(c: Canvas) -> None:
    """A mobility scooter with a basket."""
    c.backdrop()
    c.rect(0, 462, 960, 8, mix(c.ground, CARD, 0.6))
    c.line([(316, 296), (300, 118)], 9, c.deep)
    c.poly([(300, 112), (224, 134), (303, 158)], AMBER)
    c.blob([(286, 380), (300, 318), (360, 304), (450, 312), (470, 376), (610, 382), (640, 406), (600, 424),
            (310, 424)], c.strong)  # fmt: skip
    c.rect(430, 372, 200, 18, c.deep, 8)
    c.rect(376, 262, 26, 54, c.deep)
    c.rect(316, 236, 176, 38, INK, 18)
    c.box_turned(334, 182, 40, 130, -10, INK, 18)
    c.rect(346, 202, 104, 17, c.deep, 8)
    c.line([(622, 400), (586, 196)], 22, c.strong)
    c.curve([(584, 206), (556, 184), (526, 182)], 15, c.deep)
    c.line([(526, 182), (506, 186)], 18, INK)
    c.circle(604, 252, 15, AMBER)
    c.blob([(590, 402), (606, 336), (648, 340), (690, 386), (696, 414), (640, 420)], c.strong)
    c.poly([(612, 208), (726, 208), (712, 300), (626, 300)], SAND)
    c.rect(606, 200, 126, 16, WOOD, 8)
    for y in (236, 264):
        c.line([(620, y), (716, y)], 6, WOOD)
    c.circle(648, 186, 24, LEAF)
    c.circle(690, 184, 21, CORAL)
    for x, radius in ((346, 54), (646, 50)):
        c.circle(x, 414, radius, INK)
        c.circle(x, 414, radius * 0.5, CREAM)
        c.circle(x, 414, radius * 0.2, c.deep)
    c.circle(690, 376, 11, CREAM)


def chair(c: Canvas) -> None:
    """Someone on a chair with both arms up."""
    c.backdrop()
    for x in (388, 556):
        c.rect(x, 132, 18, 190, WOOD, 8)
    for y in (150, 200, 250):
        c.rect(388, y, 186, 20, WOOD, 8)
    skin, top = SKINS[1], CORAL
    for side in (-1, 1):
        c.line([(481 + side * 50, 216), (481 + side * 106, 160)], 36, top)
        c.line([(481 + side * 106, 160), (481 + side * 122, 86)], 28, skin)
        c.circle(481 + side * 124, 74, 21, skin)
    c.rect(418, 186, 126, 164, top, 46)
    c.rect(464, 160, 34, 44, mix(skin, INK, 0.12), 10)
    c.circle(481, 126, 52, skin)
    c.pie(481, 126, 55, 180, 360, GREY)
    c.circle(481, 74, 24, GREY)
    c.rect(372, 322, 218, 26, mix(WOOD, INK, 0.15), 10)
    for x in (380, 564):
        c.rect(x, 340, 18, 122, WOOD, 6)
    for x in (420, 488):
        c.rect(x, 304, 56, 146, c.strong, 26)
    for x, out in ((446, -14), (516, 14)):
        c.ellipse(x + out, 458, 38, 17, CREAM)
        c.rect(x + out - 38, 458, 76, 16, c.deep, 7)
    for x, y, size in ((222, 186, 1.0), (716, 150, 1.15), (744, 316, 0.8), (250, 330, 0.8)):
        c.ellipse(x, y, 20 * size, 15 * size, AMBER)
        c.line([(x + 16 * size, y), (x + 16 * size, y - 70 * size)], 8 * size, AMBER)
        c.line([(x + 16 * size, y - 70 * size), (x + 46 * size, y - 54 * size)], 9 * size, AMBER)


def smoke_alarm(c: Canvas) -> None:
    """A smoke alarm that sounds on a ceiling."""
    c.backdrop(None)
    c.rect(0, 0, 960, 92, c.ground)
    c.rect(0, 92, 960, 13, mix(c.ground, c.deep, 0.3))
    c.rect(330, 104, 300, 30, mix(CREAM, c.deep, 0.25), 8)
    c.poly([(322, 130), (638, 130), (590, 226), (370, 226)], CREAM)
    c.rect(322, 118, 316, 30, CREAM, 14)
    c.rect(366, 206, 228, 34, CREAM, 17)
    for x in range(378, 590, 30):
        c.rect(x, 160, 15, 38, mix(CREAM, c.deep, 0.4), 7)
    c.circle(480, 240, 26, mix(CREAM, c.deep, 0.25))
    c.circle(480, 240, 14, CORAL)
    for radius, width in ((178, 17), (232, 17)):
        c.arc(480, 178, radius, -14, 26, width, AMBER)
        c.arc(480, 178, radius, 154, 194, width, AMBER)
    smoke = mix(GREY, INK, 0.22)
    for x, foot, size in ((404, 440, 0.7), (482, 440, 0.92), (558, 440, 0.7)):
        c.curve(
            [(x, foot), (x - 26 * size, foot - 56 * size), (x + 24 * size, foot - 112 * size), (x, foot - 172 * size)],
            26 * size,
            smoke,
        )
    c.rect(0, 496, 960, 44, c.ground)
    c.rect(398, 440, 166, 58, c.deep, 14)
    c.rect(384, 430, 194, 20, INK, 10)
    c.rect(570, 446, 168, 18, WOOD, 9)


def stethoscope(c: Canvas) -> None:
    """A stethoscope, a pair of glasses and a toothbrush."""
    c.backdrop()
    c.arc(400, 176, 84, 18, 162, 17, c.deep)
    for x, lean in ((320, -12), (480, 12)):
        c.line([(x, 204), (x + lean, 120), (x - lean * 0.4, 84)], 15, GREY)
        c.circle(x - lean * 0.4, 78, 13, c.deep)
    c.curve([(400, 258), (398, 350), (436, 408), (510, 404), (548, 346), (546, 300)], 17, c.deep)
    c.circle(546, 268, 50, GREY)
    c.circle(546, 268, 36, c.strong)
    c.circle(546, 268, 15, CREAM)
    c.rect(676, 170, 96, 34, CORAL, 10)
    c.rect(660, 280, 128, 164, AMBER, 14)
    c.rect(660, 262, 128, 34, AMBER)
    c.rect(660, 192, 128, 110, CARD, 12)
    c.rect(713, 208, 22, 74, LEAF, 4)
    c.rect(687, 234, 74, 22, LEAF, 4)
    for x, y, fill in ((812, 432, CORAL), (838, 440, CARD)):
        c.ellipse(x, y, 17, 10, fill)
    c.rect(150, 330, 86, 116, mix(c.mid, CARD, 0.3), 12)
    c.line([(196, 350), (236, 196)], 15, CORAL)
    c.box_turned(252, 178, 22, 76, 14, CORAL, 7)
    c.box_turned(270, 184, 20, 66, 14, CARD, 4)
    c.line([(178, 350), (158, 216)], 15, AMBER)
    c.box_turned(148, 196, 20, 70, -9, AMBER, 7)
    c.box_turned(131, 200, 18, 60, -9, CARD, 4)
    c.rect(150, 346, 86, 100, c.mid, 12)
    for x in (356, 464):
        c.circle(x, 458, 42, mix(c.tint, CARD, 0.7))
        c.ring(x, 458, 42, 11, INK)
        c.arc(x, 458, 27, 200, 250, 6, CARD)
    c.arc(410, 456, 15, 190, 350, 9, INK)
    c.line([(315, 450), (294, 438)], 9, INK)
    c.line([(505, 450), (526, 438)], 9, INK)


def candle(c: Canvas) -> None:
    """A lit candle, lilies in a vase and a letter."""
    c.backdrop()
    for radius, share in ((118, 0.72), (78, 0.5)):
        c.circle(474, 150, radius, mix(AMBER, c.soft, share))
    c.blob([(474, 92), (502, 148), (490, 182), (474, 190), (458, 182), (446, 148)], AMBER)
    c.blob([(474, 130), (487, 162), (474, 186), (461, 162)], CREAM)
    c.line([(474, 186), (474, 214)], 6, INK)
    c.rect(426, 210, 96, 212, CREAM, 16)
    c.ellipse(474, 216, 48, 13, mix(CREAM, AMBER, 0.35))
    c.blob([(426, 220), (440, 226), (446, 290), (436, 304), (428, 284)], mix(CREAM, AMBER, 0.28))
    c.rect(384, 412, 180, 22, c.deep, 11)
    c.rect(424, 428, 100, 16, c.deep, 6)
    for points in (
        [(676, 330), (664, 240), (626, 176)], [(682, 330), (694, 220), (702, 122)], [(690, 330), (726, 250), (776, 196)]
    ):  # fmt: skip
        c.curve(points, 9, LEAF_DARK)
    for x, y, lean in ((652, 288, -44), (724, 292, 46), (700, 244, -30)):
        c.box_turned(x, y, 20, 84, lean, LEAF, 10)
    for x, y, turned in ((620, 160, -24), (703, 104, 2), (784, 178, 30)):
        _lily(c, x, y, turned)
    c.poly([(636, 320), (738, 320), (724, 444), (650, 444)], c.strong)
    c.rect(630, 312, 114, 18, c.mid, 9)
    c.box_turned(264, 398, 156, 96, -8, CARD, 8)
    c.line([(192, 364), (268, 410), (330, 344)], 6, mix(CARD, c.deep, 0.35))
    c.circle(268, 412, 14, CORAL)


def _lily(c: Canvas, x: float, y: float, degrees: float) -> None:
    """A white lily, seen from the side."""
    for lean, fill in ((-46, CREAM), (46, CREAM), (-22, CARD), (22, CARD)):
        angle = math.radians(degrees + lean)
        tip = (x + 62 * math.sin(angle), y - 62 * math.cos(angle))
        side = (22 * math.cos(angle), 22 * math.sin(angle))
        middle = ((x + tip[0]) / 2, (y + tip[1]) / 2)
        c.blob([(x, y + 14), (middle[0] - side[0], middle[1] - side[1]), tip,
                (middle[0] + side[0], middle[1] + side[1])], fill)  # fmt: skip
    angle = math.radians(degrees)
    for lean in (-13, 0, 13):
        a = angle + math.radians(lean)
        c.line([(x, y), (x + 46 * math.sin(a), y - 46 * math.cos(a))], 4, AMBER)
        c.circle(x + 50 * math.sin(a), y - 50 * math.cos(a), 6, mix(AMBER, WOOD, 0.6))


DRAWINGS: dict[str, Callable[[Canvas], None]] = {
    "puncture": puncture,
    "wallet": wallet,
    "front-door": front_door,
    "phone-tree": phone_tree,
    "walking-bus": walking_bus,
    "grab-bag": grab_bag,
    "scooter": scooter,
    "chair": chair,
    "smoke-alarm": smoke_alarm,
    "stethoscope": stethoscope,
    "candle": candle,
}
