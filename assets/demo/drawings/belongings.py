"""What people bring with them: suitcases, school clothes and pets."""

from __future__ import annotations

from collections.abc import Callable

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, SAND, WOOD, mix

from drawings.canvas import Canvas

SKY = "#6FA6D6"
GREY = "#8C8279"


def suitcase(c: Canvas) -> None:
    """A suitcase, a globe and a little house that waits."""
    c.backdrop()
    c.arc(440, 168, 54, 180, 360, 20, c.deep)
    c.rect(386, 160, 20, 30, c.deep)
    c.rect(474, 160, 20, 30, c.deep)
    c.rect(268, 184, 344, 252, CORAL, 30)
    for x in (318, 528):
        c.rect(x, 184, 34, 252, WOOD)
        c.rect(x - 4, 288, 42, 34, AMBER, 8)
        c.rect(x + 8, 298, 18, 14, WOOD, 3)
    for x, y in ((268, 184), (576, 184), (268, 400), (576, 400)):
        c.rect(x, y, 36, 36, mix(CORAL, INK, 0.35), 12)
    for x in (304, 540):
        c.rect(x, 430, 34, 18, c.deep, 6)
    c.circle(440, 250, 40, CREAM)
    c.poly([(410, 250), (440, 222), (470, 250)], c.strong)
    c.rect(420, 248, 40, 26, c.strong)
    c.rect(434, 256, 12, 18, AMBER)
    c.box_turned(452, 372, 92, 44, -8, SKY, 8)
    c.ellipse(452, 372, 25, 13, CREAM)
    c.rect(366, 340, 40, 40, LEAF, 20)
    c.circle(386, 360, 9, AMBER)
    c.rect(700, 424, 110, 18, c.deep, 9)
    c.rect(746, 392, 18, 40, c.deep)
    c.arc(752, 296, 104, -62, 112, 13, WOOD)
    c.circle(748, 296, 86, SKY)
    c.blob([(690, 262), (716, 232), (758, 236), (764, 264), (730, 292), (706, 322), (694, 296)], LEAF)
    c.blob([(764, 296), (800, 268), (822, 292), (806, 336), (778, 354), (768, 326)], LEAF)
    c.blob([(716, 348), (744, 340), (752, 364), (732, 374)], LEAF)
    c.circle(796, 200, 9, WOOD)
    for x in (176, 206):
        c.line([(x, 436), (x, 376)], 8, LEAF)
    c.box_turned(160, 402, 16, 50, -38, LEAF, 8)
    c.box_turned(222, 402, 16, 50, 38, LEAF, 8)
    for x, y, fill in ((176, 362, AMBER), (206, 346, CREAM)):
        for dx, dy in ((-17, 0), (17, 0), (0, -17), (0, 17), (-12, -12), (12, 12), (-12, 12), (12, -12)):
            c.circle(x + dx, y + dy, 11, fill)
        c.circle(x, y, 11, CORAL)


def uniform(c: Canvas) -> None:
    """A school jumper with a tie on a hanger, shoes and a bag."""
    c.backdrop()
    c.arc(400, 78, 18, 180, 420, 8, WOOD)
    c.line([(314, 146), (400, 100), (486, 146)], 11, WOOD)
    jumper = c.strong
    c.poly([(338, 136), (462, 136), (566, 196), (600, 344), (540, 358), (510, 268), (510, 392), (290, 392), (290, 268),
            (260, 358), (200, 344), (234, 196)], jumper)  # fmt: skip
    c.line([(338, 142), (462, 142)], 20, jumper)
    for points in ([(200, 340), (258, 354)], [(600, 340), (542, 354)]):
        c.line(points, 24, c.deep)
    c.rect(286, 376, 228, 28, c.deep, 10)
    c.poly([(348, 130), (452, 130), (400, 244)], c.deep)
    c.poly([(356, 124), (444, 124), (400, 222)], CARD)
    c.poly([(352, 122), (396, 146), (372, 180)], CREAM)
    c.poly([(448, 122), (404, 146), (428, 180)], CREAM)
    c.poly([(386, 140), (414, 140), (410, 164), (390, 164)], CORAL)
    c.poly([(390, 164), (410, 164), (418, 204), (400, 232), (382, 204)], CORAL)
    c.line([(390, 190), (412, 178)], 6, AMBER)
    c.line([(390, 206), (412, 194)], 6, AMBER)
    c.rect(440, 232, 48, 42, AMBER, 6)
    c.pie(464, 270, 24, 0, 180, AMBER)
    c.poly([(464, 240), (470, 253), (484, 254), (473, 263), (477, 276), (464, 269), (451, 276), (455, 263), (444, 254),
            (458, 253)], jumper)  # fmt: skip
    for x in (250, 330):
        outline = ((-34, 452), (-32, 424), (0, 420), (20, 436), (44, 442), (46, 460), (-32, 462))
        c.blob([(x + dx, y) for dx, y in outline], INK)
        c.line([(x - 30, 461), (x + 44, 461)], 7, WOOD)
        c.rect(x - 16, 424, 26, 9, AMBER, 4)
    c.arc(712, 196, 36, 180, 360, 14, mix(CORAL, INK, 0.35))
    c.rect(616, 190, 192, 256, CORAL, 44)
    c.rect(616, 232, 192, 58, mix(CORAL, INK, 0.25), 26)
    c.rect(698, 270, 28, 42, AMBER, 8)
    c.rect(642, 330, 140, 92, mix(CORAL, CREAM, 0.25), 20)
    c.rect(642, 352, 140, 9, CREAM, 4)
    c.box_turned(768, 184, 15, 80, 14, AMBER, 2)
    c.poly([(770, 146), (785, 150), (783, 128)], SAND)
    c.rect(616, 214, 192, 60, mix(CORAL, INK, 0.25), 26)


