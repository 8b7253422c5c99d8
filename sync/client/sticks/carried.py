"""What a stick's trip did, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

_OUT: Final = {
    "updated": "The catalogue on the stick was brought up to date",
    "current": "The catalogue on the stick was up to date already",
    "newer": "The catalogue on the stick is newer than what could be had here, and was left",
}
_IN: Final = {
    "updated": "Took the catalogue from the stick.",
    "current": "The catalogue on the stick is the one that is here.",
    "stale": "The catalogue on the stick is older than the one here, so it was left.",
    "none": "There is no catalogue on the stick yet.",
}
_PLURAL: Final = {"reply": "replies", "picture or file": "pictures or files"}


class Out(msgspec.Struct, kw_only=True):
    """What a trip out did.

    `bundles` the hub answered, `refused` it refused, `waiting` are still to be handed over. `outcome` is of the
    catalogue: `updated`, `current`, `newer` (on the stick than at the source), or `failed`. Of files, some came, some
    did not fit (`files_left`), some could not be had (`files_missing`). `trouble` says what went wrong.
    """

    bundles: int = 0
    refused: int = 0
    waiting: int = 0
    outcome: str = "failed"
    revision: int = 0
    records: int = 0
    files: int = 0
    files_left: int = 0
    files_missing: int = 0
    bytes: int = 0
    free_bytes: int = 0
    trouble: list[str] = []

    def in_words(self) -> Iterator[str]:
        """What was carried, a sentence at a time."""
        if self.bundles:
            replies = "the reply is" if self.bundles == 1 else "its replies are"
            yield f"Handed {counted(self.bundles, 'bundle')} of records to the hub; {replies} on the stick."
        elif not self.refused + self.waiting:
            yield "There was no bundle of records on the stick."
        if self.refused:
            yield f"The hub refused {counted(self.refused, 'bundle')}; why is written beside it."
        if self.waiting > 0:
            yield f"On the stick, still to be handed over: {counted(self.waiting, 'bundle')}."
        if self.outcome != "failed":
            yield f"{_OUT[self.outcome]}: revision {self.revision}, {counted(self.records, 'record')}."
            yield f"{counted(self.files, 'picture or file')} came onto it."
        if self.files_left:
            yield f"{counted(self.files_left, 'picture or file')} did not fit; the best items' are there."
        if self.files_missing:
            yield f"{counted(self.files_missing, 'picture or file')} could not be had this time."


class In(msgspec.Struct, kw_only=True):
    """What a trip in did.

    `replies` were taken, and by them `acknowledged` and `rejected` records; `enrolled` when one of them completed this
    unit's enrolment. `records` went onto the stick in `bundles`, and `waiting` are in all. `outcome` is of the
    catalogue: `updated`, `current`, `stale` (older than what is here), `none` on the stick, or `failed`; `as_of` says
    when it was put on the stick, in seconds since 1970.
    """

    replies: int = 0
    acknowledged: int = 0
    rejected: int = 0
    enrolled: bool = False
    bundles: int = 0
    records: int = 0
    waiting: int = 0
    outcome: str = "failed"
    revision: int = 0
    items: int = 0
    files: int = 0
    files_missing: int = 0
    as_of: float = 0.0
    trouble: list[str] = []

    def in_words(self) -> Iterator[str]:
        """What was carried, a sentence at a time."""
        if self.enrolled:
            yield "This kiosk is enrolled now."
        if self.replies:
            taken = counted(self.acknowledged, "record")
            yield f"Took {counted(self.replies, 'reply')}: the hub has {taken} from here."
        if self.rejected:
            yield f"It refused {counted(self.rejected, 'record')}; they are kept apart here."
        if self.bundles:
            wait = "it waits" if self.records == 1 else "they wait"
            yield f"Put {counted(self.records, 'record')} on the stick; {wait} here too until the hub's reply comes."
        if self.outcome != "failed":
            yield _IN[self.outcome]
        if self.revision:
            yield f"{self.items:,} items at revision {self.revision}; {counted(self.files, 'picture or file')} came."
        if self.files_missing:
            yield f"{counted(self.files_missing, 'picture or file')} still missing here."


def counted(number: int, what: str) -> str:
    """`1 record`, `1,203 records`."""
    return f"{number:,} {what if number == 1 else _PLURAL.get(what, what + 's')}"
