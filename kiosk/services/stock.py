"""What this unit's shop stocks, by its settings and the hub's word."""

from __future__ import annotations

from kiosk.settings import Settings
from sync.replica.stock import Stock


def of(settings: Settings) -> Stock:
    """What these settings say."""
    return Stock.of(settings.stock_themes, settings.stock_kinds, settings.stock_languages)
