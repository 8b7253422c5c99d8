"""Worn thermal prints, and what a phone held over them sees: the degraded set that a symbol must be read from.

Sizes are in millimetres, so that a fault is as large on a small symbol as on a large one. All is drawn from seeds, so
that a print is always worn the same way. How bad a fault is, and how often, is an estimate: no paper was measured.

`python -m tests.printers.worn --out DIR` draws a sheet of examples; `--table` tells how many symbols are read.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any, Final

import qrcode
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sync import codes

DOTS: Final = 8  # to the millimetre
INK, PAPER, COUNTER = 45, 225, 120  # greys: a fresh dot, the paper, the counter that it lies on
FRAME: Final = (720, 1280)  # what a phone hands to a reader of codes is its preview, not the photograph
FOCAL: Final = 1100  # in pixels of that frame: 60 degrees along its longer side, an ordinary main camera
_BELL = [NormalDist().inv_cdf((step + 0.5) / 256) for step in range(256)]


def _patches(size: tuple[int, int], cell: float, low: float, high: float, rng: Random) -> Image.Image:
    """A mask that swells between `low` and `high` (of 1) over patches of `cell` dots."""
    across, down = (max(2, round(side / cell)) for side in size)
    small = Image.new("L", (across, down))
    small.putdata([round(255 * rng.uniform(low, high)) for _ in range(across * down)])
    return small.resize(size, Image.Resampling.BICUBIC)


def _faded(paper: Image.Image, strength: float, rng: Random) -> Image.Image:
    """A month in a window or in a plastic wallet leaves a quarter to two thirds of the black, in patches of 10 mm."""
    kept = 1 - strength * rng.uniform(0.35, 0.75)
    mask = _patches(paper.size, 10 * DOTS, max(kept - 0.1, 0), kept + 0.1, rng)
    return Image.composite(paper, Image.new("L", paper.size, PAPER), mask)


def _dead(paper: Image.Image, strength: float, rng: Random) -> Image.Image:
    """A head near its end: one column of dots (0.125 mm) in 60 is dead, and one run of up to 0.5 mm is chipped."""
    dead, chip = [x for x in range(paper.width) if rng.random() < strength / 60], rng.randrange(paper.width)
    for x in (*dead, *range(chip, chip + round(strength * rng.uniform(1, 4)))):
        ImageDraw.Draw(paper).line([x, 0, x, paper.height], fill=PAPER)
    return paper


def _crumpled(paper: Image.Image, strength: float, rng: Random) -> Image.Image:
    """Out of a pocket: facets of 5 mm, moved by 0.15 mm and shaded; along some creases 0.25 mm of coating is gone."""
    cell, move, shade = 5 * DOTS, 0.15 * DOTS * strength, Image.new("L", paper.size)
    across, down = (math.ceil(side / cell) for side in paper.size)
    corners = product(range(across + 1), range(down + 1))
    at = {(i, j): (i * cell + rng.gauss(0, move), j * cell + rng.gauss(0, move)) for i, j in corners}
    draw, lit = ImageDraw.Draw(paper), ImageDraw.Draw(shade)
    for (i, j), corner in at.items():
        for other in ((i + 1, j), (i, j + 1), (i + 1, j + 1)):
            if other in at and rng.random() < 0.15 * strength:
                draw.line([corner, at[other]], fill=PAPER, width=2)
    facets = []
    for i, j in product(range(across), range(down)):
        x, y, right, below = box = (i * cell, j * cell, (i + 1) * cell, (j + 1) * cell)
        facets.append((box, (*at[i, j], *at[i, j + 1], *at[i + 1, j + 1], *at[i + 1, j])))
        one, two = (round(255 * rng.gauss(0.85, 0.07 * strength)) for _ in range(2))
        lit.rectangle(box, fill=one)
        lit.polygon([(x, y), rng.choice([(right, y), (x, below)]), (right, below)], fill=two)
    flat = paper.transform(paper.size, Image.Transform.MESH, facets, Image.Resampling.BILINEAR, fillcolor=COUNTER)
    return ImageChops.multiply(flat, shade.filter(ImageFilter.GaussianBlur(0.5 * DOTS)))


def _torn(paper: Image.Image, strength: float, rng: Random) -> Image.Image:
    """A corner pulled off by hand, 4 to 10 mm along each side, with an edge that is ragged by 0.4 mm."""
    wide, high = (strength * rng.uniform(4, 10) * DOTS for _ in range(2))
    x, y = rng.choice([0, paper.width]), rng.choice([0, paper.height])
    ragged = [0, *(rng.gauss(0, 0.4 * DOTS) for _ in range(11)), 0]
    edge = [(wide * k / 12 + by, high * (1 - k / 12) + by) for k, by in enumerate(ragged)]
    ImageDraw.Draw(paper).polygon([(abs(x - a), abs(y - b)) for a, b in [(0.0, 0.0), *edge]], fill=COUNTER)
    return paper


def _smudged(paper: Image.Image, strength: float, rng: Random) -> Image.Image:
    """A thumb with hand gel bleaches 8 to 14 mm; a nail or a key in the pocket leaves dark lines of 0.25 to 0.5 mm."""
    gone = Image.new("L", paper.size, 255)
    x, y = (rng.uniform(0.1, 0.9) * side for side in paper.size)
    wide, high = (rng.uniform(4, 7) * DOTS for _ in range(2))
    left = max(0, round(255 * (1 - strength * rng.uniform(0.25, 0.7))))
    ImageDraw.Draw(gone).ellipse([x - wide, y - high, x + wide, y + high], fill=left)
    paper = Image.composite(paper, Image.new("L", paper.size, PAPER), gone.filter(ImageFilter.GaussianBlur(DOTS)))
    for _ in range(rng.randint(1, 3)):
        x, y = (rng.uniform(0, side) for side in paper.size)
        turn, long = rng.uniform(0, math.pi), strength * rng.uniform(8, 20) * DOTS
        line = [x, y, x + long * math.cos(turn), y + long * math.sin(turn)]
        ImageDraw.Draw(paper).line(line, fill=INK + 30, width=rng.randint(2, 4))
    return paper


_FAULTS: Final = {"faded": _faded, "dead": _dead, "crumpled": _crumpled, "torn": _torn, "smudged": _smudged}
KINDS: Final = tuple(_FAULTS)


def worn(picture: Image.Image, kind: str, seed: int, strength: float = 1.0) -> Image.Image:
    """The print `picture` (203 dpi, black on white) with one fault of the paper; dots bleed by 0.08 mm in any case."""
    ink = picture.convert("L").point([INK + (PAPER - INK) * grey // 255 for grey in range(256)])
    return _FAULTS[kind](ink, strength, Random(f"{kind} {seed}")).filter(ImageFilter.GaussianBlur(0.08 * DOTS))


def _cross(a: Sequence[float], b: Sequence[float]) -> tuple[float, float, float]:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _seen(print_: Image.Image, aim: Sequence[float], away: float, turns: Sequence[float]) -> Image.Image:
    """The print as a pinhole camera sees it from `away` mm, pointed at the dot `aim`, turned about three axes."""
    (sx, cx), (sy, cy), (sz, cz) = ((math.sin(math.radians(turn)), math.cos(math.radians(turn))) for turn in turns)
    right = (cy * cz, sx * sy * cz + cx * sz, -cx * sy * cz + sx * sz)
    down = (-cy * sz, -sx * sy * sz + cx * cz, cx * sy * sz + sx * cz)
    axes = (right, down, (0, 0, away * DOTS))
    one, two, far = ((FOCAL * x + FRAME[0] / 2 * z, FOCAL * y + FRAME[1] / 2 * z, z) for x, y, z in axes)
    origin = [far[k] - aim[0] * one[k] - aim[1] * two[k] for k in range(3)]
    back = (*_cross(two, origin), *_cross(origin, one), *_cross(one, two))
    sharp = print_.filter(ImageFilter.GaussianBlur(0.4 * DOTS * away / FOCAL))  # a pixel sees all of its own area
    how = [part / back[8] for part in back[:8]]
    return sharp.transform(FRAME, Image.Transform.PERSPECTIVE, how, Image.Resampling.BICUBIC, fillcolor=COUNTER)


def _shaken(frame: Image.Image, along: float, turn: float) -> Image.Image:
    """The frame with `along` pixels of movement while the shutter is open."""
    for part in (along / 2, along / 4, along / 8):
        move = (1, 0, part * math.cos(turn), 0, 1, part * math.sin(turn))
        moved = frame.transform(frame.size, Image.Transform.AFFINE, move, Image.Resampling.BILINEAR, fillcolor=COUNTER)
        frame = Image.blend(frame, moved, 0.5)
    return frame


def frames(print_: Image.Image, seed: int, count: int = 5, aim: Sequence[float] = ()) -> Iterator[Image.Image]:
    """What the preview of a phone held over the print hands on, one frame after the other.

    The same for all of them: 12 to 30 cm away, tilted by up to 30 degrees, in uneven light. New with each: 5 mm and 3
    degrees of hand, 5 % of distance, focus (0.8 pixels), movement while the shutter is open (2 pixels), and noise.
    `aim` is the dot of the print that the phone is pointed at; its middle unless told.
    """
    rng = Random(f"hand {seed}")
    away, spin, noise = rng.uniform(120, 300), rng.gauss(0, 15), rng.uniform(2, 6)
    tilt, towards = rng.uniform(0, 30), rng.uniform(0, 2 * math.pi)
    light = _patches(FRAME, 400, 0.5, 1.0, rng)
    for _ in range(count):
        turns = [turn + rng.gauss(0, 3) for turn in (tilt * math.cos(towards), tilt * math.sin(towards), spin)]
        at = [dot + rng.gauss(0, 5 * DOTS) for dot in aim or (print_.width / 2, print_.height / 2)]
        frame = _seen(print_, at, away * rng.uniform(0.95, 1.05), turns)
        frame = frame.filter(ImageFilter.GaussianBlur(abs(rng.gauss(0, 0.8))))
        frame = ImageChops.multiply(_shaken(frame, abs(rng.gauss(0, 2)), rng.uniform(0, math.pi)), light)
        grain = Image.frombytes("L", FRAME, rng.randbytes(FRAME[0] * FRAME[1]))
        yield ImageChops.add(frame, grain.point([round(128 + noise * bell) for bell in _BELL]), 1, -128)


def read(picture: Image.Image) -> set[str]:
    """The texts of the QR symbols that are found in a picture."""
    kind: Any = getattr(zxingcpp.BarcodeFormat, "QRCodeModel2", zxingcpp.BarcodeFormat.QRCode)
    return {symbol.text for symbol in zxingcpp.read_barcodes(picture, formats=kind)}


def first_read(text: str, print_: Image.Image, seed: int, count: int = 5, aim: Sequence[float] = ()) -> int | None:
    """The number of the first frame, from 1, in which `text` is read to the letter; None if it is in none."""
    return next((at for at, one in enumerate(frames(print_, seed, count, aim), start=1) if text in read(one)), None)


def symbol(text: str, level: str, dots: int) -> Image.Image:
    """A QR symbol at `dots` a module, with its quiet zone of four modules."""
    code = qrcode.QRCode(error_correction=getattr(qrcode.constants, f"ERROR_CORRECT_{level}"), box_size=dots, border=4)
    code.add_data(text)
    picture: Image.Image = code.make_image().get_image()
    return picture


def degraded(draw: Callable[[str], Image.Image], prints: int) -> Iterator[tuple[str, Image.Image]]:
    """What `draw` makes of different addresses, with each kind of fault in turn."""
    for seed in range(prints):
        text = f"HTTPS://HUB.EXAMPLE.ORG/D/{codes.from_number(Random(seed).getrandbits(35))}"
        yield text, worn(draw(text), KINDS[seed % len(KINDS)], seed)


def firsts(draw: Callable[[str], Image.Image], prints: int, count: int = 5) -> list[int | None]:
    """For each print of the degraded set, the first frame that it is read in."""
    return [first_read(text, print_, seed, count) for seed, (text, print_) in enumerate(degraded(draw, prints))]


def _sheet() -> Image.Image:
    """A row for each kind at 8 dots, then at 4: the print, and five frames with a bar below those that are read."""
    sheet, each = Image.new("L", (6 * 330, 2 * len(KINDS) * 340), 255), len(KINDS)
    rows = [one for dots in (8, 4) for one in degraded(partial(symbol, level="Q", dots=dots), each)]
    for row, (text, print_) in enumerate(rows):
        sheet.paste(print_, (0, row * 340))
        for x, frame in enumerate(frames(print_, row % each), start=1):
            sheet.paste(frame.resize((320, 320), box=(140, 420, 580, 860)), (x * 330, row * 340))
            sheet.paste(0 if text in read(frame) else 255, (x * 330, row * 340 + 320, x * 330 + 320, row * 340 + 328))
    return sheet


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--out", type=Path, help="write worn.png, a sheet of examples, into this folder")
    asked.add_argument("--table", action="store_true", help="tell how many of 60 are read, by size and level")
    told = asked.parse_args()
    if told.out:
        _sheet().save(told.out / "worn.png")
    for dots, level in product((4, 6, 8), "LMQH") if told.table else ():
        at = firsts(partial(symbol, level=level, dots=dots), 60)
        print(f"{dots} dots {level}: {at.count(1) / 60:4.0%} first, {1 - at.count(None) / 60:4.0%} within five")


if __name__ == "__main__":
    main()
