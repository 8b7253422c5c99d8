"""What a visitor wants to see of a shelf or of what a search finds, and which such wishes are worth offering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

UNPRICED: Final = ("news", "want", "skill")
"""Kinds that have no price by nature: without one, nothing is said of money."""

FAR_KM: Final = 25.0
"""Looking for what is near is offered where something stands within so many kilometres of the shop."""


@dataclass(frozen=True)
class Filters:
    """All that is not empty must hold of an item.

    `language` is one that it can be read in, its own or a translation's. `free` is what `sync.wording.chip` calls so.
    With `near_km` over 0 only what stands within so many kilometres of this shop is shown, the nearest first; without,
    the order is the shelf's or the search's own.
    """

    kind: str = ""
    theme: str = ""
    language: str = ""
    free: bool = False
    near_km: float = 0.0


EVERYTHING: Final = Filters()


class Choices(msgspec.Struct, kw_only=True):
    """Which filters are worth adding to those there are: each leaves something, and leaves something out.

    `kinds`, `themes` (by key) and `languages` (by code) are the values to choose from, with how many items each leaves
    together with the other filters, the most first; of what is chosen already they are those that could take its place,
    itself included. `free` likewise. `nearest_km` is how far the nearest item is that the other filters leave, None
    where the shop has no position or nothing is within `FAR_KM`. Of a search `total`, which is what all filters leave,
    and the counts are among its first hundred finds.
    """

    total: int = 0
    kinds: dict[str, int] = {}
    themes: dict[str, int] = {}
    languages: dict[str, int] = {}
    free: bool = False
    nearest_km: float | None = None

    @property
    def near(self) -> bool:
        """Whether looking for what is near is worth offering."""
        return self.nearest_km is not None
