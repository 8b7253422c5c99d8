"""Which packs a replica needs."""

from __future__ import annotations

import itertools
import random

import pytest

from sync.client.down.published import Pack, Published, cheapest
from sync.errors import NotTrustedError
from sync.records import State


def delta(from_: int, to: int, length: int = 10) -> Pack:
    return Pack(path=f"{from_}-{to}", sha256="", length=length, shape="delta", from_=from_, to=to)


def piece(number: int, of: int, to: int) -> Pack:
    return Pack(path=f"b{number}", sha256="", length=9, shape="base", from_=0, to=to, piece=number, pieces=of)


def names(chain: list[Pack] | None) -> list[str] | None:
    return None if chain is None else [pack.path for pack in chain]


def test_one_after_the_other() -> None:
    there = [delta(20, 30), delta(0, 10), delta(10, 20)]
    assert names(cheapest(there, 0, 30)) == ["0-10", "10-20", "20-30"]
    assert names(cheapest(there, 10, 30)) == ["10-20", "20-30"]
    assert names(cheapest(there, 15, 30)) == ["10-20", "20-30"], "one that begins earlier leads on"
    assert names(cheapest(there, 30, 30)) == []


def test_none_leads_there() -> None:
    assert cheapest([delta(10, 20), delta(20, 30)], 5, 30) is None
    assert cheapest([delta(0, 10), delta(20, 30)], 0, 30) is None
    assert cheapest([delta(0, 10)], 0, 30) is None
    assert cheapest([], 0, 30) is None


def test_the_small_last_one_rather_than_the_merged() -> None:
    there = [delta(0, 100, 4_920), delta(90, 100, 40), delta(0, 90, 4_900)]
    assert names(cheapest(there, 90, 100)) == ["90-100"]
    assert names(cheapest(there, 95, 100)) == ["90-100"]
    assert names(cheapest(there, 0, 100)) == ["0-100"], "fewer in all although the last one is small"


def test_it_is_the_cheapest_of_all_chains_there_are() -> None:
    """Against trying every order of every subset."""
    dice = random.Random(3)
    for _case in range(200):
        there = []
        for _pack in range(dice.randint(1, 5)):
            from_ = dice.randrange(0, 9)
            there.append(delta(from_, dice.randint(from_ + 1, 10), dice.randint(1, 30)))
        at, sizes = dice.randrange(0, 5), []
        for many in range(len(there) + 1):
            for chain in itertools.permutations(there, many):
                reached = at
                for pack in chain:
                    reached = pack.to if pack.from_ <= reached < pack.to else 99
                if reached == 10:
                    sizes.append(sum(pack.length for pack in chain))
        found = cheapest(there, at, 10)
        assert (None if found is None else sum(pack.length for pack in found)) == min(sizes, default=None)


def test_the_newest_whole_base() -> None:
    state = State(revision=9, count=0, digest="")
    old, new = [piece(1, 2, 5), piece(0, 2, 5)], [piece(2, 3, 9), piece(0, 3, 9), piece(1, 3, 9)]
    assert [pack.piece for pack in Published(state, (*old, *new)).base()] == [0, 1, 2]
    for broken in (new[:2], [], [*new, new[0]]):
        with pytest.raises(NotTrustedError, match="no whole base"):
            Published(state, tuple(broken)).base()
