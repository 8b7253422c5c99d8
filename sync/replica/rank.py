"""How early an item stands on its shelf: decided once, where a base is packed, and kept by the order of its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sync.records import Item


def rank(item: Item) -> int:
    """How early an item stands on its shelf; higher is earlier.

    How much a visitor can do with it (a file, a picture, someone who made it, a licence), then how lately it was
    checked. Whoever packs a base sorts by this, best first.
    """
    return of_columns(item.files or None, item.picture, item.maker, item.licence, item.checked_on)


def of_columns(files: Any, picture: Any, maker: Any, licence: Any, checked_on: str | None) -> int:
    """The same, from a row's columns as they are kept."""
    whole = (files not in (None, "[]")) * 3 + bool(picture) * 2 + bool(maker) + bool(licence)
    return whole * 100_000 + _days(checked_on or "")


def _days(day: str) -> int:
    try:
        return (dt.date.fromisoformat(day) - dt.date(2000, 1, 1)).days
    except ValueError:
        return 0
