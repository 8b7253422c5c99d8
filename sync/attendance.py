"""What the attendance records of a session add up to: the same sums on a shop's screen and in the hub's reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sync.records import Attendance
from sync.words import N_, _

TOPICS: Final = ("email", "phone", "social", "jobs", "council", "forms", "passwords", "video", "other")
OUTCOMES: Final = ("solved", "started", "come_back", "passed_on", "unmet")
"""The lists, unless the hub's settings say otherwise. An outcome `unmet`, or `unmet_...`, is a need nobody could meet;
one that begins with `passed_on` may say whom somebody was passed on to, such as `passed_on_library`."""

UNMET: Final = "unmet"
ROLES: Final = ("visitor", "helper")
FIRST_TIMES: Final = ("", "first", "again")
MOST_PEOPLE: Final = 500
MOST_MINUTES: Final = 24 * 60

WORDS: Final[dict[str, str]] = {
    "session": N_("Surgery"),
    "sessions": N_("Surgeries"),
    "visitor": N_("Visitor"),
    "visitors": N_("Visitors"),
    "helper": N_("Helper"),
    "helpers": N_("Helpers"),
    "topic.email": N_("Email"),
    "topic.phone": N_("Phone set-up"),
    "topic.social": N_("Social media"),
    "topic.jobs": N_("Job search"),
    "topic.council": N_("Council online"),
    "topic.forms": N_("Forms"),
    "topic.passwords": N_("Passwords"),
    "topic.video": N_("Video calls"),
    "topic.other": N_("Something else"),
    "outcome.solved": N_("Solved"),
    "outcome.started": N_("Got started"),
    "outcome.come_back": N_("Will come back"),
    "outcome.passed_on": N_("Passed on"),
    "outcome.unmet": N_("Nobody here could help"),
}
"""The words of a surgery in English. The hub's settings `word.NAME` and `word.NAME.LANGUAGE` take their place."""


def word(said: Mapping[str, object], name: str, language: str = "") -> str:
    """A word of the surgery as the settings have it: in that language, else in any, else ours, else its own name."""
    for key in (f"word.{name}.{language}", f"word.{name}"):
        if text := said.get(key):
            return str(text)
    return _(WORDS[name]) if name in WORDS else name.rpartition(".")[2].replace("_", " ").capitalize()


@dataclass(frozen=True)
class Entry:
    """A record as it counts now. `id` is the first one's; `last_id` and `seq` those of what was said last."""

    id: str
    last_id: str
    seq: int
    body: Attendance
    sent: bool = False

    @property
    def corrected(self) -> bool:
        """Whether it was changed since."""
        return self.id != self.last_id


@dataclass
class Totals:
    """The sums of one session. Visits count people; `topics` and `outcomes` count visitors' alone."""

    visits: int = 0
    records: int = 0
    first_time: int = 0
    again: int = 0
    helpers: int = 0
    helpers_in: int = 0
    helper_minutes: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    head_count: int | None = None


def in_force(records: Iterable[Entry]) -> list[Entry]:
    """What counts of records in any order: of each and its corrections the last, in the order they were first made.

    Args:
        records: each as it was made, its `id` its own.
    """
    last: dict[str, Entry] = {}
    first: dict[str, int] = {}
    for one in records:
        root = one.body.corrects or one.id
        first[root] = min(first.get(root, one.seq), one.seq)
        if root not in last or one.seq > last[root].seq:
            last[root] = Entry(root, one.id, one.seq, one.body, one.sent)
    return sorted((one for one in last.values() if not one.body.void), key=lambda one: first[one.id])


def totals(entries: Iterable[Entry]) -> Totals:
    """The sums of entries that are in force."""
    sums = Totals()
    for body in (entry.body for entry in entries):
        sums.records += 1
        if body.role == "helper":
            sums.helpers += body.people
            sums.helpers_in += body.people if body.minutes is None else 0
            sums.helper_minutes += body.people * (body.minutes or 0)
            continue
        sums.visits += body.people
        sums.first_time += body.people if body.first_time == "first" else 0
        sums.again += body.people if body.first_time == "again" else 0
        sums.topics.update(dict.fromkeys(set(body.topics), body.people))
        if body.outcome:
            sums.outcomes[body.outcome] += body.people
    return sums
