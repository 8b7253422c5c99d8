"""Public figures under attack: by adding and subtracting, no small number can be worked out.

The attacker knows how the reports hang together and what is shown, and no more. He has two ways: he solves the
equations, and he narrows down what each hidden number can be.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hub.reports.attendance import BYS, Group, Session, Tally
from sync.hub.reports.public import suppress
from sync.hub.reports.tables import Table, Words, table

TOPICS = ("email", "jobs")
OUTCOMES = ("solved", "unmet")
SMALL = 5
Unknown = tuple[str, str, str]
Equation = tuple[dict[Unknown, int], int]

groups = st.lists(
    st.tuples(
        st.integers(0, 3),  # the session
        st.sampled_from(["visitor", "visitor", "visitor", "helper"]),
        st.sampled_from(["first", "again", ""]),
        st.sampled_from([("email",), ("jobs",), ("email",), ("email", "jobs"), ()]),
        st.sampled_from(["solved", "unmet", "solved", ""]),
        st.sampled_from([1, 1, 2, 3, 4, 5, 6, 9, 20]),
    ),
    max_size=14,
)


def reports(told: list[tuple[int, str, str, tuple[str, ...], str, int]]) -> dict[str, Table]:
    """The four reports of sessions at two shops in two months."""
    sessions = [Session(f"s{n}", f"shop{n % 2}", f"2026-1{n // 2}-05", head_count=7) for n in range(4)]
    words = Words({}, {"shop0": "Brook Street", "shop1": "Mill Lane"}, TOPICS, OUTCOMES)
    made = {}
    for by in BYS:
        tally = Tally(by)
        for one in sessions:
            tally.session(one)
        for number, role, first_time, topics, outcome, people in told:
            one = sessions[number]
            key = {"session": one.id, "shop": one.shop_id, "month": one.day[:7]}.get(by, "")
            helper = role == "helper"
            minutes = people * 60 if helper else 0
            said = ("", (), "") if helper else (first_time, topics, outcome)
            tally.logged(Group(key, role, *said, records=1, people=people, minutes=minutes))
        made[by] = table(tally.figures(), words)
    return made


class Attacker:
    """Somebody with the four reports and a pencil."""

    def __init__(self, shown: dict[str, Table]) -> None:
        self.shown = shown
        self.known: dict[Unknown, int] = {}
        self.bounds: dict[Unknown, tuple[float, float]] = {}
        for by, each in shown.items():
            for line in (*each.lines, each.total):
                for column in (one.key for one in each.columns if one.counts and one.key != "sessions"):
                    cell, key = line.cells[column], self.key(by, line.key, column)
                    if isinstance(cell, int):
                        assert self.known.setdefault(key, cell) == cell
                        self.bounds.pop(key, None)
                    elif key not in self.known:
                        self.bounds[key] = (1, SMALL - 1) if cell == f"<{SMALL}" else (0, inf)
        self.equations = [self.equation(whole, parts) for whole, parts in self.sums()]

    def key(self, by: str, row: str, column: str) -> Unknown:
        """A number's place; the same total stands below all reports, and a topic's visits in two."""
        if row == "total":
            return ("", "total", column)
        if by == "topic" and column in ("visits", "unmet"):
            return ("", "total", f"{'topic' if column == 'visits' else 'unmet'}.{row}")
        return (by, row, column)

    def sums(self) -> list[tuple[Unknown, list[Unknown]]]:
        found = []
        for by, each in self.shown.items():
            for row in [line.key for line in each.lines] + ["total"]:

                def at(column: str, by: str = by, row: str = row) -> Unknown:
                    return self.key(by, row, column)

                found.append((at("visits"), [at("first_time"), at("again"), at("not_asked")]))
                found.append((at("visits"), [at(f"outcome.{one}") for one in OUTCOMES] + [at("outcome.unsaid")]))
                found.append((at("unmet"), [at("outcome.unmet")]))
        columns = [one.key for one in self.shown["session"].columns if one.counts]
        sessions = [line.key for line in self.shown["session"].lines]
        for column in columns:
            for by in ("session", "shop", "month"):
                rows = [line.key for line in self.shown[by].lines]
                found.append((("", "total", column), [(by, row, column) for row in rows]))
            for shop in ("shop0", "shop1"):
                mine = [("session", one, column) for one in sessions if int(one[1]) % 2 == int(shop[-1])]
                found.append((("shop", shop, column), mine))
            for month in ("2026-10", "2026-11"):
                mine = [("session", one, column) for one in sessions if int(one[1]) // 2 == int(month[-1])]
                found.append((("month", month, column), mine))
        return found

    def equation(self, whole: Unknown, parts: list[Unknown]) -> Equation:
        """`parts - whole = 0`, as what is unknown of it and what that adds up to."""
        unknown: dict[Unknown, int] = Counter()
        rest = 0
        for key, sign in [(whole, -1)] + [(part, 1) for part in parts]:
            if key in self.known:
                rest -= sign * self.known[key]
            else:
                self.bounds.setdefault(key, (0, inf))
                unknown[key] += sign
        return {key: sign for key, sign in unknown.items() if sign}, rest

    def solved(self) -> dict[Unknown, Fraction]:
        """What the equations alone give away."""
        pivots: list[tuple[Unknown, dict[Unknown, Fraction], Fraction]] = []
        for terms, rest in self.equations:
            row, value = {key: Fraction(sign) for key, sign in terms.items()}, Fraction(rest)
            for key, other, its in pivots:
                if factor := row.get(key, Fraction(0)):
                    row, value = _less(row, other, factor), value - factor * its
            if row:
                key = next(iter(row))
                factor = row[key]
                row, value = {each: sign / factor for each, sign in row.items()}, value / factor
                pivots = [
                    (each, _less(other, row, other[key]), its - other[key] * value)
                    if key in other
                    else (each, other, its)
                    for each, other, its in pivots
                ]
                pivots.append((key, row, value))
        return {key: value for key, row, value in pivots if len(row) == 1}

    def narrowed(self) -> dict[Unknown, float]:
        """What can be but one number, by what each can be at least and at most."""
        bounds = dict(self.bounds)
        for _round in range(200):
            before = dict(bounds)
            for terms, rest in self.equations:
                for key, sign in terms.items():
                    others = [(bounds[each], s) for each, s in terms.items() if each != key]
                    low = sum(s * (b[0] if s > 0 else b[1]) for b, s in others)
                    high = sum(s * (b[1] if s > 0 else b[0]) for b, s in others)
                    ends = sorted(((rest - low) * sign, (rest - high) * sign))
                    bounds[key] = (max(bounds[key][0], ends[0]), min(bounds[key][1], ends[1]))
            if bounds == before:
                break
        return {key: low for key, (low, high) in bounds.items() if low == high}


def _less(row: dict[Unknown, Fraction], other: dict[Unknown, Fraction], factor: Fraction) -> dict[Unknown, Fraction]:
    found = {key: row.get(key, Fraction(0)) - factor * other.get(key, Fraction(0)) for key in {**row, **other}}
    return {key: value for key, value in found.items() if value}


def small(key: Unknown, value: float) -> bool:
    return 0 < value < SMALL and key[2] not in ("outcome.unsaid", "helper_minutes")


@given(told=groups)
@settings(max_examples=300)
def test_no_small_number_can_be_worked_out(told: list[tuple[int, str, str, tuple[str, ...], str, int]]) -> None:
    shown = suppress(reports(told), SMALL)
    attacker = Attacker(shown)
    assert not [key for key, value in attacker.known.items() if small(key, value)]
    for found in (attacker.solved(), attacker.narrowed()):
        assert not {key: value for key, value in found.items() if small(key, value)}


def test_the_attacker_is_worth_his_name() -> None:
    """What hides small numbers alone is seen through."""
    told = [(0, "visitor", "first", ("email",), "solved", 20), (0, "visitor", "again", ("email",), "solved", 3)]
    plain = reports([*told, (1, "visitor", "first", ("jobs",), "unmet", 9)])
    naive = {}
    for by, each in plain.items():
        for line in (*each.lines, each.total):
            for key, cell in line.cells.items():
                if isinstance(cell, int) and 0 < cell < SMALL and key != "sessions":
                    line.cells[key] = f"<{SMALL}"
        naive[by] = each
    attacker = Attacker(naive)
    assert attacker.solved()["session", "s0", "again"] == 3
    assert attacker.narrowed()["session", "s0", "again"] == 3
    assert any(small(key, value) for key, value in attacker.solved().items())


def test_what_is_large_is_told() -> None:
    told = [(n, "visitor", first, ("email",), "solved", 20) for n in range(4) for first in ("first", "again", "")]
    told += [(n, "helper", "", (), "", 6) for n in range(4)]
    plain = reports(told)
    assert suppress(plain, SMALL) == plain
    assert suppress(reports([*told, (0, "visitor", "first", ("email",), "unmet", 3)]), SMALL)["session"].total.cells[
        "visits"
    ] in (243, "hidden")
    assert suppress(reports(told), 0) == plain


def test_one_lonely_number_is_hidden_with_its_totals() -> None:
    shown = suppress(reports([(0, "visitor", "first", ("email",), "solved", 3)]), SMALL)
    assert shown["session"].total.cells["visits"] == f"<{SMALL}"
    assert all(3 not in line.cells.values() for each in shown.values() for line in (*each.lines, each.total))


def test_hours_of_few_helpers_are_not_told() -> None:
    told = [(0, "helper", "", (), "", 2), (1, "helper", "", (), "", 9), (2, "helper", "", (), "", 9)]
    shown = suppress(reports(told), SMALL)["session"]
    assert [line.cells["helper_minutes"] for line in shown.lines].count("hidden") >= 2
    assert shown.lines[0].cells["helpers"] == f"<{SMALL}" and shown.lines[0].cells["helper_minutes"] == "hidden"
