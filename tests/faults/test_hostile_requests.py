"""Whatever is asked of the hub, it answers: never a 500, never for ever, and never with somebody's secret."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from sync.client import identity
from sync.hub import app
from sync.records import id_from_key
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.network import URL, Answer, Network, ask
from tests.support.tally import survived

RECORD: Final = {
    "id": "01890000-0000-7000-8000-0123456789ab",
    "seq": 1,
    "kind": "usage",
    "recorded_at": "2026-11-24T10:00:00.000+00:00",
    "body": {"day": "2026-11-23", "action": "qr", "count": 3},
    "boot": "b",
    "offset_s": 1.5,
    "device": "",
}
BODIES: Final[dict[str, Any]] = {
    "/v1/records": {"records": [RECORD]},
    "/v1/enrol": {"secret": "s", "public_key": "ab" * 32, "name": "n", "serial": "dmi:1", "former": []},
    "/v1/enrol/code": {"public_key": "ab" * 32, "name": "n", "serial": "dmi:1", "former": []},
    "/v1/enrol/poll": {"device_code": "d"},
    "/v1/enrol/again": {"former": {"device_id": "d", "signature": "ab" * 64}, "public_key": "cd" * 32},
    "/v1/token": {"device_id": "d", "challenge": "c", "signature": "ab" * 64},
    "/v1/heartbeat": {
        "at": "2026-11-24T10:00:00+00:00",
        "revision": 3,
        "acknowledged": [{"device": "d", "first": 1, "last": 3, "count": 3}],
        "versions": {"timestamp": 3, "root": 1},
        "free_bytes": 1,
        "done": ["x"],
    },
}
PATHS: Final = [
    *BODIES,
    "/v1/device",
    "/v1/token?device=d",
    "/v1/openapi.json",
    "/v1/catalogue/metadata/timestamp.json",
    "/v1/catalogue/metadata/1.root.json",
    "/v1/catalogue/packs/x",
    "/v1/catalogue/blobs/ab/" + "ab" * 32,
    "/",
    "/d/7K3M9QX2",
    "/i/1",
    "/nowhere",
]
HEADERS: Final = [
    "range", "if-range", "if-none-match", "if-modified-since", "accept", "accept-language", "accept-encoding", "host",
    "content-type", "content-length", "transfer-encoding", "expect", "cookie", "x-forwarded-for", "origin", "te",
]  # fmt: skip
ODD_TEXT: Final = [
    "", "\0", "\ud800", "'; DROP TABLE received; --", "../../keys/targets.pem", "%00", "NaN", "1e999", "a" * 70_000,
    "2026-11-24", "9999-99-99T99:99:99Z", "2026-11-24T10:00:00", "٣", "\u202e", "0" * 64, "-1", "[]", "{}",
]  # fmt: skip

odd: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 10**400, -1, 0])
    | st.floats()
    | st.sampled_from(ODD_TEXT)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
garbage = st.binary(max_size=300) | st.sampled_from(
    [b"", b"[" * 100_000, b'{"records":' + b"[" * 60_000, b'{"a":' * 50_000, b"\xff\xfe", b"1" * 50_000, b'"' * 999]
)


@st.composite
def bodies(draw: st.DrawFn, path: str) -> bytes:
    """A body of the right shape with something odd in it, or garbage."""
    if path not in BODIES or draw(st.integers(0, 5)) == 0:
        return draw(garbage)
    body = json.loads(json.dumps(BODIES[path]))
    for _ in range(draw(st.integers(0, 3))):
        _spoil(draw, body)
    return json.dumps(body).encode()


def _spoil(draw: st.DrawFn, body: Any) -> None:
    """Put something odd at any place, however deep."""
    while isinstance(body, dict | list) and body:
        key = draw(st.sampled_from(sorted(body) if isinstance(body, dict) else list(range(len(body)))))
        deeper = isinstance(body[key], dict | list) and body[key]
        if not deeper or draw(st.integers(0, 2)) == 0:
            body[key] = draw(odd)
            return
        body = body[key]


@st.composite
def requests_of(draw: st.DrawFn, token: str, there: list[str]) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
    path = draw(st.sampled_from(PATHS + 3 * there))
    body = draw(bodies(path))
    headers = []
    if draw(st.integers(0, 9)):
        headers.append((b"authorization", b"Bearer " + token.encode()))
    for name in draw(st.lists(st.sampled_from(HEADERS), max_size=3)):
        value = draw(st.binary(max_size=40) | st.sampled_from([b"bytes=0-", b"bytes=9-3", b"bytes=-0", b"*", b'"x"']))
        headers.append((name.encode(), value))
    packing = draw(st.sampled_from(["none"] * 12 + ["gzip"] * 4 + ["lie", "cut", "twice"]))
    if packing != "none":
        headers.append((b"content-encoding", b"gzip"))
        packed = gzip.compress(body)
        body = {"gzip": packed, "lie": body, "cut": packed[: len(packed) // 2], "twice": packed + packed}[packing]
    tail = draw(st.sampled_from([""] * 60 + ["/", "/..", "%2e%2e", "?x=%ff&x=1", "%00", "//", ";a", "\ud7ff"]))
    methods = ["POST"] * 5 + ["GET"] * 4 + ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]
    if path in BODIES:
        methods += ["POST"] * 60
    return draw(st.sampled_from(methods)), path + tail, headers, body


@pytest.fixture
def secrets(hub: TestHub, kiosk: TestKiosk, tmp_path: Any) -> Iterator[list[str]]:
    """A hub with something in it, and what nobody may ever be told; the first is a kiosk's token."""
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    address = hub.serve()
    wait_for(lambda: requests.get(address, timeout=5).ok)  # its own pages have a catalogue now
    hub.stop()
    hub.url = URL
    with Network() as network:
        network.app = app.make(hub.hub)
        kiosk.enrol(hub)
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine
    unused = hub.hub.provision("Mill Lane").secret
    keys = [path.read_text().splitlines()[1] for path in (hub.folder / "keys").glob("*.pem")]
    yield [mine.token, mine.private_key, unused, *keys]


