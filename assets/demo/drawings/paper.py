"""Things to read, write, watch and keep safe."""

from __future__ import annotations

from palette import AMBER, CARD, CORAL, CREAM, INK, LEAF, SAND, WOOD, mix

from drawings.canvas import SKINS, Canvas


def phone(c: Canvas) -> None:
    """A phone with messages, one of them to be wary of."""
    c.backdrop(None)
    c.rect(366, 52, 228, 436, c.deep, 38)
    c.rect(382, 78, 196, 384, CARD, 22)
    c.rect(448, 60, 64, 9, c.mid, 4)
    c.rect(400, 104, 120, 52, c.tint, 18)
    c.rect(416, 122, 84, 12, c.mid, 6)
    c.rect(436, 174, 124, 52, c.strong, 18)
    c.rect(454, 192, 84, 12, c.tint, 6)
    c.rect(300, 252, 300, 116, CORAL, 28)
    c.poly([(330, 356), (392, 356), (320, 406)], CORAL)
    c.rect(398, 284, 168, 15, CREAM, 7)
    c.rect(398, 316, 112, 15, CREAM, 7)
    c.circle(350, 308, 34, CREAM)
    c.rect(343, 284, 14, 32, CORAL, 7)
    c.circle(350, 328, 8, CORAL)
    c.rect(436, 398, 124, 40, c.strong, 16)


def phones(c: Canvas) -> None:
    """Photos moving from an old phone to a new one."""
    c.backdrop(None)
    for x, tall, frame in ((270, 300, c.deep), (556, 340, c.strong)):
        top = 270 - tall / 2
        c.rect(x, top, 152, tall, frame, 28)
        c.rect(x + 12, top + 22, 128, tall - 44, CARD, 14)
    for row, fills in enumerate(((CORAL, AMBER), (c.mid, CORAL), (AMBER, c.mid))):
        for column, fill in enumerate(fills):
            c.rect(580 + column * 54, 136 + row * 62, 48, 54, fill, 8)
    c.rect(294, 150, 48, 54, mix(CORAL, CARD, 0.6), 8)
    c.rect(348, 150, 48, 54, mix(AMBER, CARD, 0.6), 8)
    c.curve([(346, 96), (410, 52), (500, 44), (582, 70)], 14, AMBER)
    c.poly([(572, 44), (622, 86), (560, 98)], AMBER)
    c.circle(632, 380, 24, LEAF)
    c.line([(622, 380), (630, 389), (645, 371)], 7, CARD)
    c.rect(310, 384, 72, 12, c.mid, 6)


def tablet(c: Canvas) -> None:
    """A tablet with two people on a video call."""
    c.backdrop()
    c.rect(252, 76, 456, 366, c.deep, 32)
    c.rect(276, 100, 408, 312, mix(AMBER, CARD, 0.6), 12)
    c.person(440, 452, 264, CORAL, SKINS[0], "#D9D2C6")
    c.rect(252, 412, 456, 30, c.deep, 15)
    c.rect(0, 436, 960, 104, c.ground)
    c.rect(252, 412, 456, 34, c.deep, 17)
    c.rect(572, 120, 92, 108, c.mid, 12)
    c.circle(618, 170, 26, SKINS[3])
    c.pie(618, 170, 27, 180, 360, INK)
    c.rect(584, 198, 68, 30, AMBER, 12)
    for x, fill in ((588, c.strong), (648, CORAL)):
        c.circle(x, 372, 24, fill)
        c.line([(x - 9, 372), (x + 9, 372)], 7, CREAM)
    c.circle(480, 88, 5, c.mid)


