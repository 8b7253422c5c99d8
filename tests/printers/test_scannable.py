"""What the kiosk prints and shows can be read: every clean symbol, and nearly every worn one."""

from __future__ import annotations

from functools import cache, partial
from random import Random

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices import qr
from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import ROLL_80
from sync import codes
from tests.printers import worn
from tests.printers.samples import a_slip, an_item

HUBS = (
    "https://hub.example.org",
    "https://touchpoint.repair-and-reuse.example.org.uk",
    "https://hub.example.org:8443",
    "https://Council.example.org/Reuse/kiosks",
)
PRINTS = 100


def drawn(content: str, dots: int) -> Image.Image:
    """The kiosk's own symbol for `content`, in squares of `dots`."""
    modules = qr.matrix(content)
    small = Image.new("L", (len(modules), len(modules)))
    small.putdata([0 if dark else 255 for row in modules for dark in row])
    return small.resize((small.width * dots, small.height * dots), Image.Resampling.NEAREST)


@cache
def as_printed() -> list[int | None]:
    return worn.firsts(partial(drawn, dots=8), PRINTS)


def test_a_worn_print_of_1_mm_modules_is_read_at_the_first_look_or_soon() -> None:
    found = as_printed()
    assert found.count(1) >= 0.85 * PRINTS
    assert PRINTS - found.count(None) >= 0.95 * PRINTS


def test_the_worn_set_has_teeth_half_the_size_is_clearly_worse() -> None:
    found = worn.firsts(partial(drawn, dots=4), 60, count=1)
    assert found.count(1) / 60 <= as_printed().count(1) / PRINTS - 0.2


def test_a_print_is_worn_and_seen_alike_each_time_and_no_two_seeds_alike() -> None:
    picture = drawn("HTTPS://HUB.EXAMPLE.ORG/D/7K3M9QX2", 8)
    for kind in worn.KINDS:
        first, again, other = (worn.worn(picture, kind, seed).tobytes() for seed in (1, 1, 2))
        assert first == again, kind
        assert first != other, kind
    seen, once_more, otherwise = ([frame.tobytes() for frame in worn.frames(picture, seed, 2)] for seed in (1, 1, 2))
    assert seen == once_more
    assert len({*seen, *otherwise}) == 4


@pytest.mark.parametrize("dots", [6, 8])
@pytest.mark.parametrize("hub", HUBS)
def test_every_clean_symbol_is_read_to_the_letter(hub: str, dots: int) -> None:
    rng = Random(hub)
    addresses = [codes.address(hub, codes.from_number(rng.getrandbits(35))) for _ in range(15)]
    assert len(set(addresses)) == 15
    assert [worn.read(drawn(address, dots)) for address in addresses] == [{address} for address in addresses]


def slip_with(number: int) -> tuple[str, Image.Image]:
    """A slip as a receipt printer prints it, and what its symbol says."""
    slip = a_slip(an_item(number, f"Cook for {number} on £10"))
    (paper,) = draw(slip, ROLL_80)
    return slip.items[0].address, paper.convert("L")


def test_whole_slips_that_are_worn_are_read_too() -> None:
    count, first, soon = 50, 0, 0
    for number in range(count):
        address, slip = slip_with(number)
        place = zxingcpp.read_barcodes(slip)[0].position
        aim = (place.top_left.x + place.bottom_right.x) / 2, (place.top_left.y + place.bottom_right.y) / 2
        print_ = worn.worn(slip, worn.KINDS[number % len(worn.KINDS)], number)
        look = worn.first_read(address, print_, number, aim=aim)
        first, soon = first + (look == 1), soon + (look is not None)
    assert first >= 0.85 * count and soon >= 0.95 * count, f"{first} at the first look, {soon} within five"
