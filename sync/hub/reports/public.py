"""Figures that may be told in public: small ones are not, nor what they could be worked out from.

A number from 1 to below the setting `small_cells` is shown as `<5`. That alone hides nothing, as the others of its row
or column can be subtracted from their total. So all reports of one range are looked at together, with every sum that
holds among their numbers; as long as anybody who knows these sums and what is shown can work a small number out, one
more number is hidden. As the four reports are always looked at together, one cannot be held against another.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from sync.hub.reports.tables import HOURS_FROM, OUTCOME, TOPIC, UNMET, Line, Table

Key = tuple[str, str, str]
"""A number's place: the report, the row and the column. Totals stand in the report ``, as they are all the same."""

HIDDEN: Final = "hidden"
"""What is not small, but would give a small one away."""
NOT_ABOUT_PEOPLE: Final = ("sessions",)
LOSS: Final = {"session": 0, "topic": 2, "shop": 2, "month": 2, "": 6}
"""How much is lost when a number of a report is hidden: so many sums farther away one would rather look for another."""
UNSAID: Final = OUTCOME
"""The visits of which nobody said what came of them. No report tells them, but they are not below 0."""


@dataclass(frozen=True, eq=False)
class Sum:
    """`whole` is what `parts` add up to. Each is known by itself, as there may be thousands of parts."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All that it is about."""
        return (self.whole, *self.parts)


def suppress(tables: Mapping[str, Table], small: int) -> dict[str, Table]:
    """The same reports, of one range, as they may be told in public.

    Args:
        small: numbers from 1 to below this are not told.
    """
    numbers = dict(_numbers(tables.values()))
    unsaid = {key for key in numbers if key[2] == UNSAID}
    hidden = Hiding(numbers, sums(tables, numbers), small, unsaid).hide()
    return {by: _shown(table, hidden) for by, table in tables.items()}


def sums(tables: Mapping[str, Table], numbers: Mapping[Key, int]) -> list[Sum]:
    """Every sum that a reader may expect among the numbers and that does hold."""
    found = list(_across(tables.values()))
    for table in tables.values():
        found += _down(table)
    found += _between(tables)
    there = {(one.whole, tuple(part for part in one.parts if part in numbers)) for one in found}
    made = (Sum(whole, parts) for whole, parts in sorted(there) if parts)
    return [one for one in made if _holds(one, numbers)]