def lock(c: Canvas) -> None:
    """A padlock and three cards for three words."""
    c.backdrop(None)
    c.arc(480, 190, 82, 180, 360, 38, c.deep)
    c.line([(398, 190), (398, 240)], 38, c.deep)
    c.line([(562, 190), (562, 240)], 38, c.deep)
    c.rect(346, 218, 268, 206, AMBER, 38)
    c.rect(346, 350, 268, 30, mix(AMBER, WOOD, 0.3))
    c.circle(480, 300, 34, c.deep)
    c.poly([(466, 306), (494, 306), (504, 372), (456, 372)], c.deep)
    for x, fill in ((240, CORAL), (404, c.strong), (568, LEAF)):
        c.rect(x, 446, 152, 52, fill, 26)
        for dx in (38, 76, 114):
            c.circle(x + dx, 472, 9, CREAM)


def shield(c: Canvas) -> None:
    """A shield over two speech bubbles."""
    c.backdrop(None)
    c.rect(196, 130, 220, 138, c.mid, 34)
    c.poly([(240, 258), (300, 258), (232, 312)], c.mid)
    c.rect(544, 214, 220, 138, AMBER, 34)
    c.poly([(664, 342), (724, 342), (734, 396)], AMBER)
    outline = [(480, 84), (560, 128), (622, 138), (618, 270), (570, 370)]
    c.blob([*outline, (480, 436), *[(960 - x, y) for x, y in reversed(outline[1:])]], c.strong)
    c.blob([(480, 122), (548, 156), (588, 164), (582, 266), (544, 340), (480, 390)], mix(c.strong, c.deep, 0.5))
    c.line([(416, 260), (464, 308), (552, 212)], 30, CREAM)


def megaphone(c: Canvas) -> None:
    """A megaphone."""
    c.backdrop(None)
    c.box_turned(386, 372, 48, 130, -14, c.deep, 16)
    c.poly([(356, 214), (640, 96), (640, 428), (356, 314)], CORAL)
    c.rect(280, 206, 110, 116, c.strong, 26)
    c.ellipse(640, 262, 44, 168, mix(CORAL, c.deep, 0.25))
    c.ellipse(640, 262, 24, 124, mix(CORAL, c.deep, 0.5))
    c.circle(652, 262, 30, AMBER)
    c.arc(660, 262, 110, -30, 30, 16, AMBER)
    c.arc(660, 262, 160, -30, 30, 16, AMBER)
    c.rect(250, 240, 40, 48, c.deep, 14)


def noticeboard(c: Canvas) -> None:
    """A cork board with cards and pins."""
    c.backdrop(None)
    c.rect(232, 68, 496, 384, WOOD, 20)
    c.rect(256, 92, 448, 336, SAND, 6)
    cards = (
        (340, 174, 130, 116, -4, CARD, c.strong), (500, 164, 136, 96, 3, AMBER, c.deep),
        (630, 200, 104, 144, -2, CARD, CORAL), (352, 332, 150, 120, 3, mix(c.tint, c.mid, 0.4), c.strong),
        (512, 318, 124, 150, -3, CARD, c.strong), (632, 352, 100, 96, 5, CORAL, CREAM),
    )  # fmt: skip
    for x, y, wide, high, degrees, fill, ink in cards:
        c.box_turned(x + 4, y + 6, wide, high, degrees, mix(SAND, WOOD, 0.55), 6)
        c.box_turned(x, y, wide, high, degrees, fill, 6)
        for index, share in enumerate((0.66, 0.66, 0.4)):
            c.box_turned(x, y - high * 0.12 + index * 22, wide * share, 9, degrees, mix(fill, ink, 0.55), 4)
        c.circle(x, y - high * 0.4, 10, c.strong if fill == CORAL else CORAL)


