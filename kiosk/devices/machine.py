"""Which machine this is, so that a copied disk is noticed: a hash of a serial number, never the number itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SOURCES: Final[Mapping[str, Path]] = {
    "product": Path("/sys/class/dmi/id/product_serial"),
    "board": Path("/sys/class/dmi/id/board_serial"),
    "tree": Path("/proc/device-tree/serial-number"),
    "machine": Path("/etc/machine-id"),
}
"""By what name and where a serial number stands, the best first; the first two only root can read."""


def serial(given: str = "", sources: Mapping[str, Path] = SOURCES) -> str:
    """What names this machine, such as `board:9f86d0...`: where it was read, and its hash. Empty where nothing does.

    Args:
        given: a serial number from the settings, which goes before all others.
    """
    if given:
        return _named("given", given)
    for name, path in sources.items():
        if number := _read(path):
            return _named(name, number)
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip(" \0\n\t")
    except OSError:
        return ""


def _named(name: str, number: str) -> str:
    return f"{name}:{hashlib.sha256(number.encode()).hexdigest()[:32]}"
