"""Real office printers without paper: CUPS's model printer (ippeveprinter), and a print server (cupsd) with cups-pdf.

Each has a folder of its own under the system's temporary one (pytest's are closed to other users, which CUPS's filters
are), is on loopback only, and ends with its test. Needs Debian's cups, cups-client, cups-filters, cups-ipp-utils, dbus,
ghostscript, poppler-utils and printer-driver-cups-pdf.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest
import zxingcpp
from PIL import Image

from tests.conftest import wait_for

A6, A4, NOTHING = "iso_a6_105x148mm", "iso_a4_210x297mm", ""
DPI = 203
"""As thermal printers have it."""
PRINTER_NEEDS = ("ippeveprinter", "ipptool", "dbus-daemon")
SERVER_NEEDS = ("cupsd", "cupsdisable", "cupsenable", "unshare", "gs")

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
<allow user="*"/></policy></busconfig>
"""

_PRINT = """#!/bin/sh
# Prints the document "$1", under the conditions that lie in this folder.
cd {folder} || exit 1
if [ -e held ]; then
  why=$(cat held)
  echo "STATE: +$why" >&2
  while [ -e held ]; do
    if [ ! -e deaf ] && ipptool -q "$IPP_JOB_URI" cancelled.test; then
      echo "STATE: -$why" >&2
      exit 0
    fi
    sleep 0.1
  done
  echo "STATE: -$why" >&2
fi
[ -e fails ] && exit 1
[ -e slow ] && sleep "$(cat slow)"
echo "$IPP_MEDIA $IPP_PRINT_SCALING $CONTENT_TYPE" > "printed/$IPP_JOB_ID.options"
cp "$1" "printed/$IPP_JOB_ID.part" && mv "printed/$IPP_JOB_ID.part" "printed/$IPP_JOB_ID.pdf"
echo "ATTR: job-impressions-completed=1" >&2
[ ! -e spoils ]
"""

_CANCELLED = """{
  OPERATION Get-Job-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR naturalLanguage attributes-natural-language en
  ATTR uri job-uri $uri
  ATTR name requesting-user-name printer
  STATUS successful-ok
  EXPECT job-state-reasons WITH-VALUE "processing-to-stop-point"
}
"""

_CUPSD = """
Listen 127.0.0.1:{port}
Browsing Off
WebInterface No
DefaultAuthType None
DirtyCleanInterval 0
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

_CUPS_FILES = """
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
ErrorLog {folder}/log/error_log
AccessLog {folder}/log/access_log
PageLog {folder}/log/page_log
SystemGroup root
"""

_QUEUE = """
<Printer Pdf>
  DeviceURI cups-pdf:/
  State Idle
  Accepting Yes
  Shared No
  ErrorPolicy stop-printer
  OpPolicy default
</Printer>
"""

_CUPS_PDF = """
Out {folder}/printed
AnonDirName {folder}/printed
Spool {folder}/pdf
Log {folder}/log
"""

_PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")


class IppPrinter:
    """A printer with two trays. What happens to a document is said by files in its folder, at any time.

    Attributes:
        address: where it listens.
        folder: its own; `printed` in there has what came out, by the job's number.
    """

    def __init__(self, folder: Path, formats: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"ipp://localhost:{self.port}/ipp/print"
        self._formats = formats
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("printed", "spool", "keys"):
            (folder / name).mkdir()
        (folder / "cancelled.test").write_text(_CANCELLED)
        command = folder / "print.sh"
        command.write_text(_PRINT.format(folder=folder))
        command.chmod(0o755)

    @property
    def printed(self) -> list[Path]:
        """What came out."""
        return sorted((self.folder / "printed").glob("*.pdf"))

    def switch_on(self) -> None:
        """Start it, with paper in both trays."""
        options = ["-r", "off", "-n", "localhost", "-p", str(self.port), "-s", "10,10", "-f", self._formats]
        folders = ["-k", "-d", str(self.folder / "spool"), "-K", str(self.folder / "keys")]
        command = ["ippeveprinter", *options, *folders, "-c", str(self.folder / "print.sh"), "Office"]
        self._process = _start(command, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={self.folder}/bus")
        wait_for(lambda: _answers(self.port))
        self.load(A6, A4)

    def cut_power(self) -> None:
        """End it, and what it is printing, at once."""
        if self._process is not None:
            _end(self._process, signal.SIGKILL)
            self._process = None

    def load(self, *papers: str, sheets: Sequence[int] = (250, 250)) -> None:
        """Say what is in the trays, on the page that the printer has for that."""
        form: dict[str, str] = {}
        for number, (paper, level) in enumerate(zip(papers, sheets, strict=True), 1):
            form |= {f"size{number}": paper, f"type{number}": "stationery", f"level{number}": str(level)}
        with contextlib.closing(http.client.HTTPConnection("localhost", self.port, timeout=5)) as line:
            line.request("GET", f"/media?{urlencode(form)}")
            assert line.getresponse().status == 200

    def hold(self, reason: str) -> None:
        """Whatever is sent now waits, for a reason as IPP has it."""
        (self.folder / "held").write_text(reason)

    def release(self) -> None:
        """The reason is gone."""
        (self.folder / "held").unlink(missing_ok=True)

    def be(self, flaw: str, value: str = "") -> None:
        """From now on `slow` (seconds a slip), `deaf` (to cancelling), `fails`, or `spoils` (what came out)."""
        (self.folder / flaw).write_text(value)


@contextlib.contextmanager
def ipp_printer(formats: str = "application/pdf,image/pwg-raster,image/urf") -> Iterator[IppPrinter]:
    """A printer that is on."""
    _need(PRINTER_NEEDS)
    with _own_folder() as folder, contextlib.ExitStack() as ends:
        (folder / "bus.conf").write_text(_BUS.format(folder=folder))
        bus = _start(["dbus-daemon", "--nofork", f"--config-file={folder}/bus.conf"])
        ends.callback(_end, bus, signal.SIGTERM)
        wait_for((folder / "bus").exists)
        printer = IppPrinter(folder, formats)
        ends.callback(printer.cut_power)
        printer.switch_on()
        yield printer


class CupsQueue:
    """A queue of a print server, whose printer makes PDF."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.address = f"ipp://localhost:{port}/printers/Pdf"

    @property
    def printed(self) -> list[Path]:
        """What came out, as far as it is whole."""
        files = sorted((self.folder / "printed").glob("*.pdf"))
        return [file for file in files if file.read_bytes().rstrip().endswith(b"%%EOF")]

    def pause(self) -> None:
        """Stop the queue: it takes jobs and passes none on."""
        subprocess.run(["cupsdisable", "-h", f"127.0.0.1:{self.port}", "Pdf"], check=True, timeout=10)

    def resume(self) -> None:
        """Let it go on."""
        subprocess.run(["cupsenable", "-h", f"127.0.0.1:{self.port}", "Pdf"], check=True, timeout=10)


