"""What lies over a visitor's screen until it is closed: one panel a module, its look in the `.kv` file beside it."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from kiosk.ui.context import Context

_WHERE: Final = {
    "access": ("access_panel", "AccessPanel"),
    "language": ("language_panel", "LanguagePanel"),
}


def make(context: Context, name: str) -> Any:
    """The panel of that name, in the look in use: a `Sheet` with `name` and `refresh()`."""
    module, kind = _WHERE[name]
    return getattr(import_module(f"{__name__}.{module}"), kind)(context)
