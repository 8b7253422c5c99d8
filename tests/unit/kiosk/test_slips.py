"""What is on a slip: every symbol can be scanned, every text fits, in every script."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices import printers, qr, slip_picture
from kiosk.domain.slips import Slip, SlipItem, plain_address, qr_address
from kiosk.errors import PrinterError, SettingsError
from tests.escpos_double import EscposDouble, printed

WIDTHS = (576, 384)
TITLES = {
    "plain": "Cook for ten on £10",
    "long": "A very long title that goes on and on " * 12,
    "one word": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3,
    "Urdu": "دھوکے کو پہچانیں (WhatsApp پر)",
    "Bengali": "প্রতারণা চিনুন",
    "Welsh": "Cymhorthfa cyfryngau cymdeithasol ŵ ŷ",
    "emoji": "Party \U0001f389 time",
    "empty": "",
}


def a_slip(*items: SlipItem, **more: str) -> Slip:
    shop = {"shop": "Mill Lane", "hours": "Mo-Sa 09:30-17:30", "next_session": "Surgery: Monday, 11:00", **more}
    return Slip(items=list(items), **shop)


def an_item(title: str = "Soup", code: str = "7K3M9QX2", base: str = "https://goodstuff.example.org") -> SlipItem:
    shown = f"{code[:4]}-{code[4:]}"
    return SlipItem(item_id="i", code=shown, title=title, line="Guide · Free", address=qr_address(base, code))


def scanned(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [symbol.text for symbol in found]


def test_an_address_in_capitals_keeps_the_symbol_small() -> None:
    address = qr_address("https://goodstuff.example.org/", "7K3M9QX2")
    assert address == "HTTPS://GOODSTUFF.EXAMPLE.ORG/D/7K3M9QX2"
    assert len(qr.matrix(address)) < len(qr.matrix(address.lower()))
    assert qr_address("https://example.org/Touch", "7K3M9QX2") == "https://example.org/Touch/d/7K3M9QX2"
    assert plain_address("https://GoodStuff.example.org") == "goodstuff.example.org/d"


def test_the_quiet_zone_is_part_of_the_symbol() -> None:
    modules = qr.matrix("HTTPS://GOODSTUFF.EXAMPLE/D/7K3M9QX2")
    assert len(modules) == 29 + 2 * qr.QUIET_MODULES
    edge = [*modules[:4], *modules[-4:], *(row[:4] for row in modules), *(row[-4:] for row in modules)]
    assert not any(module for part in edge for module in part)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("title", TITLES)
def test_every_slip_can_be_scanned_and_keeps_to_its_paper(title: str, width: int) -> None:
    picture = slip_picture.draw(a_slip(an_item(TITLES[title])), width)
    assert picture.width == width and picture.mode == "1"
    assert scanned(picture) == ["HTTPS://GOODSTUFF.EXAMPLE.ORG/D/7K3M9QX2"]
    grey = picture.convert("L")
    for side in ((0, 0, 8, picture.height), (width - 8, 0, width, picture.height)):
        assert grey.crop(side).getextrema() == (255, 255), "something is printed into the margin"


def test_several_items_have_a_symbol_each() -> None:
    items = [an_item(f"Thing {number}", f"7K3M9QX{number}") for number in range(3)]
    assert sorted(scanned(slip_picture.draw(a_slip(*items), 576))) == sorted(item.address for item in items)


def test_the_symbol_is_the_last_thing_before_the_cut() -> None:
    picture = slip_picture.draw(a_slip(an_item()), 576).convert("L")
    last_dark = max(y for y in range(picture.height) if picture.crop((0, y, 576, y + 1)).getextrema()[0] == 0)
    symbol = zxingcpp.read_barcodes(picture)[0].position
    assert abs(last_dark - symbol.bottom_left.y) <= slip_picture.MODULE_DOTS


def test_what_goes_to_a_receipt_printer_prints_the_same_picture(tmp_path: Path) -> None:
    picture = slip_picture.draw(a_slip(an_item(TITLES["Urdu"])), 576)
    (paper,) = printed(printers.escpos_bytes(picture), 576)
    assert paper.crop((0, 0, *picture.size)).tobytes() == picture.tobytes()


def test_a_network_printer_prints() -> None:
    with EscposDouble() as double:
        printer = printers.open_printer(f"tcp://127.0.0.1:{double.port}", Path(), 576)
        assert printer.print("job", a_slip(an_item())) == ""
        from tests.conftest import wait_for

        wait_for(lambda: double.papers)
        assert scanned(double.papers[0]) == ["HTTPS://GOODSTUFF.EXAMPLE.ORG/D/7K3M9QX2"]


def test_no_printer_there_is_known_for_sure() -> None:
    with EscposDouble() as double:
        port = double.port
    with pytest.raises(PrinterError, match="does not answer") as failed:
        printers.open_printer(f"tcp://127.0.0.1:{port}", Path(), 576).print("job", a_slip(an_item()))
    assert failed.value.sure


@pytest.mark.parametrize("setting", ["", "lpt1", "tcp://", "tcp://host:notaport", "http://host:9100"])
def test_a_setting_that_names_no_printer_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="printer is"):
        printers.open_printer(setting, Path(), 576)


def test_pictures_of_old_slips_are_swept(tmp_path: Path) -> None:
    printer = printers.PicturePrinter(tmp_path, 384)
    for number in range(53):
        (tmp_path / f"20260101-0000{number:02}-aaaaaa.png").touch()
    path = printer.print("0123456789ab", a_slip(an_item()))
    assert Path(path).exists() and len(list(tmp_path.glob("*.png"))) == 50
