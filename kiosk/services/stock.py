"""What this unit's shop stocks, by its settings and the hub's word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.settings import Settings
from sync.replica.stock import ALL, Stock


def of(settings: Settings) -> Stock:
    """What these settings say."""
    return Stock.of(settings.stock_themes, settings.stock_kinds, settings.stock_languages)


class StockNow:
    """The stock that counts now: worked out anew when the hub's word, which is kept in a file, has changed.

    Args:
        path: that file.
        settings: tells the settings that count now.
    """

    def __init__(self, path: Path, settings: Callable[[], Settings]) -> None:
        self._path = path
        self._settings = settings
        self._stamp: object = None
        self._stock = ALL

    def __call__(self) -> Stock:
        """The stock."""
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
        except FileNotFoundError:
            stamp = (0, 0)
        if stamp != self._stamp:
            self._stock, self._stamp = of(self._settings()), stamp
        return self._stock
