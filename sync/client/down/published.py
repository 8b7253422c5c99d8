"""What a verified publication says: its packs, and which of them a replica needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import NotTrustedError
from sync.records import State

if TYPE_CHECKING:
    from tuf.api.metadata import TargetFile


@dataclass(frozen=True)
class Pack:
    """A published pack, as the hub signed it; brings a replica from revision `from_` to `to`.

    `quick`: it was packed in haste, and the hub is to pack it well soon.
    """

    path: str
    sha256: str
    length: int
    shape: str
    from_: int
    to: int
    piece: int = 0
    pieces: int = 1
    quick: bool = False

    @classmethod
    def of(cls, path: str, target: TargetFile) -> Pack:
        """The pack that a signed target is.

        Raises:
            KeyError: it says too little of itself to be one.
        """
        custom = target.custom
        return cls(
            path=path,
            sha256=target.hashes["sha256"],
            length=target.length,
            shape=custom["shape"],
            from_=custom["from"],
            to=custom["to"],
            piece=custom.get("piece", 0),
            pieces=custom.get("pieces", 1),
            quick=custom.get("quick", False),
        )

    @property
    def file_name(self) -> str:
        """Its name in a folder of packs."""
        return f"{self.sha256}.{self.path}"

    @property
    def carried_as(self) -> str:
        """Its path in the carrier's tree."""
        return f"packs/{self.file_name}"


@dataclass(frozen=True)
class Published:
    """A publication that was verified."""

    state: State
    packs: tuple[Pack, ...]

    def deltas_from(self, at: int) -> list[Pack] | None:
        """The deltas that lead from revision `at` to this publication; None when none do."""
        return cheapest((pack for pack in self.packs if pack.shape == "delta"), at, self.state.revision)

    def base(self) -> list[Pack]:
        """The pieces of the newest base, in order.

        Raises:
            NotTrustedError: no base is whole.
        """
        there = [pack for pack in self.packs if pack.shape == "base"]
        newest = max((pack.to for pack in there), default=0)
        pieces = sorted((pack for pack in there if pack.to == newest), key=lambda pack: pack.piece)
        if not pieces or [pack.piece for pack in pieces] != list(range(pieces[0].pieces)):
            raise NotTrustedError("the hub's set of packs has no whole base")
        return pieces


def cheapest(deltas: Iterable[Pack], at: int, to: int) -> list[Pack] | None:
    """Of all chains of deltas from revision `at` to `to`, the one of fewest bytes, then of fewest packs; None without.

    Packs may overlap, as a hub keeps the last small delta beside merged ones: one that begins before what was reached
    leads on as well.
    """
    ways: dict[int, tuple[int, list[Pack]]] = {at: (0, [])}
    # every way to an earlier revision is known before a pack that leads on from it is looked at
    for pack in sorted(deltas, key=lambda pack: pack.to):
        leading = [way for reached, way in ways.items() if pack.from_ <= reached < pack.to]
        further = [(size + pack.length, [*chain, pack]) for size, chain in leading]
        if pack.to in ways:
            further.append(ways[pack.to])
        if further:
            ways[pack.to] = min(further, key=lambda way: (way[0], len(way[1])))
    return ways[to][1] if to in ways else None
