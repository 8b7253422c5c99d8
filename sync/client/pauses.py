"""How long a server asks us to stay away: `Retry-After` of a refusal, and `Backoff` of any answer.

Source: RFC 9110 section 10.2.3; `Backoff` as Firefox Sync's servers send it, in seconds.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Mapping
from typing import Final

MOST_S: Final = 3600.0
"""No server keeps us away for longer."""


def asked_s(status: int, headers: Mapping[str, str]) -> float:
    """The seconds that this answer asks for; 0 when it asks for none."""
    after = _seconds(headers.get("Retry-After", "")) if status >= 300 else 0.0
    return max(after, _seconds(headers.get("Backoff", "")))


def _seconds(text: str) -> float:
    try:
        wait_s = float(text) if text[:1].isdigit() else _until(text)
    except (ValueError, TypeError):
        return 0.0
    return min(max(wait_s, 0.0), MOST_S)


def _until(text: str) -> float:
    return (email.utils.parsedate_to_datetime(text) - dt.datetime.now(dt.UTC)).total_seconds()
