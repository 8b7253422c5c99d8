"""What every part of the API is made of: an endpoint that is served and described from the same words."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec
from sqlalchemy.exc import DataError, DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync.errors import NOT_JSON, HubRejectedError
from sync.hub.hub import Hub
from sync.hub.store.database import BUSY
from sync.hub.store.devices import Device
from sync.limits import Limits, network

MAX_BODY_BYTES: Final = 1_000_000
MAX_UNPACKED_BYTES: Final = 8_000_000
JSON: Final = "application/json"
BUSY_S: Final = 5
"""When the database is busy, kiosks are asked to come back after so long."""

Body = TypeVar("Body", bound=msgspec.Struct)
Handler = Callable[[Request], Awaitable[Response]]


class Problem(msgspec.Struct):
    """Why not."""

    error: str


@dataclass(frozen=True)
class Endpoint:
    """One method on one path: how it is answered, and all that its description says.

    `asks` is the body's shape, `gives` the answer's (None: a file), `takes` the body's media type where it is bytes;
    `refusals` each status that is a no and why.
    """

    method: str
    path: str
    answer: Handler
    summary: str
    asks: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] | None = None
    token: bool = False
    takes: str = ""
    query: tuple[str, ...] = ()
    media_type: str = JSON
    conditional: bool = False
    refusals: dict[int, str] = field(default_factory=dict)


class Desk:
    """What the parts share: the hub, who is asking, and how a no is said.

    Args:
        processes: how many serve beside each other, this one included.
    """

    def __init__(self, hub: Hub, processes: int = 1) -> None:
        self.hub = hub
        self._processes = processes
        self.backoff_s = 0
        """How long kiosks are asked to stay away; looked up when one posts and every few seconds, not at a poll."""

    def limits(self, *, each: float, each_per_s: float, all_: float, all_per_s: float) -> Limits:
        """How often something may be asked of this process; see `Limits`."""
        return Limits(each=each, each_per_s=each_per_s, all_=all_, all_per_s=all_per_s, processes=self._processes)

    def look(self) -> None:
        """Look how long kiosks are asked to stay away; a busy database leaves it as it was."""
        with contextlib.suppress(DBAPIError, *BUSY):
            self.backoff_s = self.hub.kiosks.backoff_s()

    def door(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint's handler with every error it may meet told as its status."""
        answer = endpoint.answer

        async def handle(request: Request) -> Response:
            try:
                response = await answer(request)
            except HubRejectedError as error:
                response = no(error.status, str(error))
            except DataError:  # PostgreSQL's word for what SQLite would have kept, such as a zero letter in a name
                response = no(400, "this holds letters that cannot be kept")
            except BUSY:
                response = no(503, "the hub is busy; try again soon", retry_after_s=BUSY_S)
            if self.backoff_s:
                response.headers["Backoff"] = str(self.backoff_s)
            return response

        return handle

    async def who(self, request: Request) -> Device:
        """The device that is asking.

        Raises:
            HubRejectedError: 401 or 403, it may not.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise HubRejectedError("this needs the kiosk's token", 401)
        return await run_in_threadpool(self._by_token, token)

    def _by_token(self, token: str) -> Device:
        self.backoff_s = self.hub.kiosks.backoff_s()
        return self.hub.kiosks.by_token(token)


async def body(request: Request, kind: type[Body]) -> Body:
    """What the request says.

    Raises:
        HubRejectedError: 400, it is not of that shape; 413, it is too large.
    """
    try:
        return msgspec.json.decode(await unpacked(request), type=kind)
    except (ValueError, *NOT_JSON) as error:
        raise HubRejectedError(f"this is not a {kind.__name__}: {error}", 400) from error


def address_of(request: Request) -> str:
    """Whom to count requests by; see `sync.limits.network`."""
    return network(request.client.host if request.client else "")


def yes(answer: msgspec.Struct) -> Response:
    """An answer that nobody may keep."""
    return Response(msgspec.json.encode(answer), media_type=JSON, headers={"Cache-Control": "no-store"})


def no(status: int, why: str, *, retry_after_s: int = 0) -> Response:
    """A refusal."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(retry_after_s)} if retry_after_s else {})
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(Problem(why)), status, media_type=JSON, headers=headers)


async def unpacked(request: Request) -> bytes:
    """The request's body; never more than the bounds.

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
