"""How many faults the tests made and the program lived through; printed at the end of a run."""

from __future__ import annotations

from collections import Counter
from typing import Final

SURVIVED: Final[dict[str, Counter[str]]] = {}


def survived(test: str, **faults: int) -> None:
    """Note that a test made these faults and that everything it promised still held."""
    SURVIVED.setdefault(test, Counter()).update(faults)


def lines() -> list[str]:
    """One line a test: what it lived through, in its own words."""
    return [
        f"{test}: " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in faults.items() if count)
        for test, faults in SURVIVED.items()
    ]
