"""Pots, jars and what a home needs."""

from __future__ import annotations

import math
from collections.abc import Callable

from palette import AMBER, CARD, CORAL, CREAM, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import Canvas

EARTH = "#6B4A32"
CRUST = "#C98A45"
STEEL = "#C9D2D6"
WATER = "#6FA6D6"


def kettle(c: Canvas) -> None:
    """A kettle on one ring, and a bowl that waits under its plate."""
    c.backdrop()
    for x, top in ((232, 76), (272, 60)):
        c.steam(x, top)
    c.curve([(560, 420), (640, 452), (760, 470), (960, 476)], 9, c.deep)
    c.rect(264, 386, 300, 56, c.deep, 16)
    c.rect(298, 366, 232, 26, CORAL, 12)
    c.circle(308, 414, 11, AMBER)
    c.rect(340, 408, 190, 12, mix(c.deep, CARD, 0.25), 6)
    c.blob([(330, 300), (290, 268), (262, 196), (228, 186), (236, 160), (286, 168), (320, 226), (352, 256)], c.strong)
    c.poly([(320, 370), (508, 370), (480, 172), (348, 172)], c.strong)
    c.line([(320, 358), (508, 358)], 24, c.strong)
    c.ellipse(414, 172, 66, 18, c.deep)
    c.circle(414, 148, 15, AMBER)
    c.curve([(482, 196), (560, 176), (584, 246), (548, 318), (506, 330)], 22, c.deep)
    c.poly([(366, 206), (388, 206), (378, 336), (356, 336)], c.mid)
    c.pie(700, 352, 92, 0, 180, AMBER)
    c.rect(664, 434, 72, 14, mix(AMBER, WOOD, 0.5), 6)
    c.rect(592, 334, 216, 20, CREAM, 10)
    c.rect(652, 322, 96, 16, CREAM, 8)
    for x in (652, 700, 748):
        c.circle(x, 386, 9, CORAL)


def loaf(c: Canvas) -> None:
    """A tin loaf with two slices cut, and flat breads."""
    c.backdrop()
    c.rect(176, 424, 500, 26, WOOD, 13)
    c.circle(200, 437, 6, mix(WOOD, c.deep, 0.4))
    crust, crumb = CRUST, CREAM
    c.rect(300, 258, 342, 168, crust, 20)
    c.ellipse(471, 266, 181, 78, crust)
    for x in (396, 472, 548):
        c.line([(x - 16, 248), (x + 22, 206)], 13, mix(crust, CARD, 0.42))
    c.rect(300, 316, 342, 110, mix(crust, WOOD, 0.3), 20)
    c.rect(300, 316, 342, 36, mix(crust, WOOD, 0.3))
    for x, tilt in ((318, 0), (246, -4)):
        c.ellipse(x, 274, 86, 72, crust)
        c.box_turned(x, 346, 146, 160, tilt, crust, 18)
        c.ellipse(x, 278, 70, 56, crumb)
        c.box_turned(x, 346, 118, 134, tilt, crumb, 14)
    for dx, dy in ((-30, 296), (16, 270), (34, 330), (-14, 356), (24, 388), (-40, 392)):
        c.ellipse(246 + dx, dy, 7, 5, SAND)
    for y, fill in ((430, SAND), (408, mix(SAND, CARD, 0.35)), (386, SAND), (364, mix(SAND, CARD, 0.35))):
        c.ellipse(776, y, 104, 20, mix(fill, WOOD, 0.35))
        c.ellipse(776, y - 6, 104, 20, fill)
    for dx, dy in ((-52, 354), (-8, 364), (38, 352), (64, 362), (-26, 348)):
        c.ellipse(776 + dx, dy, 13, 5, CRUST)


def radiator(c: Canvas) -> None:
    """A radiator with the key in it, and a cup for the drips."""
    c.backdrop(452)
    for x in (330, 410, 490, 570):
        c.curve([(x, 142), (x - 15, 116), (x + 15, 88), (x, 60)], 11, CORAL)
    c.rect(250, 210, 430, 22, c.deep, 8)
    c.rect(250, 376, 430, 22, c.deep, 8)
    for x in (288, 630):
        c.rect(x, 390, 22, 66, c.deep, 6)
    for index in range(8):
        left = 248 + index * 54
        c.rect(left, 170, 48, 256, CREAM, 22)
        c.rect(left + 9, 192, 10, 208, CARD, 5)
        c.rect(left + 34, 192, 8, 208, mix(CREAM, c.mid, 0.35), 4)
    c.rect(190, 386, 62, 18, STEEL, 6)
    c.rect(156, 352, 46, 76, CARD, 14)
    for y in (366, 382, 398, 414):
        c.rect(156, y, 46, 5, c.mid)
    c.rect(170, 424, 18, 80, STEEL)
    c.rect(676, 196, 40, 14, STEEL, 4)
    c.line([(712, 203), (742, 203)], 13, AMBER)
    c.ellipse(764, 203, 22, 34, AMBER)
    c.ellipse(764, 203, 8, 18, c.tint)
    for y in (252, 310):
        c.blob([(706, y - 20), (717, y + 4), (706, y + 15), (695, y + 4)], WATER)
    c.poly([(660, 380), (752, 380), (740, 478), (672, 478)], c.strong)
    c.arc(750, 422, 24, -80, 80, 11, c.strong)
    c.ellipse(706, 380, 46, 10, WATER)


