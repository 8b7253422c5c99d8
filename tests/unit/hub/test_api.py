"""The API: what is served is what is described, and whoever asks too often has to wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import limits
from sync.client import identity
from sync.errors import HubRejectedError
from sync.hub.api import Api
from sync.limits import Limits
from sync.messages import CodeRequest, Former, succession
from tests.conftest import TestHub


def test_every_route_is_described_and_every_description_is_a_route(hub: TestHub) -> None:
    api = Api(hub.hub)
    served = {(method, route.path) for route in api.routes() for method in route.methods or () if method != "HEAD"}
    paths: dict[str, Any] = api.openapi()["paths"]  # type: ignore[assignment]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert served == described and len(served) == 14


def test_the_description_names_each_shape_and_each_no(hub: TestHub) -> None:
    hub.serve()
    said = requests.get(f"{hub.url}/v1/openapi.json", timeout=5).json()
    assert said["openapi"] == "3.1.0"
    records = said["paths"]["/v1/records"]["post"]
    assert records["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Batch"}
    assert set(records["responses"]) == {"200", "400", "401", "403", "413", "503"}
    assert records["security"] == [{"token": []}]
    text = str(said)
    named = {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(said["components"]["schemas"])


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", "/v1/records", {"data": b"{}"}, 401),
        ("POST", "/v1/records", {"data": b"{}", "headers": {"Authorization": "Bearer x"}}, 401),
        ("POST", "/v1/heartbeat", {"data": b"{}"}, 401),
        ("GET", "/v1/device", {}, 401),
        ("GET", "/v1/token", {}, 404),
        ("POST", "/v1/token", {"data": b'{"device_id": "x", "challenge": "9.\\u00e9.x", "signature": ""}'}, 403),
        ("POST", "/v1/enrol", {"data": b"["}, 400),
        ("POST", "/v1/enrol", {"data": b'{"secret": "x", "public_key": "zz"}'}, 400),
        ("POST", "/v1/enrol", {"data": b'{"secret": "x", "public_key": "%s"}' % (b"ab" * 32)}, 403),
        ("POST", "/v1/enrol", {"data": b'{"secret": "x", "public_key": "%s"}' % (b" " * 1000 + b"ab" * 32)}, 400),
        ("POST", "/v1/enrol/code", {"data": b"[" * 100_000}, 400),
        ("POST", "/v1/enrol/code", {"data": b" " * 1_000_001}, 413),
        ("POST", "/v1/enrol/code", {"data": b"not gzip", "headers": {"Content-Encoding": "gzip"}}, 400),
        ("POST", "/v1/enrol/poll", {"data": b'{"device_code": ""}'}, 200),
        ("POST", "/v1/enrol/again", {"data": b"{}"}, 400),
    ],
)
def test_a_no_says_why_and_nothing_breaks(
    hub: TestHub, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    hub.serve()
    answer = requests.request(method, hub.url + path, timeout=5, **sent)
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["error"]


@pytest.mark.parametrize("field", ["public_key", "signature", "device_id"])
def test_nobody_fills_the_hubs_disk_by_asking_for_codes(hub: TestHub, field: str) -> None:
    """Whoever asks is a stranger, and his request is kept until somebody has typed the code."""
    key = Ed25519PrivateKey.generate()
    public_key, device_id = identity.public_key_of(key), str(UUID(int=7))
    if field == "public_key":
        public_key = " " * 100_000 + public_key
    if field == "device_id":
        device_id = "7" * 100_000
    signature = key.sign(succession(device_id, public_key)).hex()
    if field == "signature":
        signature = " " * 100_000 + signature
    former = Former(device_id=device_id, signature=signature, public_key=identity.public_key_of(key))
    with pytest.raises(HubRejectedError) as refused:
        hub.hub.kiosks.issue_code(CodeRequest(public_key=public_key, former=[former]), "")
    assert refused.value.status in (400, 403)


def test_tokens_of_a_bucket_come_back_with_time() -> None:
    at = [0.0]
    asked = Limits(each=2, each_per_s=0.1, all_=100, all_per_s=1, clock=lambda: at[0])
    assert [asked.wait_s("a") for _ in range(3)] == [0, 0, 10]
    assert asked.wait_s("b") == 0
    at[0] = 10.0
    assert [asked.wait_s("a") for _ in range(2)] == [0, 10]


def test_all_together_are_limited_too_and_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 5)
    asked = Limits(each=1, each_per_s=0.01, all_=20, all_per_s=0.5, clock=lambda: 0.0)
    assert [asked.wait_s(str(n)) for n in range(22)] == [0] * 20 + [2, 2]
    assert len(asked._buckets) == 5
