"""The bytes that items offer: their files and pictures, by hash.

A blob is served only while an item on the shelves offers it, as what that item says it is. Source: RFC 9110
(ranges and conditional requests), RFC 6266 (names).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sync.pages.catalogue import Catalogue
from sync.pages.responses import FOR_GOOD, SECURITY, is_known
from sync.pages.views import Views
from sync.records import File
from sync.replica.blobs import Content

_AT_ONCE_BYTES: Final = 1 << 16
"""So little is read where it is asked for: to hand it to a thread costs several times the reading."""
_CHUNK_BYTES: Final = 256 * 1024
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
_SHOWN: Final = _PICTURES | {"application/pdf"}
_PLAIN_TYPE: Final = "application/octet-stream"
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_RANGE: Final = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*")
_ENDINGS: Final = {
    "application/epub+zip": ".epub",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/plain": ".txt",
}


class Files:
    """The two addresses of blobs."""

    def __init__(self, catalogue: Catalogue, views: Views) -> None:
        self._catalogue = catalogue
        self._views = views

    def file(self, request: Request) -> Response:
        """`/files/{sha256}/{name}`: a file of an item. The name in the address is only a hint which item's it is."""
        offered = self._catalogue.offered(request.path_params["sha256"])
        if not offered:
            return self._views.no_file(request)
        asked = request.path_params["name"]
        return self._blob(request, next((file for file in offered if file.name == asked), offered[0]))

    def picture(self, request: Request) -> Response:
        """`/pictures/{sha256}`: the picture of an item."""
        offered = self._catalogue.offered(request.path_params["sha256"])
        picture = next((file for file in offered if media_type(file) in _PICTURES), None)
        return self._blob(request, picture) if picture else self._views.no_file(request)

    def _blob(self, request: Request, file: File) -> Response:
        kind = media_type(file)
        headers = {"Content-Security-Policy": _policy(kind), "Content-Disposition": disposition(file, kind)}
        try:
            content = self._catalogue.blobs().content(file.sha256)
        except ValueError:
            content = None
        if content is None:
            return self._views.no_file(request, file)
        return serve(request, content, etag=f'"{file.sha256}"', media_type=kind, cache=FOR_GOOD, headers=headers)


def serve(
    request: Request,
    path: Path | Content,
    *,
    etag: str,
    media_type: str,
    cache: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """What is at `path`, or the part of it, or the word that nothing changed, as the request asks.

    Args:
        request: GET or HEAD, with `If-None-Match`, `Range` and `If-Range` as it may have them.
        path: a file whose content never changes, or such content that is not on the disk.
        etag: its entity tag, in its quotes.
        media_type: what it is.
        cache: its `Cache-Control`.
        headers: others, such as its `Content-Disposition`.

    Raises:
        FileNotFoundError: it is not there.
    """
    size_bytes = path.stat().st_size if isinstance(path, Path) else path.size_bytes
    there = {**SECURITY, "Accept-Ranges": "bytes", "Cache-Control": cache, "ETag": etag, **(headers or {})}
    if is_known(request, etag):
        return Response(status_code=304, headers=there)
    there["Content-Type"] = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    part = part_of(request, etag, size_bytes)
    if part is None:
        return _bytes(request, path, range(size_bytes), 200, there)
    if not part:
        return Response(status_code=416, headers=SECURITY | {"Content-Range": f"bytes */{size_bytes}"})
    there["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size_bytes}"
    return _bytes(request, path, part, 206, there)


def part_of(request: Request, etag: str, size_bytes: int) -> range | None:
    """Which bytes are asked for: None for all of them, an empty range for such as are not there.

    Only a single range counts, and only if the content is still the one the browser means (`If-Range`); what
    cannot be read is ignored, as RFC 9110 14.2 has it.
    """
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if not asked or request.method != "GET" or request.headers.get("if-range", etag) != etag:
        return None
    first, last, suffix = asked.groups()
    if suffix:
        return range(max(0, size_bytes - int(suffix)), size_bytes)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size_bytes) if last else size_bytes)


def media_type(file: File) -> str:
    """What its record says the file is, if that is a media type at all."""
    kind = file.media_type.partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else _PLAIN_TYPE


def disposition(file: File, kind: str) -> str:
    """The `Content-Disposition` of a file: pictures and PDF may be looked at, anything else is only kept."""
    name = "".join(letter for letter in file.name if letter.isprintable() and letter not in "/\\").strip(". ")[:120]
    name = name or "file"
    if "." not in name[-6:]:
        name += _ENDINGS.get(kind, "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ()_.,+-]", "_", plain).strip() or "file"
    how = "inline" if kind in _SHOWN else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _policy(kind: str) -> str:
    """Nothing in a file may run, load or frame anything; a PDF reader built into the browser may still draw."""
    if kind == "application/pdf":
        return "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    return "default-src 'none'; sandbox; frame-ancestors 'none'"


def _bytes(request: Request, path: Path | Content, part: range, status: int, headers: dict[str, str]) -> Response:
    headers["Content-Length"] = str(len(part))
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    if not isinstance(path, Path):
        return StreamingResponse(path.read(part), status, headers)
    if len(part) <= _AT_ONCE_BYTES:
        with path.open("rb") as file:
            file.seek(part.start)
            return Response(file.read(len(part)), status, headers)
    return StreamingResponse(_read(path, part), status, headers)


async def _read(path: Path, part: range) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(part.start)
        left = len(part)
        while left and (chunk := await file.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
