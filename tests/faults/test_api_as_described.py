"""The hub's API answers as its own OpenAPI document says, whatever it is asked; schemathesis does the asking."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.client import identity
from sync.hub import app
from sync.limits import Limits
from tests.conftest import TestHub, TestKiosk
from tests.support.network import URL, Network
from tests.support.tally import survived

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.timeout(900)
def test_every_operation_answers_as_described(
    hub: TestHub, kiosk: TestKiosk, long: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Limits, "wait_s", lambda *_: 0)  # so many ask here that nobody else would be let in
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    hub.url = URL
    with Network() as network:
        network.app = app.make(hub.hub)
        kiosk.enrol(hub)
    mine = identity.load(kiosk.folder / "identity.json")
    assert mine
    made = app.make(hub.hub)
    statuses: Counter[str] = Counter()
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", made)
    for found, mode in itertools.product(list(schema.get_all_operations()), schemathesis.GenerationMode):
        operation = found.ok()
        shaped = any(body.media_type == "application/json" for body in operation.body)
        if mode is schemathesis.GenerationMode.NEGATIVE and not shaped:
            continue  # nothing in it can be of another shape

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=250 if long else 20,
            derandomize=not long,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {mine.token}"})
            case.validate_response(answer, checks=CHECKS)
            statuses[f"answered_{answer.status_code}"] += 1

        ask()
    assert statuses["answered_200"] > 20
    assert "ERROR" not in {record.levelname for record in caplog.records}
    survived("the API as described", **dict(sorted(statuses.items())))
