"""The `items` format: NDJSON, one item a line. `sync/PROTOCOL.md` describes the fields."""

from __future__ import annotations

import mimetypes
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from sync.errors import RecordError
from sync.hub.importing import Found, Skipped
from sync.hub.items import checking
from sync.records import File, Item, Maker, Place, Price, Source, Translation, id_from_key

MAX_LINE_BYTES: Final = 1_000_000

_MAGIC: Final = {
    "application/pdf": (b"%PDF-",),
    "application/epub+zip": (b"PK\x03\x04",),
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
    "text/calendar": (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
}
"""How files of these types begin; one that begins otherwise is not what it says."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/webp")


class OfferedFile(msgspec.Struct, kw_only=True):
    """A file as a line names it: by a path beside the source, or by a web address."""

    path: str = ""
    url: str = ""
    name: str = ""
    media_type: str = ""
    platform: str = ""
    language: str = ""


class OfferedItem(msgspec.Struct, kw_only=True):
    """A line of the format."""

    kind: str
    title: str
    id: str = ""
    key: str = ""
    summary: str = ""
    body: str = ""
    language: str = "en"
    translations: dict[str, Translation] = {}
    themes: list[str] = []
    tags: list[str] = []
    maker: Maker | None = None
    licence: str = ""
    price: Price | None = None
    url: str = ""
    files: list[OfferedFile] = []
    picture: str | None = None
    place: Place | None = None
    starts: str = ""
    ends: str = ""
    rrule: str = ""
    exdates: list[str] = []
    timezone: str = ""
    shops: list[str] = []
    attendance: bool = False
    expires_on: str | None = None
    checked_on: str | None = None
    source: Source | None = None


_FIELDS: Final = frozenset(field.name for field in msgspec.structs.fields(OfferedItem))
_SAME: Final = (
    "kind",
    "body",
    "language",
    "translations",
    "tags",
    "maker",
    "licence",
    "price",
    "url",
    "place",
    "starts",
    "ends",
    "rrule",
    "exdates",
    "timezone",
    "shops",
    "attendance",
    "source",
)
_decode = msgspec.json.Decoder(OfferedItem).decode
_names = msgspec.json.Decoder(dict[str, Any]).decode


def read(paths: Iterable[Path]) -> Iterator[Found | Skipped]:
    """Every line of these files; `-` is standard input, whose files are looked for in the current folder."""
    for path in paths:
        if str(path) == "-":
            yield from read_lines(sys.stdin.buffer, "standard input", Path.cwd())
            continue
        try:
            lines = path.open("rb")
        except OSError as error:
            yield Skipped(str(path), f"cannot be read: {error.strerror}")
            continue
        with lines:
            yield from read_lines(lines, str(path), path.parent)


def read_lines(lines: BinaryIO, name: str, folder: Path) -> Iterator[Found | Skipped]:
    """Every line of one file that is called `name`; files that its items offer are looked for in the folder."""
    number = 0
    while line := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > MAX_LINE_BYTES:
            yield Skipped(where, f"longer than {MAX_LINE_BYTES:,} bytes")
            while line and not line.endswith(b"\n"):
                line = lines.readline(MAX_LINE_BYTES)
            continue
        if line.strip() in (b"", b"\xef\xbb\xbf"):
            continue
        try:
            yield _item(line.removeprefix(b"\xef\xbb\xbf"), where, folder)
        except RecordError as error:
            yield Skipped(where, str(error))
        except (ValueError, OSError, OverflowError, RecursionError) as error:
            yield Skipped(where, f"cannot be read: {error}")


def _item(line: bytes, where: str, folder: Path) -> Found:
    try:
        offered = _decode(line)
        unknown = sorted(set(_names(line)) - _FIELDS)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(_plain(error)) from error
    item = Item(
        id="",
        title=" ".join(offered.title.split()),
        summary=offered.summary.strip(),
        themes=[theme.strip().lower() for theme in offered.themes if theme.strip()],
        expires_on=offered.expires_on or "",
        checked_on=offered.checked_on or "",
        **{name: getattr(offered, name) for name in _SAME},
    )
    checking.check(item)
    files = [_file(file, folder) for file in offered.files]
    picture = _picture(offered.picture, folder) if offered.picture else None
    item = msgspec.structs.replace(
        item, id=_id(offered), files=[file for _path, file in files], picture=picture[1] if picture else None
    )
    local = [(path, file) for path, file in [*files, *([picture] if picture else [])] if path]
    note = f"left out what this hub does not know: {', '.join(unknown)}" if unknown else ""
    return Found(where, item, tuple(local), note)


def _id(offered: OfferedItem) -> str:
    if not offered.id:
        if not offered.key:
            raise RecordError("neither id (a UUID) nor key (a name that stays the same) is there")
        return id_from_key("item", offered.key)
    try:
        return str(UUID(offered.id))
    except ValueError as error:
        raise RecordError(f"id is {offered.id[:40]!r}; it must be a UUID, or use key instead") from error


def _file(offered: OfferedFile, folder: Path) -> tuple[Path | None, File]:
    name = offered.name or Path(offered.path or urlsplit(offered.url).path).name or "file"
    guessed = mimetypes.guess_type(offered.path or offered.name or offered.url)[0] or "application/octet-stream"
    file = File(
        name=name,
        media_type=offered.media_type or guessed,
        url="" if offered.path else offered.url,
        platform=offered.platform,
        language=offered.language,
    )
    if offered.path:
        return _beside(offered.path, folder, file.media_type), file
    if not offered.url:
        raise RecordError(f"the file {name!r} has neither path nor url")
    checking.check_url("files.url", offered.url)
    return None, file


def _picture(path: str, folder: Path) -> tuple[Path, File]:
    media_type = mimetypes.guess_type(path)[0] or ""
    if media_type not in _PICTURES:
        raise RecordError(f"picture {path!r} must be a PNG, JPEG or WebP")
    return _beside(path, folder, media_type), File(name=Path(path).name, media_type=media_type)


def _beside(path: str, folder: Path, media_type: str) -> Path:
    """A file named by a path relative to the source, and never outside its folder."""
    found = (folder / path).resolve()
    if Path(path).is_absolute() or not found.is_relative_to(folder.resolve()):
        raise RecordError(f"the path {path!r} leads out of the source's folder")
    if not found.is_file():
        raise RecordError(f"the file {path!r} is not there")
    starts = _MAGIC.get(media_type, (b"",))
    with found.open("rb") as file:
        head = file.read(32)
    if not head.startswith(starts):
        raise RecordError(f"the file {path!r} says that it is {media_type}, but does not begin like one")
    return found


def _plain(error: Exception) -> str:
    """A decoder's complaint in our words."""
    said = str(error)
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text"
    if isinstance(error, msgspec.ValidationError):
        return said.replace("Object missing required field", "has no").replace(" - at `$", " at `")
    return f"is not JSON: {said}"
