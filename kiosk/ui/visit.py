"""One visit: all that the screen remembers of a visitor, until Finish wipes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.ui.access.access import Access
from sync.records import Item
from sync.replica.filters import Filters

MOST_ON_SLIP: Final = 5
_MOST_BACK: Final = 30


@dataclass(frozen=True)
class Place:
    """Where in the shop's screens a visitor is: a screen, and what it shows."""

    screen: str
    what: Any = None


@dataclass
class Trail:
    """Where somebody is in the shop's screens, and the way back."""

    here: Place | None = None
    history: list[Place] = field(default_factory=list)

    def went_to(self, place: Place) -> None:
        """Remember where the visitor is now, and the way back."""
        if place == self.here:
            return
        if self.here is not None:
            self.history = [*self.history, self.here][-_MOST_BACK:]
        self.here = place

    def step_back(self) -> Place | None:
        """The place before this one, which is now here; None when there is none."""
        if not self.history:
            return None
        self.here = self.history.pop()
        return self.here


@dataclass
class Visit(Trail):
    """The state of a visit. Nothing of it is ever written to disk."""

    start: Access = field(default_factory=Access)
    """How the screen is before anybody chose."""
    access: Access = field(default_factory=Access)
    language: str = ""
    """The code of the language that was chosen; empty for the unit's own."""
    query: str = ""
    filters: Filters = field(default_factory=Filters)
    """What is wanted of a search besides its words."""
    basket: list[Item] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)
    """How far a list was paged, by the list's name; of a shelf and of what's on, the number of what stood first."""
    read: dict[str, float] = field(default_factory=dict)
    """How far a long text was read, by the item's id: from 0, its beginning, to 1."""
    narrowed: dict[str, Filters] = field(default_factory=dict)
    """What each shelf was narrowed to, by the shelf's name."""
    today_only: bool = False
    """Whether of what is on only today is wanted."""
    in_vain: set[str] = field(default_factory=set)
    """What was looked for in vain, and counted."""
    panels: list[str] = field(default_factory=list)
    """What lies over the screen, the last on top: `access`, `language`."""

    def went_home(self, place: Place) -> None:
        """Home has no way back, and every list starts at its first page again."""
        self.history.clear()
        self._forget_lists()
        self.query = ""
        self.filters = Filters()
        self.here = place

    # -- the slip

    def add_to_slip(self, item: Item) -> bool:
        """Put an item on the slip; False when it is full."""
        if self.on_slip(item):
            return True
        if self.slip_full:
            return False
        self.basket.append(item)
        return True

    def put_back(self, item: Item, at: int) -> None:
        """The item is on the slip again, where it was: `at` of those before it, from 0."""
        if self.add_to_slip(item):
            self.take_off_slip(item)
            self.basket.insert(at, item)

    @property
    def slip_full(self) -> bool:
        """Whether nothing more goes onto the slip."""
        return len(self.basket) >= MOST_ON_SLIP

    def take_off_slip(self, item: Item) -> None:
        """The item is not on the slip."""
        self.basket = [other for other in self.basket if other.id != item.id]

    def on_slip(self, item: Item) -> bool:
        """Whether the item is on the slip."""
        return any(other.id == item.id for other in self.basket)

    # -- the end

    def wipe(self) -> None:
        """Nothing of the visitor is left."""
        self.access = self.start
        self.language = self.query = ""
        self.filters = Filters()
        self.basket = []
        self.in_vain = set()
        self.panels = []
        self._forget_lists()
        self.here = None
        self.history = []

    def _forget_lists(self) -> None:
        """Every list is at its beginning again, and whole."""
        self.pages = {}
        self.read = {}
        self.narrowed = {}
        self.today_only = False