def check(answer: Answer, secrets: list[str], asked: bytes) -> None:
    assert answer.status < 500, answer
    for secret in secrets:
        assert secret.encode() not in answer.body or secret.encode() in asked, "it told a secret"
    if answer.status >= 400 and dict(answer.headers).get(b"content-type") == b"application/json":
        assert msgspec.json.decode(answer.body)["error"]


@pytest.mark.both_databases
def test_no_request_brings_the_hub_down(
    hub: TestHub, secrets: list[str], long: bool, caplog: pytest.LogCaptureFixture
) -> None:
    made = app.make(hub.hub)
    there = [route.path for route in made.routes if isinstance(route, Route) and route.path in BODIES]
    statuses: Counter[int] = Counter()
    with asyncio.Runner() as runner:

        @settings(
            max_examples=20_000 if long else 500,
            derandomize=not long,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(requests_of(secrets[0], there))
        def one(request: tuple[str, str, list[tuple[bytes, bytes]], bytes]) -> None:
            method, path, headers, body = request
            answer = runner.run(asyncio.wait_for(ask(made, method, URL + path, headers, body), 10))
            check(answer, secrets, body)
            statuses[answer.status] += 1

        one()
        body = json.dumps({"records": [RECORD | {"id": id_from_key("x", "after")}]}).encode()
        token = [(b"authorization", b"Bearer " + secrets[0].encode())]
        after = runner.run(ask(made, "POST", URL + "/v1/records", token, body))
        assert after.status == 200, "the device was harmed by what others asked"
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert statuses[200] > 20, "nothing got past the door"
    answered = {f"answered_{status}": count for status, count in sorted(statuses.items())}
    survived("hostile requests", **answered)


LINES: Final = [
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"POST /v1/records HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /v1/records HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(3000)) + b"\r\n",
    b"GET /%ff%fe/..%2f..%2fkeys HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/device HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xff\r\nAuthorization: Bearer b\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
]


def test_no_bytes_on_the_line_bring_the_hub_down(
    hub: TestHub, secrets: list[str], long: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The same over real HTTP, and what is no HTTP at all."""
    dice = random.Random(2)
    hub.serve()
    tried = [*LINES, *(_mutated(dice) for _ in range(3000 if long else 150))]
    for content in tried:
        with socket.create_connection(("127.0.0.1", hub.port), 5) as line:
            line.settimeout(5)
            answer = b""
            try:
                line.sendall(content)
                line.shutdown(socket.SHUT_WR)
                while piece := line.recv(65_536):
                    answer += piece
            except ConnectionError:
                pass
        assert not answer.startswith(b"HTTP/1.1 5"), (content[:300], answer[:300])
        assert not any(secret.encode() in answer for secret in secrets[1:])
    assert requests.get(hub.url + "/v1/catalogue/metadata/timestamp.json", timeout=5).ok
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    survived("hostile requests", lines_answered=len(tried))


def _mutated(dice: random.Random) -> bytes:
    """A request with some of its bytes changed, doubled or gone."""
    path = dice.choice(list(BODIES))
    body = json.dumps(BODIES[path]).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    content = bytearray(head.encode() + body)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content))
        match dice.randrange(3):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randint(1, 4)]
            case _:
                content[at:at] = content[at : at + dice.randint(1, 8)]
    return bytes(content)
