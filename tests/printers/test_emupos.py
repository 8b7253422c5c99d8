"""Receipt printers that somebody else made up: emupos, from PyPI, which needs Python 3.13 and a place of its own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.devices.printers.addresses import open_printers
from kiosk.devices.printers.printer import COVER_OPEN, PAPER_OUT, READY
from kiosk.errors import PrinterError
from tests.conftest import wait_for
from tests.printers.samples import a_slip, an_item

ROOT = Path(__file__).parent.parent.parent
EMUPOS = shutil.which("emupos") or str(ROOT / ".venv" / "emupos" / "bin" / "emupos")
PROFILES = ("epson-tm-t20iii", "xprinter-xp80t", "rongta-rp326")

pytestmark = pytest.mark.skipif(not Path(EMUPOS).exists(), reason="emupos is not here: it needs Python 3.13")


@dataclass
class Emupos:
    """A running one; what it printed is in `receipts`."""

    folder: Path
    port: int
    api: str

    @property
    def receipts(self) -> list[Path]:
        return sorted(self.folder.glob("receipts/**/*.png"))

    def told(self, *words: str) -> None:
        subprocess.run([EMUPOS, "--api", self.api, *words], check=True, capture_output=True, timeout=20)


@contextlib.contextmanager
def emupos(folder: Path, profile: str) -> Iterator[Emupos]:
    port, api = free_port(), free_port()
    (folder / "emupos.yaml").write_text(
        f"schema: 1\napi: {{ host: 127.0.0.1, port: {api} }}\ndevices:\n  - id: front\n    type: printer\n"
        f"    profile: {profile}\n    connections:\n      - tcp: {{ port: {port} }}\n"
        f"    job_idle_timeout_ms: 300\n    receipts_dir: {folder / 'receipts'}\n"
    )
    with (folder / "emupos.log").open("w") as log:
        running = subprocess.Popen([EMUPOS, "run"], cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(lambda: listens(port) and listens(api), 20)
            yield Emupos(folder, port, f"http://127.0.0.1:{api}")
        finally:
            running.terminate()
            running.wait(10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@pytest.mark.parametrize("profile", PROFILES)
def test_a_slip_comes_out_of_printers_that_are_not_ours(tmp_path: Path, profile: str) -> None:
    item = an_item(7)
    with emupos(tmp_path, profile) as double:
        (printer,) = open_printers(f"tcp://127.0.0.1:{double.port}", tmp_path)
        assert printer.status().state == READY
        with contextlib.suppress(PrinterError):  # it need not be one that confirms
            printer.print(a_slip(item), printer.prepare("0190a1b2c3d4"), lambda status: status.at_work)
        wait_for(lambda: double.receipts, 10)
        with Image.open(double.receipts[0]) as receipt:
            symbols = zxingcpp.read_barcodes(receipt.convert("L"))
        assert [symbol.text for symbol in symbols] == [item.address]
        printer.close()


def test_what_is_wrong_with_it_is_told(tmp_path: Path) -> None:
    with emupos(tmp_path, PROFILES[0]) as double:
        (printer,) = open_printers(f"tcp://127.0.0.1:{double.port}", tmp_path)
        assert printer.status().state == READY
        for fault, state in (("paper-out", PAPER_OUT), ("cover-open", COVER_OPEN)):
            double.told("fault", "set", "front", fault)
            assert printer.status().state == state
            with pytest.raises(PrinterError) as told:
                printer.prepare("0190a1b2c3d4")
            assert told.value.sure and told.value.state == state
            double.told("fault", "clear", "front", fault)
        double.told("fault", "set", "front", "paper-near-end")
        assert printer.status().paper_low
        printer.close()