class Hiding:
    """Which numbers are hidden so far, and what can be worked out in spite of that; `unsaid` ones are never shown."""

    def __init__(self, numbers: Mapping[Key, int], sums: Sequence[Sum], small: int, unsaid: Set[Key]) -> None:
        self.numbers = numbers
        self.unsaid = unsaid
        self.small = small
        self.below = f"<{small}"
        self.sums = sums
        self.by_key: dict[Key, list[Sum]] = {}
        for one in sums:
            for key in one.keys:
                self.by_key.setdefault(key, []).append(one)
        counts = {key: count for key, count in numbers.items() if key not in unsaid and key[2] != HOURS_FROM}
        self.secret = {key for key, count in counts.items() if 0 < count < small}
        self.secret |= {hours for key in self.secret if (hours := _hours_of(key)) in numbers}
        self.shown: dict[Key, str] = {}
        self.least: dict[Key, int] = {}
        self.most: dict[Key, float] = {}
        self.why: dict[Key, list[Sum]] = {}
        self.tries: Counter[Key] = Counter()

    def hide(self) -> dict[Key, str]:
        """What is shown in the place of every hidden number."""
        self.shown = dict.fromkeys(self.unsaid, HIDDEN)
        self.shown |= {key: HIDDEN if key[2] == HOURS_FROM else self.below for key in self.secret}
        while leaks := self.leaks():
            if not [key for key in leaks if self._hide_another(key) or self._say_less(key)]:
                break
        return self.shown

    def leaks(self) -> list[Key]:
        """The secrets that can be worked out from what is shown; below 2 there is but one number, so nothing can be."""
        self._work_out()
        return [key for key in sorted(self.secret) if self.least[key] == self.most[key] and self.small > 2]

    # -- what a reader can do

    def _work_out(self) -> None:
        """Find what every hidden number can be at least and at most by all sums together, and which sums say so."""
        self.least = {key: self._least(key) for key in self.shown}
        self.most = {key: self._most(key) for key in self.shown}
        self.why = {}
        waiting = deque(one for one in self.sums if any(key in self.shown for key in one.keys))
        there = set(waiting)
        while waiting:
            one = waiting.popleft()
            there.discard(one)
            for key, low, high in self._by(one):
                if low <= self.least[key] and high >= self.most[key]:
                    continue
                self.least[key], self.most[key] = int(max(low, self.least[key])), min(high, self.most[key])
                if one not in (reasons := self.why.setdefault(key, [])):
                    reasons.append(one)
                again = [each for each in self.by_key[key] if each not in there]
                waiting.extend(again)
                there.update(again)

    def _by(self, one: Sum) -> Iterator[tuple[Key, float, float]]:
        """What one sum says of each hidden number in it: at least, at most."""
        numbers, least, most = self.numbers, self.least, self.most
        low = sum(least.get(key, numbers[key]) for key in one.parts)
        highs = [most.get(key, numbers[key]) for key in one.parts]
        endless = highs.count(inf)
        high = sum(each for each in highs if each != inf)
        whole_low, whole_high = (bound.get(one.whole, numbers[one.whole]) for bound in (least, most))
        bounds = [(key, least[key], most[key]) for key in one.parts if key in self.shown]
        if one.whole in self.shown:
            yield one.whole, low, inf if endless else high
        for key, mine_low, mine_high in bounds:
            others_endless = endless - (mine_high == inf)
            others_high = inf if others_endless else high - (0 if mine_high == inf else mine_high)
            yield key, whole_low - others_high, whole_high - (low - mine_low)

    def _least(self, key: Key) -> int:
        if self.shown[key] == self.below:
            return 1
        known = key[2] != HOURS_FROM and key not in self.unsaid
        return self.small if known and self.numbers[key] >= self.small else 0

    def _most(self, key: Key) -> float:
        return self.small - 1 if self.shown[key] == self.below else inf

    # -- what can be done against it

    def _hide_another(self, leaking: Key) -> bool:
        """Hide one of the numbers it was worked out from: rather a session's than a month's, rather a small one.

        If that was not enough, two more, then four.
        """
        costs: dict[Key, int] = {}
        for far, ring in enumerate(self._reasons(leaking)):
            if costs and far >= min(costs.values()):
                break
            for key in (key for one in ring for key in one.keys):
                if key not in self.shown and self.numbers[key] > 0:
                    costs.setdefault(key, LOSS[key[0]] + far)
        cheapest = sorted(costs, key=lambda key: (costs[key], self.numbers[key], key))
        for chosen in cheapest[: 1 << self.tries[leaking]]:
            self.shown[chosen] = HIDDEN
            if (hours := _hours_of(chosen)) in self.numbers:
                self.shown.setdefault(hours, HIDDEN)
        self.tries[leaking] += 1
        return bool(cheapest)

    def _say_less(self, leaking: Key) -> bool:
        """Where many ones make up a small number, do not even say that it is small."""
        for ring in self._reasons(leaking):
            if small := {key for one in ring for key in one.keys if self.shown.get(key) == self.below}:
                self.shown[max(small, key=lambda key: (self.numbers[key], key))] = HIDDEN
                return True
        return False

    def _reasons(self, leaking: Key) -> Iterator[list[Sum]]:
        """The sums by which a number was worked out, then those by which what they needed was, and so on."""
        ring, seen = list(self.why.get(leaking, [])), set(self.why.get(leaking, []))
        while ring:
            yield ring
            needed = {key for one in ring for key in one.keys if key in self.shown}
            ring = list(dict.fromkeys(one for key in needed for one in self.why.get(key, []) if one not in seen))
            seen.update(ring)


