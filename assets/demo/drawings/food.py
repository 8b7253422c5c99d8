"""Things to cook, grow and eat."""

from __future__ import annotations

from palette import AMBER, CARD, CORAL, CREAM, LEAF, LEAF_DARK, SAND, WOOD, mix

from drawings.canvas import Canvas

ORANGE = "#EE8B3A"


def pot(c: Canvas) -> None:
    """A big pot with a ladle and steam."""
    c.backdrop()
    for x in (400, 480, 560):
        c.steam(x, 70)
    c.rect(272, 236, 70, 34, c.deep, 17)
    c.rect(618, 236, 70, 34, c.deep, 17)
    c.rect(308, 216, 344, 230, c.strong, 52)
    c.rect(308, 216, 344, 60, c.strong)
    c.ellipse(480, 216, 172, 30, c.deep)
    c.ellipse(480, 218, 154, 21, ORANGE)
    for x, y, fill in ((400, 216, AMBER), (448, 225, LEAF), (500, 213, AMBER), (552, 222, LEAF)):
        c.ellipse(x, y, 14, 7, fill)
    c.line([(650, 96), (600, 200)], 16, WOOD)
    c.rect(340, 290, 22, 104, c.mid, 11)


def bowls(c: Canvas) -> None:
    """Three dishes with labels."""
    c.backdrop()
    for x, fill, food in ((232, CORAL, AMBER), (728, AMBER, LEAF), (480, c.strong, CREAM)):
        big = x == 480
        wide, top = (172, 250) if big else (124, 304)
        c.ellipse(x, top - 4, wide * 0.86, wide * 0.42, food)
        for dx in (-50, 0, 46):
            c.circle(x + dx, top - wide * 0.24, 15, mix(food, c.deep, 0.18))
        c.pie(x, top, wide, 0, 180, fill)
        c.rect(x - wide * 0.42, top + wide - 16, wide * 0.84, 20, mix(fill, c.deep, 0.35), 8)
        c.rect(x - 46, top + 26, 92, 42, CARD, 8)
        c.rect(x - 30, top + 38, 60, 6, c.mid, 3)
        c.rect(x - 30, top + 51, 40, 6, c.mid, 3)


def carrots(c: Canvas) -> None:
    """A bed of carrots with one out of the ground."""
    c.backdrop(None)
    c.circle(740, 118, 54, AMBER)
    c.rect(0, 350, 960, 190, mix(WOOD, c.deep, 0.3))
    c.rect(0, 350, 960, 22, mix(WOOD, c.deep, 0.12))
    c.rect(0, 500, 960, 40, mix(WOOD, c.deep, 0.42))
    for x, top, size in ((250, 360, 0.9), (480, 268, 1.25), (710, 360, 0.9)):
        for dx in (-46, -22, 0, 22, 46):
            c.curve(
                [(x, top), (x + dx * 0.5 * size, top - 55 * size), (x + dx * size, top - 100 * size)],
                13,
                LEAF,
            )
            c.circle(x + dx * size, top - 100 * size, 14 * size, LEAF_DARK if dx % 4 else LEAF)
        wide = 50 * size
        c.blob(
            [(x - wide, top + 8), (x, top - 14), (x + wide, top + 8), (x + wide * 0.66, top + 90 * size),
             (x, top + 184 * size), (x - wide * 0.66, top + 90 * size)],
            ORANGE,
        )  # fmt: skip
        for dy, half in ((36, 26), (72, 18), (104, 12)):
            c.line([(x - wide * 0.6, top + dy * size), (x - wide * 0.6 + half, top + dy * size)], 6, CORAL)


def basket(c: Canvas) -> None:
    """A shopping basket full of food."""
    c.backdrop()
    c.arc(480, 276, 150, 180, 360, 17, c.deep)
    c.rect(352, 170, 74, 130, CORAL, 16)
    c.rect(352, 204, 74, 46, CREAM)
    c.blob([(560, 150), (600, 170), (612, 280), (540, 290), (520, 190)], SAND)
    c.line([(546, 190), (582, 202)], 6, WOOD)
    c.line([(544, 222), (588, 234)], 6, WOOD)
    c.circle(474, 250, 54, mix(CORAL, "#D02F2F", 0.45))
    c.curve([(474, 202), (478, 184), (492, 172)], 9, WOOD)
    c.blob([(492, 182), (520, 164), (534, 178), (512, 194)], LEAF)
    c.poly([(292, 276), (668, 276), (626, 440), (334, 440)], c.strong)
    c.rect(276, 262, 408, 34, c.deep, 17)
    for x in (370, 425, 480, 535, 590):
        c.line([(x, 320), (480 + (x - 480) * 0.86, 412)], 13, c.mid)


