"""A visit as it is being filled in, before it is written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sync.attendance import MOST_MINUTES, MOST_PEOPLE
from sync.records import Attendance

STEP_MIN: Final = 5
"""Less and more change the minutes by so many."""


@dataclass(frozen=True)
class VisitDraft:
    """The fields of the form. Every method returns the draft as it is afterwards."""

    people: int = 1
    first_time: str = ""
    topics: tuple[str, ...] = ()
    outcome: str = ""
    minutes: int | None = None

    @classmethod
    def of(cls, body: Attendance) -> VisitDraft:
        """What a record says."""
        return cls(body.people, body.first_time, tuple(body.topics), body.outcome, body.minutes)

    def fields(self) -> dict[str, Any]:
        """All of it, for the log."""
        return {**asdict(self), "topics": list(self.topics)}

    def changes(self, body: Attendance) -> dict[str, Any]:
        """What is not as that record says."""
        return {name: value for name, value in self.fields().items() if value != getattr(body, name)}

    def with_people(self, count: int) -> VisitDraft:
        """So many, of those that there can be."""
        return replace(self, people=min(max(1, count), MOST_PEOPLE))

    def at_least(self, count: int) -> VisitDraft:
        """So many, unless there are more already."""
        return self.with_people(max(self.people, count))

    def with_first_time(self, value: str) -> VisitDraft:
        """First time, been before, or not asked."""
        return replace(self, first_time=value)

    def turn_topic(self, topic: str) -> VisitDraft:
        """About this as well, or not about it after all."""
        if topic in self.topics:
            return replace(self, topics=tuple(other for other in self.topics if other != topic))
        return replace(self, topics=(*self.topics, topic))

    def turn_outcome(self, outcome: str) -> VisitDraft:
        """This came of it, or nobody said what did."""
        return replace(self, outcome="" if outcome == self.outcome else outcome)

    def turn_minutes(self, minutes: int) -> VisitDraft:
        """So many minutes, or nobody said how many."""
        return replace(self, minutes=None if minutes == self.minutes else minutes)

    def step_minutes(self, way: int) -> VisitDraft:
        """The next multiple of five up (1) or down (-1); under the first there is nothing said."""
        return replace(self, minutes=step(self.minutes or 0, way, STEP_MIN))


def step(minutes: int, way: int, by: int) -> int | None:
    """The next multiple of `by` up (1) or down (-1), within a day; None where nothing would be left."""
    there = (minutes // by + 1) * by if way > 0 else (minutes - 1) // by * by
    return min(there, MOST_MINUTES) if there > 0 else None
