"""Which packs a publication has: the rules of the log-structured set, without any I/O.

A set is one base and a few deltas. The **chain** is the deltas that lead without a gap to the publication; a kiosk
that is on it takes what lies above it. Each publication adds a small delta; where the chain grows too long its tail is
merged into one. The base is made anew behind, when what lies above it outgrew half of it; it does not cut the chain, so
that a kiosk that was away for a day goes on taking deltas.

Deltas may overlap. A reader of the first release takes them by `to`, those of the same `to` by path, and needs each to
begin at or before what it has reached: `delta_path` keeps to that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sync.client.down.published import Pack

MOST_DELTAS: Final = 8
MERGE_AT_ONCE_BYTES: Final = 256 * 1024
"""A merge of more than this is left to compaction, so that no publication waits for it."""
SMALL_RECORDS: Final = 1_000
"""The base of a catalogue up to this size is packed well within a second, so it is made with the publication."""


@dataclass(frozen=True)
class Merge:
    """The tail of the chain from revision `from_` on is to be one delta, of about `length` bytes."""

    from_: int
    length: int


def delta_path(from_: int, to: int) -> str:
    """A delta's name; of those with the same `to`, the one that reaches back further comes first."""
    return f"delta-{from_:010}-{to:010}.pack"


def base(packs: Iterable[Pack]) -> list[Pack]:
    """The pieces of the latest base."""
    pieces = [pack for pack in packs if pack.shape == "base"]
    latest = max((pack.to for pack in pieces), default=0)
    return [pack for pack in pieces if pack.to == latest]


def chain(packs: Iterable[Pack]) -> list[Pack]:
    """The deltas that lead to the publication, oldest first: all that no other one covers."""
    longest: list[Pack] = []
    for pack in sorted((p for p in packs if p.shape == "delta"), key=lambda p: (-p.to, p.from_)):
        if not longest or pack.from_ < longest[-1].from_:
            longest.append(pack)
    return longest[::-1]


def merge_due(packs: Iterable[Pack]) -> Merge | None:
    """What is to be merged: the tail back to the last delta that is as large as all after it; None while there is room.

    So a byte is packed again only when as many have joined it; or when the chain would still be too long.
    """
    deltas = chain(packs)
    if len(deltas) <= MOST_DELTAS:
        return None
    start = len(deltas) - 2
    merged = deltas[-1].length + deltas[-2].length
    while start > 0 and (start >= MOST_DELTAS or deltas[start - 1].length < merged):
        start -= 1
        merged += deltas[start].length
    return Merge(deltas[start].from_, merged)


def base_due(packs: Sequence[Pack]) -> bool:
    """Whether the base is to be made anew: it was packed in haste, or the deltas above it outgrew half of it."""
    pieces = base(packs)
    above = sum(delta.length for delta in chain(packs) if delta.to > pieces[0].to) if pieces else 0
    return not pieces or any(piece.quick for piece in pieces) or above > _size(pieces) / 2


def settled(packs: Sequence[Pack], revision: int) -> list[Pack]:
    """The packs that stay in the set that brings kiosks to `revision`.

    They are the latest base; the chain above it; of the chain below it what is within the cap and together under half
    of the base, for kiosks that were away; and the smallest delta of all that lead to `revision`, so that a kiosk that
    was up to date takes no more than the last change.
    """
    pieces = base(packs)
    deltas = chain(packs)
    to = pieces[0].to if pieces else 0
    above = [delta for delta in deltas if delta.to > to]
    room_bytes = _size(pieces) / 2
    kept = list(above)
    for delta in reversed(deltas[: len(deltas) - len(above)]):
        room_bytes -= delta.length
        if len(kept) >= MOST_DELTAS or room_bytes < 0:
            break
        kept.append(delta)
    last = max((p for p in packs if p.shape == "delta" and p.to == revision), key=lambda p: p.from_, default=None)
    if last and last not in kept:
        kept.append(last)
    return [*pieces, *kept]


def _size(packs: Iterable[Pack]) -> int:
    return sum(pack.length for pack in packs)
