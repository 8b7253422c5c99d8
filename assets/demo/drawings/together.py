"""People doing things together."""

from __future__ import annotations

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas

HAIRS = ("#5B3A26", INK, "#D9D2C6", "#2F2420")


def bunting(c: Canvas) -> None:
    """Bunting over a street table."""
    c.backdrop()
    for ends, colours in (
        (((60, 60), (480, 150), (900, 60)), (CORAL, AMBER, c.strong, CREAM)),
        (((60, 170), (480, 246), (900, 170)), (c.strong, CREAM, AMBER, CORAL)),
    ):
        (x0, y0), (_, y1), (x2, _) = ends
        c.curve(ends, 7, c.deep)
        for index in range(10):
            x = x0 + 34 + index * (x2 - x0) / 10
            share = (x + 24 - x0) / (x2 - x0)
            y = y0 + (y1 - y0) * 4 * share * (1 - share) * 0.98
            c.poly([(x, y), (x + 52, y), (x + 26, y + 70)], colours[index % 4])
    c.rect(236, 368, 488, 24, c.strong, 12)
    c.rect(276, 388, 18, 58, c.deep)
    c.rect(666, 388, 18, 58, c.deep)
    c.pie(360, 368, 46, 180, 360, CORAL)
    c.rect(446, 330, 68, 38, CREAM, 8)
    c.rect(446, 330, 68, 14, AMBER, 6)
    c.rect(596, 318, 30, 50, LEAF, 8)
    c.circle(560, 354, 15, AMBER)


def hands(c: Canvas) -> None:
    """Four raised hands."""
    c.backdrop(None)
    sleeves = (CORAL, c.strong, AMBER, c.deep)
    for x, top, skin, sleeve in zip((270, 410, 550, 690), (150, 96, 128, 170), SKINS, sleeves, strict=True):
        c.rect(x - 34, top + 150, 68, 420, skin, 20)
        c.rect(x - 52, top + 230, 104, 360, sleeve, 22)
        c.rect(x - 50, top + 74, 100, 110, skin, 40)
        for dx, lift in ((-37, 14), (-12, 0), (13, 4), (38, 22)):
            c.line([(x + dx, top + lift), (x + dx, top + 110)], 22, skin)
        side = -1 if x > 480 else 1
        c.line([(x + side * 46, top + 140), (x + side * 74, top + 92)], 22, skin)
        c.rect(x - 52, top + 230, 104, 20, mix(sleeve, CARD, 0.35), 10)


def bubbles(c: Canvas) -> None:
    """Two people talking."""
    c.backdrop()
    c.person(300, 520, 262, CORAL, SKINS[0], HAIRS[0])
    c.person(660, 520, 262, c.strong, SKINS[1], HAIRS[1])
    c.rect(0, 452, 960, 88, c.ground)
    c.rect(250, 54, 246, 134, CARD, 36)
    c.poly([(310, 178), (372, 178), (318, 236)], CARD)
    for x in (314, 373, 432):
        c.circle(x, 121, 16, c.mid)
    c.rect(532, 84, 206, 116, AMBER, 34)
    c.poly([(624, 190), (676, 190), (664, 240)], AMBER)
    c.circle(634, 132, 34, CREAM)
    c.rect(621, 162, 26, 24, CREAM, 8)
    c.line([(634, 130), (634, 156)], 6, CORAL)


def table(c: Canvas) -> None:
    """A long table with people and a pot."""
    c.backdrop(None)
    for x, coat, skin, hair in (
        (240, CORAL, SKINS[0], HAIRS[2]), (400, c.strong, SKINS[3], HAIRS[3]),
        (560, AMBER, SKINS[2], HAIRS[0]), (720, c.mid, SKINS[1], HAIRS[1]),
    ):  # fmt: skip
        c.person(x, 350, 190, coat, skin, hair)
    c.rect(120, 340, 720, 44, CREAM, 14)
    c.rect(120, 362, 720, 90, mix(CREAM, SAND, 0.35), 10)
    for x in range(150, 840, 60):
        c.rect(x, 362, 26, 90, mix(CORAL, CREAM, 0.45))
    c.rect(170, 446, 26, 94, WOOD)
    c.rect(764, 446, 26, 94, WOOD)
    c.rect(424, 262, 112, 82, c.deep, 18)
    c.ellipse(480, 264, 62, 13, mix(c.deep, INK, 0.3))
    c.ellipse(480, 264, 52, 9, "#EE8B3A")
    for x in (260, 350, 610, 700):
        c.ellipse(x, 346, 40, 11, CARD)
        c.ellipse(x, 343, 26, 7, "#EE8B3A")
    for x in (464, 498):
        c.curve([(x, 240), (x - 9, 222), (x + 9, 204), (x, 184)], 8, CARD)


def cups(c: Canvas) -> None:
    """Two cups of tea and a biscuit."""
    c.backdrop()
    for x, fill in ((352, c.strong), (600, CORAL)):
        c.arc(x + 88, 316, 38, -80, 80, 18, mix(fill, c.deep, 0.3))
        c.rect(x - 96, 250, 190, 70, fill)
        c.rect(x - 96, 262, 190, 170, fill, 64)
        c.ellipse(x, 252, 96, 24, mix(fill, c.deep, 0.4))
        c.ellipse(x, 254, 82, 17, WOOD)
        c.ellipse(x, 440, 128, 18, mix(fill, CARD, 0.35))
        for dx in (-28, 24):
            c.curve([(x + dx, 214), (x + dx - 12, 188), (x + dx + 12, 160), (x + dx, 130)], 11, CARD)
    c.circle(476, 462, 44, SAND)
    for dx, dy in ((-16, -12), (14, -16), (0, 8), (-20, 16), (20, 14)):
        c.circle(476 + dx, 462 + dy, 5, WOOD)


DRAWINGS = {
    "bunting": bunting,
    "hands": hands,
    "bubbles": bubbles,
    "table": table,
    "cups": cups,
}
