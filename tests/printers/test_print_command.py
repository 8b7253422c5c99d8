"""`print` and `printers` as a person types them."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from kiosk.cli import main, printing
from kiosk.devices.printers import receipt
from kiosk.devices.slips.layouts import LAYOUTS
from sync import codes
from tests.conftest import TestKiosk, wait_for
from tests.printers.escpos_double import EscposDouble
from tests.printers.test_not_a_printer import a_long_paper, hasty, no_printer
from tests.support import processes

__all__ = ["hasty"]
DPI = 203
TITLES = ("Cook for ten", "Mend a bike")


@pytest.fixture
def shown(shop: TestKiosk) -> list[str]:
    """The codes of both items, as people see them."""
    return [codes.show(shop.item(title).code) for title in TITLES]


@pytest.fixture
def says(shop: TestKiosk) -> list[str]:
    """What the symbols of both items say."""
    return sorted(shop.services.take_away.address(shop.item(title)) for title in TITLES)


@pytest.fixture
def double() -> Iterator[EscposDouble]:
    with EscposDouble() as made:
        yield made


def at(double: EscposDouble) -> str:
    return f"tcp://127.0.0.1:{double.port}"


def run(shop: TestKiosk, command: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*command.split(), "--data", str(shop.folder), *words])


@contextlib.contextmanager
def started(shop: TestKiosk, command: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with processes.process("kiosk", *command.split(), "--data", str(shop.folder), *words, **options) as running:
        yield running


@contextlib.contextmanager
def agent_of(shop: TestKiosk, *printers: str) -> Iterator[None]:
    """Its agent in a process of its own, with these printers, once it has seen them all."""
    (shop.folder / "settings.toml").write_text(f'printer = "{" ".join(printers)}"\n')
    seen = shop.folder / "printers.json"
    with processes.agent(shop.folder, poll_s=60):
        wait_for(lambda: seen.exists() and all(f'"{printer}"' in seen.read_text() for printer in printers), 20)
        yield


def picture(file: Path) -> Image.Image:
    return Image.open(io.BytesIO(file.read_bytes()))


def scanned(paper: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(paper.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(symbol.text for symbol in found)


def pages(file: Path) -> list[Image.Image]:
    """The pages of a PDF as a printer sees them."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("needs Debian's poppler-utils")
    to = file.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", file, to], check=True, timeout=30)
    return [picture(page) for page in sorted(file.parent.glob(f"{to.name}-*.pgm"))]


def nothing_is_queued(shop: TestKiosk) -> bool:
    return shop.services.queue.next() is None and not shop.services.queue.left_sending()


# -- into a file


def test_a_picture_in_every_layout_has_each_items_symbol(
    shop: TestKiosk, shown: list[str], says: list[str], tmp_path: Path
) -> None:
    heights = {}
    for name, large in product(LAYOUTS, (False, True)):
        out = tmp_path / f"{name}{large}.PNG"
        result = run(shop, "print", *shown, "--layout", name, "--out", str(out), *["--large"] * large)
        assert (result.exit_code, result.output) == (0, f"{out}: {name}\n")
        drawn = picture(out)
        assert (drawn.format, drawn.width) == ("PNG", LAYOUTS[name].width_dots), name
        assert scanned(drawn) == says, (name, large)
        heights[name, large] = drawn.height
    assert heights["80mm", False] < heights["80mm", True] == heights["large", False]
    assert nothing_is_queued(shop)


def test_a_pdf_in_every_layout_is_printed_in_its_true_size_and_can_be_scanned(
    shop: TestKiosk, shown: list[str], says: list[str], tmp_path: Path
) -> None:
    for name, large in product(LAYOUTS, (False, True)):
        layout, out = LAYOUTS[name], tmp_path / f"{name}{large}.pdf"
        result = run(shop, "print", *shown, "--layout", name, "--out", str(out), *["--large"] * large)
        assert (result.exit_code, result.output) == (0, f"{out}: {name}\n")
        printed = pages(out)
        assert len(printed) == 2 if layout.alone else printed, name
        for page in printed:
            across, down = (side / DPI * 25.4 for side in page.size)
            assert across == pytest.approx(layout.width_mm, abs=0.3), name
            assert not layout.height_mm or down == pytest.approx(layout.height_mm, abs=0.3), name
        assert sorted(text for page in printed for text in scanned(page)) == says, (name, large)