def tap(c: Canvas) -> None:
    """A pipe with ice on it and the tap that shuts it."""
    c.backdrop(None)
    pipe, shade = mix(CORAL, WOOD, 0.45), mix(CORAL, c.deep, 0.5)
    c.rect(0, 262, 960, 54, pipe)
    c.rect(0, 296, 960, 20, shade)
    for x in (330, 566):
        c.rect(x, 248, 54, 82, AMBER, 10)
        c.rect(x, 306, 54, 24, mix(AMBER, WOOD, 0.55), 10)
        c.rect(x + 24, 248, 6, 82, mix(AMBER, WOOD, 0.4))
    c.rect(392, 256, 166, 66, AMBER, 26)
    c.rect(392, 300, 166, 22, mix(AMBER, WOOD, 0.55), 10)
    c.rect(444, 178, 62, 90, AMBER, 8)
    c.rect(430, 196, 90, 24, mix(AMBER, WOOD, 0.4), 8)
    c.rect(465, 124, 20, 66, STEEL)
    c.rect(352, 96, 246, 42, c.strong, 21)
    for x in (352, 598):
        c.circle(x, 117, 34, c.strong)
        c.circle(x, 117, 13, c.deep)
    c.arc(475, 186, 160, 226, 308, 12, c.mid)
    c.poly([(606, 86), (556, 72), (590, 38)], c.mid)
    ice = mix(WATER, CARD, 0.62)
    c.blob([(690, 254), (760, 238), (850, 246), (970, 236), (970, 330), (690, 326)], ice)
    for x, long in ((716, 74), (762, 126), (806, 90), (850, 142), (900, 84)):
        c.poly([(x - 22, 318), (x + 22, 318), (x, 318 + long)], ice)
        c.line([(x - 4, 326), (x - 2, 318 + long * 0.55)], 6, CARD)
    for x, y in ((730, 266), (800, 262), (872, 268)):
        c.rect(x, y, 44, 9, CARD, 4)
    c.circle(232, 316, 10, WATER)
    for y in (356, 414, 470):
        c.blob([(232, y - 24), (245, y + 5), (232, y + 18), (219, y + 5)], WATER)
    c.ellipse(232, 512, 76, 12, mix(WATER, c.tint, 0.3))


def alarm(c: Canvas) -> None:
    """A round alarm that rings over a cloud of smoke."""
    c.backdrop(None)
    smoke, thick = mix("#8C8797", c.tint, 0.45), mix("#8C8797", c.tint, 0.2)
    behind = ((250, 520, 84), (350, 496, 74), (620, 500, 80), (716, 526, 78), (520, 470, 46), (430, 474, 40))
    for x, y, radius in behind:
        c.circle(x, y, radius, smoke)
    for x, y, radius in ((300, 556, 78), (410, 536, 74), (510, 530, 84), (620, 560, 78)):
        c.circle(x, y, radius, thick)
    for radius in (196, 240, 284):
        for start in (-28, 152):
            c.arc(480, 222, radius, start, start + 56, 16, AMBER if radius != 240 else CORAL)
    c.circle(480, 230, 158, mix(c.mid, c.tint, 0.3))
    c.circle(480, 222, 158, CARD)
    c.circle(480, 222, 128, CREAM)
    for step in range(24):
        if step not in (17, 18, 19):
            c.ray(480, 222, 90, 114, step * 15, 11, c.mid)
    c.circle(480, 222, 62, c.strong)
    c.circle(480, 222, 44, c.mid)
    c.circle(480, 222, 34, c.strong)
    c.circle(480, 120, 13, CORAL)
    c.circle(476, 116, 4, CARD)


