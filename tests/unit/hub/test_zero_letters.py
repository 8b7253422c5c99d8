"""A zero letter is a letter to JSON and to SQLite, and none to PostgreSQL: whoever sends one hears so, or is nobody."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import select

from sync.hub.store import devices
from sync.hub.store.schema import received
from tests.conftest import TestHub
from tests.support.logging_shop import LoggingShop, new_id

ZERO = "a\0b"
KEY = "ab" * 32
RECORD: dict[str, Any] = {"id": "", "seq": 1, "kind": "usage", "recorded_at": "2026-11-22T10:00:00Z", "body": {}}


@pytest.fixture
def token(hub: TestHub) -> str:
    shop = LoggingShop(hub.hub)
    hub.serve()
    with hub.hub.database.writing() as db:
        return devices.give_token(db, shop.device_id)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/enrol", {"secret": ZERO, "public_key": KEY}),
        ("/v1/enrol", {"secret": "", "public_key": ZERO}),
        ("/v1/enrol/code", {"public_key": KEY, "name": ZERO}),
        ("/v1/enrol/code", {"public_key": KEY, "serial": ZERO}),
        ("/v1/enrol/code", {"public_key": KEY, "former": [{"device_id": ZERO, "signature": "", "public_key": ""}]}),
        ("/v1/enrol/poll", {"device_code": ZERO}),
        ("/v1/token", {"device_id": ZERO, "challenge": ZERO, "signature": ZERO}),
        ("/v1/heartbeat", {"at": "2026-11-22T10:00:00Z", "version": ZERO, "done": [ZERO]}),
        ("/v1/heartbeat", {"at": ZERO, "acknowledged": [{"device": ZERO, "first": 1, "last": 1, "count": 1}]}),
    ],
)
def test_nothing_breaks(hub: TestHub, token: str, path: str, body: dict[str, Any]) -> None:
    answer = requests.post(f"{hub.url}{path}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.status_code < 500, answer.text
    asked = requests.get(f"{hub.url}/v1/token", params={"device": ZERO}, timeout=10)
    assert 400 <= asked.status_code < 500, asked.text


def test_nobody_breaks_the_pages_of_the_team(hub: TestHub) -> None:
    hub.serve()
    for form in ({"email": ZERO, "password": "x"}, {"email": "a@b.org", "password": ZERO}):
        from_here = {"Sec-Fetch-Site": "same-origin"}
        answer = requests.post(f"{hub.url}/admin/sign-in", data=form, headers=from_here, timeout=10)
        assert answer.status_code == 400, answer.text
    assert requests.get(f"{hub.url}/admin/welcome/%00", timeout=10).status_code in (400, 404)


def test_a_record_with_one_is_refused_alone(hub: TestHub, token: str) -> None:
    session = new_id()
    said = {"session": session, "at": "2026-11-22T11:00:00Z"}
    spoilt: list[dict[str, Any]] = [
        {"id": ZERO},
        {"device": ZERO},
        {"kind": ZERO},
        {"recorded_at": ZERO},
        {"boot": ZERO},
        {"kind": "attendance", "body": {"session": ZERO, "at": "2026-11-22T11:00:00Z"}},
        {"kind": "attendance", "body": {**said, "corrects": ZERO}},
        {"kind": "attendance", "body": {**said, "topics": [ZERO]}},
        {"kind": "attendance", "body": {**said, "staff": ZERO}},
        {"kind": "session", "body": {"session": session, "title": ZERO}},
        {"kind": "follow_up", "body": {"withdraws": ZERO}},
        {"kind": "follow_up", "body": {"sealed": ZERO}},
    ]
    good = [{"body": {"note": ZERO}}, {"kind": "attendance", "body": said}]
    records = [RECORD | {"id": new_id(), "seq": seq} | one for seq, one in enumerate([*spoilt, *good], start=1)]
    answer = requests.post(
        f"{hub.url}/v1/records", json={"records": records}, headers={"Authorization": f"Bearer {token}"}, timeout=10
    )
    assert answer.status_code == 200, answer.text
    outcomes = [one["outcome"] for one in answer.json()["records"]]
    assert outcomes == ["rejected"] * len(spoilt) + ["accepted"] * len(good), answer.text
    with hub.hub.database.reading() as db:
        assert len(db.execute(select(received.c.id)).all()) == len(good)
