"""One date as the text of a QR symbol that a phone offers to add to its calendar.

Source: RFC 5545, of which a VEVENT is written alone, without the VCALENDAR around it. Readers made of ZXing look for
BEGIN:VEVENT wherever it stands (its VEventResultParser; its wiki's "Barcode Contents" shows it alone too), others know
it only so (markusfisch/BinaryEye#118), and an iPhone's camera was seen to refuse one that is wrapped
(werneckbh/laravel-qr-code#2).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Final

from sync.records import Place

_TITLE_BYTES: Final = 120
_PLACE_BYTES: Final = 130
"""Room for the escaped words in UTF-8: with the rest, a symbol of level Q stays under version 20."""
_LINE_BYTES: Final = 75
_JOINER: Final = "\u200d"
_TAIL: Final = "…"


def event(
    *, uid: str, title: str, place: Place | None, starts: dt.datetime, ends: dt.datetime, stamp: dt.datetime
) -> str:
    """The VEVENT; times are aware and are written in UTC, `stamp` tells when it was made."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_time(stamp)}",
        f"DTSTART:{_time(starts)}",
        f"DTEND:{_time(ends)}",
        f"SUMMARY:{shortened(title, _TITLE_BYTES)}",
    ]
    if where := _where(place):
        lines.append(f"LOCATION:{where}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VEVENT"])


def shortened(text: str, most_bytes: int) -> str:
    """The text on one line, escaped, in at most so many bytes of UTF-8: cut between words where that leaves half of
    it, never within a letter and its marks, and marked as cut.
    """
    letters = _letters(" ".join(text.split()))
    if _size(letters) <= most_bytes:
        return _escaped("".join(letters))
    room = most_bytes - len(_TAIL.encode())
    kept: list[str] = []
    for letter in letters:
        room -= _size([letter])
        if room < 0:
            break
        kept.append(letter)
    if " " in kept[len(kept) // 2 :]:
        kept = kept[: len(kept) - 1 - kept[::-1].index(" ")]
    return _escaped("".join(kept).rstrip(" ,;:-")) + _TAIL


def _where(place: Place | None) -> str:
    """Name, street and postcode; where that is too long, the postcode is what is kept."""
    if place is None:
        return ""
    postcode = " ".join(place.postcode.split())[:12]
    street = ", ".join(part for part in (place.name.strip(), place.address.strip()) if part)
    end = f"\\, {_escaped(postcode)}" if street and postcode else _escaped(postcode)
    return shortened(street, _PLACE_BYTES - len(end.encode())) + end


def _time(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text


def _size(letters: list[str]) -> int:
    return sum(len(_escaped(letter).encode()) for letter in letters)


def _letters(text: str) -> list[str]:
    """What a reader takes for one letter each: with its marks, and pictures that are joined; no control characters."""
    letters: list[str] = []
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs"):
            continue
        joined = bool(letters) and (sign == _JOINER or letters[-1].endswith(_JOINER))
        if letters and (joined or unicodedata.category(sign).startswith("M") or 0x1F3FB <= ord(sign) <= 0x1F3FF):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, none of which ends within a character."""
    pieces, size = [""], 0
    for sign in line:
        if size + len(sign.encode()) > _LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += len(sign.encode())
    return "\r\n".join(pieces)