def books(c: Canvas) -> None:
    """A pile of books with one open on top."""
    c.backdrop()
    for y, left, wide, fill in ((392, 290, 390, c.strong), (340, 320, 350, CORAL), (288, 300, 340, c.deep)):
        c.rect(left, y, wide, 50, fill, 10)
        c.rect(left + wide - 62, y + 9, 62, 32, CREAM, 4)
        c.rect(left + 40, y, 16, 50, AMBER)
    c.blob([(480, 148), (400, 112), (270, 122), (270, 250), (400, 244), (480, 276)], c.mid)
    c.blob([(480, 148), (560, 112), (690, 122), (690, 250), (560, 244), (480, 276)], c.mid)
    c.poly([(480, 140), (400, 112), (284, 118), (284, 232), (400, 232), (480, 262)], CARD)
    c.poly([(480, 140), (560, 112), (676, 118), (676, 232), (560, 232), (480, 262)], CREAM)
    for y in (150, 176, 202):
        c.line([(312, y - 4), (392, y - 2), (448, y + 14)], 7, mix(c.mid, CARD, 0.3))
        c.line([(512, y + 14), (568, y - 2), (648, y - 4)], 7, mix(c.mid, CARD, 0.3))


def letter(c: Canvas) -> None:
    """A letter in an envelope, and a pen."""
    c.backdrop(None)
    c.rect(330, 70, 300, 330, CARD, 12)
    c.rect(362, 108, 120, 18, c.strong, 9)
    for y, wide in ((152, 236), (182, 236), (212, 190)):
        c.rect(362, y, wide, 12, mix(c.mid, CARD, 0.35), 6)
    c.poly([(268, 236), (480, 372), (692, 236), (692, 452), (268, 452)], AMBER)
    c.poly([(268, 236), (480, 372), (268, 452)], mix(AMBER, WOOD, 0.28))
    c.poly([(692, 236), (480, 372), (692, 452)], mix(AMBER, WOOD, 0.28))
    c.poly([(268, 452), (480, 330), (692, 452)], AMBER)
    c.line([(268, 452), (480, 332), (692, 452)], 6, mix(AMBER, WOOD, 0.4))
    c.line([(752, 96), (660, 236)], 24, c.strong)
    c.poly([(649, 230), (671, 242), (644, 262)], INK)
    c.line([(752, 96), (762, 80)], 24, CORAL)


def film(c: Canvas) -> None:
    """A screen with a film, and a bag of popcorn."""
    c.backdrop()
    c.rect(236, 76, 420, 270, c.deep, 22)
    c.rect(256, 96, 380, 230, mix(c.deep, c.strong, 0.6), 10)
    c.poly([(404, 148), (404, 268), (510, 208)], AMBER)
    c.rect(300, 292, 290, 14, CREAM, 7)
    c.rect(416, 346, 60, 64, c.deep)
    c.rect(346, 404, 200, 34, c.deep, 14)
    for x, y in ((654, 270), (690, 250), (728, 268), (668, 242), (710, 236)):
        c.circle(x, y, 27, CREAM if x % 4 else AMBER)
    c.poly([(622, 280), (764, 280), (738, 444), (648, 444)], CORAL)
    for x in (650, 694, 738):
        c.poly(
            [
                (x - 10, 280),
                (x + 12, 280),
                (694 + (x - 694) * 0.66 + 8, 444),
                (694 + (x - 694) * 0.66 - 8, 444),
            ],
            CREAM,
        )


def pencil(c: Canvas) -> None:
    """A pencil, a ruler and sums."""
    c.backdrop(None)
    c.rect(268, 96, 330, 348, CARD, 16)
    c.rect(268, 96, 44, 348, CORAL, 16)
    c.rect(296, 96, 16, 348, CORAL)
    for y in (154, 204, 254, 304, 354, 404):
        c.rect(340, y, 228, 5, mix(c.tint, c.mid, 0.4))
    c.line([(366, 172), (366, 212)], 9, c.strong)
    c.line([(346, 192), (386, 192)], 9, c.strong)
    c.line([(420, 192), (460, 192)], 9, c.strong)
    c.line([(354, 262), (380, 288)], 9, c.strong)
    c.line([(380, 262), (354, 288)], 9, c.strong)
    c.circle(440, 275, 13, AMBER)
    c.line([(692, 96), (572, 344)], 46, AMBER)
    c.line([(692, 96), (680, 120)], 46, CORAL)
    c.line([(672, 137), (664, 153)], 46, c.mid)
    c.poly([(549, 338), (594, 360), (544, 412)], SAND)
    c.poly([(551, 384), (565, 391), (544, 412)], INK)


