"""Where things are on the screen: in which order they are read, and which is next in a direction. Knows no Kivy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Box:
    """Where something is in the window, in pixels from its bottom left."""

    x: float
    y: float
    right: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return (self.x + self.right) / 2, (self.y + self.top) / 2

    def joined(self, other: Box) -> Box:
        """The smallest box round both."""
        return Box(min(self.x, other.x), min(self.y, other.y), max(self.right, other.right), max(self.top, other.top))

    def beside(self, other: Box) -> bool:
        """Whether both stand in one row: at least half of the lower one's height is shared."""
        shared = min(self.top, other.top) - max(self.y, other.y)
        return shared >= 0.5 * min(self.top - self.y, other.top - other.y)


@dataclass(frozen=True)
class Part(Generic[T]):
    """Some things in reading order, and the box round them."""

    box: Box
    things: tuple[T, ...]


def in_order(parts: list[Part[T]], rtl: bool) -> Part[T] | None:
    """The parts of a container as one: row by row, each from the left, or from the right with `rtl`."""
    if not parts:
        return None
    rows: list[list[Part[T]]] = []
    for part in sorted(parts, key=lambda part: -part.box.top):
        if rows and part.box.beside(rows[-1][0].box):
            rows[-1].append(part)
        else:
            rows.append([part])

    def across(part: Part[T]) -> tuple[float, float]:
        return (-part.box.right if rtl else part.box.x), -part.box.top

    ordered = [part for row in rows for part in sorted(row, key=across)]
    box = ordered[0].box
    for part in ordered[1:]:
        box = box.joined(part.box)
    return Part(box, tuple(thing for part in ordered for thing in part.things))


def nearest(here: Box, others: list[tuple[Box, T]], way: tuple[int, int]) -> T | None:
    """The nearest of the others to the `way`: (1, 0) is to the right, (0, 1) up; None when there is none."""
    found = [(far, box, thing) for box, thing in others if (far := _far(here, box, way)) is not None]
    if way[0] and (along := [each for each in found if each[1].beside(here)]):
        found = along  # in the same row, however far
    return min(found, key=lambda each: each[0])[2] if found else None


def _far(here: Box, there: Box, way: tuple[int, int]) -> float | None:
    """How far it is there, for the eye: what is not straight on is further."""
    dx, dy = (to - start for to, start in zip(there.middle, here.middle, strict=True))
    if way[0]:
        ahead, aside = way[0] * dx, abs(dy)
        gap = there.x - here.right if way[0] > 0 else here.x - there.right
        off = max(there.y - here.top, here.y - there.top, 0.0)
        half = (here.right - here.x + there.right - there.x) / 4
    else:
        ahead, aside = way[1] * dy, abs(dx)
        gap = there.y - here.top if way[1] > 0 else here.y - there.top
        off = max(there.x - here.right, here.x - there.right, 0.0)
        half = (here.top - here.y + there.top - there.y) / 4
    if ahead <= 1 or gap < -half:
        return None
    return max(0.0, gap) + 3 * off + 0.25 * aside
