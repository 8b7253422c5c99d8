"""The published catalogue: static files, as any web server could serve them."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.hub.api.endpoints import BUSY_S, JSON, Desk, Endpoint, no
from sync.hub.blobs import BucketBlobs, BucketError
from sync.hub.items import intake
from sync.pages.files import serve
from sync.replica.blobs import Content, is_sha256

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BYTES: Final = "application/octet-stream"
_NONE: Final = {404: "There is no such file."}
_RANGES: Final = _NONE | {416: "There are no such bytes."}


class CatalogueApi:
    """Metadata, packs and blobs."""

    def __init__(self, desk: Desk) -> None:
        self._folder = desk.hub.folder
        self._database = desk.hub.database
        self._blobs = desk.hub.folder.blobs
        self._are_here = not isinstance(self._blobs, BucketBlobs)

    def endpoints(self) -> list[Endpoint]:
        """What there is."""
        tree = "/v1/catalogue"
        return [
            Endpoint(
                "GET",
                f"{tree}/metadata/{{name}}",
                self.metadata,
                "A file of TUF metadata",
                conditional=True,
                refusals=_NONE,
            ),
            Endpoint(
                "GET",
                f"{tree}/packs/{{name}}",
                self.pack,
                "A pack",
                media_type=_BYTES,
                conditional=True,
                refusals=_RANGES,
            ),
            Endpoint(
                "GET",
                f"{tree}/blobs/{{folder}}/{{name}}",
                self.blob,
                "A file that an item offers, by its SHA-256",
                media_type=_BYTES,
                conditional=True,
                refusals=_RANGES | {503: "The files cannot be reached."},
            ),
        ]

    async def metadata(self, request: Request) -> Response:
        """A metadata file; the timestamp file is asked for again and again, the others never change."""
        name = request.path_params["name"]
        path = _inside(self._folder.metadata, name)
        if path is None or (found := _small_file(path)) is None:
            return no(404, "there is no such file")
        content, etag = found
        headers = {"ETag": etag, "Cache-Control": "no-cache" if name == "timestamp.json" else _FOR_EVER}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=JSON, headers=headers)

    async def pack(self, request: Request) -> Response:
        """A pack."""
        name = request.path_params["name"]
        return self._static(request, _inside(self._folder.packs, name), name)

    async def blob(self, request: Request) -> Response:
        """A file that an item offers, by its hash."""
        name, folder = request.path_params["name"], request.path_params["folder"]
        if not is_sha256(name) or folder != name[:2]:
            return no(404, "there is no such file")
        try:
            content = self._blobs.find(name) if self._are_here else await run_in_threadpool(self._in_bucket, name)
        except BucketError:
            return no(503, "the files cannot be reached; try again soon", retry_after_s=BUSY_S)
        return self._static(request, content, name)

    def _in_bucket(self, sha256: str) -> Path | Content | None:
        """A file of the bucket's, which is not asked for what nobody ever took in."""
        with self._database.reading() as db:
            if intake.media_type(db, sha256) is None:
                return None
        return self._blobs.content(sha256)

    def _static(self, request: Request, content: Path | Content | None, name: str) -> Response:
        if content is None or (isinstance(content, Path) and not content.is_file()):
            return no(404, "there is no such file")
        sha256 = name.partition(".")[0]
        return serve(request, content, etag=f'"{sha256}"', media_type=_BYTES, cache=_FOR_EVER)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder; None for a name that leads anywhere else."""
    return folder / name if _NAME.fullmatch(name) else None


def _small_file(path: Path) -> tuple[bytes, str] | None:
    """A file's content with its ETag, kept in memory until the file changes."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=64)
def _read(path: Path, _mtime_ns: int, _inode: int) -> tuple[bytes, str]:
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
