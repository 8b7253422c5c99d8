"""All HTTP of this process, to an application in memory and through whatever faults were planned.

It takes the place of the adapter that `requests` sends by, so everything above that is the real thing: the carrier, the
client, their sessions, streams and errors. No socket, no thread: a whole history takes milliseconds, and happens again
in just the same way.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

URL: Final = "http://hub.test"
KINDS: Final = (
    "refused",
    "garbled",
    "lost reply",
    "cut",
    "corrupt",
    "error page",
    "sign-in page",
    "twice",
    "late",
    "killed",
)
_BUILD: Final = HTTPAdapter()


class Killed(BaseException):
    """The process was killed in the middle of a request."""


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True)
class Planned:
    """What happens to a request; `at` says at which byte, as a share of the answer."""

    kind: str
    at: float = 0.5


class Network:
    """Where requests of `URL` go: to `app`, an ASGI application.

    The plan's faults befall the coming requests, in order; None in it lets one through. Fetches and posts go through it
    each on their own, as a kiosk does both at the same time.
    """

    def __init__(self) -> None:
        self.app: Any = None
        self._plans: dict[str, list[Planned | None]] = {}
        self.done: Counter[str] = Counter()
        self.late: list[requests.PreparedRequest] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> Network:
        self._patch.setattr("requests.sessions.HTTPAdapter", lambda: _Adapter(self))
        self._patch.setattr("sync.client.sessions.Impatient", lambda: _Adapter(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patch.undo()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def plan(self, faults: Sequence[Planned | None]) -> None:
        """What is to befall the coming requests."""
        self._plans = {method: list(faults) for method in ("GET", "POST")}

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Answer one request, as the plan has it."""
        with self._lock:
            plan = self._plans.get(request.method or "", [])
            return self._befall(request, plan.pop(0) if plan else None)

    def _befall(self, request: requests.PreparedRequest, planned: Planned | None) -> requests.Response:
        if planned is None or (planned.kind in ("twice", "late", "garbled") and request.method != "POST"):
            return _response(request, self._ask(request))
        self.done[planned.kind] += 1
        if planned.kind == "refused":
            raise requests.ConnectionError("nothing answers")
        if planned.kind == "late":
            self.late.append(request)
            raise requests.ConnectionError("it is still on its way")
        if planned.kind in ("error page", "sign-in page"):
            status = 502 if planned.kind == "error page" else 200
            return _response(request, Answer(status, [(b"content-type", b"text/html")], b"<html>Welcome!</html>"))
        if planned.kind == "garbled":
            return _response(request, self._ask(_garbled(request, planned.at)))
        answer = self._ask(request)
        if planned.kind == "twice":
            answer = self._ask(request)
        at = int(planned.at * len(answer.body))
        if planned.kind == "killed":
            raise Killed
        if planned.kind == "lost reply":
            raise requests.ConnectionError("the line went dead")
        if planned.kind == "corrupt" and answer.body:
            return _response(request, Answer(answer.status, answer.headers, _flipped(answer.body, planned.at)))
        return _response(request, answer, cut_at=at if planned.kind == "cut" else None)

    def deliver_late(self) -> int:
        """What was on its way arrives now, the last first; nobody waits for the answers any more."""
        there, self.late = self.late[::-1], []
        for request in there:
            self._ask(request)
        return len(there)

    def _ask(self, request: requests.PreparedRequest) -> Answer:
        body = request.body or b""
        body = body if isinstance(body, bytes) else str(body).encode()
        return self._loop.run_until_complete(
            ask(self.app, request.method or "GET", str(request.url), _raw(request.headers), body)
        )


async def ask(app: Any, method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
    """One request of an ASGI application, in memory. What the application raises comes out here."""
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": requests.utils.unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", parts.netloc.encode()), *headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    asked, sent = [{"type": "http.request", "body": body, "more_body": False}], []
    over = asyncio.Event()

    async def receive() -> Mapping[str, Any]:
        if asked:
            return asked.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    finally:
        over.set()
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], list(sent[0]["headers"]), content)


def _flipped(content: bytes, at: float) -> bytes:
    """The content with one bit changed; `at` is a share of it."""
    byte = min(int(at * len(content)), len(content) - 1)
    return content[:byte] + bytes([content[byte] ^ 1 << byte % 8]) + content[byte + 1 :]


def _garbled(request: requests.PreparedRequest, at: float) -> requests.PreparedRequest:
    wrong = request.copy()
    if isinstance(request.body, bytes) and request.body:
        wrong.body = _flipped(request.body, at)
    return wrong


class _Adapter(BaseAdapter):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        return self._network.send(request)

    def close(self) -> None:
        """Nothing is open."""


class _Cut(io.BytesIO):
    """A body that breaks off."""

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        if not content:
            raise ConnectionResetError("somebody pulled the cable")
        return content

    read1 = read


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), str(value).encode("latin-1")) for name, value in headers.items()]


def _response(request: requests.PreparedRequest, answer: Answer, cut_at: int | None = None) -> requests.Response:
    body = io.BytesIO(answer.body) if cut_at is None else _Cut(answer.body[:cut_at])
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    raw = urllib3.HTTPResponse(body, headers=headers, status=answer.status, preload_content=False)
    return _BUILD.build_response(request, raw)