def window_box(c: Canvas) -> None:
    """A sunny window with a box of salad on its sill."""
    c.backdrop(None)
    c.rect(236, 34, 488, 372, CARD, 12)
    c.rect(258, 56, 444, 330, mix(WATER, CARD, 0.62))
    c.circle(608, 138, 52, AMBER)
    c.ellipse(352, 168, 62, 22, CARD)
    c.ellipse(392, 152, 46, 24, CARD)
    c.rect(258, 316, 444, 70, mix(LEAF, CARD, 0.5))
    c.rect(470, 56, 20, 330, CARD)
    c.poly([(140, 24), (286, 24), (262, 190), (196, 396), (140, 396)], c.mid)
    c.poly([(820, 24), (674, 24), (698, 190), (764, 396), (820, 396)], c.mid)
    for x in (176, 214, 746, 784):
        c.line([(x, 34), (x, 386)], 7, mix(c.mid, c.strong, 0.35))
    c.rect(118, 14, 724, 20, WOOD, 10)
    _leaves(c)
    c.rect(284, 350, 392, 92, CORAL, 14)
    c.rect(270, 338, 420, 34, mix(CORAL, c.deep, 0.18), 10)
    for x in (346, 480, 614):
        c.rect(x - 26, 388, 52, 34, CREAM, 6)
        c.rect(x - 15, 401, 30, 7, c.mid, 3)
    c.rect(150, 438, 660, 34, CREAM, 8)
    c.rect(150, 460, 660, 12, SAND, 6)


def _leaves(c: Canvas) -> None:
    """Three kinds of salad that stand behind the rim of the box."""
    for x, fill in ((330, LEAF), (372, LEAF_DARK), (352, "#7DBB5E")):
        c.blob([(x, 346), (x - 44, 300), (x - 30, 246), (x, 228), (x + 32, 250), (x + 42, 302)], fill)
        c.line([(x, 340), (x, 262)], 5, mix(fill, CARD, 0.4))
    for x, lean in ((448, -18), (470, 6), (494, -4), (516, 20)):
        c.curve([(x, 348), (x + lean * 0.4, 290), (x + lean, 232)], 7, LEAF_DARK)
        for dy in (232, 266, 298):
            c.ellipse(x + lean * (348 - dy) / 116 - 13, dy + 4, 14, 9, LEAF)
            c.ellipse(x + lean * (348 - dy) / 116 + 13, dy - 4, 14, 9, "#7DBB5E")
    red = mix(CORAL, "#7A2E4E", 0.55)
    for x, fill in ((588, red), (630, LEAF), (610, mix(red, LEAF, 0.25))):
        c.blob([(x, 346), (x - 40, 306), (x - 34, 258), (x - 8, 236), (x + 30, 252), (x + 40, 304)], fill)
        c.line([(x, 340), (x, 272)], 5, mix(fill, CARD, 0.35))


def compost(c: Canvas) -> None:
    """A slatted bin with its layers, a sprout on top and a worm."""
    c.backdrop()
    c.rect(322, 190, 316, 250, EARTH)
    for y, fill in ((190, LEAF), (242, SAND), (290, LEAF_DARK), (338, mix(SAND, WOOD, 0.4))):
        c.rect(322, y, 316, 56, fill)
    c.blob([(318, 210), (352, 158), (420, 140), (488, 128), (560, 146), (612, 166), (642, 210)], LEAF)
    c.curve([(372, 172), (398, 148), (430, 164)], 13, "#EE8B3A")
    c.curve([(540, 156), (568, 172), (596, 168)], 13, CORAL)
    c.box_turned(470, 150, 58, 34, -16, SAND, 5)
    c.blob([(508, 168), (516, 140), (544, 134), (560, 158), (540, 178)], mix(CORAL, "#D02F2F", 0.4))
    c.curve([(436, 122), (432, 96), (440, 66)], 9, LEAF_DARK)
    c.blob([(438, 88), (400, 56), (366, 66), (386, 98)], LEAF)
    c.blob([(440, 76), (468, 40), (506, 44), (486, 82)], "#7DBB5E")
    for y in (212, 264, 316, 368, 418):
        c.rect(300, y, 360, 26, WOOD, 6)
        c.rect(300, y + 18, 360, 8, mix(WOOD, c.deep, 0.25), 4)
    for x in (292, 630):
        c.rect(x, 178, 40, 266, mix(WOOD, c.deep, 0.35), 8)
    c.blob([(660, 446), (682, 404), (736, 386), (796, 404), (826, 446)], EARTH)
    c.curve([(700, 384), (724, 358), (752, 384), (784, 362)], 15, "#E59A8C")
    c.circle(784, 360, 8, "#D17F71")
    c.line([(196, 444), (226, 196)], 14, WOOD)
    c.rect(206, 178, 50, 18, c.deep, 9)
    c.poly([(178, 380), (218, 384), (210, 452), (190, 470), (168, 446)], STEEL)


