"""Files that people send: told by what they hold, not by their names; pictures are drawn anew."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import BinaryIO, Final

import puremagic
from PIL import Image, ImageOps

from sync.hub.errors import HubError
from sync.hub.items import intake
from sync.hub.store.database import Database
from sync.records import File
from sync.replica.blobs import Blobs

MOST_FILE_BYTES: Final = 200_000_000
MOST_PICTURE_BYTES: Final = 20_000_000
_MOST_PIXELS: Final = 60_000_000
_WIDEST_PX: Final = 1_600
_HEAD_BYTES: Final = 1 << 20
_NAME_LETTERS: Final = 120

TAKEN: Final = {
    "application/pdf": "a PDF",
    "application/epub+zip": "an e-book",
    "application/zip": "a ZIP folder",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a Word document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "an Excel sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "a PowerPoint file",
    "application/vnd.oasis.opendocument.text": "an OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument sheet",
    "application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
    "application/vnd.android.package-archive": "an Android app",
    "image/png": "a picture",
    "image/jpeg": "a picture",
    "image/webp": "a picture",
    "audio/mpeg": "a sound file",
    "audio/ogg": "a sound file",
    "video/mp4": "a film",
    "text/calendar": "calendar dates",
    "text/csv": "a table",
    "text/plain": "a text",
}
"""What may be offered. Web pages, scripts and programs for computers may not: a phone would run them."""
_BY_ENDING: Final = {".csv": "text/csv", ".txt": "text/plain", ".ics": "text/calendar", ".md": "text/plain"}
_ENDINGS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.android.package-archive": ".apk",
    "application/zip": ".zip",
}
_WEB_PAGE: Final = (b"<!doctype", b"<html", b"<?", b"<script", b"<svg")
_ZIP: Final = b"PK\x03\x04"
_PICTURES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def take_file(source: BinaryIO, name: str, database: Database, blobs: Blobs) -> File:
    """Keep a file that items may offer, and return how they name it.

    Raises:
        HubError: it is empty, too large, or of a type that is not offered.
    """
    return intake.keep(source, file_of(source, name), database, blobs)


def file_of(source: BinaryIO, name: str) -> File:
    """How items would name a file, told by what it holds; nothing is kept yet.

    Raises:
        HubError: it is empty, too large, or of a type that is not offered.
    """
    size_bytes = source.seek(0, os.SEEK_END)
    source.seek(0)
    if not size_bytes:
        raise HubError(f"{_short(name)} is empty.")
    if size_bytes > MOST_FILE_BYTES:
        raise HubError(f"{_short(name)} is over {MOST_FILE_BYTES // 1_000_000} MB, which is the most.")
    return File(name=_short(name), media_type=type_of(source.read(_HEAD_BYTES), name))


def take_picture(source: BinaryIO, name: str, database: Database, blobs: Blobs) -> File:
    """Keep a picture as `picture_of` draws it.

    Raises:
        HubError: it is too large, or no picture that can be shown.
    """
    drawn, file = picture_of(source, name)
    return intake.keep(io.BytesIO(drawn), file, database, blobs)


def picture_of(source: BinaryIO, name: str) -> tuple[bytes, File]:
    """A picture drawn anew, and how items would name it: upright, at most 1,600 dots wide, without what a camera wrote
    into it; nothing is kept yet.

    Raises:
        HubError: it is too large, or no picture that can be shown.
    """
    content = source.read(MOST_PICTURE_BYTES + 1)
    if len(content) > MOST_PICTURE_BYTES:
        raise HubError(f"{_short(name)} is over {MOST_PICTURE_BYTES // 1_000_000} MB. Make the picture smaller first.")
    drawn, media_type = _drawn_anew(content, name)
    ending = "." + media_type.partition("/")[2].replace("jpeg", "jpg")
    return drawn, File(name=Path(_short(name)).with_suffix(ending).name, media_type=media_type)


def type_of(head: bytes, name: str) -> str:
    """The media type of what begins like this.

    Raises:
        HubError: it is none that is offered here.
    """
    if found := next((kind for kind in _guesses(head, name) if kind in TAKEN), None):
        return found
    raise HubError(
        f"{_short(name)} is of a kind that is not offered here. PDF, e-books, office files, pictures, sound, films, "
        "tables, calendar dates, ZIP folders and Android apps are."
    )


# -- inner


def _guesses(head: bytes, name: str) -> list[str]:
    """What it most likely is. Its name counts only among what its bytes may be."""
    ending = Path(name).suffix.lower()
    if ending in _BY_ENDING and _is_text(head) and not head.lstrip().lower().startswith(_WEB_PAGE):
        return [_BY_ENDING[ending]]
    try:
        found = puremagic.magic_string(head, filename=f"file{ending}")
    except (puremagic.PureError, ValueError):
        found = []
    surest = max((one.confidence for one in found), default=0.0)
    likely = [one.mime_type for one in found if one.confidence == surest]
    if not head.startswith(_ZIP):
        return likely
    offices = {own: kind for kind, own in _ENDINGS.items()}
    return [*likely, offices.get(ending, "application/zip")]


def _is_text(head: bytes) -> bool:
    try:
        head[:_HEAD_BYTES].decode("utf-8-sig", "strict")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) >= _HEAD_BYTES
    return b"\x00" not in head


def _drawn_anew(content: bytes, name: str) -> tuple[bytes, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                media_type = _PICTURES[picture.format or ""]
                upright = ImageOps.exif_transpose(picture)
                seen_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
                drawn = upright.convert("RGBA" if seen_through else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise HubError(f"{_short(name)} has too many dots. Make the picture smaller first.") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise HubError(f"{_short(name)} is no picture that can be shown: use a JPEG, PNG or WebP.") from error
    drawn.thumbnail((_WIDEST_PX, _WIDEST_PX), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    if media_type == "image/jpeg":
        drawn.convert("RGB").save(made, "JPEG", quality=85, optimize=True, progressive=True)
    elif media_type == "image/webp":
        drawn.save(made, "WEBP", quality=85, method=5)
    else:
        drawn.save(made, "PNG", optimize=True)
    return made.getvalue(), media_type


def _short(name: str) -> str:
    """A name as it is shown and kept: its last part, without what cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if letter.isprintable()).strip(". ")
    if len(seen) > _NAME_LETTERS:
        stem, dot, ending = seen.rpartition(".")
        seen = (
            stem[: _NAME_LETTERS - len(ending) - 1] + dot + ending if dot and len(ending) < 8 else seen[:_NAME_LETTERS]
        )
    return seen or "file"
