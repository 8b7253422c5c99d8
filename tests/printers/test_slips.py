"""What is on a slip: every symbol can be scanned, every text fits, in every script, on every paper."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kiosk.devices import qr
from kiosk.devices.slips import documents
from kiosk.devices.slips.drawing import draw
from kiosk.devices.slips.layouts import A4, A6, LABEL_62, LARGE, LAYOUTS, ROLL_58, ROLL_80, Layout
from kiosk.domain.slips import SlipItem
from sync import codes
from tests.printers.samples import a_slip, an_item

TITLES = {
    "plain": "Cook for ten on £10",
    "400 letters": ("A very long title that goes on and on " * 12)[:400],
    "one word": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3,
    "Urdu": "دھوکے کو پہچانیں (WhatsApp پر)",
    "Bengali": "প্রতারণা চিনুন",
    "Welsh": "Cymhorthfa cyfryngau cymdeithasol ŵ ŷ",
    "emoji": "Party \U0001f389 time",
    "empty": "",
}
ROLLS = (ROLL_58, ROLL_80, LARGE)
PAPERS = [*LAYOUTS.values(), A6.large(), A4.large(), ROLL_58.large()]


def names(layouts: list[Layout]) -> list[str]:
    return [f"{layout.name}{'-large' * layout.bold}" for layout in layouts]


def scanned(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [symbol.text for symbol in found]


def test_an_address_in_capitals_keeps_the_symbol_small() -> None:
    address = codes.address("https://goodstuff.example.org/", "7K3M9QX2")
    assert address == "HTTPS://GOODSTUFF.EXAMPLE.ORG/D/7K3M9QX2"
    assert len(qr.matrix(address)) < len(qr.matrix(address.lower()))
    assert codes.address("https://example.org/Touch", "7K3M9QX2") == "https://example.org/Touch/d/7K3M9QX2"
    assert codes.typed_address("https://GoodStuff.example.org") == "goodstuff.example.org/d"


def test_the_quiet_zone_is_part_of_the_symbol() -> None:
    modules = qr.matrix("HTTPS://GOODSTUFF.EXAMPLE/D/7K3M9QX2")
    assert len(modules) == 29 + 2 * qr.QUIET_MODULES
    edge = [*modules[:4], *modules[-4:], *(row[:4] for row in modules), *(row[-4:] for row in modules)]
    assert not any(module for part in edge for module in part)


@pytest.mark.parametrize("layout", PAPERS, ids=names(PAPERS))
@pytest.mark.parametrize("title", TITLES)
def test_every_slip_can_be_scanned_and_keeps_to_its_paper(title: str, layout: Layout) -> None:
    item = an_item(title=TITLES[title])
    papers = draw(a_slip(item), layout)
    for paper in papers:
        assert paper.mode == "1" and paper.width == layout.width_dots
        assert not layout.height_dots or paper.height == layout.height_dots
        margin = layout.dots(layout.margin_mm)
        grey, (width, height) = paper.convert("L"), paper.size
        for side in ((0, 0, margin, height), (width - margin, 0, width, height), (0, height - margin, width, height)):
            assert grey.crop(side).getextrema() == (255, 255), "something is printed into the margin"
    assert [text for paper in papers for text in scanned(paper)] == [item.address]


@pytest.mark.parametrize("layout", PAPERS, ids=names(PAPERS))
def test_several_items_have_a_symbol_each(layout: Layout) -> None:
    items = [an_item(number, f"Thing {number}") for number in range(7)]
    papers = draw(a_slip(*items), layout)
    assert sorted(text for paper in papers for text in scanned(paper)) == sorted(item.address for item in items)
    assert len(papers) == 7 if layout.alone else len(papers) <= 8 if layout.height_dots else len(papers) == 1


@pytest.mark.parametrize("layout", ROLLS, ids=names(list(ROLLS)))
def test_the_symbol_is_the_last_thing_before_the_cut(layout: Layout) -> None:
    (picture,) = draw(a_slip(), layout)
    grey = picture.convert("L")
    last_dark = max(y for y in range(grey.height) if grey.crop((0, y, grey.width, y + 1)).getextrema()[0] == 0)
    symbol = zxingcpp.read_barcodes(grey)[0].position
    assert abs(last_dark - symbol.bottom_left.y) <= layout.dots(1)


def test_modules_are_a_millimetre_wide_and_never_under_three_quarters() -> None:
    for layout in PAPERS:
        paper = draw(a_slip(), layout)[-1]
        symbol = zxingcpp.read_barcodes(paper.convert("L"))[0].position
        assert (symbol.bottom_right.x - symbol.bottom_left.x) / layout.dpi * 25.4 == pytest.approx(29, abs=1)


@pytest.mark.parametrize("length", [300, 2_000, 9_000])
def test_an_address_too_long_for_a_square_that_phones_read_is_left_to_the_code(length: int) -> None:
    item = SlipItem(item_id="", code="7K3M-9QX2", title="Long", line="", address="HTTPS://HUB.TEST/" + "D" * length)
    for layout in (ROLL_58, LABEL_62):
        (paper,) = draw(a_slip(item), layout)
        assert scanned(paper) == []
        assert paper.height > layout.dots(20), "what to type is on it"


def test_a_slip_in_urdu_runs_from_the_right() -> None:
    (picture,) = draw(a_slip(an_item(title=TITLES["Urdu"]), shop="ملین", hours="", next_session=""), ROLL_80)
    head = picture.convert("L").crop((0, 0, picture.width, ROLL_80.dots(12)))
    dark = [x for x in range(head.width) if head.crop((x, 0, x + 1, head.height)).getextrema()[0] == 0]
    assert min(dark) > head.width / 2 and max(dark) > head.width - 2 * ROLL_80.dots(ROLL_80.margin_mm)


def test_large_print_is_eighteen_points_and_bold() -> None:
    assert min(LARGE.points.values()) >= 18 and LARGE.bold
    (plain,), (large,) = draw(a_slip(), ROLL_80), draw(a_slip(), LARGE)
    assert large.height > plain.height


def test_a_pdf_has_its_pages_in_their_true_size_and_a_name() -> None:
    slip = a_slip(*(an_item(number) for number in range(3)), language="cy")
    document = PdfReader(io.BytesIO(documents.pdf(slip, A6)))
    assert {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in document.pages} == {
        (105, 148)
    }
    assert document.metadata and "Cook for ten" in (document.metadata.title or "")
    assert document.trailer["/Root"]["/Lang"] == "cy"