# -- where the numbers are, and how they hang together


def _key(table: Table, line: Line, column: str) -> Key:
    return ("", "total", column) if line is table.total else (table.by, line.key, column)


def _hours_of(key: Key) -> Key:
    return (key[0], key[1], HOURS_FROM if key[2] == "helpers" else "")


def _columns(table: Table) -> list[str]:
    return [one.key for one in table.columns if one.counts and one.key not in NOT_ABOUT_PEOPLE]


def _outcomes(table: Table) -> tuple[str, ...]:
    return tuple(one for one in _columns(table) if one.startswith(OUTCOME))


def _numbers(tables: Iterable[Table]) -> Iterator[tuple[Key, int]]:
    for table in tables:
        for line in (*table.lines, table.total):
            for column in _columns(table):
                if isinstance(count := line.cells[column], int):
                    yield _key(table, line, column), count
            if isinstance(visits := line.cells["visits"], int):
                said = sum(count for name in _outcomes(table) if isinstance(count := line.cells[name], int))
                yield _key(table, line, UNSAID), visits - said


def _across(tables: Iterable[Table]) -> Iterator[Sum]:
    """The sums within a row."""
    for table in tables:
        columns = _columns(table)
        groups = {
            "visits": [
                ("first_time", "again", "not_asked"),
                _outcomes(table),
                (*_outcomes(table), UNSAID),
                tuple(one for one in columns if one.startswith(TOPIC)),
            ],
            "unmet": [
                tuple(one for one in columns if one.startswith(f"{OUTCOME}unmet")),
                tuple(one for one in columns if one.startswith(UNMET)),
            ],
        }
        for line in (*table.lines, table.total):
            for whole, ways in groups.items():
                for parts in ways:
                    yield Sum(_key(table, line, whole), tuple(_key(table, line, part) for part in parts))


def _down(table: Table) -> Iterator[Sum]:
    """The sums of a column; by topic too, as far as nobody came about two things."""
    for column in _columns(table):
        yield Sum(("", "total", column), tuple(_key(table, line, column) for line in table.lines))


def _between(tables: Mapping[str, Table]) -> Iterator[Sum]:
    """A topic's visits stand in two reports; a shop's and a month's sessions add up to its row."""
    if "topic" in tables:
        for line in tables["topic"].lines:
            yield Sum(("", "total", f"{TOPIC}{line.key}"), (("topic", line.key, "visits"),))
            yield Sum(("", "total", f"{UNMET}{line.key}"), (("topic", line.key, "unmet"),))
    if "session" not in tables:
        return
    for by, label, letters in (("shop", "shop", None), ("month", "starts", 7)):
        if by not in tables:
            continue
        of_row: dict[str, list[str]] = {}
        for line in tables["session"].lines:
            of_row.setdefault(str(line.cells[label])[:letters], []).append(line.key)
        for line in tables[by].lines:
            keys = of_row.get(str(line.cells[by]), [])
            for column in _columns(tables[by]):
                yield Sum((by, line.key, column), tuple(("session", key, column) for key in keys))


def _holds(one: Sum, numbers: Mapping[Key, int]) -> bool:
    """Whether a sum is right; a head count that was not taken adds nothing."""
    if one.whole not in numbers:
        return False
    return numbers[one.whole] == sum(numbers.get(key, 0) for key in one.parts)


def _shown(table: Table, hidden: Mapping[Key, str]) -> Table:
    def line(one: Line) -> Line:
        return Line(one.key, {name: hidden.get(_key(table, one, name), cell) for name, cell in one.cells.items()})

    return replace(table, lines=[line(one) for one in table.lines], total=line(table.total))
