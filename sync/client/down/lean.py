"""Loading a library without what it would load only because it happens to be installed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def without(module: str) -> Iterator[None]:
    """What is imported inside finds no such module, unless it is loaded already."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # the import system's own word for "not there"
    try:
        yield
    finally:
        del sys.modules[module]