@contextlib.contextmanager
def cups_queue() -> Iterator[CupsQueue]:
    """A queue that works. cups-pdf reads its settings in one place only, so the server sees ours in that place."""
    _need(SERVER_NEEDS)
    if os.geteuid() != 0:
        pytest.skip("needs root, as cupsd does")
    if not _PPD.exists():
        pytest.skip("needs Debian's printer-driver-cups-pdf")
    with _own_folder() as folder, contextlib.ExitStack() as ends:
        for name in ("etc/ppd", "spool/tmp", "cache", "run", "log", "pdf", "printed"):
            (folder / name).mkdir(parents=True)
        (folder / "printed").chmod(0o1777)
        port = _free_port()
        files = {
            "cupsd.conf": _CUPSD,
            "cups-files.conf": _CUPS_FILES,
            "printers.conf": _QUEUE,
            "cups-pdf.conf": _CUPS_PDF,
        }
        for name, content in files.items():
            (folder / "etc" / name).write_text(content.format(folder=folder, port=port))
        shutil.copy(_PPD, folder / "etc" / "ppd" / "Pdf.ppd")
        settings = ["-c", f"{folder}/etc/cupsd.conf", "-s", f"{folder}/etc/cups-files.conf"]
        instead = 'mount --bind "$0" /etc/cups/cups-pdf.conf && exec cupsd -f "$@"'
        server = _start(["unshare", "--mount", "sh", "-c", instead, f"{folder}/etc/cups-pdf.conf", *settings])
        ends.callback(_end, server, signal.SIGTERM)
        wait_for(lambda: _answers(port) or server.poll() is not None)
        if server.poll() is not None:
            pytest.skip("needs the right to mount, so that cups-pdf writes where the test looks")
        yield CupsQueue(folder, port)


@contextlib.contextmanager
def _own_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="printers-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _start(command: list[str], **environment: str) -> subprocess.Popen[bytes]:
    """Start a program as the first of a group of its own, so that what it starts can be ended with it."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, env={**os.environ, **environment}, start_new_session=True
    )


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End a program and what is left of its group."""
    process.send_signal(how)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)


def _need(programs: Sequence[str]) -> None:
    """Skip where a program is missing."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}: see {Path(__file__).name} for Debian's packages")


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def read(file: Path) -> tuple[tuple[int, int], str]:
    """What a phone would see of the only page: its size in millimetres, and what its symbol says."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("needs Debian's poppler-utils")
    raster = subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-gray", str(file)], capture_output=True, check=True, timeout=30
    ).stdout
    page = Image.open(io.BytesIO(raster))
    assert raster.count(b"P5\n") == 1, "more pages than one"
    found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCodeModel2)
    width, height = (round(side / DPI * 25.4) for side in page.size)
    return (width, height), found[0].text if found else ""
