"""The rules of the log-structured set, over random histories."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sync.client.down.published import Pack
from sync.hub.publishing import plan

STEPS = st.lists(
    st.tuples(st.integers(1, 50), st.integers(1, 400_000), st.booleans()), min_size=1, max_size=60
)  # how many revisions a publication has, its bytes, and whether compaction runs after it


def base(to: int, length: int, *, quick: bool = False) -> list[Pack]:
    return [Pack(f"base-{to}-{n}.pack", "", length // 2, "base", 0, to, n, 2, quick) for n in range(2)]


def delta(from_: int, to: int, length: int) -> Pack:
    return Pack(plan.delta_path(from_, to), "", length, "delta", from_, to)


class Shelf:
    """A set through its history: what publishing and compaction do to it, with sizes made up."""

    def __init__(self, base_bytes: int) -> None:
        self.revision, self.base_bytes = 100, base_bytes
        self.packs = base(100, base_bytes)
        self.sizes: dict[int, int] = {}
        self.history = [100]

    def bytes_of(self, from_: int) -> int:
        return sum(size for to, size in self.sizes.items() if to > from_)

    def publish(self, revisions: int, size: int) -> None:
        before, self.revision = self.revision, self.revision + revisions
        self.sizes[self.revision] = size
        packs = [*self.packs, delta(before, self.revision, size)]
        merge = plan.merge_due(packs)
        if merge and merge.length <= plan.MERGE_AT_ONCE_BYTES:
            packs.append(delta(merge.from_, self.revision, self.bytes_of(merge.from_)))
        self.packs = plan.settled(packs, self.revision)
        self.history.append(self.revision)

    def compact(self) -> None:
        if plan.base_due(self.packs):
            self.packs = plan.settled([*self.packs, *base(self.revision, self.base_bytes)], self.revision)
        if merge := plan.merge_due(self.packs):
            merged = delta(merge.from_, self.revision, self.bytes_of(merge.from_))
            self.packs = plan.settled([*self.packs, merged], self.revision)


def first_release_takes(packs: list[Pack], at: int, revision: int) -> list[Pack] | None:
    """What a kiosk of the first release takes: the signed metadata names packs in the order of their paths."""
    there = sorted(packs, key=lambda pack: pack.path)
    needed = sorted((p for p in there if p.shape == "delta" and p.to > at), key=lambda p: p.to)
    reached = at
    for pack in needed:
        if pack.from_ > reached:
            return None
        reached = pack.to
    return needed if reached == revision else None


@given(STEPS, st.integers(2_000, 4_000_000))
def test_every_kiosk_finds_its_way_and_the_set_stays_small(steps: list[tuple[int, int, bool]], base_bytes: int) -> None:
    shelf = Shelf(base_bytes)
    for revisions, size, compacts in steps:
        shelf.publish(revisions, size)
        last = [p for p in shelf.packs if p.shape == "delta" and (p.from_, p.to) == tuple(shelf.history[-2:])]
        assert [p.length for p in last] == [size], "who was up to date takes the last change and no more"
        if compacts:
            shelf.compact()
            assert not any(p.quick for p in shelf.packs)
            assert len(plan.chain(shelf.packs)) <= plan.MOST_DELTAS
            above = [p for p in plan.chain(shelf.packs) if p.to > plan.base(shelf.packs)[0].to]
            assert sum(p.length for p in above) <= shelf.base_bytes / 2
        chain = plan.chain(shelf.packs)
        assert all(one.to >= other.from_ for one, other in itertools.pairwise(chain))
        assert first_release_takes(shelf.packs, plan.base(shelf.packs)[0].to, shelf.revision) is not None
        for at in shelf.history:
            taken = first_release_takes(shelf.packs, at, shelf.revision)
            assert (taken is not None) == (at == shelf.revision or any(p.from_ <= at for p in chain))


def test_a_new_base_leaves_the_deltas_that_lead_over_it() -> None:
    packs = [*base(100, 1000), delta(100, 101, 300), delta(101, 102, 300)]
    assert plan.base_due(packs)
    settled = plan.settled([*packs, *base(102, 1000)], 102)
    assert [(p.shape, p.from_, p.to) for p in settled] == [
        ("base", 0, 102), ("base", 0, 102), ("delta", 101, 102),
    ]  # fmt: skip
    assert not plan.base_due(settled)
    roomy = plan.settled([*packs, *base(102, 2000)], 102)
    assert [(p.from_, p.to) for p in roomy[2:]] == [(101, 102), (100, 101)]


def test_a_base_that_was_packed_in_haste_is_due() -> None:
    assert plan.base_due([]) and plan.base_due(base(5, 1000, quick=True)) and not plan.base_due(base(5, 1000))


def test_the_tail_is_merged_back_to_a_delta_as_large_as_all_after_it() -> None:
    sizes = [900, 500, 90, 40, 30, 20, 10, 5, 1]
    packs = [delta(n, n + 1, size) for n, size in enumerate(sizes)]
    assert plan.merge_due(packs[:8]) is None
    assert plan.merge_due(packs) == plan.Merge(7, 6)
    sizes[7:] = [10, 10]
    packs = [delta(n, n + 1, size) for n, size in enumerate(sizes)]
    assert plan.merge_due(packs) == plan.Merge(2, 210)
    sizes = [900, 900, 900, 900, 900, 900, 900, 50, 1, 49]
    packs = [delta(n, n + 1, size) for n, size in enumerate(sizes)]
    assert plan.merge_due(packs) == plan.Merge(7, 100), "one merge brings the chain to its cap"
