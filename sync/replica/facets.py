"""Which rows stand on a shelf, are of a kind, cost nothing, are near: kept till the replica or the day changes.

Everything a filter asks is a set of rows (`bits`), read once from an index and then met with others, so that any
mixture of filters is counted and paged in the time of one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Final, TypeVar

import msgspec

from sync.records import Shop
from sync.replica import bits, near, schema
from sync.replica.filters import EVERYTHING, FAR_KM, UNPRICED, Filters
from sync.replica.near import Position
from sync.replica.selection import Selection
from sync.replica.stock import ALL, Stock

Made = TypeVar("Made")

_SELECTIONS: Final = 12
"""So many mixtures of filters are kept."""


@dataclass(frozen=True)
class _Near:
    """What stands within so many kilometres: the set, and the same in order with how far each is."""

    rows: int
    order: list[int]
    km: list[float]


class Facets:
    """The sets of rows of one replica.

    Args:
        rows: answers a query with its values.
        shop, stock, today, visible: see `Replica`.
        within: see `near.within`.
    """

    def __init__(
        self,
        rows: Callable[[str, Any], list[Any]],
        shop: str,
        stock: Stock,
        today: Callable[[], dt.date],
        visible: Callable[[], tuple[str, dict[str, Any]]],
        within: Callable[[Position, float], list[tuple[float, int]]],
    ) -> None:
        self._rows = rows
        self._shop = shop
        self._stock = stock
        self._today = today
        self._visible = visible
        self._within = within
        self._stamp: Any = None
        self._kept: dict[Any, Any] = {}

    # -- sets

    def shown(self, shelf: str = "", filters: Filters = EVERYTHING) -> int:
        """What of a shelf (empty: of everything) the filters leave, and may be shown here today."""
        asked = [self.on(shelf)] if shelf else []
        if filters.kind:
            asked.append(self.kind(filters.kind))
        if filters.theme:
            asked.append(self.on(f"theme:{filters.theme}"))
        if filters.language:
            asked.append(self.on(f"language:{filters.language}"))
        if filters.free:
            asked.append(self.free())
        if filters.near_km > 0:
            asked.append(self._near(filters.near_km).rows)
        return reduce(and_, asked) & ~self._hidden() if asked else self._all() & ~self._hidden()

    def selection(self, shelf: str = "", filters: Filters = EVERYTHING) -> Selection:
        """The same in their order, to page through and to search in."""
        held = self._keep("selections", dict[Any, Selection])
        if (made := held.get((shelf, filters))) is None:
            rows = self.shown(shelf, filters)
            made = Selection(rows, self._order(rows, filters), self._texts)
            while len(held) >= _SELECTIONS:
                held.pop(next(iter(held)), None)
            held[shelf, filters] = made
        return made

    def on(self, shelf: str) -> int:
        """Every item that stands on a shelf."""
        if shelf == "language:en":
            return self._all() & ~self.on(schema.NOT_ENGLISH)
        return self._set(("shelf", shelf), "SELECT n FROM shelf WHERE name = ?", [shelf])

    def kind(self, kind: str) -> int:
        """Every item of a kind."""
        return self._set(("kind", kind), "SELECT n FROM item WHERE kind = ?", [kind])

    def kinds(self) -> list[str]:
        """The kinds there are."""
        return self._keep("kinds", lambda: [kind for (kind,) in self._rows("SELECT DISTINCT kind FROM item", [])])

    def languages(self) -> list[str]:
        """The languages that something can be read in, other than English."""
        query = "SELECT DISTINCT name FROM shelf WHERE name >= 'language:' AND name < 'language;'"
        return [name.removeprefix("language:") for (name,) in self._rows(query, [])]

    def all_languages(self) -> list[str]:
        """The same with English, whether or not something is in it."""
        return self._keep("languages", lambda: ["en", *self.languages()])

    def free(self) -> int:
        """What costs nothing, of the kinds that may cost something; of others only what says so."""
        return self._keep("free", self._make_free)

    def nearest_km(self, rows: int) -> float | None:
        """How far the nearest of these rows is; None where none is within `FAR_KM`, or the shop has no position."""
        near_here, there = self._near(FAR_KM), bits.as_bytes(rows)
        return next((km for n, km in zip(near_here.order, near_here.km, strict=True) if bits.holds(there, n)), None)

    def here(self) -> Position | None:
        """Where this shop is; None when that is not known."""
        return self._keep("here", self._find_here)

    # -- inner

    def _now(self) -> dict[Any, Any]:
        """What is kept of the replica as it is now.

        The revision is read before the rows are: what is kept may be newer than it says, never older.
        """
        stamp = (self._rows("SELECT value FROM meta WHERE key = 'revision'", [])[0][0], self._today())
        if stamp != self._stamp:
            self._kept, self._stamp = {}, stamp
        return self._kept

    def _keep(self, name: Any, make: Callable[[], Made]) -> Made:
        kept = self._now()
        if name not in kept:
            kept[name] = make()
        found: Made = kept[name]
        return found

    def _set(self, name: Any, query: str, values: Any) -> int:
        kept = self._now()
        if (rows := kept.get(name)) is None:
            rows = bits.of([n for (n,) in self._rows(query, values)])
            if rows:  # whoever asks for shelves that are not there fills no memory
                kept[name] = rows
        found: int = rows
        return found

    def _all(self) -> int:
        return self._keep("all", lambda: reduce(or_, map(self.kind, self.kinds()), 0))

    def _make_free(self) -> int:
        unpriced = reduce(or_, map(self.kind, UNPRICED))
        return self._all() & ~unpriced & ~self.on(schema.COSTS) | self.on(schema.GIVEN)

    def _hidden(self) -> int:
        """What may not be shown here today."""
        return self._keep("hidden", self._make_hidden)

    def _make_hidden(self) -> int:
        """Only the few with limits are looked at one by one; what is not stocked is told by the sets."""
        visible, values = self._visible()
        query = f"SELECT n FROM item WHERE n IN (SELECT n FROM shelf WHERE name = :limited) AND NOT ({visible})"
        hidden = bits.of([n for (n,) in self._rows(query, values | {"limited": schema.LIMITED})])
        return hidden if self._stock == ALL else hidden | self._all() & ~self.on(schema.LIMITED) & ~self._stocked()

    def _stocked(self) -> int:
        """What this shop would stock if nothing had limits."""
        stock, found = self._stock, self._all()
        if stock.kinds:
            found &= reduce(or_, map(self.kind, stock.kinds))
        if stock.themes:
            found &= reduce(or_, (self.on(f"theme:{theme}") for theme in stock.themes))
        if stock.languages:
            found &= reduce(or_, (self.on(f"language:{code}") for code in stock.languages))
        return found

    def _order(self, rows: int, filters: Filters) -> list[int] | None:
        if filters.near_km <= 0:
            return None
        there = bits.as_bytes(rows)
        return [n for n in self._near(filters.near_km).order if bits.holds(there, n)]

    def _near(self, most_km: float) -> _Near:
        return self._keep(("near", most_km), lambda: self._make_near(most_km))

    def _make_near(self, most_km: float) -> _Near:
        here = self.here()
        found = self._within(here, most_km) if here else []
        order = [n for _km, n in found]
        return _Near(bits.of(order), order, [km for km, _n in found])

    def _find_here(self) -> Position | None:
        lines = self._rows("SELECT line FROM record WHERE collection = 'shop'", []) if self._shop else []
        shops = (msgspec.json.decode(line, type=Shop) for (line,) in lines)
        return next((near.position_of(shop) for shop in shops if shop.name == self._shop), None)

    def _texts(self, numbers: Sequence[int], columns: Sequence[str]) -> list[Any]:
        marks = ",".join("?" * len(numbers))
        return self._rows(f"SELECT n, {', '.join(columns)} FROM item WHERE n IN ({marks})", list(numbers))