def soup(c: Canvas) -> None:
    """A bowl of soup with bread."""
    c.backdrop()
    for x in (400, 470, 540):
        c.steam(x, 84)
    c.pie(460, 252, 186, 0, 180, c.strong)
    c.ellipse(460, 252, 186, 40, mix(c.strong, c.deep, 0.5))
    c.ellipse(460, 252, 166, 31, ORANGE)
    for x, y, fill in ((380, 250, LEAF), (440, 262, AMBER), (500, 246, LEAF), (550, 256, CREAM)):
        c.ellipse(x, y, 15, 7, fill)
    c.rect(388, 424, 144, 20, c.deep, 8)
    c.blob([(628, 430), (632, 372), (690, 344), (752, 368), (760, 430)], SAND)
    c.blob([(644, 424), (648, 384), (690, 362), (738, 380), (744, 424)], CREAM)
    c.rect(628, 420, 134, 18, WOOD, 8)
    c.line([(196, 436), (196, 300)], 12, c.deep)
    c.ellipse(196, 284, 26, 38, c.deep)


def seedling(c: Canvas) -> None:
    """A young plant in a pot, and a seed packet."""
    c.backdrop()
    c.curve([(440, 320), (436, 240), (446, 166)], 14, LEAF_DARK)
    c.blob([(442, 214), (386, 176), (316, 190), (340, 240), (400, 244)], LEAF)
    c.blob([(444, 176), (486, 104), (566, 104), (562, 160), (500, 186)], LEAF)
    c.curve([(442, 216), (396, 208), (350, 204)], 5, LEAF_DARK)
    c.curve([(448, 174), (500, 146), (546, 122)], 5, LEAF_DARK)
    c.ellipse(440, 322, 112, 20, mix(WOOD, c.deep, 0.6))
    c.poly([(336, 332), (544, 332), (516, 446), (364, 446)], CORAL)
    c.rect(322, 310, 236, 44, mix(CORAL, c.deep, 0.18), 10)
    c.ellipse(440, 312, 104, 12, mix(WOOD, c.deep, 0.6))
    c.rect(618, 276, 124, 168, CREAM, 10)
    c.rect(618, 276, 124, 36, c.strong, 10)
    c.rect(618, 296, 124, 16, c.strong)
    c.circle(680, 366, 32, AMBER)
    for dx, dy in ((-40, 0), (40, 0), (0, -40), (0, 40), (28, 28), (-28, 28), (28, -28), (-28, -28)):
        c.circle(680 + dx * 0.85, 366 + dy * 0.85, 10, CORAL)
    for x in (250, 274, 236):
        c.ellipse(x, 432 if x > 240 else 424, 11, 7, WOOD)


def jar(c: Canvas) -> None:
    """Two jars, one full and one waiting."""
    c.backdrop()
    for x, wide, top, fill, lid in ((384, 168, 168, CORAL, c.strong), (598, 140, 224, AMBER, c.deep)):
        left = x - wide / 2
        c.rect(left, top, wide, 440 - top, CARD, 34)
        c.rect(left + 14, top + 62, wide - 28, 440 - top - 76, fill, 24)
        for dx, dy in ((-30, 90), (24, 118), (-8, 150), (34, 72)):
            c.circle(x + dx, top + dy, 12, mix(fill, c.deep, 0.2))
        c.rect(left + 8, top - 30, wide - 16, 46, lid, 12)
        c.rect(x - 46, top + 112, 92, 60, CREAM, 8)
        c.rect(x - 30, top + 128, 60, 8, c.mid, 4)
        c.rect(x - 30, top + 146, 38, 8, c.mid, 4)
        c.rect(left + 22, top + 34, 12, 70, CARD, 6)


def fridge(c: Canvas) -> None:
    """An open fridge with food on its shelves."""
    c.backdrop()
    c.poly([(566, 88), (704, 112), (704, 452), (566, 440)], mix(c.mid, CARD, 0.35))
    for y in (180, 300):
        c.poly([(580, y), (690, y + 12), (690, y + 44), (580, y + 36)], c.strong)
    c.circle(612, 174, 16, CORAL)
    c.circle(652, 178, 16, AMBER)
    c.rect(600, 254, 26, 50, CARD, 6)
    c.rect(640, 262, 26, 50, AMBER, 6)
    c.rect(318, 80, 256, 364, c.strong, 22)
    c.rect(340, 102, 212, 320, CREAM, 12)
    for y in (196, 296):
        c.rect(340, y, 212, 10, c.mid)
    c.circle(384, 168, 28, CORAL)
    c.circle(438, 168, 28, ORANGE)
    c.rect(486, 128, 36, 68, CARD, 8)
    c.rect(486, 150, 36, 20, c.strong)
    c.blob([(360, 296), (370, 246), (420, 234), (446, 262), (446, 296)], LEAF)
    c.rect(470, 244, 60, 52, AMBER, 8)
    c.rect(358, 338, 176, 68, mix(c.tint, c.mid, 0.4), 10)
    for x in (392, 446, 500):
        c.circle(x, 364, 20, ORANGE if x != 446 else LEAF)
    c.rect(358, 372, 176, 34, mix(c.tint, c.mid, 0.7), 10)


DRAWINGS = {
    "pot": pot,
    "bowls": bowls,
    "carrots": carrots,
    "basket": basket,
    "soup": soup,
    "seedling": seedling,
    "jar": jar,
    "fridge": fridge,
}