def test_a_file_whose_paper_nobody_named_is_80_mm_wide_or_an_a4_sheet(
    shop: TestKiosk, shown: list[str], tmp_path: Path
) -> None:
    for name, usual in (("slip.png", "80mm"), ("slip.pdf", "a4")):
        out = tmp_path / name
        assert run(shop, "print", shown[0], "--out", str(out)).output == f"{out}: {usual}\n"
    assert picture(tmp_path / "slip.png").width == 576
    assert [round(side / DPI * 25.4) for page in pages(tmp_path / "slip.pdf") for side in page.size] == [210, 297]


def test_a_code_may_be_typed_in_any_way(shop: TestKiosk, shown: list[str], says: list[str], tmp_path: Path) -> None:
    out = tmp_path / "slip.png"
    typed = [shown[0].lower(), shown[1].replace("-", " ")]
    assert run(shop, "print", *typed, "--out", str(out)).exit_code == 0
    assert scanned(picture(out)) == says


def test_what_cannot_be_done_is_told_and_no_slip_waits(shop: TestKiosk, shown: list[str], tmp_path: Path) -> None:
    known, unknown = shown[0], codes.show(codes.from_number(1))
    (tmp_path / "file").touch()
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "full.png").symlink_to("/dev/full")
    for words, code, why in [
        ([unknown, "--out", "slip.png"], 1, f"no item here has the code {unknown}"),
        ([known, unknown], 1, "no item here has the code"),
        (["7K3M"], 1, "A code has 8 letters and numbers"),
        ([], 2, "Missing argument 'CODE...'"),
        ([known, "--out", "slip.txt"], 2, "must end in .png or .pdf"),
        ([known, "--out", "png"], 2, "must end in .png or .pdf"),
        ([known, "--out", "slip.png", "--layout", "a5"], 2, "'a5' is not one of '58mm', '80mm'"),
        ([known, "--out", "none/slip.png"], 1, "none/slip.png cannot be written: No such file or directory"),
        ([known, "--out", "file/slip.pdf"], 1, "file/slip.pdf cannot be written: Not a directory"),
        ([known, "--out", "full.png"], 1, "full.png cannot be written: No space left on device"),
        ([known, "--out", "folder.png"], 2, "is a directory"),
        ([known, "--layout", "a4"], 2, "--layout is of a file, so it needs --out"),
        ([known], 1, "the agent is not running, so nothing is printed: start `touchpoint-kiosk agent`"),
    ]:
        with contextlib.chdir(tmp_path):
            result = run(shop, "print", *words)
        assert (result.exit_code, result.stdout) == (code, ""), words
        assert why in result.stderr and "Traceback" not in result.stderr, words
        assert nothing_is_queued(shop), words
    assert not list(tmp_path.glob("slip*"))


# -- at a printer


def test_the_command_prints_by_way_of_the_agent_and_ends_when_the_slip_is_out(
    shop: TestKiosk, double: EscposDouble, shown: list[str], says: list[str]
) -> None:
    with agent_of(shop, at(double)):
        with started(shop, "print", *shown) as command:
            assert command.communicate(timeout=15) == ("printed\n", None)
            assert command.returncode == 0
            assert len(double.papers) == 1, "it ended before the slip was out"
        assert scanned(double.papers[0].image) == says
        result = run(shop, "print", shown[0], "--large")
        assert (result.exit_code, result.output) == (0, "printed\n")
        result = run(shop, "printers test")
        assert (result.exit_code, result.output) == (0, "printed\n")
    _first, large, test = double.papers
    assert large.image.height > double.papers[0].image.height / 2
    assert scanned(test.image) == [shop.services.take_away.base_url()]


def test_while_the_paper_is_out_the_command_says_so_and_waits(
    shop: TestKiosk, double: EscposDouble, shown: list[str]
) -> None:
    double.paper_out()
    with agent_of(shop, at(double)), started(shop, "print", shown[0]) as command:
        assert command.stdout
        assert command.stdout.readline() == "waiting: the printer has no paper\n"
        assert command.poll() is None and not double.papers
        double.paper_in()
        assert command.communicate(timeout=15) == ("printed\n", None)
        assert command.returncode == 0
        assert len(double.papers) == 1


