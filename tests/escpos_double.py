"""A receipt printer of our own on loopback: takes ESC/POS over TCP and keeps what it printed as a picture.

It knows only the commands that a slip needs and fails on any other, so that nothing slips by unread. Source: Epson
ESC/POS command reference (ESC @, ESC d, ESC J, GS v 0, GS V).
"""

from __future__ import annotations

import socket
import threading
from types import TracebackType

from PIL import Image


class EscposDouble:
    """Listens on a port of its own. `papers` are the finished slips, cut; `cut_power_at` ends a connection early."""

    def __init__(self, width_dots: int = 576) -> None:
        self.width_dots = width_dots
        self.papers: list[Image.Image] = []
        self.cut_power_at: int | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> EscposDouble:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._listening.accept()
            except OSError:
                return
            with line:
                self._take(line)

    def _take(self, line: socket.socket) -> None:
        content = b""
        while chunk := line.recv(4096):
            content += chunk
            if self.cut_power_at is not None and len(content) >= self.cut_power_at:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return
        self.papers += printed(content, self.width_dots)


def printed(content: bytes, width_dots: int) -> list[Image.Image]:
    """The slips that these bytes print, each up to its cut; what follows the last cut stays in the printer."""
    papers: list[Image.Image] = []
    strips: list[Image.Image] = []
    at = 0
    while at < len(content):
        command = content[at : at + 2]
        if command == b"\x1b@":
            at += 2
        elif command in (b"\x1bd", b"\x1bJ"):
            strips.append(Image.new("1", (width_dots, content[at + 2] * (30 if command == b"\x1bd" else 1)), 1))
            at += 3
        elif content[at : at + 3] == b"\x1dv0":
            across, down = content[at + 4] + 256 * content[at + 5], content[at + 6] + 256 * content[at + 7]
            data = content[at + 8 : at + 8 + across * down]
            assert len(data) == across * down, "the raster is cut short"
            strips.append(Image.frombytes("1", (across * 8, down), bytes(255 - byte for byte in data)))
            at += 8 + across * down
        elif command == b"\x1dV":
            at += 4 if content[at + 2] in (65, 66) else 3
            papers.append(_joined(strips, width_dots))
            strips = []
        else:
            raise AssertionError(f"a command this printer does not know at byte {at}: {content[at : at + 8].hex(' ')}")
    return papers


def _joined(strips: list[Image.Image], width_dots: int) -> Image.Image:
    paper = Image.new("1", (width_dots, sum(strip.height for strip in strips)), 1)
    y = 0
    for strip in strips:
        paper.paste(strip, (0, y))
        y += strip.height
    return paper
