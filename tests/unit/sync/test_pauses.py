"""How long a server may keep us away."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest

from sync.client.pauses import asked_s

TOMORROW = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(days=1), usegmt=True)
PAST = format_datetime(dt.datetime.now(dt.UTC) - dt.timedelta(days=1), usegmt=True)


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [
        (200, {}, 0),
        (503, {"Retry-After": "120"}, 120),
        (429, {"Retry-After": "7", "Backoff": "9"}, 9),
        (200, {"Retry-After": "120"}, 0),
        (200, {"Backoff": "30"}, 30),
        (503, {"Retry-After": "99999999"}, 3600),
        (503, {"Retry-After": "-5"}, 0),
        (503, {"Retry-After": "soon"}, 0),
        (503, {"Retry-After": PAST}, 0),
        (503, {"Retry-After": TOMORROW}, 3600),
        (200, {"Backoff": "nan"}, 0),
    ],
)
def test_what_is_asked_is_bounded_and_nonsense_is_nothing(status: int, headers: dict[str, str], wait_s: float) -> None:
    assert asked_s(status, headers) == wait_s