def pets(c: Canvas) -> None:
    """A dog and a cat beside a full bowl."""
    c.backdrop()
    coat, dark = "#B07A4A", "#7E5430"
    c.curve([(282, 408), (226, 392), (200, 334), (224, 290)], 24, coat)
    c.blob([(282, 442), (268, 360), (306, 280), (352, 236), (430, 240), (458, 300), (462, 442)], coat)
    c.rect(388, 336, 38, 108, coat, 16)
    c.rect(434, 336, 38, 108, mix(coat, INK, 0.1), 16)
    c.ellipse(318, 412, 56, 42, mix(coat, INK, 0.1))
    for x in (322, 412, 458):
        c.ellipse(x, 442, 34, 15, CREAM)
    c.blob([(392, 250), (440, 256), (446, 330), (418, 372), (392, 320)], CREAM)
    c.ellipse(402, 172, 82, 74, coat)
    c.ellipse(452, 198, 60, 40, CREAM)
    c.blob([(340, 116), (370, 122), (372, 196), (346, 240), (316, 222), (316, 152)], dark)
    c.ellipse(500, 184, 19, 15, INK)
    c.circle(434, 154, 9, INK)
    c.circle(437, 151, 3, CARD)
    c.arc(472, 200, 28, 20, 110, 6, dark)
    c.line([(364, 248), (444, 252)], 18, CORAL)
    c.circle(430, 268, 13, AMBER)
    c.curve([(764, 428), (826, 424), (846, 366), (816, 330)], 19, GREY)
    c.blob([(640, 442), (640, 372), (672, 312), (722, 304), (768, 350), (784, 442)], GREY)
    c.rect(648, 356, 28, 88, GREY, 13)
    c.rect(684, 356, 28, 88, mix(GREY, INK, 0.12), 13)
    for x in (660, 698, 752):
        c.ellipse(x, 442, 26, 12, CARD)
    c.poly([(618, 262), (622, 194), (668, 232)], GREY)
    c.poly([(734, 262), (732, 194), (686, 232)], GREY)
    c.poly([(630, 240), (630, 212), (650, 230)], "#E9B7A6")
    c.poly([(724, 240), (723, 212), (704, 230)], "#E9B7A6")
    c.ellipse(677, 270, 64, 54, GREY)
    c.ellipse(677, 294, 32, 22, CARD)
    for x in (654, 700):
        c.ellipse(x, 262, 9, 11, AMBER)
        c.ellipse(x, 262, 3.5, 9, INK)
    c.poly([(669, 280), (685, 280), (677, 289)], CORAL)
    for side in (-1, 1):
        c.arc(677 + side * 9, 291, 9, 0, 180, 4, mix(GREY, INK, 0.5))
        for y in (290, 302):
            c.line([(677 + side * 30, 294), (677 + side * 74, y)], 3, CREAM)
    for x, top, foot in ((661, 224, 663), (677, 220, 677), (693, 224, 691)):
        c.line([(x, top), (foot, 238)], 6, mix(GREY, INK, 0.35))
    for x, y in ((520, 408), (544, 400), (568, 402), (590, 408), (534, 412), (576, 412)):
        c.circle(x, y, 15, WOOD)
    c.poly([(496, 412), (616, 412), (634, 462), (478, 462)], c.strong)
    c.rect(488, 404, 136, 16, c.deep, 8)
    c.box_turned(556, 440, 46, 11, 0, CREAM, 5)
    for x in (533, 579):
        c.circle(x, 434, 8, CREAM)
        c.circle(x, 446, 8, CREAM)


DRAWINGS: dict[str, Callable[[Canvas], None]] = {
    "suitcase": suitcase,
    "uniform": uniform,
    "pets": pets,
}
