"""The words of ESC/POS, the language of receipt printers: what is sent, and what comes back.

Source: Epson's ESC/POS command reference. A picture and a cut take three commands, so no library makes them: what it
would hide is what has to be known here, after which byte the line failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from kiosk.devices.printers.printer import COVER_OPEN, FAULT, PAPER_OUT, READY, Status

_START: Final = b"\x1b@"
CUT: Final = b"\x1bd\x04\x1dV\x00"
"""Four lines on, so that the last dots are beyond the knife; then cut."""
_RASTER: Final = b"\x1dv0\x00"
_ROWS: Final = 240
"""Rows in one command: more than the smallest printers hold of a picture would be lost."""
REST: Final = bytes(_ROWS * 72 + 8) + CUT
"""The rest of a picture that broke off, for a printer that cannot forget it, and the cut: 72 bytes are the widest row,
and eight begin a picture. Where nothing broke off it takes no notice of zeros."""
CLEAR: Final = bytes.fromhex("10140801031401060208")
"""Forget all that was sent; carried out at once, also while the printer stands still."""
CUTS: Final = bytes.fromhex("1d6732003200")
"""How often has the paper been cut?"""
STATUS: Final = tuple(bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4))
"""How are you (printer, why offline, error, paper)? Answered at once, with a byte each."""
_AT_ONCE: Final = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
_BLACK_IS_ONE: Final = bytes(255 - byte for byte in range(256))
_ONE_MORE_DOT: Final = 0x02
_LONGEST: Final = 80
"""No answer is longer."""


def slip(picture: Image.Image, before_cut: bytes = b"") -> bytes:
    """The commands that print a picture and cut the paper.

    Args:
        picture: mode `1`, 1 is white, its width a multiple of 8 dots.
        before_cut: commands that come between the two.
    """
    across = picture.width // 8
    rows = picture.tobytes().translate(_BLACK_IS_ONE)
    parts = [_START]
    for first in range(0, picture.height, _ROWS):
        part = rows[first * across : (first + _ROWS) * across]
        parts.append(_RASTER + across.to_bytes(2, "little") + (len(part) // across).to_bytes(2, "little"))
        parts.append(harmless(part))
    return b"".join([*parts, before_cut, CUT])


def harmless(rows: bytes) -> bytes:
    """Rows of dots without any that a printer would take for a command to be carried out at once: one dot is added."""
    for command in _AT_ONCE:
        rows = rows.replace(command, bytes((command[0], command[1] | _ONE_MORE_DOT)))
    return rows


def say_back(mark: str) -> bytes:
    """Asks the printer to say these four characters when all before them is printed."""
    return b"\x1d(H\x06\x0000" + mark.encode("ascii")


@dataclass
class Heard:
    """What a printer said, taken apart.

    Attributes:
        statuses: bytes that answer `STATUS`, in order.
        marks: said back, see `say_back`.
        words: answers in words, such as to `CUTS`.
        cleared: whether it said that all was forgotten.
        rubbish: how many bytes answer nothing that was asked.
    """

    statuses: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    words: list[bytes] = field(default_factory=list)
    cleared: bool = False
    rubbish: int = 0


class Ear:
    """Takes what comes from a printer, in whatever pieces, and skips what is no answer to anything."""

    def __init__(self) -> None:
        self._rest = b""
        self.heard = Heard()

    def take(self, content: bytes) -> None:
        """Hear more."""
        self._rest += content
        while self._rest and (used := self._one()):
            self._rest = self._rest[used:]

    def forget(self) -> None:
        """Forget what was heard, but for the marks: one may come while something else is asked."""
        self.heard = Heard(marks=self.heard.marks)

    def _one(self) -> int:
        """Hear one answer; returns how many bytes it had, 0 when it is not whole yet."""
        rest, first = self._rest, self._rest[0]
        if first & 0x93 == 0x12:
            self.heard.statuses.append(first)
            return 1
        end = rest.find(b"\0")
        if first not in (0x37, 0x5F) or (end < 0 and len(rest) > _LONGEST):
            self.heard.rubbish += 1
            return 1
        if end < 0:
            return 0
        if first == 0x5F:
            self.heard.words.append(rest[1:end])
        elif rest[1:2] == b"\x22":
            self.heard.marks.append(rest[2:end].decode("ascii", "replace"))
        elif rest[1:2] == b"\x25":
            self.heard.cleared = True
        return end + 1


def status(answers: list[int]) -> Status:
    """How a printer is, from its four answers to `STATUS`."""
    printer, why, error, paper = answers
    low = bool(paper & 0x0C)
    said = " ".join(f"{answer:02x}" for answer in answers)
    if why & 0x04:
        return Status(COVER_OPEN, low, said)
    if why & 0x20 or paper & 0x60:
        return Status(PAPER_OUT, low, said)
    if printer & 0x08 or why & 0x40 or error & 0x6C:
        return Status(FAULT, low, said)
    return Status(READY, low, said)
