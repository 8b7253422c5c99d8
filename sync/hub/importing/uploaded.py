"""What somebody sends through the hub's pages: lines of items, a ZIP of such with their files, or a spreadsheet's rows.

It comes from outside, and so do the files in it: a ZIP is unpacked within bounds and never out of its folder, files are
told by what they hold, pictures drawn anew.
"""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from sync.hub.errors import HubError
from sync.hub.importing import Found, Skipped, files_below, items, table
from sync.hub.items import uploads
from sync.records import File

MOST_FILES: Final = 5_000
MOST_UNPACKED_BYTES: Final = 500_000_000
_CHUNK_BYTES: Final = 1 << 20
_ZIP: Final = b"PK"
_DRAWN: Final = ".drawn"


def entries(upload: Path, name: str, inside: Path) -> Iterator[Found | Skipped]:
    """Every entry of an upload that is called `name`; a ZIP is unpacked into the folder `inside`, once.

    Raises:
        HubError: it is no such file, or a ZIP that cannot be unpacked.
    """
    with upload.open("rb") as source:
        head = source.read(64)
    if head.startswith(_ZIP):
        if not inside.exists():
            unpack(upload, inside)
        yield from _of_folder(inside)
    elif _is_lines(head):
        inside.mkdir(exist_ok=True)
        with upload.open("rb") as lines:
            yield from items.read_lines(lines, name, inside)
    elif b"\x00" in head:
        raise HubError(f"{name} is neither lines of items, nor a ZIP of such, nor a table saved as CSV.")
    else:
        yield from table.read(upload, name)


def unpack(upload: Path, inside: Path) -> None:
    """Unpack a ZIP into a new folder.

    Raises:
        HubError: it is damaged or locked, holds more than may be, or names files outside of itself.
    """
    part = inside.with_name(f"{inside.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        with zipfile.ZipFile(upload) as packed:
            _unpack(packed, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise HubError(f"The ZIP cannot be unpacked: {error}.") from error
    part.rename(inside)


# -- inner


def _is_lines(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _of_folder(inside: Path) -> Iterator[Found | Skipped]:
    found = list(files_below([inside], ".ndjson"))
    if not found:
        raise HubError("There is no file in the ZIP whose name ends with .ndjson.")
    for path in found:
        with path.open("rb") as lines:
            for entry in items.read_lines(lines, str(path.relative_to(inside)), path.parent):
                yield _checked(entry) if isinstance(entry, Found) else entry


def _unpack(packed: zipfile.ZipFile, inside: Path) -> None:
    members = [one for one in packed.infolist() if not one.is_dir()]
    if len(members) > MOST_FILES:
        raise HubError(f"The ZIP holds {len(members):,} files; {MOST_FILES:,} are the most.")
    room = MOST_UNPACKED_BYTES
    for one in members:
        path = inside / _safe(one.filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise HubError(f"The ZIP holds {one.filename[:80]!r} twice.")
        with packed.open(one) as source, path.open("xb") as copy:
            while chunk := source.read(_CHUNK_BYTES):
                room -= len(chunk)  # counted as it comes, as what a ZIP says of itself may be wrong
                if room < 0:
                    raise HubError(f"The ZIP unpacks to over {MOST_UNPACKED_BYTES // 1_000_000} MB, which is the most.")
                copy.write(chunk)


def _safe(name: str) -> PurePosixPath:
    """Where a member goes, never out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable():
        raise HubError(f"The ZIP names a file outside of itself: {name[:80]!r}.")
    if len(name) > 200 or len(path.parts) > 10:
        raise HubError(f"The ZIP holds a name that is too long: {name[:80]!r}.")
    return path


def _checked(entry: Found) -> Found | Skipped:
    """The entry with its files as they are told by what they hold; a bad file keeps it out."""
    picture = entry.item.picture
    instead: dict[int, File] = {}
    files = []
    try:
        for path, file in entry.files:
            path, known = _drawn(path) if file is picture else (path, _told(path, file))
            instead[id(file)] = known
            files.append((path, known))
    except HubError as error:
        return Skipped(entry.where, str(error))
    return Found(entry.where, entry.with_files(instead), tuple(files), entry.note)


def _told(path: Path, file: File) -> File:
    with path.open("rb") as source:
        known = uploads.file_of(source, path.name)
    return msgspec.structs.replace(file, media_type=known.media_type)


def _drawn(path: Path) -> tuple[Path, File]:
    with path.open("rb") as source:
        drawn, file = uploads.picture_of(source, path.name)
    beside = path.with_name(path.name + _DRAWN)
    beside.write_bytes(drawn)
    return beside, file