def baby_clothes(c: Canvas) -> None:
    """A washing line with a baby's suit, a sock and a hat, and a teddy."""
    c.backdrop()
    c.curve([(0, 92), (240, 122), (480, 130), (720, 122), (960, 92)], 6, WOOD)
    body = CORAL
    c.poly([(366, 140), (440, 140), (520, 140), (594, 140), (660, 222), (606, 262), (580, 238), (580, 330),
            (530, 380), (430, 380), (380, 330), (380, 238), (354, 262), (300, 222)], body)  # fmt: skip
    c.line([(366, 146), (594, 146)], 16, body)
    c.pie(480, 134, 52, 0, 180, c.tint)
    c.arc(480, 134, 54, 0, 180, 12, CREAM)
    c.line([(312, 226), (354, 252)], 12, CREAM)
    c.line([(648, 226), (606, 252)], 12, CREAM)
    c.line([(432, 374), (528, 374)], 13, CREAM)
    for x in (452, 480, 508):
        c.circle(x, 374, 5, body)
    for x, y in ((430, 232), (530, 232), (480, 272), (430, 312), (530, 312)):
        c.circle(x, y, 12, AMBER)
    c.rect(736, 116, 52, 96, AMBER, 14)
    c.blob([(738, 180), (790, 180), (792, 226), (768, 250), (706, 248), (700, 220), (736, 210)], AMBER)
    c.rect(732, 116, 60, 20, CREAM, 6)
    for y in (152, 174):
        c.rect(736, y, 52, 9, CORAL)
    c.pie(186, 236, 78, 180, 360, c.strong)
    c.rect(104, 226, 164, 30, c.mid, 12)
    c.circle(186, 150, 24, CREAM)
    for x in (172, 372, 588, 762, 200):
        c.rect(x - 6, 106, 12, 40, SAND, 4)
    fur, muzzle = "#B07A4A", CREAM
    for x in (706, 790):
        c.circle(x, 296, 22, fur)
        c.circle(x, 296, 11, muzzle)
    c.ellipse(748, 418, 62, 54, fur)
    c.ellipse(748, 424, 36, 34, muzzle)
    c.circle(748, 330, 58, fur)
    c.ellipse(748, 348, 28, 22, muzzle)
    c.ellipse(748, 338, 10, 7, c.deep)
    for x in (728, 768):
        c.circle(x, 318, 6, c.deep)
    for x in (696, 800):
        c.ellipse(x, 452, 30, 22, fur)
        c.circle(x, 452, 11, muzzle)
    for x in (682, 814):
        c.ellipse(x, 404, 18, 32, fur)


def hot_day(c: Canvas) -> None:
    """A hot sun behind a half-drawn blind, a thermometer and a glass of water."""
    c.backdrop()
    c.rect(300, 44, 360, 330, CARD, 10)
    c.rect(320, 64, 320, 290, mix(AMBER, CARD, 0.62))
    for step in range(16):
        if math.sin(math.radians(step * 22.5)) > -0.4:
            c.ray(480, 268, 92, 120, step * 22.5, 13, AMBER)
    c.circle(480, 268, 76, AMBER)
    c.rect(320, 354, 320, 40, CARD)
    c.rect(296, 36, 368, 24, c.deep, 8)
    for y in range(60, 218, 26):
        c.rect(312, y, 336, 21, c.strong, 4)
        c.rect(312, y + 15, 336, 6, c.deep, 3)
    c.line([(632, 60), (632, 262)], 4, c.deep)
    c.circle(632, 270, 9, c.deep)
    c.rect(268, 372, 424, 26, CREAM, 8)
    c.rect(152, 116, 62, 270, CARD, 31)
    c.circle(183, 386, 50, CARD)
    c.circle(183, 386, 34, CORAL)
    c.rect(171, 150, 24, 230, CORAL, 12)
    for y in (160, 200, 240, 280, 320):
        c.rect(218, y, 28, 8, c.mid, 4)
    c.poly([(724, 246), (846, 246), (830, 446), (740, 446)], CARD)
    c.poly([(731, 296), (840, 296), (828, 436), (742, 436)], mix(WATER, CARD, 0.35))
    c.ellipse(785, 296, 54, 10, mix(WATER, CARD, 0.55))
    c.box_turned(766, 326, 38, 38, 14, mix(WATER, CARD, 0.75), 6)
    c.box_turned(806, 350, 36, 36, -18, mix(WATER, CARD, 0.75), 6)
    c.circle(846, 246, 36, LEAF)
    c.circle(846, 246, 27, mix(LEAF, CARD, 0.72))
    for step in range(3):
        angle = math.radians(step * 60)
        dx, dy = 24 * math.cos(angle), 24 * math.sin(angle)
        c.line([(846 - dx, 246 - dy), (846 + dx, 246 + dy)], 4, LEAF)


DRAWINGS: dict[str, Callable[[Canvas], None]] = {
    "kettle": kettle,
    "loaf": loaf,
    "radiator": radiator,
    "tap": tap,
    "alarm": alarm,
    "window-box": window_box,
    "compost": compost,
    "baby-clothes": baby_clothes,
    "hot-day": hot_day,
}
