"""What somebody may want of a list besides words: free, near here, of a kind, on a shelf, in a language."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Final

from kiosk.services.shelves import Shelves
from kiosk.ui.look import languages
from sync import wording
from sync.records import Theme
from sync.replica.filters import EVERYTHING, Choices, Filters
from sync.replica.read import Card
from sync.words import _

FREE, NEAR, KIND, THEME, LANGUAGE = "free", "near_km", "kind", "theme", "language"
_NEAR_KM: Final = (5.0, 20.0)


@dataclass(frozen=True)
class Wish:
    """One wish: a field of `Filters`, and what it is to be."""

    about: str
    value: Any

    def words(self, themes: dict[str, Theme], language: str) -> str:
        """What it is called; `themes` by their keys, whose names are taken in `language` where they have one."""
        if self.about == FREE:
            return _("Free")
        if self.about == NEAR:
            return _("Within {} km").format(f"{self.value:g}")
        if self.about == KIND:
            return wording.kinds(self.value)
        if self.about == LANGUAGE:
            return languages.name(self.value)
        theme = themes.get(self.value)
        return (theme.names.get(language) or theme.name) if theme else str(self.value)

    def added_to(self, filters: Filters) -> Filters:
        """The filters with this wish, in place of another about the same."""
        return replace(filters, **{self.about: self.value})

    def taken_from(self, filters: Filters) -> Filters:
        """The filters without a wish about this."""
        return replace(filters, **{self.about: getattr(EVERYTHING, self.about)})


def of(filters: Filters) -> list[Wish]:
    """The wishes that filters are made of."""
    every = [Wish(field.name, getattr(filters, field.name)) for field in fields(Filters)]
    return [wish for wish in every if wish.value != getattr(EVERYTHING, wish.about)]


def worth_offering(shelves: Shelves, text: str, filters: Filters, shelf: str = "") -> list[Wish]:
    """The wishes that leave something of a shelf, or of what a text finds, together with those there are.

    Raises:
        ReplicaError: there is no catalogue, or it is damaged.
    """
    offered = _offered(shelves.choices(shelf, text, filters=filters))
    return offered + [wish for wish in of(filters) if wish not in offered]


def find(shelves: Shelves, text: str, filters: Filters, most: int, shelf: str = "") -> list[Card]:
    """What a text finds of what the filters leave; without a text, the best of all that they leave of a shelf."""
    if text:
        return shelves.search(text, filters=filters, limit=most)
    return shelves.shelf(shelf, filters=filters, limit=most).cards


def _offered(choices: Choices) -> list[Wish]:
    near = [Wish(NEAR, km) for km in _NEAR_KM if choices.nearest_km is not None and choices.nearest_km <= km]
    return [
        *([Wish(FREE, True)] if choices.free else []),
        *near,
        *(Wish(KIND, kind) for kind in choices.kinds),
        *(Wish(LANGUAGE, code) for code in choices.languages),
        *(Wish(THEME, key) for key in choices.themes),
    ]
