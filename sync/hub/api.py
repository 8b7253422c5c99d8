"""What kiosks ask of the hub: the published catalogue, enrolment, and taking their records in.

The catalogue is public and static; any web server may serve the same files. The token is asked for only where a device
speaks for itself.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.errors import HubRejectedError
from sync.hub.hub import Hub
from sync.hub.store import catalogue, devices, inbox
from sync.hub.store.devices import Device
from sync.messages import Answers, Batch, Enrolled, EnrolRequest
from sync.outbox import BATCH
from sync.pages.files import serve

MAX_BODY_BYTES: Final = 1_000_000
MAX_UNPACKED_BYTES: Final = 8_000_000
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_JSON: Final = "application/json"
_UNKEPT: Final = {"Cache-Control": "no-store"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class Api:
    """The routes under `/v1`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def routes(self) -> list[Route]:
        """All routes, for the hub's application."""
        return [
            Route("/v1/catalogue/metadata/{name}", self.metadata),
            Route("/v1/catalogue/packs/{name}", self.pack),
            Route("/v1/catalogue/blobs/{folder}/{name}", self.blob),
            Route("/v1/enrol", self.enrol, methods=["POST"]),
            Route("/v1/records", self.records, methods=["POST"]),
            Route("/v1/device", self.device),
        ]

    # -- the published catalogue

    def metadata(self, request: Request) -> Response:
        """A metadata file; the timestamp file is asked for again and again, the others never change."""
        name = request.path_params["name"]
        path = _inside(self._hub.folder.metadata, name)
        if path is None or (found := _small_file(path)) is None:
            return _no(404, "there is no such file")
        content, etag = found
        headers = {"ETag": etag, "Cache-Control": "no-cache" if name == "timestamp.json" else _FOR_EVER}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=_JSON, headers=headers)

    def pack(self, request: Request) -> Response:
        """A pack."""
        return self._static(request, _inside(self._hub.folder.packs, request.path_params["name"]))

    def blob(self, request: Request) -> Response:
        """A file that an item offers, by its hash."""
        try:
            path = self._hub.folder.blobs.find(request.path_params["name"])
        except ValueError:
            path = None
        return self._static(request, path if path and path.parent.name == request.path_params["folder"] else None)

    def _static(self, request: Request, path: Path | None) -> Response:
        if path is None or not path.is_file():
            return _no(404, "there is no such file")
        sha256 = path.name.partition(".")[0]
        return serve(request, path, etag=f'"{sha256}"', media_type="application/octet-stream", cache=_FOR_EVER)

    # -- devices

    async def enrol(self, request: Request) -> Response:
        """A kiosk with a provisioning file becomes a device of its shop."""
        try:
            asked = msgspec.json.decode(await _body(request), type=EnrolRequest)
            if len(bytes.fromhex(asked.public_key)) != 32:
                raise ValueError("public_key is not an Ed25519 key in hex")
            device, token = await run_in_threadpool(self._enrol, asked)
        except HubRejectedError as error:
            return _no(error.status, str(error))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            return _no(400, f"this is not an enrolment: {error}")
        return _yes(await run_in_threadpool(self._enrolled, device, token))

    async def records(self, request: Request) -> Response:
        """A batch of a device's own records; the answer names each."""
        device = await run_in_threadpool(self._who, request)
        if device is None:
            return _no(401, "this kiosk's token is not known here, or was revoked")
        try:
            batch = msgspec.json.decode(await _body(request), type=Batch)
            if len(batch.records) > BATCH:
                return _no(413, f"at most {BATCH} records go in one post")
        except HubRejectedError as error:
            return _no(error.status, str(error))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            return _no(400, f"this is not a batch of records: {error}")
        return _yes(await run_in_threadpool(self._take, device, batch))

    def device(self, request: Request) -> Response:
        """What a device may know of itself."""
        device = self._who(request)
        if device is None:
            return _no(401, "this kiosk's token is not known here, or was revoked")
        content = msgspec.json.encode({"device_id": device.id, "shop_id": device.shop_id, "name": device.name})
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        return Response(content, media_type=_JSON, headers={"ETag": etag, "Cache-Control": "no-store"})

    # -- in the thread pool

    def _enrol(self, asked: EnrolRequest) -> tuple[Device, str]:
        with self._hub.database.writing() as db:
            return devices.enrol(db, asked.secret, asked.public_key, asked.name)

    def _enrolled(self, device: Device, token: str) -> Enrolled:
        with self._hub.database.reading() as db:
            name = shop_names(db).get(device.shop_id, "")
        return Enrolled(device_id=device.id, token=token, shop_id=device.shop_id, shop_name=name)

    def _take(self, device: Device, batch: Batch) -> Answers:
        with self._hub.database.writing() as db:
            return Answers(records=inbox.take(db, device.id, batch.records))

    def _who(self, request: Request) -> Device | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        with self._hub.database.reading() as db:
            return devices.by_token(db, token)


def shop_names(db: Any) -> dict[str, str]:
    """Every shop's name by its id."""
    return {shop_id: fields["name"] for shop_id, _revision, fields in catalogue.live(db, "shop")}


async def _body(request: Request) -> bytes:
    """The request's body, unpacked; never more than the bounds.

    Raises:
        HubRejectedError: 413, it is too large. ValueError: it is not gzip though it says so.
    """
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > MAX_BODY_BYTES:
            raise HubRejectedError(f"a body of over {MAX_BODY_BYTES} bytes", 413)
    if request.headers.get("content-encoding") != "gzip":
        return bytes(taken)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(bytes(taken), MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise ValueError(f"the body is not gzip: {error}") from error
    if unpacker.unconsumed_tail:
        raise HubRejectedError(f"a body that unpacks to over {MAX_UNPACKED_BYTES} bytes", 413)
    return content


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


def _yes(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), media_type=_JSON, headers=_UNKEPT)


def _no(status: int, why: str) -> Response:
    return Response(
        msgspec.json.encode({"error": why}), status, media_type=_JSON, headers={"Cache-Control": "no-store"}
    )