def calendar(c: Canvas) -> None:
    """A calendar with a ring round one day."""
    c.backdrop(None)
    c.rect(290, 86, 380, 360, CARD, 28)
    c.rect(290, 86, 380, 92, c.strong, 28)
    c.rect(290, 140, 380, 38, c.strong)
    for x in (374, 586):
        c.rect(x - 11, 56, 22, 66, c.deep, 11)
    for row in range(4):
        for column in range(6):
            fill = mix(c.tint, c.mid, 0.35)
            if (row, column) in ((0, 1), (2, 4)):
                fill = AMBER
            c.rect(322 + column * 53, 206 + row * 56, 36, 36, fill, 10)
    c.ring(340 + 3 * 53, 280, 36, 11, CORAL)
    c.rect(322 + 3 * 53, 262, 36, 36, CORAL, 10)


def laptop(c: Canvas) -> None:
    """A laptop between two cups."""
    c.backdrop()
    c.rect(310, 120, 340, 244, c.deep, 20)
    c.rect(330, 140, 300, 204, CARD, 8)
    c.rect(330, 140, 300, 44, c.strong, 8)
    for x in (352, 376, 400):
        c.circle(x, 162, 8, CREAM)
    c.circle(398, 254, 38, AMBER)
    c.poly([(384, 232), (384, 276), (422, 254)], CARD)
    for y, wide in ((220, 140), (250, 140), (280, 90)):
        c.rect(464, y, wide, 14, mix(c.mid, CARD, 0.3), 7)
    c.poly([(310, 364), (650, 364), (720, 432), (240, 432)], c.mid)
    c.rect(236, 424, 488, 22, c.deep, 11)
    c.poly([(428, 390), (532, 390), (544, 414), (416, 414)], c.soft)
    c.rect(764, 372, 74, 72, CORAL, 16)
    c.arc(838, 402, 18, -80, 80, 10, CORAL)
    c.curve([(794, 352), (784, 332), (802, 316), (792, 296)], 9, CARD)


def bag(c: Canvas) -> None:
    """A bag with a phone, a letter and glasses."""
    c.backdrop()
    c.box_turned(404, 176, 104, 190, -9, c.deep, 18)
    c.box_turned(404, 172, 82, 150, -9, CARD, 8)
    c.box_turned(556, 184, 132, 170, 8, CARD, 8)
    for index in range(3):
        c.box_turned(560 - index * 4, 134 + index * 28, 84, 11, 8, c.mid, 5)
    c.arc(480, 250, 92, 180, 360, 18, WOOD)
    c.rect(296, 236, 368, 210, c.strong, 30)
    c.rect(296, 236, 368, 40, mix(c.strong, c.deep, 0.5), 20)
    c.rect(352, 312, 256, 104, mix(c.strong, c.deep, 0.4), 20)
    c.ring(428, 360, 34, 11, AMBER)
    c.ring(532, 360, 34, 11, AMBER)
    c.arc(480, 362, 20, 200, 340, 10, AMBER)
    c.curve([(664, 300), (720, 320), (724, 390), (770, 410)], 9, c.deep)
    c.rect(764, 392, 60, 38, c.deep, 10)
    c.rect(820, 398, 22, 8, c.deep)
    c.rect(820, 416, 22, 8, c.deep)


DRAWINGS = {
    "phone": phone,
    "phones": phones,
    "lock": lock,
    "tablet": tablet,
    "shield": shield,
    "megaphone": megaphone,
    "noticeboard": noticeboard,
    "books": books,
    "letter": letter,
    "film": film,
    "pencil": pencil,
    "calendar": calendar,
    "laptop": laptop,
    "bag": bag,
}