def test_what_the_agent_saw_of_the_printers_is_listed_also_when_it_has_ended(shop: TestKiosk) -> None:
    with EscposDouble() as low, EscposDouble() as lid, EscposDouble() as empty, EscposDouble() as gone:
        low.near_end()
        lid.open_cover()
        empty.paper_out()
        gone.drop_network()
        (shop.folder / "settings.toml").write_text(f'printer = "png {at(low)}"\n')
        nobody_knows = "nothing is known of it until the agent has run"
        result = run(shop, "printers")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.splitlines() == [f"png  {nobody_knows}", f"{at(low)}  {nobody_knows}"]
        with agent_of(shop, "png", *map(at, (low, lid, empty, gone))):
            pass
        assert run(shop, "printers").stdout.splitlines() == [
            "png  ready",
            f"{at(low)}  ready, its paper ends soon",
            f"{at(lid)}  the printer's lid is open",
            f"{at(empty)}  the printer has no paper",
            f"{at(gone)}  the printer does not answer",
        ]
        (shop.folder / "printers.json").write_text("[{")
        assert run(shop, "printers").stdout.count(nobody_knows) == 5


def test_a_plain_printer_has_the_slip_and_the_command_does_not_claim_that_it_is_out(
    shop: TestKiosk, shown: list[str]
) -> None:
    with EscposDouble(confirms=False) as plain, agent_of(shop, at(plain)):
        result = run(shop, "print", shown[0])
        assert (result.exit_code, result.output) == (1, "sent; whether it came out nobody can say: look\n")
        assert len(plain.wait_for_papers(1)) == 1


# -- one printer, tried


def test_a_printer_that_confirms_is_tried_and_says_so(shop: TestKiosk, double: EscposDouble) -> None:
    result = run(shop, "printers test", at(double))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"{at(double)}: ready 16 12 12 12",
        "printed, and the printer says so",
        f"To use it, put this into {shop.folder / 'settings.toml'} and start the agent again:",
        f'printer = "{at(double)}"',
    ]
    (paper,) = double.papers
    assert paper.whole and scanned(paper.image) == [shop.services.take_away.base_url()]
    assert nothing_is_queued(shop)


@pytest.mark.parametrize("silent", [False, True])
def test_of_a_plain_printer_somebody_has_to_look_what_came_out(silent: bool, shop: TestKiosk, hasty: None) -> None:
    with EscposDouble(384, confirms=False, silent=silent) as plain:
        address = f"{at(plain)}?layout=58mm"
        result = run(shop, "printers test", address)
        assert (result.exit_code, result.stderr) == (0, "")
        how, sent, *_use, setting = result.stdout.splitlines()
        assert how.startswith(f"{address}: {'unknown' if silent else 'ready'}")
        assert sent == "sent. This printer does not say what came out: look whether a whole slip is there."
        assert setting == f'printer = "{address}"'
        (paper,) = plain.wait_for_papers(1)
        assert paper.whole and scanned(paper.image) == [shop.services.take_away.base_url()] and not plain.rubbish


def test_what_a_printer_lacks_is_told_and_it_is_not_recommended(shop: TestKiosk, double: EscposDouble) -> None:
    double.paper_out()
    lacks_paper = run(shop, "printers test", at(double))
    double.drop_network()
    away = run(shop, "printers test", at(double))
    for result, how, why in [
        (lacks_paper, "the printer has no paper", "cannot print: paper_out"),
        (away, "the printer does not answer", "cannot be reached"),
        (run(shop, "printers test", "lpt://1"), "", "it must be png, or begin with tcp://"),
        (run(shop, "printers test", f"{at(double)}?layout=a4"), "", "layout must be"),
    ]:
        assert result.exit_code == 1 and how in result.stdout and why in result.stderr, result.output
        assert "Traceback" not in result.output and "To use it" not in result.stdout
    assert not double.papers


def test_one_printer_is_tried_at_a_time_and_without_an_agent_it_has_to_be_named(shop: TestKiosk) -> None:
    for words, code, why in [
        ([""], 2, "ADDRESS is that of one printer"),
        (["png png"], 2, "ADDRESS is that of one printer"),
        ([], 1, "the agent is not running: give an ADDRESS"),
    ]:
        result = run(shop, "printers test", *words)
        assert (result.exit_code, result.stdout) == (code, "") and why in result.stderr
    assert nothing_is_queued(shop) and not (shop.folder / "slips").exists()


def test_a_printer_that_takes_no_more_is_not_waited_for_for_ever(
    shop: TestKiosk, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt, "draw", lambda _slip, _layout: [a_long_paper()])
    monkeypatch.setattr(printing, "_TEST_S", 1.0)
    with no_printer("deaf", "auto") as address:
        result = run(shop, "printers test", address)
    assert result.exit_code == 1 and "takes nothing more" in result.stderr, result.output
