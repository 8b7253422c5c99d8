"""What a search finds, and what helps where it finds nothing; asks the catalogue, so off the screen's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.services.shelves import Shelves
from kiosk.ui import wishes
from sync.replica.filters import EVERYTHING, Filters
from sync.replica.read import Card
from sync.words import _

MOST: Final = 40
"""So many things are shown."""
_COMPLETIONS: Final = 6
_TRIES: Final = 6


@dataclass(frozen=True)
class Finding:
    """What was asked, and what came of it."""

    query: str
    filters: Filters
    cards: list[Card]
    barred: bool
    """Whether it is the filters that leave nothing."""
    words: list[str]
    """Words that the last one may become."""
    theme: str
    """The key of the nearest theme, where nothing was found."""

    @property
    def state(self) -> str:
        """`found`, `nothing`, or `empty` where nothing was asked."""
        if self.cards:
            return "found"
        return "nothing" if self.query or self.filters != EVERYTHING else "empty"

    @property
    def in_vain(self) -> str:
        """What was typed and is nowhere in the catalogue; else nothing."""
        return self.query if self.state == "nothing" and not self.barred else ""


def find(shelves: Shelves, query: str, filters: Filters) -> Finding:
    """Everything that the screen says to this.

    Raises:
        ReplicaError: there is no catalogue, or it is damaged.
    """
    asked = query.strip()
    cards = wishes.find(shelves, asked, filters, MOST) if asked or filters != EVERYTHING else []
    barred = not cards and filters != EVERYTHING and bool(wishes.find(shelves, asked, EVERYTHING, 1))
    lost = bool(asked) and not cards and not barred
    return Finding(
        query=asked,
        filters=filters,
        cards=cards,
        barred=barred,
        words=shelves.completions(query, _COMPLETIONS) if asked else [],
        theme=shelves.nearest_theme(asked) if lost else "",
    )


def words_to_try(shelves: Shelves) -> list[str]:
    """Words that find something in this catalogue.

    Raises:
        ReplicaError: there is no catalogue, or it is damaged.
    """
    words = (_("bike"), _("phone"), _("soup"), _("forms"), _("mend"), _("password"), _("warm"), _("garden"))
    return [word for word in words if shelves.search(word, limit=1)][:_TRIES]
