"""Which openings of a code are a visitor's, to be counted as one more of that day and of nobody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from starlette.requests import Request

Opened = Callable[[dt.date, str, str], None]
"""Is told that an item was opened: on which day, the item's id, and in which language its page was shown."""

_MACHINE: Final = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|externalhit|whatsapp|curl|wget|python|java/|okhttp|go-http|headless",
    re.IGNORECASE,
)
"""What programs call themselves that open addresses by themselves, as far as they say so. Cubot makes telephones."""


def is_a_visit(request: Request) -> bool:
    """Whether somebody wants to see the page: no HEAD, no program that looks by itself, nothing fetched in advance.

    What tells so is looked at and not kept.
    """
    headers = request.headers
    ahead = headers.get("sec-purpose", "") or headers.get("purpose", "") or headers.get("x-moz", "")
    agent = headers.get("user-agent", "")
    return request.method == "GET" and "prefetch" not in ahead.lower() and bool(agent) and not _MACHINE.search(agent)


def not_counted(_day: dt.date, _item_id: str, _language: str) -> None:
    """For pages that nobody counts."""
